use super::*;

const EVERYONE: &[&str] = &[
    "public",
    "reporter",
    "recorder",
    "member",
    "contact_person",
    "convener",
    "committee_staff",
    "liaison_centre",
    "client",
    "scheduler",
    "system",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
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
    assert_eq!(open, 19);
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
fn every_action_stands_in_the_table() {
    for action in Action::ALL {
        assert!(TRANSITIONS.iter().any(|row| row.action == action), "{action:?}");
    }
}

#[test]
fn the_road_of_an_ordinary_issue_is_open() {
    let road = [
        (Action::Submit, State::Submitted),
        (Action::Accept, State::Accepted),
        (Action::Dispatch, State::InHandling),
        (Action::AllReplied, State::ReplyReview),
        (Action::SendBack, State::InHandling),
        (Action::AllReplied, State::ReplyReview),
        (Action::Pass, State::AwaitingFeedback),
        (Action::LogAttempt, State::AwaitingFeedback),
        (Action::AnswerFeedback, State::AwaitingFeedback),
        (Action::Close, State::Closed),
    ];
    let end = road.into_iter().fold(State::Draft, |from, (action, to)| {
        assert_eq!(transition(from, action), Some(to), "{action:?}");
        to
    });
    assert!(allowed_actions(end, EVERYONE).is_empty());
}

#[test]
fn withdrawing_passes_to_the_centre_once_departments_are_at_work() {
    assert!(may_from(State::Accepted, Action::Withdraw, "reporter"));
    assert!(!may_from(State::Accepted, Action::Withdraw, "liaison_centre"));
    assert!(may_from(State::InHandling, Action::Withdraw, "liaison_centre"));
    assert!(!may_from(State::InHandling, Action::Withdraw, "recorder"));
    assert_eq!(transition(State::ReplyReview, Action::Withdraw), None);
}

#[test]
fn each_role_sees_its_own_actions() {
    assert_eq!(allowed_actions(State::Submitted, &["liaison_centre"]), ["reject", "accept"]);
    assert_eq!(allowed_actions(State::Submitted, &["committee_staff"]), ["accept"]);
    assert_eq!(allowed_actions(State::Draft, &["member", "recorder"]), ["submit", "withdraw"]);
    assert!(allowed_actions(State::Submitted, &["chair_member", "auditor"]).is_empty());
    assert!(may(Action::Intake, "public") && !may(Action::Accept, "member"));
}

#[test]
fn every_code_is_what_json_says() {
    fn check<T: serde::Serialize>(all: &[T], code: impl Fn(&T) -> &'static str) {
        for one in all {
            assert_eq!(serde_json::to_value(one).unwrap(), serde_json::Value::from(code(one)));
        }
    }
    check(&State::ALL, |one| one.as_str());
    check(&Action::ALL, |one| one.as_str());
    check(&Channel::ALL, |one| one.as_str());
    check(&Satisfaction::ALL, |one| one.as_str());
    check(&Cause::ALL, |one| one.as_str());
    check(&Shape::ALL, |one| one.as_str());
    assert_eq!(Channel::parse("hotline_12345"), Some(Channel::Hotline12345));
    assert_eq!(State::parse("open"), None);
}

#[test]
fn the_public_is_told_of_everything_but_a_draft() {
    for state in State::ALL {
        assert_eq!(state.public_label().is_none(), state == State::Draft);
    }
    assert_eq!(State::ReplyReview.public_label(), State::InHandling.public_label());
}

#[test]
fn eight_states_are_live() {
    assert_eq!(State::ALL.into_iter().filter(|state| state.is_live()).count(), 8);
}

#[test]
fn a_dispatch_is_one_alone_or_two_apart() {
    assert_eq!(dispatch_guard(Shape::Sole, &[1]), Ok(Kind::Sole));
    assert_eq!(dispatch_guard(Shape::Sole, &[1, 2]), Err(Refusal::SoleNeedsOne));
    assert_eq!(dispatch_guard::<u8>(Shape::Sole, &[]), Err(Refusal::SoleNeedsOne));
    assert_eq!(dispatch_guard(Shape::Separate, &[1, 2, 3]), Ok(Kind::Separate));
    assert_eq!(dispatch_guard(Shape::Separate, &[1]), Err(Refusal::SeparateNeedsTwo));
    assert_eq!(dispatch_guard(Shape::Separate, &[1, 2, 1]), Err(Refusal::DepartmentTwice));
}

#[test]
fn an_author_does_not_review() {
    assert_eq!(pass_guard(&1, &[2, 3]), Ok(()));
    assert_eq!(pass_guard(&3, &[2, 3]), Err(Refusal::ReviewerIsAuthor));
}

#[test]
fn an_answer_comes_once_and_gives_a_cause_only_when_dissatisfied() {
    use Satisfaction::{BasicallySatisfied, Dissatisfied};
    let objective = Some(Cause::Objective);
    assert_eq!(answer_guard(false, BasicallySatisfied, None), Ok(()));
    assert_eq!(answer_guard(false, Dissatisfied, objective), Ok(()));
    assert_eq!(answer_guard(false, Dissatisfied, None), Err(Refusal::CauseMissing));
    assert_eq!(answer_guard(false, BasicallySatisfied, objective), Err(Refusal::CauseUnasked));
    assert_eq!(answer_guard(true, Dissatisfied, objective), Err(Refusal::AlreadyAnswered));
}

#[test]
fn closing_needs_a_satisfied_reporter_and_no_open_promise() {
    use ResultClass::{A, B, C};
    use Satisfaction::{BasicallySatisfied, Dissatisfied, Satisfied};
    assert_eq!(close_guard(Some(Satisfied), Some(A)), Ok(()));
    assert_eq!(close_guard(Some(BasicallySatisfied), Some(C)), Ok(()));
    assert_eq!(close_guard(Some(Satisfied), Some(B)), Err(Refusal::PromiseOpen));
    assert_eq!(close_guard(Some(Dissatisfied), Some(A)), Err(Refusal::Dissatisfied));
    assert_eq!(close_guard(None, Some(A)), Err(Refusal::NotAnswered));
}

#[test]
fn a_promise_is_followed_up_on_a_day_ahead_and_not_too_far() {
    let today = day("2026-02-28");
    let with = |class, satisfaction, on| {
        track_guard(satisfaction, Some(class), day(on), today, day("2027-02-28"))
    };
    let satisfied = Some(Satisfaction::Satisfied);
    assert_eq!(with(ResultClass::B, satisfied, "2026-03-01"), Ok(()));
    assert_eq!(with(ResultClass::B, None, "2027-02-28"), Ok(()));
    assert_eq!(with(ResultClass::B, None, "2027-03-01"), Err(Refusal::FollowUpTooFar));
    assert_eq!(with(ResultClass::B, None, "2026-02-28"), Err(Refusal::FollowUpNotAhead));
    assert_eq!(with(ResultClass::A, None, "2026-03-01"), Err(Refusal::NothingPromised));
    let unhappy = Some(Satisfaction::Dissatisfied);
    assert_eq!(with(ResultClass::B, unhappy, "2026-03-01"), Err(Refusal::Dissatisfied));
}

#[test]
fn an_objective_cause_alone_closes_over_dissatisfaction() {
    let unhappy = Some(Satisfaction::Dissatisfied);
    assert_eq!(close_objective_guard(unhappy, Some(Cause::Objective)), Ok(()));
    let subjective = close_objective_guard(unhappy, Some(Cause::Subjective));
    assert_eq!(subjective, Err(Refusal::CauseNotObjective));
    assert_eq!(close_objective_guard(None, None), Err(Refusal::NotAnswered));
    let happy = close_objective_guard(Some(Satisfaction::Satisfied), None);
    assert_eq!(happy, Err(Refusal::NotDissatisfied));
}

#[test]
fn refusals_have_codes_of_their_own() {
    let codes: BTreeSet<_> = Refusal::ALL.into_iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
}

#[test]
fn the_published_schema_has_the_same_codes_under_a_name_of_its_own() {
    let schema = serde_json::to_value(<Channel as utoipa::PartialSchema>::schema()).unwrap();
    assert_eq!(schema["enum"], serde_json::json!(Channel::ALL.map(Channel::as_str)));
    assert_eq!(<State as utoipa::ToSchema>::name(), "IssueState");
}
