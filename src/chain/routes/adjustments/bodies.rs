//! What is said of a change of job or status.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::chain::actions::NewAdjustment;
use crate::chain::rules::adjustments::{Reason, Wanted};

/// Contacts of a member that change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = AdjustmentContactsBody)]
#[serde(deny_unknown_fields)]
pub struct ContactsBody {
    /// Contacts the member keeps in touch with until the day before.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub end: Vec<Uuid>,
    /// Contacts the member keeps in touch with from the day on.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub link: Vec<Uuid>,
}

/// What changes for one member: at least one of the three; who leaves changes nothing else.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentItemBody {
    /// The member; once in a report.
    pub member_id: Uuid,
    /// The sector they move to.
    pub sector_id: Option<Uuid>,
    /// Whether they leave: their last day is the day before.
    #[serde(default)]
    pub ends_term: bool,
    /// Contacts that change.
    #[serde(default)]
    #[schema(required = false)]
    pub contacts: ContactsBody,
}

impl From<AdjustmentItemBody> for (Uuid, Wanted) {
    fn from(body: AdjustmentItemBody) -> Self {
        let AdjustmentItemBody { member_id, sector_id, ends_term, contacts } = body;
        let ContactsBody { end, link } = contacts;
        (member_id, Wanted { sector_id, ends_term, end, link })
    }
}

/// A change of job or status to report.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "from": "2026-07-01", "reason": "job_change", "note": "调往市教育局工作",
    "items": [{ "member_id": "01856ad7-b680-7619-9aa9-7bc6f8754536",
        "sector_id": "01856ad7-b680-7021-bc20-4477c415459e" }] }))]
pub struct ReportAdjustmentBody {
    /// An id of your own (UUIDv7), for work without a connection.
    pub id: Option<Uuid>,
    /// The day on which all of it takes effect, past or to come.
    #[schema(example = "2026-07-01")]
    pub from: NaiveDate,
    /// Why.
    pub reason: Reason,
    /// Anything to add, as typed.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S", example = "调往市教育局工作")]
    pub note: Option<String>,
    /// What changes for whom; all of one committee.
    #[schema(min_items = 1, max_items = 200)]
    pub items: Vec<AdjustmentItemBody>,
}

impl From<ReportAdjustmentBody> for NewAdjustment {
    fn from(body: ReportAdjustmentBody) -> Self {
        let ReportAdjustmentBody { id, from, reason, note, items } = body;
        let items = items.into_iter().map(Into::into).collect();
        Self { id, from, reason, note, items }
    }
}

/// Why an adjustment is refused.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "请与原界别协商后再报" }))]
pub struct RefuseAdjustmentBody {
    /// As typed.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: String,
}
