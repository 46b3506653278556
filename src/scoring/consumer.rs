//! Follows the feed and posts points: what was delivered twice is posted once.

use futures_util::future::LocalBoxFuture;

use super::rules::Points;
use super::store::entries::{self, NewEntry};
use super::store::rule_sets;
use crate::error::Result;
use crate::journal::feed::Event;
use crate::journal::{Consumer, Tx};
use crate::workdays::{day_starts_at, local_date};

/// The name under which the position is kept.
pub(super) const NAME: &str = "scoring";
/// What can give points.
pub(super) const GIVES: [&str; 3] = ["visit.confirmed", "issue.accepted", "issue.closed"];
/// What takes back the points that its object gave.
pub(super) const TAKES_BACK: [&str; 2] = ["visit.voided", "issue.withdrawn"];

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
            if TAKES_BACK.contains(&event.kind.as_str()) {
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
    // A visit counts for the day it was made, whenever it was confirmed.
    let visited_on = event.after.as_ref().and_then(|after| after["visited_on"].as_str());
    let visited_on = visited_on.and_then(|day| day.parse().ok());
    let (day, happened_at) = match visited_on {
        Some(day) => (day, day_starts_at(day)),
        None => (local_date(event.at), event.at),
    };
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
            happened_at,
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
/// It falls into the period of what it takes back, so that caps there are applied anew; `posted_at`
/// says when.
async fn take_back(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    for given in entries::standing(tx.conn, tx.call.city, event.object_id).await? {
        let points = Points::from_hundredths(given.points).negated().hundredths();
        let entry = NewEntry {
            id: tx.call.id(),
            cause_id: event.id,
            sign: -1,
            points,
            posted_at: tx.call.now,
            reverses_id: Some(given.id),
            ..given
        };
        entries::post(tx.conn, entry).await?;
    }
    Ok(())
}
