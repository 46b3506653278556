//! The record of a visit: who may do what to it in which state, and when it may be written.
//! [`TRANSITIONS`] is the machine; refusals, allowed actions, documentation and tests read it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::workdays;

pub mod activities;
mod refusal;
mod words;

pub use refusal::Refusal;
pub use words::{Action, Form, MemberRole, State};

/// One row of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The states it starts from.
    pub from: &'static [State],
    /// What is done.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// The roles that may, as [`parts`] leaves them for this one record, and `recorder` with them.
    pub who: &'static [&'static str],
    /// What else must hold, for the documentation.
    pub guard: &'static str,
}

const fn row(
    from: &'static [State],
    action: Action,
    to: State,
    who: &'static [&'static str],
    guard: &'static str,
) -> Transition {
    Transition { from, action, to, who, guard }
}

const CONVENER: &[&str] = &["convener"];
const STAFF: &[&str] = &["committee_staff"];
const EITHER: &[&str] = &["recorder", "convener"];
const OF_SECTOR: &str = "of the member's sector; never whose visit it is or who recorded it";
const OF_CONVENER: &str = "of the sector's committee, where the convener visited or recorded it";

/// Every transition of a visit's record; what is not here is refused.
pub const TRANSITIONS: &[Transition] = {
    use State::{Confirmed, Recorded, SentBack, Voided};
    &[
        row(&[Recorded], Action::Confirm, Confirmed, CONVENER, OF_SECTOR),
        row(&[Recorded], Action::Confirm, Confirmed, STAFF, OF_CONVENER),
        row(&[Recorded], Action::SendBack, SentBack, CONVENER, OF_SECTOR),
        row(&[Recorded], Action::SendBack, SentBack, STAFF, OF_CONVENER),
        row(&[Recorded, Confirmed, SentBack], Action::Void, Voided, EITHER, "a reason"),
    ]
};

/// The roles and parts that count in one record. Whoever recorded it, or whose visit it is, has the
/// part `recorder` instead of a decider's role; the committee's staff decide only where the convener
/// is one of the two.
pub fn parts(roles: Vec<&'static str>, own: bool, convener_is_party: bool) -> Vec<&'static str> {
    let mut parts = roles;
    parts.retain(|role| match *role {
        "convener" => !own,
        "committee_staff" => !own && convener_is_party,
        _ => true,
    });
    if own {
        parts.push("recorder");
    }
    parts
}

/// The state an action leads to; None where it is refused.
pub fn transition(from: State, action: Action) -> Option<State> {
    let mut rows = TRANSITIONS.iter();
    rows.find(|row| row.action == action && row.from.contains(&from)).map(|row| row.to)
}

/// The codes of what someone with these roles (and parts in this record) may do in a state.
pub fn allowed_actions(from: State, roles: &[&str]) -> Vec<&'static str> {
    let open = TRANSITIONS.iter().filter(|row| row.from.contains(&from));
    open.filter(|row| row.who.iter().any(|role| roles.contains(role)))
        .map(|row| row.action.as_str())
        .collect()
}

/// Whether a role may ever do this; [`transition`] says whether the state allows it.
pub fn may(action: Action, role: &str) -> bool {
    TRANSITIONS.iter().any(|row| row.action == action && row.who.contains(&role))
}

/// A visit as far as the rules look at it, with the plan it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended, where that was noted.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether the plan it belongs to is approved.
    pub plan_approved: bool,
    /// The first date of the plan's period.
    pub period_start: NaiveDate,
    /// The first date after the plan's period.
    pub period_end: NaiveDate,
}

/// A visit is recorded once it has begun, against an approved plan, on a date of the plan's period
/// in the city; all that is wrong at once.
pub fn record_guard(visit: &Visit, now: DateTime<Utc>) -> Result<(), Vec<Refusal>> {
    let date = workdays::local_date(visit.started_at);
    let inside = visit.period_start <= date && date < visit.period_end;
    let backwards = visit.ended_at.is_some_and(|ended| ended < visit.started_at);
    let unfinished = visit.ended_at.is_some_and(|ended| ended > now);
    let wrong: Vec<_> = [
        (visit.started_at > now).then_some(Refusal::StartsInFuture),
        backwards.then_some(Refusal::EndsBeforeStart),
        unfinished.then_some(Refusal::EndsInFuture),
        (!visit.plan_approved).then_some(Refusal::PlanNotApproved),
        (!inside).then_some(Refusal::OutsidePeriod),
    ]
    .into_iter()
    .flatten()
    .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Voiding and sending back need a reason that says something.
pub fn reason_guard(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A visit at 00:00 local of the first of March, under that month's plan.
    fn visit() -> Visit {
        Visit {
            started_at: workdays::day_starts_at(day("2026-03-01")),
            ended_at: None,
            plan_approved: true,
            period_start: day("2026-03-01"),
            period_end: day("2026-04-01"),
        }
    }

    #[test]
    fn from_any_state_only_the_listed_actions_succeed() {
        let open = State::ALL.into_iter().flat_map(|from| Action::ALL.map(|action| (from, action)));
        assert_eq!(open.filter(|(from, action)| transition(*from, *action).is_some()).count(), 5);
        assert_eq!(transition(State::Confirmed, Action::Confirm), None);
        assert!(allowed_actions(State::Voided, &["convener", "recorder"]).is_empty());
    }

    #[test]
    fn the_convener_confirms_and_the_recorder_may_void() {
        let all = ["confirm", "send_back", "void"];
        assert_eq!(allowed_actions(State::Recorded, &["convener"]), all);
        assert_eq!(allowed_actions(State::Confirmed, &["member", "recorder"]), ["void"]);
        assert!(may(Action::Void, "recorder") && !may(Action::Confirm, "recorder"));
    }

    #[test]
    fn a_visit_belongs_to_the_citys_month_not_to_greenwichs() {
        let now = visit().started_at;
        assert_eq!(record_guard(&visit(), now), Ok(()));
        let before = Visit { started_at: now - TimeDelta::seconds(1), ..visit() };
        assert_eq!(record_guard(&before, now), Err(vec![Refusal::OutsidePeriod]));
        let after = Visit { started_at: workdays::day_starts_at(day("2026-04-01")), ..visit() };
        assert_eq!(record_guard(&after, after.started_at), Err(vec![Refusal::OutsidePeriod]));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let started_at = visit().started_at;
        let ended_at = Some(started_at - TimeDelta::seconds(1));
        let wrong = Visit { ended_at, plan_approved: false, ..visit() };
        let refusals = record_guard(&wrong, started_at - TimeDelta::seconds(1)).unwrap_err();
        let expected =
            [Refusal::StartsInFuture, Refusal::EndsBeforeStart, Refusal::PlanNotApproved];
        assert_eq!(refusals, expected);
    }

    #[test]
    fn a_visit_that_is_recorded_has_ended() {
        let started_at = visit().started_at;
        let now = started_at + TimeDelta::hours(1);
        let ends = |ended_at| record_guard(&Visit { ended_at: Some(ended_at), ..visit() }, now);
        assert_eq!(ends(now), Ok(()));
        assert_eq!(ends(now + TimeDelta::seconds(1)), Err(vec![Refusal::EndsInFuture]));
    }

    #[test]
    fn the_committee_decides_only_where_the_convener_is_a_party() {
        let staff = |own, party| parts(vec!["committee_staff"], own, party);
        let may = |parts: Vec<&str>| allowed_actions(State::Recorded, &parts);
        assert_eq!(may(staff(false, true)), ["confirm", "send_back"]);
        assert!(may(staff(false, false)).is_empty());
        assert_eq!(may(staff(true, true)), ["void"]);
        assert_eq!(may(parts(vec!["convener", "member"], true, true)), ["void"]);
        assert_eq!(may(parts(vec!["convener"], false, true)), ["confirm", "send_back", "void"]);
    }

    #[test]
    fn a_reason_says_something() {
        assert_eq!(reason_guard(" \t"), Err(Refusal::ReasonMissing));
        assert_eq!(reason_guard("登记有误"), Ok(()));
    }

    #[test]
    fn every_code_is_what_json_says() {
        for one in State::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
            assert_eq!(State::parse(one.as_str()), Some(one));
        }
    }
}
