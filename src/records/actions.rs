//! Recording visits and deciding on the records.

mod activities;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

pub use activities::{Held, record_activity, see_activity, void_activity};

use super::routes::{NewVisit, SendBackVisit, VoidVisit};
use super::rules::{self, Action, Refusal, State};
use super::store::{self, VisitRow};
use crate::auth::{self, Actor, Noun, policy};
use crate::catalogue;
use crate::chain::{self, MemberRow};
use crate::clock;
use crate::db::Conn;
use crate::error::{self, Error, Fault, Result};
use crate::journal::{Call, Entry, Tx};
use crate::plans::{self, Planned};
use crate::workdays;

const WRITERS: &[&str] = &["member", "convener", "committee_staff", "liaison_centre"];

/// Records a visit against an item of an approved plan.
pub async fn record_visit(tx: &mut Tx<'_>, actor: &Actor, body: NewVisit) -> Result<VisitRow> {
    let city = tx.call.city;
    let no_item = || Error::invalid(vec![Fault::reference("/plan_item_id", "计划项", "plan item")]);
    let planned = plans::planned(tx.conn, city, body.plan_item_id).await?.ok_or_else(no_item)?;
    if !policy::sees(actor, Noun::Plan, &planned.plan.places()) {
        return Err(no_item());
    }
    let Some(member_id) = planned.plan.member_id else {
        return Err(Error::invalid(vec![Refusal::NotOfMember.into()]));
    };
    // The visit stands where its member stands now, which may no longer be where the plan stood.
    let member = chain::member(tx.conn, city, member_id).await?.ok_or_else(no_item)?;
    policy::require(actor, Noun::Visit, &member.places(), WRITERS)?;
    let row = read(tx, actor, &planned, &member, body).await?;
    store::insert(tx.conn, &row).await?;
    journal(tx, actor, &row, "visit.recorded", None).await?;
    Ok(row)
}

/// The row of what was said, or all that is wrong with it.
async fn read(
    tx: &Tx<'_>,
    actor: &Actor,
    planned: &Planned,
    member: &MemberRow,
    body: NewVisit,
) -> Result<VisitRow> {
    let (city, item, codes) = (tx.call.city, &planned.item, &planned.codes);
    let (member_id, places) = (member.id, member.places());
    let visit = rules::Visit {
        started_at: body.started_at,
        ended_at: body.ended_at,
        plan_approved: planned.approved(),
        period_start: planned.plan.period_start,
        period_end: planned.period_end(),
    };
    let refusals = rules::record_guard(&visit, tx.call.now + clock::SKEW).err().unwrap_or_default();
    let mut faults: Vec<Fault> = refusals.into_iter().map(Fault::from).collect();
    let channel_code = body.channel_code.unwrap_or_else(|| item.channel_code.clone());
    if !codes.channels.contains(&channel_code) {
        faults.push(Fault::reference("/channel_code", "渠道", "channel in the scheme"));
    }
    let must_visit_code = body.must_visit_code.or_else(|| item.must_visit_code.clone());
    if must_visit_code.as_ref().is_some_and(|code| !codes.must_visits.contains(code)) {
        faults.push(Fault::reference("/must_visit_code", "必访", "must-visit in the scheme"));
    }
    let visited_on = workdays::local_date(body.started_at);
    faults.extend(chain::absent(member.term(), (visited_on, visited_on), "/started_at"));
    let contact_id = body.contact_id.or(item.contact_id);
    if let Some(id) = contact_id
        && !chain::is_contact_of(tx.conn, city, member_id, id, visited_on).await?
    {
        faults.push(Fault::reference("/contact_id", "联系人", "contact of the member that day"));
    }
    let division_code = body.division_code.as_deref().and_then(|code| code.parse::<i64>().ok());
    if let Some(code) = division_code
        && catalogue::division_in(tx.conn, city, code).await?.is_none()
    {
        faults.push(Fault::reference("/division_code", "本市区划", "division of this city"));
    }
    error::check(faults)?;
    Ok(VisitRow {
        city_code: city,
        id: body.id.unwrap_or_else(|| tx.call.id()),
        member_id,
        recorder_id: actor.id,
        plan_id: item.plan_id,
        plan_item_id: item.id,
        contact_id,
        form: body.form.as_str().into(),
        channel_code,
        must_visit_code,
        member_role: body.member_role.map(|role| role.as_str().into()),
        started_at: body.started_at,
        ended_at: body.ended_at,
        visited_on,
        division_code,
        place: body.place,
        summary: body.summary,
        state: State::Recorded.as_str().into(),
        reason: None,
        decided_by: None,
        decided_at: None,
        sector_id: places.sector,
        committee_id: places.committee,
        county_code: places.county,
        version: 1,
        created_at: tx.call.now,
        updated_at: tx.call.now,
    })
}

/// Confirms a record.
pub async fn confirm_visit(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<VisitRow> {
    decide(tx, actor, id, Action::Confirm, "visit.confirmed", None).await
}

/// Sends a record back.
pub async fn send_back_visit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: SendBackVisit,
) -> Result<VisitRow> {
    decide(tx, actor, id, Action::SendBack, "visit.sent_back", Some(body.reason)).await
}

/// Voids a record that was a mistake.
pub async fn void_visit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: VoidVisit,
) -> Result<VisitRow> {
    decide(tx, actor, id, Action::Void, "visit.voided", Some(body.reason)).await
}

/// The roles and parts of an actor in a record, as [`rules::parts`] tells them.
pub(super) async fn parts(
    conn: Conn<'_>,
    actor: &Actor,
    visit: &VisitRow,
    now: DateTime<Utc>,
) -> Result<Vec<&'static str>> {
    let roles = policy::roles_at(actor, &visit.places());
    let own = actor.member_id == Some(visit.member_id) || actor.id == visit.recorder_id;
    let own = own && WRITERS.iter().any(|role| roles.contains(role));
    let staff = roles.contains(&"committee_staff");
    let party = staff && convener_is_party(conn, visit, workdays::local_date(now)).await?;
    Ok(rules::parts(roles, own, party))
}

/// Whether the sector's convener visited or recorded it, by the post or by their account.
async fn convener_is_party(conn: Conn<'_>, visit: &VisitRow, today: NaiveDate) -> Result<bool> {
    let (city, member) = (visit.city_code, visit.member_id);
    let Some(sector) = visit.sector_id else { return Ok(false) };
    if chain::convener_of(conn, city, sector, today).await? == Some(member) {
        return Ok(true);
    }
    auth::convenes(conn, city, sector, today, visit.recorder_id, member).await
}

async fn decide(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    action: Action,
    kind: &'static str,
    reason: Option<String>,
) -> Result<VisitRow> {
    let mut row = store::lock(tx.conn, tx.call.city, id).await?;
    if !policy::sees(actor, Noun::Visit, &row.places()) {
        return Err(Error::not_found());
    }
    let parts = parts(tx.conn, actor, &row, tx.call.now).await?;
    if !parts.iter().any(|part| rules::may(action, part)) {
        return Err(Error::forbidden());
    }
    tx.call.expect(row.version)?;
    let from = row.state()?;
    let to = rules::transition(from, action)
        .ok_or_else(|| Error::transition(from.as_str(), rules::allowed_actions(from, &parts)))?;
    if let Some(reason) = &reason {
        rules::reason_guard(reason).map_err(|refusal| Error::invalid(vec![refusal.into()]))?;
    }
    row.state = to.as_str().into();
    row.reason = reason;
    (row.decided_by, row.decided_at) = (Some(actor.id), Some(tx.call.now));
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update(tx.conn, &row).await?;
    journal(tx, actor, &row, kind, Some(json!({ "state": from }))).await?;
    Ok(row)
}

/// Journals with the member for whom another recorded.
async fn journal(
    tx: &mut Tx<'_>,
    actor: &Actor,
    row: &VisitRow,
    kind: &'static str,
    before: Option<Value>,
) -> Result<()> {
    let another = kind == "visit.recorded" && actor.member_id != Some(row.member_id);
    let call = Call { on_behalf_of: another.then_some(row.member_id), ..tx.call.clone() };
    let after = json!({
        "member_id": row.member_id, "plan_id": row.plan_id, "plan_item_id": row.plan_item_id,
        "contact_id": row.contact_id, "channel_code": row.channel_code,
        "must_visit_code": row.must_visit_code, "form": row.form,
        "member_role": row.member_role, "visited_on": row.visited_on, "state": row.state,
    });
    let entry = Entry {
        kind,
        object_kind: "visit",
        object_id: row.id,
        version: row.version,
        places: row.places(),
        before,
        after: Some(after),
    };
    tx.framed(&call).journal(entry).await?;
    Ok(())
}
