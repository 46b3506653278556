//! How far plans of a month are carried out, counted from visits. A visit counts while it is
//! recorded or confirmed, not when it was sent back or voided.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey};
use crate::error::Result;
use crate::page::Page;
use crate::plans::rules::{self, State};

/// Which month of whom.
#[derive(Debug, Clone, Copy)]
pub struct Month {
    /// The first day.
    pub start: NaiveDate,
    /// The first day of the next.
    pub end: NaiveDate,
    /// Items planned before this day without a visit are overdue; where no day was planned, the last
    /// of the month counts.
    pub today: NaiveDate,
}

/// A member or a sector that a row is about.
#[derive(Debug, Clone, QueryableByName)]
pub struct Subject {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// For the cursor.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// The sector, where there is one.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub sector_id: Option<Uuid>,
}

/// What was counted for one of them.
#[derive(Debug, Clone, QueryableByName)]
pub struct Counts {
    /// Member or sector.
    #[diesel(sql_type = SqlUuid)]
    pub subject_id: Uuid,
    /// Members in the month.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
    /// Those of them who handed in no plan.
    #[diesel(sql_type = BigInt)]
    pub members_without_plan: i64,
    /// Those of them without any visit.
    #[diesel(sql_type = BigInt)]
    pub members_without_visit: i64,
    /// The state of the one plan, where the row is a member's.
    #[diesel(sql_type = Nullable<Text>)]
    pub plan_state: Option<String>,
    /// Items planned.
    #[diesel(sql_type = BigInt)]
    pub planned_items: i64,
    /// Items with a visit.
    #[diesel(sql_type = BigInt)]
    pub done_items: i64,
    /// Items whose day is past without one.
    #[diesel(sql_type = BigInt)]
    pub overdue_items: i64,
    /// Different must-visits that visits carried.
    #[diesel(sql_type = BigInt)]
    pub must_visits_covered: i64,
    /// Different channels that visits used.
    #[diesel(sql_type = BigInt)]
    pub channels_used: i64,
}

const MEMBER_PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("id"),
    department: None,
};

const SECTOR_PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: None,
    department: None,
};

/// Which members a list holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Only {
    /// Those who handed in no plan.
    pub without_plan: bool,
    /// Those without any visit.
    pub without_visit: bool,
}

/// Members with the sectors they stood in and the committees that guided those.
const MEMBERS: &str = "(SELECT m.city_code, m.id, m.created_at, m.county_code, m.during AS stands, \
    s.sector_id, s.during AS linked, g.committee_id, g.during AS guided FROM members m \
    LEFT JOIN member_sectors s \
    ON s.city_code = m.city_code AND s.member_id = m.id AND s.voided_at IS NULL \
    LEFT JOIN sector_committees g \
    ON g.city_code = s.city_code AND g.sector_id = s.sector_id AND g.voided_at IS NULL \
    WHERE m.voided_at IS NULL)";

/// Sectors with the committees that guided them.
const SECTORS: &str = "(SELECT o.city_code, o.id, o.created_at, o.id AS sector_id, o.county_code, \
    o.during AS stands, g.committee_id, g.during AS guided \
    FROM organizations o LEFT JOIN sector_committees g \
    ON g.city_code = o.city_code AND g.sector_id = o.id AND g.voided_at IS NULL \
    WHERE o.kind = 'sector' AND o.voided_at IS NULL)";

/// Of several links the last that began before the month's end, which `?` stands for.
const LAST_SECTOR: &str = "(t.linked IS NULL OR lower(t.linked) < ? AND NOT EXISTS \
    (SELECT 1 FROM member_sectors l WHERE l.city_code = t.city_code AND l.member_id = t.id \
    AND l.voided_at IS NULL AND lower(l.during) < ? AND lower(l.during) > lower(t.linked)))";
const LAST_COMMITTEE: &str = "(t.guided IS NULL OR lower(t.guided) < ? AND NOT EXISTS \
    (SELECT 1 FROM sector_committees l WHERE l.city_code = t.city_code \
    AND l.sector_id = t.sector_id AND l.voided_at IS NULL \
    AND lower(l.during) < ? AND lower(l.during) > lower(t.guided)))";
const STOOD: [&str; 2] =
    ["coalesce(lower(t.stands) < ?, true)", "coalesce(upper(t.stands) > ?, true)"];
const WITHOUT_VISIT: &str = "NOT EXISTS (SELECT 1 FROM visits v WHERE v.city_code = t.city_code \
    AND v.member_id = t.id AND v.state IN ('recorded', 'confirmed') \
    AND v.visited_on >= ? AND v.visited_on < ? + interval '1 month')";

/// The states of plans that count, as SQL says them.
fn handed_in() -> String {
    let states = State::ALL.into_iter().filter(|state| rules::handed_in(*state));
    states.map(|state| format!("'{}'", state.as_str())).collect::<Vec<_>>().join(", ")
}

/// Members of the month that the sight holds.
pub async fn members(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    month: Month,
    only: Only,
    page: &Page,
) -> Result<(Vec<Subject>, Option<i64>)> {
    let without_plan = format!(
        "NOT EXISTS (SELECT 1 FROM plans p WHERE p.city_code = t.city_code AND p.member_id = t.id \
         AND p.owner_kind = 'member' AND p.period_start = ? AND p.state IN ({}))",
        handed_in()
    );
    let columns = "t.id, t.created_at, t.sector_id";
    List::new(city, MEMBERS, columns, MEMBER_PLACES, SortKey::created(Some("created_at")))
        .filter(STOOD[0], Some(month.end))
        .filter(STOOD[1], Some(month.start))
        .filter(LAST_SECTOR, Some(month.end))
        .filter(LAST_COMMITTEE, Some(month.end))
        .filter(&without_plan, only.without_plan.then_some(month.start))
        .filter(WITHOUT_VISIT, only.without_visit.then_some(month.start))
        .rows(conn, sight, page)
        .await
}

/// Sectors of the month that the sight holds.
pub async fn sectors(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    month: Month,
    page: &Page,
) -> Result<(Vec<Subject>, Option<i64>)> {
    let columns = "t.id, t.created_at, t.sector_id";
    List::new(city, SECTORS, columns, SECTOR_PLACES, SortKey::created(Some("created_at")))
        .filter(STOOD[0], Some(month.end))
        .filter(STOOD[1], Some(month.start))
        .filter(LAST_COMMITTEE, Some(month.end))
        .rows(conn, sight, page)
        .await
}

/// Text of the counting query: whose members they are is told by `by_sector`, by the same links as
/// the lists; plans, items and visits are those of these members.
fn counting(by_sector: bool) -> String {
    let (subject, link) = if by_sector {
        (
            "s.sector_id",
            "JOIN member_sectors s ON s.city_code = $1 AND s.member_id = m.id \
             AND s.voided_at IS NULL AND lower(s.during) < $4 AND NOT EXISTS \
             (SELECT 1 FROM member_sectors l WHERE l.city_code = $1 AND l.member_id = m.id \
             AND l.voided_at IS NULL AND lower(l.during) < $4 \
             AND lower(l.during) > lower(s.during))",
        )
    } else {
        ("m.id", "")
    };
    let handed_in = handed_in();
    format!(
        "WITH people AS (
            SELECT {subject} AS subject_id, m.id FROM members m {link}
            WHERE m.city_code = $1 AND {subject} = ANY($2) AND m.voided_at IS NULL
                AND coalesce(lower(m.during) < $4, true) AND coalesce(upper(m.during) > $3, true)
        ), mine AS (
            SELECT people.subject_id, p.id, p.member_id, p.state,
                p.state IN ({handed_in}) AS handed_in
            FROM people JOIN plans p ON p.city_code = $1 AND p.member_id = people.id
                AND p.owner_kind = 'member' AND p.period_kind = 'month' AND p.period_start = $3
        ), heads AS (
            SELECT subject_id, count(*) AS members,
                count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM mine
                    WHERE mine.member_id = people.id AND mine.handed_in)) AS without_plan,
                count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM visits v WHERE v.city_code = $1
                    AND v.member_id = people.id AND v.state IN ('recorded', 'confirmed')
                    AND v.visited_on >= $3 AND v.visited_on < $4)) AS without_visit
            FROM people GROUP BY subject_id
        ), states AS (
            SELECT subject_id, CASE WHEN count(*) = 1 THEN min(state) END AS plan_state
            FROM mine GROUP BY subject_id
        ), items AS (
            SELECT mine.subject_id, count(*) AS planned,
                count(*) FILTER (WHERE done.it) AS done,
                count(*) FILTER (WHERE NOT done.it
                    AND coalesce(i.planned_on, $4 - 1) < $5) AS overdue
            FROM mine JOIN plan_items i ON i.city_code = $1 AND i.plan_id = mine.id
            CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM visits v WHERE v.city_code = $1
                AND v.plan_item_id = i.id AND v.state IN ('recorded', 'confirmed')) AS it) done
            WHERE mine.handed_in GROUP BY mine.subject_id
        ), carried AS (
            SELECT mine.subject_id, count(DISTINCT v.must_visit_code) AS must_visits,
                count(DISTINCT v.channel_code) AS channels
            FROM mine JOIN plan_items i ON i.city_code = $1 AND i.plan_id = mine.id
            JOIN visits v ON v.city_code = $1 AND v.plan_item_id = i.id
                AND v.state IN ('recorded', 'confirmed')
            WHERE mine.handed_in GROUP BY mine.subject_id
        )
        SELECT s.id AS subject_id, coalesce(heads.members, 0) AS members,
            coalesce(heads.without_plan, 0) AS members_without_plan,
            coalesce(heads.without_visit, 0) AS members_without_visit, states.plan_state,
            coalesce(items.planned, 0) AS planned_items, coalesce(items.done, 0) AS done_items,
            coalesce(items.overdue, 0) AS overdue_items,
            coalesce(carried.must_visits, 0) AS must_visits_covered,
            coalesce(carried.channels, 0) AS channels_used
        FROM unnest($2) s(id)
        LEFT JOIN heads ON heads.subject_id = s.id
        LEFT JOIN states ON states.subject_id = s.id
        LEFT JOIN items ON items.subject_id = s.id
        LEFT JOIN carried ON carried.subject_id = s.id"
    )
}

/// Counts for these members, or these sectors.
pub async fn counts(
    mut conn: Conn<'_>,
    city: i32,
    by_sector: bool,
    ids: Vec<Uuid>,
    month: Month,
) -> Result<Vec<Counts>> {
    let statement = diesel::sql_query(counting(by_sector))
        .bind::<Integer, _>(city)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Date, _>(month.start)
        .bind::<Date, _>(month.end)
        .bind::<Date, _>(month.today);
    Ok(Prepared(statement).load(&mut conn).await?)
}
