//! What people do to issues. Each action locks the issue first, then: is it there for the actor
//! (404), may they (403), is it what they saw (412), does the state allow it (409), does it make
//! sense (422).

mod dispatch;
mod feedback;
mod intake;
mod screening;

pub(super) use dispatch::all_replied;
pub use dispatch::{dispatch, pass, send_back};
pub use feedback::{answer_feedback, answer_publicly, close, close_objective, log_attempt, track};
pub use intake::{create, intake, submit, tracked, tracking_code, update};
pub use screening::{accept, reject, withdraw, withdraw_publicly};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::CLOCK_TIMER;
use super::rules::{self, Action, Refusal, State};
use super::store::{clocks, issues, whole};
use crate::auth::{Actor, Noun, policy};
use crate::catalogue::Calendar;
use crate::db::Conn;
use crate::error::{Code, Error, Result};
use crate::handling::{self, AssignmentRow, Audience, ParentRef};
use crate::journal::{Call, Entry, Places, Tx, timers};
use crate::workdays::{Due, Span};

/// An issue whose row this transaction holds.
pub(super) struct Opened {
    /// As it is being changed.
    pub row: issues::Row,
    /// Where it stands.
    pub places: Places,
    /// The visits it came from.
    pub visits: Vec<Uuid>,
    /// The member for whom somebody else does it.
    pub behalf: Option<Uuid>,
    /// The parts of whoever opened it.
    pub roles: Vec<&'static str>,
    before: Value,
}

/// The roles over an issue, with the part of whoever wrote it down.
pub(super) fn roles_in(actor: &Actor, row: &issues::Row, places: &Places) -> Vec<&'static str> {
    let mut roles = policy::roles_at(actor, places);
    if row.recorder_id == Some(actor.id) {
        roles.push("recorder");
    }
    roles
}

/// Where an issue stands, its departments included.
pub(super) async fn places_of(conn: Conn<'_>, row: &issues::Row) -> Result<Places> {
    let departments = handling::departments_of(conn, row.city_code, "issue", row.id).await?;
    Ok(row.places(departments))
}

/// Locks an issue for `action` by `actor`, or refuses.
async fn open(tx: &mut Tx<'_>, actor: &Actor, id: Uuid, action: Action) -> Result<Opened> {
    let mut opened = Opened::lock(tx, id).await?;
    if !policy::sees(actor, Noun::Issue, &opened.places) {
        return Err(Error::not_found());
    }
    let roles = roles_in(actor, &opened.row, &opened.places);
    if !roles.iter().any(|role| rules::may(action, role)) {
        return Err(Error::forbidden());
    }
    tx.call.expect(opened.row.version)?;
    let state = opened.row.state()?;
    opened.allowed(action, &roles)?;
    // Withdrawing passes from the recorder to the centre once departments are at work.
    if !roles.iter().any(|role| rules::may_from(state, action, role)) {
        return Err(Error::forbidden());
    }
    opened.roles = roles;
    if opened.row.recorder_id == Some(actor.id) && rules::may(action, "recorder") {
        opened.behalf = opened.row.member_id.filter(|member| Some(*member) != actor.member_id);
    }
    Ok(opened)
}

impl Opened {
    /// Locks the row; whether the caller may is the caller's business.
    pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Self> {
        let city = tx.call.city;
        let row = issues::lock(tx.conn, city, id).await?.ok_or_else(Error::not_found)?;
        // After the lock, so that nobody adds to them any more.
        let around = whole::around(tx.conn, city, id).await?;
        let (visits, places) = (around.visits, row.places(around.departments));
        let before = row.journalled(&visits);
        Ok(Self { row, places, visits, behalf: None, roles: Vec::new(), before })
    }

    /// 409 unless the state allows the action.
    fn allowed(&self, action: Action, roles: &[&str]) -> Result<()> {
        let state = self.row.state()?;
        match rules::transition(state, action) {
            Some(_) => Ok(()),
            None => Err(Error::transition(state.as_str(), rules::allowed_actions(state, roles))),
        }
    }

    /// What handling needs to know of it.
    fn parent(&self) -> Result<ParentRef> {
        Ok(ParentRef {
            kind: "issue",
            id: self.row.id,
            round: self.row.round,
            urgency: self.row.urgency()?,
            places: self.places.clone(),
        })
    }

    /// A guard's refusal; where the issue is not ready for it, with its state and what that allows.
    fn refuse(&self, refusal: Refusal) -> Error {
        let mut error = refused(refusal);
        if let (Code::TransitionNotAllowed, Ok(state)) = (error.code, self.row.state()) {
            let allowed = rules::allowed_actions(state, &self.roles);
            error.state = Error::transition(state.as_str(), allowed).state;
        }
        error
    }

    /// Sets the state that the action leads to.
    fn go(&mut self, action: Action) -> Result<()> {
        let state = self.row.state()?;
        let to: State = rules::transition(state, action)
            .ok_or_else(|| Error::transition(state.as_str(), Vec::new()))?;
        to.as_str().clone_into(&mut self.row.state);
        Ok(())
    }

    /// Starts one of the centre's clocks, and the timer that says when it is over.
    async fn start(&self, tx: &mut Tx<'_>, step: &str) -> Result<Due> {
        let (city, now) = (tx.call.city, tx.call.now);
        let (span, due) = self.due(tx, step).await?;
        clocks::start(tx.conn, (city, self.row.id), step, now, span, due).await?;
        timers::schedule(tx, CLOCK_TIMER, self.row.id, self.row.round, due.at).await?;
        Ok(due)
    }

    /// How long `step` may take for this issue, and when that is over if it begins now.
    async fn due(&self, tx: &mut Tx<'_>, step: &str) -> Result<(Span, Due)> {
        let calendar = Calendar::of(tx).await?;
        let due = calendar.due(&self.row.urgency, step, tx.call.now)?;
        Ok((calendar.span(&self.row.urgency, step)?, due))
    }

    /// Ends the centre's clocks of these steps.
    async fn stop(&self, tx: &mut Tx<'_>, steps: &[&str]) -> Result<()> {
        clocks::stop(tx.conn, (tx.call.city, self.row.id), steps, tx.call.now).await
    }

    /// The issue is due when its last work order is: co-handlers answer the lead, not us.
    async fn take_due_dates(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let all = handling::of_parent(tx.conn, tx.call.city, "issue", self.row.id).await?;
        self.take_due_dates_of(&all);
        Ok(())
    }

    /// The same, where all work orders of the round are at hand.
    fn take_due_dates_of(&mut self, all: &[AssignmentRow]) {
        let ended = ["returned", "recalled"];
        let latest = all
            .iter()
            .filter(|one| one.round == self.row.round && one.kind != "co")
            .filter(|one| !ended.contains(&one.state.as_str()))
            .max_by_key(|one| one.due_at);
        self.row.due_on = latest.map(|one| one.due_on);
        self.row.due_at = latest.map(|one| one.due_at);
        self.row.provisional = latest.is_some_and(|one| one.provisional);
    }

    /// Stores the change as the next version and journals it, with `more` beside the state.
    /// Returns the entry's id, the cause of notices.
    async fn finish(&mut self, tx: &mut Tx<'_>, kind: &'static str, more: Value) -> Result<Uuid> {
        self.row.version += 1;
        self.row.updated_at = tx.call.now;
        issues::save(tx.conn, &self.row).await?;
        self.journal(tx, kind, more, true).await
    }

    /// Journals the row as it is.
    async fn journal(
        &self,
        tx: &mut Tx<'_>,
        kind: &'static str,
        more: Value,
        changed: bool,
    ) -> Result<Uuid> {
        let mut after = self.row.journalled(&self.visits);
        if let (Value::Object(after), Value::Object(more)) = (&mut after, more) {
            after.extend(more.into_iter().collect::<Map<_, _>>());
        }
        let entry = Entry {
            kind,
            object_kind: "issue",
            object_id: self.row.id,
            version: self.row.version,
            places: self.places.clone(),
            before: changed.then(|| self.before.clone()),
            after: Some(after),
        };
        let Some(member) = self.behalf else { return tx.journal(entry).await };
        let call = Call { on_behalf_of: Some(member), ..tx.call.clone() };
        tx.framed(&call).journal(entry).await
    }

    /// Tells the liaison centre.
    async fn tell_centre(&self, tx: &mut Tx<'_>, code: &'static str, cause: Uuid) -> Result<()> {
        self.tell(tx, code, Audience::LiaisonCentre, None, cause).await
    }

    /// Tells the member it belongs to, where there is one.
    async fn tell_member(&self, tx: &mut Tx<'_>, code: &'static str, cause: Uuid) -> Result<()> {
        match self.row.member_id {
            Some(member) => self.tell(tx, code, Audience::Member, Some(member), cause).await,
            None => Ok(()),
        }
    }

    async fn tell(
        &self,
        tx: &mut Tx<'_>,
        code: &'static str,
        audience: Audience,
        place: Option<Uuid>,
        cause: Uuid,
    ) -> Result<()> {
        let id = self.row.id;
        handling::notify(tx, code, audience, place, "issue", id, self.row.due_on, cause).await
    }
}

/// A guard's refusal as an error: 409 for what is done already and for what the issue is not ready
/// for, 403 for a forbidden reviewer, else a fault of meaning at its field.
fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::ReviewerIsAuthor => Error::because(Code::Forbidden, refusal),
        Refusal::AlreadyAnswered => Error::because(Code::AlreadyDone, refusal),
        _ if refusal.pointer().is_empty() => Error::because(Code::TransitionNotAllowed, refusal),
        _ => Error::invalid(vec![refusal.into()]),
    }
}
