//! What imports take, given back: the same columns under the template's headings.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{List, policy};
use crate::chain::actions::KEEPERS;
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, AreasWanted, ContactsWanted, MembersWanted, Org, OrgsWanted};
use crate::db::{Conn, Sight};
use crate::error::Result;
use crate::integration::rules::SCHEME;
use crate::integration::rules::cells::HOLDER_KINDS;
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};
use crate::workdays::local_date;

/// In whose words.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// Which external ids stand in 外部编号; `office` unless told.
    #[param(max_length = 32, pattern = "^[a-z][a-z0-9_]{0,31}$", example = "office")]
    pub scheme: Option<String>,
}

/// An export that may be made.
struct Export {
    city: i32,
    on: NaiveDate,
    scheme: String,
    page: Page,
}

impl Export {
    /// 403 unless the caller keeps the chain.
    fn of(request: List<ExportQuery>) -> Result<Self> {
        let List { actor, filters, page, now, .. } = request;
        policy::any_role(&actor, KEEPERS)?;
        let scheme = filters.scheme.unwrap_or_else(|| SCHEME.to_owned());
        Ok(Self { city: actor.city, on: local_date(now), scheme, page })
    }
}

/// The external id of a scheme among `scheme:value`.
fn external(ids: &[String], scheme: &str) -> Option<String> {
    ids.iter().find_map(|id| id.strip_prefix(scheme)?.strip_prefix(':').map(str::to_owned))
}

/// What organisations of a kind are called in a file.
async fn codes(
    conn: Conn<'_>,
    city: i32,
    kind: OrgKind,
    on: NaiveDate,
) -> Result<HashMap<Uuid, String>> {
    let all = store::all_organizations(conn, city, kind.as_str(), on).await?;
    Ok(all.into_iter().map(|Org { id, code, .. }| (id, code)).collect())
}

/// A member as a line of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberLine {
    #[serde(rename = "外部编号")]
    #[schema(max_length = 64, required = true)]
    external_id: Option<String>,
    #[serde(rename = "编号")]
    #[schema(max_length = 32, example = "M001")]
    number: String,
    #[serde(rename = "姓名")]
    #[schema(max_length = 100, example = "委员001")]
    name: String,
    #[serde(rename = "电话")]
    #[schema(max_length = 32, example = "13800001234", required = true)]
    phone: Option<String>,
    #[serde(rename = "地址")]
    #[schema(max_length = 200, required = true)]
    address: Option<String>,
    #[serde(rename = "工作单位")]
    #[schema(max_length = 200, required = true)]
    unit: Option<String>,
    #[serde(rename = "界别")]
    #[schema(max_length = 64, example = "economy", required = true)]
    sector: Option<String>,
    #[serde(rename = "县区")]
    #[schema(max_length = 6, example = "230403", required = true)]
    county: Option<String>,
    #[serde(rename = "起始日期")]
    from: NaiveDate,
    #[serde(rename = "截止日期")]
    #[schema(required = true)]
    until: Option<NaiveDate>,
}

/// Export members
///
/// Today's members as lines of the file that an import of members takes; ask for `text/csv`. For those
/// who keep the chain.
#[utoipa::path(tag = "imports", params(ExportQuery, ListQuery),
    responses((status = 200, description = "A page of lines", body = Listing<MemberLine>)))]
#[get("/members")]
pub async fn export_members(
    journal: Data<Journal>,
    request: List<ExportQuery>,
) -> Result<ListAnswer, Problem> {
    let Export { city, on, scheme, page } = Export::of(request)?;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let sectors = codes(conn, city, OrgKind::Sector, on).await?;
        let wanted = MembersWanted::on(on);
        let (rows, total) = store::members(conn, city, wanted, &Sight::city(), page).await?;
        let key = |row: &store::MemberRow| Key { at: row.created_at, id: row.id };
        Ok(page.listing(rows, total, key, |row| MemberLine {
            external_id: external(&row.external_ids, &scheme),
            number: row.number,
            name: row.name,
            phone: row.phone,
            address: row.address,
            unit: row.unit,
            sector: row.sector_id.and_then(|id| sectors.get(&id).cloned()),
            county: row.county_code.map(|code| code.to_string()),
            from: row.from_on,
            until: row.until_on,
        }))
    };
    Ok(journal.db.list(page, read).await?)
}

/// A contact as a line of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactLine {
    #[serde(rename = "外部编号")]
    #[schema(max_length = 64, required = true)]
    external_id: Option<String>,
    #[serde(rename = "编号")]
    #[schema(max_length = 32, example = "C001")]
    number: String,
    #[serde(rename = "姓名")]
    #[schema(max_length = 100, example = "联系人001")]
    name: String,
    #[serde(rename = "电话")]
    #[schema(max_length = 32, example = "13800001234", required = true)]
    phone: Option<String>,
    #[serde(rename = "地址")]
    #[schema(max_length = 200, required = true)]
    address: Option<String>,
    #[serde(rename = "类别")]
    #[schema(max_length = 64, example = "community")]
    category: String,
    #[serde(rename = "单位")]
    #[schema(max_length = 200, example = "国安社区")]
    unit: String,
    #[serde(rename = "区划")]
    #[schema(max_length = 12, example = "230403")]
    division: String,
    #[serde(rename = "联系委员")]
    #[schema(max_length = 4000, example = "M001、M002", required = true)]
    members: Option<String>,
    #[serde(rename = "起始日期")]
    from: NaiveDate,
    #[serde(rename = "截止日期")]
    #[schema(required = true)]
    until: Option<NaiveDate>,
}

/// Export contacts
///
/// Today's contacts as lines of the file that an import of contacts takes; ask for `text/csv`. For
/// those who keep the chain.
#[utoipa::path(tag = "imports", params(ExportQuery, ListQuery),
    responses((status = 200, description = "A page of lines", body = Listing<ContactLine>)))]
#[get("/contacts")]
pub async fn export_contacts(
    journal: Data<Journal>,
    request: List<ExportQuery>,
) -> Result<ListAnswer, Problem> {
    let Export { city, on, scheme, page } = Export::of(request)?;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let wanted = ContactsWanted::on(on);
        let (rows, total) = store::contacts(conn, city, wanted, on, &Sight::city(), page).await?;
        let ids = rows.iter().map(|row| row.id).collect();
        let members = store::numbers_of_members(conn, city, ids, on).await?;
        let key = |row: &store::ContactRow| Key { at: row.created_at, id: row.id };
        Ok(page.listing(rows, total, key, |row| ContactLine {
            external_id: external(&row.external_ids, &scheme),
            number: row.number,
            name: row.name,
            phone: row.phone,
            address: row.address,
            category: row.category,
            unit: row.unit,
            division: row.division_code.to_string(),
            members: members.get(&row.id).map(|all| all.join("、")),
            from: row.from_on,
            until: row.until_on,
        }))
    };
    Ok(journal.db.list(page, read).await?)
}

/// A sector as a line of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectorLine {
    #[serde(rename = "外部编号")]
    #[schema(max_length = 64, required = true)]
    external_id: Option<String>,
    #[serde(rename = "代码")]
    #[schema(max_length = 64, example = "economy")]
    code: String,
    #[serde(rename = "名称")]
    #[schema(max_length = 200, example = "经济界")]
    name: String,
    #[serde(rename = "序号")]
    #[schema(minimum = 0, example = 1)]
    position: i16,
    #[serde(rename = "县区")]
    #[schema(max_length = 6, example = "230403", required = true)]
    county: Option<String>,
    #[serde(rename = "专委会")]
    #[schema(max_length = 64, example = "economy", required = true)]
    committee: Option<String>,
    #[serde(rename = "起始日期")]
    from: NaiveDate,
    #[serde(rename = "截止日期")]
    #[schema(required = true)]
    until: Option<NaiveDate>,
}

/// Export sectors
///
/// Today's sectors as lines of the file that an import of sectors takes; ask for `text/csv`. For those
/// who keep the chain.
#[utoipa::path(tag = "imports", params(ExportQuery, ListQuery),
    responses((status = 200, description = "A page of lines", body = Listing<SectorLine>)))]
#[get("/sectors")]
pub async fn export_sectors(
    journal: Data<Journal>,
    request: List<ExportQuery>,
) -> Result<ListAnswer, Problem> {
    let Export { city, on, scheme, page } = Export::of(request)?;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let committees = codes(conn, city, OrgKind::Committee, on).await?;
        let guides = store::Pair::map(store::guidances(conn, city, on).await?);
        let wanted = OrgsWanted { kind: Some(OrgKind::Sector), ..OrgsWanted::default() };
        let (rows, total) = store::organizations(conn, city, wanted, on, page).await?;
        let guide = |id: Uuid| committees.get(guides.get(&id)?).cloned();
        let key = |row: &Org| Key { at: row.created_at, id: row.id };
        Ok(page.listing(rows, total, key, |row| SectorLine {
            external_id: external(&row.external_ids, &scheme),
            committee: guide(row.id),
            code: row.code,
            name: row.name,
            position: row.position,
            county: row.county_code.map(|code| code.to_string()),
            from: row.from_on,
            until: row.until_on,
        }))
    };
    Ok(journal.db.list(page, read).await?)
}

/// An area as a line of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaLine {
    #[serde(rename = "外部编号")]
    #[schema(max_length = 64, required = true)]
    external_id: Option<String>,
    #[serde(rename = "名称")]
    #[schema(max_length = 200, example = "工农区责任区")]
    name: String,
    #[serde(rename = "区划")]
    #[schema(max_length = 12, example = "230403")]
    division: String,
    #[serde(rename = "界别")]
    #[schema(max_length = 64, example = "economy", required = true)]
    sector: Option<String>,
    #[serde(rename = "委员编号")]
    #[schema(max_length = 32, example = "M001", required = true)]
    member: Option<String>,
    #[serde(rename = "责任身份")]
    #[schema(max_length = 16, example = "界别", required = true)]
    holder_kind: Option<&'static str>,
    #[serde(rename = "起始日期")]
    from: NaiveDate,
    #[serde(rename = "截止日期")]
    #[schema(required = true)]
    until: Option<NaiveDate>,
}

fn as_what(kind: &str) -> Option<&'static str> {
    let mut kinds = HOLDER_KINDS.into_iter();
    kinds.find(|(_, code)| *code == kind).map(|(label, _)| label)
}

/// Export areas
///
/// Today's responsibility areas as lines of the file that an import of areas takes; ask for `text/csv`.
/// For those who keep the chain.
#[utoipa::path(tag = "imports", params(ExportQuery, ListQuery),
    responses((status = 200, description = "A page of lines", body = Listing<AreaLine>)))]
#[get("/areas")]
pub async fn export_areas(
    journal: Data<Journal>,
    request: List<ExportQuery>,
) -> Result<ListAnswer, Problem> {
    let Export { city, on, scheme, page } = Export::of(request)?;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let sectors = codes(conn, city, OrgKind::Sector, on).await?;
        let (rows, total) =
            store::areas(conn, city, AreasWanted::on(on), &Sight::city(), page).await?;
        let ids = rows.iter().filter_map(|row| row.member_id).collect();
        let members = store::members_of(conn, city, ids, false).await?;
        let numbers: HashMap<Uuid, String> =
            members.into_iter().map(|row| (row.id, row.number)).collect();
        let key = |row: &store::AreaRow| Key { at: row.created_at, id: row.id };
        Ok(page.listing(rows, total, key, |row| AreaLine {
            external_id: external(&row.external_ids, &scheme),
            name: row.name,
            division: row.division_code.to_string(),
            sector: row.sector_id.and_then(|id| sectors.get(&id).cloned()),
            member: row.member_id.and_then(|id| numbers.get(&id).cloned()),
            holder_kind: as_what(&row.holder_kind),
            from: row.from_on,
            until: row.until_on,
        }))
    };
    Ok(journal.db.list(page, read).await?)
}
