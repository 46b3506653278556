//! What callers are shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{Actor, Noun, policy};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::handling::Brief;
use crate::issues::actions::roles_in;
use crate::issues::rules;
use crate::issues::store::issues;
use crate::issues::store::whole::{self, Whole};

/// An issue in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueSummary {
    /// Which.
    pub id: Uuid,
    /// Counts every change; the entity tag begins with it.
    #[schema(minimum = 1, example = 3)]
    pub version: i64,
    /// Where it stands.
    #[schema(value_type = rules::State)]
    pub state: String,
    /// In one line.
    #[schema(max_length = 200, example = "小区路灯不亮")]
    pub title: String,
    /// A code of the city's list `issue_category`.
    #[schema(max_length = 40, example = "roads")]
    pub category: String,
    /// Proposed until accepted, then confirmed.
    #[schema(value_type = rules::Urgency)]
    pub urgency: String,
    /// How it came in.
    #[schema(value_type = rules::Channel)]
    pub channel: String,
    /// The division it is about.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403")]
    pub division_code: String,
    /// The county it lies in; null at city level.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", required = true, example = "230403")]
    pub county_code: Option<String>,
    /// Where exactly.
    #[schema(max_length = 500, required = true)]
    pub place: Option<String>,
    /// The committee that guides its sector.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// Its sector.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// Whose it is.
    #[schema(required = true)]
    pub member_id: Option<Uuid>,
    /// Who wrote it down; null for what the public sent.
    #[schema(required = true)]
    pub recorder_id: Option<Uuid>,
    /// The year it came in; null for a draft.
    #[schema(minimum = 2000, maximum = 9999, required = true, example = 2026)]
    pub intake_year: Option<i16>,
    /// The year whose ledger it is in.
    #[schema(minimum = 2000, maximum = 9999, required = true, example = 2026)]
    pub ledger_year: Option<i16>,
    /// Its number there; without a gap.
    #[schema(minimum = 1, required = true, example = 58)]
    pub ledger_number: Option<i32>,
    /// The round of handling, from 1.
    #[schema(minimum = 1, example = 1)]
    pub round: i16,
    /// What came of it, once all departments replied.
    #[schema(value_type = Option<rules::ResultClass>, required = true)]
    pub result_class: Option<String>,
    /// The last date for the departments.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// The instant that date ends.
    #[schema(required = true)]
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the date was counted into a year whose working days are not known yet.
    pub provisional: bool,
    /// Why it was rejected.
    #[schema(max_length = 40, required = true)]
    pub reason_code: Option<String>,
    /// When what was promised is followed up.
    #[schema(required = true)]
    pub follow_up_on: Option<NaiveDate>,
    /// When it first went to departments.
    #[schema(required = true)]
    pub dispatched_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required = true)]
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<issues::Row> for IssueSummary {
    fn from(row: issues::Row) -> Self {
        Self {
            id: row.id,
            version: row.version,
            state: row.state,
            title: row.title,
            category: row.category,
            urgency: row.urgency,
            channel: row.channel,
            division_code: row.division_code.to_string(),
            county_code: row.county_code.map(|code| format!("{code:06}")),
            place: row.place,
            committee_id: row.committee_id,
            sector_id: row.sector_id,
            member_id: row.member_id,
            recorder_id: row.recorder_id,
            intake_year: row.intake_year,
            ledger_year: row.ledger_year,
            ledger_number: row.ledger_number,
            round: row.round,
            result_class: row.result_class,
            due_on: row.due_on,
            due_at: row.due_at,
            provisional: row.provisional,
            reason_code: row.reason_code,
            follow_up_on: row.follow_up_on,
            dispatched_at: row.dispatched_at,
            closed_at: row.closed_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What you may know of the reporter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReporterSeen {
    /// Whether anybody is known.
    pub known: bool,
    /// For the liaison centre and whoever wrote it down.
    #[schema(max_length = 100, required = true, example = "王秀兰")]
    pub name: Option<String>,
    /// For the same, masked.
    #[schema(max_length = 32, required = true, example = "139****0000")]
    pub phone: Option<String>,
    /// The contact it is, for the same.
    #[schema(required = true)]
    pub contact_id: Option<Uuid>,
}

/// Where it came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueSource {
    /// `visit`.
    #[schema(pattern = "^visit$", example = "visit")]
    pub kind: &'static str,
    /// Which.
    pub id: Uuid,
}

/// One of the liaison centre's own clocks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IssueClock {
    /// `screening`, `dispatch`, `reply_review`, `first_contact` or `feedback`.
    #[schema(
        pattern = "^(screening|dispatch|reply_review|first_contact|feedback)$",
        example = "screening"
    )]
    pub step: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The last date.
    pub due_on: NaiveDate,
    /// The first instant that is late.
    pub due_at: DateTime<Utc>,
    /// Whether the date was counted into a year whose working days are not known yet.
    pub provisional: bool,
    /// When it was done; null while it runs.
    #[schema(required = true)]
    pub ended_at: Option<DateTime<Utc>>,
}

/// What the reporter was asked in a round, and said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IssueFeedback {
    /// Which round.
    #[schema(minimum = 1, example = 1)]
    pub round: i16,
    /// When it was asked.
    pub opened_at: DateTime<Utc>,
    /// The last date for an answer.
    pub window_ends_on: NaiveDate,
    /// When it was answered.
    #[schema(required = true)]
    pub answered_at: Option<DateTime<Utc>>,
    /// Whether it is solved.
    #[schema(required = true)]
    pub solved: Option<bool>,
    /// How satisfied.
    #[schema(value_type = Option<rules::Satisfaction>, required = true)]
    pub satisfaction: Option<String>,
    /// Why not.
    #[schema(value_type = Option<rules::Cause>, required = true)]
    pub cause: Option<String>,
    /// In the reporter's words.
    #[schema(max_length = 2000, required = true)]
    pub text: Option<String>,
    /// Who took the answer down on the phone; null when the reporter gave it alone.
    #[schema(required = true)]
    pub answered_by: Option<Uuid>,
    /// The attempts to reach the reporter.
    #[schema(max_items = 1000)]
    pub attempts: Vec<IssueAttempt>,
}

/// An attempt to reach the reporter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct IssueAttempt {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    #[schema(value_type = rules::ContactMode)]
    pub mode: String,
    /// Whether the reporter was reached.
    pub reached: bool,
    /// By whom.
    pub recorded_by: Uuid,
}

/// An issue with all that belongs to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueView {
    /// As in the list.
    #[serde(flatten)]
    pub summary: IssueSummary,
    /// What it is about.
    #[schema(max_length = 5000, example = "三盏路灯已半月不亮。")]
    pub body: String,
    /// Words to the reason.
    #[schema(max_length = 1000, required = true)]
    pub reason_note: Option<String>,
    /// Who reported it, as far as you may know.
    pub reporter: ReporterSeen,
    /// Where it came from.
    #[schema(max_items = 100)]
    pub sources: Vec<IssueSource>,
    /// The liaison centre's clocks, oldest first.
    #[schema(max_items = 1000)]
    pub clocks: Vec<IssueClock>,
    /// Its work orders, oldest first; `/v1/assignments/{id}` has the rest.
    #[schema(max_items = 1000)]
    pub assignments: Vec<Brief>,
    /// What the reporter said, by round.
    #[schema(max_items = 100)]
    pub feedback: Vec<IssueFeedback>,
    /// Only in the answer of `submit`: others you see that may be the same, of its category and
    /// division and the last thirty days. For your information.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5, required = false)]
    pub similar: Option<Vec<Uuid>>,
    /// What you may do to it now.
    #[schema(max_items = 20, example = json!(["dispatch"]))]
    pub allowed_actions: Vec<&'static str>,
}

/// 13904680000 as 139****0000; a short number not at all.
fn masked(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    if digits.len() < 8 {
        return "****".to_owned();
    }
    let (head, tail) = (&digits[..3], &digits[digits.len() - 4..]);
    format!("{}****{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

fn reporter_seen(whole: &mut Whole, may_know: bool) -> ReporterSeen {
    let known = whole.reporter_known;
    if !may_know {
        return ReporterSeen { known, name: None, phone: None, contact_id: None };
    }
    let phone = whole.reporter_phone.as_deref().map(masked);
    let contact_id = whole.reporter_contact_id;
    ReporterSeen { known, name: whole.reporter_name.take(), phone, contact_id }
}

/// Rows that the database gave as JSON.
fn rows<T: DeserializeOwned>(json: &str) -> Result<Vec<T>> {
    serde_json::from_str(json).map_err(Error::internal)
}

/// The version and the view of issue `id` for this actor; 404 where it is not there for them.
pub async fn view(conn: Conn<'_>, actor: &Actor, id: Uuid) -> Result<(i64, IssueView)> {
    let whole = whole::find(conn, actor.city, id).await?;
    let mut whole = whole.ok_or_else(Error::not_found)?;
    let assignments: Vec<Brief> = rows(&whole.assignments)?;
    let mut departments: Vec<Uuid> = assignments.iter().map(|one| one.department_id).collect();
    departments.sort_unstable();
    departments.dedup();
    let places = whole.issue.places(departments);
    if !policy::sees(actor, Noun::Issue, &places) {
        return Err(Error::not_found());
    }
    let roles = roles_in(actor, &whole.issue, &places);
    let may_know = roles.iter().any(|role| ["liaison_centre", "recorder"].contains(role));
    let reporter = reporter_seen(&mut whole, may_know);
    let Whole { issue: mut row, visits, clocks, feedback, .. } = whole;
    let view = IssueView {
        allowed_actions: rules::allowed_actions(row.state()?, &roles),
        body: std::mem::take(&mut row.body),
        reason_note: row.reason_note.take(),
        reporter,
        sources: visits.into_iter().map(|id| IssueSource { kind: "visit", id }).collect(),
        clocks: rows(&clocks)?,
        assignments,
        feedback: rows(&feedback)?,
        similar: None,
        summary: row.into(),
    };
    Ok((view.summary.version, view))
}
