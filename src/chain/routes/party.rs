//! Party members keep in touch with members outside the party (党员委员联系党外委员).

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::AsOf;
use super::bodies::{EndBody, MistakeBody};
use crate::auth::{Change, Create, List, Noun, policy};
use crate::chain::actions::{self, Stop};
use crate::chain::store::{self, KindRow, LinkRow, MemberRow};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Listing, Page};
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
/// linked twice on one day (`overlap`). For those who keep the chain; the staff of a county, for
/// the members of its own branches.
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
        let row = actions::party_member_for(tx, &actor, id, Some(body.member_id)).await?;
        actions::refers_to_member(tx, &actor, "/member_id", body.member_id).await?;
        let (link, version) = actions::lead_member(tx, row, body.member_id, during).await?;
        let at = format!("/v1/members/{id}/party-links");
        Answer::created(version, at, &PartyLinkView::from(link))
    });
    Ok(work.await?)
}

/// End a party link
///
/// An end is brought forward, not put off. `If-Match` takes the party member's version. For those
/// who keep the chain; the staff of a county, for the members of its own branches.
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
        let row = actions::party_member_for(tx, &actor, id, None).await?;
        let stop = Stop::Until(body.until);
        let (link, version) = actions::part_from_member(tx, row, sub_id, stop).await?;
        Answer::ok(version, &PartyLinkView::from(link))
    });
    Ok(work.await?)
}

/// Void a party link
///
/// For one that was entered by mistake: the row stays and counts no more. Voiding twice is refused
/// as `already_done`. `If-Match` takes the party member's version. For those who keep the chain;
/// the staff of a county, for the members of its own branches.
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
        let row = actions::party_member_for(tx, &actor, id, None).await?;
        let stop = Stop::Void(&body.reason);
        let (link, version) = actions::part_from_member(tx, row, sub_id, stop).await?;
        Answer::ok(version, &PartyLinkView::from(link))
    });
    Ok(work.await?)
}
