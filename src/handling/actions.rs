//! What a department does with a work order: sign in, speak with the reporter, draft, sign the reply.
//! Each action locks the parent, then the work order, and only then looks.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::parent::{Parent, ParentState, Parents, ReporterView};
use super::round::{facts, journal, journal_as, places};
use super::rules::{self, Action, ContactMode, Draft, Kind, Refusal, ResultClass, State};
use super::store::{self, AssignmentRow, parents, replies};
use crate::auth::{Actor, Noun, Place, policy};
use crate::catalogue::Calendar;
use crate::clock;
use crate::error::{Error, Fault, Result};
use crate::journal::{CallerKind, Places, Tx};
use crate::workdays;

/// Who may see the reporter of a work order.
const REVEALERS: &[&str] = &["dept_receiver", "dept_handler", "dept_head", "liaison_centre"];

/// A work order under lock, its parent locked before it.
struct Held<'p> {
    parent: &'p dyn Parent,
    state: ParentState,
    row: AssignmentRow,
    places: Places,
}

/// Locks the parent, then the work order; 404 where it is not there for the actor, 403 without one
/// of `roles` over it.
async fn hold<'p>(
    tx: &mut Tx<'_>,
    parents: &'p Parents,
    actor: &Actor,
    id: Uuid,
    roles: &[&str],
) -> Result<Held<'p>> {
    let seen = store::get(tx.conn, tx.call.city, id).await?;
    let parent = parents.of(&seen.parent_kind)?;
    let state = parent.lock(tx, seen.parent_id).await?;
    let row = store::lock(tx.conn, tx.call.city, id).await?;
    let places = places(&row, &state.places);
    policy::require(actor, Noun::Assignment, &places, roles)?;
    Ok(Held { parent, state, row, places })
}

/// [`hold`] for an action of the machine: 412, then 409.
async fn hold_for<'p>(
    tx: &mut Tx<'_>,
    parents: &'p Parents,
    actor: &Actor,
    id: Uuid,
    action: Action,
) -> Result<(Held<'p>, State)> {
    let rows = rules::TRANSITIONS.iter().filter(|row| row.action == action);
    let roles: Vec<&str> = rows.flat_map(|row| row.who).copied().collect();
    let held = hold(tx, parents, actor, id, &roles).await?;
    // A machine acts for the departments it was granted, not for every one of a city it reads.
    let granted = Place::Department(held.row.department_id);
    let own = actor.grants.iter().any(|grant| grant.place == granted);
    if actor.kind == CallerKind::Client && !own {
        return Err(Error::forbidden());
    }
    tx.call.expect(held.row.version)?;
    let from = held.row.state()?;
    let refused = || {
        let allowed = allowed(from, &policy::roles_at(actor, &held.places));
        Error::transition(from.as_str(), allowed)
    };
    let to = rules::transition(from, action).filter(|_| held.state.live).ok_or_else(refused)?;
    Ok((held, to))
}

impl Held<'_> {
    /// Stores the work order and moves both versions.
    async fn store(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        store::update(tx.conn, &mut self.row, tx.call.now).await?;
        self.parent.touch(tx, self.row.parent_id).await
    }
}

/// A rule's refusal as a fault.
fn fault(refusal: Refusal) -> Error {
    Error::invalid(vec![refusal.into()])
}

/// What someone with these roles may do here; sending back and recalling are done on the parent.
pub(super) fn allowed(from: State, roles: &[&str]) -> Vec<&'static str> {
    let own = [Action::SignIn, Action::RecordContact, Action::DraftReply, Action::Reply];
    let mut allowed = rules::allowed_actions(from, roles);
    allowed.retain(|code| own.iter().any(|action| action.as_str() == *code));
    allowed
}

/// A2: the department signs for it.
pub async fn sign_in(
    tx: &mut Tx<'_>,
    parents: &Parents,
    actor: &Actor,
    id: Uuid,
) -> Result<AssignmentRow> {
    let (mut held, to) = hold_for(tx, parents, actor, id, Action::SignIn).await?;
    let before = held.row.state.clone();
    held.row.state = to.as_str().to_owned();
    held.row.signed_at = Some(tx.call.now);
    held.row.signed_by = Some(actor.id);
    held.store(tx).await?;
    let places = &held.state.places;
    journal(tx, "assignment.signed_in", &held.row, places, Some(&before), None).await?;
    Ok(held.row)
}

/// How and when the department spoke with the reporter.
pub struct Contact {
    /// When; not in the future.
    pub at: DateTime<Utc>,
    /// How.
    pub mode: ContactMode,
    /// Whether the reporter was reached.
    pub reached: bool,
}

/// A2a: the first time that the reporter was reached counts; what comes after is only journalled.
pub async fn record_contact(
    tx: &mut Tx<'_>,
    parents: &Parents,
    actor: &Actor,
    id: Uuid,
    contact: Contact,
) -> Result<AssignmentRow> {
    let (mut held, _) = hold_for(tx, parents, actor, id, Action::RecordContact).await?;
    if contact.at > tx.call.now + clock::SKEW {
        let fault = Fault::new("/at", "in_future", "不能晚于现在", "must not be in the future");
        return Err(Error::invalid(vec![fault]));
    }
    if contact.at < held.row.dispatched_at {
        let (zh, en) = ("不能早于转办时间", "must not be before the dispatch");
        return Err(Error::fault("/at", zh, en));
    }
    // Whether it came in time is judged by when it was recorded: nobody can check what is typed in.
    if contact.reached && held.row.first_contact_at.is_none() {
        held.row.first_contact_at = Some(tx.call.now);
    }
    held.store(tx).await?;
    let mut after = facts(&held.row);
    after["contact_mode"] = json!(contact.mode);
    after["contacted_at"] = json!(contact.at);
    after["reached"] = json!(contact.reached);
    let (kind, before) = ("assignment.contact_recorded", held.row.state.clone());
    journal_as(tx, kind, &held.row, &held.state.places, Some(&before), after).await?;
    Ok(held.row)
}

/// What a handler writes for the head to sign.
pub struct Words {
    /// What came of it.
    pub result_class: ResultClass,
    /// The reply's words.
    pub body: String,
    /// How the reporter was spoken with.
    pub contact_mode: ContactMode,
    /// By when, for class B.
    pub promised_on: Option<NaiveDate>,
    /// Why not, for class C.
    pub reason: Option<String>,
}

/// The last day that a reply may promise.
async fn latest_promise(tx: &Tx<'_>, row: &AssignmentRow) -> Result<NaiveDate> {
    Ok(Calendar::of(tx).await?.due(&row.urgency, "follow_up", tx.call.now)?.on)
}

/// A10a: drafts the reply, or replaces the draft that stands.
pub async fn draft_reply(
    tx: &mut Tx<'_>,
    parents: &Parents,
    actor: &Actor,
    id: Uuid,
    words: Words,
) -> Result<AssignmentRow> {
    let (mut held, _) = hold_for(tx, parents, actor, id, Action::DraftReply).await?;
    let (result_class, promised_on) = (words.result_class, words.promised_on);
    let draft = Draft { result_class, promised_on, reason: words.reason.as_deref() };
    let latest = latest_promise(tx, &held.row).await?;
    rules::draft_guard(draft, workdays::local_date(tx.call.now), latest).map_err(fault)?;
    let reply = replies::ReplyRow {
        city_code: tx.call.city,
        id: tx.call.id(),
        assignment_id: id,
        state: "draft".to_owned(),
        result_class: result_class.as_str().to_owned(),
        body: words.body,
        contact_mode: words.contact_mode.as_str().to_owned(),
        promised_on,
        reason: words.reason,
        drafted_by: actor.id,
        drafted_at: tx.call.now,
        signed_by: None,
        signed_at: None,
        review_note: None,
        reviewed_by: None,
        reviewed_at: None,
    };
    replies::put_draft(tx.conn, reply).await?;
    held.store(tx).await?;
    let (kind, before) = ("assignment.reply_drafted", held.row.state.clone());
    let (row, places) = (&held.row, &held.state.places);
    // What the draft says is the department's and the centre's alone until it is signed.
    journal(tx, kind, row, places, Some(&before), None).await?;
    Ok(held.row)
}

/// A10b: the head signs the draft. The last of a round brings the parent to its review (I18).
pub async fn reply(
    tx: &mut Tx<'_>,
    parents: &Parents,
    actor: &Actor,
    id: Uuid,
) -> Result<AssignmentRow> {
    let (mut held, to) = hold_for(tx, parents, actor, id, Action::Reply).await?;
    let (city, now) = (tx.call.city, tx.call.now);
    let draft = replies::find(tx.conn, city, id, "draft").await?;
    let written = draft.as_ref().map(replies::ReplyRow::draft).transpose()?;
    let latest = latest_promise(tx, &held.row).await?;
    rules::reply_guard(written, workdays::local_date(now), latest).map_err(fault)?;
    let draft = draft.ok_or_else(|| fault(Refusal::DraftMissing))?;
    let class = draft.class()?;
    replies::sign(tx.conn, city, draft.id, Some(actor.id), now).await?;
    let before = held.row.state.clone();
    held.row.state = to.as_str().to_owned();
    held.row.replied_at = Some(now);
    held.row.first_replied_at.get_or_insert(now);
    held.store(tx).await?;
    let (row, places) = (&held.row, &held.state.places);
    journal(tx, "assignment.replied", row, places, Some(&before), Some(class)).await?;
    if let Some(class) = finished(tx, &held.row).await? {
        held.parent.all_replied(tx, held.row.parent_id, class).await?;
    }
    Ok(held.row)
}

/// What came of the round, once all who answer for it have replied. The parent's lock keeps two
/// that reply at once from each missing the other.
async fn finished(tx: &Tx<'_>, last: &AssignmentRow) -> Result<Option<ResultClass>> {
    let city = tx.call.city;
    let all = parents::of_parent(tx.conn, city, &last.parent_kind, last.parent_id).await?;
    let (mut states, mut classes) = (Vec::new(), Vec::new());
    for row in all.iter().filter(|row| row.round == last.round) {
        let (kind, state) = (row.kind()?, row.state()?);
        states.push((kind, state));
        if kind != Kind::Co && state == State::Replied {
            let signed = replies::find(tx.conn, city, row.id, "signed").await?;
            classes.extend(signed.map(|reply| reply.class()).transpose()?);
        }
    }
    Ok(rules::all_replied(states).then(|| rules::round_class(classes)).flatten())
}

/// Shows who reported it, and journals that it was shown. 404 where nobody is known.
pub(super) async fn reveal(
    tx: &mut Tx<'_>,
    parents: &Parents,
    actor: &Actor,
    id: Uuid,
    reason: &str,
) -> Result<(AssignmentRow, ReporterView)> {
    let mut held = hold(tx, parents, actor, id, REVEALERS).await?;
    // What has ended gives a department no more business with the reporter.
    let state = held.row.state()?;
    if !matches!(state, State::PendingSign | State::Handling | State::Replied) || !held.state.live {
        return Err(Error::transition(state.as_str(), Vec::new()));
    }
    let reporter = held.parent.reporter(tx, held.row.parent_id).await?;
    let reporter = reporter.ok_or_else(Error::not_found)?;
    held.store(tx).await?;
    let mut after = facts(&held.row);
    after["account_id"] = json!(actor.id);
    after["reason_given"] = json!(true);
    let (kind, before) = ("assignment.reporter_revealed", held.row.state.clone());
    let cause = journal_as(tx, kind, &held.row, &held.state.places, Some(&before), after).await?;
    // Apart from the journal: a reason may name the person, and no event does.
    store::keep_reason(tx.conn, &held.row, (cause, actor.id, tx.call.now), reason).await?;
    Ok((held.row, reporter))
}
