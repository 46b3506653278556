use super::*;
use crate::chain::rules::{Dated, Term};
use crate::error::Fault;
use chrono::{NaiveDate, TimeDelta};
use std::collections::BTreeMap;
use uuid::Uuid;

#[test]
fn from_any_state_only_the_listed_actions_succeed() {
    let open = State::ALL.into_iter().flat_map(|from| Action::ALL.map(|action| (from, action)));
    assert_eq!(open.filter(|(from, action)| transition(*from, *action).is_some()).count(), 8);
    assert_eq!(transition(State::Reported, Action::Approve), None);
    assert_eq!(transition(State::Approved, Action::Undo), Some(State::Undone));
    for ended in [State::Refused, State::Applied, State::Withdrawn, State::Undone, State::Failed] {
        assert!(Action::ALL.iter().all(|action| transition(ended, *action).is_none()), "{ended:?}");
    }
}

#[test]
fn whoever_reported_it_withdraws_it_and_never_decides() {
    let centre = &["liaison_centre"][..];
    assert_eq!(allowed_actions(State::Reported, &["committee_staff"]), ["check"]);
    assert_eq!(allowed_actions(State::Reported, centre), ["check"]);
    assert_eq!(allowed_actions(State::CommitteeChecked, centre), ["approve", "refuse"]);
    let own = ["liaison_centre", "reporter"];
    assert_eq!(allowed_actions(State::CommitteeChecked, &own), ["withdraw"]);
    assert_eq!(allowed_actions(State::Reported, &["member", "reporter"]), ["withdraw"]);
    assert_eq!(allowed_actions(State::Approved, centre), ["undo"]);
    assert!(allowed_actions(State::Approved, &["committee_staff", "reporter"]).is_empty());
    assert_eq!(decide_guard(Action::Approve, true), Err(Refusal::DeciderIsReporter));
    assert_eq!(decide_guard(Action::Check, true), Ok(()));
    assert!(may(Action::Check, "committee_staff") && !may(Action::Approve, "committee_staff"));
}

#[test]
fn every_code_is_what_json_says() {
    for one in State::ALL {
        assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
        assert_eq!(State::parse(one.as_str()), Some(one));
    }
    for one in Reason::ALL {
        assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
    }
}

const HERE: Uuid = Uuid::from_u128(1);
const THERE: Uuid = Uuid::from_u128(2);
const ELSEWHERE: Uuid = Uuid::from_u128(5);
const OLD: Uuid = Uuid::from_u128(3);
const NEW: Uuid = Uuid::from_u128(4);

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(n)
}

fn link(other: Uuid, from: i64, until: Option<i64>) -> Dated {
    let (from, until) = (day(from), until.map(day));
    Dated { id: Uuid::from_u128(9), other, from, until, voided: false, replaces: None }
}

/// Pointer and code of what is wrong on day 10 for a member of this term, in `HERE` and linked to
/// `OLD` since day 0.
fn wrong(wanted: &Wanted, term: Term) -> Vec<(String, &'static str)> {
    let since = (day(0), None);
    let found = faults(
        wanted,
        &Known {
            term,
            sectors: &[link(HERE, 0, None)],
            contacts: &[link(OLD, 0, None)],
            county: Some(230_403),
            seats: &BTreeMap::from([
                (HERE, (since, None)),
                (THERE, (since, Some(230_403))),
                (ELSEWHERE, (since, Some(230_404))),
            ]),
            contact_terms: &BTreeMap::from([(OLD, since), (NEW, since)]),
        },
        day(10),
    );
    found.into_iter().map(|Fault { pointer, code, .. }| (pointer, code)).collect()
}

fn named(at: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(at.to_owned(), code)]
}

#[test]
fn a_change_that_fits_has_no_fault_and_none_is_no_change() {
    let term = (day(0), None);
    let moves =
        Wanted { sector_id: Some(THERE), end: vec![OLD], link: vec![NEW], ..Wanted::default() };
    assert_eq!(wrong(&moves, term), []);
    let leaves = Wanted { ends_term: true, ..Wanted::default() };
    assert_eq!(wrong(&leaves, term), []);
    assert_eq!(wrong(&Wanted::default(), term), named("", "no_change"));
    assert_eq!(
        wrong(&Wanted { ends_term: true, ..moves }, term),
        named("/ends_term", "leaves_only")
    );
}

#[test]
fn who_is_no_member_on_the_day_changes_nothing() {
    let leaves = Wanted { ends_term: true, ..Wanted::default() };
    assert_eq!(wrong(&leaves, (day(0), Some(day(10)))), named("/member_id", "has_left"));
    assert_eq!(wrong(&leaves, (day(11), None)), named("/member_id", "before_term"));
    assert_eq!(wrong(&leaves, (day(10), None)), named("/ends_term", "until_not_after_from"));
}

#[test]
fn a_countys_own_sector_takes_that_countys_members_alone() {
    let moves = |sector| Wanted { sector_id: Some(sector), ..Wanted::default() };
    assert_eq!(wrong(&moves(THERE), (day(0), None)), []);
    assert_eq!(wrong(&moves(ELSEWHERE), (day(0), None)), named("/sector_id", "sector_county"));
}

#[test]
fn everything_wrong_is_named_at_once() {
    let stranger = Uuid::from_u128(77);
    let wanted = Wanted {
        sector_id: Some(HERE),
        ends_term: false,
        end: vec![NEW, OLD, OLD],
        link: vec![stranger, OLD, NEW, NEW],
    };
    let found = [
        ("/sector_id", "same_sector"),
        ("/contacts/end/0", "not_linked"),
        ("/contacts/end/2", "duplicate"),
        ("/contacts/link/0", "reference_not_found"),
        ("/contacts/link/1", "duplicate"),
        ("/contacts/link/2", "duplicate"),
        ("/contacts/link/3", "duplicate"),
    ];
    let found: Vec<_> = found.into_iter().map(|(at, code)| (at.to_owned(), code)).collect();
    assert_eq!(wrong(&wanted, (day(0), None)), found);
    let again = Wanted { link: vec![OLD], ..Wanted::default() };
    assert_eq!(wrong(&again, (day(0), None)), named("/contacts/link/0", "linked_already"));
    let nowhere = Wanted { sector_id: Some(stranger), ..Wanted::default() };
    assert_eq!(wrong(&nowhere, (day(0), None)), named("/sector_id", "reference_not_found"));
}
