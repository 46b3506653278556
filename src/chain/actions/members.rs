//! Members: entered, changed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::keeping::KEEPERS;
use super::persons::change_person;
use super::placing::place_later;
use super::several::{Each, answered, only};
use super::{NewPerson, changed, enter_persons, number_taken, refused, today};
use crate::auth::{Actor, Noun, policy};
use crate::catalogue;
use crate::chain::rules::organizations::{Refusal, over};
use crate::chain::rules::{self, Opening, Term};
use crate::chain::store::{self, Keyed, LinkRow, MemberRow, Org, PersonChange};
use crate::error::{Error, Fault, Result, check};
use crate::journal::{Entry, Tx};

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
    only(create_members(tx, vec![new]).await)
}

/// [`create_member`] of several.
pub async fn create_members(tx: &mut Tx<'_>, new: Vec<NewMember>) -> Each<MemberRow> {
    let (city, now, today) = (tx.call.city, tx.call.now, today(tx));
    let known = Known::load(tx, &new).await?;
    let admitted = new.iter().map(|one| known.admits(city, one));
    let admitted: Vec<Result<Term>> = admitted.collect();
    let passed = new.into_iter().zip(&admitted);
    let passed = passed.filter_map(|(one, term)| Some((one, *term.as_ref().ok()?)));
    let passed: Vec<(NewMember, Term)> = passed.collect();
    let people = passed.iter().map(|(one, _)| one.person.clone()).collect();
    let persons = enter_persons(tx, people).await?;
    let mut rows = Vec::with_capacity(passed.len());
    for ((one, term), person_id) in passed.into_iter().zip(persons) {
        let id = one.id.unwrap_or_else(|| tx.call.id());
        let first = Opening::new(tx.call.id(), one.sector_id, term);
        let line = [LinkRow::opened(id, first).dated()];
        place_later(tx, id, &line).await?;
        // They stand where their first sector puts them today; who is yet to come, on their first day.
        let on = rules::placed_on((one.from, None), today);
        let sector_id = rules::at(&line, on);
        let committee_id = sector_id.and_then(|id| known.committees.get(&(id, on)).copied());
        let row = MemberRow {
            id,
            person_id,
            number: one.number,
            unit: one.unit,
            county_code: one.county_code,
            sector_id,
            committee_id,
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
        rows.push((row, first));
    }
    let inserted = rows.iter().map(|(row, _)| row.inserted(city)).collect();
    store::insert_members(tx.conn, inserted).await.map_err(refused)?;
    let links: Vec<_> = rows.iter().map(|(row, first)| (row.id, *first)).collect();
    store::open_links(tx.conn, city, store::SECTOR, &links).await.map_err(refused)?;
    for (row, first) in &rows {
        let after = json!({ "number": row.number, "sector_id": first.other,
            "committee_id": row.committee_id, "from": row.from_on, "begun": row.from_on <= today,
            "county_code": row.county_code.map(|code| code.to_string()) });
        journal_member(tx, "member.created", row, None, after).await?;
    }
    Ok(answered(admitted, rows.into_iter().map(|(row, _)| row).collect()))
}

/// A county's own sector takes that county's members alone.
pub(super) fn seated(sector: &Org, county: Option<i32>) -> Result<(), Refusal> {
    if over(sector.county_code, county) { Ok(()) } else { Err(Refusal::SectorOfOtherCounty) }
}

/// What is known of the places where members are entered.
struct Known {
    numbers: HashSet<String>,
    sectors: BTreeMap<Uuid, Org>,
    counties: BTreeSet<i64>,
    committees: BTreeMap<(Uuid, NaiveDate), Uuid>,
}

impl Known {
    async fn load(tx: &Tx<'_>, new: &[NewMember]) -> Result<Self> {
        let (city, today) = (tx.call.city, today(tx));
        let ids: BTreeSet<Uuid> = new.iter().map(|one| one.sector_id).collect();
        // Whoever ends one of them or changes who guides it waits, and then finds these members.
        let sectors = store::hold_organizations(tx.conn, city, ids.into_iter().collect()).await?;
        let sectors = sectors.into_iter().filter(Org::is_sector);
        let days = new.iter().map(|one| (one.sector_id, one.from.max(today)));
        let committees = store::committees_of(tx.conn, city, days.collect()).await?;
        let codes: BTreeSet<i64> =
            new.iter().filter_map(|one| one.county_code).map(i64::from).collect();
        let mut counties = BTreeSet::new();
        if !codes.is_empty() {
            let found = catalogue::divisions_of_codes(tx.conn, codes.into_iter().collect());
            let found = found.await?.into_iter().filter(|row| row.level == "county");
            counties.extend(found.map(|row| row.code));
        }
        let numbers = new.iter().map(|one| (one.number.clone(), one.from)).collect();
        let numbers = store::numbers_kept(tx.conn, city, Keyed::Member, numbers).await?;
        Ok(Self {
            numbers,
            sectors: sectors.map(|row| (row.id, row)).collect(),
            counties,
            committees,
        })
    }

    /// The days of the first link of a new member.
    fn admits(&self, city: i32, new: &NewMember) -> Result<Term> {
        let mut faults = Vec::new();
        let sector = self.sectors.get(&new.sector_id);
        match sector {
            Some(sector) => {
                faults.extend(rules::begins_within(sector.term(), new.from).err().map(Fault::from));
                faults.extend(seated(sector, new.county_code).err().map(Fault::from));
            }
            None => faults.push(Fault::reference("/sector_id", "界别", "sector")),
        }
        let foreign =
            |code: &i64| !self.counties.contains(code) || catalogue::city_of(*code) != city;
        if new.county_code.map(i64::from).as_ref().is_some_and(foreign) {
            faults.push(Fault::reference("/county_code", "本市县(区)", "county of this city"));
        }
        check(faults)?;
        if self.numbers.contains(&new.number) {
            return Err(number_taken());
        }
        Ok((new.from, sector.and_then(|sector| sector.until_on)))
    }
}

/// Changes name, phone, address, unit.
pub async fn update_member(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    change: MemberChange,
) -> Result<MemberRow> {
    let after = json!({
        "name": changed(change.person.name.is_some()),
        "phone": changed(change.person.phone.is_some()),
        "address": changed(change.person.address.is_some()),
        "unit": changed(change.unit.is_some()),
    });
    change_person(tx, (row.person_id, row.id), change.person.clone()).await?;
    change.person.put(&mut row.name, &mut row.phone, &mut row.address);
    row.unit = change.unit.unwrap_or(row.unit);
    next_version(tx, &mut row).await?;
    journal_member(tx, "member.updated", &row, None, after).await?;
    Ok(row)
}

/// Stores the row as its next version.
pub(super) async fn next_version(tx: &mut Tx<'_>, row: &mut MemberRow) -> Result<()> {
    row.version += 1;
    row.updated_at = tx.call.now;
    store::update_member(tx.conn, tx.call.city, row).await.map_err(refused)
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
