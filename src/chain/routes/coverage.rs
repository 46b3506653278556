//! The city's quota of contacts, what is covered, and what is not.

use actix_web::web::Data;
use actix_web::{get, patch};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{AsOf, day_of};
use crate::auth::{Actor, Change, List, Noun, Read, policy};
use crate::catalogue;
use crate::chain::actions;
use crate::chain::store::{self, CoverageRow, PlaceRow, QuotaRow};
use crate::db::Conn;
use crate::error::{Code, Error, Fault, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, ListAnswer, ListQuery, Problem};

/// How many contacts each member is to keep in touch with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactQuotaView {
    /// At least so many; 0: the city asks for none.
    #[schema(minimum = 0, maximum = 1000, example = 3)]
    pub least: i16,
    /// Since when; null where none was set for that day.
    #[schema(required = true)]
    pub from: Option<NaiveDate>,
    /// Its version; 0 where it was never set.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// When a quota was set last.
    #[schema(required = true)]
    pub updated_at: Option<DateTime<Utc>>,
}

impl From<Option<QuotaRow>> for ContactQuotaView {
    fn from(row: Option<QuotaRow>) -> Self {
        Self {
            least: row.map_or(0, |row| row.least),
            from: row.and_then(|row| row.from_on),
            version: row.map_or(0, |row| row.version),
            updated_at: row.map(|row| row.updated_at),
        }
    }
}

/// Get the quota of contacts
///
/// How many contacts each member of the city is to keep in touch with on a day. Any account may read it.
#[utoipa::path(tag = "chain", params(AsOf),
    responses((status = 200, description = "The quota", body = ContactQuotaView)))]
#[get("/quota")]
pub async fn get_contact_quota(
    journal: Data<Journal>,
    request: Read<AsOf>,
) -> Result<Answer, Problem> {
    let Read { actor, query, now, .. } = request;
    let conn = journal.db.read().await?;
    let quota = store::quota(&conn, actor.city, day_of(query.as_of, now)).await?;
    let view = ContactQuotaView::from(quota);
    Ok(Answer::ok(view.version, &view)?)
}

/// The quota to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "least": 3, "from": "2027-01-01" }))]
pub struct ContactQuotaBody {
    /// At least so many; 0 asks for none.
    #[schema(minimum = 0, maximum = 1000, example = 3)]
    pub least: i16,
    /// The first day, past or to come; today where it is left out.
    pub from: Option<NaiveDate>,
}

/// Set the quota of contacts
///
/// How many contacts each member of the city is to keep in touch with, from a day on until the day from
/// which another is set. For those who keep the chain.
#[utoipa::path(tag = "chain", params(ChangeHeaders), request_body = ContactQuotaBody,
    responses((status = 200, description = "The quota", body = ContactQuotaView)))]
#[patch("/quota")]
pub async fn set_contact_quota(
    journal: Data<Journal>,
    request: Change<ContactQuotaBody>,
) -> Result<Answer, Problem> {
    let Change { actor, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::set_quota(tx, &actor, body.least, body.from).await?;
        Answer::ok(row.version, &ContactQuotaView::from(Some(row)))
    });
    Ok(work.await?)
}

/// What is not covered, of how many.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageFigure {
    /// `members_short`, `contacts_unlinked.` with a category, `posts_vacant`,
    /// `communities_uncovered`, `villages_uncovered`
    #[schema(max_length = 100, pattern = "^[a-z_.0-9]+$", example = "members_short")]
    pub code: String,
    /// So many are not.
    #[schema(minimum = 0, example = 2)]
    pub value: i64,
    /// Of so many.
    #[schema(minimum = 0, example = 300)]
    pub of: i64,
    /// The query that lists those that are not.
    #[schema(max_length = 200, example = "/v1/members?short_of_contacts=true&as_of=2026-07-01")]
    pub rows: String,
}

/// What is covered in the city, or in a county.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainCoverage {
    /// The day it is counted on.
    pub as_of: NaiveDate,
    /// The county it is counted in; null: the whole city.
    #[schema(
        required = true,
        min_length = 6,
        max_length = 6,
        pattern = "^[1-9][0-9]{5}$",
        example = "230403"
    )]
    pub county_code: Option<String>,
    /// At least so many contacts a member.
    #[schema(minimum = 0, example = 3)]
    pub least: i16,
    /// Each with its rows.
    #[schema(max_items = 1000)]
    pub figures: Vec<CoverageFigure>,
}

fn figure(row: CoverageRow, county: Option<&str>, on: NaiveDate) -> CoverageFigure {
    let CoverageRow { code, value, of } = row;
    let rows = match code.split_once('.') {
        Some((_, category)) => format!("/v1/contacts?linked=false&category={category}"),
        None if code == "members_short" => "/v1/members?short_of_contacts=true".to_owned(),
        None if code == "posts_vacant" => "/v1/posts?vacant=true".to_owned(),
        None if code == "communities_uncovered" => "/v1/chain/uncovered?kind=community".to_owned(),
        None => "/v1/chain/uncovered?kind=village".to_owned(),
    };
    let place = county.map_or_else(String::new, |code| format!("&county_code={code}"));
    CoverageFigure { code, value, of, rows: format!("{rows}{place}&as_of={on}") }
}

/// Where and when it is counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CoverageFilter {
    /// Of this county: its members, the contacts and places in it, the posts of its own organisations.
    /// Who works for one county gets that one's unless told.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// On this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// The county that is counted, none for the whole city: for who sees all of its rows.
fn counted(actor: &Actor, asked: Option<&str>) -> Result<Option<i32>> {
    let sight = policy::sight(actor, Noun::Member);
    let asked: Option<i32> = asked.and_then(|code| code.parse().ok());
    if asked.is_some_and(|code| catalogue::city_of(code.into()) != actor.city) {
        let (zh, en) = ("应为本市县(区)", "must be a county of this city");
        let fault = Fault::new("?county_code", "not_meaningful", zh, en);
        return Err(Error::because(Code::BadQuery, fault));
    }
    match (asked, &sight.counties[..]) {
        (asked, _) if sight.city => Ok(asked),
        (Some(asked), own) if own.contains(&asked) => Ok(Some(asked)),
        (None, [own]) => Ok(Some(*own)),
        (None, [_, ..]) => {
            let (zh, en) = ("请写明县(区)", "say which of your counties");
            Err(Error::because(Code::BadQuery, Fault::new("?county_code", "required", zh, en)))
        }
        _ => Err(Error::forbidden()),
    }
}

/// Get what the chain covers
///
/// On a day, today unless told: members short of contacts, contacts with whom nobody keeps in touch, by
/// category, vacant posts, communities and villages where nobody does; each with the query that lists
/// them. For whoever holds a role over the whole city, or over the county that is counted.
#[utoipa::path(tag = "chain", params(CoverageFilter),
    responses((status = 200, description = "What is covered", body = ChainCoverage)))]
#[get("/coverage")]
pub async fn get_chain_coverage(
    journal: Data<Journal>,
    request: Read<CoverageFilter>,
) -> Result<Answer, Problem> {
    let Read { actor, query, now, .. } = request;
    let county = counted(&actor, query.county_code.as_deref())?;
    let as_of = day_of(query.as_of, now);
    let conn = journal.db.report().await?;
    let least = store::quota(&conn, actor.city, as_of).await?.map_or(0, |row| row.least);
    let rows = store::coverage(&conn, actor.city, county, as_of, least).await?;
    let county_code = county.map(|code| code.to_string());
    let view = |row| figure(row, county_code.as_deref(), as_of);
    let figures = rows.into_iter().map(view).collect();
    Ok(Answer::plain(&ChainCoverage { as_of, county_code, least, figures })?)
}

/// A community or village in which nobody keeps in touch with anybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct UncoveredPlaceView {
    /// Its division code.
    #[schema(max_length = 12, pattern = "^[0-9]{12}$", example = "230403001002")]
    pub division_code: String,
    /// Its name.
    #[schema(max_length = 200, example = "国安社区")]
    pub name: String,
    /// community or village
    #[schema(max_length = 9, pattern = "^(community|village)$", example = "community")]
    pub kind: String,
}

impl From<PlaceRow> for UncoveredPlaceView {
    fn from(row: PlaceRow) -> Self {
        let kind = if row.community { "community" } else { "village" };
        Self { division_code: row.code.to_string(), name: row.name, kind: kind.to_owned() }
    }
}

/// Which of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UncoveredFilter {
    /// community or village
    #[param(max_length = 9, pattern = "^(community|village)$", example = "community")]
    pub kind: Option<String>,
    /// In this county.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// On this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// List places that are not covered
///
/// Communities and villages in which no member keeps in touch with anybody on a day, by their codes.
/// Any account may read them.
#[utoipa::path(tag = "chain", params(UncoveredFilter, ListQuery),
    responses((status = 200, description = "A page of them", body = Listing<UncoveredPlaceView>)))]
#[get("/uncovered")]
pub async fn list_uncovered_places(
    journal: Data<Journal>,
    request: List<UncoveredFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let on = day_of(filters.as_of, now);
    let communities = filters.kind.map(|kind| kind == "community");
    let county = filters.county_code.and_then(|code| code.parse().ok());
    let key = |row: &PlaceRow| Key::of_code(row.code);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) =
            store::uncovered(conn, actor.city, county, on, communities, page).await?;
        Ok(page.listing(rows, total, key, UncoveredPlaceView::from))
    };
    Ok(journal.db.list(page, read).await?)
}
