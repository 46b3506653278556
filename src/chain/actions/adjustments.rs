//! A reported change of job or status: checked by the committee, decided by the liaison centre,
//! withdrawn, undone before its day. Locked in this order: the adjustment, members, contacts.

mod apply;
mod report;
mod weigh;

use serde_json::{Value, json};
use uuid::Uuid;

pub use apply::{APPLY_TIMER, ApplyTimer, TellCentre};
pub use report::{NewAdjustment, report_adjustment};

use super::today;
use crate::auth::{Actor, Noun, policy};
use crate::chain::rules::adjustments::{self as rules, Action, State};
use crate::chain::store::{self, AdjustmentItemRow, AdjustmentRow};
use crate::error::{Code, Error, Result};
use crate::journal::{Call, Entry, Tx, timers};
use crate::workdays::day_starts_at;

/// Whether the adjustment is there for `actor`: one of its members stands where they look, or they
/// reported it.
pub fn sees_adjustment(actor: &Actor, row: &AdjustmentRow, items: &[AdjustmentItemRow]) -> bool {
    let sees = |places| policy::sees(actor, Noun::Adjustment, &places);
    row.reporter_id == actor.id
        || sees(row.places())
        || items.iter().any(|item| sees(item.places(row.committee_id)))
}

/// The roles of an actor over an adjustment, and the part of its reporter.
pub fn adjustment_parts(actor: &Actor, row: &AdjustmentRow) -> Vec<&'static str> {
    let mut roles = policy::roles_at(actor, &row.places());
    if actor.id == row.reporter_id {
        roles.push("reporter");
    }
    roles
}

/// The committee has looked at it: what is reported is so.
pub async fn check_adjustment(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<AdjustmentRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Check).await?;
    row.state = to.as_str().into();
    (row.checked_at, row.checked_by) = (Some(tx.call.now), Some(actor.id));
    save(tx, row, "adjustment.checked", from).await
}

/// Approves it. It takes effect at once where its day has come, and by a timer otherwise; where it
/// would not fit as things stand, it is refused with what is wrong, item by item.
pub async fn approve_adjustment(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<AdjustmentRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Approve).await?;
    let items = store::adjustment_items(tx.conn, row.city_code, id).await?;
    let weighed = weigh::as_things_stand(tx, &row, &items).await?;
    if !weighed.fits() {
        let allowed = rules::allowed_actions(from, &adjustment_parts(actor, &row));
        let faults = weighed.into_faults();
        return Err(Error { faults, ..Error::transition(from.as_str(), allowed) });
    }
    row.state = to.as_str().into();
    (row.decided_at, row.decided_by) = (Some(tx.call.now), Some(actor.id));
    let row = save(tx, row, "adjustment.approved", from).await?;
    if row.from_on <= today(tx) {
        return apply::carry_out(tx, row, items, weighed).await;
    }
    timers::schedule(tx, APPLY_TIMER, id, 1, day_starts_at(row.from_on)).await?;
    Ok(row)
}

/// Refuses it; `why` is text as typed.
pub async fn refuse_adjustment(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    why: String,
) -> Result<AdjustmentRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Refuse).await?;
    row.state = to.as_str().into();
    row.refusal = Some(why);
    (row.decided_at, row.decided_by) = (Some(tx.call.now), Some(actor.id));
    save(tx, row, "adjustment.refused", from).await
}

/// Its reporter takes it back before it is decided on.
pub async fn withdraw_adjustment(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
) -> Result<AdjustmentRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Withdraw).await?;
    row.state = to.as_str().into();
    save(tx, row, "adjustment.withdrawn", from).await
}

/// Takes back an approval whose day has not come: nothing of it takes effect.
pub async fn undo_adjustment(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<AdjustmentRow> {
    let (mut row, from, to) = open(tx, actor, id, Action::Undo).await?;
    row.state = to.as_str().into();
    save(tx, row, "adjustment.undone", from).await
}

/// Loads, allows and looks the action up in the machine: 404, 403, 412, 409.
async fn open(
    tx: &Tx<'_>,
    actor: &Actor,
    id: Uuid,
    action: Action,
) -> Result<(AdjustmentRow, State, State)> {
    let city = tx.call.city;
    let row = store::lock_adjustment(tx.conn, city, id).await?.ok_or_else(Error::not_found)?;
    let items = store::adjustment_items(tx.conn, city, id).await?;
    if !sees_adjustment(actor, &row, &items) {
        return Err(Error::not_found());
    }
    let parts = adjustment_parts(actor, &row);
    let own = parts.contains(&"reporter");
    rules::decide_guard(action, own).map_err(|refusal| Error::because(Code::Forbidden, refusal))?;
    if !parts.iter().any(|part| rules::may(action, part)) {
        return Err(Error::forbidden());
    }
    tx.call.expect(row.version)?;
    let from = row.state()?;
    let refused = || Error::transition(from.as_str(), rules::allowed_actions(from, &parts));
    let to = rules::transition(from, action).ok_or_else(refused)?;
    Ok((row, from, to))
}

async fn save(
    tx: &mut Tx<'_>,
    mut row: AdjustmentRow,
    kind: &'static str,
    from: State,
) -> Result<AdjustmentRow> {
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update_adjustment(tx.conn, &row).await?;
    journal(tx, kind, &row, Some(json!({ "state": from })), None).await?;
    Ok(row)
}

/// Journals with the member for whom another reported it, though not the liaison centre, which does so
/// in its own name; what people typed stays out.
async fn journal(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &AdjustmentRow,
    before: Option<Value>,
    reported: Option<(&Actor, Value)>,
) -> Result<Uuid> {
    let mut after = json!({ "state": row.state, "from": row.from_on, "reason": row.reason,
        "committee_id": row.committee_id, "members": row.members,
        "failure_code": row.failure_code });
    let mut call = tx.call.clone();
    if let Some((actor, items)) = reported {
        after["items"] = items;
        let centre = policy::roles_at(actor, &row.places()).contains(&"liaison_centre");
        let behalf = |member: &Uuid| !centre && actor.member_id != Some(*member);
        let on_behalf_of = row.member_id.filter(behalf);
        call = Call { on_behalf_of, ..call };
    }
    let entry = Entry {
        kind,
        object_kind: "adjustment",
        object_id: row.id,
        version: row.version,
        places: row.places(),
        before,
        after: Some(after),
    };
    tx.framed(&call).journal(entry).await
}
