//! Rows and queries of visits.

pub mod activities;
pub mod coverage;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::rules::State;
use crate::db::schema::visits;
use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey, constraint};
use crate::error::{Code, Error, Result};
use crate::journal::Places;
use crate::page::Page;

/// The record of a visit.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = visits, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns, as the migration argues them
pub struct VisitRow {
    pub city_code: i32,
    pub id: Uuid,
    pub member_id: Uuid,
    pub recorder_id: Uuid,
    pub plan_id: Uuid,
    pub plan_item_id: Uuid,
    pub contact_id: Option<Uuid>,
    pub form: String,
    pub channel_code: String,
    pub must_visit_code: Option<String>,
    pub member_role: Option<String>,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub visited_on: NaiveDate,
    pub division_code: Option<i64>,
    pub place: Option<String>,
    pub summary: String,
    pub state: String,
    pub reason: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    pub sector_id: Option<Uuid>,
    pub committee_id: Option<Uuid>,
    pub county_code: Option<i32>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl VisitRow {
    /// Where it stands.
    pub fn places(&self) -> Places {
        Places {
            county: self.county_code,
            committee: self.committee_id,
            sector: self.sector_id,
            member: Some(self.member_id),
            departments: Vec::new(),
        }
    }

    /// Its state; the table's check knows no other words.
    pub fn state(&self) -> Result<State> {
        State::parse(&self.state).ok_or_else(|| Error::internal("a visit in an unknown state"))
    }
}

/// Which visits a list holds.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this member.
    pub member_id: Option<Uuid>,
    /// In this way.
    pub form: Option<String>,
    /// Whether it counts: recorded or confirmed.
    pub counts: Option<bool>,
    /// In this state.
    pub state: Option<String>,
    /// Against this plan.
    pub plan_id: Option<Uuid>,
    /// With this contact.
    pub contact_id: Option<Uuid>,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// Before this day.
    pub until: Option<NaiveDate>,
    /// By this channel.
    pub channel_code: Option<String>,
}

const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("member_id"),
    department: None,
};

const COLUMNS: &str = "t.city_code, t.id, t.member_id, t.recorder_id, t.plan_id, t.plan_item_id, \
    t.contact_id, t.form, t.channel_code, t.must_visit_code, t.member_role, t.started_at, \
    t.ended_at, t.visited_on, t.division_code, t.place, t.summary, t.state, t.reason, \
    t.decided_by, t.decided_at, t.sector_id, t.committee_id, t.county_code, t.version, \
    t.created_at, t.updated_at";

/// A page of visits.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    wanted: Wanted,
    page: &Page,
) -> Result<(Vec<VisitRow>, Option<i64>)> {
    List::new(city, "visits", COLUMNS, PLACES, SortKey::created(None))
        .filter("t.member_id = ?", wanted.member_id)
        .filter("t.form = ?", wanted.form)
        .filter("(t.state IN ('recorded', 'confirmed')) = ?", wanted.counts)
        .filter("t.state = ?", wanted.state)
        .filter("t.plan_id = ?", wanted.plan_id)
        .filter("t.contact_id = ?", wanted.contact_id)
        .filter("t.visited_on >= ?", wanted.from)
        .filter("t.visited_on < ?", wanted.until)
        .filter("t.channel_code = ?", wanted.channel_code)
        .rows(conn, sight, page)
        .await
}

/// The visit `id`, if it is there.
pub async fn find(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<VisitRow>> {
    let query = visits::table.find((city, id)).select(VisitRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// The visit `id`, locked.
pub async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<VisitRow> {
    let query = visits::table.find((city, id)).select(VisitRow::as_select()).for_update();
    Ok(query.first(&mut conn).await?)
}

/// Stores a new visit.
pub async fn insert(mut conn: Conn<'_>, row: &VisitRow) -> Result<()> {
    let inserted = diesel::insert_into(visits::table).values(row).execute(&mut conn).await;
    inserted.map_err(|error| match constraint(&error) {
        Some("visits_pkey") => Error::new(Code::Duplicate),
        _ => error.into(),
    })?;
    Ok(())
}

/// Stores a decision.
pub async fn update(mut conn: Conn<'_>, row: &VisitRow) -> Result<()> {
    let statement = diesel::update(visits::table.find((row.city_code, row.id))).set((
        visits::state.eq(&row.state),
        visits::reason.eq(&row.reason),
        visits::decided_by.eq(row.decided_by),
        visits::decided_at.eq(row.decided_at),
        visits::version.eq(row.version),
        visits::updated_at.eq(row.updated_at),
    ));
    Prepared(statement).execute(&mut conn).await?;
    Ok(())
}
