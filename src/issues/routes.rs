//! Reading issues, and writing drafts. Transitions, the public's operations, bodies and views are
//! in the files beside.

pub mod bodies;
pub mod feedbacks;
pub mod public;
pub mod transitions;
pub mod views;

use actix_web::web::Data;
use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use self::bodies::{CreateIssueBody, UpdateIssueBody};
use self::views::{IssueSummary, IssueView, view};
use super::actions::{self, places_of};
use super::rules::{Channel, State, Urgency};
use super::store::issues;
use crate::auth::{Actor, Change, Create, List, Noun, Read, policy};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::{EventView, Journal, Tx, feed};
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};
use crate::workdays::day_starts_at;

/// Which issues.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct IssueFilters {
    /// In this state.
    #[param(inline)]
    pub state: Option<State>,
    /// Of this category.
    #[param(max_length = 40, pattern = "^[a-z0-9_]{1,40}$", example = "roads")]
    pub category: Option<String>,
    /// Of this urgency.
    #[param(inline)]
    pub urgency: Option<Urgency>,
    /// That came in this way.
    #[param(inline)]
    pub channel: Option<Channel>,
    /// Of this sector.
    pub sector_id: Option<Uuid>,
    /// Of this member.
    pub member_id: Option<Uuid>,
    /// In this county.
    #[param(max_length = 6, pattern = "^[0-9]{6}$", example = "230403")]
    pub county_code: Option<String>,
    /// In the ledger of this year.
    #[param(minimum = 2000, maximum = 9999, example = 2026)]
    pub ledger_year: Option<i16>,
    /// First dispatched on this date or later.
    #[param(example = "2026-01-01")]
    pub dispatched_from: Option<NaiveDate>,
    /// First dispatched before this date.
    #[param(example = "2027-01-01")]
    pub dispatched_until: Option<NaiveDate>,
    /// Written down on this date or later.
    #[param(example = "2026-01-01")]
    pub created_from: Option<NaiveDate>,
    /// Written down before this date.
    #[param(example = "2027-01-01")]
    pub created_until: Option<NaiveDate>,
    /// First submitted, or sent in by the public, on this date or later.
    #[param(example = "2026-01-01")]
    pub taken_in_from: Option<NaiveDate>,
    /// First submitted, or sent in by the public, before this date.
    #[param(example = "2027-01-01")]
    pub taken_in_until: Option<NaiveDate>,
    /// Accepted into the ledger on this date or later.
    #[param(example = "2026-01-01")]
    pub accepted_from: Option<NaiveDate>,
    /// Accepted into the ledger before this date.
    #[param(example = "2027-01-01")]
    pub accepted_until: Option<NaiveDate>,
    /// Ended on this date or later.
    #[param(example = "2026-01-01")]
    pub closed_from: Option<NaiveDate>,
    /// Ended before this date.
    #[param(example = "2027-01-01")]
    pub closed_until: Option<NaiveDate>,
    /// Due before this date.
    #[param(example = "2026-12-31")]
    pub due_before: Option<NaiveDate>,
    /// That came from this visit.
    pub source_visit_id: Option<Uuid>,
    /// Changed after this instant.
    #[param(example = "2026-01-01T00:00:00Z")]
    pub updated_after: Option<DateTime<Utc>>,
    /// Changed before this instant.
    #[param(example = "2026-12-31T00:00:00Z")]
    pub updated_before: Option<DateTime<Utc>>,
    /// Newest first unless told.
    #[param(pattern = "^-?created_at$", example = "-created_at")]
    pub sort: Option<String>,
}

impl IssueFilters {
    fn wanted(self) -> issues::Wanted {
        issues::Wanted {
            state: self.state.map(|state| state.as_str().to_owned()),
            category: self.category,
            urgency: self.urgency.map(|urgency| urgency.as_str().to_owned()),
            channel: self.channel.map(|channel| channel.as_str().to_owned()),
            sector_id: self.sector_id,
            member_id: self.member_id,
            county_code: self.county_code.and_then(|code| code.parse().ok()),
            ledger_year: self.ledger_year,
            dispatched_from: self.dispatched_from.map(day_starts_at),
            dispatched_until: self.dispatched_until.map(day_starts_at),
            created_from: self.created_from.map(day_starts_at),
            created_until: self.created_until.map(day_starts_at),
            taken_in_from: self.taken_in_from.map(day_starts_at),
            taken_in_until: self.taken_in_until.map(day_starts_at),
            accepted_from: self.accepted_from.map(day_starts_at),
            accepted_until: self.accepted_until.map(day_starts_at),
            closed_from: self.closed_from.map(day_starts_at),
            closed_until: self.closed_until.map(day_starts_at),
            due_before: self.due_before,
            source_visit_id: self.source_visit_id,
            updated_after: self.updated_after,
            updated_before: self.updated_before,
            sort: self.sort,
        }
    }
}

/// The answer to a change.
async fn answer(tx: &mut Tx<'_>, actor: &Actor, issue: issues::Row) -> Result<Answer> {
    let (version, view) = view(tx.conn, actor, issue.id).await?;
    Answer::ok(version, &view)
}

/// List issues
///
/// A page of the issues that you may see, newest first: a member's own, a sector's, a committee's,
/// a county's, or the city's. A department lists `/v1/assignments` instead.
#[utoipa::path(
    tag = "issues",
    params(IssueFilters, ListQuery),
    responses((status = 200, description = "A page of issues", body = Listing<IssueSummary>)),
)]
#[get("")]
pub async fn list_issues(
    journal: Data<Journal>,
    request: List<IssueFilters>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Issue);
    let key = |row: &issues::Row| Key { at: row.created_at, id: row.id };
    let wanted = filters.wanted();
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = issues::list(conn, actor.city, &sight, wanted.clone(), page).await?;
        Ok(page.listing(rows, total, key, IssueSummary::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Create an issue
///
/// A draft of yours, seen by those whose place it stands at. An issue raised from a visit keeps
/// that source for good and takes its member and contact from it.
#[utoipa::path(
    tag = "issues",
    params(CreateHeaders),
    request_body = CreateIssueBody,
    responses((status = 201, description = "The draft", body = IssueView)),
)]
#[post("")]
pub async fn create_issue(
    journal: Data<Journal>,
    request: Create<CreateIssueBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::create(tx, &actor, body).await?;
        let (version, view) = view(tx.conn, &actor, issue.id).await?;
        Answer::created(version, format!("/v1/issues/{}", issue.id), &view)
    });
    Ok(written.await?)
}

/// Get an issue
///
/// With its work orders, feedback, clocks and sources, and what you may do to it now. Who reported
/// it is shown to the liaison centre and to whoever wrote it down, the phone masked.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue")),
    responses((status = 200, description = "The issue", body = IssueView)),
)]
#[get("/{issue_id}")]
pub async fn get_issue(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let Read { actor, id, .. } = request;
    let conn = journal.db.read().await?;
    let (version, view) = view(&conn, &actor, id).await?;
    Ok(Answer::ok(version, &view)?)
}

/// Change a draft
///
/// Absent fields stay, null clears (RFC 7396). Only whoever wrote it down, and only while it is a
/// draft.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ChangeHeaders),
    request_body = UpdateIssueBody,
    responses((status = 200, description = "The draft", body = IssueView)),
)]
#[patch("/{issue_id}")]
pub async fn update_issue(
    journal: Data<Journal>,
    request: Change<UpdateIssueBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let written = journal.write(&call, async |tx| {
        let issue = actions::update(tx, &actor, id, body).await?;
        answer(tx, &actor, issue).await
    });
    Ok(written.await?)
}

/// List an issue's events
///
/// Everything that happened to it, the oldest first. No event holds a personal value.
#[utoipa::path(
    tag = "issues",
    params(("issue_id" = Uuid, Path, description = "The issue"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)),
)]
#[get("/{issue_id}/events")]
pub async fn list_issue_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, page, .. } = request;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let row = issues::find(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
        if !policy::sees(&actor, Noun::Issue, &places_of(conn, &row).await?) {
            return Err(Error::not_found());
        }
        let (rows, total) = feed::history_page(conn, actor.city, id, page).await?;
        Ok(page.listing(rows, total, feed::Event::key, EventView::from))
    };
    Ok(journal.db.list(page, read).await?)
}
