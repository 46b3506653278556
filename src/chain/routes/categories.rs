//! The city's own categories of contacts.

use actix_web::post;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Create, policy};
use crate::chain::CATEGORIES;
use crate::chain::actions::{self, KEEPERS, NewCategory};
use crate::error::Result;
use crate::journal::Journal;
use crate::web::{Answer, CreateHeaders, Problem};

/// A category of contacts, beside key_enterprise, community and village.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "school", "label_zh": "学校负责人", "label_en": "head of a school" }))]
pub struct ContactCategoryBody {
    /// A stable word.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "school"
    )]
    pub code: String,
    /// Chinese.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$", example = "学校负责人")]
    pub label_zh: String,
    /// English.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^\S(.*\S)?$",
        example = "head of a school"
    )]
    pub label_en: String,
}

/// Add a category of contacts
///
/// Adds to the city's own list `contact_category`, which `GET /v1/codes` shows beside the built-in one.
/// Contacts of it are entered, listed, counted and imported as those of the others. It stays. For those
/// who keep the chain.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = ContactCategoryBody,
    responses((status = 201, description = "The category", body = ContactCategoryBody)))]
#[post("/categories")]
pub async fn add_contact_category(
    journal: Data<Journal>,
    request: Create<ContactCategoryBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let work = journal.write(&call, async |tx| {
        let ContactCategoryBody { code, label_zh, label_en } = body.clone();
        actions::add_category(tx, NewCategory { code, label_zh, label_en }).await?;
        Answer::created(1, format!("/v1/codes?list={CATEGORIES}"), &body)
    });
    Ok(work.await?)
}
