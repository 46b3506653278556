//! Planning, submitting and deciding.

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use super::items;
use crate::auth::{Actor, Noun, policy};
use crate::chain;
use crate::error::{self, Code, Error, Fault, Result};
use crate::journal::{Call, Entry, Places, Timer, TimerHandler, Tx, timers};
use crate::plans::routes::{NewPlan, PlanPatch, SendBackPlan};
use crate::plans::rules::{self, Action, OwnerKind, PeriodKind, Refusal, State};
use crate::plans::store::plans::{ItemRow, PlanRow};
use crate::plans::store::{plans as store, schemes};
use crate::web::Patch;
use crate::workdays;

/// The kind of timer by which a plan ends with its period.
pub const CLOSE_TIMER: &str = "plan_close";
const WRITERS: &[&str] = &["member", "convener", "committee_staff", "liaison_centre"];

/// Drafts the plan of an owner for a period.
pub async fn create_plan(
    tx: &mut Tx<'_>,
    actor: &Actor,
    body: NewPlan,
) -> Result<(PlanRow, Vec<ItemRow>)> {
    let city = tx.call.city;
    let (kind, owner_id) = (body.owner_kind, body.owner_id);
    let owner = match kind {
        OwnerKind::Member => {
            let row = chain::member(tx.conn, city, owner_id).await?;
            row.map(|row| (row.places(), row.term()))
        }
        OwnerKind::Committee | OwnerKind::PartyBranch => {
            let row = chain::organization(tx.conn, city, kind.as_str(), owner_id).await?;
            row.map(|row| (row.places(), row.term()))
        }
    };
    let owner = owner.filter(|(places, _)| policy::sees(actor, Noun::Plan, places));
    let Some((places, term)) = owner else {
        return Err(Error::invalid(vec![Fault::reference("/owner_id", "计划主体", "owner")]));
    };
    policy::require(actor, Noun::Plan, &places, WRITERS)?;

    let mut faults = Vec::new();
    if kind != OwnerKind::PartyBranch && body.period_kind != PeriodKind::Month {
        faults.push(Refusal::NotMonthly.into());
    }
    let today = workdays::local_date(tx.call.now);
    let period = rules::period_ok(body.period_kind, body.period_start, today);
    faults.extend(period.err().map(Fault::from));
    let end = rules::period_end(body.period_kind, body.period_start);
    let days = (body.period_start, end.pred_opt().unwrap_or(end));
    faults.extend(chain::absent(term, days, "/owner_id"));
    let scheme = schemes::in_force(tx.conn, city, body.period_start).await?;
    faults.extend(scheme.is_none().then_some(Refusal::NoScheme.into()));
    let (Some(scheme), true) = (scheme, faults.is_empty()) else {
        return Err(Error::invalid(faults));
    };
    let row = PlanRow {
        city_code: city,
        id: body.id.unwrap_or_else(|| tx.call.id()),
        owner_kind: kind.as_str().into(),
        owner_id,
        period_kind: body.period_kind.as_str().into(),
        period_start: body.period_start,
        scheme_id: scheme.id,
        state: State::Draft.as_str().into(),
        late: false,
        note: body.note,
        send_back_reason: None,
        member_id: places.member,
        sector_id: places.sector,
        committee_id: places.committee,
        county_code: places.county,
        recorder_id: actor.id,
        submitted_at: None,
        decided_at: None,
        decided_by: None,
        version: 1,
        created_at: tx.call.now,
        updated_at: tx.call.now,
    };
    let codes = schemes::codes(tx.conn, city, scheme.id).await?;
    let (rows, faults) = items::read(tx, &row, &codes, body.items).await?;
    error::check(faults)?;
    store::insert(tx.conn, &row).await?;
    store::insert_items(tx.conn, &rows).await?;
    timers::schedule(tx, CLOSE_TIMER, row.id, 1, workdays::day_starts_at(row.period_end())).await?;
    journal(tx, Some(actor), &row, "plan.created", None, Some(&rows)).await?;
    Ok((row, rows))
}

/// Changes a plan that is not submitted; items that keep their id stay the same items.
pub async fn update_plan(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: PlanPatch,
) -> Result<PlanRow> {
    let (mut row, from, _) = open(tx, actor, id, Action::Update).await?;
    let mut after = None;
    if let Patch::Value(wanted) = body.items {
        let codes = schemes::codes(tx.conn, row.city_code, row.scheme_id).await?;
        let (rows, faults) = items::read(tx, &row, &codes, wanted).await?;
        error::check(faults)?;
        store::replace_items(tx.conn, row.city_code, id, &rows).await?;
        after = Some(rows);
    }
    row.note = body.note.apply(row.note);
    save(tx, Some(actor), row, "plan.updated", from, after.as_deref()).await
}

/// Hands a plan in.
pub async fn submit_plan(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<PlanRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Submit).await?;
    let items = store::items(tx.conn, row.city_code, id).await?;
    if items.is_empty() {
        return Err(Error::invalid(vec![Refusal::NoItems.into()]));
    }
    // Whoever was in time stays in time when a plan that was sent back is handed in again.
    if row.submitted_at.is_none() {
        let today = workdays::local_date(tx.call.now);
        let due_day = schemes::due_day(tx.conn, row.city_code, row.scheme_id).await?;
        row.late = rules::late(today, row.period_start, due_day);
    }
    row.state = to.as_str().into();
    row.submitted_at = Some(tx.call.now);
    row.send_back_reason = None;
    (row.decided_at, row.decided_by) = (None, None);
    save(tx, Some(actor), row, "plan.submitted", from, Some(&items)).await
}

/// Approves a submitted plan.
pub async fn approve_plan(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<PlanRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Approve).await?;
    row.state = to.as_str().into();
    (row.decided_at, row.decided_by) = (Some(tx.call.now), Some(actor.id));
    save(tx, Some(actor), row, "plan.approved", from, None).await
}

/// Its period is over: what was approved or sent back is closed, late or not; a draft, or what nobody
/// decided on, stays as it is. Visits of the period may still be recorded against an approved one.
#[derive(Debug, Clone, Copy, Default)]
pub struct CloseTimer;

impl TimerHandler for CloseTimer {
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut row = store::lock(tx.conn, tx.call.city, timer.object_id).await?;
            let from = row.state()?;
            let Some(to) = rules::transition(from, Action::Close) else { return Ok(()) };
            row.state = to.as_str().into();
            save(tx, None, row, "plan.closed", from, None).await.map(drop)
        })
    }
}

/// Sends a submitted plan back.
pub async fn send_back_plan(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: SendBackPlan,
) -> Result<PlanRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::SendBack).await?;
    row.state = to.as_str().into();
    row.send_back_reason = Some(body.reason);
    (row.decided_at, row.decided_by) = (Some(tx.call.now), Some(actor.id));
    save(tx, Some(actor), row, "plan.sent_back", from, None).await
}

/// The roles and parts of an actor in a plan. The owner part is the member's, or the staff's of the
/// committee whose plan it is; whoever wrote the plan down for its owner has it too, and so does not
/// decide on it. The liaison centre may write every plan, and decides on those of party branches and
/// committees, which have no convener.
pub fn parts(actor: &Actor, plan: &PlanRow) -> Vec<&'static str> {
    let mut roles = policy::roles_at(actor, &plan.places());
    let centre = roles.contains(&"liaison_centre");
    let member = plan.member_id.is_some() && actor.member_id == plan.member_id;
    let recorder = actor.id == plan.recorder_id && WRITERS.iter().any(|role| roles.contains(role));
    let committee = plan.owner_kind == OwnerKind::Committee.as_str();
    let staff = committee && roles.contains(&"committee_staff");
    if member || recorder || staff || (centre && plan.member_id.is_some()) {
        roles.push("owner");
    } else if centre {
        roles.push("centre");
    }
    roles
}

/// Loads, allows and looks the action up in the machine: 404, 403, 412, 409.
async fn open(
    tx: &Tx<'_>,
    actor: &Actor,
    id: Uuid,
    action: Action,
) -> Result<(PlanRow, State, State)> {
    let row = store::lock(tx.conn, tx.call.city, id).await?;
    if !policy::sees(actor, Noun::Plan, &row.places()) {
        return Err(Error::not_found());
    }
    let parts = parts(actor, &row);
    if matches!(action, Action::Approve | Action::SendBack) {
        let own = parts.contains(&"owner");
        rules::decide_guard(own).map_err(|refusal| Error::because(Code::Forbidden, refusal))?;
    }
    if !parts.iter().any(|part| rules::may(action, part)) {
        return Err(Error::forbidden());
    }
    tx.call.expect(row.version)?;
    let from = row.state()?;
    let over = row.is_over(tx.call.now);
    let refused = || Error::transition(from.as_str(), rules::allowed_actions(from, &parts, over));
    let to = rules::transition(from, action).ok_or_else(refused)?;
    rules::running_guard(action, over).map_err(|refusal| Error {
        state: refused().state,
        ..Error::because(Code::TransitionNotAllowed, refusal)
    })?;
    Ok((row, from, to))
}

async fn save(
    tx: &mut Tx<'_>,
    actor: Option<&Actor>,
    mut row: PlanRow,
    kind: &'static str,
    from: State,
    items: Option<&[ItemRow]>,
) -> Result<PlanRow> {
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update(tx.conn, &row).await?;
    journal(tx, actor, &row, kind, Some(json!({ "state": from })), items).await?;
    Ok(row)
}

/// Journals with the member for whom another acted.
async fn journal(
    tx: &mut Tx<'_>,
    actor: Option<&Actor>,
    row: &PlanRow,
    kind: &'static str,
    before: Option<Value>,
    items: Option<&[ItemRow]>,
) -> Result<()> {
    let places: Places = row.places();
    let writes = matches!(kind, "plan.created" | "plan.updated" | "plan.submitted");
    let on_behalf_of =
        row.member_id.filter(|_| writes && actor.is_some_and(|one| one.member_id != row.member_id));
    let call = Call { on_behalf_of, ..tx.call.clone() };
    let items = items.map(|items| {
        let items = items.iter().map(|item| {
            json!({
                "id": item.id, "channel_code": item.channel_code,
                "must_visit_code": item.must_visit_code, "contact_id": item.contact_id,
                "planned_on": item.planned_on,
            })
        });
        items.collect::<Vec<_>>()
    });
    let mut after = json!({
        "owner_kind": row.owner_kind, "owner_id": row.owner_id, "member_id": row.member_id,
        "period_kind": row.period_kind, "period_start": row.period_start,
        "scheme_id": row.scheme_id, "state": row.state, "late": row.late,
    });
    if let Some(items) = items {
        after["items"] = Value::from(items);
    }
    let entry = Entry {
        kind,
        object_kind: "plan",
        object_id: row.id,
        version: row.version,
        places,
        before,
        after: Some(after),
    };
    tx.framed(&call).journal(entry).await?;
    Ok(())
}
