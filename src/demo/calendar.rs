//! Working time as one line of minutes. Whatever is a `Tick` lies in working hours of a working
//! day, and what has the greater tick happened later; the generator cannot get either wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::data::Workday;

/// Minutes of office time since the first day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick(pub i64);

/// 08:30–11:30 and 13:00–17:00.
pub const MINUTES_A_DAY: i64 = MORNING + 240;
const MORNING: i64 = 180;
/// Hegang keeps the time of Asia/Shanghai, which has had no summer time since 1991.
const ZONE_HOURS: i64 = 8;

pub struct Calendar {
    days: Vec<NaiveDate>,
}

impl Calendar {
    /// The working days from `first` to `last`.
    pub fn new(table: &[Workday], first: NaiveDate, last: NaiveDate) -> Self {
        let table: BTreeMap<_, _> =
            table.iter().map(|day| (day.date, day.kind == "workday")).collect();
        let works = |day: NaiveDate| {
            use chrono::{
                Datelike,
                Weekday::{Sat, Sun},
            };
            table.get(&day).copied().unwrap_or(!matches!(day.weekday(), Sat | Sun))
        };
        let days = first.iter_days().take_while(|day| *day <= last).filter(|day| works(*day));
        Self { days: days.collect() }
    }

    /// The first working minute on or after the day.
    pub fn start_of(&self, date: NaiveDate) -> Tick {
        let index = self.days.partition_point(|day| *day < date);
        Tick(i64::try_from(index).unwrap_or(i64::MAX / MINUTES_A_DAY) * MINUTES_A_DAY)
    }

    pub fn date(&self, tick: Tick) -> NaiveDate {
        let index = usize::try_from(tick.day()).unwrap_or(0);
        let last = self.days.last().copied().unwrap_or(NaiveDate::MIN);
        self.days.get(index).copied().unwrap_or(last)
    }

    pub fn instant(&self, tick: Tick) -> DateTime<Utc> {
        let minute = tick.0.rem_euclid(MINUTES_A_DAY);
        let lunch = if minute < MORNING { 0 } else { 90 };
        let local = 8 * 60 + 30 + minute + lunch;
        let midnight = self.date(tick).and_time(NaiveTime::MIN).and_utc();
        midnight + TimeDelta::minutes(local) - TimeDelta::hours(ZONE_HOURS)
    }

    /// Working days of the month, so far as the calendar reaches.
    pub fn month(&self, first: NaiveDate) -> &[NaiveDate] {
        let next = first + chrono::Months::new(1);
        let from = self.days.partition_point(|day| *day < first);
        let until = self.days.partition_point(|day| *day < next);
        &self.days[from..until]
    }

    pub fn last_day_before(&self, date: NaiveDate) -> Tick {
        let start = self.start_of(date);
        Tick(start.0 - MINUTES_A_DAY)
    }

    /// Whether the day after is a working day too, so that a clock of 24 hours can be met.
    pub fn tomorrow_works(&self, tick: Tick) -> bool {
        let tomorrow = self.date(tick) + Days::new(1);
        self.date(Tick(tick.0 + MINUTES_A_DAY)) == tomorrow
    }
}

impl Tick {
    pub fn day(self) -> i64 {
        self.0.div_euclid(MINUTES_A_DAY)
    }

    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }

    /// A minute of the working day `days` later.
    pub fn on_day(self, days: i64, minute: i64) -> Self {
        Self((self.day() + days) * MINUTES_A_DAY + minute.clamp(0, MINUTES_A_DAY - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        let table = super::super::data::workdays().unwrap();
        Calendar::new(&table, date("2023-06-01"), date("2024-12-31"))
    }

    #[test]
    fn a_worked_saturday_counts_and_a_holiday_does_not() {
        let calendar = calendar();
        let festival = calendar.start_of(date("2024-02-09"));
        assert_eq!(calendar.date(festival), date("2024-02-09"));
        assert_eq!(calendar.date(festival.on_day(1, 0)), date("2024-02-18"));
    }

    #[test]
    fn minutes_skip_lunch_and_the_night() {
        let calendar = calendar();
        let start = calendar.start_of(date("2024-03-01"));
        let at = |minutes| calendar.instant(start.plus_minutes(minutes)).to_rfc3339();
        assert_eq!(at(0), "2024-03-01T00:30:00+00:00");
        assert_eq!(at(180), "2024-03-01T05:00:00+00:00");
        assert_eq!(at(420), "2024-03-04T00:30:00+00:00");
    }
}
