//! Whether the changes of an adjustment fit what stands: all members, links and contacts read at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::auth::{Actor, Noun, policy};
use crate::chain::actions::today;
use crate::chain::rules::adjustments::{self as rules, Known, Refusal, Wanted};
use crate::chain::rules::{Dated, Term};
use crate::chain::store::{
    self, AdjustmentItemRow, AdjustmentRow, CONTACT, LinkRow, MemberRow, SECTOR, TermRow,
};
use crate::db::Sight;
use crate::error::{Fault, Result};
use crate::journal::Tx;

/// What was found, and what of it is wrong.
pub(super) struct Weighed {
    /// The members who are there, by id.
    pub(super) members: BTreeMap<Uuid, MemberRow>,
    /// Their links to contacts.
    pub(super) contacts: BTreeMap<Uuid, Vec<Dated>>,
    /// The terms of the contacts to link.
    pub(super) contact_terms: BTreeMap<Uuid, Term>,
    /// Of each item in its order, with pointers from it.
    pub(super) faults: Vec<Vec<Fault>>,
}

impl Weighed {
    /// Whether nothing is wrong.
    pub(super) fn fits(&self) -> bool {
        self.faults.iter().all(Vec::is_empty)
    }

    /// All that is wrong, with pointers from the adjustment.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let items = self.faults.into_iter().enumerate();
        let all = items.flat_map(|(n, faults)| faults.into_iter().map(move |fault| (n, fault)));
        all.map(|(n, fault)| Fault { pointer: format!("/items/{n}{}", fault.pointer), ..fault })
            .collect()
    }
}

/// Weighs what is stored, with everything it touches locked.
pub(super) async fn as_things_stand(
    tx: &Tx<'_>,
    row: &AdjustmentRow,
    items: &[AdjustmentItemRow],
) -> Result<Weighed> {
    let wanted: Vec<_> = items.iter().map(|item| (item.member_id, item.wanted())).collect();
    weigh(tx, row.from_on, &wanted, None).await
}

/// Weighs `items` on `from`. By `actor`: only what they see is there, and nothing is locked.
pub(super) async fn weigh(
    tx: &Tx<'_>,
    from: NaiveDate,
    items: &[(Uuid, Wanted)],
    actor: Option<&Actor>,
) -> Result<Weighed> {
    let (conn, city) = (tx.conn, tx.call.city);
    let ids: Vec<Uuid> = items.iter().map(|(member, _)| *member).collect();
    let members = store::members_of(conn, city, ids.clone(), actor.is_none()).await?;
    let seen = |row: &MemberRow| {
        actor.is_none_or(|actor| policy::sees(actor, Noun::Member, &row.places()))
    };
    let members = members.into_iter().filter(seen).map(|row| (row.id, row));
    let members: BTreeMap<_, _> = members.collect();
    if actor.is_none() {
        lock_contacts(tx, items).await?;
    }
    let sectors = by_member(store::lines(conn, city, SECTOR, ids.clone()).await?);
    let contacts = by_member(store::lines(conn, city, CONTACT, ids).await?);
    let to_sectors = items.iter().filter_map(|(_, wanted)| wanted.sector_id).collect();
    let confined_to = actor.and_then(policy::confined_to);
    let seats = store::seats(conn, city, to_sectors, confined_to).await?;
    let seats = seats.into_iter().map(|row| (row.term.id, (row.term.term(), row.county_code)));
    let seats: BTreeMap<_, _> = seats.collect();
    let to_contacts = items.iter().flat_map(|(_, wanted)| wanted.link.clone()).collect();
    let sight = actor.map_or_else(Sight::city, |actor| policy::sight(actor, Noun::Contact));
    let found = store::contact_terms(conn, city, to_contacts, &sight, today(tx)).await?;
    let contact_terms = terms(found);
    let faults = items.iter().map(|(member, wanted)| {
        let row = members.get(member);
        let lines = |of: &BTreeMap<Uuid, Vec<Dated>>| of.get(member).cloned().unwrap_or_default();
        let known = Known {
            term: row.map_or((NaiveDate::MIN, None), |row| (row.from_on, row.until_on)),
            sectors: &lines(&sectors),
            contacts: &lines(&contacts),
            seats: &seats,
            county: row.and_then(|row| row.county_code),
            contact_terms: &contact_terms,
        };
        let mut faults = rules::faults(wanted, &known, from);
        if row.is_none() {
            // Of somebody who is not there only what else does not exist is worth saying.
            faults.retain(|fault| fault.code == "reference_not_found");
            faults.push(Fault::reference("/member_id", "委员", "member"));
        }
        faults
    });
    let faults = faults.collect();
    Ok(Weighed { members, contacts, contact_terms, faults })
}

/// Locks the contacts that the items name, and those of who leaves.
async fn lock_contacts(tx: &Tx<'_>, items: &[(Uuid, Wanted)]) -> Result<()> {
    let (conn, city) = (tx.conn, tx.call.city);
    let leaving = items.iter().filter(|(_, wanted)| wanted.ends_term).map(|(member, _)| *member);
    let theirs = store::lines(conn, city, CONTACT, leaving.collect()).await?;
    let named = items.iter().flat_map(|(_, wanted)| [&wanted.end, &wanted.link]).flatten();
    let touched = named.copied().chain(theirs.iter().map(|link| link.other_id));
    store::lock_contacts(conn, city, touched.collect()).await.map(drop)
}

fn by_member(links: Vec<LinkRow>) -> BTreeMap<Uuid, Vec<Dated>> {
    let mut grouped: BTreeMap<Uuid, Vec<Dated>> = BTreeMap::new();
    for link in links {
        grouped.entry(link.of_id).or_default().push(link.dated());
    }
    grouped
}

fn terms(rows: Vec<TermRow>) -> BTreeMap<Uuid, Term> {
    rows.into_iter().map(|row| (row.id, row.term())).collect()
}

/// What is wrong with who stands where: a member once, all in the committee of the first. Returns that
/// committee.
pub(super) fn committee(items: &[(Uuid, Wanted)], weighed: &mut Weighed) -> Option<Uuid> {
    let mut committee = None;
    for (n, (member, _)) in items.iter().enumerate() {
        let faults = &mut weighed.faults[n];
        if items[..n].iter().any(|(earlier, _)| earlier == member) {
            let (zh, en) = ("同一委员只可写一次", "name a member once");
            *faults = vec![Fault::new("/member_id", "duplicate", zh, en)];
            continue;
        }
        let Some(row) = weighed.members.get(member) else { continue };
        let own = row.committee_id;
        committee = committee.or(own);
        match own {
            None => faults.push(Refusal::NoCommittee.into()),
            Some(_) if own != committee => faults.push(Refusal::OtherCommittee.into()),
            Some(_) => {}
        }
    }
    committee
}
