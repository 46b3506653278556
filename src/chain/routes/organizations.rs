//! Committees, sectors and departments: one table, three nouns.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AsOf, day_of};
use crate::auth::{Actor, List, Read, policy};
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, Org, OrgsWanted, Pair};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ListAnswer, ListQuery, Problem};

/// An organisation: a committee, a sector, a department, …
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationView {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// What it is.
    #[schema(value_type = OrgKind)]
    pub kind: String,
    /// The stable word.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "economy")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200, example = "经济委员会")]
    pub name: String,
    /// What it belongs to.
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
    /// Null at city level.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", example = "230403", required = true)]
    pub county_code: Option<String>,
    /// Its place among its kind.
    #[schema(minimum = 0, maximum = 32767, example = 1)]
    pub position: i16,
    /// Its first day.
    #[schema(example = "2024-01-01")]
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake; such a one is read no more.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// What other systems call it: `scheme:value`.
    #[schema(max_items = 100, example = json!(["office:0451"]))]
    pub external_ids: Vec<String>,
}

impl From<Org> for OrganizationView {
    fn from(row: Org) -> Self {
        Self {
            id: row.id,
            version: row.version,
            kind: row.kind,
            code: row.code,
            name: row.name,
            parent_id: row.parent_id,
            county_code: row.county_code.map(|code| code.to_string()),
            position: row.position,
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
            created_at: row.created_at,
            external_ids: row.external_ids,
        }
    }
}

/// A sector with who guides and who convenes it on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectorView {
    /// The sector itself.
    #[serde(flatten)]
    pub sector: OrganizationView,
    /// The committee that guides it that day.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// The member who convenes it that day.
    #[schema(required = true)]
    pub convener_id: Option<Uuid>,
}

/// Which organisations.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KindFilter {
    /// Those that stand on this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// Of this county's own.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Part of the name: in Chinese, by pinyin (`hegang`) or by its initials (`hg`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "jj"
    )]
    pub q: Option<String>,
    /// Called so by another system: `scheme:value`.
    #[param(
        max_length = 97,
        pattern = r"^[a-z][a-z0-9_]{0,31}:[^\u0000-\u001f\u007f-\u009f]{1,64}$",
        example = "office:0451"
    )]
    pub external_id: Option<String>,
}

/// Which sectors.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SectorFilter {
    /// Those that stand on this day, and who guides and convenes them on it; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// Those that this committee guides on that day.
    #[param(format = "uuid")]
    pub committee_id: Option<Uuid>,
    /// Of this county's own.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Part of the name: in Chinese, by pinyin (`hegang`) or by its initials (`hg`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "jj"
    )]
    pub q: Option<String>,
    /// Called so by another system: `scheme:value`.
    #[param(
        max_length = 97,
        pattern = r"^[a-z][a-z0-9_]{0,31}:[^\u0000-\u001f\u007f-\u009f]{1,64}$",
        example = "office:0451"
    )]
    pub external_id: Option<String>,
}

pub(super) fn key(row: &Org) -> Key {
    Key { at: row.created_at, id: row.id }
}

/// Those of a kind that the actor reads.
fn of_kind(actor: &Actor, kind: OrgKind, filters: KindFilter) -> OrgsWanted {
    let confined_to = policy::confined_to(actor);
    let KindFilter { q, external_id: external, county_code, .. } = filters;
    let county = county_code.as_deref().and_then(|code| code.parse().ok());
    OrgsWanted { kind: Some(kind), county, confined_to, q, external, ..OrgsWanted::default() }
}

async fn page_of(
    journal: &Journal,
    kind: OrgKind,
    request: List<KindFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let day = day_of(filters.as_of, now);
    let wanted = of_kind(&actor, kind, filters);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) =
            store::organizations(conn, actor.city, wanted.clone(), day, page).await?;
        Ok(page.listing(rows, total, key, OrganizationView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

async fn one_of(journal: &Journal, kind: &str, request: Read<AsOf>) -> Result<Answer, Problem> {
    let conn = journal.db.read().await?;
    let row = store::organization(&conn, request.actor.city, kind, request.id).await?;
    let seen = |row: &Org| {
        policy::reads_county(&request.actor, row.county_code)
            && request.query.shows(row.from_on, row.until_on)
    };
    let row = row.filter(seen).ok_or_else(Error::not_found)?;
    Ok(Answer::ok(row.version, &OrganizationView::from(row))?)
}

/// List committees
///
/// The special committees of your city. Any account may read them.
#[utoipa::path(tag = "chain", params(KindFilter, ListQuery),
    responses((status = 200, description = "A page of committees", body = Listing<OrganizationView>)))]
#[get("")]
pub async fn list_committees(
    journal: Data<Journal>,
    request: List<KindFilter>,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, OrgKind::Committee, request).await
}

/// Get a committee
///
/// One special committee. Any account may read it.
#[utoipa::path(tag = "chain", params(("committee_id" = Uuid, Path, description = "The committee"), AsOf),
    responses((status = 200, description = "The committee", body = OrganizationView)))]
#[get("/{committee_id}")]
pub async fn get_committee(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    one_of(&journal, "committee", request).await
}

/// List departments
///
/// The departments that issues are dispatched to. Any account may read them.
#[utoipa::path(tag = "chain", params(KindFilter, ListQuery),
    responses((status = 200, description = "A page of departments", body = Listing<OrganizationView>)))]
#[get("")]
pub async fn list_departments(
    journal: Data<Journal>,
    request: List<KindFilter>,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, OrgKind::Department, request).await
}

/// Get a department
///
/// One department. Any account may read it.
#[utoipa::path(tag = "chain", params(("department_id" = Uuid, Path, description = "The department"), AsOf),
    responses((status = 200, description = "The department", body = OrganizationView)))]
#[get("/{department_id}")]
pub async fn get_department(
    journal: Data<Journal>,
    request: Read<AsOf>,
) -> Result<Answer, Problem> {
    one_of(&journal, "department", request).await
}

/// List sectors
///
/// The sectors (界别) of your city, each with the committee that guides it and the member who
/// convenes it on that day. Any account may read them.
#[utoipa::path(tag = "chain", params(SectorFilter, ListQuery),
    responses((status = 200, description = "A page of sectors", body = Listing<SectorView>)))]
#[get("")]
pub async fn list_sectors(
    journal: Data<Journal>,
    request: List<SectorFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let (city, day) = (actor.city, day_of(filters.as_of, now));
    let SectorFilter { as_of, committee_id: guided_by, county_code, q, external_id } = filters;
    let filters = KindFilter { as_of, county_code, q, external_id };
    let wanted = OrgsWanted { guided_by, ..of_kind(&actor, OrgKind::Sector, filters) };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::organizations(conn, city, wanted.clone(), day, page).await?;
        let guided = Pair::map(store::guidances(conn, city, day).await?);
        let convened = Pair::map(store::conveners(conn, city, day).await?);
        let view = |row: Org| SectorView {
            committee_id: guided.get(&row.id).copied(),
            convener_id: convened.get(&row.id).copied(),
            sector: row.into(),
        };
        Ok(page.listing(rows, total, key, view))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get a sector
///
/// One sector with the committee that guides it and the member who convenes it on that day. Any
/// account may read it.
#[utoipa::path(tag = "chain", params(("sector_id" = Uuid, Path, description = "The sector"), AsOf),
    responses((status = 200, description = "The sector", body = SectorView)))]
#[get("/{sector_id}")]
pub async fn get_sector(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let Read { actor, id, query, now, .. } = request;
    let day = day_of(query.as_of, now);
    let conn = journal.db.read().await?;
    let row = store::organization(&conn, actor.city, "sector", id).await?;
    let seen = |row: &Org| {
        policy::reads_county(&actor, row.county_code) && query.shows(row.from_on, row.until_on)
    };
    let row = row.filter(seen).ok_or_else(Error::not_found)?;
    let committee_id = store::committee_of(&conn, actor.city, id, day).await?;
    let convener_id = store::convener_of(&conn, actor.city, id, day).await?;
    let version = row.version;
    Ok(Answer::ok(version, &SectorView { sector: row.into(), committee_id, convener_id })?)
}
