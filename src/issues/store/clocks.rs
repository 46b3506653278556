//! The liaison centre's own clocks: screening, dispatch, reply_review, first_contact, feedback.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::issue_clocks;
use crate::db::{Conn, Prepared};
use crate::error::Result;
use crate::workdays::{Due, Span};

/// A clock that runs or ran.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = issue_clocks)]
#[allow(missing_docs)] // the columns are explained in the migration
pub struct Row {
    pub city_code: i32,
    pub issue_id: Uuid,
    pub step: String,
    pub sequence: i16,
    pub started_at: DateTime<Utc>,
    pub amount: i16,
    pub unit: String,
    pub due_at: DateTime<Utc>,
    pub due_on: NaiveDate,
    pub provisional: bool,
    pub ended_at: Option<DateTime<Utc>>,
}

/// Starts a clock; the issue's row is locked, so the sequence has no rival.
pub async fn start(
    mut conn: Conn<'_>,
    (city, issue): (i32, Uuid),
    step: &str,
    now: DateTime<Utc>,
    span: Span,
    due: Due,
) -> Result<()> {
    use issue_clocks as c;
    let last: Option<i16> = c::table
        .filter(c::city_code.eq(city))
        .filter(c::issue_id.eq(issue))
        .filter(c::step.eq(step))
        .select(max(c::sequence))
        .first(&mut conn)
        .await?;
    let row = Row {
        city_code: city,
        issue_id: issue,
        step: step.to_owned(),
        sequence: last.unwrap_or(0).saturating_add(1),
        started_at: now,
        amount: i16::try_from(span.amount()).unwrap_or(i16::MAX),
        unit: span.unit().to_owned(),
        due_at: due.at,
        due_on: due.on,
        provisional: due.provisional,
        ended_at: None,
    };
    Prepared(diesel::insert_into(c::table).values(&row)).execute(&mut conn).await?;
    Ok(())
}

/// Ends the running clocks of these steps.
pub async fn stop(
    mut conn: Conn<'_>,
    (city, issue): (i32, Uuid),
    steps: &[&str],
    now: DateTime<Utc>,
) -> Result<()> {
    use issue_clocks as c;
    let running = c::table
        .filter(c::city_code.eq(city))
        .filter(c::issue_id.eq(issue))
        .filter(c::step.eq_any(steps.iter().map(|&step| step.to_owned()).collect::<Vec<_>>()))
        .filter(c::ended_at.is_null());
    Prepared(diesel::update(running).set(c::ended_at.eq(now))).execute(&mut conn).await?;
    Ok(())
}

/// All clocks of an issue, oldest first.
pub async fn list(mut conn: Conn<'_>, city: i32, issue: Uuid) -> Result<Vec<Row>> {
    use issue_clocks as c;
    let rows = c::table
        .filter(c::city_code.eq(city))
        .filter(c::issue_id.eq(issue))
        .order((c::started_at, c::step, c::sequence))
        .select(Row::as_select());
    Ok(rows.load(&mut conn).await?)
}
