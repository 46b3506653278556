//! The days over which points and figures are counted.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{Code, Error, Fault, Result};
use crate::workdays::{day_starts_at, local_date};

/// The period of a count.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeriodQuery {
    /// First day; without it, the first of the calendar year.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", format = Date, example = "2026-01-01")]
    pub from: Option<NaiveDate>,
    /// The day after the last; without it, the first of the next calendar year.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", format = Date, example = "2027-01-01")]
    pub until: Option<NaiveDate>,
}

/// Days from `from` until before `until`, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
}

impl Period {
    /// What was asked for; what is missing comes from the year of the other end, or of today.
    pub fn read(query: &PeriodQuery, now: DateTime<Utc>) -> Result<Self> {
        let last = query.until.and_then(|until| until.pred_opt());
        let year = query.from.or(last).unwrap_or_else(|| local_date(now)).year();
        let first_of = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
        let from = query.from.unwrap_or_else(|| first_of(year));
        let until = query.until.unwrap_or_else(|| first_of(year + 1));
        if until > from {
            return Ok(Self { from, until });
        }
        let fault =
            Fault::new("?until", "until_not_after_from", "应晚于 from", "must be after from");
        Err(Error::because(Code::BadQuery, fault))
    }

    /// The instant it begins.
    pub fn starts_at(&self) -> DateTime<Utc> {
        day_starts_at(self.from)
    }

    /// The first instant after it.
    pub fn ends_at(&self) -> DateTime<Utc> {
        day_starts_at(self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_missing_is_the_calendar_year() {
        // 16:30 UTC on New Year's Eve is already the new year in the city.
        let now = "2025-12-31T16:30:00Z".parse().unwrap();
        let read = |from: Option<&str>, until: Option<&str>| {
            let query = PeriodQuery { from: from.map(day), until: until.map(day) };
            Period::read(&query, now).map(|period| (period.from, period.until))
        };
        assert_eq!(read(None, None).unwrap(), (day("2026-01-01"), day("2027-01-01")));
        assert_eq!(read(Some("2024-03-05"), None).unwrap(), (day("2024-03-05"), day("2025-01-01")));
        assert_eq!(read(None, Some("2025-01-01")).unwrap(), (day("2024-01-01"), day("2025-01-01")));
        let refused = read(Some("2024-03-05"), Some("2024-03-05")).unwrap_err();
        assert_eq!(refused.code, crate::error::Code::BadQuery);
    }
}
