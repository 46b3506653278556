//! How far plans are carried out.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{List, Noun, policy};
use crate::db::Conn;
use crate::error::{Code, Error, Fault, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::plans::rules::{self, PeriodKind};
use crate::plans::{self, Codes};
use crate::records::store::coverage::{self as store, Counts, Month, Only, Subject};
use crate::web::{ListAnswer, ListQuery, Problem};
use crate::workdays;

/// Which month, by what.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CoverageFilter {
    /// The month.
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", max_length = 7, example = "2026-12")]
    pub month: String,
    /// One row a `member` (unless told) or a `sector`.
    #[param(pattern = "^(member|sector)$", max_length = 8, example = "member")]
    pub by: Option<String>,
    /// `true`: only members who handed in no plan for the month. Not with `by=sector`.
    pub without_plan: Option<bool>,
    /// `true`: only members without any visit in the month. Not with `by=sector`.
    pub without_visit: Option<bool>,
}

/// How far the plans of a member or a sector are carried out in a month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CoverageView {
    /// The member, where the row is a member's.
    #[schema(required = true)]
    pub member_id: Option<Uuid>,
    /// The sector; a member's is the one they stood in last in that month.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// The state of the member's plan; null without a plan, or for a sector.
    #[schema(value_type = Option<rules::State>, required = true)]
    pub plan_state: Option<String>,
    /// Members in the month: one in a member's row.
    #[schema(minimum = 0)]
    pub members: i64,
    /// Those of them who handed in no plan: a draft, or one that was sent back, is none.
    #[schema(minimum = 0)]
    pub members_without_plan: i64,
    /// Those of them without any visit in the month, planned or not.
    #[schema(minimum = 0)]
    pub members_without_visit: i64,
    /// Items planned, in plans that were handed in.
    #[schema(minimum = 0)]
    pub planned_items: i64,
    /// Items with a recorded or confirmed visit.
    #[schema(minimum = 0)]
    pub done_items: i64,
    /// Items without a visit whose planned day is past, or where none was planned, the month.
    #[schema(minimum = 0)]
    pub overdue_items: i64,
    /// Different must-visits that visits carried.
    #[schema(minimum = 0)]
    pub must_visits_covered: i64,
    /// Must-visits of the scheme in force.
    #[schema(minimum = 0, example = 8)]
    pub must_visits_total: usize,
    /// Different channels that visits used.
    #[schema(minimum = 0)]
    pub channels_used: i64,
    /// Channels of the scheme in force.
    #[schema(minimum = 0, example = 5)]
    pub channels_total: usize,
}

fn view(row: &Subject, by_sector: bool, found: Option<&Counts>, codes: &Codes) -> CoverageView {
    let count = |of: fn(&Counts) -> i64| found.map_or(0, of);
    CoverageView {
        member_id: (!by_sector).then_some(row.id),
        sector_id: row.sector_id,
        plan_state: found.and_then(|counts| counts.plan_state.clone()).filter(|_| !by_sector),
        members: count(|counts| counts.members),
        members_without_plan: count(|counts| counts.members_without_plan),
        members_without_visit: count(|counts| counts.members_without_visit),
        planned_items: count(|counts| counts.planned_items),
        done_items: count(|counts| counts.done_items),
        overdue_items: count(|counts| counts.overdue_items),
        must_visits_covered: count(|counts| counts.must_visits_covered),
        must_visits_total: codes.must_visits.len(),
        channels_used: count(|counts| counts.channels_used),
        channels_total: codes.channels.len(),
    }
}

fn month(text: &str, today: NaiveDate) -> Result<Month> {
    let start: NaiveDate = format!("{text}-01").parse().map_err(|_| Error {
        faults: vec![Fault::new("?month", "wrong_format", "应为 YYYY-MM", "must be YYYY-MM")],
        ..Error::new(Code::BadQuery)
    })?;
    Ok(Month { start, end: rules::period_end(PeriodKind::Month, start), today })
}

/// Which members; a sector's row is never one of members.
fn only(filters: &CoverageFilter, by_sector: bool) -> Result<Only> {
    let asked =
        [("?without_plan", filters.without_plan), ("?without_visit", filters.without_visit)];
    let faults = asked.iter().filter(|(_, asked)| by_sector && asked.is_some()).map(|(at, _)| {
        Fault::new(*at, "not_allowed", "不可与 by=sector 同用", "not together with by=sector")
    });
    let faults: Vec<_> = faults.collect();
    if !faults.is_empty() {
        return Err(Error { faults, ..Error::new(Code::BadQuery) });
    }
    let is = |asked: Option<bool>| asked == Some(true);
    Ok(Only { without_plan: is(filters.without_plan), without_visit: is(filters.without_visit) })
}

/// Coverage of a month's plans
///
/// One row a member or a sector that you see, oldest first, paged like any list: items planned, done
/// and overdue, must-visits covered and channels used. A visit counts while it is recorded or
/// confirmed. A member counts with the sector they stood in last in that month. `without_plan=true`
/// lists the members who handed in no plan, `without_visit=true` those without any visit.
#[utoipa::path(tag = "plans", params(CoverageFilter, ListQuery),
    responses((status = 200, description = "A page of rows", body = Listing<CoverageView>)))]
#[get("")]
pub async fn get_coverage(
    journal: Data<Journal>,
    request: List<CoverageFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let (city, sight) = (actor.city, policy::sight(&actor, Noun::Plan));
    let month = month(&filters.month, workdays::local_date(now))?;
    let by_sector = filters.by.as_deref() == Some("sector");
    let only = only(&filters, by_sector)?;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = if by_sector {
            store::sectors(conn, city, &sight, month, page).await?
        } else {
            store::members(conn, city, &sight, month, only, page).await?
        };
        let codes = plans::codes_on(conn, city, month.start).await?;
        let ids = rows.iter().map(|row| row.id).collect();
        let counts = store::counts(conn, city, by_sector, ids, month).await?;
        let counts: HashMap<_, _> = counts.iter().map(|row| (row.subject_id, row)).collect();
        let key = |row: &Subject| Key { at: row.created_at, id: row.id };
        let view = |row: Subject| view(&row, by_sector, counts.get(&row.id).copied(), &codes);
        Ok(page.listing(rows, total, key, view))
    };
    Ok(journal.db.list(page, read).await?)
}
