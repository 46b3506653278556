//! Operations on plans.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{Actor, Change, Create, List, NoBody, Noun, Read, policy};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::plans::actions;
use crate::plans::rules::{self, OwnerKind, PeriodKind};
use crate::plans::store::plans::{self as store, ItemRow, PlanRow, Wanted};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Patch, Problem};

/// Something to plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NewPlanItem)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Your own id for it; a change keeps the items whose id it repeats.
    pub id: Option<Uuid>,
    /// One of the scheme's channels.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "talks")]
    pub channel_code: String,
    /// One of the scheme's must-visits.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "villages")]
    pub must_visit_code: Option<String>,
    /// A contact of the member.
    pub contact_id: Option<Uuid>,
    /// A day of the period.
    pub planned_on: Option<NaiveDate>,
    /// What it is about.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "走访帮扶村屯")]
    pub subject: String,
}

/// A plan to draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "owner_kind": "member", "owner_id": "01856ad7-b680-7619-9aa9-7bc6f8754536",
    "period_kind": "month", "period_start": "2026-12-01", "note": null,
    "items": [{"channel_code": "talks", "must_visit_code": "villages",
               "planned_on": "2026-12-08", "subject": "走访帮扶村屯"}]
}))]
pub struct NewPlan {
    /// Your own id for it.
    pub id: Option<Uuid>,
    /// Whose.
    pub owner_kind: OwnerKind,
    /// The member, committee or party branch.
    pub owner_id: Uuid,
    /// How long.
    pub period_kind: PeriodKind,
    /// The first day of the month or year; not one that is past.
    pub period_start: NaiveDate,
    /// Anything to add.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// What is planned.
    #[schema(max_items = 50)]
    pub items: Vec<NewItem>,
}

/// A change of a plan.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "note": "推迟一周" }))]
pub struct PlanPatch {
    /// Anything to add; null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub note: Patch<String>,
    /// All items from now on; absent leaves them.
    #[serde(default)]
    #[schema(value_type = Vec<NewItem>, required = false, max_items = 50)]
    pub items: Patch<Vec<NewItem>>,
}

/// Why a plan goes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "请补充必访对象" }))]
pub struct SendBackPlan {
    /// What to change.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
}

/// Which plans.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PlanFilter {
    /// Of this kind of owner.
    #[param(pattern = "^(member|committee|party_branch)$", max_length = 16)]
    pub owner_kind: Option<String>,
    /// Of this owner.
    pub owner_id: Option<Uuid>,
    /// Whose period starts on this day.
    pub period_start: Option<NaiveDate>,
    /// In this state.
    #[param(pattern = "^(draft|submitted|approved|sent_back|closed)$", max_length = 16)]
    pub state: Option<String>,
}

/// One thing that is planned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanItem {
    /// Which.
    pub id: Uuid,
    /// Channel.
    #[schema(max_length = 64, example = "talks")]
    pub channel_code: String,
    /// Must-visit.
    #[schema(max_length = 64, required = true, example = "villages")]
    pub must_visit_code: Option<String>,
    /// With whom.
    #[schema(required = true)]
    pub contact_id: Option<Uuid>,
    /// When.
    #[schema(required = true)]
    pub planned_on: Option<NaiveDate>,
    /// What it is about.
    #[schema(max_length = 500)]
    pub subject: String,
}

/// A plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanView {
    /// Which.
    pub id: Uuid,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Whose.
    #[schema(value_type = OwnerKind)]
    pub owner_kind: String,
    /// The member, committee or party branch.
    pub owner_id: Uuid,
    /// How long.
    #[schema(value_type = PeriodKind)]
    pub period_kind: String,
    /// The first day of the period.
    pub period_start: NaiveDate,
    /// The first day after the period.
    pub period_end: NaiveDate,
    /// The scheme its codes come from.
    pub scheme_id: Uuid,
    /// Where it stands.
    #[schema(value_type = rules::State)]
    pub state: String,
    /// Whether it was first submitted after the scheme's `plan_due_day` of its first month.
    pub late: bool,
    /// Anything to add.
    #[schema(max_length = 2000, required = true)]
    pub note: Option<String>,
    /// Why it was sent back.
    #[schema(max_length = 500, required = true)]
    pub send_back_reason: Option<String>,
    /// The account that wrote it down.
    pub recorder_id: Uuid,
    /// When it was last submitted.
    #[schema(required = true)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was approved or sent back.
    #[schema(required = true)]
    pub decided_at: Option<DateTime<Utc>>,
    /// By which account.
    #[schema(required = true)]
    pub decided_by: Option<Uuid>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What is planned; only when one plan is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub items: Option<Vec<PlanItem>>,
    /// What you may do now; only when one plan is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<rules::Action>>, max_items = 8)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

impl PlanView {
    fn new(row: PlanRow) -> Self {
        Self {
            period_end: row.period_end(),
            id: row.id,
            version: row.version,
            owner_kind: row.owner_kind,
            owner_id: row.owner_id,
            period_kind: row.period_kind,
            period_start: row.period_start,
            scheme_id: row.scheme_id,
            state: row.state,
            late: row.late,
            note: row.note,
            send_back_reason: row.send_back_reason,
            recorder_id: row.recorder_id,
            submitted_at: row.submitted_at,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            items: None,
            allowed_actions: None,
        }
    }
}

async fn view(conn: Conn<'_>, actor: &Actor, now: DateTime<Utc>, row: PlanRow) -> Result<PlanView> {
    let items = store::items(conn, row.city_code, row.id).await?;
    let item =
        |ItemRow { id, channel_code, must_visit_code, contact_id, planned_on, subject, .. }| {
            PlanItem { id, channel_code, must_visit_code, contact_id, planned_on, subject }
        };
    let allowed_actions =
        rules::allowed_actions(row.state()?, &actions::parts(actor, &row), row.is_over(now));
    Ok(PlanView {
        items: Some(items.into_iter().map(item).collect()),
        allowed_actions: Some(allowed_actions),
        ..PlanView::new(row)
    })
}

/// List plans
///
/// The plans you see, newest first: a member their own, a convener the sector's, a committee its
/// sectors', the liaison centre the city's. Without items.
#[utoipa::path(tag = "plans", params(PlanFilter, ListQuery),
    responses((status = 200, description = "A page of plans", body = Listing<PlanView>)))]
#[get("")]
pub async fn list_plans(
    journal: Data<Journal>,
    request: List<PlanFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let PlanFilter { owner_kind, owner_id, period_start, state } = filters;
    let wanted = Wanted { owner_kind, owner_id, period_start, state };
    let sight = policy::sight(&actor, Noun::Plan);
    let key = |row: &PlanRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::list(conn, actor.city, &sight, wanted.clone(), page).await?;
        Ok(page.listing(rows, total, key, PlanView::new))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Read a plan
///
/// With its items and what you may do with it now.
#[utoipa::path(tag = "plans", params(("plan_id" = Uuid, Path, description = "The plan")),
    responses((status = 200, description = "The plan", body = PlanView)))]
#[get("/{plan_id}")]
pub async fn get_plan(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let actor = request.actor;
    let conn = journal.db.read().await?;
    let row = store::get(&conn, actor.city, request.id).await?;
    if !policy::sees(&actor, Noun::Plan, &row.places()) {
        return Err(Error::not_found().into());
    }
    Ok(Answer::ok(row.version, &view(&conn, &actor, request.now, row).await?)?)
}

/// Draft a plan
///
/// By the member for themselves, or for an owner by the convener, the committee's staff or the
/// liaison centre. One plan an owner and period; codes are those of the 1158 scheme in force on the
/// period's first day; a member's contacts must be linked to the member.
#[utoipa::path(tag = "plans", params(CreateHeaders), request_body = NewPlan,
    responses((status = 201, description = "The draft", body = PlanView)))]
#[post("")]
pub async fn create_plan(
    journal: Data<Journal>,
    request: Create<NewPlan>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (row, _) = actions::create_plan(tx, &actor, body).await?;
        let location = format!("/v1/plans/{}", row.id);
        Answer::created(row.version, location, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}

/// Change a plan
///
/// While it is a draft or was sent back, by its owner or whoever wrote it down. `items` stands for
/// all items; those whose id is repeated stay the same items.
#[utoipa::path(tag = "plans",
    params(("plan_id" = Uuid, Path, description = "The plan"), ChangeHeaders),
    request_body = PlanPatch,
    responses((status = 200, description = "The plan after the change", body = PlanView)))]
#[patch("/{plan_id}")]
pub async fn update_plan(
    journal: Data<Journal>,
    request: Change<PlanPatch>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::update_plan(tx, &actor, id, body).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}

/// Submit a plan
///
/// By its owner or whoever wrote it down; it needs at least one item. It is late when it is first
/// submitted after its scheme's `plan_due_day` of the period's first month; once the period is over
/// it is refused.
#[utoipa::path(tag = "plans",
    params(("plan_id" = Uuid, Path, description = "The plan"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The submitted plan", body = PlanView)))]
#[post("/{plan_id}/submit")]
pub async fn submit_plan(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::submit_plan(tx, &actor, id).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}

/// Approve a plan
///
/// By the sector's convener or the committee's staff; a committee's own plan, or a party branch's,
/// by the liaison centre. Never by its owner or whoever wrote it down, nor once the period is over.
/// Visits may be recorded against it from then on.
#[utoipa::path(tag = "plans",
    params(("plan_id" = Uuid, Path, description = "The plan"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The approved plan", body = PlanView)))]
#[post("/{plan_id}/approve")]
pub async fn approve_plan(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::approve_plan(tx, &actor, id).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}

/// Send a plan back
///
/// With a reason, by whoever might approve it. Its owner changes it and submits it again.
#[utoipa::path(tag = "plans",
    params(("plan_id" = Uuid, Path, description = "The plan"), ChangeHeaders),
    request_body = SendBackPlan,
    responses((status = 200, description = "The plan, sent back", body = PlanView)))]
#[post("/{plan_id}/send_back")]
pub async fn send_back_plan(
    journal: Data<Journal>,
    request: Change<SendBackPlan>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::send_back_plan(tx, &actor, id, body).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}
