//! Members and contacts who leave, or were entered by mistake.

use actix_web::post;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::bodies::EndBody;
use super::contacts::ContactView;
use super::members::MemberView;
use crate::auth::{Change, NoBody};
use crate::chain::actions;
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, Problem};

/// Why somebody was entered by mistake.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "entered_twice" }))]
pub struct VoidBody {
    /// entered_twice, wrong_person or not_appointed
    #[schema(
        min_length = 1,
        max_length = 16,
        pattern = "^(entered_twice|wrong_person|not_appointed)$",
        example = "entered_twice"
    )]
    pub reason: String,
}

/// End a member's term
///
/// The member is one until the day before `until`. What joins them to others (sector, contacts,
/// posts, areas) ends on that day in the same transaction; what has not begun by then is voided. An
/// end is brought forward, never put off; one that was a mistake is taken back (`continue`). For
/// those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The member with their last day", body = MemberView)))]
#[post("/{member_id}/end")]
pub async fn end_member(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::end_member(tx, row, body.until).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}

/// Void a member
///
/// For somebody who was entered by mistake: the row stays and is read no more, the number is free
/// again, and what joins them to others is voided with them. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), ChangeHeaders),
    request_body = VoidBody,
    responses((status = 200, description = "The voided member", body = MemberView)))]
#[post("/{member_id}/void")]
pub async fn void_member(
    journal: Data<Journal>,
    request: Change<VoidBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::void_member(tx, row, &body.reason).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}

/// End a contact's term
///
/// The contact is one until the day before `until`. Their links to members end on that day in the
/// same transaction; those that have not begun by then are voided. An end is brought forward, never
/// put off. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("contact_id" = Uuid, Path, description = "The contact"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The contact with their last day", body = ContactView)))]
#[post("/{contact_id}/end")]
pub async fn end_contact(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::leaving_contact_for(tx, &actor, id).await?;
        let row = actions::end_contact(tx, row, body.until).await?;
        Answer::ok(row.version, &ContactView::new(&actor, &[], row))
    });
    Ok(work.await?)
}

/// Void a contact
///
/// For somebody who was entered by mistake: the row stays and is read no more, the number is free
/// again, and the links to members are voided with them. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("contact_id" = Uuid, Path, description = "The contact"), ChangeHeaders),
    request_body = VoidBody,
    responses((status = 200, description = "The voided contact", body = ContactView)))]
#[post("/{contact_id}/void")]
pub async fn void_contact(
    journal: Data<Journal>,
    request: Change<VoidBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::leaving_contact_for(tx, &actor, id).await?;
        let row = actions::void_contact(tx, row, &body.reason).await?;
        Answer::ok(row.version, &ContactView::new(&actor, &[], row))
    });
    Ok(work.await?)
}

/// Take back the end of a member's term
///
/// For an end that was a mistake, past or to come: the member goes on. Sector, contacts and what
/// the account may go on with it where they ended on that day; posts, areas, a branch are given
/// anew, for they may be somebody else's by now. 409 where the number is (`duplicate`), or there is
/// no end (`already_done`). For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The member, who goes on", body = MemberView)))]
#[post("/{member_id}/continue")]
pub async fn continue_member(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::continue_member(tx, row).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}

/// Take back the end of a contact's term
///
/// For an end that was a mistake, past or to come: the contact goes on. Links that ended on that
/// day go on with it as long as the member does. 409 where the number is somebody else's by now
/// (`duplicate`), or there is no end (`already_done`). For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("contact_id" = Uuid, Path, description = "The contact"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The contact, who goes on", body = ContactView)))]
#[post("/{contact_id}/continue")]
pub async fn continue_contact(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::leaving_contact_for(tx, &actor, id).await?;
        let row = actions::continue_contact(tx, row).await?;
        Answer::ok(row.version, &ContactView::new(&actor, &[], row))
    });
    Ok(work.await?)
}
