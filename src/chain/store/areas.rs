//! Responsibility areas.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Days, first, load};
use crate::db::schema::areas;
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey};
use crate::error::Result;
use crate::page::Page;

/// A responsibility area.
#[derive(Debug, Clone, QueryableByName)]
pub struct AreaRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it covers.
    #[diesel(sql_type = BigInt)]
    pub division_code: i64,
    /// The county it lies in; none for the whole city.
    #[diesel(sql_type = Nullable<Integer>)]
    pub county_code: Option<i32>,
    /// sector, member or chair_member
    #[diesel(sql_type = Text)]
    pub holder_kind: String,
    /// The sector that answers for it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub sector_id: Option<Uuid>,
    /// The member who answers for it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub member_id: Option<Uuid>,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "t.id, t.name, t.division_code, t.county_code, t.holder_kind, t.sector_id, \
    t.member_id, lower(t.during) AS from_on, upper(t.during) AS until_on, t.version, t.created_at";

const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: None,
    sector: Some("sector_id"),
    member: Some("member_id"),
    department: None,
};

/// Which areas a list holds.
#[derive(Debug, Clone)]
pub struct AreasWanted {
    /// Areas on this day.
    pub on: NaiveDate,
    /// Held by this sector.
    pub sector: Option<Uuid>,
    /// Held by this member.
    pub member: Option<Uuid>,
    /// Of exactly this division.
    pub division: Option<i64>,
}

/// The area of that id; not a voided one.
pub async fn area(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<AreaRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM areas t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// The areas a member holds on `on`.
pub async fn areas_of_member(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Vec<AreaRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM areas t WHERE t.city_code = $1 AND t.member_id = $2 \
         AND t.voided_at IS NULL AND t.during @> $3 ORDER BY t.id"
    );
    load(conn, &text, vec![city.into(), member.into(), Bind::Day(on)]).await
}

/// A page of areas in the order they were entered.
pub async fn areas(
    conn: Conn<'_>,
    city: i32,
    wanted: AreasWanted,
    sight: &Sight,
    page: &Page,
) -> Result<(Vec<AreaRow>, Option<i64>)> {
    List::new(city, "areas", COLUMNS, PLACES, SortKey::created(Some("created_at")))
        .filter("t.sector_id = ?", wanted.sector)
        .filter("t.member_id = ?", wanted.member)
        .filter("t.division_code = ?", wanted.division)
        .filter("t.during @> ?", Some(wanted.on))
        .only("t.voided_at IS NULL")
        .rows(conn, sight, page)
        .await
}

/// An area to enter.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = areas)]
pub struct NewAreaRow {
    pub(in crate::chain) city_code: i32,
    pub(in crate::chain) id: Uuid,
    pub(in crate::chain) name: String,
    pub(in crate::chain) division_code: i64,
    pub(in crate::chain) county_code: Option<i32>,
    pub(in crate::chain) holder_kind: String,
    pub(in crate::chain) sector_id: Option<Uuid>,
    pub(in crate::chain) member_id: Option<Uuid>,
    pub(in crate::chain) during: Days,
    pub(in crate::chain) version: i64,
    pub(in crate::chain) created_at: DateTime<Utc>,
}

/// Adds an area.
pub async fn insert_area(mut conn: Conn<'_>, row: NewAreaRow) -> QueryResult<()> {
    diesel::insert_into(areas::table).values(row).execute(&mut conn).await.map(drop)
}
