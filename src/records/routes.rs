//! Operations on visits.

pub(super) mod activities;
pub(super) mod coverage;
mod types;

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, Utc};

pub use activities::{NewActivity, VoidActivity};
pub use types::{NewVisit, SendBackVisit, VisitFilter, VisitView, VoidVisit};

use super::store::{self, VisitRow};
use super::{actions, rules};
use crate::auth::{Actor, Change, Create, List, NoBody, Noun, Read, policy};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

async fn view(
    conn: Conn<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
    row: VisitRow,
) -> Result<VisitView> {
    let parts = actions::parts(conn, actor, &row, now).await?;
    Ok(VisitView {
        allowed_actions: Some(rules::allowed_actions(row.state()?, &parts)),
        issues: Some(format!("/v1/issues?source_visit_id={}&count=exact", row.id)),
        ..VisitView::new(row)
    })
}

/// List visits
///
/// The visits you see, newest record first: a member their own, a convener the sector's, a committee
/// its sectors', the liaison centre the city's. `from` and `until` are days of the visit.
#[utoipa::path(tag = "visits", params(VisitFilter, ListQuery),
    responses((status = 200, description = "A page of visits", body = Listing<VisitView>)))]
#[get("")]
pub async fn list_visits(
    journal: Data<Journal>,
    request: List<VisitFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Visit);
    let key = |row: &VisitRow| Key { at: row.created_at, id: row.id };
    let wanted = store::Wanted::from(filters);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::list(conn, actor.city, &sight, wanted.clone(), page).await?;
        Ok(page.listing(rows, total, key, VisitView::new))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Read a visit
///
/// With what you may do with its record now, and where the issues raised from it are listed.
#[utoipa::path(tag = "visits", params(("visit_id" = Uuid, Path, description = "The visit")),
    responses((status = 200, description = "The visit", body = VisitView)))]
#[get("/{visit_id}")]
pub async fn get_visit(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let actor = request.actor;
    let conn = journal.db.read().await?;
    let row = store::find(&conn, actor.city, request.id).await?;
    let seen = row.filter(|row| policy::sees(&actor, Noun::Visit, &row.places()));
    let row = seen.ok_or_else(Error::not_found)?;
    Ok(Answer::ok(row.version, &view(&conn, &actor, request.now, row).await?)?)
}

/// Record a visit
///
/// By the member, or for them by the convener, the committee's staff or the liaison centre, against
/// an item of the member's approved plan, on a day of its period, once it has begun and, where an end is said, ended. Channel,
/// must-visit and contact are the item's unless told; the contact must be linked to the member that
/// day. All that is wrong is named at once.
#[utoipa::path(tag = "visits", params(CreateHeaders), request_body = NewVisit,
    responses((status = 201, description = "The record", body = VisitView)))]
#[post("")]
pub async fn record_visit(
    journal: Data<Journal>,
    request: Create<NewVisit>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::record_visit(tx, &actor, body).await?;
        Answer::created(
            row.version,
            format!("/v1/visits/{}", row.id),
            &view(tx.conn, &actor, call.now, row).await?,
        )
    });
    Ok(work.await?)
}

/// Confirm a visit
///
/// By the convener of the member's sector, never by whose visit it is or who recorded it; where that
/// is the convener, by the staff of the sector's committee. Points follow.
#[utoipa::path(tag = "visits",
    params(("visit_id" = Uuid, Path, description = "The visit"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The confirmed record", body = VisitView)))]
#[post("/{visit_id}/confirm")]
pub async fn confirm_visit(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::confirm_visit(tx, &actor, id).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}

/// Send a visit back
///
/// With a reason, by whoever might confirm it. The visit is then recorded anew.
#[utoipa::path(tag = "visits",
    params(("visit_id" = Uuid, Path, description = "The visit"), ChangeHeaders),
    request_body = SendBackVisit,
    responses((status = 200, description = "The record, sent back", body = VisitView)))]
#[post("/{visit_id}/send_back")]
pub async fn send_back_visit(
    journal: Data<Journal>,
    request: Change<SendBackVisit>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::send_back_visit(tx, &actor, id, body).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}

/// Void a visit
///
/// A record that was a mistake, with a reason: by the member, whoever recorded it or the convener.
/// It stays readable and counts no more; its points are taken back.
#[utoipa::path(tag = "visits",
    params(("visit_id" = Uuid, Path, description = "The visit"), ChangeHeaders),
    request_body = VoidVisit,
    responses((status = 200, description = "The voided record", body = VisitView)))]
#[post("/{visit_id}/void")]
pub async fn void_visit(
    journal: Data<Journal>,
    request: Change<VoidVisit>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::void_visit(tx, &actor, id, body).await?;
        Answer::ok(row.version, &view(tx.conn, &actor, call.now, row).await?)
    });
    Ok(work.await?)
}
