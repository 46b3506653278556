//! What stands on something else lasts no longer than that: on a seat in the chair meeting who answers
//! for a committee, on a place in a party branch whom a party member keeps in touch with.

use chrono::NaiveDate;

use super::Term;

/// What becomes of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It ends before this day.
    Until(NaiveDate),
    /// It never had what it stands on.
    Void,
}

/// For how long something may stand from `from` on, on what stands in these terms; none where that does
/// not stand that day.
pub fn lasts(ground: &[Term], from: NaiveDate) -> Option<Term> {
    let mut over = from;
    // Terms that meet carry it on.
    while let Some((_, until)) = ground.iter().find(|term| covers(**term, over)) {
        match until {
            Some(until) => over = *until,
            None => return Some((from, None)),
        }
    }
    (over > from).then_some((from, Some(over)))
}

/// What is to become of a link of this term; nothing where what it stands on goes on as long.
pub fn cut((from, until): Term, ground: &[Term]) -> Option<Cut> {
    match lasts(ground, from) {
        None => Some(Cut::Void),
        Some((_, Some(over))) if until.is_none_or(|until| until > over) => Some(Cut::Until(over)),
        Some(_) => None,
    }
}

fn covers((from, until): Term, day: NaiveDate) -> bool {
    from <= day && until.is_none_or(|until| day < until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, n).unwrap()
    }

    fn term(from: u32, until: u32) -> Term {
        (day(from), Some(day(until)))
    }

    #[test]
    fn a_link_lasts_as_long_as_terms_that_meet() {
        let ground = [term(10, 20), term(1, 5), term(5, 8)];
        assert_eq!(lasts(&ground, day(3)), Some(term(3, 8)));
        assert_eq!(lasts(&ground, day(8)), None);
        assert_eq!(lasts(&[(day(10), None), term(1, 10)], day(2)), Some((day(2), None)));
        assert_eq!(lasts(&[], day(2)), None);
    }

    #[test]
    fn a_link_is_cut_where_what_it_stands_on_ends_and_void_where_it_never_stood() {
        let ground = [term(1, 8), term(10, 20)];
        assert_eq!(cut((day(3), None), &ground), Some(Cut::Until(day(8))));
        assert_eq!(cut(term(3, 9), &ground), Some(Cut::Until(day(8))));
        assert_eq!(cut(term(3, 8), &ground), None);
        // What begins later stands on what is there then.
        assert_eq!(cut(term(12, 20), &ground), None);
        assert_eq!(cut(term(8, 9), &ground), Some(Cut::Void));
    }
}
