//! What is joined to an organisation: a committee's counterpart departments (对口部门) and the
//! chair-meeting members in charge of it (分工负责), a party branch's and a group's members, who guides a
//! sector.

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::bodies::{EndBody, MistakeBody};
use crate::auth::{Change, Create, List, Noun, policy};
use crate::chain::actions::{self, Stop};
use crate::chain::kinds::{LinkKind, OrgKind};
use crate::chain::store::{self, KindRow, Org};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

/// A dated link of an organisation. Its entity tag is the organisation's version.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationLinkView {
    /// Of the link.
    pub id: Uuid,
    /// What joins the two.
    #[schema(value_type = LinkKind)]
    pub kind: String,
    /// The committee, of `guidance` the sector, of `branch_member` the branch, of `group_member` the group.
    pub organization_id: Uuid,
    /// The department, the member, or of `guidance` the committee.
    pub other_id: Uuid,
    /// Its first day.
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl From<KindRow> for OrganizationLinkView {
    fn from(KindRow { kind, link }: KindRow) -> Self {
        Self {
            id: link.id,
            kind,
            organization_id: link.of_id,
            other_id: link.other_id,
            from: link.from_on,
            until: link.until_on,
            voided_at: link.voided_at,
        }
    }
}

/// Which links.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrganizationLinkFilter {
    /// Of this kind.
    #[param(
        max_length = 32,
        pattern = "^(counterpart_department|chair_member|branch_member|group_member|guidance)$",
        example = "counterpart_department"
    )]
    pub kind: Option<String>,
    /// Only those of this day; unless told the whole history, voided links too.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// List an organisation's links
///
/// What joins it to others, from whichever end, the latest beginning first: the whole history, or one
/// day's. Any account may read them; who is in a party branch, the party group or an activity group, only
/// those who see the members of the city or of its county.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"),
        OrganizationLinkFilter, ListQuery),
    responses((status = 200, description = "A page of links", body = Listing<OrganizationLinkView>)))]
#[get("/{organization_id}/links")]
pub async fn list_organization_links(
    journal: Data<Journal>,
    request: List<OrganizationLinkFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, filters, page, .. } = request;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let seen = |row: &Org| policy::reads_county(&actor, row.county_code);
        let row = store::any_organization(conn, actor.city, id).await?.filter(seen);
        let row = row.ok_or_else(Error::not_found)?;
        let kept = OrgKind::parse(&row.kind).is_some_and(OrgKind::keeps_its_members);
        if kept && !policy::sees(&actor, Noun::Member, &row.places()) {
            return Err(Error::forbidden());
        }
        let wanted = (filters.kind.as_deref().and_then(LinkKind::parse), filters.as_of);
        let (rows, total) =
            store::links_of_organization(conn, actor.city, id, wanted, page).await?;
        Ok(page.listing(rows, total, |row| row.link.key(), OrganizationLinkView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// What to join to an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "counterpart_department", "other_id": "01856ad7-b680-7069-8ceb-8e193e00dc2a", "from": "2026-01-01" }))]
pub struct JoinBody {
    /// counterpart_department and chair_member of a committee, branch_member of a party branch, group_member
    /// of the party group or an activity group
    #[schema(
        min_length = 1,
        max_length = 32,
        pattern = "^(counterpart_department|chair_member|branch_member|group_member)$",
        example = "counterpart_department"
    )]
    pub kind: String,
    /// The department or the member.
    #[schema(example = "01856ad7-b680-7069-8ceb-8e193e00dc2a")]
    pub other_id: Uuid,
    /// The first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The day after the last, where that is known.
    pub until: Option<NaiveDate>,
}

/// Join something to an organisation
///
/// A counterpart department or a chair-meeting member in charge to a committee, a member to a party
/// branch (one at a time), to the party group or to activity groups, while both are there. For those
/// who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation"), CreateHeaders),
    request_body = JoinBody,
    responses((status = 201, description = "The link", body = OrganizationLinkView)))]
#[post("/{organization_id}/links")]
pub async fn join_organization(
    journal: Data<Journal>,
    request: Create<JoinBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let kind = LinkKind::parse(&body.kind).ok_or_else(|| Error::internal("an unknown kind"))?;
    let during = (body.from, body.until);
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, None, id).await?;
        actions::refers_to_other(tx, &actor, "/other_id", (kind, body.other_id)).await?;
        let (link, version) =
            actions::join_organization(tx, &row, kind, body.other_id, during).await?;
        let at = format!("/v1/organizations/{id}/links");
        Answer::created(version, at, &OrganizationLinkView::from(link))
    });
    Ok(work.await?)
}

/// End a link of an organisation
///
/// Of any kind, also who guides a sector, whose members then come under nobody. An end is brought
/// forward, not put off. `If-Match` takes the organisation's version. For those who keep the chain;
/// the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation that the link names first"),
        ("organization_link_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The link after its end was set", body = OrganizationLinkView)))]
#[post("/{organization_id}/links/{organization_link_id}/end")]
pub async fn end_organization_link(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, None, id).await?;
        let stop = Stop::Until(body.until);
        let (link, version) = actions::part_from_organization(tx, &row, sub_id, stop).await?;
        Answer::ok(version, &OrganizationLinkView::from(link))
    });
    Ok(work.await?)
}

/// Void a link of an organisation
///
/// For one that was entered by mistake: the row stays and counts no more; one that it cut short is not
/// prolonged. Voiding twice is refused as `already_done`. `If-Match` takes the organisation's version.
/// For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("organization_id" = Uuid, Path, description = "The organisation that the link names first"),
        ("organization_link_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided link", body = OrganizationLinkView)))]
#[post("/{organization_id}/links/{organization_link_id}/void")]
pub async fn void_organization_link(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::organization_for(tx, &actor, None, id).await?;
        let stop = Stop::Void(&body.reason);
        let (link, version) = actions::part_from_organization(tx, &row, sub_id, stop).await?;
        Answer::ok(version, &OrganizationLinkView::from(link))
    });
    Ok(work.await?)
}
