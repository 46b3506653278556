//! Contacts: entered, changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::categories::known_category;
use super::keeping::KEEPERS;
use super::persons::change_person;
use super::several::{Each, answered, only};
use super::{
    NewPerson, changed, county_in_city, enter_persons, number_taken, out_of_place, refused, today,
};
use crate::auth::{Actor, Noun, policy};
use crate::catalogue;
use crate::chain::store::{self, ContactRow, Keyed, PersonChange};
use crate::error::{Error, Fault, Result, check};
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
    /// key_enterprise, community, village or one of the city's own.
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
    /// key_enterprise, community, village or one of the city's own.
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

pub(super) async fn locked_contact(tx: &mut Tx<'_>, id: Uuid) -> Result<ContactRow> {
    store::lock_contact(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)
}

/// Enters a contact with their person; the county follows from the division.
pub async fn create_contact(tx: &mut Tx<'_>, new: NewContact) -> Result<ContactRow> {
    only(create_contacts(tx, vec![new]).await)
}

/// [`create_contact`] of several.
pub async fn create_contacts(tx: &mut Tx<'_>, new: Vec<NewContact>) -> Each<ContactRow> {
    let (city, now) = (tx.call.city, tx.call.now);
    let codes: BTreeSet<i64> = new.iter().map(|one| one.division_code).collect();
    let divisions = catalogue::divisions_of_codes(tx.conn, codes.into_iter().collect()).await?;
    let divisions: BTreeSet<i64> = divisions.into_iter().map(|row| row.code).collect();
    let named: BTreeSet<&str> = new.iter().map(|one| &*one.category).collect();
    let mut categories: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
    for code in named {
        known_category(tx, code, categories.entry(code.to_owned()).or_default()).await?;
    }
    let numbers = new.iter().map(|one| (one.number.clone(), one.from)).collect();
    let kept = store::numbers_kept(tx.conn, city, Keyed::Contact, numbers).await?;
    let admitted = new.iter().map(|one| {
        let there = divisions.contains(&one.division_code);
        let mut faults = Vec::from_iter(out_of_place(city, one.division_code, there));
        faults.extend(categories.get(&one.category).into_iter().flatten().cloned());
        check(faults)?;
        if kept.contains(&one.number) { Err(number_taken()) } else { Ok(()) }
    });
    let admitted: Vec<Result<()>> = admitted.collect();
    let passed = new.into_iter().zip(&admitted).filter(|(_, admitted)| admitted.is_ok());
    let passed: Vec<NewContact> = passed.map(|(one, _)| one).collect();
    let people = passed.iter().map(|one| one.person.clone()).collect();
    let persons = enter_persons(tx, people).await?;
    let row = |(one, person_id): (NewContact, Uuid)| ContactRow {
        id: one.id.unwrap_or_else(|| tx.call.id()),
        person_id,
        number: one.number,
        category: one.category,
        unit: one.unit,
        division_code: one.division_code,
        county_code: catalogue::county_of(one.division_code),
        from_on: one.from,
        until_on: None,
        voided_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
        name: one.person.name,
        phone: one.person.phone,
        address: one.person.address,
        external_ids: Vec::new(),
    };
    let rows: Vec<ContactRow> = passed.into_iter().zip(persons).map(row).collect();
    let inserted = rows.iter().map(|row| row.inserted(city)).collect();
    store::insert_contacts(tx.conn, inserted).await.map_err(refused)?;
    for row in &rows {
        let after = json!({ "number": row.number, "category": row.category,
            "division_code": row.division_code.to_string(), "from": row.from_on });
        journal_contact(tx, "contact.created", row, after).await?;
    }
    Ok(answered(admitted, rows))
}

/// Changes the person, the unit, the category or the place.
pub async fn update_contact(
    tx: &mut Tx<'_>,
    mut row: ContactRow,
    change: ContactChange,
) -> Result<ContactRow> {
    let mut faults = Vec::new();
    if let Some(code) = change.division_code {
        row.county_code = county_in_city(tx, code, &mut faults).await?;
        row.division_code = code;
    }
    if let Some(code) = &change.category {
        known_category(tx, code, &mut faults).await?;
    }
    check(faults)?;
    let after = json!({
        "name": changed(change.person.name.is_some()),
        "phone": changed(change.person.phone.is_some()),
        "address": changed(change.person.address.is_some()),
        "unit": changed(change.unit.is_some()),
        "category": change.category,
        "division_code": change.division_code.map(|code| code.to_string()),
    });
    change_person(tx, (row.person_id, row.id), change.person.clone()).await?;
    change.person.put(&mut row.name, &mut row.phone, &mut row.address);
    row.unit = change.unit.unwrap_or(row.unit);
    row.category = change.category.unwrap_or(row.category);
    touch(tx, &mut row).await?;
    journal_contact(tx, "contact.updated", &row, after).await?;
    Ok(row)
}

pub(super) async fn touch(tx: &mut Tx<'_>, row: &mut ContactRow) -> Result<()> {
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update_contact(tx.conn, tx.call.city, row).await.map_err(refused)
}

pub(super) async fn journal_contact(
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
