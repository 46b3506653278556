//! Setting up a city. Called by the demonstration, by commands and by tests, before there is
//! anybody whose rights could be asked.

use chrono::NaiveDate;

use super::store::{self, CityCodeRow, DivisionRow, WorkdayRow};
use crate::error::Result;
use crate::journal::Tx;
use crate::workdays::DayKind;

/// Opens a tenant: the city and the head of its feed.
pub async fn create_city(tx: &mut Tx<'_>, code: i32, name: &str) -> Result<()> {
    store::insert_city(tx.conn, code, name, tx.call.now).await
}

/// Adds divisions that are not there yet; parents before children.
pub async fn add_divisions(tx: &mut Tx<'_>, rows: &[DivisionRow]) -> Result<()> {
    store::insert_divisions(tx.conn, rows).await
}

/// Makes `years` known, with the days in them that differ from Monday to Friday.
pub async fn add_workdays(
    tx: &mut Tx<'_>,
    years: &[i16],
    days: impl IntoIterator<Item = (NaiveDate, DayKind, String)>,
) -> Result<()> {
    store::insert_years(tx.conn, tx.call.city, years).await?;
    let row = |(day, kind, name): (NaiveDate, DayKind, String)| WorkdayRow {
        city_code: tx.call.city,
        day,
        kind: kind.as_str().to_owned(),
        name,
    };
    let rows: Vec<_> = days.into_iter().map(row).collect();
    store::insert_workdays(tx.conn, &rows).await
}

/// Adds to the city's own lists.
pub async fn add_city_codes(tx: &mut Tx<'_>, rows: &[CityCodeRow]) -> Result<()> {
    store::insert_city_codes(tx.conn, rows).await
}

/// Says how long steps may take: `(urgency, step, amount, unit)`.
pub async fn add_durations(tx: &mut Tx<'_>, rows: &[(String, String, i16, String)]) -> Result<()> {
    store::insert_durations(tx.conn, tx.call.city, rows).await
}
