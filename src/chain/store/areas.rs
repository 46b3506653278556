//! Responsibility areas.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::external_ids::{NAMED, ids_column};
use super::{Days, days, first, load};
use crate::chain::geometry::Geometry;
use crate::chain::rules::Term;
use crate::db::schema::areas;
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey, search};
use crate::error::Result;
use crate::journal::Places;
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
    /// What it looks like on a map.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub geometry: Option<Geometry>,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// What other systems call it: `scheme:value`.
    #[diesel(sql_type = Array<Text>)]
    pub external_ids: Vec<String>,
}

impl AreaRow {
    /// Where the area stands.
    pub fn places(&self) -> Places {
        let (county, sector, member) = (self.county_code, self.sector_id, self.member_id);
        Places { county, sector, member, ..Places::default() }
    }

    /// Since when it stands, and until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }
}

const COLUMNS: &str = concat!(
    "t.id, t.name, t.division_code, t.county_code, t.holder_kind, t.sector_id, \
    t.member_id, t.geometry, lower(t.during) AS from_on, upper(t.during) AS until_on, t.voided_at, t.version, \
    t.created_at, ",
    ids_column!()
);

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
    /// Whose name has this part.
    pub q: Option<String>,
    /// Called so elsewhere: `scheme:value`.
    pub external: Option<String>,
}

impl AreasWanted {
    /// All of a day.
    pub fn on(on: NaiveDate) -> Self {
        Self { on, sector: None, member: None, division: None, q: None, external: None }
    }
}

/// The area of that id; not a voided one.
pub async fn area(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<AreaRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM areas t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// [`area`], locked until the end of the transaction.
pub async fn lock_area(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<AreaRow>> {
    Ok(lock_areas(conn, city, vec![id]).await?.pop())
}

/// [`lock_area`] of several, by id.
pub async fn lock_areas(conn: Conn<'_>, city: i32, ids: Vec<Uuid>) -> Result<Vec<AreaRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM areas t WHERE t.city_code = $1 AND t.id = ANY($2) \
         AND t.voided_at IS NULL ORDER BY t.id FOR UPDATE"
    );
    load(conn, &text, vec![city.into(), ids.into()]).await
}

/// The areas that a sector or a member answers for after `day`, locked in the order of their ids.
pub async fn lock_areas_of(
    conn: Conn<'_>,
    city: i32,
    holder: Uuid,
    day: NaiveDate,
) -> Result<Vec<AreaRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM areas t WHERE t.city_code = $1 AND coalesce(t.sector_id, t.member_id) = $2 \
         AND t.voided_at IS NULL AND (upper(t.during) IS NULL OR upper(t.during) > $3) \
         ORDER BY t.id FOR UPDATE"
    );
    load(conn, &text, vec![city.into(), holder.into(), Bind::Day(day)]).await
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
        .filter(NAMED, wanted.external)
        .filter("t.during @> ?", Some(wanted.on))
        .filter(&search::found_in("areas"), wanted.q.map(|q| search::query(city, &q)))
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
    pub(in crate::chain) geometry: Option<Geometry>,
    pub(in crate::chain) during: Days,
    pub(in crate::chain) version: i64,
    pub(in crate::chain) created_at: DateTime<Utc>,
}

/// Adds an area.
pub async fn insert_area(mut conn: Conn<'_>, row: NewAreaRow) -> QueryResult<()> {
    let search = areas::search.eq(search::keys(row.city_code, &row.name));
    let insert = diesel::insert_into(areas::table).values((row, search));
    insert.execute(&mut conn).await.map(drop)
}

/// Writes what of the row may change, as its next version.
pub async fn update_area(mut conn: Conn<'_>, city: i32, row: &AreaRow) -> Result<()> {
    let update = diesel::update(areas::table.find((city, row.id))).set((
        areas::name.eq(row.name.clone()),
        areas::search.eq(search::keys(city, &row.name)),
        areas::geometry.eq(row.geometry.clone()),
        areas::during.eq(days(row.from_on, row.until_on)),
        areas::voided_at.eq(row.voided_at),
        areas::version.eq(row.version),
    ));
    crate::db::Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// A sector's area, as everybody may read it.
#[derive(Debug, Clone, QueryableByName)]
pub struct PublicAreaRow {
    /// The area.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it covers.
    #[diesel(sql_type = BigInt)]
    pub division_code: i64,
    /// What that is called.
    #[diesel(sql_type = Text)]
    pub division_name: String,
    /// The sector that answers for it.
    #[diesel(sql_type = Text)]
    pub sector: String,
    /// What it looks like on a map.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub geometry: Option<Geometry>,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// A page of the areas that sectors answer for on `on`; nobody is named.
pub async fn public_areas(
    conn: Conn<'_>,
    city: i32,
    division: Option<i64>,
    on: NaiveDate,
    page: &Page,
) -> Result<(Vec<PublicAreaRow>, Option<i64>)> {
    let columns = "t.id, t.name, t.division_code, \
        (SELECT d.name FROM divisions d WHERE d.code = t.division_code) AS division_name, \
        (SELECT o.name FROM organizations o WHERE o.city_code = t.city_code \
         AND o.id = t.sector_id) AS sector, \
        t.geometry, lower(t.during) AS from_on, upper(t.during) AS until_on, t.created_at";
    List::new(city, "areas", columns, PLACES, SortKey::created(Some("created_at")))
        .filter("t.division_code = ?", division)
        .filter("t.during @> ?", Some(on))
        .only("t.voided_at IS NULL AND t.holder_kind = 'sector'")
        .rows(conn, &Sight::city(), page)
        .await
}
