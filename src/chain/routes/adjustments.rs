//! Reported changes of job or status: read, reported, checked, decided, withdrawn, undone.

mod bodies;
mod views;

use actix_web::web::Data;
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::auth::{Actor, Change, Create, List, NoBody, Noun, Read, policy};
use crate::chain::actions::{self, NewAdjustment};
use crate::chain::store::{self, AdjustmentItemRow, AdjustmentRow, AdjustmentsWanted};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::{EventView, Journal, Tx, feed};
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

pub use bodies::{RefuseAdjustmentBody, ReportAdjustmentBody};
pub use views::AdjustmentView;

/// Which adjustments.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentFilter {
    /// In this state.
    #[param(
        max_length = 17,
        pattern = "^(reported|committee_checked|approved|refused|applied|withdrawn|undone|failed)$",
        example = "reported"
    )]
    pub state: Option<String>,
    /// Of this committee, in which its members stood when it was reported.
    #[param(format = "uuid")]
    pub committee_id: Option<Uuid>,
    /// With a change of this member.
    #[param(format = "uuid")]
    pub member_id: Option<Uuid>,
}

async fn answer(tx: &Tx<'_>, actor: &Actor, row: AdjustmentRow) -> Result<Answer> {
    let items = store::adjustment_items(tx.conn, row.city_code, row.id).await?;
    Answer::ok(row.version, &AdjustmentView::whole(actor, row, items)?)
}

/// One that is there for `actor`, with its items.
async fn seen(
    conn: Conn<'_>,
    actor: &Actor,
    id: Uuid,
) -> Result<(AdjustmentRow, Vec<AdjustmentItemRow>)> {
    let row = store::adjustment(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    let items = store::adjustment_items(conn, actor.city, id).await?;
    let sees = actions::sees_adjustment(actor, &row, &items);
    if sees { Ok((row, items)) } else { Err(Error::not_found()) }
}

/// List adjustments
///
/// Reported changes of job or status that you see, newest first: a member what is about them, a
/// convener, a county or a committee what is about theirs, and everybody what they reported. Without
/// items and notes.
#[utoipa::path(tag = "chain", params(AdjustmentFilter, ListQuery),
    responses((status = 200, description = "A page of adjustments", body = Listing<AdjustmentView>)))]
#[get("")]
pub async fn list_adjustments(
    journal: Data<Journal>,
    request: List<AdjustmentFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let AdjustmentFilter { state, committee_id: committee, member_id: member } = filters;
    let wanted = AdjustmentsWanted { state, committee, member };
    let sight = policy::sight(&actor, Noun::Adjustment);
    let key = |row: &AdjustmentRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (wanted, sight) = (wanted.clone(), (&sight, actor.id));
        let (rows, total) = store::adjustments(conn, actor.city, wanted, sight, page).await?;
        Ok(page.listing(rows, total, key, AdjustmentView::new))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get an adjustment
///
/// With the items of members you see (of what you reported all), what became of each, and what you may
/// do now. `open_work` lists what those members still hold that somebody else must take over.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment")),
    responses((status = 200, description = "The adjustment", body = AdjustmentView)))]
#[get("/{adjustment_id}")]
pub async fn get_adjustment(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let Read { actor, id, .. } = request;
    let conn = journal.db.read().await?;
    let (row, items) = seen(&conn, &actor, id).await?;
    Ok(Answer::ok(row.version, &AdjustmentView::whole(&actor, row, items)?)?)
}

/// List an adjustment's events
///
/// Everything that happened to it, the oldest first. What people typed is in none.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment"), ListQuery),
    responses((status = 200, description = "A page of events", body = Listing<EventView>)))]
#[get("/{adjustment_id}/events")]
pub async fn list_adjustment_events(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, page, .. } = request;
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (row, items) = seen(conn, &actor, id).await?;
        // Of items that they do not see nobody learns by the history either.
        let all = views::items_seen(&actor, &row, &items) == items.len();
        let view = |event| {
            let event = EventView::from(event);
            if all { event } else { event.without_data() }
        };
        let (rows, total) = feed::history_page(conn, actor.city, id, page).await?;
        Ok(page.listing(rows, total, feed::Event::key, view))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Report a change of job or status
///
/// Members of one committee move to other sectors, leave, or change contacts, all from one day on. By
/// the member, the convener, the committee's or the county's staff, or the liaison centre; nothing
/// changes until it is approved. All that is wrong is named at once, and then nothing is stored.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = ReportAdjustmentBody,
    responses((status = 201, description = "The reported change", body = AdjustmentView)))]
#[post("")]
pub async fn report_adjustment(
    journal: Data<Journal>,
    request: Create<ReportAdjustmentBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::report_adjustment(tx, &actor, NewAdjustment::from(body)).await?;
        let location = Some(format!("/v1/adjustments/{}", row.id));
        Ok(Answer { status: 201, location, ..answer(tx, &actor, row).await? })
    });
    Ok(work.await?)
}

/// Check an adjustment
///
/// What is reported is so: by the staff of its committee, or by the liaison centre.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The checked adjustment", body = AdjustmentView)))]
#[post("/{adjustment_id}/check")]
pub async fn check_adjustment(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::check_adjustment(tx, &actor, id).await?;
        answer(tx, &actor, row).await
    });
    Ok(work.await?)
}

/// Approve an adjustment
///
/// By the liaison centre, never by who reported it. Where its day is today or past, all of it takes
/// effect at once; otherwise at the first instant of that day. Where it no longer fits what stands it
/// is refused as `transition_not_allowed`, with `errors` for each item. If it does not fit on its day,
/// nothing of it takes effect: it is `failed`, and the centre gets a notice.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "Approved, or in effect already", body = AdjustmentView)))]
#[post("/{adjustment_id}/approve")]
pub async fn approve_adjustment(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::approve_adjustment(tx, &actor, id).await?;
        answer(tx, &actor, row).await
    });
    Ok(work.await?)
}

/// Refuse an adjustment
///
/// With a reason, by the liaison centre, never by who reported it. Nothing changes.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment"), ChangeHeaders),
    request_body = RefuseAdjustmentBody,
    responses((status = 200, description = "The refused adjustment", body = AdjustmentView)))]
#[post("/{adjustment_id}/refuse")]
pub async fn refuse_adjustment(
    journal: Data<Journal>,
    request: Change<RefuseAdjustmentBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::refuse_adjustment(tx, &actor, id, body.reason).await?;
        answer(tx, &actor, row).await
    });
    Ok(work.await?)
}

/// Withdraw an adjustment
///
/// By who reported it, before it is decided on. Nothing changes.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The withdrawn adjustment", body = AdjustmentView)))]
#[post("/{adjustment_id}/withdraw")]
pub async fn withdraw_adjustment(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::withdraw_adjustment(tx, &actor, id).await?;
        answer(tx, &actor, row).await
    });
    Ok(work.await?)
}

/// Undo an approval
///
/// By the liaison centre, before its day: nothing of it takes effect. What is in effect already is
/// mended by a new report, or by voiding the links.
#[utoipa::path(tag = "chain",
    params(("adjustment_id" = Uuid, Path, description = "The adjustment"), ChangeHeaders),
    request_body = NoBody,
    responses((status = 200, description = "The undone adjustment", body = AdjustmentView)))]
#[post("/{adjustment_id}/undo")]
pub async fn undo_adjustment(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::undo_adjustment(tx, &actor, id).await?;
        answer(tx, &actor, row).await
    });
    Ok(work.await?)
}
