use proptest::prelude::*;

use super::*;

fn day(number: u16) -> NaiveDate {
    NaiveDate::default() + chrono::Days::new(u64::from(number))
}

fn who(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

/// The last day that any of these tests looks at, and one more.
const HORIZON: u16 = 60;

fn find(line: &mut [Dated], id: Uuid) -> &mut Dated {
    line.iter_mut().find(|link| link.id == id).unwrap()
}

/// Writes steps as the store does: links are added and changed, never taken away.
fn write(line: &mut Vec<Dated>, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Until(id, until) => find(line, id).until = until,
            Step::Void(id) => find(line, id).voided = true,
            Step::Replaces(id, replaces) => find(line, id).replaces = replaces,
            Step::Open(Opening { id, other, from, until, replaces }) => {
                line.push(Dated { id, other, from, until, voided: false, replaces });
            }
        }
        assert!(!overlaps(line), "after each statement: {line:?}");
    }
}

fn overlaps(line: &[Dated]) -> bool {
    (0..HORIZON).any(|n| line.iter().filter(|link| link.on(day(n))).count() > 1)
}

/// A member leaves: what the store does to the links of whose term ends.
fn close(line: &mut [Dated], until: NaiveDate) {
    for link in line.iter_mut().filter(|link| !link.voided) {
        if link.from >= until {
            link.voided = true;
        } else if link.until.is_none_or(|old| old > until) {
            link.until = Some(until);
        }
    }
}

#[derive(Debug, Clone)]
enum Act {
    Switch(u8, u16),
    End(usize, u16),
    Void(usize),
    Close(u16),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0u8..4, 0u16..40).prop_map(|(other, from)| Act::Switch(other, from)),
        2 => (0usize..12, 0u16..40).prop_map(|(link, until)| Act::End(link, until)),
        2 => (0usize..12).prop_map(Act::Void),
        1 => (20u16..40).prop_map(Act::Close),
    ];
    prop::collection::vec(act, 0..30)
}

/// The id that the next link has.
fn next(line: &[Dated]) -> Uuid {
    Uuid::from_u128(1_000 + line.len() as u128)
}

/// Does it where the rules let it be done; returns the day that the change is dated.
fn act(line: &mut Vec<Dated>, act: Act) -> Option<NaiveDate> {
    let pick = |n: usize| line.get(n % line.len().max(1)).cloned();
    let (steps, dated) = match act {
        Act::Switch(other, from) => {
            (switch(line, (next(line), who(other)), day(from), None), day(from))
        }
        Act::End(n, until) => (end(&pick(n)?, day(until)).map(|step| vec![step]), day(until)),
        Act::Void(n) => (void(line, pick(n)?.id, None), pick(n)?.from),
        Act::Close(until) => {
            close(line, day(until));
            return Some(day(until));
        }
    };
    write(line, steps.ok()?);
    Some(dated)
}

proptest! {
    #[test]
    fn no_sequence_of_changes_makes_links_overlap_or_loses_history(all in acts()) {
        let mut line: Vec<Dated> = Vec::new();
        for one in all {
            let before = line.clone();
            let Some(dated) = act(&mut line, one.clone()) else {
                prop_assert_eq!(&before, &line);
                continue;
            };
            prop_assert!(!overlaps(&line));
            // A row stays where it was, begins when it did, and a voided one keeps its days.
            for (old, new) in before.iter().zip(&line) {
                prop_assert_eq!((old.id, old.other, old.from), (new.id, new.other, new.from));
                prop_assert!(new.until.is_none_or(|until| until > new.from));
                prop_assert!(!old.voided || (new.voided && old.until == new.until));
            }
            // The days before the one that the change is dated are as they were.
            for n in (0..HORIZON).map(day).take_while(|on| *on < dated) {
                prop_assert_eq!(at(&before, n), at(&line, n));
            }
            if let Act::Switch(other, from) = one {
                prop_assert_eq!(at(&line, day(from)), Some(who(other)));
            }
        }
    }

    #[test]
    fn a_switch_that_is_voided_leaves_every_day_as_it_was(
        all in acts(), (other, from) in (0u8..4, 0u16..40),
    ) {
        let mut line = Vec::new();
        for one in all {
            act(&mut line, one);
        }
        let before = line.clone();
        let Ok(steps) = switch(&line, (next(&line), who(other)), day(from), None) else { return Ok(()) };
        write(&mut line, steps);
        let steps = void(&line, line.last().unwrap().id, None).unwrap();
        write(&mut line, steps);
        for n in 0..HORIZON {
            prop_assert_eq!(at(&before, day(n)), at(&line, day(n)));
        }
    }

    #[test]
    fn switches_that_are_all_voided_leave_the_first_link_as_it_was(
        switches in prop::collection::vec((1u8..6, 1u16..40), 1..8), order in any::<u64>(),
    ) {
        let mut line = Vec::new();
        let steps = switch(&line, (next(&line), who(0)), day(0), None).unwrap();
        write(&mut line, steps);
        for (other, from) in switches {
            act(&mut line, Act::Switch(other, from));
        }
        // In whatever order.
        let mut ids: Vec<Uuid> = line[1..].iter().map(|link| link.id).collect();
        let turn = order as usize % ids.len().max(1);
        ids.rotate_left(turn);
        if order & 1 == 1 {
            ids.reverse();
        }
        for id in ids {
            let steps = void(&line, id, None).unwrap();
            write(&mut line, steps);
        }
        prop_assert_eq!((line[0].voided, line[0].until), (false, None));
    }

    #[test]
    fn whoever_is_placed_is_placed_on_a_day_of_their_term(
        first in 0u16..50, length in prop::option::of(1u16..50), today in 0u16..100,
    ) {
        let term = (day(first), length.map(|length| day(first + length)));
        let on = placed_on(term, day(today));
        prop_assert_eq!(begins_within(term, on), Ok(()));
        if begins_within(term, day(today)).is_ok() {
            prop_assert_eq!(on, day(today));
        }
    }

    #[test]
    fn what_is_joined_stands_within_each_of_its_sides(
        sides in prop::collection::vec((0_u16..50, prop::option::of(1_u16..50)), 1..4),
        from in 0_u16..100,
        until in prop::option::of(0_u16..100),
    ) {
        let side = |(first, length): (u16, Option<u16>)| (day(first), length.map(|n| day(first + n)));
        let sides: Vec<Term> = sides.into_iter().map(side).collect();
        if let Ok(end) = joined(&sides, day(from), until.map(day)) {
            prop_assert!(end.is_none_or(|end| end > day(from)));
            for (first, over) in sides {
                prop_assert!(first <= day(from));
                prop_assert!(over.is_none_or(|over| end.is_some_and(|end| end <= over)));
            }
        }
    }
}

fn link(from: u16, until: Option<u16>) -> Dated {
    let (from, until) = (day(from), until.map(day));
    Dated { id: who(9), other: who(1), from, until, voided: false, replaces: None }
}

#[test]
fn a_switch_before_a_later_link_has_the_rest_of_the_present_days_only() {
    let line = [link(0, Some(20)), Dated { id: who(8), other: who(2), ..link(20, None) }];
    let (id, other, from, until) = (who(7), who(3), day(10), Some(day(20)));
    let open = Opening { id, other, from, until, replaces: Some(who(9)) };
    let steps = vec![Step::Until(who(9), Some(day(10))), Step::Open(open)];
    assert_eq!(switch(&line, (id, other), day(10), None), Ok(steps));
    assert_eq!(switch(&line, (id, other), day(20), None), Err(Refusal::SameDay));
    assert_eq!(switch(&line, (id, who(1)), day(10), None), Err(Refusal::SameSector));
    // What it leads to may be over sooner, and where nothing stands the next one is the end.
    let over = switch(&line, (id, other), day(10), Some(day(15))).unwrap();
    assert_eq!(over[1], Step::Open(Opening { until: Some(day(15)), ..open }));
    let gap = switch(&line[1..], (id, other), day(10), None).unwrap();
    assert_eq!(gap, vec![Step::Open(Opening { replaces: None, ..open })]);
}

#[test]
fn a_void_opens_again_what_the_link_ended_and_not_what_somebody_ended() {
    let first = link(0, Some(10));
    let second = Dated { id: who(8), other: who(2), replaces: Some(who(9)), ..link(10, None) };
    let steps = void(&[first.clone(), second.clone()], who(8), None).unwrap();
    assert_eq!(steps, vec![Step::Void(who(8)), Step::Until(who(9), None)]);
    // Not beyond the end of what it leads to.
    let steps = void(&[first.clone(), second.clone()], who(8), Some(day(15))).unwrap();
    assert_eq!(steps, vec![Step::Void(who(8)), Step::Until(who(9), Some(day(15)))]);
    let steps = void(&[first.clone(), second.clone()], who(8), Some(day(10))).unwrap();
    assert_eq!(steps, vec![Step::Void(who(8))]);
    let earlier = Dated { until: Some(day(5)), ..first.clone() };
    assert_eq!(void(&[earlier, second.clone()], who(8), None), Ok(vec![Step::Void(who(8))]));
    let beside = Dated { replaces: None, ..second };
    assert_eq!(void(&[first, beside], who(8), None), Ok(vec![Step::Void(who(8))]));
    assert_eq!(void(&[], who(8), None), Err(Refusal::Voided));
}

#[test]
fn an_end_is_brought_forward_and_never_put_off() {
    let open = link(10, None);
    assert_eq!(end(&open, day(20)), Ok(Step::Until(who(9), Some(day(20)))));
    assert_eq!(end(&open, day(10)), Err(Refusal::NotAfterFrom));
    let ended = link(10, Some(20));
    assert_eq!(end(&ended, day(19)), Ok(Step::Until(who(9), Some(day(19)))));
    assert_eq!(end(&ended, day(20)), Err(Refusal::EndedThen));
    assert_eq!(end(&ended, day(21)), Err(Refusal::EndedEarlier));
    assert_eq!(end(&Dated { voided: true, ..open }, day(20)), Err(Refusal::Voided));
}

#[test]
fn a_link_lies_within_the_term_of_what_it_belongs_to() {
    let term = (day(10), Some(day(20)));
    assert_eq!(lies_within(term, (day(10), Some(day(20)))), Ok(()));
    assert_eq!(lies_within(term, (day(9), Some(day(20)))), Err(Refusal::BeforeTerm));
    assert_eq!(lies_within(term, (day(20), None)), Err(Refusal::HasLeft));
    assert_eq!(lies_within(term, (day(10), None)), Err(Refusal::BeyondTerm));
    assert_eq!(lies_within((day(10), None), (day(10), None)), Ok(()));
}

#[test]
fn what_joins_ends_with_the_first_of_its_sides_unless_told() {
    let sides = [(day(1), None), (day(2), Some(day(9)))];
    assert_eq!(joined(&sides, day(2), None), Ok(Some(day(9))));
    assert_eq!(joined(&sides, day(2), Some(day(5))), Ok(Some(day(5))));
    assert_eq!(joined(&sides, day(1), None), Err(Refusal::BeforeTerm));
    assert_eq!(joined(&sides, day(9), None), Err(Refusal::HasLeft));
    assert_eq!(joined(&sides, day(2), Some(day(10))), Err(Refusal::BeyondTerm));
    assert_eq!(joined(&sides, day(2), Some(day(2))), Err(Refusal::NotAfterFrom));
    assert_eq!(joined(&[(day(1), None)], day(1), None), Ok(None));
}
