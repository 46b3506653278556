//! An event as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::journal::feed::Event;

/// Something that happened to one version of one object. Personal values are never in it: a changed
/// personal field reads `"changed"`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Its place in the feed; null until it is published.
    #[schema(required = true, minimum = 1, example = 1158)]
    pub position: Option<i64>,
    /// The event.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The object's noun, then what happened.
    #[schema(max_length = 64, example = "issue.dispatched")]
    pub kind: String,
    /// What kind of caller: `account`, `client`, `public` or `scheduler`.
    #[schema(max_length = 9, pattern = "^(account|client|public|scheduler)$", example = "account")]
    pub actor_kind: String,
    /// Which account or client.
    #[schema(required = true)]
    pub actor_id: Option<Uuid>,
    /// The member for whom it was done, where that is another.
    #[schema(required = true)]
    pub on_behalf_of: Option<Uuid>,
    /// To what kind of object.
    #[schema(max_length = 64, example = "issue")]
    pub object_kind: String,
    /// To which.
    pub object_id: Uuid,
    /// The version it made.
    #[schema(minimum = 1, example = 4)]
    pub object_version: i64,
    /// The object's county at that time.
    #[schema(required = true, max_length = 6, pattern = "^[0-9]{6}$", example = "230404")]
    pub county_code: Option<String>,
    /// The object's committee at that time.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// The object's sector at that time.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// The object's member at that time.
    #[schema(required = true)]
    pub member_id: Option<Uuid>,
    /// The departments it had been assigned to.
    #[schema(max_items = 200)]
    pub department_ids: Vec<Uuid>,
    /// Codes, ids, dates and states after it.
    #[schema(required = true, value_type = Option<Object>)]
    pub after: Option<Value>,
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        Self {
            position: event.position,
            id: event.id,
            at: event.at,
            kind: event.kind,
            actor_kind: event.actor_kind,
            actor_id: event.actor_id,
            on_behalf_of: event.on_behalf_of,
            object_kind: event.object_kind,
            object_id: event.object_id,
            object_version: event.object_version,
            county_code: event.county_code.map(|code| code.to_string()),
            committee_id: event.committee_id,
            sector_id: event.sector_id,
            member_id: event.member_id,
            department_ids: event.department_ids,
            after: event.after,
        }
    }
}
