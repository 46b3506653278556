//! Putting an adjustment into effect: by the very actions by which single members are moved, linked and
//! ended, in one transaction.

use chrono::NaiveDate;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::weigh::{Weighed, as_things_stand};
use super::{journal, save};
use crate::chain::actions::members::locked_member;
use crate::chain::actions::{end_link, end_member, link_contact, move_member};
use crate::chain::rules::adjustments::{self as rules, Action, Outcome};
use crate::chain::rules::{Dated, Term};
use crate::chain::store::{self, AdjustmentItemRow, AdjustmentRow};
use crate::error::{Error, Result};
use crate::journal::{Timer, TimerHandler, Tx};

/// The kind of timer by which an adjustment takes effect on its day; its object is the adjustment.
pub const APPLY_TIMER: &str = "adjustment_apply";

/// Gives the liaison centre a notice of this code about this adjustment; the last id is the journal's
/// entry that it follows from. Notices stand in a room to the left, so the assembly hands this over.
pub type TellCentre =
    for<'a, 'b> fn(&'a mut Tx<'b>, &'static str, Uuid, Uuid) -> LocalBoxFuture<'a, Result<()>>;

/// Carries out what was weighed and fits.
pub(super) async fn carry_out(
    tx: &mut Tx<'_>,
    mut row: AdjustmentRow,
    items: Vec<AdjustmentItemRow>,
    weighed: Weighed,
) -> Result<AdjustmentRow> {
    for mut item in items {
        let links = weighed.contacts.get(&item.member_id).map_or(&[][..], Vec::as_slice);
        let version = change(tx, &item, row.from_on, links, &weighed).await?;
        item.member_version = Some(version);
        item.outcome = Outcome::Applied.as_str().into();
        store::update_item(tx.conn, &item).await?;
    }
    let from = row.state()?;
    let to = rules::transition(from, Action::Apply);
    let to = to.ok_or_else(|| Error::transition(from.as_str(), Vec::new()))?;
    row.state = to.as_str().into();
    row.applied_at = Some(tx.call.now);
    save(tx, row, "adjustment.applied", from).await
}

/// The change of one member: moved first, then contacts ended, then contacts linked. Returns the
/// member's new version.
async fn change(
    tx: &mut Tx<'_>,
    item: &AdjustmentItemRow,
    from: NaiveDate,
    links: &[Dated],
    weighed: &Weighed,
) -> Result<i64> {
    let id = item.member_id;
    let mut row = locked_member(tx, id).await?;
    if item.ends_term {
        return Ok(end_member(tx, row, from).await?.version);
    }
    let over = row.until_on;
    if let Some(sector) = item.to_sector_id {
        row = move_member(tx, row, sector, from).await?;
    }
    let mut version = row.version;
    for contact in &item.end_contacts {
        let standing = links.iter().find(|link| link.other == *contact && link.on(from));
        let link = standing.ok_or_else(Error::not_found)?.id;
        let row = locked_member(tx, id).await?;
        (_, version) = end_link(tx, row, link, from).await?;
    }
    for contact in &item.link_contacts {
        let term: Option<&Term> = weighed.contact_terms.get(contact);
        let until = [over, term.and_then(|(_, over)| *over)].into_iter().flatten().min();
        (_, version) = link_contact(tx, id, *contact, from, until).await?;
    }
    Ok(version)
}

/// The day of an approved adjustment has come. Where it no longer fits (somebody left meanwhile),
/// nothing of it takes effect, it says so, and the liaison centre is told.
#[derive(Debug, Clone, Copy)]
pub struct ApplyTimer {
    /// How the centre is told.
    pub tell: TellCentre,
}

impl TimerHandler for ApplyTimer {
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (city, id) = (tx.call.city, timer.object_id);
            let found = store::lock_adjustment(tx.conn, city, id).await?;
            let Some(mut row) = found else { return Ok(()) };
            let from = row.state()?;
            // It may have been undone before its day.
            let Some(failed) = rules::transition(from, Action::Fail) else { return Ok(()) };
            let items = store::adjustment_items(tx.conn, city, id).await?;
            let weighed = as_things_stand(tx, &row, &items).await?;
            if weighed.fits() {
                return carry_out(tx, row, items, weighed).await.map(drop);
            }
            for (mut item, faults) in items.into_iter().zip(weighed.faults) {
                let Some(fault) = faults.into_iter().next() else { continue };
                row.failure_code.get_or_insert_with(|| fault.code.into());
                item.outcome = Outcome::Failed.as_str().into();
                item.failure_code = Some(fault.code.into());
                store::update_item(tx.conn, &item).await?;
            }
            row.state = failed.as_str().into();
            row.version += 1;
            row.updated_at = tx.call.now;
            store::update_adjustment(tx.conn, &row).await?;
            let before = serde_json::json!({ "state": from });
            let cause = journal(tx, "adjustment.failed", &row, Some(before), None).await?;
            (self.tell)(tx, "adjustment_failed", id, cause).await
        })
    }
}
