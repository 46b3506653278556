//! A reported change of job or status: who may do what to it in which state. [`TRANSITIONS`] is the
//! machine; refusals, allowed actions, documentation and tests read it. What is wrong with the change
//! itself is said in `item.rs`.

mod item;
mod refusal;
#[cfg(test)]
mod tests;
mod words;

pub use item::{Known, Wanted, faults};
pub use refusal::Refusal;
pub use words::{Action, Outcome, Reason, State};

/// One row of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The states it starts from.
    pub from: &'static [State],
    /// What is done.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// The roles that may. `reporter` is the part of the account that reported it, which the caller
    /// adds to an actor's roles.
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

const CENTRE: &[&str] = &["liaison_centre"];
const CHECKERS: &[&str] = &["committee_staff", "liaison_centre"];
const NOT_OWN: &str = "never who reported it";
const NOT_OWN_AND_FITS: &str = "never who reported it; it fits what stands";

/// Every transition of an adjustment; what is not here is refused.
pub const TRANSITIONS: &[Transition] = {
    use State::{
        Applied, Approved, CommitteeChecked, Failed, Refused, Reported, Undone, Withdrawn,
    };
    &[
        row(&[Reported], Action::Check, CommitteeChecked, CHECKERS, "staff of its committee"),
        row(&[CommitteeChecked], Action::Approve, Approved, CENTRE, NOT_OWN_AND_FITS),
        row(&[CommitteeChecked], Action::Refuse, Refused, CENTRE, NOT_OWN),
        row(&[Reported, CommitteeChecked], Action::Withdraw, Withdrawn, &["reporter"], ""),
        row(&[Approved], Action::Undo, Undone, CENTRE, "before its day"),
        row(&[Approved], Action::Apply, Applied, &["scheduler"], "its day has come"),
        row(&[Approved], Action::Fail, Failed, &["scheduler"], "on its day it does not fit"),
    ]
};

/// Whether it decides on the change, which whoever reported it does not.
pub const fn decides(action: Action) -> bool {
    matches!(action, Action::Approve | Action::Refuse)
}

/// The state an action leads to; None where it is refused.
pub fn transition(from: State, action: Action) -> Option<State> {
    let mut rows = TRANSITIONS.iter();
    rows.find(|row| row.action == action && row.from.contains(&from)).map(|row| row.to)
}

/// The codes of what someone with these roles (and the part of the reporter) may do in a state.
pub fn allowed_actions(from: State, roles: &[&str]) -> Vec<&'static str> {
    let reporter = roles.contains(&"reporter");
    let open = TRANSITIONS.iter().filter(|row| row.from.contains(&from));
    open.filter(|row| !(reporter && decides(row.action)))
        .filter(|row| row.who.iter().any(|role| roles.contains(role)))
        .map(|row| row.action.as_str())
        .collect()
}

/// Whether a role may ever do this; [`transition`] says whether the state allows it.
pub fn may(action: Action, role: &str) -> bool {
    TRANSITIONS.iter().any(|row| row.action == action && row.who.contains(&role))
}

/// Whoever reported a change neither approves nor refuses it.
pub fn decide_guard(action: Action, reported_it: bool) -> Result<(), Refusal> {
    if reported_it && decides(action) { Err(Refusal::DeciderIsReporter) } else { Ok(()) }
}
