//! Rule sets with their categories and rules.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{rule_categories, rule_sets, rules};
use crate::db::{
    Bind, Conn, List, PlaceColumns, Prepared, Sight, SortKey, constraint, list::bind_all, sql,
};
use crate::error::{Code, Error, Result};
use crate::page::Page;

/// A rule set without what it holds.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rule_sets)]
pub struct SetRow {
    pub city_code: i32,
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub state: String,
    pub during: (Bound<NaiveDate>, Bound<NaiveDate>),
    pub published_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

impl SetRow {
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

/// A rule set in a list.
#[derive(Debug, QueryableByName)]
pub struct ListedSet {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub description: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Date)]
    pub from_day: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    pub until_day: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub published_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// A category of a rule set.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rule_categories)]
pub struct CategoryRow {
    pub city_code: i32,
    pub rule_set_id: Uuid,
    pub code: String,
    pub label_zh: String,
    pub label_en: String,
    pub cap: Option<i64>,
    pub position: i16,
}

/// A rule of a rule set.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rules)]
pub struct RuleRow {
    pub city_code: i32,
    pub rule_set_id: Uuid,
    pub code: String,
    pub category: String,
    pub event_kind: String,
    pub label_zh: String,
    pub label_en: String,
    pub points: i64,
    pub cap: Option<i64>,
    pub position: i16,
}

/// A rule set with all it holds.
#[derive(Debug, Clone)]
pub struct Whole {
    pub set: SetRow,
    pub categories: Vec<CategoryRow>,
    pub rules: Vec<RuleRow>,
}

/// A rule that gives points, as far as posting looks at it.
#[derive(Debug, QueryableByName)]
pub struct GivingRule {
    #[diesel(sql_type = SqlUuid)]
    pub rule_set_id: Uuid,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = BigInt)]
    pub points: i64,
}

/// Rules of the set published for `day` that `kind` fulfils.
pub async fn in_force(
    mut conn: Conn<'_>,
    city: i32,
    day: NaiveDate,
    kind: &str,
) -> Result<Vec<GivingRule>> {
    const TEXT: &str = "SELECT r.rule_set_id, r.code, r.points FROM rule_sets s \
        JOIN rules r ON r.city_code = s.city_code AND r.rule_set_id = s.id \
        WHERE s.city_code = $1 AND s.state = 'published' AND s.during @> $2 AND r.event_kind = $3 \
        ORDER BY r.position";
    let binds = vec![Bind::Int(city), Bind::Day(day), Bind::Text(kind.to_owned())];
    Ok(bind_all(sql(TEXT), binds).load(&mut conn).await?)
}

/// The set with its categories and rules in their order.
pub async fn find(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Whole>> {
    let set: Option<SetRow> = rule_sets::table
        .find((city, id))
        .select(SetRow::as_select())
        .first(&mut conn)
        .await
        .optional()?;
    let Some(set) = set else { return Ok(None) };
    let categories = rule_categories::table
        .filter(rule_categories::city_code.eq(city).and(rule_categories::rule_set_id.eq(id)))
        .order(rule_categories::position)
        .select(CategoryRow::as_select())
        .load(&mut conn)
        .await?;
    let rules = rules::table
        .filter(rules::city_code.eq(city).and(rules::rule_set_id.eq(id)))
        .order(rules::position)
        .select(RuleRow::as_select())
        .load(&mut conn)
        .await?;
    Ok(Some(Whole { set, categories, rules }))
}

/// Locks the set until the end of the transaction.
pub async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<SetRow> {
    let row = rule_sets::table.find((city, id)).select(SetRow::as_select()).for_update();
    Ok(row.first(&mut conn).await?)
}

/// Locks the set published for `day`, where there is one.
pub async fn lock_in_force(
    mut conn: Conn<'_>,
    city: i32,
    day: NaiveDate,
) -> Result<Option<SetRow>> {
    let query = rule_sets::table
        .filter(rule_sets::city_code.eq(city))
        .filter(rule_sets::state.eq("published"))
        .filter(rule_sets::during.contains(day))
        .select(SetRow::as_select())
        .for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Keeps a new set; 409 where its id is taken.
pub async fn insert(mut conn: Conn<'_>, whole: &Whole) -> Result<()> {
    diesel::insert_into(rule_sets::table).values(&whole.set).execute(&mut conn).await.map_err(
        |error| match constraint(&error) {
            Some("rule_sets_pkey") => Error::new(Code::Duplicate),
            _ => error.into(),
        },
    )?;
    diesel::insert_into(rule_categories::table)
        .values(&whole.categories)
        .execute(&mut conn)
        .await?;
    diesel::insert_into(rules::table).values(&whole.rules).execute(&mut conn).await?;
    Ok(())
}

/// Stores that it is published, or when it ends; 409 where another set is published for some of the
/// same days.
pub async fn update(mut conn: Conn<'_>, set: &SetRow) -> Result<()> {
    let update = diesel::update(rule_sets::table.find((set.city_code, set.id))).set((
        rule_sets::state.eq(&set.state),
        rule_sets::during.eq(set.during),
        rule_sets::published_at.eq(set.published_at),
        rule_sets::version.eq(set.version),
    ));
    Prepared(update).execute(&mut conn).await.map_err(|error| match constraint(&error) {
        Some("rule_sets_one_published_at_a_time") => Error::say(
            Code::Overlap,
            "这段时间已有发布的规则",
            "another rule set is published for some of these days",
        ),
        _ => error.into(),
    })?;
    Ok(())
}

/// A page of the city's sets, newest first.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    state: Option<String>,
    page: &Page,
) -> Result<(Vec<ListedSet>, Option<i64>)> {
    const COLUMNS: &str = "t.id, t.name, t.description, t.state, lower(t.during) AS from_day, \
        upper(t.during) AS until_day, t.published_at, t.version, t.created_at";
    List::new(city, "rule_sets", COLUMNS, PlaceColumns::default(), SortKey::created(None))
        .filter("t.state = ?", state)
        .rows(conn, sight, page)
        .await
}
