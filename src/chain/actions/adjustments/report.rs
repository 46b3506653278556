//! Reporting a change.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::journal;
use super::weigh::{Weighed, committee, weigh};
use crate::auth::{Actor, policy};
use crate::chain::rules::adjustments::{Outcome, Reason, State, Wanted};
use crate::chain::store::{self, AdjustmentItemRow, AdjustmentRow, MemberRow};
use crate::error::{Error, Result, check};
use crate::journal::Tx;

/// Who may report a change of a member, where the member stands.
const REPORTERS: &[&str] =
    &["member", "convener", "committee_staff", "county_staff", "liaison_centre"];

/// A change to report.
#[derive(Debug, Clone)]
pub struct NewAdjustment {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// The day on which it takes effect.
    pub from: NaiveDate,
    /// Why.
    pub reason: Reason,
    /// As typed.
    pub note: Option<String>,
    /// What changes for whom; 1 to 200.
    pub items: Vec<(Uuid, Wanted)>,
}

/// Reports a change of members of one committee: all of it, or all that is wrong with it.
pub async fn report_adjustment(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: NewAdjustment,
) -> Result<AdjustmentRow> {
    policy::any_role(actor, REPORTERS)?;
    let mut weighed = weigh(tx, new.from, &new.items, Some(actor)).await?;
    let may = |row: &MemberRow| {
        policy::roles_at(actor, &row.places()).iter().any(|role| REPORTERS.contains(role))
    };
    if !weighed.members.values().all(may) {
        return Err(Error::forbidden());
    }
    let committee = committee(&new.items, &mut weighed);
    let Weighed { members, .. } = &weighed;
    let found: Vec<&MemberRow> = new.items.iter().filter_map(|(id, _)| members.get(id)).collect();
    let row = committee.map(|committee| blank(tx, actor, &new, committee, &found));
    let rows = row.as_ref().map(|row| items_of(row.id, tx, &new.items, &found));
    check(weighed.into_faults())?;
    let (Some(row), Some(rows)) = (row, rows) else { return Err(Error::not_found()) };
    store::insert_adjustment(tx.conn, &row, &rows).await?;
    journal(tx, "adjustment.reported", &row, None, Some((actor, said(&rows)))).await?;
    Ok(row)
}

fn blank(
    tx: &Tx<'_>,
    actor: &Actor,
    new: &NewAdjustment,
    committee_id: Uuid,
    members: &[&MemberRow],
) -> AdjustmentRow {
    AdjustmentRow {
        city_code: tx.call.city,
        id: new.id.unwrap_or_else(|| tx.call.id()),
        version: 1,
        state: State::Reported.as_str().into(),
        from_on: new.from,
        reason: new.reason.as_str().into(),
        note: new.note.clone(),
        committee_id,
        county_code: shared(members, |row| row.county_code),
        sector_id: shared(members, |row| row.sector_id),
        member_id: shared(members, |row| Some(row.id)),
        members: i16::try_from(new.items.len()).unwrap_or(i16::MAX),
        reporter_id: actor.id,
        checked_at: None,
        checked_by: None,
        decided_at: None,
        decided_by: None,
        refusal: None,
        applied_at: None,
        failure_code: None,
        created_at: tx.call.now,
        updated_at: tx.call.now,
    }
}

/// What all of them have in common.
fn shared<T: PartialEq>(members: &[&MemberRow], of: impl Fn(&MemberRow) -> Option<T>) -> Option<T> {
    let first = members.first().and_then(|row| of(row));
    first.filter(|first| members.iter().all(|row| of(row).as_ref() == Some(first)))
}

/// The rows of items whose members were all found.
fn items_of(
    adjustment_id: Uuid,
    tx: &Tx<'_>,
    items: &[(Uuid, Wanted)],
    members: &[&MemberRow],
) -> Vec<AdjustmentItemRow> {
    let rows = (0..).zip(items).zip(members).map(|((position, (member_id, wanted)), row)| {
        let Wanted { sector_id, ends_term, end, link } = wanted.clone();
        AdjustmentItemRow {
            city_code: tx.call.city,
            adjustment_id,
            member_id: *member_id,
            position,
            to_sector_id: sector_id,
            ends_term,
            end_contacts: end,
            link_contacts: link,
            county_code: row.county_code,
            sector_id: row.sector_id,
            outcome: Outcome::Waiting.as_str().into(),
            failure_code: None,
            member_version: None,
        }
    });
    rows.collect()
}

fn said(rows: &[AdjustmentItemRow]) -> Value {
    let items = rows.iter().map(|row| {
        json!({ "member_id": row.member_id, "sector_id": row.to_sector_id,
            "ends_term": row.ends_term, "end_contacts": row.end_contacts,
            "link_contacts": row.link_contacts })
    });
    Value::from(items.collect::<Vec<_>>())
}
