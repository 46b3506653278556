//! A plan: who may do what to it in which state, its period, and the scheme it plans against.
//! [`TRANSITIONS`] is the machine; refusals, allowed actions, documentation and tests read it.

use chrono::{Datelike, Months, NaiveDate};

mod refusal;
mod words;

pub use refusal::Refusal;
pub use words::{Action, OwnerKind, PeriodKind, SchemeState, State};

/// One row of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The states it starts from.
    pub from: &'static [State],
    /// What is done.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// The roles that may. `owner` and `centre` are parts in this one plan, which the caller adds to
    /// an actor's roles.
    pub who: &'static [&'static str],
    /// What else must hold, for the documentation. Whatever people do is refused once the period is
    /// over; see [`running_guard`].
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

const OWNER: &[&str] = &["owner"];
/// `centre` is the liaison centre's part in a plan of a committee or a party branch, which have no
/// convener.
const DECIDERS: &[&str] = &["convener", "committee_staff", "centre"];
const NOT_OWN: &str = "of the owner's sector, never the owner";

/// Every transition of a plan; what is not here is refused.
pub const TRANSITIONS: &[Transition] = {
    use State::{Approved, Closed, Draft, SentBack, Submitted};
    &[
        row(&[Draft], Action::Update, Draft, OWNER, ""),
        row(&[SentBack], Action::Update, SentBack, OWNER, ""),
        row(&[Draft, SentBack], Action::Submit, Submitted, OWNER, "at least one item"),
        row(&[Submitted], Action::Approve, Approved, DECIDERS, NOT_OWN),
        row(&[Submitted], Action::SendBack, SentBack, DECIDERS, NOT_OWN),
        row(&[Approved, SentBack], Action::Close, Closed, &["scheduler"], "the period is over"),
    ]
};

/// The state an action leads to; None where it is refused.
pub fn transition(from: State, action: Action) -> Option<State> {
    let mut rows = TRANSITIONS.iter();
    rows.find(|row| row.action == action && row.from.contains(&from)).map(|row| row.to)
}

/// The codes of what someone with these roles (and parts in this plan) may do in a state, while the
/// period runs or once it is over. The owner never decides, whatever other roles they hold.
pub fn allowed_actions(from: State, roles: &[&str], over: bool) -> Vec<&'static str> {
    let owner = roles.contains(&"owner");
    let open = TRANSITIONS.iter().filter(|row| row.from.contains(&from));
    open.filter(|row| !(owner && row.who == DECIDERS))
        .filter(|row| running_guard(row.action, over).is_ok())
        .filter(|row| row.who.iter().any(|role| roles.contains(role)))
        .map(|row| row.action.as_str())
        .collect()
}

/// Whether a role may ever do this; [`transition`] says whether the state allows it.
pub fn may(action: Action, role: &str) -> bool {
    TRANSITIONS.iter().any(|row| row.action == action && row.who.contains(&role))
}

/// Once its period is over a plan closes, and nothing else is done to it: a draft, or what nobody
/// decided on, stays as it is.
pub fn running_guard(action: Action, over: bool) -> Result<(), Refusal> {
    if over && action != Action::Close { Err(Refusal::PeriodOver) } else { Ok(()) }
}

/// Whether a plan in this state stands for something planned: it was handed in and not sent back.
pub fn handed_in(state: State) -> bool {
    matches!(state, State::Submitted | State::Approved | State::Closed)
}

/// The owner of a plan neither approves it nor sends it back.
pub fn decide_guard(decider_is_owner: bool) -> Result<(), Refusal> {
    if decider_is_owner { Err(Refusal::DeciderIsOwner) } else { Ok(()) }
}

/// A scheme of kind 1158 is publishable with exactly five channels and eight must-visits; all that
/// is wrong at once.
pub fn scheme_complete(channels: usize, must_visits: usize) -> Result<(), Vec<Refusal>> {
    let wrong: Vec<_> = [
        (channels != 5).then_some(Refusal::NotFiveChannels),
        (must_visits != 8).then_some(Refusal::NotEightMustVisits),
    ]
    .into_iter()
    .flatten()
    .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The first date after a period (exclusive end).
pub fn period_end(kind: PeriodKind, start: NaiveDate) -> NaiveDate {
    let months = match kind {
        PeriodKind::Month => 1,
        PeriodKind::Year => 12,
    };
    start.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// A period starts on the first of its month or year and is not past; `today` is the city's date.
pub fn period_ok(kind: PeriodKind, start: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    let first = match kind {
        PeriodKind::Month => start.day0() == 0,
        PeriodKind::Year => start.ordinal0() == 0,
    };
    if !first {
        Err(Refusal::NotPeriodStart)
    } else if period_end(kind, start) <= today {
        Err(Refusal::PeriodPast)
    } else {
        Ok(())
    }
}

/// Whether a plan came in late: after the due day of its period's first month, which is that
/// month's last day where the month is shorter.
pub fn late(submitted_on: NaiveDate, period_start: NaiveDate, due_day: u8) -> bool {
    let last = period_end(PeriodKind::Month, period_start).pred_opt().unwrap_or(NaiveDate::MAX);
    let due_on = period_start.with_day(due_day.max(1).into()).unwrap_or(last);
    submitted_on > due_on
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn from_any_state_only_the_listed_actions_succeed() {
        let open = State::ALL.into_iter().flat_map(|from| Action::ALL.map(|action| (from, action)));
        assert_eq!(open.filter(|(from, action)| transition(*from, *action).is_some()).count(), 8);
        assert_eq!(transition(State::Submitted, Action::Update), None);
        assert_eq!(transition(State::SentBack, Action::Submit), Some(State::Submitted));
        for action in Action::ALL {
            assert_eq!(transition(State::Closed, action), None);
        }
    }

    #[test]
    fn the_owner_never_decides() {
        let allowed = |from, roles: &[&str]| allowed_actions(from, roles, false);
        assert_eq!(allowed(State::Submitted, &["convener"]), ["approve", "send_back"]);
        assert_eq!(allowed(State::Submitted, &["liaison_centre", "centre"]).len(), 2);
        assert!(allowed(State::Submitted, &["convener", "owner"]).is_empty());
        assert_eq!(allowed(State::Draft, &["convener", "owner"]), ["update", "submit"]);
        assert_eq!(decide_guard(true), Err(Refusal::DeciderIsOwner));
        assert!(may(Action::Approve, "committee_staff") && !may(Action::Approve, "owner"));
    }

    #[test]
    fn once_the_period_is_over_a_plan_only_closes() {
        for from in State::ALL {
            assert!(allowed_actions(from, &["owner"], true).is_empty());
            assert!(allowed_actions(from, &["convener", "committee_staff"], true).is_empty());
            let closes = matches!(from, State::Approved | State::SentBack);
            assert_eq!(transition(from, Action::Close).is_some(), closes, "{from:?}");
        }
        assert_eq!(running_guard(Action::Approve, true), Err(Refusal::PeriodOver));
        assert_eq!(running_guard(Action::Close, true), Ok(()));
    }

    #[test]
    fn a_scheme_has_five_channels_and_eight_must_visits() {
        assert_eq!(scheme_complete(5, 8), Ok(()));
        assert_eq!(scheme_complete(6, 8), Err(vec![Refusal::NotFiveChannels]));
        let both = vec![Refusal::NotFiveChannels, Refusal::NotEightMustVisits];
        assert_eq!(scheme_complete(0, 7), Err(both));
    }

    #[test]
    fn a_period_starts_on_its_first_day_and_is_not_past() {
        let today = day("2026-03-31");
        let ok = |kind, start| period_ok(kind, day(start), today);
        assert_eq!(ok(PeriodKind::Month, "2026-03-01"), Ok(()));
        assert_eq!(ok(PeriodKind::Month, "2026-12-01"), Ok(()));
        assert_eq!(ok(PeriodKind::Month, "2026-02-01"), Err(Refusal::PeriodPast));
        assert_eq!(ok(PeriodKind::Month, "2026-03-02"), Err(Refusal::NotPeriodStart));
        assert_eq!(ok(PeriodKind::Year, "2026-01-01"), Ok(()));
        assert_eq!(ok(PeriodKind::Year, "2026-03-01"), Err(Refusal::NotPeriodStart));
        assert_eq!(ok(PeriodKind::Year, "2025-01-01"), Err(Refusal::PeriodPast));
        assert!(period_ok(PeriodKind::Year, NaiveDate::MAX, today).is_err());
    }

    #[test]
    fn a_plan_is_late_the_day_after_its_due_day() {
        assert!(!late(day("2026-03-05"), day("2026-03-01"), 5));
        assert!(late(day("2026-03-06"), day("2026-03-01"), 5));
        assert!(!late(day("2026-02-28"), day("2026-02-01"), 31));
        assert!(late(day("2026-03-01"), day("2026-02-01"), 31));
    }

    #[test]
    fn every_code_is_what_json_says() {
        for one in State::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
            assert_eq!(State::parse(one.as_str()), Some(one));
        }
        for one in PeriodKind::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
        }
    }
}
