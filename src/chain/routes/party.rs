//! Party members keep in touch with members outside the party (党员委员联系党外委员), and how far.

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{EndBody, MistakeBody};
use super::{AsOf, day_of};
use crate::auth::{Actor, Change, Create, List, Noun, Read, policy};
use crate::chain::actions::{self, Stop};
use crate::chain::store::{self, BranchCounts, GapRow, KindRow, LinkRow, MemberRow};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

/// A party member who keeps in touch with a member outside the party. Its entity tag is the party
/// member's version.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyLinkView {
    /// Of the link.
    pub id: Uuid,
    /// The party member.
    pub party_member_id: Uuid,
    /// The member outside the party.
    pub member_id: Uuid,
    /// Its first day.
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl From<LinkRow> for PartyLinkView {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.id,
            party_member_id: row.of_id,
            member_id: row.other_id,
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
        }
    }
}

/// List a member's party links
///
/// With whom a party member keeps in touch, or which party members do with one outside the party, the
/// latest beginning first: the whole history, voided links too, or with `as_of` one day's. For whoever
/// sees the member.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), AsOf, ListQuery),
    responses((status = 200, description = "A page of links", body = Listing<PartyLinkView>)))]
#[get("/{member_id}/party-links")]
pub async fn list_party_links(
    journal: Data<Journal>,
    request: List<AsOf>,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, filters, page, .. } = request;
    let view = |row: KindRow| PartyLinkView::from(row.link);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let seen = |row: &MemberRow| policy::sees(&actor, Noun::Member, &row.places());
        store::member(conn, actor.city, id).await?.filter(seen).ok_or_else(Error::not_found)?;
        let (rows, total) = store::party_links(conn, actor.city, id, filters.as_of, page).await?;
        Ok(page.listing(rows, total, |row| row.link.key(), view))
    };
    Ok(journal.db.list(page, read).await?)
}

/// With whom a party member is to keep in touch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "member_id": "01856ad7-b680-7619-9aa9-7bc6f8754536", "from": "2026-01-01" }))]
pub struct LeadBody {
    /// The member outside the party.
    pub member_id: Uuid,
    /// The first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The day after the last, where that is known.
    pub until: Option<NaiveDate>,
}

/// Link a party member to a member outside the party
///
/// On the first day the one is in a party branch and the other in none. The same pair may not be
/// linked twice on one day (`overlap`). For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The party member"), CreateHeaders),
    request_body = LeadBody,
    responses((status = 201, description = "The link", body = PartyLinkView)))]
#[post("/{member_id}/party-links")]
pub async fn lead_member(
    journal: Data<Journal>,
    request: Create<LeadBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let during = (body.from, body.until);
    let work = journal.write(&call, async |tx| {
        let row = actions::party_member_for(tx, &actor, id, body.member_id).await?;
        let (link, version) = actions::lead_member(tx, row, body.member_id, during).await?;
        let at = format!("/v1/members/{id}/party-links");
        Answer::created(version, at, &PartyLinkView::from(link))
    });
    Ok(work.await?)
}

/// End a party link
///
/// An end is brought forward, not put off. `If-Match` takes the party member's version. For those who
/// keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The party member"),
        ("party_link_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The link after its end was set", body = PartyLinkView)))]
#[post("/{member_id}/party-links/{party_link_id}/end")]
pub async fn end_party_link(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let stop = Stop::Until(body.until);
        let (link, version) = actions::part_from_member(tx, row, sub_id, stop).await?;
        Answer::ok(version, &PartyLinkView::from(link))
    });
    Ok(work.await?)
}

/// Void a party link
///
/// For one that was entered by mistake: the row stays and counts no more. Voiding twice is refused as
/// `already_done`. `If-Match` takes the party member's version. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The party member"),
        ("party_link_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided link", body = PartyLinkView)))]
#[post("/{member_id}/party-links/{party_link_id}/void")]
pub async fn void_party_link(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let stop = Stop::Void(&body.reason);
        let (link, version) = actions::part_from_member(tx, row, sub_id, stop).await?;
        Answer::ok(version, &PartyLinkView::from(link))
    });
    Ok(work.await?)
}

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
}

impl From<BranchCounts> for BranchCoverage {
    fn from(row: BranchCounts) -> Self {
        let BranchCounts { id: branch_id, name, party_members, leading, led } = row;
        Self { branch_id, name, party_members, leading, led }
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
    let branches = branches.into_iter().map(BranchCoverage::from).collect();
    let view = PartyCoverageView { as_of, party_members, leading, outside, led, branches };
    Ok(Answer::plain(&view)?)
}

/// A member outside the party with whom no party member keeps in touch.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyGapView {
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

/// List the gaps of party links
///
/// The members outside the party whom you see and with whom no party member keeps in touch on a day,
/// today unless told, in the order they were entered.
#[utoipa::path(tag = "chain", params(AsOf, ListQuery),
    responses((status = 200, description = "A page of members", body = Listing<PartyGapView>)))]
#[get("/gaps")]
pub async fn list_party_gaps(
    journal: Data<Journal>,
    request: List<AsOf>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let (on, sight) = (day_of(filters.as_of, now), policy::sight(&actor, Noun::Member));
    let key = |row: &GapRow| Key { at: row.created_at, id: row.id };
    let view = |row: GapRow| PartyGapView {
        member_id: row.id,
        number: row.number,
        county_code: row.county_code.map(|code| code.to_string()),
        sector_id: row.sector_id,
    };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::party_gaps(conn, actor.city, on, &sight, page).await?;
        Ok(page.listing(rows, total, key, view))
    };
    Ok(journal.db.list(page, read).await?)
}
