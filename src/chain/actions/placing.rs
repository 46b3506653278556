//! Where a member stands today is written beside them, so that lists find them by place. What is
//! dated ahead takes effect by a timer on its day.

use futures_util::future::LocalBoxFuture;
use serde_json::json;
use uuid::Uuid;

use super::members::{journal_member, next_version};
use super::{links, today};
use crate::chain::rules::{self, Dated};
use crate::chain::store::{self, MemberRow};
use crate::error::Result;
use crate::journal::{Timer, TimerHandler, Tx, timers};
use crate::workdays::day_starts_at;

/// The kind of timer by which a member's sector changes on its day; its object is the member.
pub const PLACE_TIMER: &str = "member_place";

/// Writes into `row` where its links place it today, and sees to the days to come; whether the place
/// is new.
pub(super) async fn place(tx: &mut Tx<'_>, row: &mut MemberRow, line: &[Dated]) -> Result<bool> {
    let (city, today) = (tx.call.city, today(tx));
    place_later(tx, row.id, line).await?;
    let on = rules::placed_on((row.from_on, row.until_on), today);
    let sector = rules::at(line, on);
    let committee = match sector {
        Some(sector) => {
            // Whoever changes who guides it waits, and then finds this member.
            store::hold_organization(tx.conn, city, sector).await?;
            store::committee_of(tx.conn, city, sector, on).await?
        }
        None => None,
    };
    let new = (row.sector_id, row.committee_id) != (sector, committee);
    (row.sector_id, row.committee_id) = (sector, committee);
    Ok(new)
}

/// Sees to the days to come on which the member of these links begins to stand elsewhere.
pub(super) async fn place_later(tx: &mut Tx<'_>, member: Uuid, line: &[Dated]) -> Result<()> {
    let today = today(tx);
    for day in links::turns(line).filter(|day| *day > today) {
        timers::schedule(tx, PLACE_TIMER, member, 1, day_starts_at(day)).await?;
    }
    Ok(())
}

/// The day has come on which a member's sector changes.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlaceTimer;

impl TimerHandler for PlaceTimer {
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let found = store::lock_member(tx.conn, tx.call.city, timer.object_id).await?;
            let Some(mut row) = found else { return Ok(()) };
            let before = json!({ "sector_id": row.sector_id, "committee_id": row.committee_id });
            let line = links::line(tx, store::SECTOR, row.id).await?;
            // What was to happen may have been voided since.
            if !place(tx, &mut row, &line).await? {
                return Ok(());
            }
            next_version(tx, &mut row).await?;
            let after = json!({ "sector_id": row.sector_id, "committee_id": row.committee_id });
            journal_member(tx, "member.placed", &row, Some(before), after).await
        })
    }
}
