//! How a change of job or status is answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{Actor, Noun, policy};
use crate::chain::actions;
use crate::chain::rules::adjustments as rules;
use crate::chain::store::{AdjustmentItemRow, AdjustmentRow};
use crate::error::Result;

/// Contacts of a member that change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AdjustmentContacts)]
pub struct ContactsView {
    /// Ended the day before.
    #[schema(max_items = 50)]
    pub end: Vec<Uuid>,
    /// Linked from the day on.
    #[schema(max_items = 50)]
    pub link: Vec<Uuid>,
}

/// What became of one member's change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AdjustmentResult)]
pub struct ResultView {
    /// waiting until it takes effect, and for ever where it does not; `failed` on the items for which
    /// the whole did not fit
    #[schema(value_type = rules::Outcome)]
    pub outcome: String,
    /// Why it did not fit: a code of `errors[]`.
    #[schema(max_length = 64, required = true, example = "has_left")]
    pub code: Option<String>,
    /// The version of the member that it made.
    #[schema(minimum = 1, required = true)]
    pub member_version: Option<i64>,
}

/// What changes for one member.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AdjustmentItem)]
pub struct ItemView {
    /// The member.
    pub member_id: Uuid,
    /// The sector they move to.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// Whether they leave.
    pub ends_term: bool,
    /// Contacts that change.
    pub contacts: ContactsView,
    /// What became of it.
    pub result: ResultView,
}

impl From<AdjustmentItemRow> for ItemView {
    fn from(row: AdjustmentItemRow) -> Self {
        Self {
            member_id: row.member_id,
            sector_id: row.to_sector_id,
            ends_term: row.ends_term,
            contacts: ContactsView { end: row.end_contacts, link: row.link_contacts },
            result: ResultView {
                outcome: row.outcome,
                code: row.failure_code,
                member_version: row.member_version,
            },
        }
    }
}

/// A reported change of job or status.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Adjustment)]
pub struct AdjustmentView {
    /// Which.
    pub id: Uuid,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Where it stands.
    #[schema(value_type = rules::State)]
    pub state: String,
    /// The day on which all of it takes effect.
    pub from: NaiveDate,
    /// Why.
    #[schema(value_type = rules::Reason)]
    pub reason: String,
    /// The committee in which its members stood.
    pub committee_id: Uuid,
    /// The member, where it is about one.
    #[schema(required = true)]
    pub member_id: Option<Uuid>,
    /// How many members change.
    #[schema(minimum = 1, maximum = 200)]
    pub members: i16,
    /// The account that reported it.
    pub reporter_id: Uuid,
    /// When the committee checked it.
    #[schema(required = true)]
    pub checked_at: Option<DateTime<Utc>>,
    /// By which account.
    #[schema(required = true)]
    pub checked_by: Option<Uuid>,
    /// When it was approved or refused.
    #[schema(required = true)]
    pub decided_at: Option<DateTime<Utc>>,
    /// By which account.
    #[schema(required = true)]
    pub decided_by: Option<Uuid>,
    /// When it took effect.
    #[schema(required = true)]
    pub applied_at: Option<DateTime<Utc>>,
    /// Why it did not fit on its day: a code of `errors[]`.
    #[schema(max_length = 64, required = true, example = "has_left")]
    pub failure_code: Option<String>,
    /// When it was reported.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// As typed; only when one is read, and for those who see all its items: it may name anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, example = "调往市教育局工作")]
    pub note: Option<String>,
    /// Why it was refused; only when one is read, and for those who see all its items.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, example = "请与原界别协商后再报")]
    pub refusal: Option<String>,
    /// Those of members you see; only when one is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub items: Option<Vec<ItemView>>,
    /// Where what its members still hold is listed; only when one is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        max_length = 80,
        format = "uri-reference",
        example = "/v1/open-work?adjustment_id=019094f3-6ee0-7000-b1fc-cafbbc24bc91"
    )]
    pub open_work: Option<String>,
    /// What you may do now; only when one is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<rules::Action>>, max_items = 8)]
    pub allowed_actions: Option<Vec<&'static str>>,
}

impl AdjustmentView {
    /// As it stands in lists.
    pub fn new(row: AdjustmentRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            state: row.state,
            from: row.from_on,
            reason: row.reason,
            committee_id: row.committee_id,
            member_id: row.member_id,
            members: row.members,
            reporter_id: row.reporter_id,
            checked_at: row.checked_at,
            checked_by: row.checked_by,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
            applied_at: row.applied_at,
            failure_code: row.failure_code,
            created_at: row.created_at,
            updated_at: row.updated_at,
            note: None,
            refusal: None,
            items: None,
            open_work: None,
            allowed_actions: None,
        }
    }

    /// As `actor` reads the one.
    pub fn whole(
        actor: &Actor,
        mut row: AdjustmentRow,
        items: Vec<AdjustmentItemRow>,
    ) -> Result<Self> {
        let parts = actions::adjustment_parts(actor, &row);
        let allowed_actions = Some(rules::allowed_actions(row.state()?, &parts));
        let all = items_seen(actor, &row, &items) == items.len();
        let seen = items.into_iter().filter(|item| sees_item(actor, &row, item));
        let items = Some(seen.map(ItemView::from).collect());
        let open_work = Some(format!("/v1/open-work?adjustment_id={}", row.id));
        // What was typed may name those whom this reader does not see.
        let (note, refusal) = (row.note.take().filter(|_| all), row.refusal.take().filter(|_| all));
        Ok(Self { note, refusal, items, open_work, allowed_actions, ..Self::new(row) })
    }
}

fn sees_item(actor: &Actor, row: &AdjustmentRow, item: &AdjustmentItemRow) -> bool {
    row.reporter_id == actor.id
        || policy::sees(actor, Noun::Adjustment, &item.places(row.committee_id))
}

/// How many of the items `actor` sees.
pub fn items_seen(actor: &Actor, row: &AdjustmentRow, items: &[AdjustmentItemRow]) -> usize {
    items.iter().filter(|item| sees_item(actor, row, item)).count()
}
