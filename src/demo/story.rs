//! The whole year, 2023-06-20 to 2024-07-16, as plain values: the same on every machine.

use chrono::{Months as MonthCount, NaiveDate};

use super::adjustments::{self, Adjustment};
use super::calendar::{Calendar, Tick};
use super::chain::{self, Chain};
use super::data::{self, DataError, IssueRow};
use super::ledger::{Issue, Ledger};
use super::months::{Months, Plan, Visit};
use super::random::Random;

pub struct Story {
    pub chain: Chain,
    pub plans: Vec<Plan>,
    pub visits: Vec<Visit>,
    /// The words of the issues; `Issue::row` points here.
    pub rows: Vec<IssueRow>,
    /// In the order of arrival.
    pub issues: Vec<Issue>,
    /// In the order of the committees.
    pub adjustments: Vec<Adjustment>,
}

const SEED: u64 = 1158;
/// The last item arrives so many working days before the end, that its answer is heard within it.
const DAYS_OF_LAST_ITEMS: i64 = 36;

impl Story {
    pub const FIRST_DAY: NaiveDate = day(2023, 6, 20);
    pub const LAST_DAY: NaiveDate = day(2024, 7, 16);

    pub fn build() -> Result<Self, DataError> {
        let mut random = Random::new(SEED);
        let table = data::workdays()?;
        // A little more on both sides: plans precede their month, late steps follow.
        let calendar = Calendar::new(&table, day(2023, 6, 1), day(2024, 12, 31));
        let (committees, sectors) = (data::committees()?, data::sectors()?);
        let chain = chain::build(&data::divisions()?, &sectors)?;
        let subjects = data::subjects()?;
        let months = Months {
            calendar: &calendar,
            chain: &chain,
            subjects: &subjects,
            months: (0..13).map(|month| day(2023, 7, 1) + MonthCount::new(month)).collect(),
            end: Self::LAST_DAY,
        };
        let (plans, visits) = months.tell(&mut random);
        let rows = data::issues()?;
        let ledger = Ledger { calendar: &calendar, chain: &chain, visits: &visits };
        let first = calendar.start_of(Self::FIRST_DAY);
        let days = calendar.start_of(Self::LAST_DAY).day() - first.day() - DAYS_OF_LAST_ITEMS;
        let count = i64::try_from(rows.len()).unwrap_or(1).max(1);
        let mut issues: Vec<_> = (0_i64..)
            .zip(rows.iter().enumerate())
            .map(|(number, (row, issue))| {
                // An urgent one may go back a day to find a working morrow; never before the first.
                let arrives: Tick = first.on_day(1 + number * (days - 1) / count, 0);
                ledger.tell(&mut random, row, issue, arrives)
            })
            .collect();
        issues.sort_by_key(|issue| (issue.intake_at, issue.row));
        let by = (&committees[..], &sectors[..]);
        let adjustments = adjustments::tell(&calendar, &chain, by, Self::LAST_DAY);
        Ok(Self { chain, plans, visits, rows, issues, adjustments })
    }
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

#[cfg(test)]
#[path = "story_tests.rs"]
mod tests;
