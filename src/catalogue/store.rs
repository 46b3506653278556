//! Rows of divisions, day tables, code lists and durations.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;

use crate::db::schema::{city_codes, divisions, durations, workday_years, workdays};
use crate::db::{Bind, Conn, list::bind_all, search, sql};
use crate::error::Result;
use crate::page::Page;
use crate::workdays::{DayKind, DayTable, Span};

/// A division of any city.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = divisions)]
pub struct DivisionRow {
    /// GB/T 2260 and its continuation: 6, 9 or 12 digits.
    pub code: i64,
    /// As people say it.
    pub name: String,
    /// province, city, county, township or village
    pub level: String,
    /// What it lies in; none for a province.
    pub parent_code: Option<i64>,
}

/// A code of one of the city's own lists.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = city_codes)]
pub struct CityCodeRow {
    /// The tenant.
    pub city_code: i32,
    /// `issue_category`, …
    pub list: String,
    /// The stable word.
    pub code: String,
    /// Chinese.
    pub label_zh: String,
    /// English.
    pub label_en: String,
    /// Where to go instead, in Chinese.
    pub note_zh: Option<String>,
    /// The same in English.
    pub note_en: Option<String>,
    /// Its place in the list.
    pub position: i16,
}

/// A day that differs from Monday to Friday.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = workdays)]
pub struct WorkdayRow {
    /// The tenant.
    pub city_code: i32,
    /// Which day.
    pub day: NaiveDate,
    /// holiday or workday
    pub kind: String,
    /// What is celebrated.
    pub name: String,
}

/// The six-digit county (or city) that a division's code begins with.
pub fn county_of(division: i64) -> i32 {
    let mut code = division;
    while code > 999_999 {
        code /= 1_000;
    }
    i32::try_from(code).unwrap_or_default()
}

/// The prefecture city a division lies in.
pub fn city_of(division: i64) -> i32 {
    county_of(division) / 100 * 100
}

/// The division of that code.
pub async fn division(mut conn: Conn<'_>, code: i64) -> Result<Option<DivisionRow>> {
    let query = divisions::table.find(code).select(DivisionRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// The divisions of these codes.
pub async fn divisions_of_codes(mut conn: Conn<'_>, codes: Vec<i64>) -> Result<Vec<DivisionRow>> {
    let query = divisions::table.filter(divisions::code.eq_any(codes));
    Ok(query.select(DivisionRow::as_select()).load(&mut conn).await?)
}

/// The division of that code, where it lies in `city`.
pub async fn division_in(conn: Conn<'_>, city: i32, code: i64) -> Result<Option<DivisionRow>> {
    Ok(division(conn, code).await?.filter(|_| city_of(code) == city))
}

/// Every county, township and village of `city`, by code.
pub async fn divisions_of(mut conn: Conn<'_>, city: i32) -> Result<Vec<DivisionRow>> {
    let within = |zeros: i64| {
        let first = i64::from(city) * zeros;
        divisions::code.gt(first).and(divisions::code.lt(first + 100 * zeros))
    };
    let query = divisions::table
        .filter(within(1).or(within(1_000)).or(within(1_000_000)))
        .order(divisions::code)
        .select(DivisionRow::as_select());
    Ok(query.load(&mut conn).await?)
}

/// Those whose name has the part `q`.
fn found(q: &str) -> Box<dyn BoxableExpression<divisions::table, Pg, SqlType = Bool>> {
    let text = dsl::sql::<Bool>("array_to_tsvector(divisions.search) @@ ");
    Box::new(text.bind::<Text, _>(search::query(0, q)).sql("::tsquery"))
}

/// Divisions by code, one more than the page holds. The cursor's instant carries the last code.
pub async fn divisions(
    mut conn: Conn<'_>,
    parent: Option<i64>,
    level: Option<String>,
    q: Option<&str>,
    page: &Page,
) -> Result<(Vec<DivisionRow>, Option<i64>)> {
    let mut query = divisions::table.select(DivisionRow::as_select()).into_boxed();
    let mut count = divisions::table.count().into_boxed();
    if let Some(parent) = parent {
        query = query.filter(divisions::parent_code.eq(parent));
        count = count.filter(divisions::parent_code.eq(parent));
    }
    if let Some(level) = level {
        query = query.filter(divisions::level.eq(level.clone()));
        count = count.filter(divisions::level.eq(level));
    }
    if let Some(q) = q {
        query = query.filter(found(q));
        count = count.filter(found(q));
    }
    let total = if page.count { Some(count.get_result(&mut conn).await?) } else { None };
    if let Some(key) = page.after {
        query = query.filter(divisions::code.gt(key.code()));
    }
    let limit = i64::from(page.limit) + 1;
    Ok((query.order(divisions::code).limit(limit).load(&mut conn).await?, total))
}

/// The years whose days are known.
pub async fn known_years(mut conn: Conn<'_>, city: i32) -> Result<Vec<i16>> {
    let years = workday_years::table
        .filter(workday_years::city_code.eq(city))
        .order(workday_years::year)
        .select(workday_years::year);
    Ok(years.load(&mut conn).await?)
}

/// The days from `from` until before `until` that differ.
pub async fn workdays(
    mut conn: Conn<'_>,
    city: i32,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<WorkdayRow>> {
    let days = workdays::table
        .filter(workdays::city_code.eq(city))
        .filter(workdays::day.ge(from))
        .filter(workdays::day.lt(until))
        .order(workdays::day)
        .select(WorkdayRow::as_select());
    Ok(days.load(&mut conn).await?)
}

/// The city's whole calendar.
pub async fn day_table(mut conn: Conn<'_>, city: i32) -> Result<DayTable> {
    let years = known_years(conn, city).await?;
    let days: Vec<(NaiveDate, String)> = workdays::table
        .filter(workdays::city_code.eq(city))
        .order(workdays::day)
        .select((workdays::day, workdays::kind))
        .load(&mut conn)
        .await?;
    let days = days.into_iter().filter_map(|(day, kind)| Some((day, DayKind::parse(&kind)?)));
    Ok(DayTable::new(years.into_iter().map(i32::from), days))
}

/// How long each step may take, by urgency and step.
pub async fn spans(mut conn: Conn<'_>, city: i32) -> Result<HashMap<(String, String), Span>> {
    let rows: Vec<(String, String, i16, String)> = durations::table
        .filter(durations::city_code.eq(city))
        .select((durations::urgency, durations::step, durations::amount, durations::unit))
        .load(&mut conn)
        .await?;
    let read = |(urgency, step, amount, unit): (String, String, i16, String)| {
        let span = Span::parse(u16::try_from(amount).ok()?, &unit)?;
        Some(((urgency, step), span))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The city's own lists, in order.
pub async fn city_codes(mut conn: Conn<'_>, city: i32) -> Result<Vec<CityCodeRow>> {
    let codes = city_codes::table
        .filter(city_codes::city_code.eq(city))
        .order((city_codes::list, city_codes::position, city_codes::code))
        .select(CityCodeRow::as_select());
    Ok(codes.load(&mut conn).await?)
}

/// Adds a code to one of the city's lists.
pub async fn insert_city_code(mut conn: Conn<'_>, row: CityCodeRow) -> QueryResult<()> {
    diesel::insert_into(city_codes::table).values(row).execute(&mut conn).await.map(drop)
}

/// One code of one of the city's lists.
pub async fn city_code(
    mut conn: Conn<'_>,
    city: i32,
    list: &str,
    code: &str,
) -> Result<Option<CityCodeRow>> {
    let query = city_codes::table.find((city, list, code)).select(CityCodeRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Adds divisions that are not there yet; parents must stand before their children.
pub async fn insert_divisions(mut conn: Conn<'_>, rows: &[DivisionRow]) -> Result<()> {
    for chunk in rows.chunks(1_000) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|row| (row, divisions::search.eq(search::keys(0, &row.name))))
            .collect();
        let insert = diesel::insert_into(divisions::table).values(rows);
        insert.on_conflict_do_nothing().execute(&mut conn).await?;
    }
    Ok(())
}

/// Adds years to the known ones.
pub async fn insert_years(mut conn: Conn<'_>, city: i32, years: &[i16]) -> Result<()> {
    let rows: Vec<_> = years
        .iter()
        .map(|year| (workday_years::city_code.eq(city), workday_years::year.eq(*year)))
        .collect();
    let insert = diesel::insert_into(workday_years::table).values(rows);
    insert.on_conflict_do_nothing().execute(&mut conn).await?;
    Ok(())
}

/// Adds days.
pub async fn insert_workdays(mut conn: Conn<'_>, rows: &[WorkdayRow]) -> Result<()> {
    diesel::insert_into(workdays::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Adds codes to the city's lists.
pub async fn insert_city_codes(mut conn: Conn<'_>, rows: &[CityCodeRow]) -> Result<()> {
    diesel::insert_into(city_codes::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Adds a duration: `(urgency, step, amount, unit)`.
pub async fn insert_durations(
    mut conn: Conn<'_>,
    city: i32,
    rows: &[(String, String, i16, String)],
) -> Result<()> {
    let rows: Vec<_> = rows
        .iter()
        .map(|(urgency, step, amount, unit)| {
            (
                durations::city_code.eq(city),
                durations::urgency.eq(urgency),
                durations::step.eq(step),
                durations::amount.eq(*amount),
                durations::unit.eq(unit),
            )
        })
        .collect();
    diesel::insert_into(durations::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Adds the tenant and the head of its feed.
pub async fn insert_city(
    mut conn: Conn<'_>,
    code: i32,
    name: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let text = "INSERT INTO cities (code, name, created_at) VALUES ($1, $2, $3)";
    let binds = vec![Bind::Int(code), Bind::Text(name.to_owned()), Bind::At(now)];
    bind_all(sql(text), binds).execute(&mut conn).await?;
    let text = "INSERT INTO feed_heads (city_code, position, chain) VALUES ($1, 0, ''::bytea)";
    bind_all(sql(text), vec![Bind::Int(code)]).execute(&mut conn).await?;
    Ok(())
}
