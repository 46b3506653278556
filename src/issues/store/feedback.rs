//! What the reporter is asked in each round, what came back, and the attempts to reach them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Date, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::issues::PLACES;
use crate::db::schema::{feedback_attempts, feedback_requests};
use crate::db::{Conn, List, Prepared, Sight, SortKey};
use crate::error::Result;
use crate::page::Page;

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
    pub request_id: Uuid,
    pub round: i16,
    pub at: DateTime<Utc>,
    pub mode: String,
    pub reached: bool,
    pub recorded_by: Uuid,
}

/// A request as a list shows it: what became of it, and the attempts of its round.
#[derive(Debug, Clone, QueryableByName)]
#[allow(missing_docs)] // explained in `FeedbackView`
pub struct Listed {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub issue_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    pub round: i16,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Date)]
    pub window_ends_on: NaiveDate,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub answered_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub solved: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    pub satisfaction: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub cause: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub attempts: i64,
    #[diesel(sql_type = Text)]
    pub outcome: String,
}

/// Requests with the place of their issue and what became of them: an answer; or two attempts or
/// more, none of which reached anybody; or neither, so far.
const REQUESTS: &str = "(SELECT f.*, i.county_code, i.committee_id, i.sector_id, i.member_id, \
    a.attempts, CASE WHEN f.answered_at IS NOT NULL THEN 'answered' \
        WHEN a.attempts >= 2 AND NOT a.reached THEN 'not_reachable' ELSE 'pending' END AS outcome \
    FROM feedback_requests f \
    JOIN issues i ON i.city_code = f.city_code AND i.id = f.issue_id \
    CROSS JOIN LATERAL (SELECT count(*) AS attempts, coalesce(bool_or(t.reached), false) AS reached \
        FROM feedback_attempts t WHERE t.city_code = f.city_code AND t.request_id = f.id) a)";

const COLUMNS: &str = "t.id, t.issue_id, t.round, t.opened_at, t.window_ends_on, t.answered_at, \
    t.solved, t.satisfaction, t.cause, t.attempts, t.outcome";

/// What a list of requests may ask for.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)] // explained in `FeedbackFilter`
pub struct Wanted {
    pub issue_id: Option<Uuid>,
    pub ended_from: Option<NaiveDate>,
    pub ended_until: Option<NaiveDate>,
    pub outcome: Option<String>,
    pub satisfied: Option<bool>,
    pub solved: Option<bool>,
    pub satisfaction: Option<String>,
}

/// A page of the requests about issues that `sight` covers.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    wanted: Wanted,
    page: &Page,
) -> Result<(Vec<Listed>, Option<i64>)> {
    let sort = SortKey { column: "opened_at", descending: true };
    List::new(city, REQUESTS, COLUMNS, PLACES, sort)
        .filter("t.issue_id = ?", wanted.issue_id)
        .filter("t.window_ends_on >= ?", wanted.ended_from)
        .filter("t.window_ends_on < ?", wanted.ended_until)
        .filter("t.outcome = ?", wanted.outcome)
        .filter("(t.satisfaction IN ('satisfied', 'basically_satisfied')) = ?", wanted.satisfied)
        .filter("t.solved = ?", wanted.solved)
        .filter("t.satisfaction = ?", wanted.satisfaction)
        .rows(conn, sight, page)
        .await
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

/// Keeps an attempt.
pub async fn add_attempt(mut conn: Conn<'_>, attempt: &Attempt) -> Result<()> {
    let insert = diesel::insert_into(feedback_attempts::table).values(attempt);
    Prepared(insert).execute(&mut conn).await?;
    Ok(())
}

/// How often somebody tried to reach the reporter of a request.
pub async fn tries(mut conn: Conn<'_>, city: i32, request: Uuid) -> Result<i64> {
    use feedback_attempts as a;
    let tries = a::table.filter(a::city_code.eq(city)).filter(a::request_id.eq(request)).count();
    Ok(tries.get_result(&mut conn).await?)
}
