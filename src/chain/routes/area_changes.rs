//! Responsibility areas as they are entered, changed and ended; read, they stand in `areas`.

use actix_web::web::Data;
use actix_web::{patch, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::areas::AreaView;
use super::bodies::{EndBody, MistakeBody};
use super::members::change;
use crate::auth::{Change, Create, policy};
use crate::chain::actions::{self, AreaChange, Holder, NewArea, ORGANIZERS};
use crate::chain::geometry::Geometry;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, CreateHeaders, Patch, Problem};

/// An area to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "经济界别责任区", "division_code": "230403002", "holder_kind": "sector",
    "holder_id": "01856ad7-b680-7021-bc20-4477c415459e", "from": "2026-01-01" }))]
pub struct CreateAreaBody {
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// Its name.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^\S(.*\S)?$",
        example = "经济界别责任区"
    )]
    pub name: String,
    /// What it covers: a county, a township or a village of the city.
    #[schema(
        min_length = 6,
        max_length = 12,
        pattern = "^[1-9][0-9]{5,11}$",
        example = "230403002"
    )]
    pub division_code: String,
    /// Who is to answer for it: a sector, a member (one area at a time) or a member of the chair
    /// meeting
    #[schema(
        min_length = 1,
        max_length = 12,
        pattern = "^(sector|member|chair_member)$",
        example = "sector"
    )]
    pub holder_kind: String,
    /// The sector or the member.
    #[schema(example = "01856ad7-b680-7021-bc20-4477c415459e")]
    pub holder_id: Uuid,
    /// What it looks like on a map.
    pub geometry: Option<Geometry>,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The day after its last; unless told, as long as who answers for it is there.
    pub until: Option<NaiveDate>,
}

/// Enter an area
///
/// A division for which a sector, a member or a member of the chair meeting answers from that day. The
/// same sector or chair member may not answer twice for one division on one day, a member for one area
/// at a time (`overlap`). For those who keep the chain; the staff of a county, for their county's own
/// sectors and members.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreateAreaBody,
    responses((status = 201, description = "The area", body = AreaView)))]
#[post("")]
pub async fn create_area(
    journal: Data<Journal>,
    request: Create<CreateAreaBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    policy::any_role(&actor, ORGANIZERS)?;
    let CreateAreaBody { id, name, holder_kind, holder_id, geometry, from, until, .. } = body;
    let division_code = body.division_code.parse().map_err(Error::internal)?;
    let holder = Holder::of(&holder_kind, holder_id);
    let work = journal.write(&call, async |tx| {
        let new = NewArea { id, name: &name, division_code, holder, geometry, from, until };
        let row = actions::create_area_for(tx, &actor, new).await?;
        let (version, at) = (row.version, format!("/v1/areas/{}", row.id));
        Answer::created(version, at, &AreaView::from(row))
    });
    Ok(work.await?)
}

/// What is new about an area (RFC 7396).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "经济界别第一责任区", "geometry": { "type": "Polygon",
    "coordinates": [[[130.27, 47.33], [130.31, 47.33], [130.31, 47.36], [130.27, 47.33]]] } }))]
pub struct UpdateAreaBody {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub name: Patch<String>,
    /// What it looks like on a map, as a whole; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Geometry>)]
    pub geometry: Patch<Geometry>,
}

/// Change an area
///
/// Changes its name, or what it looks like on a map. Another division or another holder is another area:
/// end this one. For those who keep the chain; the staff of a county, those of their county's own sectors
/// and members.
#[utoipa::path(tag = "chain",
    params(("area_id" = Uuid, Path, description = "The area"), ChangeHeaders),
    request_body = UpdateAreaBody,
    responses((status = 200, description = "The area as changed", body = AreaView)))]
#[patch("/{area_id}")]
pub async fn update_area(
    journal: Data<Journal>,
    request: Change<UpdateAreaBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::area_for(tx, &actor, id).await?;
        let (name, geometry) = (change(body.name).flatten(), body.geometry);
        let row = actions::update_area(tx, row, AreaChange { name, geometry }).await?;
        Answer::ok(row.version, &AreaView::from(row))
    });
    Ok(work.await?)
}

/// End an area
///
/// Who answers for it does so until the day before. An end is brought forward, not put off. For those
/// who keep the chain; the staff of a county, those of their county's own sectors and members.
#[utoipa::path(tag = "chain",
    params(("area_id" = Uuid, Path, description = "The area"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The area with its last day", body = AreaView)))]
#[post("/{area_id}/end")]
pub async fn end_area(journal: Data<Journal>, request: Change<EndBody>) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::area_for(tx, &actor, id).await?;
        let row = actions::end_area(tx, row, body.until).await?;
        Answer::ok(row.version, &AreaView::from(row))
    });
    Ok(work.await?)
}

/// Void an area
///
/// For one that was entered by mistake: the row stays and is read no more. For those who keep the
/// chain; the staff of a county, those of their county's own sectors and members.
#[utoipa::path(tag = "chain",
    params(("area_id" = Uuid, Path, description = "The area"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided area", body = AreaView)))]
#[post("/{area_id}/void")]
pub async fn void_area(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::area_for(tx, &actor, id).await?;
        let row = actions::void_area(tx, row, &body.reason).await?;
        Answer::ok(row.version, &AreaView::from(row))
    });
    Ok(work.await?)
}
