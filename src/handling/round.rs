//! What a parent's room does to the work orders of a round. The caller holds the parent's lock, has
//! asked its own policy, and bumps and journals the parent itself.

use serde_json::{Value, json};
use uuid::Uuid;

use super::notices::{Audience, notify};
use super::parent::ParentRef;
use super::routes::views::Timely;
use super::rules::{self, Action, Card, Kind, ResultClass, State};
use super::store::{self, AssignmentRow, parents, replies};
use super::timers;
use crate::catalogue::Calendar;
use crate::error::{Error, Fault, Result, check};
use crate::journal::{Entry, Places, Tx, timers as journal_timers};
use crate::workdays::{self, DayTable, Span};

/// What is asked of one department.
#[derive(Debug, Clone)]
pub struct DepartmentOrder {
    /// Whom.
    pub department_id: Uuid,
    /// What the liaison centre adds for it.
    pub note: Option<String>,
}

/// A1: makes the work orders of a round and starts their clocks. With [`Kind::Lead`] the first
/// department leads and the others join; every other kind is that of all of them.
pub async fn open_round(
    tx: &mut Tx<'_>,
    parent: ParentRef,
    kind: Kind,
    orders: &[DepartmentOrder],
) -> Result<Vec<AssignmentRow>> {
    let calendar = Calendar::of(tx).await?;
    let span = |step| calendar.span(parent.urgency.as_str(), step);
    let (signing, contact, card) = (span("sign_in")?, span("contact")?, span("sign_in_card")?);
    let step = if parent.round > 1 { "rework" } else { "reply" };
    let replying = span(step)?;
    let make = |(n, order): (usize, &DepartmentOrder)| {
        let kind = if kind == Kind::Lead && n > 0 { Kind::Co } else { kind };
        new_row(tx, &parent, kind, order, &calendar.table, Spans { signing, contact, replying })
    };
    let rows: Vec<AssignmentRow> = orders.iter().enumerate().map(make).collect();
    store::insert(tx.conn, &rows).await?;
    for row in &rows {
        let cause = journal(tx, "assignment.dispatched", row, &parent.places, None, None).await?;
        tell_department(tx, "assignment_dispatched", row, cause).await?;
        set_timers(tx, row, &calendar.table, card).await?;
    }
    Ok(rows)
}

/// How long a department has for what.
struct Spans {
    signing: Span,
    contact: Span,
    replying: Span,
}

fn new_row(
    tx: &Tx<'_>,
    parent: &ParentRef,
    kind: Kind,
    order: &DepartmentOrder,
    table: &DayTable,
    spans: Spans,
) -> AssignmentRow {
    let Spans { signing, contact, replying } = spans;
    let now = tx.call.now;
    let sign = rules::sign_due(table, now, signing);
    let due = rules::reply_due(table, now, replying);
    AssignmentRow {
        city_code: tx.call.city,
        id: tx.call.id(),
        version: 1,
        parent_kind: parent.kind.to_owned(),
        parent_id: parent.id,
        round: parent.round,
        kind: kind.as_str().to_owned(),
        state: State::PendingSign.as_str().to_owned(),
        department_id: order.department_id,
        urgency: parent.urgency.as_str().to_owned(),
        note: order.note.clone(),
        dispatched_at: now,
        sign_due_at: sign.at,
        sign_due_on: sign.on,
        signed_at: None,
        signed_by: None,
        amount: i16::try_from(replying.amount()).unwrap_or(i16::MAX),
        unit: replying.unit().to_owned(),
        due_at: due.at,
        due_on: due.on,
        provisional: due.provisional,
        first_contact_at: None,
        first_contact_due_at: workdays::due(table, now, contact).at,
        replied_at: None,
        overdue_at: None,
        card: Card::Normal.as_str().to_owned(),
        send_backs: 0,
        reason: None,
        created_at: now,
        updated_at: now,
        first_due_at: due.at,
        first_replied_at: None,
    }
}

/// A fault at `/assignments/N/department_id` for each that is no department today.
pub async fn check_departments(tx: &Tx<'_>, departments: &[Uuid]) -> Result<Vec<Fault>> {
    let today = workdays::local_date(tx.call.now);
    let known = store::departments_on(tx.conn, tx.call.city, departments, today).await?;
    let unknown = departments.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let fault = |(n, _)| {
        Fault::reference(format!("/assignments/{n}/department_id"), "承办部门", "department")
    };
    Ok(unknown.map(fault).collect())
}

async fn set_timers(
    tx: &mut Tx<'_>,
    row: &AssignmentRow,
    table: &DayTable,
    card: Span,
) -> Result<()> {
    let sign = workdays::Due { on: row.sign_due_on, at: row.sign_due_at, provisional: false };
    let reminder = rules::sign_reminder_at(&sign);
    journal_timers::schedule(tx, timers::UNSIGNED, row.id, row.round, reminder).await?;
    let yellow = rules::yellow_at(table, &sign, card);
    journal_timers::schedule(tx, timers::YELLOW, row.id, row.round, yellow).await?;
    let overdue = rules::overdue_fires_at(table, row.due_on);
    journal_timers::schedule(tx, timers::OVERDUE, row.id, row.round, overdue).await
}

/// Locks the work orders of the round whose state allows `action`: those named, or all. One named
/// that is not of this round is 422, one whose state forbids it 409.
async fn open_to(
    tx: &Tx<'_>,
    parent: &ParentRef,
    action: Action,
    named: &[Uuid],
) -> Result<Vec<AssignmentRow>> {
    let city = tx.call.city;
    let all = parents::of_parent(tx.conn, city, parent.kind, parent.id).await?;
    // The parent's lock keeps them still; ids ascend, so that locks are taken in one order.
    let mut round: Vec<Uuid> =
        all.into_iter().filter(|row| row.round == parent.round).map(|row| row.id).collect();
    round.sort_unstable();
    let unknown = named.iter().enumerate().filter(|(_, id)| !round.contains(id));
    let fault = |(n, _)| Fault::reference(format!("/assignment_ids/{n}"), "转办单", "assignment");
    check(unknown.map(fault).collect())?;
    let mut rows = Vec::new();
    for id in round.into_iter().filter(|id| named.is_empty() || named.contains(id)) {
        let row = store::lock(tx.conn, city, id).await?;
        let state = row.state()?;
        match rules::transition(state, action) {
            Some(_) => rows.push(row),
            None if named.is_empty() => {}
            None => {
                let allowed = rules::allowed_actions(state, &["liaison_centre"]);
                return Err(Error::transition(state.as_str(), allowed));
            }
        }
    }
    Ok(rows)
}

/// A12: sends replies of the round back: those of the named work orders, or all that replied.
pub async fn send_back(
    tx: &mut Tx<'_>,
    parent: &ParentRef,
    assignments: &[Uuid],
    reason: &str,
) -> Result<Vec<AssignmentRow>> {
    let mut rows = open_to(tx, parent, Action::SendBack, assignments).await?;
    let calendar = Calendar::of(tx).await?;
    for row in &mut rows {
        review(tx, row, "sent_back", Some(reason)).await?;
        let before = row.state.clone();
        let span = calendar.span(&row.urgency, "sent_back")?;
        let due = rules::sent_back_due(&calendar.table, row.due(), tx.call.now, span);
        if due.at > row.due_at {
            // A new limit is missed anew; that the first one was is in the journal and on the card.
            row.overdue_at = None;
        }
        (row.due_at, row.due_on, row.provisional) = (due.at, due.on, due.provisional);
        row.state = State::Handling.as_str().to_owned();
        row.replied_at = None;
        row.send_backs += 1;
        row.reason = Some(reason.to_owned());
        store::update(tx.conn, row, tx.call.now).await?;
        let overdue = rules::overdue_fires_at(&calendar.table, row.due_on);
        journal_timers::schedule(tx, timers::OVERDUE, row.id, row.round, overdue).await?;
        let cause =
            journal(tx, "assignment.sent_back", row, &parent.places, Some(&before), None).await?;
        tell_department(tx, "assignment_sent_back", row, cause).await?;
    }
    Ok(rows)
}

/// A13: the replies of the round pass.
pub async fn pass(tx: &mut Tx<'_>, parent: &ParentRef) -> Result<Vec<AssignmentRow>> {
    let mut rows = open_to(tx, parent, Action::Pass, &[]).await?;
    for row in &mut rows {
        let class = review(tx, row, "passed", None).await?;
        let before = row.state.clone();
        row.state = State::Accepted.as_str().to_owned();
        row.card = Card::Normal.as_str().to_owned();
        store::update(tx.conn, row, tx.call.now).await?;
        journal(tx, "assignment.passed", row, &parent.places, Some(&before), class).await?;
    }
    Ok(rows)
}

/// A14: takes every work order of the round back that has not passed; what was replied is reviewed
/// by nobody any more.
pub async fn recall_all(
    tx: &mut Tx<'_>,
    parent: &ParentRef,
    reason: &str,
) -> Result<Vec<AssignmentRow>> {
    let mut rows = open_to(tx, parent, Action::Recall, &[]).await?;
    for row in &mut rows {
        let before = row.state.clone();
        row.state = State::Recalled.as_str().to_owned();
        row.card = Card::Normal.as_str().to_owned();
        row.reason = Some(reason.to_owned());
        store::update(tx.conn, row, tx.call.now).await?;
        let cause =
            journal(tx, "assignment.recalled", row, &parent.places, Some(&before), None).await?;
        tell_department(tx, "assignment_recalled", row, cause).await?;
    }
    Ok(rows)
}

/// Marks the signed reply of a work order as reviewed; what came of it.
async fn review(
    tx: &Tx<'_>,
    row: &AssignmentRow,
    state: &'static str,
    note: Option<&str>,
) -> Result<Option<ResultClass>> {
    let signed = replies::find(tx.conn, row.city_code, row.id, "signed").await?;
    let review = replies::Review { state, note, by: tx.call.actor_id, at: tx.call.now };
    replies::review(tx.conn, row.city_code, row.id, &review).await?;
    signed.map(|reply| reply.class()).transpose()
}

/// A notice to the department of a work order.
pub(super) async fn tell_department(
    tx: &mut Tx<'_>,
    code: &'static str,
    row: &AssignmentRow,
    cause: Uuid,
) -> Result<()> {
    let pending = row.state == State::PendingSign.as_str();
    let on = Some(if pending { row.sign_due_on } else { row.due_on });
    let (to, place) = (Audience::Department, Some(row.department_id));
    notify(tx, code, to, place, "assignment", row.id, on, cause).await
}

/// Places of a work order: its parent's, and its own department alone.
pub(super) fn places(row: &AssignmentRow, parent: &Places) -> Places {
    Places { departments: vec![row.department_id], ..parent.clone() }
}

/// Journals what happened to a work order, without words of people.
pub(super) async fn journal(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &AssignmentRow,
    parent: &Places,
    before: Option<&str>,
    class: Option<ResultClass>,
) -> Result<Uuid> {
    let mut after = facts(row);
    after["result_class"] = json!(class);
    journal_as(tx, kind, row, parent, before, after).await
}

/// [`journal`] with facts of the caller's own.
pub(super) async fn journal_as(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &AssignmentRow,
    parent: &Places,
    before: Option<&str>,
    after: Value,
) -> Result<Uuid> {
    tx.journal(Entry {
        kind,
        object_kind: "assignment",
        object_id: row.id,
        version: row.version,
        places: places(row, parent),
        before: before.map(|state| json!({ "state": state })),
        after: Some(after),
    })
    .await
}

/// What every journal row of a work order says.
pub(super) fn facts(row: &AssignmentRow) -> Value {
    let timely = Timely::of(row);
    json!({
        "state": row.state,
        "department_id": row.department_id,
        "kind": row.kind,
        "round": row.round,
        "due_on": row.due_on,
        "card": row.card,
        "result_class": null,
        "signed_on_time": timely.signed,
        "contacted_on_time": timely.contacted,
        "replied_on_time": timely.replied,
        "parent": { "kind": row.parent_kind, "id": row.parent_id },
    })
}
