//! What anybody does without an account: raise an issue, follow it by its code, and say what came
//! of it. The code stands in bodies, never in a URL, which ends in logs.

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{
    Answered, PublicAnswerBody, PublicIntakeBody, PublicWithdrawBody, TrackingBody,
};
use crate::auth::{Auth, PublicWrite};
use crate::catalogue;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::handling::{self, PublicReply};
use crate::issues::actions;
use crate::issues::rules::{State, allowed_actions};
use crate::issues::store::{feedback, issues};
use crate::journal::Journal;
use crate::web::{Answer, CreateHeaders, Problem};

/// A label in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicLabel {
    /// Chinese.
    #[schema(max_length = 40, example = "已收到")]
    pub zh: &'static str,
    /// English.
    #[schema(max_length = 80, example = "received")]
    pub en: &'static str,
}

impl PublicLabel {
    /// What the reporter is told of a state; a draft is not there.
    fn of(state: State) -> Result<Self> {
        let (zh, en) = state.public_label().ok_or_else(Error::not_found)?;
        Ok(Self { zh, en })
    }
}

/// What you get for what you raised.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicReceipt {
    /// Keep it: nobody can look it up for you.
    #[schema(
        min_length = 23,
        max_length = 23,
        pattern = "^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$",
        example = "7Q2MX-0V9KD-4TB8H-ZR1CW"
    )]
    pub tracking_code: String,
    /// When it came in.
    pub submitted_at: DateTime<Utc>,
    /// Where it stands.
    pub state: PublicLabel,
}

/// What is kept of a receipt for a retry: all but the code, which is derived again.
#[derive(Serialize, Deserialize)]
struct Kept {
    issue_id: Uuid,
    submitted_at: DateTime<Utc>,
}

/// Why it was not accepted, and where to go instead.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicReason {
    /// A code of the city's list `reject_reason`.
    #[schema(max_length = 40, example = "litigation")]
    pub code: String,
    /// In Chinese.
    #[schema(max_length = 200, example = "已进入诉讼程序")]
    pub zh: String,
    /// In English.
    #[schema(max_length = 200, example = "In litigation")]
    pub en: String,
    /// Where to go instead, in Chinese.
    #[schema(max_length = 500, required = true)]
    pub go_to_zh: Option<String>,
    /// The same in English.
    #[schema(max_length = 500, required = true)]
    pub go_to_en: Option<String>,
}

/// What you may know of what you raised. Holds nothing you wrote and nothing personal.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicIssueView {
    /// Where it stands.
    pub state: PublicLabel,
    /// When it came in.
    pub submitted_at: DateTime<Utc>,
    /// A code of the city's list `issue_category`.
    #[schema(max_length = 40, example = "roads")]
    pub category: String,
    /// The last date for the departments, once they have it.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// Why it was not accepted.
    #[schema(required = true)]
    pub reason: Option<PublicReason>,
    /// What the liaison centre says to it: why it was not accepted, or why it was closed although you
    /// are not satisfied.
    #[schema(max_length = 1000, required = true)]
    pub explanation: Option<String>,
    /// What the departments answered, as far as it was reviewed.
    #[schema(max_items = 100)]
    pub replies: Vec<PublicReply>,
    /// Whether you are asked what you say of the outcome.
    pub feedback_open: bool,
}

async fn public_view(conn: Conn<'_>, city: i32, id: Uuid) -> Result<PublicIssueView> {
    let row = issues::find(conn, city, id).await?.ok_or_else(Error::not_found)?;
    let state = row.state()?;
    let request = feedback::request(conn, (city, id), row.round, row.reporter_id).await?;
    let asked = allowed_actions(state, &["reporter"]).contains(&"answer_feedback");
    let open = asked && request.is_some_and(|request| request.answered_at.is_none());
    let reason = match &row.reason_code {
        Some(code) => catalogue::city_code(conn, city, "reject_reason", code).await?,
        None => None,
    };
    let explained = matches!(state, State::Rejected | State::Closed);
    Ok(PublicIssueView {
        state: PublicLabel::of(state)?,
        submitted_at: row.created_at,
        category: row.category,
        due_on: row.due_on,
        reason: reason.map(|row| PublicReason {
            code: row.code,
            zh: row.label_zh,
            en: row.label_en,
            go_to_zh: row.note_zh,
            go_to_en: row.note_en,
        }),
        explanation: row.reason_note.filter(|_| explained),
        replies: handling::public_replies(conn, city, "issue", id).await?,
        feedback_open: open,
    })
}

/// Raise an issue
///
/// Without an account. The tracking code is given once and nowhere kept; a retry with the same
/// `Idempotency-Key` and the same body gives it again, and writes nothing.
#[utoipa::path(
    tag = "public",
    params(("city_code" = String, Path, description = "The city", pattern = "^[0-9]{6}$"), CreateHeaders),
    request_body = PublicIntakeBody,
    responses((status = 201, description = "Your receipt", body = PublicReceipt)),
    security(()),
)]
#[post("")]
pub async fn intake_issue(
    journal: Data<Journal>,
    auth: Data<Auth>,
    request: PublicWrite<PublicIntakeBody>,
) -> Result<Answer, Problem> {
    let PublicWrite { city, call, body, .. } = request;
    let secret = &auth.keys.secret;
    let written = journal.write(&call, async |tx| {
        let issue = actions::intake(tx, secret, body).await?;
        let location = format!("/public/v1/{city:06}/issues/track");
        let kept = Kept { issue_id: issue.id, submitted_at: issue.created_at };
        Ok(Answer { etag: None, ..Answer::created(1, location, &kept)? })
    });
    Ok(written.await?.rewrite(|kept: Kept| {
        Ok(PublicReceipt {
            tracking_code: actions::tracking_code(secret, city, kept.issue_id),
            submitted_at: kept.submitted_at,
            state: PublicLabel::of(State::Submitted)?,
        })
    })?)
}

/// Follow an issue
///
/// By the tracking code: where it stands, by when it is due, and the reviewed replies. Nothing that
/// you wrote is shown. A POST, so that the code stands in no URL.
#[utoipa::path(
    tag = "public",
    params(("city_code" = String, Path, description = "The city", pattern = "^[0-9]{6}$")),
    request_body = TrackingBody,
    responses((status = 200, description = "Where it stands", body = PublicIssueView)),
    security(()),
)]
#[post("/track")]
pub async fn track_public_issue(
    journal: Data<Journal>,
    request: PublicWrite<TrackingBody>,
) -> Result<Answer, Problem> {
    let PublicWrite { city, body, .. } = request;
    let conn = journal.db.read().await?;
    let id = actions::tracked(&conn, city, &body.tracking_code).await?;
    Ok(Answer::plain(&public_view(&conn, city, id).await?)?)
}

/// Say what came of it
///
/// Once in each round, while you are asked: solved or not, how satisfied, and why not.
#[utoipa::path(
    tag = "public",
    params(("city_code" = String, Path, description = "The city", pattern = "^[0-9]{6}$"), CreateHeaders),
    request_body = PublicAnswerBody,
    responses((status = 200, description = "Where it stands", body = PublicIssueView)),
    security(()),
)]
#[post("/answer_feedback")]
pub async fn answer_public_feedback(
    journal: Data<Journal>,
    request: PublicWrite<PublicAnswerBody>,
) -> Result<Answer, Problem> {
    let PublicWrite { city, call, body, .. } = request;
    let PublicAnswerBody { tracking_code, solved, satisfaction, cause, text } = body;
    let written = journal.write(&call, async |tx| {
        let id = actions::tracked(tx.conn, city, &tracking_code).await?;
        let said = Answered { solved, satisfaction, cause, text };
        actions::answer_publicly(tx, id, said).await?;
        Answer::plain(&public_view(tx.conn, city, id).await?)
    });
    Ok(written.await?)
}

/// Take it back
///
/// Before departments are at work (I29); afterwards ask the liaison centre.
#[utoipa::path(
    tag = "public",
    params(("city_code" = String, Path, description = "The city", pattern = "^[0-9]{6}$"), CreateHeaders),
    request_body = PublicWithdrawBody,
    responses((status = 200, description = "Where it stands", body = PublicIssueView)),
    security(()),
)]
#[post("/withdraw")]
pub async fn withdraw_public_issue(
    journal: Data<Journal>,
    request: PublicWrite<PublicWithdrawBody>,
) -> Result<Answer, Problem> {
    let PublicWrite { city, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let id = actions::tracked(tx.conn, city, &body.tracking_code).await?;
        actions::withdraw_publicly(tx, id, body.reason).await?;
        Answer::plain(&public_view(tx.conn, city, id).await?)
    });
    Ok(written.await?)
}
