//! Plans and their items.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{plan_items, plans};
use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey, constraint};
use crate::error::{Code, Error, Result};
use crate::journal::Places;
use crate::page::Page;
use crate::plans::rules::{PeriodKind, State, period_end};
use crate::workdays;

/// A plan without its items.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = plans, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns, as the migration argues them
pub struct PlanRow {
    pub city_code: i32,
    pub id: Uuid,
    pub owner_kind: String,
    pub owner_id: Uuid,
    pub period_kind: String,
    pub period_start: NaiveDate,
    pub scheme_id: Uuid,
    pub state: String,
    pub late: bool,
    pub note: Option<String>,
    pub send_back_reason: Option<String>,
    pub member_id: Option<Uuid>,
    pub sector_id: Option<Uuid>,
    pub committee_id: Option<Uuid>,
    pub county_code: Option<i32>,
    pub recorder_id: Uuid,
    pub submitted_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Uuid>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl PlanRow {
    /// Where it stands.
    pub fn places(&self) -> Places {
        Places {
            county: self.county_code,
            committee: self.committee_id,
            sector: self.sector_id,
            member: self.member_id,
            departments: Vec::new(),
        }
    }

    /// Month or year.
    pub fn period(&self) -> PeriodKind {
        if self.period_kind == "year" { PeriodKind::Year } else { PeriodKind::Month }
    }

    /// The first date after its period.
    pub fn period_end(&self) -> NaiveDate {
        period_end(self.period(), self.period_start)
    }

    /// Whether its period is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.period_end() <= workdays::local_date(now)
    }

    /// Its state; the table's check knows no other words.
    pub fn state(&self) -> Result<State> {
        State::parse(&self.state).ok_or_else(|| Error::internal("a plan in an unknown state"))
    }
}

/// One thing that is planned.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_items, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns, as the migration argues them
pub struct ItemRow {
    pub city_code: i32,
    pub id: Uuid,
    pub plan_id: Uuid,
    pub position: i16,
    pub channel_code: String,
    pub must_visit_code: Option<String>,
    pub contact_id: Option<Uuid>,
    pub planned_on: Option<NaiveDate>,
    pub subject: String,
}

/// Which plans a list holds.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of which kind of owner.
    pub owner_kind: Option<String>,
    /// Of which owner.
    pub owner_id: Option<Uuid>,
    /// Of which period.
    pub period_start: Option<NaiveDate>,
    /// In which state.
    pub state: Option<String>,
}

const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("member_id"),
    department: None,
};

const COLUMNS: &str = "t.city_code, t.id, t.owner_kind, t.owner_id, t.period_kind, \
    t.period_start, t.scheme_id, t.state, t.late, t.note, t.send_back_reason, t.member_id, \
    t.sector_id, t.committee_id, t.county_code, t.recorder_id, t.submitted_at, t.decided_at, \
    t.decided_by, t.version, t.created_at, t.updated_at";

/// A page of plans.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    wanted: Wanted,
    page: &Page,
) -> Result<(Vec<PlanRow>, Option<i64>)> {
    List::new(city, "plans", COLUMNS, PLACES, SortKey::created(None))
        .filter("t.owner_kind = ?", wanted.owner_kind)
        .filter("t.owner_id = ?", wanted.owner_id)
        .filter("t.period_start = ?", wanted.period_start)
        .filter("t.state = ?", wanted.state)
        .rows(conn, sight, page)
        .await
}

/// The plan `id`.
pub async fn get(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<PlanRow> {
    let query = plans::table.find((city, id)).select(PlanRow::as_select());
    Ok(query.first(&mut conn).await?)
}

/// The plan `id`, locked.
pub async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<PlanRow> {
    let query = plans::table.find((city, id)).select(PlanRow::as_select()).for_update();
    Ok(query.first(&mut conn).await?)
}

/// The items of a plan, in order.
pub async fn items(mut conn: Conn<'_>, city: i32, plan_id: Uuid) -> Result<Vec<ItemRow>> {
    let query = plan_items::table
        .filter(plan_items::city_code.eq(city))
        .filter(plan_items::plan_id.eq(plan_id))
        .order(plan_items::position)
        .select(ItemRow::as_select());
    Ok(query.load(&mut conn).await?)
}

/// An item with its plan.
pub async fn find_item(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
) -> Result<Option<(ItemRow, PlanRow)>> {
    let same_city = plan_items::city_code.eq(plans::city_code);
    let query = plan_items::table
        .inner_join(plans::table.on(same_city.and(plan_items::plan_id.eq(plans::id))))
        .filter(plan_items::city_code.eq(city))
        .filter(plan_items::id.eq(id))
        .select((ItemRow::as_select(), PlanRow::as_select()));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Stores a new plan; 409 where its owner has one for the period.
pub async fn insert(mut conn: Conn<'_>, row: &PlanRow) -> Result<()> {
    let inserted = diesel::insert_into(plans::table).values(row).execute(&mut conn).await;
    inserted.map_err(|error| match constraint(&error) {
        Some("plans_one_a_period") => {
            Error::say(Code::Duplicate, "该周期已有计划", "there is a plan for this period already")
        }
        Some("plans_pkey") => Error::new(Code::Duplicate),
        _ => error.into(),
    })?;
    Ok(())
}

/// Stores what may change of a plan.
pub async fn update(mut conn: Conn<'_>, row: &PlanRow) -> Result<()> {
    let statement = diesel::update(plans::table.find((row.city_code, row.id))).set((
        plans::state.eq(&row.state),
        plans::late.eq(row.late),
        plans::note.eq(&row.note),
        plans::send_back_reason.eq(&row.send_back_reason),
        plans::submitted_at.eq(row.submitted_at),
        plans::decided_at.eq(row.decided_at),
        plans::decided_by.eq(row.decided_by),
        plans::version.eq(row.version),
        plans::updated_at.eq(row.updated_at),
    ));
    Prepared(statement).execute(&mut conn).await?;
    Ok(())
}

/// Puts `items` in place of those the plan has. Only for plans that were never approved: nothing
/// points at their items.
pub async fn replace_items(
    mut conn: Conn<'_>,
    city: i32,
    plan_id: Uuid,
    items: &[ItemRow],
) -> Result<()> {
    let old = plan_items::table
        .filter(plan_items::city_code.eq(city))
        .filter(plan_items::plan_id.eq(plan_id));
    diesel::delete(old).execute(&mut conn).await?;
    insert_items(conn, items).await
}

/// Stores the items of a new plan.
pub async fn insert_items(mut conn: Conn<'_>, items: &[ItemRow]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let inserted = diesel::insert_into(plan_items::table).values(items).execute(&mut conn).await;
    inserted.map_err(|error| match constraint(&error) {
        Some("plan_items_pkey") => {
            Error::say(Code::Duplicate, "计划项编号已被使用", "the id of an item is taken")
        }
        _ => error.into(),
    })?;
    Ok(())
}
