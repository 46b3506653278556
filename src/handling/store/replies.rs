//! Replies of departments in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::db::schema::replies;
use crate::error::{Error, Result};
use crate::handling::rules::{Draft, ResultClass};

/// A row of `replies`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = replies, check_for_backend(diesel::pg::Pg))]
pub(in crate::handling) struct ReplyRow {
    pub(in crate::handling) city_code: i32,
    pub(in crate::handling) id: Uuid,
    pub(in crate::handling) assignment_id: Uuid,
    pub(in crate::handling) state: String,
    pub(in crate::handling) result_class: String,
    pub(in crate::handling) body: String,
    pub(in crate::handling) contact_mode: String,
    pub(in crate::handling) promised_on: Option<NaiveDate>,
    pub(in crate::handling) reason: Option<String>,
    pub(in crate::handling) drafted_by: Uuid,
    pub(in crate::handling) drafted_at: DateTime<Utc>,
    pub(in crate::handling) signed_by: Option<Uuid>,
    pub(in crate::handling) signed_at: Option<DateTime<Utc>>,
    pub(in crate::handling) review_note: Option<String>,
    pub(in crate::handling) reviewed_by: Option<Uuid>,
    pub(in crate::handling) reviewed_at: Option<DateTime<Utc>>,
}

impl ReplyRow {
    /// What came of it.
    pub(in crate::handling) fn class(&self) -> Result<ResultClass> {
        ResultClass::parse(&self.result_class)
            .ok_or_else(|| Error::internal("a result class that is none"))
    }

    /// As far as the rules look at it.
    pub(in crate::handling) fn draft(&self) -> Result<Draft<'_>> {
        let (promised_on, reason) = (self.promised_on, self.reason.as_deref());
        Ok(Draft { result_class: self.class()?, promised_on, reason })
    }
}

/// Every reply of a work order, by age.
pub(in crate::handling) async fn list(
    mut conn: Conn<'_>,
    city: i32,
    assignment: Uuid,
) -> Result<Vec<ReplyRow>> {
    Ok(replies::table
        .filter(replies::city_code.eq(city))
        .filter(replies::assignment_id.eq(assignment))
        .order((replies::drafted_at, replies::id))
        .select(ReplyRow::as_select())
        .load(&mut conn)
        .await?)
}

/// The one reply of a work order in a state: `draft`, or `signed` and waiting for its review.
pub(in crate::handling) async fn find(
    mut conn: Conn<'_>,
    city: i32,
    assignment: Uuid,
    state: &str,
) -> Result<Option<ReplyRow>> {
    Ok(replies::table
        .filter(replies::city_code.eq(city))
        .filter(replies::assignment_id.eq(assignment))
        .filter(replies::state.eq(state))
        .order(replies::drafted_at.desc())
        .select(ReplyRow::as_select())
        .first(&mut conn)
        .await
        .optional()?)
}

/// Adds a draft, or replaces the words of the one that stands.
pub(in crate::handling) async fn put_draft(mut conn: Conn<'_>, row: ReplyRow) -> Result<()> {
    let standing = find(conn, row.city_code, row.assignment_id, "draft").await?;
    let Some(standing) = standing else {
        diesel::insert_into(replies::table).values(row).execute(&mut conn).await?;
        return Ok(());
    };
    diesel::update(replies::table.find((row.city_code, standing.id)))
        .set((
            replies::result_class.eq(row.result_class),
            replies::body.eq(row.body),
            replies::contact_mode.eq(row.contact_mode),
            replies::promised_on.eq(row.promised_on),
            replies::reason.eq(row.reason),
            replies::drafted_by.eq(row.drafted_by),
            replies::drafted_at.eq(row.drafted_at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The head signs a draft.
pub(in crate::handling) async fn sign(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    diesel::update(replies::table.find((city, id)))
        .set((replies::state.eq("signed"), replies::signed_by.eq(by), replies::signed_at.eq(at)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What the review of a signed reply said.
pub(in crate::handling) struct Review<'a> {
    pub(in crate::handling) state: &'static str,
    pub(in crate::handling) note: Option<&'a str>,
    pub(in crate::handling) by: Option<Uuid>,
    pub(in crate::handling) at: DateTime<Utc>,
}

/// Stores the review of the signed reply of a work order.
pub(in crate::handling) async fn review(
    mut conn: Conn<'_>,
    city: i32,
    assignment: Uuid,
    review: &Review<'_>,
) -> Result<()> {
    let signed = replies::table
        .filter(replies::city_code.eq(city))
        .filter(replies::assignment_id.eq(assignment))
        .filter(replies::state.eq("signed"));
    diesel::update(signed)
        .set((
            replies::state.eq(review.state),
            replies::review_note.eq(review.note),
            replies::reviewed_by.eq(review.by),
            replies::reviewed_at.eq(review.at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}
