//! Grants that follow what somebody is in the chain. A convener's follows the post: who holds it is let
//! to convene the sector on the same days, who leaves it no longer is. A member's ends with the term.

use std::ops::Bound;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use super::actions::{add_grant, changed};
use super::roles::{Grant, Place, Role};
use super::store::Days;
use crate::db::schema::{accounts, grants};
use crate::error::Result;
use crate::journal::{Entry, Places, Tx};

/// The accounts of a member, in the order of their ids.
async fn accounts_of(tx: &Tx<'_>, member: Uuid) -> Result<Vec<Uuid>> {
    let rows = accounts::table
        .filter(accounts::city_code.eq(tx.call.city).and(accounts::member_id.eq(member)))
        .order(accounts::id)
        .select(accounts::id);
    Ok(rows.load(&mut &*tx.conn).await?)
}

#[derive(Queryable)]
struct Held {
    id: Uuid,
    subject: Uuid,
    during: Days,
    version: i64,
}

/// The grants of `subjects` that say what `grant` says, locked in the order of their ids.
async fn held(tx: &Tx<'_>, subjects: Vec<Uuid>, grant: Grant) -> Result<Vec<Held>> {
    let rows = grants::table
        .filter(grants::city_code.eq(tx.call.city))
        .filter(grants::role.eq(grant.role.as_str()).and(grants::place_id.eq(grant.place.id())))
        .filter(grants::subject_id.eq_any(subjects).and(grants::voided_at.is_null()))
        .order(grants::id)
        .select((grants::id, grants::subject_id, grants::during, grants::version))
        .for_update();
    Ok(rows.load(&mut &*tx.conn).await?)
}

fn from_of(days: &Days) -> Option<NaiveDate> {
    match days.0 {
        Bound::Included(day) => Some(day),
        Bound::Excluded(day) => day.succ_opt(),
        Bound::Unbounded => None,
    }
}

fn until_of(days: &Days) -> Option<NaiveDate> {
    match days.1 {
        Bound::Excluded(day) => Some(day),
        Bound::Included(day) => day.succ_opt(),
        Bound::Unbounded => None,
    }
}

/// Whether two ranges share a day.
fn meet(days: &Days, (from, until): (NaiveDate, Option<NaiveDate>)) -> bool {
    until_of(days).is_none_or(|end| end > from)
        && until.is_none_or(|until| from_of(days).is_none_or(|start| start < until))
}

/// The parts of `[from, until)` on which none of these ranges holds.
fn uncovered(
    mut ranges: Vec<&Days>,
    (mut from, until): (NaiveDate, Option<NaiveDate>),
) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    ranges.retain(|days| meet(days, (from, until)));
    ranges.sort_by_key(|days| from_of(days));
    let mut parts = Vec::new();
    for days in ranges {
        if let Some(start) = from_of(days).filter(|start| from < *start) {
            parts.push((from, Some(start)));
        }
        match until_of(days) {
            Some(end) => from = from.max(end),
            None => return parts,
        }
    }
    if until.is_none_or(|until| from < until) {
        parts.push((from, until));
    }
    parts
}

/// Lets the accounts of `member` convene `sector`, on those of these days on which they may not yet.
pub async fn let_convene(
    tx: &mut Tx<'_>,
    member: Uuid,
    sector: Uuid,
    (from, until): (NaiveDate, Option<NaiveDate>),
) -> Result<()> {
    let subjects = accounts_of(tx, member).await?;
    let grant = Grant { role: Role::Convener, place: Place::Sector(sector) };
    let there = held(tx, subjects.clone(), grant).await?;
    for subject in subjects {
        let own = there.iter().filter(|grant| grant.subject == subject);
        let own = own.map(|grant| &grant.during).collect();
        for (from, until) in uncovered(own, (from, until)) {
            add_grant(tx, subject, grant, from, until).await?;
        }
    }
    Ok(())
}

/// Takes from the accounts of `member` what `grant` lets them do on the days from `from` until before
/// `over`: on those from `until` on, or on all of them.
pub async fn end_following(
    tx: &mut Tx<'_>,
    member: Uuid,
    grant: Grant,
    (from, over): (NaiveDate, Option<NaiveDate>),
    until: Option<NaiveDate>,
) -> Result<()> {
    let subjects = accounts_of(tx, member).await?;
    for grant in held(tx, subjects, grant).await? {
        if !meet(&grant.during, (until.unwrap_or(from).max(from), over)) {
            continue;
        }
        let start = from_of(&grant.during);
        let kept = until.filter(|until| start.is_none_or(|start| start < *until));
        let row = diesel::update(grants::table.find((tx.call.city, grant.id)));
        let version = grant.version + 1;
        match kept {
            Some(until) => {
                let during: Days = (grant.during.0, Bound::Excluded(until));
                let set = (grants::during.eq(during), grants::version.eq(version));
                row.set(set).execute(&mut &*tx.conn).await?;
            }
            None => {
                let set = (grants::voided_at.eq(tx.call.now), grants::version.eq(version));
                row.set(set).execute(&mut &*tx.conn).await?;
            }
        }
        tx.journal(Entry {
            kind: if kept.is_some() { "grant.ended" } else { "grant.voided" },
            object_kind: "grant",
            object_id: grant.id,
            version,
            places: Places::default(),
            before: None,
            after: Some(json!({ "subject_id": grant.subject, "until": kept })),
        })
        .await?;
        changed(tx, grant.subject).await?;
    }
    Ok(())
}

/// Lets the accounts of `member` do after `over` too what `grant` let them do until then, where nothing
/// else lets them.
pub async fn continue_following(
    tx: &mut Tx<'_>,
    member: Uuid,
    grant: Grant,
    over: NaiveDate,
) -> Result<()> {
    let subjects = accounts_of(tx, member).await?;
    let there = held(tx, subjects.clone(), grant).await?;
    for subject in subjects {
        let own = || there.iter().filter(|grant| grant.subject == subject);
        let later = own().any(|grant| meet(&grant.during, (over, None)));
        let ended = own().find(|grant| until_of(&grant.during) == Some(over));
        let Some(grant) = ended.filter(|_| !later) else { continue };
        let version = grant.version + 1;
        let during: Days = (grant.during.0, Bound::Unbounded);
        diesel::update(grants::table.find((tx.call.city, grant.id)))
            .set((grants::during.eq(during), grants::version.eq(version)))
            .execute(&mut &*tx.conn)
            .await?;
        let after = Some(json!({ "subject_id": subject, "until": null }));
        let (kind, object_kind, object_id) = ("grant.continued", "grant", grant.id);
        let (places, before) = (Places::default(), None);
        tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
        changed(tx, subject).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, n).unwrap()
    }

    #[test]
    fn what_no_range_covers_is_what_is_left_between_and_around_them() {
        let range = |from, until| (Bound::Included(day(from)), Bound::Excluded(day(until)));
        let (early, late) = (range(3, 5), range(8, 10));
        let left = |days: (u32, Option<u32>), ranges: Vec<&Days>| {
            uncovered(ranges, (day(days.0), days.1.map(day)))
        };
        let is = |parts: &[(u32, Option<u32>)]| -> Vec<_> {
            parts.iter().map(|(from, until)| (day(*from), until.map(day))).collect()
        };
        assert_eq!(
            left((1, Some(12)), vec![&late, &early]),
            is(&[(1, Some(3)), (5, Some(8)), (10, Some(12))])
        );
        assert_eq!(left((4, None), vec![&early, &late]), is(&[(5, Some(8)), (10, None)]));
        assert_eq!(left((8, Some(10)), vec![&late]), is(&[]));
        let ever = (Bound::Included(day(1)), Bound::Unbounded);
        assert_eq!(left((2, None), vec![&ever, &late]), is(&[]));
        assert_eq!(left((2, Some(4)), vec![]), is(&[(2, Some(4))]));
    }

    #[test]
    fn ranges_meet_where_they_share_a_day() {
        let days = (Bound::Included(day(5)), Bound::Excluded(day(10)));
        assert!(meet(&days, (day(9), None)) && !meet(&days, (day(10), None)));
        assert!(meet(&days, (day(1), Some(day(6)))) && !meet(&days, (day(1), Some(day(5)))));
        assert!(meet(&(Bound::Unbounded, Bound::Unbounded), (day(1), Some(day(2)))));
    }
}
