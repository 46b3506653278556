//! Which of our rows a line of a file means, and what stands in it twice.

use std::collections::HashMap;

use aws_lc_rs::digest;
use chrono::NaiveDate;
use uuid::Uuid;

use super::Refusal;
use super::columns::Field;
use crate::chain::store::KnownRow;

/// The row of ours that a line means, and whether it is to get the line's external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    /// None: a new one.
    pub known: Option<Uuid>,
    /// Whether it is not called so yet.
    pub naming: bool,
}

/// Looks among the `known` rows: by the external id first, then by the number or code. What was voided
/// is not meant: its number and its external id go to who comes after it. Nor is one that was over by
/// `from`, the line's first day, meant by its number or code; of several who have it in turn, who has it
/// on that day is, or today where the line gives none.
pub fn meant(
    known: &[KnownRow],
    external: Option<&str>,
    key: Option<&str>,
    (from, today): (Option<NaiveDate>, NaiveDate),
) -> Result<Meant, (Field, Refusal)> {
    let named = known.iter().find(|row| row.external.as_deref() == external);
    if let Some(row) = named.filter(|row| external.is_some() && !row.voided) {
        return Ok(Meant { known: Some(row.id), naming: false });
    }
    let naming = external.is_some();
    let over = |row: &KnownRow| row.until_on.zip(from).is_some_and(|(until, from)| until <= from);
    let keyed = |row: &&KnownRow| !row.voided && !over(row) && Some(row.key.as_str()) == key;
    let then = |row: &&KnownRow| row.is_there(from.unwrap_or(today));
    let found = known.iter().filter(keyed).find(then).or_else(|| known.iter().find(keyed));
    let Some(row) = found else {
        return Ok(Meant { known: None, naming });
    };
    if naming && row.external.is_some() {
        return Err((Field::ExternalId, Refusal::OtherExternalId));
    }
    Ok(Meant { known: Some(row.id), naming })
}

/// What earlier lines of a file said.
#[derive(Debug, Default)]
pub struct Seen {
    /// By what they are hashed to: a file has a hundred thousand.
    words: HashMap<u128, u32>,
    rows: HashMap<Uuid, u32>,
}

impl Seen {
    /// Notes the row of ours that a line means; true where an earlier line means it too, as by its
    /// number while this one does by its external id.
    pub fn again(&mut self, line: u32, row: Uuid) -> bool {
        *self.rows.entry(row).or_insert(line) != line
    }

    /// Notes the words of a line, each of which may stand in the file once; gives the place of the
    /// first that stands in an earlier line.
    pub fn note(&mut self, line: u32, words: &[Option<String>]) -> Option<usize> {
        let mut twice = None;
        for (n, word) in words.iter().enumerate() {
            let Some(word) = word else { continue };
            let first = *self.words.entry(hashed(n, word)).or_insert(line);
            if first != line && twice.is_none() {
                twice = Some(n);
            }
        }
        twice
    }
}

/// Half of a SHA-256: no two words that anybody finds have the same.
fn hashed(n: usize, word: &str) -> u128 {
    let whole = digest::digest(&digest::SHA256, format!("{n}\u{0}{word}").as_bytes());
    let half = whole.as_ref().iter().take(size_of::<u128>());
    half.fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::MIN;

    fn row(id: u128, key: &str, external: Option<&str>, voided: bool) -> KnownRow {
        let external = external.map(str::to_owned);
        let from_on = NaiveDate::MIN;
        KnownRow {
            id: Uuid::from_u128(id),
            key: key.into(),
            external,
            voided,
            from_on,
            until_on: None,
        }
    }

    #[test]
    fn a_line_means_the_row_of_its_external_id_else_of_its_number() {
        let known = [row(1, "M1", Some("a"), false), row(2, "M2", None, false)];
        let is = |known: Option<u128>, naming| Meant { known: known.map(Uuid::from_u128), naming };
        assert_eq!(meant(&known, Some("a"), Some("M9"), (None, TODAY)), Ok(is(Some(1), false)));
        assert_eq!(meant(&known, Some("b"), Some("M2"), (None, TODAY)), Ok(is(Some(2), true)));
        assert_eq!(meant(&known, None, Some("M1"), (None, TODAY)), Ok(is(Some(1), false)));
        assert_eq!(meant(&known, Some("c"), Some("M3"), (None, TODAY)), Ok(is(None, true)));
        assert_eq!(meant(&known, None, None, (None, TODAY)), Ok(is(None, false)));
        let other = (Field::ExternalId, Refusal::OtherExternalId);
        assert_eq!(meant(&known, Some("b"), Some("M1"), (None, TODAY)), Err(other));
    }

    #[test]
    fn what_was_voided_gives_up_its_number_and_its_external_id() {
        let known = [row(1, "M1", Some("a"), true)];
        assert_eq!(
            meant(&known, Some("a"), Some("M1"), (None, TODAY)),
            Ok(Meant { known: None, naming: true })
        );
    }

    #[test]
    fn a_number_of_who_was_gone_by_the_first_day_of_a_line_means_nobody() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day);
        let left = KnownRow { until_on: day(10), ..row(1, "M1", Some("a"), false) };
        let found = |external, from| {
            meant(std::slice::from_ref(&left), external, Some("M1"), (from, TODAY))
        };
        let known = |from| found(None, from).map(|meant| meant.known.is_some());
        assert_eq!([day(9), day(10), None].map(known), [Ok(true), Ok(false), Ok(true)]);
        // of two who have it in turn, who has it then
        let next = KnownRow { from_on: day(10).unwrap(), ..row(2, "M1", None, false) };
        let both = [next, left.clone()];
        let whose = |from| meant(&both, None, Some("M1"), (from, day(3).unwrap())).unwrap().known;
        let whose = [day(2), day(9), day(10), None].map(|from| whose(from).unwrap().as_u128());
        assert_eq!(whose, [1, 1, 2, 1]);
        // their external id goes on meaning them
        assert!(found(Some("a"), day(10)).is_ok_and(|meant| meant.known.is_some()));
    }

    #[test]
    fn a_word_of_an_earlier_line_is_found_where_it_may_stand_once() {
        let mut seen = Seen::default();
        let words = |one: &str, two: &str| [Some(one.to_owned()), Some(two.to_owned())];
        assert_eq!(seen.note(2, &words("a", "b")), None);
        assert_eq!(seen.note(3, &words("b", "a")), None);
        assert_eq!(seen.note(4, &words("x", "b")), Some(1));
        assert_eq!(seen.note(5, &[None, None]), None);
    }

    #[test]
    fn a_row_that_two_lines_mean_is_found_by_whatever_they_call_it() {
        let mut seen = Seen::default();
        assert!(!seen.again(2, Uuid::from_u128(1)));
        assert!(!seen.again(3, Uuid::from_u128(2)));
        assert!(seen.again(4, Uuid::from_u128(1)));
    }
}
