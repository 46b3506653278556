//! Rows and queries of activities and of who was there.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::list::bind_all;
use crate::db::schema::{activities, activity_members};
use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey, constraint, sql};
use crate::error::{Code, Error, Result};
use crate::journal::Places;
use crate::page::Page;
use crate::records::rules::activities::State;

/// The record of an activity.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = activities, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns, as the migration argues them
pub struct ActivityRow {
    pub city_code: i32,
    pub id: Uuid,
    pub kind: String,
    pub title: String,
    pub committee_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub county_code: Option<i32>,
    pub held_on: NaiveDate,
    pub summary: Option<String>,
    pub audience: Option<i32>,
    pub recorder_id: Uuid,
    pub state: String,
    pub void_reason: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActivityRow {
    /// Where it stands; who was there sees it besides.
    pub fn places(&self) -> Places {
        Places { county: self.county_code, committee: self.committee_id, ..Places::default() }
    }

    /// Its state; the table's check knows no other words.
    pub fn state(&self) -> Result<State> {
        State::parse(&self.state).ok_or_else(|| Error::internal("an activity in an unknown state"))
    }
}

/// A row beside how many members were there.
#[derive(Debug, Clone, QueryableByName)]
pub struct Listed {
    /// The record.
    #[diesel(embed)]
    pub activity: ActivityRow,
    /// How many of its members were there.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
}

/// Which activities a list holds.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this committee.
    pub committee_id: Option<Uuid>,
    /// By this department.
    pub department_id: Option<Uuid>,
    /// At which this member was.
    pub member_id: Option<Uuid>,
    /// In this state.
    pub state: Option<String>,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// Before this day.
    pub until: Option<NaiveDate>,
}

const WAS_THERE: &str = "EXISTS (SELECT 1 FROM activity_members m WHERE m.city_code = t.city_code \
    AND m.activity_id = t.id AND m.member_id = ?)";

const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: None,
    member: Some(WAS_THERE),
    department: None,
};

const COLUMNS: &str = "t.*, (SELECT count(*) FROM activity_members m \
    WHERE m.city_code = t.city_code AND m.activity_id = t.id) AS members";

/// A page of activities.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    wanted: Wanted,
    page: &Page,
) -> Result<(Vec<Listed>, Option<i64>)> {
    List::new(city, "activities", COLUMNS, PLACES, SortKey::created(None))
        .filter("t.kind = ?", wanted.kind)
        .filter("t.committee_id = ?", wanted.committee_id)
        .filter("t.department_id = ?", wanted.department_id)
        .filter(WAS_THERE, wanted.member_id)
        .filter("t.state = ?", wanted.state)
        .filter("t.held_on >= ?", wanted.from)
        .filter("t.held_on < ?", wanted.until)
        .rows(conn, sight, page)
        .await
}

/// The activity `id`, if it is there.
pub async fn find(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<ActivityRow>> {
    let query = activities::table.find((city, id)).select(ActivityRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// The activity `id`, locked.
pub async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<ActivityRow> {
    let query = activities::table.find((city, id)).select(ActivityRow::as_select()).for_update();
    Ok(query.first(&mut conn).await?)
}

/// The members who were there, by id.
pub async fn members(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Vec<Uuid>> {
    let own = activity_members::city_code.eq(city).and(activity_members::activity_id.eq(id));
    let query = activity_members::table.filter(own).select(activity_members::member_id);
    Ok(query.order(activity_members::member_id).load(&mut conn).await?)
}

/// Stores a new activity and who was there.
pub async fn insert(mut conn: Conn<'_>, row: &ActivityRow, members: Vec<Uuid>) -> Result<()> {
    let inserted = diesel::insert_into(activities::table).values(row).execute(&mut conn).await;
    inserted.map_err(|error| match constraint(&error) {
        Some("activities_pkey") => Error::new(Code::Duplicate),
        _ => error.into(),
    })?;
    if !members.is_empty() {
        let text = "INSERT INTO activity_members (city_code, activity_id, member_id) \
            SELECT $1, $2, m.id FROM unnest($3::uuid[]) AS m (id)";
        let binds = vec![row.city_code.into(), row.id.into(), members.into()];
        bind_all(sql(text), binds).execute(&mut conn).await?;
    }
    Ok(())
}

/// Stores that a record is void.
pub async fn update(mut conn: Conn<'_>, row: &ActivityRow) -> Result<()> {
    let statement = diesel::update(activities::table.find((row.city_code, row.id))).set((
        activities::state.eq(&row.state),
        activities::void_reason.eq(&row.void_reason),
        activities::version.eq(row.version),
        activities::updated_at.eq(row.updated_at),
    ));
    Prepared(statement).execute(&mut conn).await?;
    Ok(())
}
