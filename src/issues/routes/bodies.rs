//! What callers send.

mod public;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use public::{
    PublicAnswerBody, PublicIntakeBody, PublicReporterBody, PublicWithdrawBody, TrackingBody,
};

use crate::issues::rules::{Cause, Channel, ContactMode, Satisfaction, Shape, Urgency};
use crate::web::Patch;

/// Who reported it. All of it personal, kept apart from the issue; nothing of it is required.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "王秀兰", "phone": "13904680000"}))]
pub struct ReporterBody {
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", example = "王秀兰")]
    pub name: Option<String>,
    /// Phone.
    #[schema(
        min_length = 5,
        max_length = 32,
        pattern = "^[+() -]*([0-9][+() -]*){5,32}$",
        example = "13904680000"
    )]
    pub phone: Option<String>,
    /// Address.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "红旗路 12 号")]
    pub address: Option<String>,
    /// The contact (界别群众联系人) it is.
    pub contact_id: Option<Uuid>,
}

/// A new draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "小区路灯不亮", "body": "红旗路 12 号院内三盏路灯已半月不亮。", "category": "roads",
    "urgency": "suggestion_complaint", "channel": "visit", "division_code": "230403",
    "reporter": {"name": "王秀兰", "phone": "13904680000"}
}))]
pub struct CreateIssueBody {
    /// Your own id (UUIDv7), for what was written down offline.
    pub id: Option<Uuid>,
    /// In one line.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "小区路灯不亮")]
    pub title: String,
    /// What it is about.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S", example = "三盏路灯已半月不亮。")]
    pub body: String,
    /// A code of the city's list `issue_category`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_]{1,40}$", example = "roads")]
    pub category: String,
    /// Proposed; confirmed at acceptance.
    pub urgency: Urgency,
    /// How it came in.
    pub channel: Channel,
    /// The division it is about, in this city.
    #[schema(min_length = 6, max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403")]
    pub division_code: String,
    /// Where exactly.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "红旗路 12 号院")]
    pub place: Option<String>,
    /// Its sector, where it is no member's.
    pub sector_id: Option<Uuid>,
    /// Whose it is; a member's own unless told.
    pub member_id: Option<Uuid>,
    /// The visit it came from; kept for good.
    pub source_visit_id: Option<Uuid>,
    /// Who reported it.
    #[serde(default)]
    #[schema(required = false)]
    pub reporter: ReporterBody,
}

/// What changes of the reporter: absent leaves, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": "13904680001"}))]
pub struct ReporterPatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, pattern = r"\S")]
    pub name: Patch<String>,
    /// Phone.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 5, max_length = 32, pattern = "^[+() -]*([0-9][+() -]*){5,32}$")]
    pub phone: Patch<String>,
    /// Address.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, pattern = r"\S")]
    pub address: Patch<String>,
}

/// What changes of a draft: absent leaves, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "小区三盏路灯不亮", "place": null}))]
pub struct UpdateIssueBody {
    /// In one line.
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: Option<String>,
    /// What it is about.
    #[schema(nullable = false, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub body: Option<String>,
    /// A code of the city's list `issue_category`.
    #[schema(nullable = false, min_length = 1, max_length = 40, pattern = "^[a-z0-9_]{1,40}$")]
    pub category: Option<String>,
    /// Proposed urgency.
    #[schema(nullable = false)]
    pub urgency: Option<Urgency>,
    /// The division it is about, in this city.
    #[schema(nullable = false, min_length = 6, max_length = 12, pattern = "^[0-9]{6,12}$")]
    pub division_code: Option<String>,
    /// Where exactly.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, pattern = r"\S")]
    pub place: Patch<String>,
    /// Its sector.
    #[schema(nullable = false)]
    pub sector_id: Option<Uuid>,
    /// Who reported it.
    #[schema(nullable = false)]
    pub reporter: Option<ReporterPatch>,
}

/// Why it is not for us.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason_code": "litigation"}))]
pub struct RejectBody {
    /// A code of the city's list `reject_reason`, whose note says where to go instead.
    #[schema(
        min_length = 1,
        max_length = 40,
        pattern = "^[a-z0-9_]{1,40}$",
        example = "litigation"
    )]
    pub reason_code: String,
    /// More words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub note: Option<String>,
}

/// What screening found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category": "roads", "urgency": "suggestion_complaint"}))]
pub struct AcceptBody {
    /// Confirmed category: a code of the city's list `issue_category`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_]{1,40}$", example = "roads")]
    pub category: String,
    /// Confirmed urgency: it sets every duration from here on.
    pub urgency: Urgency,
    /// Corrected division.
    #[schema(min_length = 6, max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403")]
    pub division_code: Option<String>,
    /// Corrected sector.
    pub sector_id: Option<Uuid>,
}

/// One department's part.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"department_id": "01856ad7-b680-7069-8ceb-8e193e00dc2a", "note": "请现场查看"}))]
pub struct DispatchOrder {
    /// To whom.
    pub department_id: Uuid,
    /// What to heed.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub note: Option<String>,
}

/// To whom it goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "shape": "sole", "assignments": [{"department_id": "01856ad7-b680-7069-8ceb-8e193e00dc2a"}]
}))]
pub struct DispatchBody {
    /// One department alone, or several separately.
    pub shape: Shape,
    /// One, or at least two.
    #[schema(min_items = 1, max_items = 20)]
    pub assignments: Vec<DispatchOrder>,
}

/// Which replies go back, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "未说明完成时间"}))]
pub struct SendBackBody {
    /// These work orders; all that replied where absent.
    #[schema(min_items = 1, max_items = 20)]
    pub assignment_ids: Option<Vec<Uuid>>,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "未说明完成时间")]
    pub reason: String,
}

/// What the reporter says of the outcome.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"solved": true, "satisfaction": "satisfied"}))]
pub struct Answered {
    /// Whether it is solved.
    pub solved: bool,
    /// How satisfied.
    pub satisfaction: Satisfaction,
    /// Why not, exactly when dissatisfied.
    pub cause: Option<Cause>,
    /// In the reporter's words.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub text: Option<String>,
}

/// An attempt to reach the reporter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"at": "2026-03-02T01:30:00Z", "mode": "phone", "reached": false}))]
pub struct AttemptBody {
    /// When.
    #[schema(example = "2026-03-02T01:30:00Z")]
    pub at: DateTime<Utc>,
    /// How.
    pub mode: ContactMode,
    /// Whether the reporter was reached.
    pub reached: bool,
}

/// Until when what was promised is followed up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"follow_up_on": "2026-09-30"}))]
pub struct TrackBody {
    /// After today, within twelve months.
    #[schema(example = "2026-09-30")]
    pub follow_up_on: NaiveDate,
}

/// Why it ends although the reporter is dissatisfied.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "需待上级规划批复"}))]
pub struct ObjectiveBody {
    /// Told to the reporter.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "需待上级规划批复")]
    pub reason: String,
}

/// Why it is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "已自行解决"}))]
pub struct WithdrawBody {
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "已自行解决")]
    pub reason: Option<String>,
}
