//! What the reporter is asked in each round, what came back, and the attempts to reach them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{feedback_attempts, feedback_requests};
use crate::db::{Conn, Prepared};
use crate::error::Result;

/// A request, with its answer once there is one.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = feedback_requests)]
#[allow(missing_docs)] // the columns are explained in the migration
pub struct Request {
    pub city_code: i32,
    pub id: Uuid,
    pub issue_id: Uuid,
    pub reporter_id: Uuid,
    pub round: i16,
    pub opened_at: DateTime<Utc>,
    pub window_ends_at: DateTime<Utc>,
    pub window_ends_on: NaiveDate,
    pub answered_at: Option<DateTime<Utc>>,
    pub solved: Option<bool>,
    pub satisfaction: Option<String>,
    pub cause: Option<String>,
    pub body: Option<String>,
    pub answered_by: Option<Uuid>,
}

/// An attempt to reach the reporter.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = feedback_attempts)]
#[allow(missing_docs)] // the columns are explained in the migration
pub struct Attempt {
    pub city_code: i32,
    pub id: Uuid,
    pub issue_id: Uuid,
    pub round: i16,
    pub at: DateTime<Utc>,
    pub mode: String,
    pub reached: bool,
    pub recorded_by: Uuid,
}

/// Opens a request.
pub async fn open(mut conn: Conn<'_>, request: &Request) -> Result<()> {
    let insert = diesel::insert_into(feedback_requests::table).values(request);
    Prepared(insert).execute(&mut conn).await?;
    Ok(())
}

/// Keeps the answer on its request.
pub async fn answer(mut conn: Conn<'_>, request: &Request) -> Result<()> {
    use feedback_requests as f;
    let values = (
        f::answered_at.eq(request.answered_at),
        f::solved.eq(request.solved),
        f::satisfaction.eq(&request.satisfaction),
        f::cause.eq(&request.cause),
        f::body.eq(&request.body),
        f::answered_by.eq(request.answered_by),
    );
    let row = f::table.find((request.city_code, request.id));
    Prepared(diesel::update(row).set(values)).execute(&mut conn).await?;
    Ok(())
}

/// The request to one reporter in a round.
pub async fn request(
    mut conn: Conn<'_>,
    (city, issue): (i32, Uuid),
    round: i16,
    reporter: Uuid,
) -> Result<Option<Request>> {
    use feedback_requests as f;
    let row = f::table
        .filter(f::city_code.eq(city))
        .filter(f::issue_id.eq(issue))
        .filter(f::round.eq(round))
        .filter(f::reporter_id.eq(reporter))
        .select(Request::as_select());
    Ok(row.first(&mut conn).await.optional()?)
}

/// All requests of an issue, by round.
pub async fn requests(mut conn: Conn<'_>, city: i32, issue: Uuid) -> Result<Vec<Request>> {
    use feedback_requests as f;
    let rows = f::table
        .filter(f::city_code.eq(city))
        .filter(f::issue_id.eq(issue))
        .order((f::round, f::opened_at, f::id))
        .select(Request::as_select());
    Ok(rows.load(&mut conn).await?)
}

/// Keeps an attempt.
pub async fn add_attempt(mut conn: Conn<'_>, attempt: &Attempt) -> Result<()> {
    let insert = diesel::insert_into(feedback_attempts::table).values(attempt);
    Prepared(insert).execute(&mut conn).await?;
    Ok(())
}

/// All attempts of an issue, oldest first.
pub async fn attempts(mut conn: Conn<'_>, city: i32, issue: Uuid) -> Result<Vec<Attempt>> {
    use feedback_attempts as a;
    let rows = a::table
        .filter(a::city_code.eq(city))
        .filter(a::issue_id.eq(issue))
        .order((a::round, a::at, a::id))
        .select(Attempt::as_select());
    Ok(rows.load(&mut conn).await?)
}
