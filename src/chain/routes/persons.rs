//! Persons: read by id, and found by an identifier or a phone.

pub mod lists;
pub mod views;

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use views::{ContactPointView, IdentifierView, PersonView};

use super::AsOf;
use crate::auth::{Actor, Create, Read, policy};
use crate::chain::actions::{self, KEEPERS};
use crate::chain::rules::persons::{Refusal, Scheme};
use crate::chain::store;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::web::{Answer, Problem};
use crate::workdays::local_date;

/// What `actor` reads at the id of a person.
pub(super) async fn answer(
    conn: Conn<'_>,
    actor: &Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Answer> {
    let seen = actions::see_person(conn, actor, id, local_date(now)).await?;
    let version = seen.row.version;
    Answer::ok(version, &PersonView::of(conn, actor, seen).await?)
}

/// Get a person
///
/// Who somebody is, apart from being a member, a contact or both and from an account. For who sees one
/// of these members or contacts, and for the person. The id of somebody who was merged answers with
/// who they became: `id` is another then, and `merged_from` the one asked for. Numbers and addresses
/// are masked unless you keep the chain or they are your own. With a day, what they are and how they
/// are reached on it: their name, first phone and address are those of today.
#[utoipa::path(tag = "chain", params(("person_id" = Uuid, Path, description = "The person"), AsOf),
    responses((status = 200, description = "The person", body = PersonView)))]
#[get("/{person_id}")]
pub async fn get_person(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let Read { actor, id, query, now, .. } = request;
    let conn = journal.db.read().await?;
    let mut seen = actions::see_person(&conn, &actor, id, local_date(now)).await?;
    let version = seen.row.version;
    seen.members.retain(|row| query.shows(row.from_on, row.until_on));
    seen.contacts.retain(|row| query.shows(row.from_on, row.until_on));
    let mut view = PersonView::of(&conn, &actor, seen).await?;
    let is_whole = query.as_of.is_none();
    let stands = |point: &ContactPointView| {
        is_whole || point.voided_at.is_none() && query.shows(point.from, point.until)
    };
    view.contact_points.retain(stands);
    Ok(Answer::ok(version, &view)?)
}

/// What to find persons by: an identifier or a phone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "phone": "13904680000" }))]
pub struct FindPersonsBody {
    /// An identifier: its scheme and value.
    pub identifier: Option<IdentifierSought>,
    /// A phone, with +86 or without, with signs between or without.
    #[schema(min_length = 5, max_length = 32, pattern = "^[+() -]*([0-9][+() -]*){5,32}$")]
    pub phone: Option<String>,
}

/// An identifier to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifierSought {
    /// What it is one of.
    pub scheme: Scheme,
    /// The value.
    #[schema(min_length = 1, max_length = 64, pattern = r"^\S(.*\S)?$")]
    pub value: String,
}

/// Who was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonsFound {
    /// The persons; nobody where none is known.
    #[schema(max_items = 50)]
    pub data: Vec<PersonView>,
}

/// Persons of one number; more are one office's.
const MOST: i64 = 50;

/// Find persons
///
/// By an identifier or by a phone, of those that stand; who was merged is found as who they became.
/// Reads and keeps nothing: it is a POST so that what is looked for stands in no URL. At most 50. For
/// those who keep the chain.
#[utoipa::path(tag = "chain", request_body = FindPersonsBody,
    responses((status = 200, description = "Who was found", body = PersonsFound)))]
#[post("/find")]
pub async fn find_persons(
    journal: Data<Journal>,
    request: Create<FindPersonsBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let conn = journal.db.read().await?;
    let ids = match (body.identifier, body.phone) {
        (Some(IdentifierSought { scheme, value }), None) => {
            let value = scheme.normal(&value);
            store::find_by_identifier(&conn, actor.city, scheme.as_str(), value).await?
        }
        (None, Some(phone)) => store::find_by_phone(&conn, actor.city, phone, MOST).await?,
        _ => return Err(Error::invalid(vec![Refusal::FindByOne.into()]).into()),
    };
    let mut data = Vec::new();
    for id in ids {
        let seen = actions::see_person(&conn, &actor, id, local_date(call.now)).await?;
        data.push(PersonView::of(&conn, &actor, seen).await?);
    }
    Ok(Answer::plain(&PersonsFound { data })?)
}
