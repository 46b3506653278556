//! What the reporter says of the outcome, and how an issue ends.

use serde_json::json;
use uuid::Uuid;

use super::{Opened, open, refused};
use crate::auth::Actor;
use crate::clock;
use crate::error::{Error, Fault, Result};
use crate::issues::bodies::{Answered, AttemptBody, ObjectiveBody, TrackBody};
use crate::issues::rules::{self, Action, Cause, Satisfaction};
use crate::issues::store::{feedback, issues};
use crate::journal::Tx;
use crate::workdays;

impl Opened {
    /// The request of this round to the primary reporter.
    async fn request(&self, tx: &mut Tx<'_>) -> Result<Option<feedback::Request>> {
        let (key, row) = ((tx.call.city, self.row.id), &self.row);
        feedback::request(tx.conn, key, row.round, row.reporter_id).await
    }

    /// [`Opened::request`], which every issue that waits for feedback has.
    async fn asked(&self, tx: &mut Tx<'_>) -> Result<feedback::Request> {
        let request = self.request(tx).await?;
        request.ok_or_else(|| Error::internal("no feedback request in this round"))
    }

    /// What the primary reporter said in this round.
    async fn said(&self, tx: &mut Tx<'_>) -> Result<(Option<Satisfaction>, Option<Cause>)> {
        let request = self.request(tx).await?;
        let Some(request) = request else { return Ok((None, None)) };
        let satisfaction = request.satisfaction.as_deref().and_then(Satisfaction::parse);
        Ok((satisfaction, request.cause.as_deref().and_then(Cause::parse)))
    }

    async fn answer(mut self, tx: &mut Tx<'_>, by: Option<Uuid>, said: Answered) -> Result<Self> {
        let mut request = self.asked(tx).await?;
        let answered = request.answered_at.is_some();
        rules::answer_guard(answered, said.satisfaction, said.cause).map_err(refused)?;
        request.answered_at = Some(tx.call.now);
        request.solved = Some(said.solved);
        request.satisfaction = Some(said.satisfaction.as_str().to_owned());
        request.cause = said.cause.map(|cause| cause.as_str().to_owned());
        request.body = said.text;
        request.answered_by = by;
        feedback::answer(tx.conn, &request).await?;
        self.stop(tx, &["first_contact", "feedback"]).await?;
        let more = json!({
            "solved": said.solved,
            "satisfaction": said.satisfaction,
            "cause": said.cause,
            "by_callback": by.is_some(),
        });
        let cause = self.finish(tx, "issue.feedback_answered", more).await?;
        self.tell_centre(tx, "issue_feedback_answered", cause).await?;
        Ok(self)
    }

    /// Ends it, with what the reporter said beside the state.
    async fn end(mut self, tx: &mut Tx<'_>, action: Action, kind: &'static str) -> Result<Self> {
        let (satisfaction, cause) = self.said(tx).await?;
        let solved = self.request(tx).await?.and_then(|request| request.solved);
        self.stop(tx, &["first_contact", "feedback"]).await?;
        self.go(action)?;
        let more = json!({ "solved": solved, "satisfaction": satisfaction, "cause": cause });
        let cause = self.finish(tx, kind, more).await?;
        self.tell_member(tx, "issue_ended", cause).await?;
        Ok(self)
    }
}

/// I20a by the recorder, or by the centre on the phone.
pub async fn answer_feedback(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    said: Answered,
) -> Result<issues::Row> {
    let opened = open(tx, actor, id, Action::AnswerFeedback).await?;
    Ok(opened.answer(tx, Some(actor.id), said).await?.row)
}

/// I20a by the reporter, who holds the tracking code of issue `id`.
pub async fn answer_publicly(tx: &mut Tx<'_>, id: Uuid, said: Answered) -> Result<issues::Row> {
    let opened = Opened::lock(tx, id).await?;
    opened.allowed(Action::AnswerFeedback, &["reporter"])?;
    Ok(opened.answer(tx, None, said).await?.row)
}

/// I20b: somebody tried to reach the reporter.
pub async fn log_attempt(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: AttemptBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::LogAttempt).await?;
    let request = opened.asked(tx).await?;
    if body.at < request.opened_at {
        return Err(Error::fault(
            "/at",
            "回访时间不得早于本轮回访开始",
            "an attempt cannot be before this round's feedback was opened",
        ));
    }
    if body.at > tx.call.now + clock::SKEW {
        let (zh, en) = ("回访时间不得在将来", "an attempt cannot be in the future");
        return Err(Error::invalid(vec![Fault::new("/at", "in_future", zh, en)]));
    }
    let attempt = feedback::Attempt {
        city_code: tx.call.city,
        id: tx.call.id(),
        issue_id: id,
        request_id: request.id,
        round: opened.row.round,
        at: body.at,
        mode: body.mode.as_str().to_owned(),
        reached: body.reached,
        recorded_by: actor.id,
    };
    feedback::add_attempt(tx.conn, &attempt).await?;
    opened.stop(tx, &["first_contact"]).await?;
    let more = json!({ "attempt_id": attempt.id, "mode": body.mode, "reached": body.reached });
    opened.finish(tx, "issue.attempt_logged", more).await?;
    Ok(opened.row)
}

/// I21: the reporter is satisfied, or basically so.
pub async fn close(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Close).await?;
    let (satisfaction, _) = opened.said(tx).await?;
    rules::close_guard(satisfaction, opened.row.result_class())
        .map_err(|refusal| opened.refuse(refusal))?;
    opened.row.closed_at = Some(tx.call.now);
    Ok(opened.end(tx, Action::Close, "issue.closed").await?.row)
}

/// I22: what was promised is followed up until a date.
pub async fn track(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: TrackBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Track).await?;
    let (satisfaction, _) = opened.said(tx).await?;
    let today = workdays::local_date(tx.call.now);
    let class = opened.row.result_class();
    let latest = opened.due(tx, "follow_up").await?.1.on;
    rules::track_guard(satisfaction, class, body.follow_up_on, today, latest)
        .map_err(|refusal| opened.refuse(refusal))?;
    if satisfaction.is_none() {
        let request = opened.asked(tx).await?;
        let tries = feedback::tries(tx.conn, tx.call.city, request.id).await?;
        rules::unanswered_guard(request.window_ends_at <= tx.call.now, tries)
            .map_err(|refusal| opened.refuse(refusal))?;
    }
    opened.row.follow_up_on = Some(body.follow_up_on);
    Ok(opened.end(tx, Action::Track, "issue.tracked").await?.row)
}

/// I24: dissatisfied, for a cause beyond the department's power.
pub async fn close_objective(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: ObjectiveBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::CloseObjective).await?;
    let (satisfaction, cause) = opened.said(tx).await?;
    rules::close_objective_guard(satisfaction, cause).map_err(|refusal| opened.refuse(refusal))?;
    opened.row.reason_note = Some(body.reason);
    opened.row.closed_at = Some(tx.call.now);
    Ok(opened.end(tx, Action::CloseObjective, "issue.closed_objective").await?.row)
}
