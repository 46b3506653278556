//! Follows the feed and posts points: what was delivered twice is posted once.

use futures_util::future::LocalBoxFuture;

use super::rules::Points;
use super::store::entries::{self, NewEntry};
use super::store::rule_sets;
use crate::error::Result;
use crate::journal::feed::Event;
use crate::journal::{Consumer, Tx};
use crate::workdays::local_date;

/// The name under which the position is kept.
pub(super) const NAME: &str = "scoring";
/// What can give points.
pub(super) const GIVES: [&str; 3] = ["visit.confirmed", "issue.accepted", "issue.closed"];
/// What takes back the points that its object gave.
pub(super) const TAKES_BACK: &str = "visit.voided";

/// Posts score entries. Nothing is journalled for them: they can be made again from the feed, and a
/// feed that fed itself would not end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scorer;

impl Consumer for Scorer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if event.kind == TAKES_BACK {
                take_back(tx, event).await
            } else if GIVES.contains(&event.kind.as_str()) {
                give(tx, event).await
            } else {
                Ok(())
            }
        })
    }
}

/// One entry for each rule of the set that was in force on the day of the event.
async fn give(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let Some(member_id) = event.member_id else { return Ok(()) };
    let day = local_date(event.at);
    for rule in rule_sets::in_force(tx.conn, tx.call.city, day, &event.kind).await? {
        let entry = NewEntry {
            city_code: tx.call.city,
            id: tx.call.id(),
            rule_set_id: rule.rule_set_id,
            rule_code: rule.code,
            member_id,
            cause_id: event.id,
            sign: 1,
            points: rule.points,
            object_kind: event.object_kind.clone(),
            object_id: event.object_id,
            happened_at: event.at,
            posted_at: tx.call.now,
            reverses_id: None,
            sector_id: event.sector_id,
            committee_id: event.committee_id,
            county_code: event.county_code,
        };
        entries::post(tx.conn, entry).await?;
    }
    Ok(())
}

/// The negative of everything the object gave, under the rules that gave it, and not yet taken back.
async fn take_back(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    for given in entries::standing(tx.conn, tx.call.city, event.object_id).await? {
        let points = Points::from_hundredths(given.points).negated().hundredths();
        let entry = NewEntry {
            id: tx.call.id(),
            cause_id: event.id,
            sign: -1,
            points,
            happened_at: event.at,
            posted_at: tx.call.now,
            reverses_id: Some(given.id),
            ..given
        };
        entries::post(tx.conn, entry).await?;
    }
    Ok(())
}
