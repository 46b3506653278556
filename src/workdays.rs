//! Working days with 调休, and the deadlines counted in them.
//!
//! A city's day table names what differs from Monday to Friday: weekdays off, weekend days worked.
//! Past its last known year only weekends count, and a deadline that reaches there is provisional.
//! Every function is total: near the ends of the calendar a date stays at the end.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// Asia/Shanghai: eight hours east of UTC. China has kept no summer time since 1991.
const ZONE: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(zone) => zone,
    // Reached by the compiler at most, never by a running server.
    None => panic!("eight hours is an offset"),
};

/// The zone of every city's calendar: Asia/Shanghai, +08:00, no summer time.
pub const fn zone() -> FixedOffset {
    ZONE
}

/// The date in a city when it is `at`.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.naive_utc().checked_add_offset(ZONE).unwrap_or(at.naive_utc()).date()
}

/// 00:00:00 local of a date, as an instant.
pub fn day_starts_at(date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    midnight.checked_sub_offset(ZONE).map_or(DateTime::<Utc>::MIN_UTC, |utc| utc.and_utc())
}

/// The instant a date is over: 00:00:00 local of the next one.
pub fn day_ends_at(date: NaiveDate) -> DateTime<Utc> {
    date.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, day_starts_at)
}

/// How a date in the day table differs from its weekday (`workdays.kind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A weekday off.
    Holiday,
    /// A weekend day worked (调休).
    Workday,
}

impl DayKind {
    /// The stored code.
    pub const fn as_str(self) -> &'static str {
        match self {
            DayKind::Holiday => "holiday",
            DayKind::Workday => "workday",
        }
    }

    /// The kind of a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        [DayKind::Holiday, DayKind::Workday].into_iter().find(|kind| kind.as_str() == code)
    }
}

/// A city's calendar: the years it knows and the days in which they differ from Monday to Friday.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayTable {
    years: BTreeSet<i32>,
    off: BTreeSet<NaiveDate>,
    worked: BTreeSet<NaiveDate>,
}

impl DayTable {
    /// The table of the imported years and their rows; of two rows for a date the later one holds.
    pub fn new(
        years: impl IntoIterator<Item = i32>,
        rows: impl IntoIterator<Item = (NaiveDate, DayKind)>,
    ) -> Self {
        let mut table = Self { years: years.into_iter().collect(), ..Self::default() };
        for (date, kind) in rows {
            table.off.remove(&date);
            table.worked.remove(&date);
            match kind {
                DayKind::Holiday => table.off.insert(date),
                DayKind::Workday => table.worked.insert(date),
            };
        }
        table
    }

    /// Whether people work on the date.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend { self.worked.contains(&date) } else { !self.off.contains(&date) }
    }

    /// Whether the date's year has been imported.
    pub fn knows(&self, date: NaiveDate) -> bool {
        self.years.contains(&date.year())
    }

    /// The first working day after a date.
    pub fn next_working(&self, after: NaiveDate) -> NaiveDate {
        let mut date = after;
        while let Some(next) = date.succ_opt() {
            date = next;
            if self.is_working(date) {
                break;
            }
        }
        date
    }
}

/// A length of time as the catalogue gives it (`durations`, units wd, d, h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Working days by the city's table.
    WorkingDays(u16),
    /// Calendar days.
    Days(u16),
    /// Hours, round the clock.
    Hours(u16),
}

impl Span {
    /// The span of a stored amount and unit.
    pub fn parse(amount: u16, unit: &str) -> Option<Self> {
        match unit {
            "wd" => Some(Span::WorkingDays(amount)),
            "d" => Some(Span::Days(amount)),
            "h" => Some(Span::Hours(amount)),
            _ => None,
        }
    }

    /// How many of its unit.
    pub const fn amount(self) -> u16 {
        match self {
            Span::WorkingDays(n) | Span::Days(n) | Span::Hours(n) => n,
        }
    }

    /// The stored unit.
    pub const fn unit(self) -> &'static str {
        match self {
            Span::WorkingDays(_) => "wd",
            Span::Days(_) => "d",
            Span::Hours(_) => "h",
        }
    }
}

/// A deadline: its date in the city, and the instant from which an act is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last local date on which an act may be on time.
    pub on: NaiveDate,
    /// The first instant that is late; for day spans 00:00:00 local of the day after `on`.
    pub at: DateTime<Utc>,
    /// Whether the count entered a year that the day table does not know.
    pub provisional: bool,
}

impl Due {
    /// The deadline at the end of a date.
    pub fn end_of(on: NaiveDate, provisional: bool) -> Self {
        Self { on, at: day_ends_at(on), provisional }
    }

    /// Whether an act at this instant is on time.
    pub fn on_time(&self, act: DateTime<Utc>) -> bool {
        act < self.at
    }
}

/// The deadline a span after an instant. The start's date is day zero; hours run round the clock.
pub fn due(table: &DayTable, start: DateTime<Utc>, span: Span) -> Due {
    match span {
        Span::WorkingDays(n) => plus_working(table, local_date(start), n),
        Span::Days(n) => {
            let end = local_date(start).checked_add_days(chrono::Days::new(n.into()));
            Due::end_of(end.unwrap_or(NaiveDate::MAX), false)
        }
        Span::Hours(n) => {
            let end = start.checked_add_signed(TimeDelta::hours(n.into()));
            let at = end.unwrap_or(DateTime::<Utc>::MAX_UTC);
            Due { on: local_date(at), at, provisional: false }
        }
    }
}

/// The end of the n-th working day after a date.
pub fn plus_working(table: &DayTable, date: NaiveDate, n: u16) -> Due {
    let mut walk = Walk::new(table, date, &[]);
    let on = walk.by_ref().take(n.into()).last();
    Due::end_of(if walk.ended { NaiveDate::MAX } else { on.unwrap_or(date) }, walk.provisional)
}

/// The n-th working day before a date.
pub fn minus_working(table: &DayTable, date: NaiveDate, n: u16) -> NaiveDate {
    let (mut date, mut left) = (date, n);
    while left > 0 {
        let Some(before) = date.pred_opt() else { break };
        date = before;
        left -= u16::from(table.is_working(date));
    }
    date
}

/// A pause of a clock: the date it began, and the date it was resumed.
pub type Pause = (NaiveDate, Option<NaiveDate>);

/// The deadline n working days after an instant on a clock that was paused. A pause on day P spares
/// P, a resume on day R uses R. None while an open pause keeps the clock from getting there.
pub fn due_with_pauses(
    table: &DayTable,
    start: DateTime<Utc>,
    n: u16,
    pauses: &[Pause],
) -> Option<Due> {
    let start = local_date(start);
    let mut walk = Walk::new(table, start, pauses);
    let on = walk.by_ref().take(n.into()).last().unwrap_or(start);
    match (walk.stopped, walk.ended) {
        (true, _) => None,
        (false, true) => Some(Due::end_of(NaiveDate::MAX, walk.provisional)),
        (false, false) => Some(Due::end_of(on, walk.provisional)),
    }
}

/// The working days that such a clock uses up, for explaining a deadline: n of them, or those up to
/// an open pause.
pub fn counted_days(
    table: &DayTable,
    start: DateTime<Utc>,
    n: u16,
    pauses: &[Pause],
) -> Vec<NaiveDate> {
    Walk::new(table, local_date(start), pauses).take(n.into()).collect()
}

/// The days after a date on which a clock runs, in order.
struct Walk<'a> {
    table: &'a DayTable,
    pauses: &'a [Pause],
    date: NaiveDate,
    /// A year the table does not know was entered.
    provisional: bool,
    /// An open pause was reached.
    stopped: bool,
    /// The calendar's last date was passed.
    ended: bool,
}

impl<'a> Walk<'a> {
    fn new(table: &'a DayTable, date: NaiveDate, pauses: &'a [Pause]) -> Self {
        Self { table, pauses, date, provisional: false, stopped: false, ended: false }
    }

    /// The pause that covers a date; an open one before any other, else the one that ends last.
    fn pause_on(&self, date: NaiveDate) -> Option<Option<NaiveDate>> {
        let covering = self
            .pauses
            .iter()
            .filter(|(from, until)| *from <= date && until.is_none_or(|resumed| date < resumed));
        covering.map(|(_, until)| *until).max_by_key(|until| until.unwrap_or(NaiveDate::MAX))
    }
}

impl Iterator for Walk<'_> {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        let mut candidate = self.date.succ_opt();
        while let Some(date) = candidate {
            match self.pause_on(date) {
                Some(None) => {
                    self.stopped = true;
                    return None;
                }
                Some(resumed) => candidate = resumed,
                None => {
                    self.date = date;
                    self.provisional |= !self.table.knows(date);
                    if self.table.is_working(date) {
                        return Some(date);
                    }
                    candidate = date.succ_opt();
                }
            }
        }
        self.ended = true;
        None
    }
}

#[cfg(test)]
mod tests;
