//! Operations on activities, and what callers say and hear of them.

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{Actor, Change, Create, List, Noun, Read, policy};
use crate::db::Conn;
use crate::error::Result;
use crate::journal::{EventView, Journal, feed};
use crate::page::{Key, Listing, Page};
use crate::records::actions::{self, Held};
use crate::records::rules::activities::{self as rules, Kind, State, VoidReason};
use crate::records::store::activities::{self as store, ActivityRow, Listed, Wanted};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

/// An activity to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "briefing", "title": "上半年住房保障工作情况通报",
    "committee_id": "01856ad7-b680-7003-a6e6-2ef996547d74",
    "department_id": "01856ad7-b680-7069-8ceb-8e193e00dc2a",
    "held_on": "2026-03-02", "summary": "通报老旧小区改造进度,委员提出供暖问题。", "audience": 18,
    "member_ids": []
}))]
pub struct NewActivity {
    /// Your own id for it.
    pub id: Option<Uuid>,
    /// What was held.
    pub kind: Kind,
    /// What about.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: String,
    /// Whose it was.
    pub committee_id: Uuid,
    /// Who told: a counterpart of the committee on that day.
    pub department_id: Uuid,
    /// On which day; not in the future.
    pub held_on: NaiveDate,
    /// What was told.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub summary: Option<String>,
    /// How many were present, members and others.
    #[schema(minimum = 0, maximum = 100_000)]
    pub audience: Option<i32>,
    /// The members who were there, each once: members on that day.
    #[serde(default)]
    #[schema(max_items = 500, required = false)]
    pub member_ids: Vec<Uuid>,
}

/// Why a record is void.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "entered_twice" }))]
pub struct VoidActivity {
    /// What was the mistake.
    pub reason: VoidReason,
}

/// Which activities.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActivityFilter {
    /// Of this kind.
    #[param(inline)]
    pub kind: Option<Kind>,
    /// Of this committee.
    pub committee_id: Option<Uuid>,
    /// By this department.
    pub department_id: Option<Uuid>,
    /// At which this member was.
    pub member_id: Option<Uuid>,
    /// In this state.
    #[param(inline)]
    pub state: Option<State>,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// Before this day.
    pub until: Option<NaiveDate>,
}

impl From<ActivityFilter> for Wanted {
    fn from(filter: ActivityFilter) -> Self {
        let ActivityFilter { committee_id, department_id, member_id, from, until, .. } = filter;
        let kind = filter.kind.map(|kind| kind.as_str().to_owned());
        let state = filter.state.map(|state| state.as_str().to_owned());
        Self { kind, committee_id, department_id, member_id, state, from, until }
    }
}

/// An activity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivityView {
    /// Which.
    pub id: Uuid,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// What was held.
    #[schema(value_type = Kind)]
    pub kind: String,
    /// What about.
    #[schema(max_length = 200)]
    pub title: String,
    /// Whose it was; of a briefing never null.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// Who told; of a briefing never null.
    #[schema(required = true)]
    pub department_id: Option<Uuid>,
    /// On which day.
    pub held_on: NaiveDate,
    /// What was told.
    #[schema(max_length = 2000, required = true)]
    pub summary: Option<String>,
    /// How many were present, members and others.
    #[schema(minimum = 0, required = true)]
    pub audience: Option<i32>,
    /// How many members were there by name.
    #[schema(minimum = 0)]
    pub members: i64,
    /// The account that recorded it.
    pub recorder_id: Uuid,
    /// Where the record stands.
    #[schema(value_type = State)]
    pub state: String,
    /// Why it was voided.
    #[schema(value_type = Option<VoidReason>, required = true)]
    pub void_reason: Option<String>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The members who were there; only when one activity is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500, required = false)]
    pub member_ids: Option<Vec<Uuid>>,
    /// What you may do now; only when one activity is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<rules::Action>>, max_items = 8)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

impl ActivityView {
    /// As a list shows it.
    fn listed(Listed { activity, members }: Listed) -> Self {
        Self::new(activity, members)
    }

    /// To somebody who reads this one.
    fn whole(actor: &Actor, (row, members): Held) -> Result<Self> {
        let roles = policy::roles_at(actor, &row.places());
        let allowed_actions = Some(rules::allowed_actions(row.state()?, &roles));
        let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
        Ok(Self { allowed_actions, member_ids: Some(members), ..Self::new(row, count) })
    }

    fn new(row: ActivityRow, members: i64) -> Self {
        Self {
            id: row.id,
            version: row.version,
            kind: row.kind,
            title: row.title,
            committee_id: row.committee_id,
            department_id: row.department_id,
            held_on: row.held_on,
            summary: row.summary,
            audience: row.audience,
            members,
            recorder_id: row.recorder_id,
            state: row.state,
            void_reason: row.void_reason,
            created_at: row.created_at,
            updated_at: row.updated_at,
            member_ids: None,
            allowed_actions: None,
        }
    }
}

/// List activities
///
/// The activities you see, newest record first: a member those at which they were, a committee its
/// own, the liaison centre the city's. `from` and `until` are days on which they were held. By
/// committee and department it tells how regularly a counterpart (对口部门) has briefed members.
#[utoipa::path(tag = "activities", params(ActivityFilter, ListQuery),
    responses((status = 200, description = "A page of activities", body = Listing<ActivityView>)))]
#[get("")]
pub async fn list_activities(
    journal: Data<Journal>,
    request: List<ActivityFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Visit);
    let key = |one: &Listed| Key { at: one.activity.created_at, id: one.activity.id };
    let wanted = Wanted::from(filters);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::list(conn, actor.city, &sight, wanted.clone(), page).await?;
        Ok(page.listing(rows, total, key, ActivityView::listed))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Read an activity
///
/// With the members who were there and what you may do with its record now.
#[utoipa::path(tag = "activities",
    params(("activity_id" = Uuid, Path, description = "The activity")),
    responses((status = 200, description = "The activity", body = ActivityView)))]
#[get("/{activity_id}")]
pub async fn get_activity(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let conn = journal.db.read().await?;
    let held = actions::see_activity(&conn, &request.actor, request.id).await?;
    Ok(Answer::ok(held.0.version, &ActivityView::whole(&request.actor, held)?)?)
}

/// List an activity's events
///
/// What happened to its record, the oldest first: for whoever sees it.
#[utoipa::path(tag = "activities",
    params(("activity_id" = Uuid, Path, description = "The activity"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{activity_id}/events")]
pub async fn list_activity_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, page, .. } = request;
    let read = async move |conn: Conn<'_>, page: &Page| {
        actions::see_activity(conn, &actor, id).await?;
        let (rows, total) = feed::history_page(conn, actor.city, id, page).await?;
        Ok(page.listing(rows, total, feed::Event::key, EventView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Record an activity
///
/// By the committee's staff or the liaison centre, of a county's own committee also by the county's
/// staff, once it was held. A briefing (对口情况通报) is given by
/// a department that was the committee's counterpart on that day, to members of that day whom you see.
/// All that is wrong is named at once.
#[utoipa::path(tag = "activities", params(CreateHeaders), request_body = NewActivity,
    responses((status = 201, description = "The record", body = ActivityView)))]
#[post("")]
pub async fn record_activity(
    journal: Data<Journal>,
    request: Create<NewActivity>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let held = actions::record_activity(tx, &actor, body).await?;
        let (version, path) = (held.0.version, format!("/v1/activities/{}", held.0.id));
        Answer::created(version, path, &ActivityView::whole(&actor, held)?)
    });
    Ok(work.await?)
}

/// Void an activity
///
/// A record that was a mistake, with a reason: by who may record it. It stays readable; what was
/// otherwise is recorded anew.
#[utoipa::path(tag = "activities",
    params(("activity_id" = Uuid, Path, description = "The activity"), ChangeHeaders),
    request_body = VoidActivity,
    responses((status = 200, description = "The voided record", body = ActivityView)))]
#[post("/{activity_id}/void")]
pub async fn void_activity(
    journal: Data<Journal>,
    request: Change<VoidActivity>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let held = actions::void_activity(tx, &actor, id, body).await?;
        Answer::ok(held.0.version, &ActivityView::whole(&actor, held)?)
    });
    Ok(work.await?)
}
