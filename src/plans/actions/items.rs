//! The items of a plan, as they were said and as they are kept.

use std::collections::HashSet;

use crate::chain;
use crate::error::{Fault, Result};
use crate::journal::Tx;
use crate::plans::routes::NewItem;
use crate::plans::rules::Refusal;
use crate::plans::store::plans::{ItemRow, PlanRow};
use crate::plans::store::schemes::Codes;
use crate::workdays;

/// The rows of `items`, which keep the ids they came with, and all that is wrong with them.
pub(super) async fn read(
    tx: &Tx<'_>,
    plan: &PlanRow,
    codes: &Codes,
    items: Vec<NewItem>,
) -> Result<(Vec<ItemRow>, Vec<Fault>)> {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut ids = HashSet::new();
    for (position, item) in (0_i16..).zip(items) {
        let at = |field: &str| format!("/items/{position}/{field}");
        if item.id.is_some_and(|id| !ids.insert(id)) {
            faults.push(Fault::new(at("id"), "duplicate", "编号重复", "the id is there already"));
        }
        if !codes.channels.contains(&item.channel_code) {
            faults.push(Fault::reference(at("channel_code"), "渠道", "channel in the scheme"));
        }
        if item.must_visit_code.as_ref().is_some_and(|code| !codes.must_visits.contains(code)) {
            let what = ("必访", "must-visit in the scheme");
            faults.push(Fault::reference(at("must_visit_code"), what.0, what.1));
        }
        let inside = |day| plan.period_start <= day && day < plan.period_end();
        if !item.planned_on.is_none_or(inside) {
            faults.push(Fault { pointer: at("planned_on"), ..Refusal::OutsidePeriod.into() });
        }
        if !linked(tx, plan, &item).await? {
            faults.push(Fault::reference(at("contact_id"), "联系人", "contact of the owner"));
        }
        rows.push(ItemRow {
            city_code: plan.city_code,
            id: item.id.unwrap_or_else(|| tx.call.id()),
            plan_id: plan.id,
            position,
            channel_code: item.channel_code,
            must_visit_code: item.must_visit_code,
            contact_id: item.contact_id,
            planned_on: item.planned_on,
            subject: item.subject,
        });
    }
    Ok((rows, faults))
}

/// A member plans with contacts linked to them on the planned day (or else today, or the period's
/// first day when that is to come); a committee or branch with any contact of the city.
async fn linked(tx: &Tx<'_>, plan: &PlanRow, item: &NewItem) -> Result<bool> {
    let Some(contact_id) = item.contact_id else { return Ok(true) };
    let Some(member_id) = plan.member_id else {
        return Ok(chain::contact(tx.conn, plan.city_code, contact_id).await?.is_some());
    };
    let today = workdays::local_date(tx.call.now);
    let on = item.planned_on.unwrap_or(plan.period_start.max(today));
    chain::is_contact_of(tx.conn, plan.city_code, member_id, contact_id, on).await
}
