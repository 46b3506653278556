//! What is said of an organisation to enter or to change, and of how something ends.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::members::change;
use crate::auth::Actor;
use crate::chain::actions::{self, NewOrganization, OrganizationChange};
use crate::chain::kinds::OrgKind;
use crate::chain::store::Org;
use crate::error::Result;
use crate::journal::Tx;
use crate::web::Patch;

/// An organisation to enter, of the kind that the path names.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "science", "name": "科技委员会", "position": 8, "from": "2026-01-01" }))]
pub struct CreateNounBody {
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// A stable word, one among its kind and county on each day.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "science"
    )]
    pub code: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "科技委员会")]
    pub name: String,
    /// What it belongs to.
    pub parent_id: Option<Uuid>,
    /// Null at city level.
    #[schema(min_length = 6, max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Its place among its kind.
    #[schema(minimum = 0, maximum = 32767, example = 8)]
    pub position: i16,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
}

impl CreateNounBody {
    /// The county it is to belong to.
    pub(super) fn county(&self) -> Option<i32> {
        self.county_code.as_ref().and_then(|code| code.parse().ok())
    }

    /// Enters it as one of `kind`, beneath what `actor` reads.
    pub(super) async fn enter(self, tx: &mut Tx<'_>, actor: &Actor, kind: OrgKind) -> Result<Org> {
        if let Some(parent) = self.parent_id {
            actions::refers_to_organization(tx, actor, "/parent_id", parent).await?;
        }
        let new = NewOrganization {
            id: self.id,
            kind,
            code: &self.code,
            name: &self.name,
            position: self.position,
            parent: self.parent_id,
            county: self.county(),
            from: self.from,
        };
        actions::create_organization(tx, new).await
    }
}

/// An organisation to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "party_branch", "code": "branch_one", "name": "第一功能型党支部", "position": 1, "from": "2026-01-01" }))]
pub struct CreateOrganizationBody {
    /// What it is.
    pub kind: OrgKind,
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// A stable word, one among its kind and county on each day.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "branch_one"
    )]
    pub code: String,
    /// Its name.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^\S(.*\S)?$",
        example = "第一功能型党支部"
    )]
    pub name: String,
    /// What it belongs to.
    pub parent_id: Option<Uuid>,
    /// Null at city level.
    #[schema(min_length = 6, max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Its place among its kind.
    #[schema(minimum = 0, maximum = 32767, example = 1)]
    pub position: i16,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
}

impl From<CreateOrganizationBody> for CreateNounBody {
    fn from(body: CreateOrganizationBody) -> Self {
        let CreateOrganizationBody {
            id, code, name, parent_id, county_code, position, from, ..
        } = body;
        Self { id, code, name, parent_id, county_code, position, from }
    }
}

/// What is new about an organisation (RFC 7396: null clears).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "科教委员会", "position": 9 }))]
pub struct UpdateOrganizationBody {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub name: Patch<String>,
    /// Its place among its kind.
    #[serde(default)]
    #[schema(value_type = i16, required = false, minimum = 0, maximum = 32767)]
    pub position: Patch<i16>,
    /// What it belongs to; null: to nothing.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>, required = false)]
    pub parent_id: Patch<Uuid>,
}

impl From<UpdateOrganizationBody> for OrganizationChange {
    fn from(body: UpdateOrganizationBody) -> Self {
        Self {
            name: change(body.name).flatten(),
            position: change(body.position).flatten(),
            parent: change(body.parent_id),
        }
    }
}

/// When something ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "until": "2027-01-01" }))]
pub struct EndBody {
    /// The day after the last.
    #[schema(example = "2027-01-01")]
    pub until: NaiveDate,
}

/// Why something was a mistake.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "entered_twice" }))]
pub struct MistakeBody {
    /// wrong_entry, wrong_dates or entered_twice
    #[schema(
        min_length = 1,
        max_length = 16,
        pattern = "^(wrong_entry|wrong_dates|entered_twice)$",
        example = "entered_twice"
    )]
    pub reason: String,
}
