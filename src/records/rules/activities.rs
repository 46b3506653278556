//! The record of an activity: its words, who may do what to it, and when it may be written.
//! [`TRANSITIONS`] is the machine; refusals, allowed actions and tests read it.

use chrono::NaiveDate;

use crate::codes::{codes, refusals};

codes! {
    /// What was held.
    ActivityKind, pub enum Kind {
        /// A counterpart department told members of a committee how matters stand: 对口情况通报.
        Briefing = "briefing" "对口情况通报" "Briefing by a counterpart department";
    }
}

codes! {
    /// Where the record of an activity stands.
    ActivityState, pub enum State {
        /// Recorded: 已登记.
        Recorded = "recorded" "已登记" "recorded";
        /// Voided: 已作废.
        Voided = "voided" "已作废" "voided";
    }
}

codes! {
    /// What is done to the record of an activity.
    ActivityAction, pub enum Action {
        /// Void: 作废.
        Void = "void" "作废" "void";
    }
}

codes! {
    /// Why the record of an activity is void.
    ActivityVoidReason, pub enum VoidReason {
        /// The same was recorded already: 重复登记.
        EnteredTwice = "entered_twice" "重复登记" "entered twice";
        /// It did not take place: 未举行.
        NotHeld = "not_held" "未举行" "not held";
        /// It was otherwise, and is recorded anew: 内容有误.
        WrongDetails = "wrong_details" "内容有误" "wrong in its details";
    }
}

refusals! {
    /// Why a guard refuses.
    pub enum Refusal {
        HeldInFuture = "in_future" at "/held_on", "不得在将来", "An activity that is recorded has been held.";
        NotCounterpart = "not_counterpart" at "/department_id", "须为该委员会当日的对口部门", "A department that was the committee's counterpart on that day.";
    }
}

/// Who records what a committee held, and voids the record: its own staff, the liaison centre, and of a
/// county's own committee the county's staff.
pub const KEEPERS: &[&str] = &["committee_staff", "liaison_centre", "county_staff"];

/// One row of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The state it starts from.
    pub from: State,
    /// What is done.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// The roles that may, where the committee stands.
    pub who: &'static [&'static str],
}

/// Every transition of an activity's record; what is not here is refused.
pub const TRANSITIONS: &[Transition] =
    &[Transition { from: State::Recorded, action: Action::Void, to: State::Voided, who: KEEPERS }];

/// The state an action leads to; None where it is refused.
pub fn transition(from: State, action: Action) -> Option<State> {
    let mut rows = TRANSITIONS.iter();
    rows.find(|row| row.action == action && row.from == from).map(|row| row.to)
}

/// Whether a role may ever do this; [`transition`] says whether the state allows it.
pub fn may(action: Action, role: &str) -> bool {
    TRANSITIONS.iter().any(|row| row.action == action && row.who.contains(&role))
}

/// The codes of what somebody with these roles at its places may do in a state.
pub fn allowed_actions(from: State, roles: &[&str]) -> Vec<&'static str> {
    let open = TRANSITIONS.iter().filter(|row| row.from == from);
    let open = open.filter(|row| row.who.iter().any(|role| roles.contains(role)));
    open.map(|row| row.action.as_str()).collect()
}

/// A briefing is recorded on its day or later, and given by who was the committee's counterpart on
/// that day; all that is wrong at once.
pub fn briefing_guard(held_on: NaiveDate, today: NaiveDate, counterpart: bool) -> Vec<Refusal> {
    let future = (held_on > today).then_some(Refusal::HeldInFuture);
    let stranger = (!counterpart).then_some(Refusal::NotCounterpart);
    [future, stranger].into_iter().flatten().collect()
}

/// The places in a list at which somebody is named a second time.
pub fn doubled<T: Ord>(list: &[T]) -> Vec<usize> {
    let mut seen = std::collections::BTreeSet::new();
    list.iter().enumerate().filter(|(_, one)| !seen.insert(*one)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_record_is_voided_once_and_by_its_keepers_alone() {
        assert_eq!(transition(State::Recorded, Action::Void), Some(State::Voided));
        assert_eq!(transition(State::Voided, Action::Void), None);
        for role in KEEPERS {
            assert!(may(Action::Void, role));
            assert_eq!(allowed_actions(State::Recorded, &[role]), ["void"]);
            assert!(allowed_actions(State::Voided, &[role]).is_empty());
        }
        for role in ["admin", "member", "convener", "supervisor", "dept_head"] {
            assert!(!may(Action::Void, role) && !KEEPERS.contains(&role));
            assert!(allowed_actions(State::Recorded, &[role]).is_empty());
        }
    }

    #[test]
    fn a_briefing_has_been_held_and_was_the_counterparts() {
        let today = day("2026-12-08");
        assert!(briefing_guard(today, today, true).is_empty());
        assert!(briefing_guard(day("2026-03-02"), today, true).is_empty());
        assert_eq!(briefing_guard(day("2026-12-09"), today, true), [Refusal::HeldInFuture]);
        assert_eq!(briefing_guard(today, today, false), [Refusal::NotCounterpart]);
        assert_eq!(briefing_guard(day("2026-12-09"), today, false), Refusal::ALL);
    }

    #[test]
    fn who_is_named_again_is_found_where_that_stands() {
        assert_eq!(doubled(&[3, 1, 3, 2, 1, 3]), [2, 4, 5]);
        assert!(doubled(&[1, 2, 3]).is_empty());
    }

    #[test]
    fn every_code_is_what_json_says() {
        for one in State::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
            assert_eq!(State::parse(one.as_str()), Some(one));
        }
    }
}
