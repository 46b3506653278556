//! The work of the departments: giving it out, and reviewing what came back.

use serde_json::json;
use uuid::Uuid;

use super::{Opened, open, refused};
use crate::auth::Actor;
use crate::error::{Fault, Result, check};
use crate::handling::{self, DepartmentOrder};
use crate::issues::bodies::{DispatchBody, SendBackBody};
use crate::issues::rules::{self, Action, ResultClass};
use crate::issues::store::{feedback, issues};
use crate::journal::Tx;

/// I15: to one department alone, or to several separately.
pub async fn dispatch(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: DispatchBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Dispatch).await?;
    let departments: Vec<Uuid> = body.assignments.iter().map(|one| one.department_id).collect();
    let mut faults = handling::check_departments(tx, &departments).await?;
    let kind = rules::dispatch_guard(body.shape, &departments);
    faults.extend(kind.err().map(Fault::from));
    check(faults)?;
    let kind = kind.map_err(refused)?;
    let orders: Vec<DepartmentOrder> = body
        .assignments
        .into_iter()
        .map(|one| DepartmentOrder { department_id: one.department_id, note: one.note })
        .collect();
    // The departments belong to the places from now on, so that they see what concerns them.
    for department in departments {
        if !opened.places.departments.contains(&department) {
            opened.places.departments.push(department);
        }
    }
    let parent = opened.parent()?;
    // Nothing else stands in this round: a round begins with its dispatch.
    let made = handling::open_round(tx, parent, kind, &orders).await?;
    opened.stop(tx, &["dispatch"]).await?;
    opened.take_due_dates_of(&made);
    opened.row.dispatched_at.get_or_insert(tx.call.now);
    opened.go(Action::Dispatch)?;
    opened.finish(tx, "issue.dispatched", json!({ "shape": body.shape })).await?;
    Ok(opened.row)
}

/// I18, by the last department's reply: the centre reviews.
pub(in crate::issues) async fn all_replied(
    tx: &mut Tx<'_>,
    id: Uuid,
    class: ResultClass,
) -> Result<()> {
    let mut opened = Opened::lock(tx, id).await?;
    opened.go(Action::AllReplied)?;
    opened.row.result_class = Some(class.as_str().to_owned());
    opened.start(tx, "reply_review").await?;
    let cause = opened.finish(tx, "issue.all_replied", json!({})).await?;
    opened.tell_centre(tx, "issue_all_replied", cause).await
}

/// I19: the named replies go back (all of them, where none is named).
pub async fn send_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: SendBackBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::SendBack).await?;
    let named = body.assignment_ids.unwrap_or_default();
    let parent = opened.parent()?;
    handling::send_back(tx, &parent, &named, &body.reason).await?;
    opened.stop(tx, &["reply_review"]).await?;
    opened.take_due_dates(tx).await?;
    opened.row.result_class = None;
    opened.go(Action::SendBack)?;
    opened.finish(tx, "issue.sent_back", json!({ "assignment_ids": named })).await?;
    Ok(opened.row)
}

/// I20: the replies are good; now the reporter is asked.
pub async fn pass(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Pass).await?;
    let (city, round) = (tx.call.city, opened.row.round);
    let authors = handling::authors(tx.conn, city, "issue", id, round).await?;
    rules::pass_guard(&actor.id, &authors).map_err(refused)?;
    let parent = opened.parent()?;
    handling::pass(tx, &parent).await?;
    opened.stop(tx, &["reply_review"]).await?;
    opened.start(tx, "first_contact").await?;
    let window = opened.start(tx, "feedback").await?;
    let request = feedback::Request {
        city_code: city,
        id: tx.call.id(),
        issue_id: id,
        reporter_id: opened.row.reporter_id,
        round,
        opened_at: tx.call.now,
        window_ends_at: window.at,
        window_ends_on: window.on,
        answered_at: None,
        solved: None,
        satisfaction: None,
        cause: None,
        body: None,
        answered_by: None,
    };
    feedback::open(tx.conn, &request).await?;
    opened.go(Action::Pass)?;
    let cause = opened.finish(tx, "issue.passed", json!({})).await?;
    opened.tell_centre(tx, "issue_feedback_due", cause).await?;
    opened.tell_member(tx, "issue_passed", cause).await?;
    Ok(opened.row)
}
