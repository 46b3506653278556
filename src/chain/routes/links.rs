//! A member's contacts: linked, ended, voided.

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::EndBody;
use crate::auth::{Change, Create};
use crate::chain::actions;
use crate::chain::store::LinkRow;
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, CreateHeaders, Problem};

/// A link between a member and a contact. Its entity tag is the member's version.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    /// Of the link.
    pub id: Uuid,
    /// The member.
    pub member_id: Uuid,
    /// The contact.
    pub contact_id: Uuid,
    /// Its first day.
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl From<LinkRow> for LinkView {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.id,
            member_id: row.of_id,
            contact_id: row.other_id,
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
        }
    }
}

/// Whom a member is to keep in touch with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact_id": "01856ad7-b680-798b-afc9-10a755642c29", "from": "2026-01-01" }))]
pub struct LinkContactBody {
    /// The contact.
    pub contact_id: Uuid,
    /// The first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The day after the last, where that is known.
    pub until: Option<NaiveDate>,
}

/// Link a contact to a member
///
/// From then on the contact is one of the member's. The link lies within the terms of both, and the
/// same pair may not be linked twice on one day (`overlap`). For those who keep the chain; the
/// staff of a county, for who sits in one of its own sectors.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), CreateHeaders),
    request_body = LinkContactBody,
    responses((status = 201, description = "The link", body = LinkView)))]
#[post("/{member_id}/contacts")]
pub async fn link_contact(
    journal: Data<Journal>,
    request: Create<LinkContactBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let LinkContactBody { contact_id, from, until } = body;
    let work = journal.write(&call, async |tx| {
        actions::linking_member_for(tx, &actor, id).await?;
        actions::refers_to_contact(tx, &actor, "/contact_id", contact_id).await?;
        let (link, version) = actions::link_contact(tx, id, contact_id, from, until).await?;
        Answer::created(version, format!("/v1/members/{id}/chain"), &LinkView::from(link))
    });
    Ok(work.await?)
}

/// End a link to a contact
///
/// The contact is the member's until the day before. An end is brought forward, never put off: link
/// them anew for what comes after. `If-Match` takes the member's version. For those who keep the
/// chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"),
        ("link_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The link after its end was set", body = LinkView)))]
#[post("/{member_id}/contacts/{link_id}/end")]
pub async fn end_contact_link(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let member = actions::member_for(tx, &actor, id).await?;
        let (link, version) = actions::end_link(tx, member, sub_id, body.until).await?;
        Answer::ok(version, &LinkView::from(link))
    });
    Ok(work.await?)
}

/// Why a link was a mistake.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "wrong_contact" }))]
pub struct VoidLinkBody {
    /// wrong_member, wrong_contact, wrong_dates or entered_twice
    #[schema(
        min_length = 1,
        max_length = 16,
        pattern = "^(wrong_member|wrong_contact|wrong_dates|entered_twice)$",
        example = "wrong_contact"
    )]
    pub reason: String,
}

/// Void a link to a contact
///
/// For a link that was entered by mistake: the row stays and counts no more. Voiding twice is
/// refused as `already_done`. `If-Match` takes the member's version. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"),
        ("link_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = VoidLinkBody,
    responses((status = 200, description = "The voided link", body = LinkView)))]
#[post("/{member_id}/contacts/{link_id}/void")]
pub async fn void_contact_link(
    journal: Data<Journal>,
    request: Change<VoidLinkBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let member = actions::member_for(tx, &actor, id).await?;
        let (link, version) = actions::void_link(tx, member, sub_id, &body.reason).await?;
        Answer::ok(version, &LinkView::from(link))
    });
    Ok(work.await?)
}
