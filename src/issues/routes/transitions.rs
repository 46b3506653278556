//! The transitions: one operation each, with its own typed body.

use actix_web::post;
use actix_web::web::Data;

use super::answer;
use super::bodies::{
    AcceptBody, Answered, AttemptBody, DispatchBody, ObjectiveBody, RejectBody, SendBackBody,
    TrackBody, WithdrawBody,
};
use super::views::{IssueView, view};
use crate::auth::{Change, NoBody, Noun, policy};
use crate::issues::actions;
use crate::issues::store::issues;
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, Problem};

/// Submit an issue
///
/// Sends your draft to the liaison centre for screening; its clock starts (I3). `similar` names issues
/// that may be the same. Only whoever wrote it down.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The issue, waiting for screening", body = IssueView)),
)]
#[post("/{issue_id}/submit")]
pub async fn submit_issue(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::submit(tx, &actor, id).await?;
        let sight = policy::sight(&actor, Noun::Issue);
        let (version, shown) = view(tx.conn, &actor, issue.id).await?;
        let similar = Some(issues::similar(tx.conn, &sight, &issue).await?);
        Answer::ok(version, &IssueView { similar, ..shown })
    });
    Ok(written.await?)
}

/// Reject an issue
///
/// Not for this city's conference: the reason's note tells the reporter where to go instead (I7). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = RejectBody,
    responses((status = 200, description = "The issue, not accepted", body = IssueView)),
)]
#[post("/{issue_id}/reject")]
pub async fn reject_issue(
    journal: Data<Journal>,
    request: Change<RejectBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::reject(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Accept an issue
///
/// Confirms category and urgency and enters it in the ledger of the year under the next number, without a gap; the dispatch clock starts (I9). Liaison centre, or the staff of its sector's committee.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = AcceptBody,
    responses((status = 200, description = "The issue, in the ledger", body = IssueView)),
)]
#[post("/{issue_id}/accept")]
pub async fn accept_issue(
    journal: Data<Journal>,
    request: Change<AcceptBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::accept(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Dispatch an issue
///
/// Gives it to one department alone, or to at least two separately; each gets a work order with its own clocks (I15). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = DispatchBody,
    responses((status = 200, description = "The issue, being handled", body = IssueView)),
)]
#[post("/{issue_id}/dispatch")]
pub async fn dispatch_issue(
    journal: Data<Journal>,
    request: Change<DispatchBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::dispatch(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Send replies back
///
/// The named replies, or all of them, go back to their departments with a reason and a new date (I19). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = SendBackBody,
    responses((status = 200, description = "The issue, being handled again", body = IssueView)),
)]
#[post("/{issue_id}/send_back")]
pub async fn send_back_issue(
    journal: Data<Journal>,
    request: Change<SendBackBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::send_back(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Pass the replies
///
/// The replies are good: the reporter is asked, within a day, what they say of the outcome (I20). Liaison centre, but nobody who drafted or signed one of the replies.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The issue, waiting for feedback", body = IssueView)),
)]
#[post("/{issue_id}/pass")]
pub async fn pass_issue(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::pass(tx, &actor, id).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Answer the feedback request
///
/// What the reporter says of the outcome, once a round: by whoever wrote the issue down, or by the liaison centre on the phone (I20a).
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = Answered,
    responses((status = 200, description = "The issue with the answer", body = IssueView)),
)]
#[post("/{issue_id}/answer_feedback")]
pub async fn answer_issue_feedback(
    journal: Data<Journal>,
    request: Change<Answered>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::answer_feedback(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Log an attempt
///
/// An attempt to reach the reporter, reached or not (I20b). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = AttemptBody,
    responses((status = 200, description = "The issue with the attempt", body = IssueView)),
)]
#[post("/{issue_id}/log_attempt")]
pub async fn log_issue_attempt(
    journal: Data<Journal>,
    request: Change<AttemptBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::log_attempt(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Close an issue
///
/// The reporter is satisfied or basically satisfied, and the result is of class A or C (I21). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The issue, closed", body = IssueView)),
)]
#[post("/{issue_id}/close")]
pub async fn close_issue(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::close(tx, &actor, id).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Follow an issue up
///
/// What was promised (class B) is followed up at a date within twelve months (I22). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = TrackBody,
    responses((status = 200, description = "The issue, being followed up", body = IssueView)),
)]
#[post("/{issue_id}/track")]
pub async fn track_issue(
    journal: Data<Journal>,
    request: Change<TrackBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::track(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Close for objective reasons
///
/// The reporter is dissatisfied, but the cause is beyond the department's power; the reason is told to the reporter, and it still counts as dissatisfied (I24). Liaison centre.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = ObjectiveBody,
    responses((status = 200, description = "The issue, closed", body = IssueView)),
)]
#[post("/{issue_id}/close_objective")]
pub async fn close_issue_objective(
    journal: Data<Journal>,
    request: Change<ObjectiveBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::close_objective(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// Withdraw an issue
///
/// Taken back by whoever wrote it down; once departments are at work, only by the liaison centre, which recalls their work orders (I29).
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = WithdrawBody,
    responses((status = 200, description = "The issue, withdrawn", body = IssueView)),
)]
#[post("/{issue_id}/withdraw")]
pub async fn withdraw_issue(
    journal: Data<Journal>,
    request: Change<WithdrawBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::withdraw(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}
