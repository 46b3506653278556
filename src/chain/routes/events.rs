//! What happened to one thing of the chain: for whom it is there, by pages, the oldest first. No event
//! holds a personal value.

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use uuid::Uuid;

use super::contacts::seen_contact;
use super::posts::seen_post;
use crate::auth::{Actor, List, Noun, policy};
use crate::chain::actions;
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, Org};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::{EventView, Journal, feed};
use crate::page::{Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};
use crate::workdays::local_date;

/// Which kind of thing.
#[derive(Debug, Clone, Copy)]
enum Thing {
    /// An organisation, of that kind where it is asked for by its own noun.
    Organization(Option<OrgKind>),
    Post,
    Area,
    Member,
    Contact,
    Person,
}

impl Thing {
    /// 404 unless the thing is there for `actor`; whether they read what its events say.
    async fn told_whole(
        self,
        conn: Conn<'_>,
        actor: &Actor,
        id: Uuid,
        on: NaiveDate,
    ) -> Result<bool> {
        let city = actor.city;
        match self {
            Self::Organization(kind) => {
                let seen = |row: &Org| {
                    kind.is_none_or(|kind| kind.as_str() == row.kind)
                        && policy::reads_county(actor, row.county_code)
                };
                let row = store::any_organization(conn, city, id).await?.filter(seen);
                let row = row.ok_or_else(Error::not_found)?;
                // Who is in a party branch or a group is not everybody's to read.
                let kept = OrgKind::parse(&row.kind).is_some_and(OrgKind::keeps_its_members);
                Ok(!kept || policy::sees(actor, Noun::Member, &row.places()))
            }
            Self::Post => seen_post(conn, actor, id).await.map(|_| true),
            Self::Area => {
                store::area(conn, city, id).await?.ok_or_else(Error::not_found)?;
                Ok(true)
            }
            Self::Member => {
                let row = store::member(conn, city, id).await?;
                let row = row.filter(|row| policy::sees(actor, Noun::Member, &row.places()));
                row.map(|_| true).ok_or_else(Error::not_found)
            }
            Self::Contact => seen_contact(conn, actor, id, on).await.map(|_| true),
            Self::Person => Ok(actions::see_person(conn, actor, id, on).await?.whole),
        }
    }
}

async fn page_of(journal: &Journal, thing: Thing, request: List) -> Result<ListAnswer, Problem> {
    let List { actor, id, page, now, .. } = request;
    let today = local_date(now);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let whole = thing.told_whole(conn, &actor, id, today).await?;
        let (rows, total) = feed::history_page(conn, actor.city, id, page).await?;
        let view = |event| {
            let event = EventView::from(event);
            if whole { event } else { event.without_data() }
        };
        Ok(page.listing(rows, total, feed::Event::key, view))
    };
    Ok(journal.db.list(page, read).await?)
}

/// List an organisation's events
///
/// What happened to an organisation of whatever kind, the oldest first. Any account may read it; the staff
/// of a county, the city's and their county's own. What happened to a party branch is told without `data`
/// to those who do not see the members of the city or of its county.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{organization_id}/events")]
pub async fn list_organization_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Organization(None), request).await
}

/// List a committee's events
///
/// What happened to a committee, the oldest first. Any account may read it; the staff of a county, the
/// city's and their county's own.
#[utoipa::path(tag = "chain",
    params(("committee_id" = Uuid, Path, description = "The committee"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{committee_id}/events")]
pub async fn list_committee_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Organization(Some(OrgKind::Committee)), request).await
}

/// List a sector's events
///
/// What happened to a sector, the oldest first. Any account may read it; the staff of a county, the city's
/// and their county's own.
#[utoipa::path(tag = "chain",
    params(("sector_id" = Uuid, Path, description = "The sector"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{sector_id}/events")]
pub async fn list_sector_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Organization(Some(OrgKind::Sector)), request).await
}

/// List a department's events
///
/// What happened to a department, the oldest first. Any account may read it; the staff of a county, the
/// city's and their county's own.
#[utoipa::path(tag = "chain",
    params(("department_id" = Uuid, Path, description = "The department"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{department_id}/events")]
pub async fn list_department_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Organization(Some(OrgKind::Department)), request).await
}

/// List a post's events
///
/// What happened to a post, the oldest first. Any account may read it; the staff of a county, the city's
/// and their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{post_id}/events")]
pub async fn list_post_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Post, request).await
}

/// List an area's events
///
/// What happened to a responsibility area, the oldest first. Any account may read it.
#[utoipa::path(tag = "chain",
    params(("area_id" = Uuid, Path, description = "The area"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{area_id}/events")]
pub async fn list_area_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Area, request).await
}

/// List a member's events
///
/// What happened to a member, the oldest first: for whoever sees them. Of what is personal it says that it
/// changed, not what it is.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{member_id}/events")]
pub async fn list_member_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Member, request).await
}

/// List a contact's events
///
/// What happened to a contact, the oldest first: for whoever sees them. Of what is personal it says that
/// it changed, not what it is.
#[utoipa::path(tag = "chain",
    params(("contact_id" = Uuid, Path, description = "The contact"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{contact_id}/events")]
pub async fn list_contact_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Contact, request).await
}

/// List a person's events
///
/// What happened to the person of this id, the oldest first; that of somebody who was merged ends with it.
/// For whoever sees the person: whole for those who keep the chain and the person, else without `data`.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{person_id}/events")]
pub async fn list_person_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    page_of(&journal, Thing::Person, request).await
}
