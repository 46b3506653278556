//! Sectors (界别) as they are entered, changed, guided and ended; read, they stand in `organizations`.

use actix_web::web::Data;
use actix_web::{patch, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{CreateNounBody, EndBody, MistakeBody, UpdateOrganizationBody};
use super::organizations::SectorView;
use crate::auth::{Change, Create};
use crate::chain::actions;
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, Org};
use crate::error::Result;
use crate::journal::{Journal, Tx};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, Problem};
use crate::workdays::local_date;

/// The sector after a change, as it stands today.
async fn view(tx: &Tx<'_>, row: Org) -> Result<SectorView> {
    let (city, today) = (tx.call.city, local_date(tx.call.now));
    let committee_id = store::committee_of(tx.conn, city, row.id, today).await?;
    let convener_id = store::convener_of(tx.conn, city, row.id, today).await?;
    Ok(SectorView { sector: row.into(), committee_id, convener_id })
}

/// Enter a sector
///
/// Enters a sector from its first day; it ends no later than what it belongs to. For those who keep
/// the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreateNounBody,
    responses((status = 201, description = "The sector", body = SectorView)))]
#[post("")]
pub async fn create_sector(
    journal: Data<Journal>,
    request: Create<CreateNounBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    actions::may_organize(&actor, body.county())?;
    let work = journal.write(&call, async |tx| {
        let row = body.enter(tx, &actor, OrgKind::Sector).await?;
        let (version, at) = (row.version, format!("/v1/sectors/{}", row.id));
        Answer::created(version, at, &view(tx, row).await?)
    });
    Ok(work.await?)
}

/// Who is to guide a sector.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "committee_id": "01856ad7-b680-7003-a6e6-2ef996547d74", "from": "2026-07-01" }))]
pub struct GuideBody {
    /// The committee.
    pub committee_id: Uuid,
    /// Its first day.
    #[schema(example = "2026-07-01")]
    pub from: NaiveDate,
}

/// Let a committee guide a sector
///
/// Ends who guides the sector before `from` and lets the committee guide it from that day, on which
/// the sector's members come under it. Before a later change it has the days between only; the later
/// one stays. A second change on one day is refused as `overlap`. When a guidance is voided, the one
/// that it ended goes on. A committee of a county guides that county's sectors alone. The links stand
/// among the sector's links, where they end and are voided. For those who keep the chain; the staff of
/// a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("sector_id" = Uuid, Path, description = "The sector"), ChangeHeaders),
    request_body = GuideBody,
    responses((status = 200, description = "The sector after the change", body = SectorView)))]
#[post("/{sector_id}/guidances")]
pub async fn guide_sector(
    journal: Data<Journal>,
    request: Change<GuideBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let mut row = actions::organization_for(tx, &actor, Some(OrgKind::Sector), id).await?;
        let (at, committee) = ("/committee_id", body.committee_id);
        actions::refers_to_organization(tx, &actor, at, committee).await?;
        row.version = actions::guide_sector(tx, &row, committee, body.from).await?;
        Answer::ok(row.version, &view(tx, row).await?)
    });
    Ok(work.await?)
}

/// Change a sector
///
/// Changes name, position, or what it belongs to: never itself or something beneath it. For those who
/// keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("sector_id" = Uuid, Path, description = "The sector"), ChangeHeaders),
    request_body = UpdateOrganizationBody,
    responses((status = 200, description = "The sector as changed", body = SectorView)))]
#[patch("/{sector_id}")]
pub async fn update_sector(
    journal: Data<Journal>,
    request: Change<UpdateOrganizationBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row =
            actions::update_organization(tx, &actor, (Some(OrgKind::Sector), id), body.into())
                .await?;
        Answer::ok(row.version, &view(tx, row).await?)
    });
    Ok(work.await?)
}

/// End a sector
///
/// The sector is there until the day before `until`, and so are its posts and links. Members, guided
/// sectors and organisations that go on beneath it are named and stand in the way. An end is brought
/// forward, not put off. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("sector_id" = Uuid, Path, description = "The sector"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The sector with its last day", body = SectorView)))]
#[post("/{sector_id}/end")]
pub async fn end_sector(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, Some(OrgKind::Sector), id).await?;
        let row = actions::end_organization(tx, row, body.until).await?;
        Answer::ok(row.version, &view(tx, row).await?)
    });
    Ok(work.await?)
}

/// Void a sector
///
/// For one that was entered by mistake: the row stays and is read no more, and its posts and links are
/// voided with it. Members, guided sectors and organisations beneath it stand in the way. For those
/// who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("sector_id" = Uuid, Path, description = "The sector"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided sector", body = SectorView)))]
#[post("/{sector_id}/void")]
pub async fn void_sector(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, Some(OrgKind::Sector), id).await?;
        let row = actions::void_organization(tx, row, &body.reason).await?;
        Answer::ok(row.version, &view(tx, row).await?)
    });
    Ok(work.await?)
}
