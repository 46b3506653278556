//! Members: entered, changed, moved between sectors.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{NewPerson, changed, enter_person, refused, today};
use crate::auth::{Actor, Noun, policy};
use crate::catalogue;
use crate::chain::store::{self, MemberRow, PersonChange, days};
use crate::error::{Code, Error, Fault, Result, check};
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
    if store::organization(tx.conn, city, "sector", new.sector_id).await?.is_none() {
        faults.push(Fault::reference("/sector_id", "界别", "sector"));
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
    let link = tx.call.id();
    store::insert_sector_link(tx.conn, city, link, (id, new.sector_id), new.from)
        .await
        .map_err(refused)?;
    let row = locked_member(tx, id).await?;
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

/// Moves a member to another sector from a date: the present link ends there.
pub async fn move_member(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    sector_id: Uuid,
    from: NaiveDate,
) -> Result<MemberRow> {
    let city = tx.call.city;
    let before = json!({ "sector_id": row.sector_id, "committee_id": row.committee_id });
    let present = store::sector_link(tx.conn, city, row.id, from).await?;
    if present.as_ref().is_some_and(|link| link.from_on == from && link.other_id != sector_id) {
        let (zh, en) = ("委员当日已转入另一界别", "the member joined another sector that day");
        return Err(Error::say(Code::Overlap, zh, en));
    }
    let mut faults = Vec::new();
    if store::organization(tx.conn, city, "sector", sector_id).await?.is_none() {
        faults.push(Fault::reference("/sector_id", "界别", "sector"));
    } else if present.as_ref().is_some_and(|link| link.other_id == sector_id) {
        let (zh, en) = ("委员已属于该界别", "the member belongs to that sector already");
        faults.push(Fault::new("/sector_id", "not_meaningful", zh, en));
    }
    if from < row.from_on || row.until_on.is_some_and(|until| from >= until) {
        let (zh, en) = ("不在委员任期内", "outside the member's term");
        faults.push(Fault::new("/from", "not_meaningful", zh, en));
    }
    check(faults)?;
    if let Some(link) = present {
        store::end_sector_link(tx.conn, city, link.id, from).await.map_err(refused)?;
    }
    let (link, pair) = (tx.call.id(), (row.id, sector_id));
    store::insert_sector_link(tx.conn, city, link, pair, from).await.map_err(refused)?;
    if from <= today(tx) {
        row.sector_id = Some(sector_id);
        row.committee_id = store::committee_of(tx.conn, city, sector_id, today(tx)).await?;
    }
    next_version(tx, &mut row).await?;
    let after = json!({ "sector_id": sector_id, "from": from });
    journal_member(tx, "member.moved", &row, Some(before), after).await?;
    Ok(row)
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
