//! What is wrong with the change of one member on a day, all of it at once, by pointers from the item.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::Refusal;
use crate::chain::rules::{self, Dated, Term, organizations};
use crate::error::Fault;

/// What is to change for a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Moves to this sector.
    pub sector_id: Option<Uuid>,
    /// Leaves.
    pub ends_term: bool,
    /// Contacts they keep in touch with no more.
    pub end: Vec<Uuid>,
    /// Contacts they keep in touch with from then on.
    pub link: Vec<Uuid>,
}

/// What stands about the member, and what they may be joined to.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Since when, until before when they are one.
    pub term: Term,
    /// Their links to sectors.
    pub sectors: &'a [Dated],
    /// Their links to contacts.
    pub contacts: &'a [Dated],
    /// The county they are of.
    pub county: Option<i32>,
    /// Sectors that are there, with their terms and the county whose own they are.
    pub seats: &'a BTreeMap<Uuid, (Term, Option<i32>)>,
    /// Contacts that are there, with their terms.
    pub contact_terms: &'a BTreeMap<Uuid, Term>,
}

/// All that is wrong with `wanted` from `from` on.
pub fn faults(wanted: &Wanted, known: &Known<'_>, from: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    let others = wanted.sector_id.is_some() || !wanted.end.is_empty() || !wanted.link.is_empty();
    match (wanted.ends_term, others) {
        (false, false) => faults.push(Refusal::NoChange.into()),
        (true, true) => faults.push(Refusal::LeavesOnly.into()),
        _ => {}
    }
    if let Err(refusal) = rules::begins_within(known.term, from) {
        faults.push(at("/member_id", refusal));
    } else if wanted.ends_term {
        faults.extend(rules::term_ends(known.term, from).err().map(|why| at("/ends_term", why)));
    }
    faults.extend(wanted.sector_id.and_then(|sector| move_fault(sector, known, from)));
    for (n, contact) in wanted.end.iter().enumerate() {
        let place = format!("/contacts/end/{n}");
        if wanted.end[..n].contains(contact) {
            faults.push(twice(place));
        } else {
            faults.extend(end_fault(&place, *contact, known, from));
        }
    }
    for (n, contact) in wanted.link.iter().enumerate() {
        let place = format!("/contacts/link/{n}");
        if wanted.link[..n].contains(contact) || wanted.end.contains(contact) {
            faults.push(twice(place));
        } else {
            faults.extend(link_fault(&place, *contact, known, from));
        }
    }
    faults
}

fn move_fault(sector: Uuid, known: &Known<'_>, from: NaiveDate) -> Option<Fault> {
    let Some((term, county)) = known.seats.get(&sector) else {
        return Some(Fault::reference("/sector_id", "界别", "sector"));
    };
    if !organizations::over(*county, known.county) {
        return Some(organizations::Refusal::SectorOfOtherCounty.into());
    }
    let stands = rules::begins_within(*term, from);
    let fits = rules::switch(known.sectors, (Uuid::nil(), sector), from, None).map(drop);
    stands.and(fits).err().map(|refusal| at("/sector_id", refusal))
}

fn end_fault(place: &str, contact: Uuid, known: &Known<'_>, from: NaiveDate) -> Option<Fault> {
    let present = known.contacts.iter().find(|link| link.other == contact && link.on(from));
    match present {
        None => Some(at(place, Refusal::NotLinked)),
        Some(link) => rules::end(link, from).err().map(|refusal| at(place, refusal)),
    }
}

fn link_fault(place: &str, contact: Uuid, known: &Known<'_>, from: NaiveDate) -> Option<Fault> {
    let Some(term) = known.contact_terms.get(&contact) else {
        return Some(Fault::reference(place, "联系人", "contact"));
    };
    if let Err(refusal) = rules::begins_within(*term, from) {
        return Some(at(place, refusal));
    }
    let mut same = known.contacts.iter().filter(|link| link.other == contact && !link.voided);
    let overlaps = same.any(|link| link.until.is_none_or(|until| from < until));
    overlaps.then(|| at(place, Refusal::LinkedAlready))
}

fn at(place: &str, refusal: impl Into<Fault>) -> Fault {
    Fault { pointer: place.to_owned(), ..refusal.into() }
}

fn twice(place: String) -> Fault {
    Fault::new(place, "duplicate", "同一联系人只可写一次", "name a contact once")
}
