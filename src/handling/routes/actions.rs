//! What a department does with a work order, over HTTP.

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::show;
use super::views::AssignmentDetail;
use crate::auth::{Change, Create, NoBody};
use crate::error::Result;
use crate::handling::actions::{self, Contact, Words};
use crate::handling::parent::{Parents, ReporterView};
use crate::handling::rules::{ContactMode, ResultClass};
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, CreateHeaders, Problem};

/// Sign for a work order
///
/// The department takes it (A2). Only its receiver or its own system; the handler or the head may
/// not sign for the receiver. The reply clock does not move.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order"), ChangeHeaders), request_body = NoBody, responses((status = 200, description = "The work order, being handled", body = AssignmentDetail)))]
#[post("/{assignment_id}/sign_in")]
pub async fn sign_in_assignment(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = async |tx: &mut crate::journal::Tx<'_>| {
        let row = actions::sign_in(tx, &parents, &actor, id).await?;
        show(tx.conn, &actor, row).await
    };
    Ok(journal.write(&call, work).await?)
}

/// A word with the reporter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"at": "2026-11-24T01:30:00Z", "mode": "phone", "reached": true}))]
pub struct ContactBody {
    /// When; not in the future and not before the dispatch.
    #[schema(format = DateTime, example = "2026-11-24T01:30:00Z")]
    pub at: DateTime<Utc>,
    /// How.
    pub mode: ContactMode,
    /// Whether the reporter was reached; true unless told.
    #[schema(example = true)]
    pub reached: Option<bool>,
}

/// Record a contact with the reporter
///
/// The first time that the reporter was reached is kept as the first contact; later ones are only
/// journalled (A2a). Only a handler of the department, while it is being handled.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order"), ChangeHeaders), request_body = ContactBody, responses((status = 200, description = "The work order", body = AssignmentDetail)))]
#[post("/{assignment_id}/record_contact")]
pub async fn record_assignment_contact(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Change<ContactBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let ContactBody { at, mode, reached } = body;
    let work = async |tx: &mut crate::journal::Tx<'_>| {
        let contact = Contact { at, mode, reached: reached.unwrap_or(true) };
        let row = actions::record_contact(tx, &parents, &actor, id, contact).await?;
        show(tx.conn, &actor, row).await
    };
    Ok(journal.write(&call, work).await?)
}

/// A reply in the making.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"result_class": "a", "body": "红旗路 12 号门前路灯已于 11 月 23 日修复。", "contact_mode": "phone"}))]
pub struct DraftReplyBody {
    /// What came of it.
    pub result_class: ResultClass,
    /// The words for the reporter.
    #[schema(min_length = 1, max_length = 4000, example = "路灯已修复。")]
    pub body: String,
    /// How the department spoke with the reporter.
    pub contact_mode: ContactMode,
    /// By when: class B needs it, after today and within twelve months.
    #[schema(example = "2027-05-31")]
    pub promised_on: Option<NaiveDate>,
    /// Why not: class C needs it.
    #[schema(min_length = 1, max_length = 1000, example = "须待规划调整。")]
    pub reason: Option<String>,
}

/// Draft the reply
///
/// One draft stands; a new one takes its place until the head signs it (A10a). Only a handler of
/// the department.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order"), ChangeHeaders), request_body = DraftReplyBody, responses((status = 200, description = "The work order with its draft", body = AssignmentDetail)))]
#[post("/{assignment_id}/draft_reply")]
pub async fn draft_assignment_reply(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Change<DraftReplyBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = async |tx: &mut crate::journal::Tx<'_>| {
        let row = actions::draft_reply(tx, &parents, &actor, id, body.into()).await?;
        show(tx.conn, &actor, row).await
    };
    Ok(journal.write(&call, work).await?)
}

impl From<DraftReplyBody> for Words {
    fn from(body: DraftReplyBody) -> Self {
        let DraftReplyBody { result_class, body, contact_mode, promised_on, reason } = body;
        Self { result_class, body, contact_mode, promised_on, reason }
    }
}

/// Sign the reply
///
/// The head signs the draft that stands (A10b). Only the head of the department; the handler may
/// not sign for the head. The last reply of a round brings its issue to the review.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order"), ChangeHeaders), request_body = NoBody, responses((status = 200, description = "The work order, replied", body = AssignmentDetail)))]
#[post("/{assignment_id}/reply")]
pub async fn reply_to_assignment(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = async |tx: &mut crate::journal::Tx<'_>| {
        let row = actions::reply(tx, &parents, &actor, id).await?;
        show(tx.conn, &actor, row).await
    };
    Ok(journal.write(&call, work).await?)
}

/// Why someone needs to know the reporter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "电话核实现场情况"}))]
pub struct RevealBody {
    /// The reason; that one was given is journalled.
    #[schema(min_length = 2, max_length = 500, example = "电话核实现场情况")]
    pub reason: String,
}

/// Reveal the reporter
///
/// Name, phone and address of who reported it, for the department's roles and the liaison centre.
/// Who looked is journalled; the answer is never kept, so a retry looks again. 404 where nobody is
/// known.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order"), CreateHeaders), request_body = RevealBody, responses((status = 200, description = "The reporter", body = ReporterView)))]
#[post("/{assignment_id}/reveal")]
pub async fn reveal_assignment_reporter(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Create<RevealBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let work = async |tx: &mut crate::journal::Tx<'_>| {
        let (row, reporter) = actions::reveal(tx, &parents, &actor, id, &body.reason).await?;
        let answer = Answer::ok(row.version, &reporter)?;
        Ok(Answer { secret: true, ..answer })
    };
    Ok(journal.write(&call, work).await?)
}
