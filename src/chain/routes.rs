//! What the API says of the chain. One file a noun; what they share stands here.

pub mod adjustments;
pub mod any_kind;
pub mod area_changes;
pub mod areas;
pub mod bodies;
pub mod categories;
pub mod committees;
pub mod contacts;
pub mod coverage;
pub mod departments;
pub mod events;
pub mod history;
pub mod holders;
pub mod joined;
pub mod links;
pub mod members;
pub mod memberships;
pub mod merges;
pub mod organizations;
pub mod party;
pub mod party_coverage;
pub mod personal;
pub mod persons;
pub mod posts;
pub mod public;
pub mod sectors;
pub mod terms;
pub mod tree;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::actions::KEEPERS;
use crate::auth::{Actor, policy};
use crate::journal::Places;
use crate::workdays::local_date;

/// The day of which the chain is read.
#[derive(Debug, Default, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// The chain as it stands on this day; today unless told. One thing is read by its id without a
    /// day whether it is there today or not, and with a day if it is there on it.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

impl AsOf {
    /// Whether what stands from `from` until before `until` is there for who asks so.
    fn shows(&self, from: NaiveDate, until: Option<NaiveDate>) -> bool {
        self.as_of.is_none_or(|on| from <= on && until.is_none_or(|until| on < until))
    }
}

/// The day that was asked for, or today.
fn day_of(as_of: Option<NaiveDate>, now: DateTime<Utc>) -> NaiveDate {
    as_of.unwrap_or_else(|| local_date(now))
}

/// Whether the actor keeps the chain at one of `places`, and so reads phones unmasked.
fn keeps(actor: &Actor, places: &Places) -> bool {
    policy::roles_at(actor, places).iter().any(|role| KEEPERS.contains(role))
}

/// `138****1234`: the first three and the last four, of short numbers only the last two.
fn masked(phone: &str) -> String {
    let signs: Vec<char> = phone.chars().collect();
    let (head, tail) = if signs.len() >= 9 { (3, 4) } else { (0, signs.len().min(2)) };
    let front: String = signs[..head].iter().collect();
    let back: String = signs[signs.len() - tail..].iter().collect();
    format!("{front}****{back}")
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_phone_keeps_only_its_ends() {
        assert_eq!(masked("13800001234"), "138****1234");
        assert_eq!(masked("3351234"), "****34");
        assert_eq!(masked("1"), "****1");
        assert_eq!(masked(""), "****");
    }
}
