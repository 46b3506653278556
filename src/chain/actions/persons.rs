//! Persons: who sees them, and what is kept of them apart from what they are. The survivor stands for
//! all who were merged into them, whichever id is asked for.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contacts::{journal_contact, locked_contact, touch};
use super::links::why;
use super::members::{journal_member, locked_member, next_version};
use super::{KEEPERS, changed, refused, today};
use crate::auth::{Actor, Noun, policy};
use crate::chain::rules::persons::{ContactPointKind, Refusal, Scheme, share_a_day};
use crate::chain::rules::{self, Term};
use crate::chain::store::{
    self, ContactPointRow, ContactRow, IdentifierRow, MemberRow, NewContactPointRow, Person,
    PersonChange, days,
};
use crate::db::Conn;
use crate::error::{Code, Error, Result, check};
use crate::journal::{Entry, Places, Tx};

/// A person with what they are, as far as somebody sees it.
#[derive(Debug, Clone)]
pub struct SeenPerson {
    /// The id asked for.
    pub asked: Uuid,
    /// The person: who was asked for, or who they were merged into.
    pub row: Person,
    /// The members they are or were.
    pub members: Vec<MemberRow>,
    /// The contacts they are or were.
    pub contacts: Vec<ContactRow>,
    /// Whether numbers, addresses and identifiers are read whole: by who keeps the chain, and of oneself.
    pub whole: bool,
}

/// The person of that id, where `actor` keeps the chain, is that person, or sees a member or a contact
/// that they are.
pub async fn see_person(
    conn: Conn<'_>,
    actor: &Actor,
    id: Uuid,
    on: NaiveDate,
) -> Result<SeenPerson> {
    let city = actor.city;
    let mut row = store::person(conn, city, id).await?.ok_or_else(Error::not_found)?;
    while let Some(canonical) = row.canonical_id {
        row = store::person(conn, city, canonical).await?.ok_or_else(Error::not_found)?;
    }
    let members = store::members_of_person(conn, city, row.id);
    let all = store::contacts_of_person(conn, city, row.id);
    let (mut members, all) = tokio::try_join!(members, all)?;
    members.retain(|member| policy::sees(actor, Noun::Member, &member.places()));
    let mut contacts = Vec::new();
    for contact in all {
        let places = store::places_of_contact(conn, city, &contact, on).await?;
        if places.iter().any(|places| policy::sees(actor, Noun::Contact, places)) {
            contacts.push(contact);
        }
    }
    let whole = actor.person_id == Some(row.id) || policy::any_role(actor, KEEPERS).is_ok();
    if !whole && members.is_empty() && contacts.is_empty() {
        return Err(Error::not_found());
    }
    Ok(SeenPerson { asked: id, row, members, contacts, whole })
}

/// [`see_person`] in a write by who keeps the chain.
pub(super) async fn kept_person(tx: &Tx<'_>, actor: &Actor, id: Uuid) -> Result<SeenPerson> {
    let seen = see_person(tx.conn, actor, id, today(tx)).await?;
    policy::any_role(actor, KEEPERS)?;
    Ok(seen)
}

/// Loads and locks a person whom `actor` may change, in the version they saw.
pub async fn person_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<Person> {
    let seen = kept_person(tx, actor, id).await?;
    let locked = store::lock_persons(tx.conn, tx.call.city, vec![seen.row.id]).await?;
    let row = locked.into_iter().next().ok_or_else(Error::not_found)?;
    if row.canonical_id.is_some() {
        return Err(again());
    }
    tx.call.expect(row.version)?;
    Ok(row)
}

/// Somebody merged them between two looks: the next attempt sees it.
pub(super) fn again() -> Error {
    Error { retry_after: Some(1), ..Error::new(Code::StillRunning) }
}

/// Journals what happened to a person as their next version. They stand at no place of their own.
pub(super) async fn touch_person(
    tx: &mut Tx<'_>,
    id: Uuid,
    kind: &'static str,
    after: Value,
) -> Result<i64> {
    let version = store::touch_person(tx.conn, tx.call.city, id).await?;
    let (object_kind, places, before) = ("person", Places::default(), None);
    let after = Some(after);
    tx.journal(Entry { kind, object_kind, object_id: id, version, places, before, after }).await?;
    Ok(version)
}

/// Changes what is shown of the person whom the row `of` is, and tells of it: of the person, and of the
/// other members and contacts that they are, each in a new version.
pub(super) async fn change_person(
    tx: &mut Tx<'_>,
    (id, of): (Uuid, Uuid),
    change: PersonChange,
) -> Result<()> {
    let city = tx.call.city;
    let after = json!({ "name": changed(change.name.is_some()),
        "phone": changed(change.phone.is_some()), "address": changed(change.address.is_some()) });
    let made = store::update_person(tx.conn, city, id, change).await?;
    let Some(version) = made else { return Ok(()) };
    let (kind, object_kind, places, before) = ("person.updated", "person", Places::default(), None);
    let told = Some(after.clone());
    tx.journal(Entry { kind, object_kind, object_id: id, version, places, before, after: told })
        .await?;
    let members = store::members_of_person(tx.conn, city, id);
    let contacts = store::contacts_of_person(tx.conn, city, id);
    let (members, contacts) = tokio::try_join!(members, contacts)?;
    for other in members.into_iter().filter(|row| row.id != of) {
        let mut row = locked_member(tx, other.id).await?;
        next_version(tx, &mut row).await?;
        journal_member(tx, "member.updated", &row, None, after.clone()).await?;
    }
    for other in contacts.into_iter().filter(|row| row.id != of) {
        let mut row = locked_contact(tx, other.id).await?;
        touch(tx, &mut row).await?;
        journal_contact(tx, "contact.updated", &row, after.clone()).await?;
    }
    Ok(())
}

/// A contact point to add.
#[derive(Debug, Clone)]
pub struct NewContactPoint {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// What it is.
    pub kind: ContactPointKind,
    /// As typed.
    pub value: String,
    /// Its days.
    pub term: Term,
}

/// Adds a contact point; returns it and the person's new version.
pub async fn add_contact_point(
    tx: &mut Tx<'_>,
    row: &Person,
    new: NewContactPoint,
) -> Result<(ContactPointRow, i64)> {
    let (city, person_id, (from, until)) = (row.city_code, row.id, new.term);
    let mut faults = Vec::new();
    if !new.kind.fits(&new.value) {
        faults.push(Refusal::WrongForm.into());
    }
    if until.is_some_and(|until| until <= from) {
        faults.push(rules::Refusal::NotAfterFrom.into());
    }
    check(faults)?;
    let kind = new.kind.as_str();
    let there = store::contact_points_of(tx.conn, city, person_id).await?;
    let same = |one: &ContactPointRow| one.kind == kind && new.kind.same(&one.value, &new.value);
    let stands =
        |one: &ContactPointRow| one.voided_at.is_none() && share_a_day(one.term(), new.term);
    if there.iter().any(|one| same(one) && stands(one)) {
        return Err(Error::because(Code::Overlap, Refusal::PointThere));
    }
    let id = new.id.unwrap_or_else(|| tx.call.id());
    let point = NewContactPointRow {
        city_code: city,
        id,
        person_id,
        kind,
        value: new.value,
        during: days(from, until),
        created_at: tx.call.now,
    };
    store::insert_contact_point(tx.conn, point).await.map_err(refused)?;
    let after = json!({ "contact_point_id": id, "kind": kind, "value": "changed", "from": from,
        "until": until });
    let version = touch_person(tx, person_id, "person.contact_point_added", after).await?;
    Ok((contact_point(tx, row, id).await?, version))
}

/// One of a person's contact points.
async fn contact_point(tx: &Tx<'_>, row: &Person, id: Uuid) -> Result<ContactPointRow> {
    let all = store::contact_points_of(tx.conn, row.city_code, row.id).await?;
    all.into_iter().find(|point| point.id == id).ok_or_else(Error::not_found)
}

/// Ends a contact point before `until`.
pub async fn end_contact_point(
    tx: &mut Tx<'_>,
    row: &Person,
    id: Uuid,
    until: NaiveDate,
) -> Result<(ContactPointRow, i64)> {
    let mut point = contact_point(tx, row, id).await?;
    if point.voided_at.is_some() {
        return Err(why(rules::Refusal::Voided));
    }
    rules::term_ends(point.term(), until).map_err(why)?;
    point.until_on = Some(until);
    store::update_contact_point(tx.conn, row.city_code, &point).await?;
    let after = json!({ "contact_point_id": id, "kind": point.kind, "until": until });
    let version = touch_person(tx, row.id, "person.contact_point_ended", after).await?;
    Ok((point, version))
}

/// Voids a contact point that was a mistake; `reason` is a code.
pub async fn void_contact_point(
    tx: &mut Tx<'_>,
    row: &Person,
    id: Uuid,
    reason: &str,
) -> Result<(ContactPointRow, i64)> {
    let mut point = contact_point(tx, row, id).await?;
    if point.voided_at.is_some() {
        return Err(why(rules::Refusal::Voided));
    }
    point.voided_at = Some(tx.call.now);
    store::update_contact_point(tx.conn, row.city_code, &point).await?;
    let after = json!({ "contact_point_id": id, "kind": point.kind, "reason": reason });
    let version = touch_person(tx, row.id, "person.contact_point_voided", after).await?;
    Ok((point, version))
}

/// Adds an identifier; returns it and the person's new version.
pub async fn add_identifier(
    tx: &mut Tx<'_>,
    row: &Person,
    id: Option<Uuid>,
    scheme: Scheme,
    value: &str,
) -> Result<(IdentifierRow, i64)> {
    let value = scheme.normal(value);
    if !scheme.fits(&value) {
        return Err(Error::invalid(vec![Refusal::WrongForm.into()]));
    }
    let there = store::identifiers_of(tx.conn, row.city_code, row.id).await?;
    let of_scheme = |one: &IdentifierRow| one.voided_at.is_none() && one.scheme == scheme.as_str();
    if scheme.is_single() && there.iter().any(of_scheme) {
        return Err(Error::because(Code::Duplicate, Refusal::HasOne));
    }
    let identifier = IdentifierRow {
        city_code: row.city_code,
        id: id.unwrap_or_else(|| tx.call.id()),
        person_id: row.id,
        scheme: scheme.as_str().to_owned(),
        value,
        voided_at: None,
        created_at: tx.call.now,
    };
    store::insert_identifier(tx.conn, &identifier).await.map_err(|error| {
        match crate::db::constraint(&error) {
            Some("person_identifiers_value") => {
                Error::because(Code::Duplicate, Refusal::NumberTaken)
            }
            _ => refused(error),
        }
    })?;
    let after = json!({ "identifier_id": identifier.id, "scheme": scheme, "value": "changed" });
    let version = touch_person(tx, row.id, "person.identifier_added", after).await?;
    Ok((identifier, version))
}

/// Voids an identifier, which is free for somebody else then; `reason` is a code.
pub async fn void_identifier(
    tx: &mut Tx<'_>,
    row: &Person,
    id: Uuid,
    reason: &str,
) -> Result<(IdentifierRow, i64)> {
    let all = store::identifiers_of(tx.conn, row.city_code, row.id).await?;
    let found = all.into_iter().find(|one| one.id == id);
    let mut identifier = found.ok_or_else(Error::not_found)?;
    if identifier.voided_at.is_some() {
        return Err(why(rules::Refusal::Voided));
    }
    identifier.voided_at = Some(tx.call.now);
    store::void_identifier(tx.conn, row.city_code, id, tx.call.now).await?;
    let after = json!({ "identifier_id": id, "scheme": identifier.scheme, "reason": reason });
    let version = touch_person(tx, row.id, "person.identifier_voided", after).await?;
    Ok((identifier, version))
}
