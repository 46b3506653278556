//! Work orders over HTTP: what may be read of them.

pub(super) mod actions;
pub mod views;

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::views::{AssignmentDetail, AssignmentView, ReplyView};
use super::parent::Parents;
use super::store::{self, AssignmentRow, Listed, Narrow, replies};
use crate::auth::{Actor, List, Noun, Read, policy};
use crate::catalogue;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::{Journal, Places};
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ListAnswer, ListQuery, Problem};
use crate::workdays::{self, Span};

/// What a list of work orders may be narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AssignmentFilter {
    /// Only in this state.
    #[param(
        pattern = "^(pending_sign|handling|return_requested|returned|recalled|replied|accepted)$",
        example = "pending_sign"
    )]
    pub state: Option<String>,
    /// Only this department's.
    pub department_id: Option<Uuid>,
    /// Only of this parent.
    pub parent_id: Option<Uuid>,
    /// Marked overdue and not answered yet (`true`), or all others (`false`).
    pub overdue: Option<bool>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    /// First due on this day or later, whatever a reply that was sent back is due by now.
    pub due_from: Option<NaiveDate>,
    /// First due before this day.
    pub due_until: Option<NaiveDate>,
    /// Signed for, and the reporter first spoken with in time (`true`), or all others (`false`).
    pub responded: Option<bool>,
    /// Signed for in time.
    pub signed_on_time: Option<bool>,
    /// First replied in time.
    pub replied_on_time: Option<bool>,
    /// A reply was sent back at least once.
    pub sent_back: Option<bool>,
    /// Dispatched on this day or later.
    pub dispatched_from: Option<NaiveDate>,
    /// Dispatched before this day.
    pub dispatched_until: Option<NaiveDate>,
    /// Ended by return or recall (`true`), or all others (`false`).
    pub taken_back: Option<bool>,
    /// `created_at` for the oldest first; the newest come first otherwise.
    #[param(pattern = "^-?created_at$", example = "-created_at")]
    pub sort: Option<String>,
}

/// List work orders
///
/// What is assigned to your department; the liaison centre and others with the city in sight see
/// all. Newest first. Replies and allowed actions stand in the single read.
#[utoipa::path(tag = "assignments", params(AssignmentFilter, ListQuery), responses((status = 200, description = "A page of work orders", body = Listing<AssignmentView>)))]
#[get("")]
pub async fn list_assignments(
    journal: Data<Journal>,
    request: List<AssignmentFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Assignment);
    let wanted = Narrow::from(filters);
    let key = |listed: &Listed| Key { at: listed.assignment.created_at, id: listed.assignment.id };
    let view = |listed: Listed| AssignmentView::new(listed.assignment, listed.department_name);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::list(conn, actor.city, &sight, wanted.clone(), page).await?;
        let Listing { data, next, total } = page.listing(rows, total, key, view);
        Ok(Listing { data: data.into_iter().collect::<Result<Vec<_>>>()?, next, total })
    };
    Ok(journal.db.list(page, read).await?)
}

impl From<AssignmentFilter> for Narrow {
    fn from(filter: AssignmentFilter) -> Self {
        let AssignmentFilter { state, department_id, parent_id, overdue, due_before, .. } = filter;
        let AssignmentFilter { due_from, due_until, taken_back, sort, .. } = filter;
        let AssignmentFilter { responded, signed_on_time, replied_on_time, sent_back, .. } = filter;
        let AssignmentFilter { dispatched_from, dispatched_until, .. } = filter;
        Self {
            responded,
            signed_on_time,
            replied_on_time,
            sent_back,
            dispatched_from,
            dispatched_until,
            state,
            department_id,
            parent_id,
            overdue,
            due_before,
            due_from,
            due_until,
            taken_back,
            sort,
        }
    }
}

/// Read a work order
///
/// With its replies and what you may do to it now. For its department and whoever has the city in
/// sight; a draft reply only for the department and the liaison centre.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order")), responses((status = 200, description = "The work order", body = AssignmentDetail)))]
#[get("/{assignment_id}")]
pub async fn get_assignment(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Read,
) -> Result<Answer, Problem> {
    let Read { actor, id, .. } = request;
    let conn = journal.db.read().await?;
    let row = seen(&conn, &parents, &actor, id).await?;
    Ok(show(&conn, &actor, row).await?)
}

/// Why a reply is due when it is due.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeadlineView {
    /// Day zero: when it was dispatched, whenever it was signed for.
    pub start: DateTime<Utc>,
    /// How many units it may take.
    #[schema(minimum = 1, maximum = 32767, example = 15)]
    pub n: i16,
    /// `wd` working days, `d` days, `h` hours.
    #[schema(pattern = "^(wd|d|h)$", example = "wd")]
    pub unit: String,
    /// The working days that count, to the due date; empty for days and hours.
    #[schema(max_items = 400, example = json!(["2026-11-25", "2026-11-26"]))]
    pub counted_days: Vec<NaiveDate>,
    /// The last day for replying.
    pub due_on: NaiveDate,
    /// The first instant at which a reply is late.
    pub due_at: DateTime<Utc>,
    /// Whether the count entered a year whose holidays are not known yet.
    pub provisional: bool,
    /// Whether the reply was sent back and given until later than `n`.
    pub extended: bool,
}

/// Explain a deadline
///
/// From when, how many, which days counted, until when. For whoever may read the work order.
#[utoipa::path(tag = "assignments", params(("assignment_id" = Uuid, Path, description = "The work order")), responses((status = 200, description = "How the deadline came about", body = DeadlineView)))]
#[get("/{assignment_id}/deadline")]
pub async fn get_assignment_deadline(
    journal: Data<Journal>,
    parents: Data<Parents>,
    request: Read,
) -> Result<Answer, Problem> {
    let Read { actor, id, .. } = request;
    let conn = journal.db.read().await?;
    let row = seen(&conn, &parents, &actor, id).await?;
    let view = explain(&conn, &row).await?;
    Ok(Answer::ok(row.version, &view)?)
}

async fn explain(conn: Conn<'_>, row: &AssignmentRow) -> Result<DeadlineView> {
    let table = catalogue::day_table(conn, row.city_code).await?;
    let span = u16::try_from(row.amount).ok().and_then(|n| Span::parse(n, &row.unit));
    let span = span.ok_or_else(|| Error::internal("a span that is none"))?;
    let extended =
        row.send_backs > 0 && row.due_at > workdays::due(&table, row.dispatched_at, span).at;
    let n =
        if extended || matches!(span, Span::WorkingDays(_)) { span.amount().max(400) } else { 0 };
    let mut counted_days = workdays::counted_days(&table, row.dispatched_at, n, &[]);
    counted_days.retain(|day| *day <= row.due_on);
    Ok(DeadlineView {
        start: row.dispatched_at,
        n: row.amount,
        unit: row.unit.clone(),
        counted_days,
        due_on: row.due_on,
        due_at: row.due_at,
        provisional: row.provisional,
        extended,
    })
}

/// The work order, 404 unless it is there for the actor.
async fn seen(conn: Conn<'_>, parents: &Parents, actor: &Actor, id: Uuid) -> Result<AssignmentRow> {
    let row = store::get(conn, actor.city, id).await?;
    if policy::sees(actor, Noun::Assignment, &own_places(&row)) {
        return Ok(row);
    }
    // Whoever sees the parent sees what its departments do.
    let parent = parents.of(&row.parent_kind)?;
    let places = parent.places(conn, actor.city, row.parent_id).await?;
    let places = Places { departments: vec![row.department_id], ..places };
    if policy::sees(actor, Noun::Assignment, &places) { Ok(row) } else { Err(Error::not_found()) }
}

/// The department alone: enough for its own roles and for those of the whole city.
fn own_places(row: &AssignmentRow) -> Places {
    Places { departments: vec![row.department_id], ..Places::default() }
}

/// A work order with its replies, for this actor.
pub(super) async fn show(conn: Conn<'_>, actor: &Actor, row: AssignmentRow) -> Result<Answer> {
    let roles = policy::roles_at(actor, &own_places(&row));
    let inside = roles.iter().any(|role| role.starts_with("dept_") || *role == "liaison_centre");
    let allowed_actions = super::actions::allowed(row.state()?, &roles);
    let replies = replies::list(conn, row.city_code, row.id).await?;
    let replies = replies.into_iter().filter(|reply| inside || reply.state != "draft");
    let replies = replies.map(ReplyView::new).collect::<Result<Vec<_>>>()?;
    let version = row.version;
    let assignment = store::views(conn, vec![row]).await?.pop();
    let assignment = assignment.ok_or_else(|| Error::internal("a row without a view"))?;
    Answer::ok(version, &AssignmentDetail { assignment, replies, allowed_actions })
}
