//! Contacts: entered, changed, linked to members, links ended or voided.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::members::{journal_member, locked_member, next_version};
use super::{KEEPERS, NewPerson, changed, county_in_city, enter_person, refused, today};
use crate::auth::{Actor, Noun, policy};
use crate::chain::store::{self, ContactRow, LinkRow, MemberRow, PersonChange, days};
use crate::error::{Code, Error, Fault, Result, check};
use crate::journal::{Entry, Tx};

/// A contact to enter.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// Who they are.
    pub person: NewPerson,
    /// Their number in the city.
    pub number: String,
    /// key_enterprise, community or village
    pub category: String,
    /// The enterprise, community or village.
    pub unit: String,
    /// Where that is.
    pub division_code: i64,
    /// Since when.
    pub from: NaiveDate,
}

/// What is new about a contact.
#[derive(Debug, Clone, Default)]
pub struct ContactChange {
    /// About the person.
    pub person: PersonChange,
    /// The enterprise, community or village.
    pub unit: Option<String>,
    /// key_enterprise, community or village
    pub category: Option<String>,
    /// Where that is.
    pub division_code: Option<i64>,
}

/// Loads and locks a contact that `actor` may change, in the version they saw.
pub async fn contact_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<ContactRow> {
    let row = locked_contact(tx, id).await?;
    let places = store::places_of_contact(tx.conn, tx.call.city, &row, today(tx)).await?;
    if !places.iter().any(|places| policy::sees(actor, Noun::Contact, places)) {
        return Err(Error::not_found());
    }
    policy::require(actor, Noun::Contact, &row.places(), KEEPERS)
        .map_err(|_| Error::forbidden())?;
    tx.call.expect(row.version)?;
    Ok(row)
}

async fn locked_contact(tx: &mut Tx<'_>, id: Uuid) -> Result<ContactRow> {
    store::lock_contact(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)
}

/// Enters a contact with their person; the county follows from the division.
pub async fn create_contact(tx: &mut Tx<'_>, new: NewContact) -> Result<ContactRow> {
    let (city, now) = (tx.call.city, tx.call.now);
    let mut faults = Vec::new();
    let county_code = county_in_city(tx, new.division_code, &mut faults).await?;
    check(faults)?;
    let person_id = enter_person(tx, new.person).await?;
    let id = new.id.unwrap_or_else(|| tx.call.id());
    let row = store::NewContactRow {
        city_code: city,
        id,
        person_id,
        number: new.number,
        category: new.category,
        unit: new.unit,
        division_code: new.division_code,
        county_code,
        during: days(new.from, None),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert_contact(tx.conn, row).await.map_err(refused)?;
    let row = locked_contact(tx, id).await?;
    let after = json!({ "number": row.number, "category": row.category,
        "division_code": row.division_code.to_string(), "from": new.from });
    journal_contact(tx, "contact.created", &row, after).await?;
    Ok(row)
}

/// Changes the person, the unit, the category or the place.
pub async fn update_contact(
    tx: &mut Tx<'_>,
    mut row: ContactRow,
    change: ContactChange,
) -> Result<ContactRow> {
    let city = tx.call.city;
    if let Some(code) = change.division_code {
        let mut faults = Vec::new();
        row.county_code = county_in_city(tx, code, &mut faults).await?;
        row.division_code = code;
        check(faults)?;
    }
    let after = json!({
        "name": changed(change.person.name.is_some()),
        "phone": changed(change.person.phone.is_some()),
        "address": changed(change.person.address.is_some()),
        "unit": changed(change.unit.is_some()),
        "category": change.category,
        "division_code": change.division_code.map(|code| code.to_string()),
    });
    store::update_person(tx.conn, city, row.person_id, change.person).await?;
    row.unit = change.unit.unwrap_or(row.unit);
    row.category = change.category.unwrap_or(row.category);
    touch(tx, &mut row).await?;
    journal_contact(tx, "contact.updated", &row, after).await?;
    locked_contact(tx, row.id).await
}

/// Links a member to a contact; returns the link and the member's new version.
pub async fn link_contact(
    tx: &mut Tx<'_>,
    member: Uuid,
    contact: Uuid,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<(LinkRow, i64)> {
    let city = tx.call.city;
    let mut member = locked_member(tx, member).await?;
    let mut faults = Vec::new();
    let found = store::lock_contact(tx.conn, city, contact).await?;
    if found.is_none() {
        faults.push(Fault::reference("/contact_id", "联系人", "contact"));
    }
    if until.is_some_and(|until| until <= from) {
        let (zh, en) = ("应晚于起始日期", "must be after from");
        faults.push(Fault::new("/until", "until_not_after_from", zh, en));
    }
    let terms = [Some(member.from_on), found.as_ref().map(|contact| contact.from_on)];
    let ends = [member.until_on, found.as_ref().and_then(|contact| contact.until_on)];
    let begun = terms.into_iter().flatten().all(|first| first <= from);
    let (zh, en) =
        ("应在委员和联系人的任期之内", "must lie within the member's and the contact's time");
    let mut ends = ends.into_iter().flatten();
    if !begun {
        faults.push(Fault::new("/from", "not_meaningful", zh, en));
    } else if ends.any(|end| until.is_none_or(|until| until > end)) {
        faults.push(Fault::new("/until", "not_meaningful", zh, en));
    }
    check(faults)?;
    let Some(mut contact) = found else { return Err(Error::not_found()) };
    let id = tx.call.id();
    store::insert_contact_link(tx.conn, city, id, (member.id, contact.id), (from, until))
        .await
        .map_err(refused)?;
    let (member_id, other_id) = (member.id, contact.id);
    let link = LinkRow { id, member_id, other_id, from_on: from, until_on: until, voided_at: None };
    let kinds = ("member.contact_linked", "contact.linked");
    journal_link(tx, kinds, &mut member, &mut contact, &link, None).await?;
    Ok((link, member.version))
}

/// Ends a link before `until`.
pub async fn end_link(
    tx: &mut Tx<'_>,
    mut member: MemberRow,
    link: Uuid,
    until: NaiveDate,
) -> Result<(LinkRow, i64)> {
    let (mut link, mut contact) = live_link(tx, &member, link).await?;
    if until <= link.from_on {
        let (zh, en) = ("应晚于联系的起始日期", "must be after the link's first day");
        return Err(Error::fault("/until", zh, en));
    }
    store::end_contact_link(tx.conn, tx.call.city, &link, until).await.map_err(refused)?;
    link.until_on = Some(until);
    let kinds = ("member.contact_ended", "contact.link_ended");
    journal_link(tx, kinds, &mut member, &mut contact, &link, None).await?;
    Ok((link, member.version))
}

/// Voids a link that was a mistake; `reason` is a code.
pub async fn void_link(
    tx: &mut Tx<'_>,
    mut member: MemberRow,
    link: Uuid,
    reason: &str,
) -> Result<(LinkRow, i64)> {
    let (mut link, mut contact) = live_link(tx, &member, link).await?;
    store::void_contact_link(tx.conn, tx.call.city, link.id, tx.call.now).await?;
    link.voided_at = Some(tx.call.now);
    let kinds = ("member.contact_voided", "contact.link_voided");
    journal_link(tx, kinds, &mut member, &mut contact, &link, Some(reason)).await?;
    Ok((link, member.version))
}

/// A link of the member that is not voided, with its contact, both locked.
async fn live_link(
    tx: &mut Tx<'_>,
    member: &MemberRow,
    link: Uuid,
) -> Result<(LinkRow, ContactRow)> {
    let link = store::lock_contact_link(tx.conn, tx.call.city, member.id, link)
        .await?
        .ok_or_else(Error::not_found)?;
    if link.voided_at.is_some() {
        return Err(Error::new(Code::AlreadyDone));
    }
    let contact = locked_contact(tx, link.other_id).await?;
    Ok((link, contact))
}

/// What happened to a link is told of both its ends.
async fn journal_link(
    tx: &mut Tx<'_>,
    (of_member, of_contact): (&'static str, &'static str),
    member: &mut MemberRow,
    contact: &mut ContactRow,
    link: &LinkRow,
    reason: Option<&str>,
) -> Result<()> {
    let after = json!({ "link_id": link.id, "member_id": member.id, "contact_id": contact.id,
        "from": link.from_on, "until": link.until_on, "voided_at": link.voided_at,
        "reason": reason });
    next_version(tx, member).await?;
    journal_member(tx, of_member, member, None, after.clone()).await?;
    touch(tx, contact).await?;
    journal_contact(tx, of_contact, contact, after).await
}

async fn touch(tx: &mut Tx<'_>, row: &mut ContactRow) -> Result<()> {
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update_contact(tx.conn, tx.call.city, row).await
}

async fn journal_contact(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &ContactRow,
    after: Value,
) -> Result<()> {
    let (object_kind, places, after) = ("contact", row.places(), Some(after));
    let (object_id, version, before) = (row.id, row.version, None);
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(())
}
