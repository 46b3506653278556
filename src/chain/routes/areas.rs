//! Responsibility areas.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AsOf, day_of};
use crate::auth::{List, Noun, Read, policy};
use crate::chain::geometry::Geometry;
use crate::chain::store::{self, AreaRow, AreasWanted};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ListAnswer, ListQuery, Problem};

/// A responsibility area (责任区).
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaView {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// Its name.
    #[schema(max_length = 200, example = "经济界别责任区")]
    pub name: String,
    /// What it covers.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403001")]
    pub division_code: String,
    /// The county it lies in.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", example = "230403", required = true)]
    pub county_code: Option<String>,
    /// Who answers for it: sector, member or chair_member.
    #[schema(max_length = 12, pattern = "^(sector|member|chair_member)$", example = "sector")]
    pub holder_kind: String,
    /// The sector, if it is one.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// The member, if it is one.
    #[schema(required = true)]
    pub member_id: Option<Uuid>,
    /// What it looks like on a map; null: the same as its division.
    #[schema(required = true)]
    pub geometry: Option<Geometry>,
    /// Its first day.
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

impl From<AreaRow> for AreaView {
    fn from(row: AreaRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            name: row.name,
            division_code: row.division_code.to_string(),
            county_code: row.county_code.map(|code| code.to_string()),
            holder_kind: row.holder_kind,
            sector_id: row.sector_id,
            member_id: row.member_id,
            geometry: row.geometry,
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
            created_at: row.created_at,
            external_ids: row.external_ids,
        }
    }
}

/// Which areas.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AreaFilter {
    /// Held by this sector.
    #[param(format = "uuid")]
    pub sector_id: Option<Uuid>,
    /// Held by this member.
    #[param(format = "uuid")]
    pub member_id: Option<Uuid>,
    /// Areas on this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// Of exactly this division.
    #[param(max_length = 12, pattern = "^[1-9][0-9]{5,11}$", example = "230403001")]
    pub division_code: Option<String>,
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

/// List areas
///
/// Responsibility areas in the order they were entered. Any account may read them.
#[utoipa::path(tag = "chain", params(AreaFilter, ListQuery),
    responses((status = 200, description = "A page of areas", body = Listing<AreaView>)))]
#[get("")]
pub async fn list_areas(
    journal: Data<Journal>,
    request: List<AreaFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let on = day_of(filters.as_of, now);
    let division = filters.division_code.and_then(|code| code.parse().ok());
    let AreaFilter { sector_id: sector, member_id: member, q, external_id: external, .. } = filters;
    let wanted = AreasWanted { on, sector, member, division, q, external };
    let sight = policy::sight(&actor, Noun::Catalogue);
    let key = |row: &AreaRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::areas(conn, actor.city, wanted.clone(), &sight, page).await?;
        Ok(page.listing(rows, total, key, AreaView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get an area
///
/// One responsibility area, if it is one on that day. Any account may read it.
#[utoipa::path(tag = "chain", params(("area_id" = Uuid, Path, description = "The area"), AsOf),
    responses((status = 200, description = "The area", body = AreaView)))]
#[get("/{area_id}")]
pub async fn get_area(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let conn = journal.db.read().await?;
    let row = store::area(&conn, request.actor.city, request.id).await?;
    let there = |row: &AreaRow| request.query.shows(row.from_on, row.until_on);
    let row = row.filter(there).ok_or_else(Error::not_found)?;
    Ok(Answer::ok(row.version, &AreaView::from(row))?)
}
