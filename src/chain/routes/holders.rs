//! Who holds a post, over time.

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::AsOf;
use super::bodies::{EndBody, MistakeBody};
use super::posts::seen_post;
use crate::auth::{Change, Create, List};
use crate::chain::actions;
use crate::chain::store::{self, HOLDING, KindRow, LinkRow};
use crate::db::Conn;
use crate::error::Result;
use crate::journal::Journal;
use crate::page::{Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

/// Who holds a post, or held it. Its entity tag is the post's version.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldingView {
    /// Of the link.
    pub id: Uuid,
    /// The post.
    pub post_id: Uuid,
    /// The member.
    pub member_id: Uuid,
    /// Their first day.
    pub from: NaiveDate,
    /// The day after their last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl From<LinkRow> for HoldingView {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.id,
            post_id: row.of_id,
            member_id: row.other_id,
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
        }
    }
}

/// List who held a post
///
/// The latest beginning first: the whole history, voided ones too, or with `as_of` who does on that
/// day. For whoever reads the post.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), AsOf, ListQuery),
    responses((status = 200, description = "A page of holders", body = Listing<HoldingView>)))]
#[get("/{post_id}/holders")]
pub async fn list_post_holders(
    journal: Data<Journal>,
    request: List<AsOf>,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, filters, page, .. } = request;
    let view = |row: KindRow| HoldingView::from(row.link);
    let read = async move |conn: Conn<'_>, page: &Page| {
        seen_post(conn, &actor, id).await?;
        let (rows, total) =
            store::links(conn, actor.city, HOLDING, id, filters.as_of, page).await?;
        Ok(page.listing(rows, total, |row| row.link.key(), view))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Who is to hold a post.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "member_id": "01856ad7-b680-7619-9aa9-7bc6f8754536", "from": "2026-01-01" }))]
pub struct HoldBody {
    /// The member.
    pub member_id: Uuid,
    /// Their first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The day after their last, where that is known.
    pub until: Option<NaiveDate>,
}

/// Fill a post
///
/// The member holds the post from that day, while both are there. Where somebody holds it already on
/// one of the days it is an `overlap`: end that first. A convener's account may convene the sector on
/// the same days. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), CreateHeaders),
    request_body = HoldBody,
    responses((status = 201, description = "Who holds it", body = HoldingView)))]
#[post("/{post_id}/holders")]
pub async fn hold_post(
    journal: Data<Journal>,
    request: Create<HoldBody>,
) -> Result<Answer, Problem> {
    let Create { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (mut row, owner) = actions::post_for(tx, &actor, id).await?;
        actions::refers_to_member(tx, &actor, "/member_id", body.member_id).await?;
        let during = (body.from, body.until);
        let link = actions::hold_post(tx, (&mut row, &owner), body.member_id, during).await?;
        Answer::created(row.version, format!("/v1/posts/{id}/holders"), &HoldingView::from(link))
    });
    Ok(work.await?)
}

/// End who holds a post
///
/// The member holds the post until the day before; it is vacant then. An end is brought forward, not
/// put off. A convener's account convenes no longer. `If-Match` takes the post's version. For those
/// who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"),
        ("holding_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "Who held it until when", body = HoldingView)))]
#[post("/{post_id}/holders/{holding_id}/end")]
pub async fn end_post_holder(
    journal: Data<Journal>,
    request: Change<EndBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (mut row, owner) = actions::post_for(tx, &actor, id).await?;
        let (post, until) = ((&mut row, &owner), Some(body.until));
        let link = actions::leave_post(tx, post, sub_id, until, None).await?;
        Answer::ok(row.version, &HoldingView::from(link))
    });
    Ok(work.await?)
}

/// Void who holds a post
///
/// For one who was entered by mistake: the row stays and counts no more, and neither does a convener's
/// grant. Voiding twice is refused as `already_done`. `If-Match` takes the post's version. For those
/// who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"),
        ("holding_id" = Uuid, Path, description = "The link"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided link", body = HoldingView)))]
#[post("/{post_id}/holders/{holding_id}/void")]
pub async fn void_post_holder(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, sub_id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (mut row, owner) = actions::post_for(tx, &actor, id).await?;
        let (post, reason) = ((&mut row, &owner), Some(body.reason.as_str()));
        let link = actions::leave_post(tx, post, sub_id, None, reason).await?;
        Answer::ok(row.version, &HoldingView::from(link))
    });
    Ok(work.await?)
}
