//! The issues themselves, where they came from, the ledger's counter and the tracking hashes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::schema::{issue_sources, issue_tracking, issues, ledger_counters};
use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey, constraint};
use crate::error::{Code, Error, Result};
use crate::issues::rules::{ResultClass, State, Urgency};
use crate::journal::Places;
use crate::page::{Form, Page};

/// An issue as it is stored.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable, AsChangeset)]
#[diesel(table_name = issues, primary_key(city_code, id), treat_none_as_null = true)]
#[allow(missing_docs)] // the columns are explained in the migration
pub struct Row {
    pub city_code: i32,
    pub id: Uuid,
    pub version: i64,
    pub state: String,
    pub title: String,
    pub body: String,
    pub category: String,
    pub urgency: String,
    pub channel: String,
    pub reporter_id: Uuid,
    pub recorder_id: Option<Uuid>,
    pub member_id: Option<Uuid>,
    pub sector_id: Option<Uuid>,
    pub committee_id: Option<Uuid>,
    pub county_code: Option<i32>,
    pub division_code: i64,
    pub place: Option<String>,
    pub intake_year: Option<i16>,
    pub ledger_year: Option<i16>,
    pub ledger_number: Option<i32>,
    pub round: i16,
    pub result_class: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub due_at: Option<DateTime<Utc>>,
    pub provisional: bool,
    pub reason_code: Option<String>,
    pub reason_note: Option<String>,
    pub follow_up_on: Option<NaiveDate>,
    pub dispatched_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Row {
    /// The state; the table's check allows no other words.
    pub fn state(&self) -> Result<State> {
        State::parse(&self.state).ok_or_else(|| Error::internal(format!("state {}", self.state)))
    }

    /// The urgency.
    pub fn urgency(&self) -> Result<Urgency> {
        Urgency::parse(&self.urgency)
            .ok_or_else(|| Error::internal(format!("urgency {}", self.urgency)))
    }

    /// The class of the result, once all have replied.
    pub fn result_class(&self) -> Option<ResultClass> {
        self.result_class.as_deref().and_then(ResultClass::parse)
    }

    /// Where it stands, with the departments it was given to.
    pub fn places(&self, departments: Vec<Uuid>) -> Places {
        Places {
            county: self.county_code,
            committee: self.committee_id,
            sector: self.sector_id,
            member: self.member_id,
            departments,
        }
    }

    /// What the journal keeps of it: enough to rebuild its present state, nothing personal.
    pub fn journalled(&self, sources: &[Uuid]) -> Value {
        json!({
            "state": self.state,
            "category": self.category,
            "urgency": self.urgency,
            "channel": self.channel,
            "division_code": self.division_code.to_string(),
            "round": self.round,
            "intake_year": self.intake_year,
            "ledger_year": self.ledger_year,
            "ledger_number": self.ledger_number,
            "result_class": self.result_class,
            "due_on": self.due_on,
            "follow_up_on": self.follow_up_on,
            "reason_code": self.reason_code,
            "dispatched_at": self.dispatched_at,
            "closed_at": self.closed_at,
            "source_visit_ids": sources,
        })
    }
}

/// Where an issue stands.
pub(super) const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("member_id"),
    // A department lists its work orders.
    department: None,
};

/// What a list may ask for.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Wanted {
    pub state: Option<String>,
    pub category: Option<String>,
    pub urgency: Option<String>,
    pub channel: Option<String>,
    pub sector_id: Option<Uuid>,
    pub member_id: Option<Uuid>,
    pub county_code: Option<i32>,
    pub ledger_year: Option<i16>,
    pub dispatched_from: Option<DateTime<Utc>>,
    pub dispatched_until: Option<DateTime<Utc>>,
    pub created_from: Option<DateTime<Utc>>,
    pub created_until: Option<DateTime<Utc>>,
    pub taken_in_from: Option<DateTime<Utc>>,
    pub taken_in_until: Option<DateTime<Utc>>,
    pub accepted_from: Option<DateTime<Utc>>,
    pub accepted_until: Option<DateTime<Utc>>,
    pub closed_from: Option<DateTime<Utc>>,
    pub closed_until: Option<DateTime<Utc>>,
    pub due_before: Option<NaiveDate>,
    pub source_visit_id: Option<Uuid>,
    pub updated_after: Option<DateTime<Utc>>,
    pub updated_before: Option<DateTime<Utc>>,
    pub sort: Option<String>,
}

const FROM_VISIT: &str = "EXISTS (SELECT 1 FROM issue_sources s WHERE s.city_code = t.city_code \
    AND s.issue_id = t.id AND s.source_kind = 'visit' AND s.source_id = ?)";

/// Coming in starts the first screening clock, acceptance the first dispatch clock.
fn first_clock(step: &str, than: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM issue_clocks k WHERE k.city_code = t.city_code \
         AND k.issue_id = t.id AND k.step = '{step}' AND k.sequence = 1 AND k.started_at {than} ?)"
    )
}

/// A page of the issues that `sight` covers.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    wanted: Wanted,
    page: &Page,
) -> Result<(Vec<Row>, Option<i64>)> {
    List::new(city, "issues", "t.*", PLACES, SortKey::created(wanted.sort.as_deref()))
        .filter("t.state = ?", wanted.state)
        .filter("t.category = ?", wanted.category)
        .filter("t.urgency = ?", wanted.urgency)
        .filter("t.channel = ?", wanted.channel)
        .filter("t.sector_id = ?", wanted.sector_id)
        .filter("t.member_id = ?", wanted.member_id)
        .filter("t.county_code = ?", wanted.county_code)
        .filter("t.ledger_year = ?", wanted.ledger_year)
        .filter("t.dispatched_at >= ?", wanted.dispatched_from)
        .filter("t.dispatched_at < ?", wanted.dispatched_until)
        .filter("t.created_at >= ?", wanted.created_from)
        .filter("t.created_at < ?", wanted.created_until)
        .filter(&first_clock("screening", ">="), wanted.taken_in_from)
        .filter(&first_clock("screening", "<"), wanted.taken_in_until)
        .filter(&first_clock("dispatch", ">="), wanted.accepted_from)
        .filter(&first_clock("dispatch", "<"), wanted.accepted_until)
        .filter("t.closed_at >= ?", wanted.closed_from)
        .filter("t.closed_at < ?", wanted.closed_until)
        .filter("t.due_on < ?", wanted.due_before)
        .filter(FROM_VISIT, wanted.source_visit_id)
        .filter("t.updated_at > ?", wanted.updated_after)
        .filter("t.updated_at < ?", wanted.updated_before)
        .rows(conn, sight, page)
        .await
}

/// How far back a duplicate is looked for.
const SIMILAR_WITHIN: TimeDelta = TimeDelta::days(30);

/// I3: up to five others that `sight` covers which may be the same: of its category and division,
/// of the last thirty days, neither drafts nor refused. The newest first.
pub async fn similar(conn: Conn<'_>, sight: &Sight, row: &Row) -> Result<Vec<Uuid>> {
    let page = Page { limit: 5, after: None, count: false, query_hash: 0, form: Form::Json };
    let found = List::new(row.city_code, "issues", "t.*", PLACES, SortKey::created(None))
        .filter("t.created_at > ?", Some(row.created_at - SIMILAR_WITHIN))
        .filter("t.category = ?", Some(row.category.clone()))
        .filter("t.division_code = ?", Some(row.division_code))
        .filter("t.id <> ?", Some(row.id))
        .only("t.state NOT IN ('draft', 'rejected', 'withdrawn', 'merged')")
        .rows::<Row>(conn, sight, &page);
    Ok(found.await?.0.into_iter().take(5).map(|other| other.id).collect())
}

/// One issue.
pub async fn find(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Row>> {
    let row = issues::table.find((city, id)).select(Row::as_select());
    Ok(row.first(&mut conn).await.optional()?)
}

/// One issue, locked until the transaction ends. Every action begins with it.
pub async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Row>> {
    let row = issues::table.find((city, id)).select(Row::as_select()).for_update();
    Ok(row.first(&mut conn).await.optional()?)
}

/// Adds one; an id that is there already is a duplicate.
pub async fn insert(mut conn: Conn<'_>, row: &Row) -> Result<()> {
    let inserted = Prepared(diesel::insert_into(issues::table).values(row)).execute(&mut conn);
    match inserted.await {
        Ok(_) => Ok(()),
        Err(error) if constraint(&error) == Some("issues_pkey") => {
            Err(Error::say(Code::Duplicate, "该编号的事项已存在", "an issue with this id is there"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes a changed row whole.
pub async fn save(mut conn: Conn<'_>, row: &Row) -> Result<()> {
    let target = issues::table.find((row.city_code, row.id));
    Prepared(diesel::update(target).set(row)).execute(&mut conn).await?;
    Ok(())
}

/// The next version, for a change of a work order below it.
pub async fn touch(mut conn: Conn<'_>, city: i32, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let next = (issues::version.eq(issues::version + 1), issues::updated_at.eq(now));
    let update = diesel::update(issues::table.find((city, id))).set(next);
    Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// The next number of the year's ledger. Its row stays locked until the transaction ends, so it is
/// taken last.
pub async fn next_number(mut conn: Conn<'_>, city: i32, year: i16) -> Result<i32> {
    use ledger_counters as c;
    let insert = diesel::insert_into(c::table)
        .values((c::city_code.eq(city), c::year.eq(year), c::last.eq(1)))
        .on_conflict((c::city_code, c::year))
        .do_update()
        .set(c::last.eq(c::last + 1))
        .returning(c::last);
    Ok(Prepared(insert).get_result(&mut conn).await?)
}

/// Sets number and year, after everything else of the acceptance is stored.
pub async fn number(mut conn: Conn<'_>, row: &Row) -> Result<()> {
    let target = issues::table.find((row.city_code, row.id));
    let numbers =
        (issues::ledger_year.eq(row.ledger_year), issues::ledger_number.eq(row.ledger_number));
    Prepared(diesel::update(target).set(numbers)).execute(&mut conn).await?;
    Ok(())
}

/// Keeps the visit it came from, for good.
pub async fn add_visit(mut conn: Conn<'_>, city: i32, id: Uuid, visit: Uuid) -> Result<()> {
    use issue_sources as s;
    diesel::insert_into(s::table)
        .values((
            s::city_code.eq(city),
            s::issue_id.eq(id),
            s::source_kind.eq("visit"),
            s::source_id.eq(visit),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Keeps the hash of a tracking code.
pub async fn add_tracking(mut conn: Conn<'_>, city: i32, id: Uuid, hash: &[u8]) -> Result<()> {
    use issue_tracking as t;
    diesel::insert_into(t::table)
        .values((t::city_code.eq(city), t::hash.eq(hash), t::issue_id.eq(id)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The issue behind a tracking code.
pub async fn tracked(mut conn: Conn<'_>, city: i32, hash: &[u8]) -> Result<Option<Uuid>> {
    use issue_tracking as t;
    let id = t::table.find((city, hash)).select(t::issue_id);
    Ok(id.first(&mut conn).await.optional()?)
}
