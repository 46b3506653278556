//! Committees as they are entered, changed and ended; read, they stand in `organizations`.

use actix_web::web::Data;
use actix_web::{patch, post};

use super::bodies::{CreateNounBody, EndBody, MistakeBody, UpdateOrganizationBody};
use super::organizations::OrganizationView;
use crate::auth::{Change, Create};
use crate::chain::actions;
use crate::chain::kinds::OrgKind;
use crate::error::Result;
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, CreateHeaders, Problem};

/// Enter a committee
///
/// Enters a special committee from its first day; it ends no later than what it belongs to. For those who
/// keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreateNounBody,
    responses((status = 201, description = "The committee", body = OrganizationView)))]
#[post("")]
pub async fn create_committee(
    journal: Data<Journal>,
    request: Create<CreateNounBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    actions::may_organize(&actor, body.county())?;
    let work = journal.write(&call, async |tx| {
        let row = body.enter(tx, &actor, OrgKind::Committee).await?;
        let (version, at) = (row.version, format!("/v1/committees/{}", row.id));
        Answer::created(version, at, &OrganizationView::from(row))
    });
    Ok(work.await?)
}

/// Change a committee
///
/// Changes name, position, or what it belongs to: never itself or something beneath it. For those who
/// keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("committee_id" = Uuid, Path, description = "The committee"), ChangeHeaders),
    request_body = UpdateOrganizationBody,
    responses((status = 200, description = "The committee as changed", body = OrganizationView)))]
#[patch("/{committee_id}")]
pub async fn update_committee(
    journal: Data<Journal>,
    request: Change<UpdateOrganizationBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row =
            actions::update_organization(tx, &actor, (Some(OrgKind::Committee), id), body.into())
                .await?;
        Answer::ok(row.version, &OrganizationView::from(row))
    });
    Ok(work.await?)
}

/// End a committee
///
/// The committee is there until the day before `until`, and so are its posts and links. Members, guided
/// sectors and organisations that go on beneath it are named and stand in the way. An end is brought
/// forward, not put off. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("committee_id" = Uuid, Path, description = "The committee"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The committee with its last day", body = OrganizationView)))]
#[post("/{committee_id}/end")]
pub async fn end_committee(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, Some(OrgKind::Committee), id).await?;
        let row = actions::end_organization(tx, row, body.until).await?;
        Answer::ok(row.version, &OrganizationView::from(row))
    });
    Ok(work.await?)
}

/// Void a committee
///
/// For one that was entered by mistake: the row stays and is read no more, and its posts and links are
/// voided with it. Members, guided sectors and organisations beneath it stand in the way. For those
/// who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("committee_id" = Uuid, Path, description = "The committee"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided committee", body = OrganizationView)))]
#[post("/{committee_id}/void")]
pub async fn void_committee(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, Some(OrgKind::Committee), id).await?;
        let row = actions::void_organization(tx, row, &body.reason).await?;
        Answer::ok(row.version, &OrganizationView::from(row))
    });
    Ok(work.await?)
}
