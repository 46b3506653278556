//! Schemes and their codes.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{scheme_items, schemes};
use crate::db::{Conn, List, PlaceColumns, Sight, SortKey, constraint};
use crate::error::{Code, Error, Result};
use crate::page::Page;

/// A scheme without its items.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = schemes, check_for_backend(diesel::pg::Pg))]
pub struct SchemeRow {
    /// The tenant.
    pub city_code: i32,
    /// Which.
    pub id: Uuid,
    /// `1158`.
    pub kind: String,
    /// As the city calls it.
    pub name: String,
    /// What it is and where it comes from.
    pub description: String,
    /// `draft` or `published`.
    pub state: String,
    /// In force from, until (exclusive).
    pub during: (Bound<NaiveDate>, Bound<NaiveDate>),
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i64,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// The day of a period's first month after which a plan is late, 1 to 31.
    pub plan_due_day: i16,
}

impl SchemeRow {
    /// The first day it is in force.
    pub fn from(&self) -> Option<NaiveDate> {
        match self.during.0 {
            Bound::Included(day) | Bound::Excluded(day) => Some(day),
            Bound::Unbounded => None,
        }
    }

    /// The first day it is no longer in force.
    pub fn until(&self) -> Option<NaiveDate> {
        match self.during.1 {
            Bound::Included(day) | Bound::Excluded(day) => Some(day),
            Bound::Unbounded => None,
        }
    }
}

/// A channel or a must-visit.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = scheme_items, check_for_backend(diesel::pg::Pg))]
pub struct SchemeItemRow {
    /// The tenant.
    pub city_code: i32,
    /// Of which scheme.
    pub scheme_id: Uuid,
    /// `channel` or `must_visit`.
    pub kind: String,
    /// The code plans and visits use.
    pub code: String,
    /// Chinese.
    pub label_zh: String,
    /// English.
    pub label_en: String,
    /// Order within its kind.
    pub position: i16,
}

/// The codes of one scheme, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codes {
    /// 五渠道.
    pub channels: Vec<String>,
    /// 八必访.
    pub must_visits: Vec<String>,
}

const COLUMNS: &str = "t.city_code, t.id, t.kind, t.name, t.description, t.state, t.during, \
    t.published_at, t.version, t.created_at, t.plan_due_day";

/// The day of the month by which plans under a scheme are handed in.
pub async fn due_day(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<u8> {
    let day: i16 =
        schemes::table.find((city, id)).select(schemes::plan_due_day).first(&mut conn).await?;
    u8::try_from(day).map_err(Error::internal)
}

/// A page of schemes; they are catalogue, so everyone of the city sees them.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    state: Option<&str>,
    page: &Page,
) -> Result<(Vec<SchemeRow>, Option<i64>)> {
    List::new(city, "schemes", COLUMNS, PlaceColumns::default(), SortKey::created(None))
        .filter("t.state = ?", state.map(str::to_owned))
        .rows(conn, sight, page)
        .await
}

/// The scheme `id`.
pub async fn get(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<SchemeRow> {
    let query = schemes::table.find((city, id)).select(SchemeRow::as_select());
    Ok(query.first(&mut conn).await?)
}

/// The scheme `id`, locked.
pub async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<SchemeRow> {
    let query = schemes::table.find((city, id)).select(SchemeRow::as_select()).for_update();
    Ok(query.first(&mut conn).await?)
}

/// The published 1158 scheme in force on `day`.
pub async fn in_force(mut conn: Conn<'_>, city: i32, day: NaiveDate) -> Result<Option<SchemeRow>> {
    let query = schemes::table
        .filter(schemes::city_code.eq(city))
        .filter(schemes::kind.eq("1158"))
        .filter(schemes::state.eq("published"))
        .filter(schemes::during.contains(day))
        .select(SchemeRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// [`in_force`], locked.
pub async fn lock_in_force(
    mut conn: Conn<'_>,
    city: i32,
    day: NaiveDate,
) -> Result<Option<SchemeRow>> {
    let query = schemes::table
        .filter(schemes::city_code.eq(city))
        .filter(schemes::kind.eq("1158"))
        .filter(schemes::state.eq("published"))
        .filter(schemes::during.contains(day))
        .select(SchemeRow::as_select())
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Its channels and must-visits, in order.
pub async fn items(mut conn: Conn<'_>, city: i32, scheme_id: Uuid) -> Result<Vec<SchemeItemRow>> {
    let query = scheme_items::table
        .filter(scheme_items::city_code.eq(city))
        .filter(scheme_items::scheme_id.eq(scheme_id))
        .order((scheme_items::kind, scheme_items::position))
        .select(SchemeItemRow::as_select());
    Ok(query.load(&mut conn).await?)
}

/// Its codes, in order.
pub async fn codes(conn: Conn<'_>, city: i32, scheme_id: Uuid) -> Result<Codes> {
    let (channels, must_visits): (Vec<_>, Vec<_>) =
        items(conn, city, scheme_id).await?.into_iter().partition(|item| item.kind == "channel");
    let codes = |rows: Vec<SchemeItemRow>| rows.into_iter().map(|row| row.code).collect();
    Ok(Codes { channels: codes(channels), must_visits: codes(must_visits) })
}

/// Stores a draft with its items.
pub async fn insert(mut conn: Conn<'_>, row: &SchemeRow, items: &[SchemeItemRow]) -> Result<()> {
    let inserted = diesel::insert_into(schemes::table).values(row).execute(&mut conn).await;
    inserted.map_err(|error| match constraint(&error) {
        Some("schemes_pkey") => Error::new(Code::Duplicate),
        _ => error.into(),
    })?;
    diesel::insert_into(scheme_items::table).values(items).execute(&mut conn).await?;
    Ok(())
}

/// Stores that it is published, or when it ends; 409 where another is in force in the same days.
pub async fn update(mut conn: Conn<'_>, row: &SchemeRow) -> Result<()> {
    let updated = diesel::update(schemes::table.find((row.city_code, row.id)))
        .set((
            schemes::state.eq(&row.state),
            schemes::during.eq(row.during),
            schemes::published_at.eq(row.published_at),
            schemes::version.eq(row.version),
        ))
        .execute(&mut conn)
        .await;
    updated.map_err(|error| match constraint(&error) {
        Some("schemes_one_published_at_a_time") => Error::say(
            Code::Overlap,
            "这些日期内已有已发布的1158方案",
            "another published 1158 scheme is in force within these dates",
        ),
        _ => error.into(),
    })?;
    Ok(())
}
