//! Points: exact hundredths, how joint work is shared, and how caps make a total.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, de};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// Points in whole hundredths; spoken as a decimal string with two places, "12.34".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Points = Points(0);
    /// What can be spoken: twelve digits before the point.
    pub const MAX: Points = Points(99_999_999_999_999);

    /// Points of so many hundredths, as stored.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// How many hundredths, as stored.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The sum, which stays at the end of the range.
    pub const fn plus(self, other: Points) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, which stays at the end of the range.
    pub const fn minus(self, other: Points) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The same with the other sign.
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Self {
        points.fold(Points::ZERO, Points::plus)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(out, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

/// A text that is not points: one to twelve digits, a point, two digits, perhaps a minus before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotPoints;

impl fmt::Display for NotPoints {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("points are a decimal string with two places, such as 12.34")
    }
}

impl std::error::Error for NotPoints {}

impl FromStr for Points {
    type Err = NotPoints;

    fn from_str(text: &str) -> Result<Self, NotPoints> {
        let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
        let (whole, part) = size.split_once('.').ok_or(NotPoints)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !(1..=12).contains(&whole.len()) || part.len() != 2 || !digits(whole) || !digits(part) {
            return Err(NotPoints);
        }
        let number = |text: &str| text.parse::<i64>().map_err(|_| NotPoints);
        Ok(Self(sign * (number(whole)? * 100 + number(part)?)))
    }
}

impl Serialize for Points {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl utoipa::PartialSchema for Points {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^-?[0-9]{1,12}\\.[0-9]{2}$"))
            .max_length(Some(16))
            .description(Some("Points with two decimal places."))
            .examples(["12.34"])
            .into()
    }
}

impl utoipa::ToSchema for Points {}

/// Shares points equally; leftover hundredths go one each, from the first person on.
/// Among no persons there are no shares.
pub fn split_equal(points: Points, persons: u32) -> Vec<Points> {
    if persons == 0 {
        return Vec::new();
    }
    let (each, left) = (points.0 / i64::from(persons), points.0 % i64::from(persons));
    let share = |person| each + if person < left.abs() { left.signum() } else { 0 };
    (0..i64::from(persons)).map(|person| Points(share(person))).collect()
}

/// The first person gets half, the rest share the other half equally; alone, the first gets all.
pub fn split_first_half(points: Points, persons: u32) -> Vec<Points> {
    if persons < 2 {
        return split_equal(points, persons);
    }
    let halves = split_equal(points, 2);
    let rest = halves.get(1).copied().unwrap_or_default();
    halves.into_iter().take(1).chain(split_equal(rest, persons - 1)).collect()
}

/// An entry of the score ledger, as far as a total looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The rule that gave the points.
    pub rule_code: String,
    /// The category the rule stands in.
    pub category: String,
    /// The points; below zero for a penalty or a reversal.
    pub points: Points,
}

/// The entry that takes another one back; both stay in the ledger.
pub fn reversal(entry: &Entry) -> Entry {
    Entry { points: entry.points.negated(), ..entry.clone() }
}

/// What makes an entry the same entry: one rule, one cause, one member, one sign. A cause that is
/// delivered twice has one key (`score_entries_once`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<I> {
    /// The rule set of the rule.
    pub rule_set: I,
    /// The rule.
    pub rule_code: String,
    /// The journal entry that caused it.
    pub cause: I,
    /// Whose points.
    pub member: I,
    /// 1 for an entry, -1 for its reversal.
    pub sign: i16,
}

/// The key of an entry that a cause brings, or of the reversal of one.
pub fn unique_key<I>(rule_set: I, rule: &str, cause: I, member: I, reversal: bool) -> Key<I> {
    let sign = if reversal { -1 } else { 1 };
    Key { rule_set, rule_code: rule.to_owned(), cause, member, sign }
}

/// What one rule brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RuleLine {
    /// The rule.
    pub rule_code: String,
    /// The sum of its entries.
    pub raw: Points,
    /// What its cap takes away: zero or less.
    pub cut: Points,
    /// What is left: raw and cut together.
    pub counted: Points,
}

/// What one category brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CategoryLine {
    /// The category.
    pub category: String,
    /// Its rules, by code.
    pub rules: Vec<RuleLine>,
    /// The sum of what its rules counted.
    pub raw: Points,
    /// What the category's cap takes away: zero or less.
    pub cut: Points,
    /// What is left: raw and cut together.
    pub counted: Points,
}

/// A total and how it came about: the sum of every rule's raw and cut and every category's cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Explain {
    /// The categories, by code.
    pub lines: Vec<CategoryLine>,
    /// The sum of what the categories counted.
    pub total: Points,
}

/// What a cap takes from points: zero, or as much below zero as they exceed it.
fn cut(raw: Points, cap: Option<&Points>) -> Points {
    cap.map_or(Points::ZERO, |cap| cap.minus(raw).min(Points::ZERO))
}

/// The total of entries under the caps of rules and categories, each by its code. Caps are applied
/// to sums, never to entries, so that a late reversal first uses up what was cut.
pub fn total(
    entries: &[Entry],
    rule_caps: &BTreeMap<String, Points>,
    category_caps: &BTreeMap<String, Points>,
) -> Explain {
    let mut sums: BTreeMap<&str, BTreeMap<&str, Points>> = BTreeMap::new();
    for entry in entries {
        let sum = sums.entry(&entry.category).or_default().entry(&entry.rule_code).or_default();
        *sum = sum.plus(entry.points);
    }
    let rule_line = |(code, raw): (&str, Points)| {
        let cut = cut(raw, rule_caps.get(code));
        RuleLine { rule_code: code.to_owned(), raw, cut, counted: raw.plus(cut) }
    };
    let category_line = |(code, rules): (&str, BTreeMap<&str, Points>)| {
        let rules: Vec<_> = rules.into_iter().map(rule_line).collect();
        let raw = rules.iter().map(|line| line.counted).sum();
        let cut = cut(raw, category_caps.get(code));
        CategoryLine { category: code.to_owned(), rules, raw, cut, counted: raw.plus(cut) }
    };
    let lines: Vec<_> = sums.into_iter().map(category_line).collect();
    let total = lines.iter().map(|line| line.counted).sum();
    Explain { lines, total }
}

#[cfg(test)]
mod tests;
