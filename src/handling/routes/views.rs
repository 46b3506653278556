//! What the API says of work orders and replies.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::handling::rules::{self, Card, ContactMode, Kind, ResultClass, State, Urgency};
use crate::handling::store::AssignmentRow;
use crate::handling::store::replies::ReplyRow;

/// The department of a work order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DepartmentRef {
    /// Which.
    pub id: Uuid,
    /// Its name.
    #[schema(max_length = 200, example = "市城管局")]
    pub name: String,
}

/// What a work order belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssignmentParent {
    /// `issue`.
    #[schema(pattern = "^(issue|opinion|proposal)$", example = "issue")]
    pub kind: String,
    /// Which.
    pub id: Uuid,
}

/// One department's work order (转办单).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssignmentView {
    /// Its id.
    pub id: Uuid,
    /// For `If-Match`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// What it belongs to.
    pub parent: AssignmentParent,
    /// The round of the parent.
    #[schema(minimum = 1, maximum = 99, example = 1)]
    pub round: i16,
    /// The part of the department.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Who handles it.
    pub department: DepartmentRef,
    /// The class that set its durations.
    pub urgency: Urgency,
    /// What the liaison centre added for this department.
    #[schema(max_length = 1000, required = true)]
    pub note: Option<String>,
    /// Day zero of its clocks.
    pub dispatched_at: DateTime<Utc>,
    /// The first instant at which a sign-in is late.
    pub sign_due_at: DateTime<Utc>,
    /// The last day for signing in.
    pub sign_due_on: NaiveDate,
    /// When it was signed for.
    #[schema(required = true)]
    pub signed_at: Option<DateTime<Utc>>,
    /// The account that signed for it.
    #[schema(required = true)]
    pub signed_by: Option<Uuid>,
    /// Whether the sign-in came in time; null before it.
    #[schema(required = true)]
    pub signed_on_time: Option<bool>,
    /// The first instant at which a reply is late.
    pub due_at: DateTime<Utc>,
    /// The last day for replying.
    pub due_on: NaiveDate,
    /// Whether the count entered a year whose holidays are not known yet.
    pub provisional: bool,
    /// When it was recorded that the department had first spoken with the reporter; the time that
    /// was stated stands in the history.
    #[schema(required = true)]
    pub first_contact_at: Option<DateTime<Utc>>,
    /// The first instant at which that is late.
    pub first_contact_due_at: DateTime<Utc>,
    /// Whether the first contact came in time; null before it.
    #[schema(required = true)]
    pub contacted_on_time: Option<bool>,
    /// When the reply was signed.
    #[schema(required = true)]
    pub replied_at: Option<DateTime<Utc>>,
    /// Whether the reply came in time; null before it.
    #[schema(required = true)]
    pub replied_on_time: Option<bool>,
    /// When it was marked overdue.
    #[schema(required = true)]
    pub overdue_at: Option<DateTime<Utc>>,
    /// The supervision card.
    pub card: Card,
    /// How often a reply of it was sent back.
    #[schema(minimum = 0, maximum = 99, example = 0)]
    pub send_backs: i16,
    /// Why it was sent back or recalled, last.
    #[schema(max_length = 1000, required = true)]
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl AssignmentView {
    /// Of a row and the name of its department.
    pub(in crate::handling) fn new(row: AssignmentRow, department: String) -> Result<Self> {
        let (kind, state, urgency, card) = (row.kind()?, row.state()?, row.urgency()?, row.card()?);
        let timely = Timely::of(&row);
        Ok(Self {
            id: row.id,
            version: row.version,
            parent: AssignmentParent { kind: row.parent_kind, id: row.parent_id },
            round: row.round,
            kind,
            state,
            department: DepartmentRef { id: row.department_id, name: department },
            urgency,
            note: row.note,
            dispatched_at: row.dispatched_at,
            sign_due_at: row.sign_due_at,
            sign_due_on: row.sign_due_on,
            signed_at: row.signed_at,
            signed_by: row.signed_by,
            signed_on_time: timely.signed,
            due_at: row.due_at,
            due_on: row.due_on,
            provisional: row.provisional,
            first_contact_at: row.first_contact_at,
            first_contact_due_at: row.first_contact_due_at,
            contacted_on_time: timely.contacted,
            replied_at: row.replied_at,
            replied_on_time: timely.replied,
            overdue_at: row.overdue_at,
            card,
            send_backs: row.send_backs,
            reason: row.reason,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What came in time; none where it has not come.
pub(in crate::handling) struct Timely {
    pub(in crate::handling) signed: Option<bool>,
    pub(in crate::handling) contacted: Option<bool>,
    pub(in crate::handling) replied: Option<bool>,
}

impl Timely {
    /// Of a row.
    pub(in crate::handling) fn of(row: &AssignmentRow) -> Self {
        Self {
            signed: row.signed_at.map(|at| rules::signed_on_time(at, row.sign_due_at)),
            contacted: row.first_contact_at.map(|at| at < row.first_contact_due_at),
            replied: row.replied_at.map(|at| row.due().on_time(at)),
        }
    }
}

/// What a department answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReplyView {
    /// Its id.
    pub id: Uuid,
    /// `draft`, `signed`, `sent_back` or `passed`.
    #[schema(pattern = "^(draft|signed|sent_back|passed)$", example = "signed")]
    pub state: String,
    /// What came of it.
    pub result_class: ResultClass,
    /// The words.
    #[schema(max_length = 4000, example = "路灯已修复。")]
    pub body: String,
    /// How the department spoke with the reporter.
    pub contact_mode: ContactMode,
    /// By when, for class B.
    #[schema(required = true)]
    pub promised_on: Option<NaiveDate>,
    /// Why not, for class C.
    #[schema(max_length = 1000, required = true)]
    pub reason: Option<String>,
    /// The account that drafted it.
    pub drafted_by: Uuid,
    /// When.
    pub drafted_at: DateTime<Utc>,
    /// The account of the head that signed it.
    #[schema(required = true)]
    pub signed_by: Option<Uuid>,
    /// When.
    #[schema(required = true)]
    pub signed_at: Option<DateTime<Utc>>,
    /// What the review said.
    #[schema(max_length = 1000, required = true)]
    pub review_note: Option<String>,
    /// When it was reviewed.
    #[schema(required = true)]
    pub reviewed_at: Option<DateTime<Utc>>,
}

impl ReplyView {
    /// Of a row.
    pub(in crate::handling) fn new(row: ReplyRow) -> Result<Self> {
        let contact_mode = ContactMode::parse(&row.contact_mode)
            .ok_or_else(|| Error::internal("a contact mode that is none"))?;
        Ok(Self {
            id: row.id,
            result_class: row.class()?,
            state: row.state,
            body: row.body,
            contact_mode,
            promised_on: row.promised_on,
            reason: row.reason,
            drafted_by: row.drafted_by,
            drafted_at: row.drafted_at,
            signed_by: row.signed_by,
            signed_at: row.signed_at,
            review_note: row.review_note,
            reviewed_at: row.reviewed_at,
        })
    }
}

/// A work order with its replies and what the caller may do to it now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssignmentDetail {
    /// The work order itself.
    #[serde(flatten)]
    pub assignment: AssignmentView,
    /// By age; a draft only for its department and the liaison centre.
    #[schema(max_items = 100)]
    pub replies: Vec<ReplyView>,
    /// Codes of what the caller may do now.
    #[schema(max_items = 20, example = json!(["sign_in"]))]
    pub allowed_actions: Vec<&'static str>,
}
