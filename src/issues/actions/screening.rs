//! Screening: what enters the ledger and what does not; and withdrawing.

use chrono::Datelike;
use serde_json::json;
use uuid::Uuid;

use super::intake::{check_category, locate, moved_by, place_in_sector, still_theirs};
use super::{Opened, open};
use crate::auth::Actor;
use crate::catalogue;
use crate::error::{Error, Fault, Result, check};
use crate::handling;
use crate::issues::bodies::{AcceptBody, RejectBody, WithdrawBody};
use crate::issues::rules::{self, Action, State};
use crate::issues::store::issues;
use crate::journal::Tx;
use crate::workdays;

/// I7: not for us; the reason's note says where to go instead.
pub async fn reject(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: RejectBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Reject).await?;
    let reason = catalogue::city_code(tx.conn, tx.call.city, "reject_reason", &body.reason_code);
    if reason.await?.is_none() {
        let fault = Fault::reference("/reason_code", "不予受理理由", "reason for rejecting");
        return Err(Error::invalid(vec![fault]));
    }
    opened.stop(tx, &["screening"]).await?;
    opened.row.reason_code = Some(body.reason_code);
    opened.row.reason_note = body.note;
    opened.row.closed_at = Some(tx.call.now);
    opened.go(Action::Reject)?;
    let cause = opened.finish(tx, "issue.rejected", json!({})).await?;
    opened.tell_member(tx, "issue_rejected", cause).await?;
    Ok(opened.row)
}

/// I9: into the ledger, under the next number of the year.
pub async fn accept(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: AcceptBody,
) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Accept).await?;
    let mut faults = Vec::new();
    check_category(tx, &body.category, &mut faults).await?;
    if let Some(code) = &body.division_code {
        locate(tx, &mut opened.row, code, &mut faults).await?;
    }
    if let Some(sector) = body.sector_id {
        place_in_sector(tx, &mut opened.row, sector, &mut faults).await?;
    }
    check(faults)?;
    still_theirs(actor, &opened.row, Action::Accept, moved_by(body.sector_id))?;
    opened.stop(tx, &["screening"]).await?;
    opened.row.category = body.category;
    body.urgency.as_str().clone_into(&mut opened.row.urgency);
    opened.places = opened.row.places(std::mem::take(&mut opened.places.departments));
    opened.go(Action::Accept)?;
    opened.start(tx, "dispatch").await?;
    opened.row.version += 1;
    opened.row.updated_at = tx.call.now;
    issues::save(tx.conn, &opened.row).await?;
    // From here on other acceptances of the year wait for us: only what needs the number follows.
    let year = year_of(tx);
    opened.row.ledger_year = Some(year);
    opened.row.ledger_number = Some(issues::next_number(tx.conn, tx.call.city, year).await?);
    issues::number(tx.conn, &opened.row).await?;
    let cause = opened.journal(tx, "issue.accepted", json!({}), true).await?;
    opened.tell_member(tx, "issue_accepted", cause).await?;
    Ok(opened.row)
}

/// The year in the city.
pub(super) fn year_of(tx: &Tx<'_>) -> i16 {
    i16::try_from(workdays::local_date(tx.call.now).year()).unwrap_or_default()
}

/// I29: taken back. Once departments are at work only the centre does, and recalls their orders.
pub async fn withdraw(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: WithdrawBody,
) -> Result<issues::Row> {
    let opened = open(tx, actor, id, Action::Withdraw).await?;
    opened.withdraw(tx, body.reason).await
}

/// I29 by the reporter, who holds the tracking code of issue `id`.
pub async fn withdraw_publicly(
    tx: &mut Tx<'_>,
    id: Uuid,
    reason: Option<String>,
) -> Result<issues::Row> {
    let opened = Opened::lock(tx, id).await?;
    let state = opened.row.state()?;
    if !rules::may_from(state, Action::Withdraw, "reporter") {
        let allowed = rules::allowed_actions(state, &["reporter"]);
        return Err(Error::transition(state.as_str(), allowed));
    }
    opened.withdraw(tx, reason).await
}

impl Opened {
    async fn withdraw(self, tx: &mut Tx<'_>, reason: Option<String>) -> Result<issues::Row> {
        let mut opened = self;
        if opened.row.state()? == State::InHandling {
            let reason = reason.as_deref().unwrap_or("撤回 withdrawn");
            handling::recall_all(tx, &opened.parent()?, reason).await?;
            opened.take_due_dates(tx).await?;
        }
        opened.stop(tx, &["screening", "dispatch"]).await?;
        opened.row.reason_note = reason;
        opened.row.closed_at = Some(tx.call.now);
        opened.go(Action::Withdraw)?;
        opened.finish(tx, "issue.withdrawn", json!({})).await?;
        Ok(opened.row)
    }

    /// The year an issue came in, kept beside the year of acceptance.
    pub(super) fn note_intake(&mut self, tx: &Tx<'_>) {
        self.row.intake_year = Some(year_of(tx));
    }
}
