//! Persons merged and unmerged.

use actix_web::post;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::persons::{PersonView, answer};
use crate::auth::{Change, NoBody};
use crate::chain::actions;
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, Problem};

/// Who somebody is the same as.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "into": "01890a5d-ac96-774b-bcce-b302099a8057" }))]
pub struct MergePersonBody {
    /// The person who stays.
    pub into: Uuid,
}

/// Merge a person into another
///
/// The two are one: members, contacts, the account, contact points and identifiers are the other's from
/// now on, and this id leads there. Name, first phone and first address stay with the id, in `merged`.
/// Refused where each has what a person has once: an account, membership on the same days, an identity
/// card. Within thirty days it may be undone. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person who goes"), ChangeHeaders),
    request_body = MergePersonBody,
    responses((status = 200, description = "The person who stays", body = PersonView)))]
#[post("/{person_id}/merge")]
pub async fn merge_person(
    journal: Data<Journal>,
    request: Change<MergePersonBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        actions::merge_person(tx, &actor, id, body.into).await?;
        answer(tx.conn, &actor, id, call.now).await
    });
    Ok(work.await?)
}

/// Undo a merge
///
/// At the id of who was merged, within thirty days: what the merge moved is theirs again, what came
/// since stays with the survivor. Where the survivor was merged into somebody since, that is undone
/// first (`merged_since`). `If-Match` takes the version that this id answers with, which is the
/// survivor's. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("person_id" = Uuid, Path, description = "The person who was merged"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The person as before", body = PersonView)))]
#[post("/{person_id}/unmerge")]
pub async fn unmerge_person(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        actions::unmerge_person(tx, &actor, id).await?;
        answer(tx.conn, &actor, id, call.now).await
    });
    Ok(work.await?)
}
