//! Organisations of every kind under one noun: party group, chair meeting, groups, county conferences
//! and party branches have no other; committees, sectors and departments have their own as well.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::bodies::{
    CreateNounBody, CreateOrganizationBody, EndBody, MistakeBody, UpdateOrganizationBody,
};
use super::organizations::{OrganizationView, key};
use super::{AsOf, day_of};
use crate::auth::{Change, Create, List, Read, policy};
use crate::chain::actions;
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, Org, OrgsWanted};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

/// Which organisations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrganizationFilter {
    /// Of this kind.
    #[param(
        max_length = 32,
        pattern = "^(party_group|chair_meeting|committee|sector|group|department|county_conference|party_branch|liaison_centre)$",
        example = "committee"
    )]
    pub kind: Option<String>,
    /// Belonging to this one.
    #[param(format = "uuid")]
    pub parent_id: Option<Uuid>,
    /// Of this county.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// There on this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// Part of the name: in Chinese, by pinyin (`hegang`) or by its initials (`hg`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "jj"
    )]
    pub q: Option<String>,
    /// Called so by another system: `scheme:value`.
    #[param(
        max_length = 97,
        pattern = r"^[a-z][a-z0-9_]{0,31}:[^\u0000-\u001f\u007f-\u009f]{1,64}$",
        example = "office:0451"
    )]
    pub external_id: Option<String>,
}

/// List organisations
///
/// The organisations of a day in the order they were entered, of every kind or of one. Any account
/// may read them; the staff of a county, the city's and their county's own.
#[utoipa::path(tag = "chain", params(OrganizationFilter, ListQuery),
    responses((status = 200, description = "A page of organisations", body = Listing<OrganizationView>)))]
#[get("")]
pub async fn list_organizations(
    journal: Data<Journal>,
    request: List<OrganizationFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let wanted = OrgsWanted {
        kind: filters.kind.as_deref().and_then(OrgKind::parse),
        parent: filters.parent_id,
        county: filters.county_code.and_then(|code| code.parse().ok()),
        confined_to: policy::confined_to(&actor),
        guided_by: None,
        q: filters.q,
        external: filters.external_id,
    };
    let day = day_of(filters.as_of, now);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) =
            store::organizations(conn, actor.city, wanted.clone(), day, page).await?;
        Ok(page.listing(rows, total, key, OrganizationView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get an organisation
///
/// One organisation of whatever kind, as it is; with `as_of` only where it is there on that day. Any
/// account may read it; the staff of a county, the city's and their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"), AsOf),
    responses((status = 200, description = "The organisation", body = OrganizationView)))]
#[get("/{organization_id}")]
pub async fn get_organization(
    journal: Data<Journal>,
    request: Read<AsOf>,
) -> Result<Answer, Problem> {
    let Read { actor, id, query, .. } = request;
    let conn = journal.db.read().await?;
    let seen = |row: &Org| {
        policy::reads_county(&actor, row.county_code) && query.shows(row.from_on, row.until_on)
    };
    let row = store::any_organization(&conn, actor.city, id).await?.filter(seen);
    let row = row.ok_or_else(Error::not_found)?;
    Ok(Answer::ok(row.version, &OrganizationView::from(row))?)
}

/// Enter an organisation
///
/// Enters an organisation of any kind; what it may belong to depends on that, and it ends no later
/// than what it belongs to. A county has one conference at a time. For those who keep the chain; the
/// staff of a county, their county's own.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreateOrganizationBody,
    responses((status = 201, description = "The organisation", body = OrganizationView)))]
#[post("")]
pub async fn create_organization(
    journal: Data<Journal>,
    request: Create<CreateOrganizationBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let (kind, body) = (body.kind, CreateNounBody::from(body));
    actions::may_organize(&actor, body.county())?;
    let work = journal.write(&call, async |tx| {
        let row = body.enter(tx, &actor, kind).await?;
        let (version, at) = (row.version, format!("/v1/organizations/{}", row.id));
        Answer::created(version, at, &OrganizationView::from(row))
    });
    Ok(work.await?)
}

/// Change an organisation
///
/// Changes name, position, or what it belongs to: never itself or something beneath it. For those who
/// keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"), ChangeHeaders),
    request_body = UpdateOrganizationBody,
    responses((status = 200, description = "The organisation as changed", body = OrganizationView)))]
#[patch("/{organization_id}")]
pub async fn update_organization(
    journal: Data<Journal>,
    request: Change<UpdateOrganizationBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::update_organization(tx, &actor, (None, id), body.into()).await?;
        Answer::ok(row.version, &OrganizationView::from(row))
    });
    Ok(work.await?)
}

/// End an organisation
///
/// The organisation is there until the day before `until`, and so are its posts and links. Members, guided
/// sectors and organisations that go on beneath it are named and stand in the way. An end is brought
/// forward, not put off. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The organisation with its last day", body = OrganizationView)))]
#[post("/{organization_id}/end")]
pub async fn end_organization(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, None, id).await?;
        let row = actions::end_organization(tx, row, body.until).await?;
        Answer::ok(row.version, &OrganizationView::from(row))
    });
    Ok(work.await?)
}

/// Void an organisation
///
/// For one that was entered by mistake: the row stays and is read no more, and its posts and links are
/// voided with it. Members, guided sectors and organisations beneath it stand in the way. For those
/// who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided organisation", body = OrganizationView)))]
#[post("/{organization_id}/void")]
pub async fn void_organization(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, None, id).await?;
        let row = actions::void_organization(tx, row, &body.reason).await?;
        Answer::ok(row.version, &OrganizationView::from(row))
    });
    Ok(work.await?)
}
