//! Pure decisions on persons: what a contact point and an identifier look like, which two may be made
//! one, and until when that may be taken back.
//!
//! A merge is taken back only while its survivor is nobody else's: of a chain of merges the last one
//! first. So whatever it moved still belongs to the survivor when it goes back.

mod refusal;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use refusal::Refusal;
pub use words::{ContactPointKind, Scheme};

use super::Term;

/// For how long a merge may be taken back.
pub const WINDOW: TimeDelta = TimeDelta::days(30);

impl ContactPointKind {
    /// Whether it is a number to call.
    pub const fn is_phone(self) -> bool {
        matches!(self, Self::Mobile | Self::Landline)
    }

    /// Whether two values reach the same: numbers are written with signs, blanks and +86 or without.
    pub fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Mobile | Self::Landline => dialled(one) == dialled(other),
            Self::Email => one.eq_ignore_ascii_case(other),
            Self::Wechat | Self::Address => one == other,
        }
    }

    /// Whether a value can be one of this kind.
    pub fn fits(self, value: &str) -> bool {
        match self {
            Self::Mobile | Self::Landline => {
                let length = value.chars().count();
                let sign = |c: char| c.is_ascii_digit() || "+() -".contains(c);
                (5..=32).contains(&length)
                    && value.chars().all(sign)
                    && value.chars().filter(char::is_ascii_digit).count() >= 5
            }
            Self::Wechat => {
                let sign = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
                (5..=32).contains(&value.len()) && value.chars().all(sign)
            }
            Self::Email => value.split_once('@').is_some_and(|(who, host)| {
                !who.is_empty()
                    && !host.is_empty()
                    && !host.contains('@')
                    && !value.contains(char::is_whitespace)
            }),
            Self::Address => true,
        }
    }
}

/// A number is the last eleven of its digits, as the indexes of the database have it.
fn dialled(value: &str) -> Vec<char> {
    value.chars().rev().filter(char::is_ascii_digit).take(11).collect()
}

impl Scheme {
    /// Whether a person has one at most.
    pub const fn is_single(self) -> bool {
        matches!(self, Self::ResidentId)
    }

    /// The value as it is kept and looked for: letters of documents are capitals.
    pub fn normal(self, value: &str) -> String {
        match self {
            Self::ResidentId | Self::Passport | Self::Permit => value.to_ascii_uppercase(),
            Self::StaffNumber | Self::Other => value.to_owned(),
        }
    }

    /// Whether a value in its normal form can be one of this scheme.
    pub fn fits(self, value: &str) -> bool {
        self != Self::ResidentId || is_resident_id(value)
    }
}

/// GB 11643: seventeen digits, then what ISO 7064 MOD 11-2 makes of them.
fn is_resident_id(value: &str) -> bool {
    let signs: Vec<u32> = value.bytes().map(|b| if b == b'X' { 10 } else { digit(b) }).collect();
    let Some((last, digits)) = signs.split_last().filter(|_| signs.len() == 18) else {
        return false;
    };
    let sum = digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    digits.iter().all(|digit| *digit < 10) && *last <= 10 && (sum + last) % 11 == 1
}

/// Of a digit; of anything else what no digit is.
fn digit(sign: u8) -> u32 {
    if sign.is_ascii_digit() { u32::from(sign - b'0') } else { 99 }
}

/// One of two who are said to be the same.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// Who.
    pub id: Uuid,
    /// Whether they have been merged into somebody.
    pub merged: bool,
    /// Whether they can sign in.
    pub account: bool,
    /// When they are a member; what was voided does not count.
    pub terms: Vec<Term>,
    /// Their identifiers of schemes of which a person has one.
    pub numbers: Vec<(Scheme, String)>,
}

/// All that keeps `goes` from becoming `stays`; `linked`: the one, as a member, keeps in touch with the
/// other, as a contact.
pub fn against_merge(goes: &Side, stays: &Side, linked: bool) -> Vec<Refusal> {
    if goes.id == stays.id {
        return vec![Refusal::SamePerson];
    }
    let differ = |(scheme, number): &(Scheme, String)| {
        stays.numbers.iter().any(|(other, theirs)| other == scheme && theirs != number)
    };
    let meet = |term: &Term| stays.terms.iter().any(|other| share_a_day(*term, *other));
    [
        (stays.merged, Refusal::SurvivorMerged),
        (goes.account && stays.account, Refusal::BothHaveAccounts),
        (goes.terms.iter().any(meet), Refusal::BothMembers),
        (linked, Refusal::LinkedToEachOther),
        (goes.numbers.iter().any(differ), Refusal::NumbersDiffer),
    ]
    .into_iter()
    .filter_map(|(is, refusal)| is.then_some(refusal))
    .collect()
}

/// Whether two terms share a day.
pub fn share_a_day((a, a_over): Term, (b, b_over): Term) -> bool {
    a_over.is_none_or(|over| b < over) && b_over.is_none_or(|over| a < over)
}

/// Whether a merge into `into` may be taken back at `now`, when who was merged is `owner` today.
pub fn may_unmerge(
    (into, merged_at): (Uuid, DateTime<Utc>),
    owner: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if into != owner {
        return Err(Refusal::MergedSince);
    }
    if now >= merged_at + WINDOW { Err(Refusal::WindowOver) } else { Ok(()) }
}
