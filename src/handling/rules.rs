//! A work order (转办单): who may do what to it in which state, and its clocks.
//! [`TRANSITIONS`] is the machine; refusals, allowed actions, documentation and tests read it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::workdays::{self, DayTable, Due, Span};

mod attributes;
mod refusal;
mod words;

pub use attributes::{Card, ContactMode, Kind, ResultClass, Urgency};
pub use refusal::Refusal;
pub use words::{Action, State};

/// One row of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The row's number in the domain description, section 2.4.
    pub number: &'static str,
    /// The states it starts from; none where it makes the work order.
    pub from: &'static [State],
    /// What is done.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// The roles that may; `system` is another transition of the same request.
    pub who: &'static [&'static str],
    /// What else must hold, for the documentation.
    pub guard: &'static str,
}

const fn row(
    number: &'static str,
    from: &'static [State],
    action: Action,
    to: State,
    who: &'static [&'static str],
    guard: &'static str,
) -> Transition {
    Transition { number, from, action, to, who, guard }
}

/// Every transition of a work order; what is not here is refused.
pub const TRANSITIONS: &[Transition] = {
    use State::{Accepted, Handling, PendingSign, Recalled, Replied, ReturnRequested};
    &[
        row("A1", &[], Action::Dispatch, PendingSign, &["liaison_centre"], "with the issue's I15"),
        row("A2", &[PendingSign], Action::SignIn, Handling, &["dept_receiver", "client"], ""),
        row("A2a", &[Handling], Action::RecordContact, Handling, &["dept_handler"], ""),
        row(
            "A10a",
            &[Handling],
            Action::DraftReply,
            Handling,
            &["dept_handler"],
            "class B with a date, class C with a reason",
        ),
        row("A10b", &[Handling], Action::Reply, Replied, &["dept_head"], "a draft stands"),
        row("A12", &[Replied], Action::SendBack, Handling, &["liaison_centre"], "with I19"),
        row("A13", &[Replied], Action::Pass, Accepted, &["system"], "with I20"),
        row(
            "A14",
            &[PendingSign, Handling, ReturnRequested],
            Action::Recall,
            Recalled,
            &["liaison_centre"],
            "a reason",
        ),
        row(
            "A14",
            &[Replied],
            Action::Recall,
            Recalled,
            &["system"],
            "with the parent's withdrawal",
        ),
    ]
};

fn find(from: State, action: Action) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.action == action && row.from.contains(&from))
}

/// The state an action leads to; None where it is refused.
pub fn transition(from: State, action: Action) -> Option<State> {
    find(from, action).map(|row| row.to)
}

/// The codes of what someone with these roles may do in a state, in the machine's order.
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

/// What a draft of a reply promises, as far as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draft<'a> {
    /// What came of it.
    pub result_class: ResultClass,
    /// The date that class B promises.
    pub promised_on: Option<NaiveDate>,
    /// The reason that class C gives.
    pub reason: Option<&'a str>,
}

/// A10a: class B has a date after today and not after `latest`, class C a reason.
pub fn draft_guard(draft: Draft<'_>, today: NaiveDate, latest: NaiveDate) -> Result<(), Refusal> {
    match draft.result_class {
        ResultClass::A => Ok(()),
        ResultClass::B => {
            let promised = draft.promised_on.ok_or(Refusal::PromiseMissing)?;
            if promised <= today {
                Err(Refusal::PromiseNotAhead)
            } else if promised > latest {
                Err(Refusal::PromiseTooFar)
            } else {
                Ok(())
            }
        }
        ResultClass::C => {
            let reason = draft.reason.unwrap_or_default().trim();
            if reason.is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
        }
    }
}

/// A10b: a draft stands, and still holds on the day it is signed.
pub fn reply_guard(
    draft: Option<Draft<'_>>,
    today: NaiveDate,
    latest: NaiveDate,
) -> Result<(), Refusal> {
    draft_guard(draft.ok_or(Refusal::DraftMissing)?, today, latest)
}

/// Whether every department of a round has replied (I18): at least one live sole, lead or separate
/// work order, and all of those replied. A co-department's opinion goes to the lead.
pub fn all_replied(round: impl IntoIterator<Item = (Kind, State)>) -> bool {
    let mut answering =
        round.into_iter().filter(|(kind, state)| *kind != Kind::Co && state.is_live()).peekable();
    answering.peek().is_some()
        && answering.all(|(_, state)| matches!(state, State::Replied | State::Accepted))
}

/// What came of a round with several replies: a promise is followed up whatever the others say, and
/// what cannot be done is not called solved.
pub fn round_class(classes: impl IntoIterator<Item = ResultClass>) -> Option<ResultClass> {
    classes.into_iter().max_by_key(|class| match class {
        ResultClass::A => 0,
        ResultClass::C => 1,
        ResultClass::B => 2,
    })
}

/// By when the department signs for it.
pub fn sign_due(table: &DayTable, dispatched_at: DateTime<Utc>, span: Span) -> Due {
    workdays::due(table, dispatched_at, span)
}

/// Whether the sign-in came in time.
pub fn signed_on_time(signed_at: DateTime<Utc>, sign_due_at: DateTime<Utc>) -> bool {
    signed_at < sign_due_at
}

/// By when the department replies. The date of dispatch is day zero whenever it was signed for, so
/// that a late sign-in gains nothing.
pub fn reply_due(table: &DayTable, dispatched_at: DateTime<Utc>, span: Span) -> Due {
    workdays::due(table, dispatched_at, span)
}

/// By when a reply that was sent back comes again (A12): the old date, or `span` from now if later.
pub fn sent_back_due(table: &DayTable, old: Due, now: DateTime<Utc>, span: Span) -> Due {
    let fresh = workdays::due(table, now, span);
    if fresh.at > old.at { fresh } else { old }
}

/// T2, first part: the reminder goes out the moment the sign-in is late.
pub fn sign_reminder_at(sign_due: &Due) -> DateTime<Utc> {
    sign_due.at
}

/// T2, second part: an unsigned work order turns yellow `span` after the limit, counted from the
/// limit's day where that is in days.
pub fn yellow_at(table: &DayTable, sign_due: &Due, span: Span) -> DateTime<Utc> {
    match span {
        Span::WorkingDays(days) => workdays::plus_working(table, sign_due.on, days).at,
        _ => workdays::due(table, sign_due.at, span).at,
    }
}

/// T4: it is marked overdue at 00:00 local of the first working day after the due date.
pub fn overdue_fires_at(table: &DayTable, due_on: NaiveDate) -> DateTime<Utc> {
    workdays::day_starts_at(table.next_working(due_on))
}

#[cfg(test)]
mod tests;
