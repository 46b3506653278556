//! A person's contact points and identifiers: added, ended, voided.

use actix_web::post;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{EndBody, MistakeBody};
use super::persons::{ContactPointView, IdentifierView};
use crate::auth::{Change, Create};
use crate::chain::actions::{self, NewContactPoint};
use crate::chain::rules::persons::{ContactPointKind, Scheme};
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, CreateHeaders, Problem};

/// A way to reach a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "mobile", "value": "13900005678", "from": "2026-01-01" }))]
pub struct AddContactPointBody {
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// What it is.
    pub kind: ContactPointKind,
    /// As people write it.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "13900005678")]
    pub value: String,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The day after its last, where that is known.
    pub until: Option<NaiveDate>,
}

impl From<AddContactPointBody> for NewContactPoint {
    fn from(body: AddContactPointBody) -> Self {
        let AddContactPointBody { id, kind, value, from, until } = body;
        Self { id, kind, value, term: (from, until) }
    }
}

/// Add a contact point
///
/// A further way to reach the person, beside the first phone and address, which are changed with the
/// member or the contact. The same one twice on one day is an `overlap`. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person"), CreateHeaders),
    request_body = AddContactPointBody,
    responses((status = 201, description = "The contact point", body = ContactPointView)))]
#[post("/{person_id}/contact-points")]
pub async fn add_contact_point(
    journal: Data<Journal>,
    request: Create<AddContactPointBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::person_for(tx, &actor, id).await?;
        let (point, version) = actions::add_contact_point(tx, &row, body.into()).await?;
        let at = format!("/v1/persons/{}", row.id);
        Answer::created(version, at, &ContactPointView::new(true, point)?)
    });
    Ok(work.await?)
}

/// End a contact point
///
/// The person is reached by it until the day before. An end is brought forward, never put off.
/// `If-Match` takes the person's version. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person"),
        ("contact_point_id" = Uuid, Path, description = "The contact point"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "With its last day", body = ContactPointView)))]
#[post("/{person_id}/contact-points/{contact_point_id}/end")]
pub async fn end_contact_point(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::person_for(tx, &actor, id).await?;
        let (point, version) = actions::end_contact_point(tx, &row, sub_id, body.until).await?;
        Answer::ok(version, &ContactPointView::new(true, point)?)
    });
    Ok(work.await?)
}

/// Void a contact point
///
/// For one that was entered by mistake: it stays and counts no more. `If-Match` takes the person's
/// version. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person"),
        ("contact_point_id" = Uuid, Path, description = "The contact point"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided one", body = ContactPointView)))]
#[post("/{person_id}/contact-points/{contact_point_id}/void")]
pub async fn void_contact_point(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::person_for(tx, &actor, id).await?;
        let (point, version) = actions::void_contact_point(tx, &row, sub_id, &body.reason).await?;
        Answer::ok(version, &ContactPointView::new(true, point)?)
    });
    Ok(work.await?)
}

/// An identifier to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "scheme": "staff_number", "value": "A-1158" }))]
pub struct AddIdentifierBody {
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// What it is one of.
    pub scheme: Scheme,
    /// The value; letters of documents are kept as capitals.
    #[schema(min_length = 1, max_length = 64, pattern = r"^\S(.*\S)?$", example = "A-1158")]
    pub value: String,
}

/// Add an identifier
///
/// One value of a scheme belongs to one person of the city (`duplicate`); of identity cards a person has
/// one. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person"), CreateHeaders),
    request_body = AddIdentifierBody,
    responses((status = 201, description = "The identifier", body = IdentifierView)))]
#[post("/{person_id}/identifiers")]
pub async fn add_identifier(
    journal: Data<Journal>,
    request: Create<AddIdentifierBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let AddIdentifierBody { id: own, scheme, value } = body;
    let work = journal.write(&call, async |tx| {
        let row = actions::person_for(tx, &actor, id).await?;
        let (one, version) = actions::add_identifier(tx, &row, own, scheme, &value).await?;
        let at = format!("/v1/persons/{}", row.id);
        Answer::created(version, at, &IdentifierView::new(true, one)?)
    });
    Ok(work.await?)
}

/// Void an identifier
///
/// For one that was a mistake or is no longer theirs: it stays, and its value is free for somebody else.
/// `If-Match` takes the person's version. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person"),
        ("identifier_id" = Uuid, Path, description = "The identifier"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided identifier", body = IdentifierView)))]
#[post("/{person_id}/identifiers/{identifier_id}/void")]
pub async fn void_identifier(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::person_for(tx, &actor, id).await?;
        let (one, version) = actions::void_identifier(tx, &row, sub_id, &body.reason).await?;
        Answer::ok(version, &IdentifierView::new(true, one)?)
    });
    Ok(work.await?)
}
