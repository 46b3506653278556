//! How far party members keep in touch with members outside the party, and who is counted.

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AsOf, day_of};
use crate::auth::{Actor, List, Noun, Read, policy};
use crate::chain::store::{self, BranchCounts, PartyMemberRow, Standing};
use crate::db::{Conn, Sight};
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ListAnswer, ListQuery, Problem};

/// A party branch and how far its members keep in touch with members outside the party.
#[derive(Debug, Serialize, ToSchema)]
pub struct BranchCoverage {
    /// The branch.
    pub branch_id: Uuid,
    /// Its name.
    #[schema(max_length = 200, example = "第一功能型党支部")]
    pub name: String,
    /// Its members.
    #[schema(minimum = 0, example = 12)]
    pub party_members: i64,
    /// Those of them who keep in touch with somebody outside the party.
    #[schema(minimum = 0, example = 9)]
    pub leading: i64,
    /// Different members outside the party with whom they do.
    #[schema(minimum = 0, example = 20)]
    pub led: i64,
    /// The query that lists its members.
    #[schema(
        max_length = 200,
        example = "/v1/party-links/members?branch_id=01856ad7-b680-7069-8ceb-8e193e00dc2a&as_of=2026-07-01"
    )]
    pub rows: String,
}

impl BranchCoverage {
    fn new(row: BranchCounts, on: NaiveDate) -> Self {
        let BranchCounts { id: branch_id, name, party_members, leading, led } = row;
        let rows = format!("/v1/party-links/members?branch_id={branch_id}&as_of={on}");
        Self { branch_id, name, party_members, leading, led, rows }
    }
}

/// The queries that list who is counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyRows {
    /// Members in a party branch.
    #[schema(
        max_length = 200,
        example = "/v1/party-links/members?standing=party_member&as_of=2026-07-01"
    )]
    pub party_members: String,
    /// Those of them who keep in touch with somebody outside the party.
    #[schema(
        max_length = 200,
        example = "/v1/party-links/members?standing=leading&as_of=2026-07-01"
    )]
    pub leading: String,
    /// Members in no branch.
    #[schema(
        max_length = 200,
        example = "/v1/party-links/members?standing=outside&as_of=2026-07-01"
    )]
    pub outside: String,
    /// Those of them with whom a party member keeps in touch.
    #[schema(max_length = 200, example = "/v1/party-links/members?standing=led&as_of=2026-07-01")]
    pub led: String,
    /// Those of them with whom none does.
    #[schema(max_length = 200, example = "/v1/party-links/gaps?as_of=2026-07-01")]
    pub gaps: String,
}

impl PartyRows {
    fn of(on: NaiveDate) -> Self {
        let rows = |standing| format!("/v1/party-links/members?standing={standing}&as_of={on}");
        Self {
            party_members: rows("party_member"),
            leading: rows("leading"),
            outside: rows("outside"),
            led: rows("led"),
            gaps: format!("/v1/party-links/gaps?as_of={on}"),
        }
    }
}

/// How far party members keep in touch with members outside the party on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyCoverageView {
    /// The day.
    pub as_of: NaiveDate,
    /// Members in a party branch.
    #[schema(minimum = 0, example = 120)]
    pub party_members: i64,
    /// Those of them who keep in touch with somebody outside the party.
    #[schema(minimum = 0, example = 90)]
    pub leading: i64,
    /// Members in no branch.
    #[schema(minimum = 0, example = 180)]
    pub outside: i64,
    /// Those of them with whom a party member keeps in touch; the others are the gaps.
    #[schema(minimum = 0, example = 150)]
    pub led: i64,
    /// The queries that list them.
    pub rows: PartyRows,
    /// Each branch.
    #[schema(max_items = 1000)]
    pub branches: Vec<BranchCoverage>,
}

/// Over which counties the actor sees all members; none: over the city. 403 where over neither.
fn counties(actor: &Actor) -> Result<Option<Vec<i32>>> {
    let sight = policy::sight(actor, Noun::Member);
    match (sight.city, sight.counties) {
        (true, _) => Ok(None),
        (false, counties) if !counties.is_empty() => Ok(Some(counties)),
        _ => Err(Error::forbidden()),
    }
}

/// Get the coverage of party links
///
/// How many members in party branches keep in touch with somebody outside the party, and with how many
/// of those somebody does, on a day, today unless told. For those who see the members of the city, or
/// of a county, for that county.
#[utoipa::path(tag = "chain", params(AsOf),
    responses((status = 200, description = "The figures", body = PartyCoverageView)))]
#[get("/coverage")]
pub async fn get_party_coverage(
    journal: Data<Journal>,
    request: Read<AsOf>,
) -> Result<Answer, Problem> {
    let Read { actor, query, now, .. } = request;
    let (city, as_of, within) = (actor.city, day_of(query.as_of, now), counties(&actor)?);
    let conn = journal.db.report().await?;
    let counts = store::party_counts(&conn, city, within.clone(), as_of).await?;
    let branches = store::branch_counts(&conn, city, within, as_of).await?;
    let store::PartyCounts { party_members, leading, outside, led } = counts;
    let branches = branches.into_iter().map(|row| BranchCoverage::new(row, as_of)).collect();
    let rows = PartyRows::of(as_of);
    let view = PartyCoverageView { as_of, party_members, leading, outside, led, rows, branches };
    Ok(Answer::plain(&view)?)
}

/// A member, by their number and place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyMemberView {
    /// The member.
    pub member_id: Uuid,
    /// Their number.
    #[schema(max_length = 32, example = "M001")]
    pub number: String,
    /// Null at city level.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", example = "230403", required = true)]
    pub county_code: Option<String>,
    /// Their sector today.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
}

impl From<PartyMemberRow> for PartyMemberView {
    fn from(row: PartyMemberRow) -> Self {
        let PartyMemberRow { id: member_id, number, county_code, sector_id, .. } = row;
        let county_code = county_code.map(|code| code.to_string());
        Self { member_id, number, county_code, sector_id }
    }
}

fn key(row: &PartyMemberRow) -> Key {
    Key { at: row.created_at, id: row.id }
}

/// Which members.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StandingFilter {
    /// party_member (in a branch), leading (of those, who keeps in touch with somebody outside the party),
    /// outside (in no branch), led (of those, with whom somebody does)
    #[param(
        max_length = 12,
        pattern = "^(party_member|leading|outside|led)$",
        example = "leading"
    )]
    pub standing: Option<String>,
    /// In this branch.
    #[param(format = "uuid")]
    pub branch_id: Option<Uuid>,
    /// On this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// List members by their standing to the party
///
/// The members that a figure of the coverage counts, on a day, today unless told, in the order they
/// were entered. For those who see the members of the city, or of a county, for that county.
#[utoipa::path(tag = "chain", params(StandingFilter, ListQuery),
    responses((status = 200, description = "A page of members", body = Listing<PartyMemberView>)))]
#[get("/members")]
pub async fn list_party_members(
    journal: Data<Journal>,
    request: List<StandingFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    // By the counties that are counted: not also what else the actor sees.
    let sight = match counties(&actor)? {
        Some(counties) => Sight { counties, ..Sight::default() },
        None => Sight::city(),
    };
    let on = day_of(filters.as_of, now);
    let standing = filters.standing.as_deref().and_then(|word| match word {
        "party_member" => Some(Standing::PartyMember),
        "leading" => Some(Standing::Leading),
        "outside" => Some(Standing::Outside),
        "led" => Some(Standing::Led),
        _ => None,
    });
    let wanted = (standing, filters.branch_id);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) =
            store::party_standing(conn, actor.city, wanted, on, &sight, page).await?;
        Ok(page.listing(rows, total, key, PartyMemberView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// List the gaps of party links
///
/// The members outside the party whom you see and with whom no party member keeps in touch on a day,
/// today unless told, in the order they were entered.
#[utoipa::path(tag = "chain", params(AsOf, ListQuery),
    responses((status = 200, description = "A page of members", body = Listing<PartyMemberView>)))]
#[get("/gaps")]
pub async fn list_party_gaps(
    journal: Data<Journal>,
    request: List<AsOf>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let (on, sight) = (day_of(filters.as_of, now), policy::sight(&actor, Noun::Member));
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::party_gaps(conn, actor.city, on, &sight, page).await?;
        Ok(page.listing(rows, total, key, PartyMemberView::from))
    };
    Ok(journal.db.list(page, read).await?)
}
