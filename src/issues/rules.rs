//! An issue: who may do what to it in which state, and what must hold besides.
//! [`TRANSITIONS`] is the machine; refusals, allowed actions, documentation and tests read it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use crate::handling::{ContactMode, Kind, ResultClass, Urgency};

mod attributes;
mod refusal;
mod words;

pub use attributes::{Cause, Channel, Satisfaction, Shape};
pub use refusal::Refusal;
pub use words::{Action, State};

/// One row of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The row's number in the domain description, section 2.3.
    pub number: &'static str,
    /// The states it starts from; none where it makes the issue.
    pub from: &'static [State],
    /// What is done.
    pub action: Action,
    /// The state it leads to.
    pub to: State,
    /// The roles that may. `recorder` and `reporter` are parts in this one issue, which the caller
    /// adds to an actor's roles; `system` is an effect of another transition.
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

const CENTRE: &[&str] = &["liaison_centre"];

/// Every transition of an issue; what is not here is refused.
pub const TRANSITIONS: &[Transition] = {
    use State::{
        Accepted, AwaitingFeedback, Closed, Consulting, Draft, InHandling, NeedInfo, Rejected,
        ReplyReview, Submitted, Tracking, Withdrawn,
    };
    &[
        row(
            "I1",
            &[],
            Action::Create,
            Draft,
            &[
                "member",
                "contact_person",
                "convener",
                "committee_staff",
                "client",
                "liaison_centre",
            ],
            "the centre writes down what reaches it by phone or on paper",
        ),
        row("I2", &[], Action::Intake, Submitted, &["public", "client"], ""),
        row("I3", &[Draft], Action::Submit, Submitted, &["recorder"], "sector and area resolved"),
        row("I7", &[Submitted], Action::Reject, Rejected, CENTRE, "reason and where to go"),
        row(
            "I9",
            &[Submitted],
            Action::Accept,
            Accepted,
            &["liaison_centre", "committee_staff"],
            "category and urgency confirmed; committee_staff of that sector",
        ),
        row(
            "I15",
            &[Accepted, Consulting],
            Action::Dispatch,
            InHandling,
            CENTRE,
            "one department alone, or at least two different ones separately",
        ),
        row("I18", &[InHandling], Action::AllReplied, ReplyReview, &["system"], "all replied"),
        row("I19", &[ReplyReview], Action::SendBack, InHandling, CENTRE, "a reason"),
        row(
            "I20",
            &[ReplyReview],
            Action::Pass,
            AwaitingFeedback,
            CENTRE,
            "the reviewer wrote none of the replies",
        ),
        row(
            "I20a",
            &[AwaitingFeedback],
            Action::AnswerFeedback,
            AwaitingFeedback,
            &["reporter", "recorder", "liaison_centre"],
            "once a round and reporter; a cause exactly when dissatisfied",
        ),
        row("I20b", &[AwaitingFeedback], Action::LogAttempt, AwaitingFeedback, CENTRE, ""),
        row(
            "I21",
            &[AwaitingFeedback],
            Action::Close,
            Closed,
            &["liaison_centre", "scheduler"],
            "the primary reporter is satisfied or basically satisfied; class A or C",
        ),
        row(
            "I22",
            &[AwaitingFeedback],
            Action::Track,
            Tracking,
            CENTRE,
            "class B, not dissatisfied; a follow-up date within twelve months",
        ),
        row(
            "I24",
            &[AwaitingFeedback],
            Action::CloseObjective,
            Closed,
            CENTRE,
            "dissatisfied, the cause objective; the reason goes to the reporter",
        ),
        row(
            "I29",
            &[Draft, Submitted, NeedInfo, Accepted, Consulting],
            Action::Withdraw,
            Withdrawn,
            &["reporter", "recorder"],
            "",
        ),
        row("I29", &[InHandling], Action::Withdraw, Withdrawn, CENTRE, "all work orders recalled"),
    ]
};

fn find(from: State, action: Action) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| row.action == action && row.from.contains(&from))
}

/// The state an action leads to; None where it is refused.
pub fn transition(from: State, action: Action) -> Option<State> {
    find(from, action).map(|row| row.to)
}

/// The codes of what someone with these roles (and parts in this issue) may do in a state.
pub fn allowed_actions(from: State, roles: &[&str]) -> Vec<&'static str> {
    let open = TRANSITIONS.iter().filter(|row| row.from.contains(&from));
    open.filter(|row| row.who.iter().any(|role| roles.contains(role)))
        .map(|row| row.action.as_str())
        .collect()
}

/// Whether a role may ever do this; [`may_from`] looks at the state too.
pub fn may(action: Action, role: &str) -> bool {
    TRANSITIONS.iter().any(|row| row.action == action && row.who.contains(&role))
}

/// Whether a role may do this in a state: withdrawing passes from the reporter to the centre once
/// departments are at work.
pub fn may_from(from: State, action: Action, role: &str) -> bool {
    find(from, action).is_some_and(|row| row.who.contains(&role))
}

/// Which channels somebody with these roles may say an issue came by: the hotline, the platform and
/// imports are entered by the centre or a machine, and what the public sends in comes without one.
pub fn may_come_by(channel: Channel, roles: &[&str]) -> bool {
    match channel {
        Channel::Visit | Channel::Salon | Channel::Station | Channel::App => true,
        Channel::Hotline12345 | Channel::Platform | Channel::Import | Channel::Public => {
            roles.iter().any(|role| matches!(*role, "liaison_centre" | "client"))
        }
    }
}

/// I15: sole goes to exactly one department, separate to at least two different ones.
pub fn dispatch_guard<D: Ord>(shape: Shape, departments: &[D]) -> Result<Kind, Refusal> {
    let different = departments.iter().collect::<BTreeSet<_>>().len();
    match shape {
        _ if different < departments.len() => Err(Refusal::DepartmentTwice),
        Shape::Sole if different == 1 => Ok(Kind::Sole),
        Shape::Sole => Err(Refusal::SoleNeedsOne),
        Shape::Separate if different >= 2 => Ok(Kind::Separate),
        Shape::Separate => Err(Refusal::SeparateNeedsTwo),
    }
}

/// I20: who drafted or signed a reply does not review it.
pub fn pass_guard<A: PartialEq>(reviewer: &A, authors: &[A]) -> Result<(), Refusal> {
    if authors.contains(reviewer) { Err(Refusal::ReviewerIsAuthor) } else { Ok(()) }
}

/// I20a: once a round and reporter; a cause exactly when dissatisfied.
pub fn answer_guard(
    already_answered: bool,
    satisfaction: Satisfaction,
    cause: Option<Cause>,
) -> Result<(), Refusal> {
    match (already_answered, satisfaction == Satisfaction::Dissatisfied, cause.is_some()) {
        (true, ..) => Err(Refusal::AlreadyAnswered),
        (false, true, false) => Err(Refusal::CauseMissing),
        (false, false, true) => Err(Refusal::CauseUnasked),
        _ => Ok(()),
    }
}

/// I21: the primary reporter is satisfied or basically satisfied, and the result is A or C.
pub fn close_guard(
    satisfaction: Option<Satisfaction>,
    result_class: Option<ResultClass>,
) -> Result<(), Refusal> {
    match satisfaction {
        None => return Err(Refusal::NotAnswered),
        Some(Satisfaction::Dissatisfied) => return Err(Refusal::Dissatisfied),
        Some(Satisfaction::Satisfied | Satisfaction::BasicallySatisfied) => {}
    }
    match result_class {
        Some(ResultClass::A | ResultClass::C) => Ok(()),
        Some(ResultClass::B) | None => Err(Refusal::PromiseOpen),
    }
}

/// I22: result B, the primary reporter not dissatisfied (no answer is none), and a date to follow up
/// on after today and not after `latest`.
pub fn track_guard(
    satisfaction: Option<Satisfaction>,
    result_class: Option<ResultClass>,
    follow_up_on: NaiveDate,
    today: NaiveDate,
    latest: NaiveDate,
) -> Result<(), Refusal> {
    if result_class != Some(ResultClass::B) {
        Err(Refusal::NothingPromised)
    } else if satisfaction == Some(Satisfaction::Dissatisfied) {
        Err(Refusal::Dissatisfied)
    } else if follow_up_on <= today {
        Err(Refusal::FollowUpNotAhead)
    } else if follow_up_on > latest {
        Err(Refusal::FollowUpTooFar)
    } else {
        Ok(())
    }
}

/// I22 without an answer: the reporter had the whole window, and was tried to be reached twice, as
/// I25 asks.
pub fn unanswered_guard(window_over: bool, tries: i64) -> Result<(), Refusal> {
    if window_over && tries >= 2 { Ok(()) } else { Err(Refusal::NotAnswered) }
}

/// I24: the primary reporter is dissatisfied and the cause is objective.
pub fn close_objective_guard(
    satisfaction: Option<Satisfaction>,
    cause: Option<Cause>,
) -> Result<(), Refusal> {
    match (satisfaction, cause) {
        (None, _) => Err(Refusal::NotAnswered),
        (Some(Satisfaction::Dissatisfied), Some(Cause::Objective)) => Ok(()),
        (Some(Satisfaction::Dissatisfied), _) => Err(Refusal::CauseNotObjective),
        (Some(_), _) => Err(Refusal::NotDissatisfied),
    }
}

#[cfg(test)]
mod tests;
