use chrono::TimeDelta;

use super::*;
use crate::workdays::{DayKind, day_ends_at, day_starts_at};

const EVERYONE: &[&str] = &[
    "admin",
    "liaison_centre",
    "dept_receiver",
    "dept_handler",
    "dept_head",
    "client",
    "scheduler",
    "system",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> DateTime<Utc> {
    day_starts_at(day(text)) + TimeDelta::hours(12)
}

/// The first half of 2026.
fn table() -> DayTable {
    DayTable::new(
        [2026],
        [(day("2026-05-09"), DayKind::Workday), (day("2026-06-19"), DayKind::Holiday)],
    )
}

#[test]
fn from_any_state_only_the_listed_actions_succeed() {
    let mut open = 0;
    for from in State::ALL {
        for action in Action::ALL {
            let listed = allowed_actions(from, EVERYONE).contains(&action.as_str());
            assert_eq!(transition(from, action).is_some(), listed, "{from:?} {action:?}");
            open += usize::from(listed);
        }
    }
    assert_eq!(open, 10);
}

#[test]
fn a_state_and_an_action_have_one_row() {
    for from in State::ALL {
        for action in Action::ALL {
            let rows =
                TRANSITIONS.iter().filter(|row| row.action == action && row.from.contains(&from));
            assert!(rows.count() <= 1, "{from:?} {action:?}");
        }
    }
}

#[test]
fn an_ended_work_order_allows_nothing() {
    for from in [State::Returned, State::Recalled, State::Accepted] {
        assert!(allowed_actions(from, EVERYONE).is_empty());
    }
}

#[test]
fn each_part_of_a_department_sees_its_own_actions() {
    assert_eq!(allowed_actions(State::PendingSign, &["dept_receiver"]), ["sign_in"]);
    assert_eq!(
        allowed_actions(State::Handling, &["dept_handler"]),
        ["record_contact", "draft_reply"]
    );
    assert_eq!(allowed_actions(State::Handling, &["dept_head"]), ["reply"]);
    assert_eq!(allowed_actions(State::Replied, &["liaison_centre"]), ["send_back"]);
    assert!(may(Action::SignIn, "client") && !may(Action::Reply, "dept_handler"));
}

#[test]
fn every_code_is_what_json_says() {
    let json = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    for one in State::ALL {
        assert_eq!(json(serde_json::to_value(one).unwrap()), one.as_str());
        assert_eq!(State::parse(one.as_str()), Some(one));
    }
    for one in Action::ALL {
        assert_eq!(json(serde_json::to_value(one).unwrap()), one.as_str());
    }
    for one in Urgency::ALL {
        assert_eq!(json(serde_json::to_value(one).unwrap()), one.as_str());
    }
    assert_eq!(ResultClass::parse("b"), Some(ResultClass::B));
    assert_eq!(ResultClass::parse("B"), None);
}

#[test]
fn class_b_needs_a_date_ahead_and_not_too_far() {
    let today = day("2026-06-15");
    let with = |promised: Option<&str>| {
        let promised_on = promised.map(day);
        let draft = Draft { result_class: ResultClass::B, promised_on, reason: None };
        draft_guard(draft, today, day("2027-06-15"))
    };
    assert_eq!(with(None), Err(Refusal::PromiseMissing));
    assert_eq!(with(Some("2026-06-15")), Err(Refusal::PromiseNotAhead));
    assert_eq!(with(Some("2026-06-16")), Ok(()));
    assert_eq!(with(Some("2027-06-15")), Ok(()));
    assert_eq!(with(Some("2027-06-16")), Err(Refusal::PromiseTooFar));
}

#[test]
fn class_c_needs_a_reason_that_says_something() {
    let with = |reason| {
        let draft = Draft { result_class: ResultClass::C, promised_on: None, reason };
        draft_guard(draft, day("2026-06-15"), day("2027-06-15"))
    };
    assert_eq!(with(None), Err(Refusal::ReasonMissing));
    assert_eq!(with(Some(" \u{3000}")), Err(Refusal::ReasonMissing));
    assert_eq!(with(Some("资金未到位")), Ok(()));
}

#[test]
fn a_reply_needs_a_draft_that_still_holds() {
    let draft =
        Draft { result_class: ResultClass::B, promised_on: Some(day("2026-06-16")), reason: None };
    let on = |draft, today| reply_guard(draft, day(today), day("2027-06-15"));
    assert_eq!(on(None, "2026-06-15"), Err(Refusal::DraftMissing));
    assert_eq!(on(Some(draft), "2026-06-15"), Ok(()));
    assert_eq!(on(Some(draft), "2026-06-16"), Err(Refusal::PromiseNotAhead));
}

#[test]
fn a_round_is_answered_when_every_live_department_has_replied() {
    use Kind::{Co, Lead, Separate};
    use State::{Handling, Recalled, Replied};
    assert!(!all_replied([]));
    assert!(!all_replied([(Separate, Recalled)]));
    assert!(!all_replied([(Separate, Replied), (Separate, Handling)]));
    assert!(all_replied([(Separate, Replied), (Separate, Recalled)]));
    assert!(all_replied([(Lead, Replied), (Co, Handling)]));
}

#[test]
fn one_promise_among_the_replies_is_followed_up() {
    use ResultClass::{A, B, C};
    assert_eq!(round_class([A, B, C]), Some(B));
    assert_eq!(round_class([A, C]), Some(C));
    assert_eq!(round_class([]), None);
}

#[test]
fn the_reply_clock_counts_from_the_day_after_dispatch() {
    let due = reply_due(&table(), noon("2026-05-06"), Span::WorkingDays(5));
    assert_eq!(due.on, day("2026-05-12"));
    let urgent = reply_due(&table(), noon("2026-05-06"), Span::Hours(24));
    assert_eq!(urgent.at, noon("2026-05-07"));
}

#[test]
fn a_sign_in_is_late_from_midnight_on() {
    let due = sign_due(&table(), noon("2026-05-08"), Span::WorkingDays(1));
    assert_eq!(due.on, day("2026-05-09"));
    assert!(signed_on_time(day_ends_at(due.on) - TimeDelta::seconds(1), due.at));
    assert!(!signed_on_time(day_starts_at(day("2026-05-10")), due.at));
    assert_eq!(sign_reminder_at(&due), day_starts_at(day("2026-05-10")));
    let day_later = yellow_at(&table(), &due, Span::WorkingDays(1));
    assert_eq!(day_later, day_starts_at(day("2026-05-12")));
}

#[test]
fn a_reply_sent_back_has_the_later_of_the_old_date_and_the_span_from_now() {
    let old = reply_due(&table(), noon("2026-05-06"), Span::WorkingDays(15));
    assert_eq!(sent_back_due(&table(), old, noon("2026-05-08"), Span::WorkingDays(5)), old);
    let late = sent_back_due(&table(), old, noon("2026-06-12"), Span::WorkingDays(5));
    assert_eq!(late.on, day("2026-06-22"));
}

#[test]
fn the_overdue_mark_waits_for_a_working_day() {
    let thursday = day("2026-06-18");
    assert_eq!(overdue_fires_at(&table(), thursday), day_starts_at(day("2026-06-22")));
}

#[test]
fn every_refusal_points_and_speaks() {
    for refusal in Refusal::ALL {
        assert!(!refusal.code().is_empty() && !refusal.detail().0.is_empty());
        assert!(refusal.pointer().is_empty() || refusal.pointer().starts_with('/'));
    }
}
