//! Recording activities and voiding the records.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::{Actor, Noun, policy};
use crate::chain::{self, MemberRow, Org};
use crate::clock;
use crate::db::Conn;
use crate::error::{self, Error, Fault, Result};
use crate::journal::{Entry, Places, Tx};
use crate::records::routes::{NewActivity, VoidActivity};
use crate::records::rules::activities::{self as rules, Action, KEEPERS, State};
use crate::records::store::activities::{self as store, ActivityRow};
use crate::workdays;

/// An activity and the members who were there.
pub type Held = (ActivityRow, Vec<Uuid>);

/// Records a briefing.
pub async fn record_activity(tx: &mut Tx<'_>, actor: &Actor, body: NewActivity) -> Result<Held> {
    policy::any_role(actor, KEEPERS)?;
    let missing = || Fault::reference("/committee_id", "委员会", "committee");
    let committee = organization(tx.conn, actor, "committee", body.committee_id).await?;
    let committee = committee.ok_or_else(|| Error::invalid(vec![missing()]))?;
    if !policy::roles_at(actor, &committee.places()).iter().any(|role| KEEPERS.contains(role)) {
        return Err(Error::forbidden());
    }
    error::check(wrong(tx, actor, &body).await?)?;
    let row = ActivityRow {
        city_code: tx.call.city,
        id: body.id.unwrap_or_else(|| tx.call.id()),
        kind: body.kind.as_str().into(),
        title: body.title,
        committee_id: Some(committee.id),
        department_id: Some(body.department_id),
        county_code: committee.county_code,
        held_on: body.held_on,
        summary: body.summary,
        audience: body.audience,
        recorder_id: actor.id,
        state: State::Recorded.as_str().into(),
        void_reason: None,
        version: 1,
        created_at: tx.call.now,
        updated_at: tx.call.now,
    };
    let mut members = body.member_ids;
    members.sort_unstable();
    store::insert(tx.conn, &row, members.clone()).await?;
    journal(tx, &row, members.len(), "activity.recorded", None).await?;
    Ok((row, members))
}

/// The organisation of that kind, if it is there for the actor.
async fn organization(conn: Conn<'_>, actor: &Actor, kind: &str, id: Uuid) -> Result<Option<Org>> {
    let row = chain::organization(conn, actor.city, kind, id).await?;
    Ok(row.filter(|row| policy::reads_county(actor, row.county_code)))
}

/// All that is wrong with a briefing of a committee that is there.
async fn wrong(tx: &Tx<'_>, actor: &Actor, body: &NewActivity) -> Result<Vec<Fault>> {
    let (city, day) = (tx.call.city, body.held_on);
    let (committee, department) = (body.committee_id, body.department_id);
    let known = organization(tx.conn, actor, "department", department).await?.is_some();
    let counterpart = chain::is_counterpart_of(tx.conn, city, committee, department, day).await?;
    let today = workdays::local_date(tx.call.now + clock::SKEW);
    // Of a department that is not there, that is all there is to say.
    let refusals = rules::briefing_guard(day, today, counterpart || !known);
    let mut faults: Vec<Fault> = refusals.into_iter().map(Fault::from).collect();
    if !known {
        faults.push(Fault::reference("/department_id", "部门", "department"));
    }
    for at in rules::doubled(&body.member_ids) {
        let (zh, en) = ("同一委员只可写一次", "name a member once");
        faults.push(Fault::new(format!("/member_ids/{at}"), "duplicate", zh, en));
    }
    let members = chain::members_of(tx.conn, city, body.member_ids.clone(), false).await?;
    let members: BTreeMap<Uuid, MemberRow> =
        members.into_iter().map(|member| (member.id, member)).collect();
    for (at, id) in body.member_ids.iter().enumerate() {
        let pointer = format!("/member_ids/{at}");
        let member = members.get(id);
        match member.filter(|row| policy::sees(actor, Noun::Member, &row.places())) {
            Some(member) => faults.extend(chain::absent(member.term(), (day, day), &pointer)),
            None => faults.push(Fault::reference(pointer, "委员", "member")),
        }
    }
    Ok(faults)
}

/// Voids a record that was a mistake.
pub async fn void_activity(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: VoidActivity,
) -> Result<Held> {
    let mut row = store::lock(tx.conn, tx.call.city, id).await?;
    let members = store::members(tx.conn, tx.call.city, id).await?;
    if !sees(actor, &row, &members) {
        return Err(Error::not_found());
    }
    let roles = policy::roles_at(actor, &row.places());
    if !roles.iter().any(|role| rules::may(Action::Void, role)) {
        return Err(Error::forbidden());
    }
    tx.call.expect(row.version)?;
    let from = row.state()?;
    let to = rules::transition(from, Action::Void)
        .ok_or_else(|| Error::transition(from.as_str(), rules::allowed_actions(from, &roles)))?;
    row.state = to.as_str().into();
    row.void_reason = Some(body.reason.as_str().into());
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update(tx.conn, &row).await?;
    let before = Some(json!({ "state": from }));
    journal(tx, &row, members.len(), "activity.voided", before).await?;
    Ok((row, members))
}

/// The activity `id` and who was there, where it is there for the actor.
pub async fn see_activity(conn: Conn<'_>, actor: &Actor, id: Uuid) -> Result<Held> {
    let row = store::find(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    let members = store::members(conn, actor.city, id).await?;
    if sees(actor, &row, &members) { Ok((row, members)) } else { Err(Error::not_found()) }
}

/// Whether the actor sees the activity: where it stands, or as a member who was there. A list shows
/// the same rows.
fn sees(actor: &Actor, row: &ActivityRow, members: &[Uuid]) -> bool {
    let of = |id: &Uuid| Places { member: Some(*id), ..Places::default() };
    policy::sees(actor, Noun::Visit, &row.places())
        || members.iter().any(|id| policy::sees(actor, Noun::Visit, &of(id)))
}

/// Journals what was held, not what was said there: title and summary are as somebody typed them.
async fn journal(
    tx: &mut Tx<'_>,
    row: &ActivityRow,
    members: usize,
    kind: &'static str,
    before: Option<Value>,
) -> Result<()> {
    let after = json!({
        "kind": row.kind, "committee_id": row.committee_id, "department_id": row.department_id,
        "held_on": row.held_on, "members": members, "audience": row.audience,
        "state": row.state, "void_reason": row.void_reason,
    });
    let entry = Entry {
        kind,
        object_kind: "activity",
        object_id: row.id,
        version: row.version,
        places: row.places(),
        before,
        after: Some(after),
    };
    tx.journal(entry).await?;
    Ok(())
}
