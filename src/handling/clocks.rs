//! The city's calendar and durations, until the catalogue's own functions take this file's place.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::rules::Urgency;
use crate::db::Conn;
use crate::db::schema::{durations, workday_years, workdays};
use crate::error::{Error, Result};
use crate::workdays::{DayKind, DayTable, Span};

/// The city's calendar.
pub(super) async fn day_table(mut conn: Conn<'_>, city: i32) -> Result<DayTable> {
    let years: Vec<i16> = workday_years::table
        .filter(workday_years::city_code.eq(city))
        .select(workday_years::year)
        .load(&mut conn)
        .await?;
    let days: Vec<(NaiveDate, String)> = workdays::table
        .filter(workdays::city_code.eq(city))
        .select((workdays::day, workdays::kind))
        .load(&mut conn)
        .await?;
    let days = days.into_iter().filter_map(|(day, kind)| Some((day, DayKind::parse(&kind)?)));
    Ok(DayTable::new(years.into_iter().map(i32::from), days))
}

/// How long a step may take; a city that does not say so is badly set up.
pub(super) async fn duration(
    mut conn: Conn<'_>,
    city: i32,
    urgency: Urgency,
    step: &str,
) -> Result<Span> {
    let row: Option<(i16, String)> = durations::table
        .find((city, urgency.as_str(), step))
        .select((durations::amount, durations::unit))
        .first(&mut conn)
        .await
        .optional()?;
    row.and_then(|(amount, unit)| Span::parse(u16::try_from(amount).ok()?, &unit)).ok_or_else(
        || Error::internal(format!("no duration of {step} for {} in {city}", urgency.as_str())),
    )
}
