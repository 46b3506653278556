//! Members: entered, changed.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::placing::place;
use super::{NewPerson, changed, enter_person, links, refused, today};
use crate::auth::{Actor, Noun, policy};
use crate::catalogue;
use crate::chain::rules::{self, Opening};
use crate::chain::store::{self, MemberRow, Org, PersonChange, days};
use crate::error::{Error, Fault, Result, check};
use crate::journal::{Entry, Tx};

/// Who keeps the chain.
pub const KEEPERS: &[&str] = &["admin", "liaison_centre"];

/// A member to enter.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// Who they are.
    pub person: NewPerson,
    /// Their number in the conference.
    pub number: String,
    /// Where they work.
    pub unit: Option<String>,
    /// Their sector from the first day.
    pub sector_id: Uuid,
    /// None at city level.
    pub county_code: Option<i32>,
    /// Since when.
    pub from: NaiveDate,
}

/// What is new about a member.
#[derive(Debug, Clone, Default)]
pub struct MemberChange {
    /// About the person.
    pub person: PersonChange,
    /// Where they work; the inner none clears it.
    pub unit: Option<Option<String>>,
}

/// Loads and locks a member whom `actor` may change, in the version they saw.
pub async fn member_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<MemberRow> {
    let row = locked_member(tx, id).await?;
    policy::require(actor, Noun::Member, &row.places(), KEEPERS)?;
    tx.call.expect(row.version)?;
    Ok(row)
}

/// Loads and locks a member.
pub(super) async fn locked_member(tx: &mut Tx<'_>, id: Uuid) -> Result<MemberRow> {
    store::lock_member(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)
}

/// Enters a member with their person and first sector.
pub async fn create_member(tx: &mut Tx<'_>, new: NewMember) -> Result<MemberRow> {
    let (city, now) = (tx.call.city, tx.call.now);
    let mut faults = Vec::new();
    let sector = store::hold_organization(tx.conn, city, new.sector_id).await?;
    let sector = sector.filter(Org::is_sector);
    match &sector {
        Some(sector) => {
            faults.extend(rules::begins_within(sector.term(), new.from).err().map(Fault::from))
        }
        None => faults.push(Fault::reference("/sector_id", "界别", "sector")),
    }
    if let Some(county) = new.county_code {
        let code = i64::from(county);
        let known = catalogue::division(tx.conn, code).await?;
        let own = known.is_some_and(|d| d.level == "county" && catalogue::city_of(code) == city);
        if !own {
            faults.push(Fault::reference("/county_code", "本市县(区)", "county of this city"));
        }
    }
    check(faults)?;
    let began = new.from <= today(tx);
    let on = today(tx).max(new.from);
    let committee_id = store::committee_of(tx.conn, city, new.sector_id, on).await?;
    let person_id = enter_person(tx, new.person).await?;
    let id = new.id.unwrap_or_else(|| tx.call.id());
    let row = store::NewMemberRow {
        city_code: city,
        id,
        person_id,
        number: new.number,
        unit: new.unit,
        county_code: new.county_code,
        sector_id: Some(new.sector_id),
        committee_id,
        during: days(new.from, None),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert_member(tx.conn, row).await.map_err(refused)?;
    let until = sector.and_then(|sector| sector.until_on);
    let first = Opening::new(tx.call.id(), new.sector_id, (new.from, until));
    store::open_link(tx.conn, city, store::SECTOR, id, first).await.map_err(refused)?;
    let mut row = locked_member(tx, id).await?;
    // They stand where they were put; the days on which that changes are seen to.
    let line = links::line(tx, store::SECTOR, id).await?;
    place(tx, &mut row, &line).await?;
    let after = json!({ "number": row.number, "sector_id": new.sector_id,
        "committee_id": committee_id, "county_code": new.county_code.map(|c| c.to_string()),
        "from": new.from, "begun": began });
    journal_member(tx, "member.created", &row, None, after).await?;
    Ok(row)
}

/// Changes name, phone, address, unit.
pub async fn update_member(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    change: MemberChange,
) -> Result<MemberRow> {
    let city = tx.call.city;
    let after = json!({
        "name": changed(change.person.name.is_some()),
        "phone": changed(change.person.phone.is_some()),
        "address": changed(change.person.address.is_some()),
        "unit": changed(change.unit.is_some()),
    });
    store::update_person(tx.conn, city, row.person_id, change.person).await?;
    if let Some(unit) = change.unit {
        row.unit = unit;
    }
    next_version(tx, &mut row).await?;
    journal_member(tx, "member.updated", &row, None, after).await?;
    locked_member(tx, row.id).await
}

/// Stores the row as its next version.
pub(super) async fn next_version(tx: &mut Tx<'_>, row: &mut MemberRow) -> Result<()> {
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update_member(tx.conn, tx.call.city, row).await
}

pub(super) async fn journal_member(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &MemberRow,
    before: Option<Value>,
    after: Value,
) -> Result<()> {
    let (object_kind, places, after) = ("member", row.places(), Some(after));
    let (object_id, version) = (row.id, row.version);
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(())
}
