//! What callers say and hear of visits.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::records::rules::{self, Form, MemberRole};
use crate::records::store::{VisitRow, Wanted};

/// A visit to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "plan_item_id": "018fdd15-6d00-709c-8da0-052c1d6911b9", "form": "visit",
    "member_role": "server", "started_at": "2026-12-08T09:30:00+08:00",
    "ended_at": "2026-12-08T11:00:00+08:00", "division_code": "230403",
    "place": "村委会", "summary": "了解春耕备耕情况,宣讲惠农政策"
}))]
pub struct NewVisit {
    /// Your own id for it.
    pub id: Option<Uuid>,
    /// The item of the member's approved plan that it carries out.
    pub plan_item_id: Uuid,
    /// Who was met; the item's contact unless told.
    pub contact_id: Option<Uuid>,
    /// In which way.
    pub form: Form,
    /// Channel; the item's unless told.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "talks")]
    pub channel_code: Option<String>,
    /// Must-visit; the item's unless told.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "villages")]
    pub must_visit_code: Option<String>,
    /// As what the member came.
    pub member_role: Option<MemberRole>,
    /// When it began; not in the future.
    pub started_at: DateTime<Utc>,
    /// When it ended; not in the future.
    pub ended_at: Option<DateTime<Utc>>,
    /// In which division of this city it took place.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403")]
    pub division_code: Option<String>,
    /// Where in it.
    #[schema(max_length = 200)]
    pub place: Option<String>,
    /// What was said and done.
    #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
    pub summary: String,
}

/// Why a record goes back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "请补充走访对象" }))]
pub struct SendBackVisit {
    /// What is missing.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
}

/// Why a record is void.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "重复登记" }))]
pub struct VoidVisit {
    /// What was the mistake.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
}

/// Which visits.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VisitFilter {
    /// Of this member.
    pub member_id: Option<Uuid>,
    /// In this state.
    #[param(pattern = "^(recorded|confirmed|sent_back|voided)$", max_length = 16)]
    pub state: Option<String>,
    /// Against this plan.
    pub plan_id: Option<Uuid>,
    /// With this contact.
    pub contact_id: Option<Uuid>,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// Before this day.
    pub until: Option<NaiveDate>,
    /// In this way.
    #[param(inline)]
    pub form: Option<Form>,
    /// Recorded or confirmed, so that it counts (`true`), or sent back or voided (`false`).
    pub counts: Option<bool>,
    /// By this channel.
    #[param(pattern = "^[a-z][a-z0-9_]{0,63}$", max_length = 64, example = "talks")]
    pub channel_code: Option<String>,
}

impl From<VisitFilter> for Wanted {
    fn from(filter: VisitFilter) -> Self {
        let VisitFilter { member_id, state, plan_id, contact_id, from, until, .. } = filter;
        let VisitFilter { form, counts, channel_code, .. } = filter;
        let form = form.map(|form| form.as_str().to_owned());
        Self { member_id, state, plan_id, contact_id, from, until, form, counts, channel_code }
    }
}

/// A visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitView {
    /// Which.
    pub id: Uuid,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Whose visit.
    pub member_id: Uuid,
    /// The account that recorded it.
    pub recorder_id: Uuid,
    /// The plan it carries out.
    pub plan_id: Uuid,
    /// Which item of it.
    pub plan_item_id: Uuid,
    /// Who was met.
    #[schema(required = true)]
    pub contact_id: Option<Uuid>,
    /// In which way.
    #[schema(value_type = Form)]
    pub form: String,
    /// Channel.
    #[schema(max_length = 64, example = "talks")]
    pub channel_code: String,
    /// Must-visit.
    #[schema(max_length = 64, required = true, example = "villages")]
    pub must_visit_code: Option<String>,
    /// As what the member came.
    #[schema(value_type = Option<MemberRole>, required = true)]
    pub member_role: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    #[schema(required = true)]
    pub ended_at: Option<DateTime<Utc>>,
    /// The city's day on which it began.
    pub visited_on: NaiveDate,
    /// In which division.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", required = true, example = "230403")]
    pub division_code: Option<String>,
    /// Where in it.
    #[schema(max_length = 200, required = true)]
    pub place: Option<String>,
    /// What was said and done.
    #[schema(max_length = 4000)]
    pub summary: String,
    /// Where the record stands.
    #[schema(value_type = rules::State)]
    pub state: String,
    /// Why it was sent back or voided.
    #[schema(max_length = 500, required = true)]
    pub reason: Option<String>,
    /// The account that confirmed, sent back or voided it.
    #[schema(required = true)]
    pub decided_by: Option<Uuid>,
    /// When.
    #[schema(required = true)]
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The list of issues raised from it that you see, with their number; only when one visit is
    /// read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, format = "uri-reference")]
    pub issues: Option<String>,
    /// What you may do now; only when one visit is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<rules::Action>>, max_items = 8)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

impl VisitView {
    /// As a list shows it.
    pub fn new(row: VisitRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            member_id: row.member_id,
            recorder_id: row.recorder_id,
            plan_id: row.plan_id,
            plan_item_id: row.plan_item_id,
            contact_id: row.contact_id,
            form: row.form,
            channel_code: row.channel_code,
            must_visit_code: row.must_visit_code,
            member_role: row.member_role,
            started_at: row.started_at,
            ended_at: row.ended_at,
            visited_on: row.visited_on,
            division_code: row.division_code.map(|code| code.to_string()),
            place: row.place,
            summary: row.summary,
            state: row.state,
            reason: row.reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            issues: None,
            allowed_actions: None,
        }
    }
}
