//! An entry of the journal as the API shows it: in the feed and in an object's history.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::feed::Event;

/// What it happened to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventObject {
    /// `issue`, `assignment`, `plan` …
    #[schema(max_length = 40, example = "issue")]
    pub kind: String,
    /// Which.
    pub id: Uuid,
    /// The version it made.
    #[schema(minimum = 1, example = 3)]
    pub version: i64,
}

/// Where it stood at that time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventPlaces {
    /// County; null at city level.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", required = true, example = "230403")]
    pub county_code: Option<String>,
    /// Special committee.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// Sector.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// Member.
    #[schema(required = true)]
    pub member_id: Option<Uuid>,
    /// Departments.
    #[schema(max_items = 200)]
    pub department_ids: Vec<Uuid>,
}

/// Something that happened. Never holds a personal value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Its place in the city's feed; null for the moment before it is published.
    #[schema(minimum = 1, required = true, example = 1158)]
    pub position: Option<i64>,
    /// The entry.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What happened: the object's noun, then what.
    #[schema(max_length = 80, example = "issue.dispatched")]
    pub kind: String,
    /// What kind of caller.
    #[schema(pattern = "^(account|client|public|scheduler)$", example = "account")]
    pub actor_kind: String,
    /// Who, where that is an account or a machine.
    #[schema(required = true)]
    pub actor_id: Option<Uuid>,
    /// For whom, where that is another.
    #[schema(required = true)]
    pub on_behalf_of: Option<Uuid>,
    /// To what.
    pub object: EventObject,
    /// Where.
    pub places: EventPlaces,
    /// The object's state afterwards; null once it was erased, and of accounts for who may not see them.
    #[schema(value_type = Option<Object>, required = true, example = json!({"state": "in_handling"}))]
    pub data: Option<Value>,
}

impl EventView {
    /// For who may know that it happened, and no more: neither state nor who stands behind it.
    pub fn without_data(self) -> Self {
        Self { data: None, actor_id: None, on_behalf_of: None, ..self }
    }
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
            object: EventObject {
                kind: event.object_kind,
                id: event.object_id,
                version: event.object_version,
            },
            places: EventPlaces {
                county_code: event.county_code.map(|code| format!("{code:06}")),
                committee_id: event.committee_id,
                sector_id: event.sector_id,
                member_id: event.member_id,
                department_ids: event.department_ids,
            },
            data: event.after,
        }
    }
}
