//! A member's sectors: moved, ended, voided.

use actix_web::post;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::EndBody;
use super::members::MemberView;
use crate::auth::Change;
use crate::chain::actions;
use crate::journal::Journal;
use crate::web::{Answer, ChangeHeaders, Problem};

/// Where a member moves to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "sector_id": "01856ad7-b680-7021-bc20-4477c415459e", "from": "2026-07-01" }))]
pub struct MoveMemberBody {
    /// The other sector.
    pub sector_id: Uuid,
    /// Their first day there.
    #[schema(example = "2026-07-01")]
    pub from: NaiveDate,
}

/// Move a member to another sector
///
/// From `from` on, past or to come, the member belongs to the other sector: the sector of that day
/// ends before it, and the other one has the rest of its days. A later move stays as it is, and a
/// move to come takes effect on its day. A second move on one day is refused as `overlap`: void the
/// wrong one. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), ChangeHeaders),
    request_body = MoveMemberBody,
    responses((status = 200, description = "The member after the move", body = MemberView)))]
#[post("/{member_id}/sectors")]
pub async fn move_member(
    journal: Data<Journal>,
    request: Change<MoveMemberBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::move_member(tx, row, body.sector_id, body.from).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}

/// End a member's time in a sector
///
/// The member belongs to the sector until the day before, and from then on to none. An end is
/// brought forward, never put off. The links are in `GET /v1/members/{member_id}/links`. For those
/// who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"),
        ("membership_id" = Uuid, Path, description = "The link to the sector"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The member as they stand then", body = MemberView)))]
#[post("/{member_id}/sectors/{membership_id}/end")]
pub async fn end_membership(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::end_membership(tx, row, sub_id, body.until).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}

/// Why a link to a sector was a mistake.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "wrong_sector" }))]
pub struct VoidMembershipBody {
    /// wrong_member, wrong_sector, wrong_dates or entered_twice
    #[schema(
        min_length = 1,
        max_length = 16,
        pattern = "^(wrong_member|wrong_sector|wrong_dates|entered_twice)$",
        example = "wrong_sector"
    )]
    pub reason: String,
}

/// Void a member's time in a sector
///
/// For a link that was entered by mistake: the row stays and counts no more, and the sector that it
/// ended goes on in its place, for as long as that is there. Voiding twice is refused as
/// `already_done`. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"),
        ("membership_id" = Uuid, Path, description = "The link to the sector"), ChangeHeaders),
    request_body = VoidMembershipBody,
    responses((status = 200, description = "The member as they stand then", body = MemberView)))]
#[post("/{member_id}/sectors/{membership_id}/void")]
pub async fn void_membership(
    journal: Data<Journal>,
    request: Change<VoidMembershipBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::void_membership(tx, row, sub_id, &body.reason).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}
