//! Everything that ever joined a member to others, and a contact to members.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::contacts::seen_contact;
use super::links::LinkView;
use crate::auth::{List, Noun, policy};
use crate::chain::store::{self, CONTACT, KindRow, MemberRow};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::{Journal, Places};
use crate::page::{Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};
use crate::workdays::local_date;

/// A dated link of a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberLinkView {
    /// Of the link; of an area the area's own.
    pub id: Uuid,
    /// sector, contact, post, area, chair_committee (a committee that they answer for as a member of the
    /// chair meeting), group (the party group or an activity group) or branch (a party branch)
    #[schema(
        max_length = 16,
        pattern = "^(sector|contact|post|area|chair_committee|group|branch)$",
        example = "sector"
    )]
    pub kind: String,
    /// The member.
    pub member_id: Uuid,
    /// The sector, the contact, the post, the area, the committee, the group or the branch, as `kind` says.
    pub other_id: Uuid,
    /// Its first day.
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl From<KindRow> for MemberLinkView {
    fn from(KindRow { kind, link }: KindRow) -> Self {
        Self {
            id: link.id,
            kind,
            member_id: link.of_id,
            other_id: link.other_id,
            from: link.from_on,
            until: link.until_on,
            voided_at: link.voided_at,
        }
    }
}

/// Which links.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MemberLinkFilter {
    /// sector, contact, post, area, chair_committee, group or branch
    #[param(
        max_length = 16,
        pattern = "^(sector|contact|post|area|chair_committee|group|branch)$",
        example = "sector"
    )]
    pub kind: Option<String>,
    /// Those that stand on this day. Without a day the whole history, what was voided too.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// List a member's links
///
/// What joins a member to sectors, contacts, posts, areas, committees and party branches, the latest
/// beginning first: the whole history, or what stands on one day. For whoever sees the member; the
/// branches for the member, and for those who see the members of the city or of their county.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), MemberLinkFilter, ListQuery),
    responses((status = 200, description = "A page of links", body = Listing<MemberLinkView>)))]
#[get("/{member_id}/links")]
pub async fn list_member_links(
    journal: Data<Journal>,
    request: List<MemberLinkFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, filters, page, .. } = request;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let seen = |row: &MemberRow| policy::sees(&actor, Noun::Member, &row.places());
        let row = store::member(conn, actor.city, id).await?;
        let row = row.filter(seen).ok_or_else(Error::not_found)?;
        // Who is in a party branch is not every sector's to read.
        let own = Places { county: row.county_code, member: Some(id), ..Places::default() };
        let branches = policy::sees(&actor, Noun::Member, &own);
        let wanted = (filters.kind.as_deref(), filters.as_of);
        let (rows, total) =
            store::links_of_member(conn, actor.city, id, wanted, branches, page).await?;
        Ok(page.listing(rows, total, |row| row.link.key(), MemberLinkView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Which links of a contact.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContactLinkFilter {
    /// Those that stand on this day. Without a day the whole history, what was voided too.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// List a contact's links
///
/// Which members keep in touch with a contact, the latest beginning first: the whole history, or who
/// does on one day. For whoever sees the contact.
#[utoipa::path(tag = "chain",
    params(("contact_id" = Uuid, Path, description = "The contact"), ContactLinkFilter, ListQuery),
    responses((status = 200, description = "A page of links", body = Listing<LinkView>)))]
#[get("/{contact_id}/links")]
pub async fn list_contact_links(
    journal: Data<Journal>,
    request: List<ContactLinkFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, filters, page, now } = request;
    let (today, members) = (local_date(now), CONTACT.turned());
    let read = async move |conn: Conn<'_>, page: &Page| {
        seen_contact(conn, &actor, id, today).await?;
        let (rows, total) =
            store::links(conn, actor.city, members, id, filters.as_of, page).await?;
        Ok(page.listing(rows, total, |row| row.link.key(), |row| LinkView::from(row.link)))
    };
    Ok(journal.db.list(page, read).await?)
}
