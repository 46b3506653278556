//! What callers are shown.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{Actor, Noun, policy};
use crate::db::Conn;
use crate::error::Result;
use crate::handling::{self, AssignmentRow};
use crate::issues::actions::{places_of, roles_in};
use crate::issues::rules;
use crate::issues::store::{clocks, feedback, issues, reporters};

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
#[derive(Debug, Clone, Serialize, ToSchema)]
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

/// A work order of it, in short; `/v1/assignments/{id}` has the rest.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueAssignment {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub department_id: Uuid,
    /// Alone, or one of several.
    #[schema(value_type = rules::Kind)]
    pub kind: String,
    /// Where it stands.
    #[schema(value_type = handling::State)]
    pub state: String,
    /// In which round.
    #[schema(minimum = 1, example = 1)]
    pub round: i16,
    /// The last date for the reply.
    pub due_on: NaiveDate,
    /// Its supervision card.
    #[schema(value_type = handling::Card)]
    pub card: String,
    /// When the reply was signed.
    #[schema(required = true)]
    pub replied_at: Option<DateTime<Utc>>,
}

impl From<AssignmentRow> for IssueAssignment {
    fn from(row: AssignmentRow) -> Self {
        Self {
            id: row.id,
            department_id: row.department_id,
            kind: row.kind,
            state: row.state,
            round: row.round,
            due_on: row.due_on,
            card: row.card,
            replied_at: row.replied_at,
        }
    }
}

/// What the reporter was asked in a round, and said.
#[derive(Debug, Clone, Serialize, ToSchema)]
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
#[derive(Debug, Clone, Serialize, ToSchema)]
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
    /// Its work orders, oldest first.
    #[schema(max_items = 1000)]
    pub assignments: Vec<IssueAssignment>,
    /// What the reporter said, by round.
    #[schema(max_items = 100)]
    pub feedback: Vec<IssueFeedback>,
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

fn reporter_seen(row: Option<reporters::Row>, may_know: bool) -> ReporterSeen {
    let known = row.as_ref().is_some_and(reporters::Row::known);
    let row = row.filter(|_| may_know);
    let phone = row.as_ref().and_then(|row| row.phone.as_deref().map(masked));
    let contact_id = row.as_ref().and_then(|row| row.contact_id);
    ReporterSeen { known, name: row.and_then(|row| row.name), phone, contact_id }
}

/// The view of an issue for this actor; 404 where it is not there for them.
pub async fn view(conn: Conn<'_>, actor: &Actor, row: issues::Row) -> Result<IssueView> {
    let (city, id) = (row.city_code, row.id);
    let places = places_of(conn, &row).await?;
    if !policy::sees(actor, Noun::Issue, &places) {
        return Err(crate::error::Error::not_found());
    }
    let roles = roles_in(actor, &row, &places);
    let may_know = roles.iter().any(|role| ["liaison_centre", "recorder"].contains(role));
    let reporter = reporters::find(conn, city, row.reporter_id).await?;
    let visits = issues::visits(conn, city, id).await?;
    let clocks = clocks::list(conn, city, id).await?.into_iter().map(|clock| IssueClock {
        step: clock.step,
        started_at: clock.started_at,
        due_on: clock.due_on,
        due_at: clock.due_at,
        provisional: clock.provisional,
        ended_at: clock.ended_at,
    });
    let attempts = feedback::attempts(conn, city, id).await?;
    let requests = feedback::requests(conn, city, id).await?;
    let feedback = requests.into_iter().map(|one| IssueFeedback {
        attempts: attempts
            .iter()
            .filter(|attempt| attempt.round == one.round)
            .map(|attempt| IssueAttempt {
                at: attempt.at,
                mode: attempt.mode.clone(),
                reached: attempt.reached,
                recorded_by: attempt.recorded_by,
            })
            .collect(),
        round: one.round,
        opened_at: one.opened_at,
        window_ends_on: one.window_ends_on,
        answered_at: one.answered_at,
        solved: one.solved,
        satisfaction: one.satisfaction,
        cause: one.cause,
        text: one.body,
        answered_by: one.answered_by,
    });
    let assignments = handling::of_parent(conn, city, "issue", id).await?;
    Ok(IssueView {
        allowed_actions: rules::allowed_actions(row.state()?, &roles),
        body: row.body.clone(),
        reason_note: row.reason_note.clone(),
        reporter: reporter_seen(reporter, may_know),
        sources: visits.into_iter().map(|id| IssueSource { kind: "visit", id }).collect(),
        clocks: clocks.collect(),
        assignments: assignments.into_iter().map(IssueAssignment::from).collect(),
        feedback: feedback.collect(),
        summary: row.into(),
    })
}
