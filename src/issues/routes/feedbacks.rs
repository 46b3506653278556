//! What reporters were asked and said, over all issues: the rows behind the three rates.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{List, Noun, policy};
use crate::db::Conn;
use crate::issues::rules::Satisfaction;
use crate::issues::store::feedback::{self, Listed, Wanted};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};

/// Which feedback requests.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FeedbackFilter {
    /// About this issue.
    pub issue_id: Option<Uuid>,
    /// Whose window ended (or ends) on this date or later.
    #[param(example = "2026-01-01")]
    pub ended_from: Option<NaiveDate>,
    /// Whose window ended (or ends) before this date.
    #[param(example = "2027-01-01")]
    pub ended_until: Option<NaiveDate>,
    /// What became of it: an answer; two attempts or more that reached nobody; or neither so far.
    #[param(pattern = "^(answered|not_reachable|pending)$", example = "answered")]
    pub outcome: Option<String>,
    /// Whether the reporter said it was solved.
    pub solved: Option<bool>,
    /// Satisfied or basically satisfied (`true`), or dissatisfied (`false`).
    pub satisfied: Option<bool>,
    /// What the reporter said of it.
    #[param(inline)]
    pub satisfaction: Option<Satisfaction>,
}

/// One question to one reporter in one round, without anything the reporter wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackRequestView {
    /// Its id.
    pub id: Uuid,
    /// The issue.
    pub issue_id: Uuid,
    /// Its round of handling, from 1.
    #[schema(minimum = 1, example = 1)]
    pub round: i16,
    /// When the reporter was first to be asked.
    pub opened_at: DateTime<Utc>,
    /// The last day for an answer.
    pub window_ends_on: NaiveDate,
    /// When it was answered.
    #[schema(required = true)]
    pub answered_at: Option<DateTime<Utc>>,
    /// Whether it was solved.
    #[schema(required = true)]
    pub solved: Option<bool>,
    /// What the reporter said of it.
    #[schema(value_type = Option<Satisfaction>, required = true)]
    pub satisfaction: Option<String>,
    /// Of a dissatisfied answer: whether the department could have done better.
    #[schema(max_length = 16, required = true, example = "objective")]
    pub cause: Option<String>,
    /// How often somebody tried to reach the reporter in this round.
    #[schema(minimum = 0, example = 1)]
    pub attempts: i64,
    /// answered, not_reachable or pending
    #[schema(
        max_length = 16,
        pattern = "^(answered|not_reachable|pending)$",
        example = "answered"
    )]
    pub outcome: String,
}

impl From<Listed> for FeedbackRequestView {
    fn from(row: Listed) -> Self {
        Self {
            id: row.id,
            issue_id: row.issue_id,
            round: row.round,
            opened_at: row.opened_at,
            window_ends_on: row.window_ends_on,
            answered_at: row.answered_at,
            solved: row.solved,
            satisfaction: row.satisfaction,
            cause: row.cause,
            attempts: row.attempts,
            outcome: row.outcome,
        }
    }
}

/// List feedback
///
/// What reporters were asked about the issues that you may see, newest first, and what became of
/// each question. Resolution and satisfaction rates are counted from these rows.
#[utoipa::path(
    tag = "issues",
    params(FeedbackFilter, ListQuery),
    responses((status = 200, description = "A page of feedback requests", body = Listing<FeedbackRequestView>)),
)]
#[get("")]
pub async fn list_feedbacks(
    journal: Data<Journal>,
    request: List<FeedbackFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let FeedbackFilter {
        issue_id,
        ended_from,
        ended_until,
        outcome,
        solved,
        satisfied,
        satisfaction,
    } = filters;
    let satisfaction = satisfaction.map(|said| said.as_str().to_owned());
    let wanted =
        Wanted { issue_id, ended_from, ended_until, outcome, solved, satisfied, satisfaction };
    let sight = policy::sight(&actor, Noun::Issue);
    let key = |row: &Listed| Key { at: row.opened_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = feedback::list(conn, actor.city, &sight, wanted.clone(), page).await?;
        Ok(page.listing(rows, total, key, FeedbackRequestView::from))
    };
    Ok(journal.db.list(page, read).await?)
}
