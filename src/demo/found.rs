//! Founding a city: the catalogue, the chain, scheme and rule set, and one account for each part.
//! The demonstration does it on the first day of its story, tests on theirs.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use uuid::Uuid;

pub use super::accounts::Account;
use super::accounts::{Part, Ready, passwords};
use super::chain::{self as told, Chain, Holder};
use super::data::{self, DataError};
use super::organs;
use crate::auth::actions::{self, NewClient};
use crate::auth::{Cost, Grant, Place, Role};
use crate::catalogue::{self, CityCodeRow, DivisionRow};
use crate::chain::actions::{
    self as chain, NewArea, NewContact, NewMember, NewOrganization, NewPerson, NewPost,
};
use crate::chain::kinds::{OrgKind, PostKind};
use crate::chain::{MemberRow, Org};
use crate::error::{Error, Result};
use crate::journal::{Call, CallerKind, IfMatch, Journal, Tx};
use crate::workdays::DayKind;
use crate::{plans, scoring};

/// The city of the files.
pub const HEGANG: i32 = 230_400;
/// Since when everything that is founded stands.
pub const SINCE: NaiveDate = match NaiveDate::from_ymd_opt(2023, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const ACCOUNTS: usize = 17;

/// How much of the city is founded. Committees, sectors and departments are always all there.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Members; they take the sectors in turn, so two sectors' worth is the least.
    pub members: usize,
    /// Contacts (界别群众联系人).
    pub contacts: usize,
}

impl Size {
    /// As the report counts them.
    pub const fn full() -> Self {
        Self { members: told::MEMBERS, contacts: 211 }
    }

    /// Two members a sector: enough for every part.
    pub const fn small() -> Self {
        Self { members: 28, contacts: 20 }
    }
}

/// What was founded, in the order of the files.
pub struct Founded {
    /// Its code.
    pub city: i32,
    /// Special committees.
    pub committees: Vec<Uuid>,
    /// Sectors.
    pub sectors: Vec<Uuid>,
    /// Departments by their code.
    pub departments: BTreeMap<String, Uuid>,
    /// Members.
    pub members: Vec<Uuid>,
    /// Their rows as they were entered.
    pub rows: Vec<MemberRow>,
    /// Contacts.
    pub contacts: Vec<Uuid>,
    /// The published scheme.
    pub scheme: Uuid,
    /// The published rule set.
    pub rule_set: Uuid,
    /// One for each part; the liaison centre's first.
    pub accounts: Vec<Account>,
    /// A machine that reads the city.
    pub client: Option<NewClient>,
}

impl From<DataError> for Error {
    fn from(error: DataError) -> Self {
        Self::internal(error)
    }
}

/// Founds `city` (code and name) in one transaction, at the time of `journal`'s clock. A city other
/// than Hegang gets divisions of the same shape under its own code.
pub async fn found(
    journal: &Journal,
    city: (i32, &str),
    size: Size,
    cost: Cost,
) -> Result<Founded> {
    let passwords = made_up(cost).await?;
    found_with(journal, city, size, passwords).await
}

/// A name's password and its hash, one for each part.
pub(super) async fn made_up(cost: Cost) -> Result<Vec<(String, String)>> {
    passwords(cost, ACCOUNTS).await
}

/// [`found`] with passwords that were made before: hashing them takes longer than a small city.
pub(super) async fn found_with(
    journal: &Journal,
    city: (i32, &str),
    size: Size,
    passwords: Vec<(String, String)>,
) -> Result<Founded> {
    let now = journal.clock.now();
    let call = Call::scheduler(city.0, now, journal.ids.clone(), "found a city");
    journal.transaction(&call, async |tx| found_in(tx, city.1, size, passwords).await).await
}

async fn found_in(
    tx: &mut Tx<'_>,
    name: &str,
    size: Size,
    passwords: Vec<(String, String)>,
) -> Result<Founded> {
    let city = tx.call.city;
    catalogue(tx, name).await?;
    let committees = committees(tx).await?;
    let organized = sectors(tx, &committees).await?;
    let sectors: Vec<Uuid> = organized.iter().map(|sector| sector.id).collect();
    let departments = departments(tx).await?;
    let mut told = told::build(&data::divisions()?, &data::sectors()?)?;
    told.keep(size.members, size.contacts);
    let rows = members(tx, &told, &sectors).await?;
    let contacts = contacts(tx, &told).await?;
    for (member, row) in told.members.iter().zip(&rows) {
        for contact in &member.contacts {
            chain::link_contact(tx, row.id, contacts[*contact], SINCE, None).await?;
        }
    }
    for area in &told.areas {
        let holder = match area.holder {
            Holder::Sector(sector) => chain::Holder::Sector(sectors[sector]),
            Holder::Member(member) => chain::Holder::Member(rows[member].id),
        };
        let division = in_city(city, area.division);
        let (id, name, division_code, until) = (None, &*area.name, division, None);
        let new = NewArea { id, name, division_code, holder, geometry: None, from: SINCE, until };
        chain::create_area(tx, new).await?;
    }
    for (sector, convener) in organized.iter().zip(&told.conveners) {
        let (id, kind, title) = (None, PostKind::Convener, "界别召集人");
        let mut post =
            chain::create_post(tx, sector, NewPost { id, kind, title, from: SINCE }).await?;
        let (member, during) = (rows[*convener].id, (SINCE, None));
        chain::hold_post(tx, (&mut post, sector), member, during).await?;
    }
    let mut founded = Founded {
        city,
        committees: committees.into_iter().map(|(_, id)| id).collect(),
        sectors,
        departments,
        members: rows.iter().map(|row| row.id).collect(),
        rows,
        contacts,
        scheme: Uuid::nil(),
        rule_set: Uuid::nil(),
        accounts: Vec::new(),
        client: None,
    };
    founded.accounts = accounts(tx, &founded, passwords).await?;
    founded.client = Some(reader(tx).await?);
    rules(tx, &mut founded).await?;
    Ok(founded)
}

/// A code of Hegang's, moved to `city`.
pub(super) fn in_city(city: i32, division: i64) -> i64 {
    let mut unit = 1;
    while division / unit > 9_999 {
        unit *= 10;
    }
    let (own, rest) = (division / unit, division % unit);
    let moved = own == i64::from(HEGANG / 100);
    if moved { i64::from(city / 100) * unit + rest } else { division }
}

async fn catalogue(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    let city = tx.call.city;
    catalogue::actions::create_city(tx, city, name).await?;
    let divisions = data::divisions()?.into_iter().map(|one| DivisionRow {
        code: in_city(city, one.code),
        name: if one.level == "city" { name.to_owned() } else { one.name },
        level: one.level,
        parent_code: one.parent_code.map(|code| in_city(city, code)),
    });
    catalogue::actions::add_divisions(tx, &divisions.collect::<Vec<_>>()).await?;
    let table = data::workdays()?;
    let mut years: Vec<i16> =
        table.iter().filter_map(|day| i16::try_from(day.date.year()).ok()).collect();
    years.dedup();
    let days = table
        .into_iter()
        .filter_map(|day| DayKind::parse(&day.kind).map(|kind| (day.date, kind, day.name)));
    catalogue::actions::add_workdays(tx, &years, days).await?;
    let codes = data::city_codes()?.into_iter().map(|code| CityCodeRow {
        city_code: city,
        list: code.list,
        code: code.code,
        label_zh: code.label_zh,
        label_en: code.label_en,
        note_zh: code.note_zh,
        note_en: code.note_en,
        position: code.position,
    });
    catalogue::actions::add_city_codes(tx, &codes.collect::<Vec<_>>()).await?;
    let durations = data::durations()?.into_iter().map(|d| (d.urgency, d.step, d.amount, d.unit));
    catalogue::actions::add_durations(tx, &durations.collect::<Vec<_>>()).await
}

async fn organization(
    tx: &mut Tx<'_>,
    kind: OrgKind,
    (code, name, position): (&str, &str, i16),
) -> Result<Org> {
    let (id, parent, county, from) = (None, None, None, SINCE);
    let new = NewOrganization { id, kind, code, name, position, parent, county, from };
    chain::create_organization(tx, new).await
}

async fn committees(tx: &mut Tx<'_>) -> Result<Vec<(String, Uuid)>> {
    let mut made = Vec::new();
    for one in data::committees()? {
        let id =
            organization(tx, OrgKind::Committee, (&one.code, &one.name, one.position)).await?.id;
        made.push((one.code, id));
    }
    Ok(made)
}

async fn sectors(tx: &mut Tx<'_>, committees: &[(String, Uuid)]) -> Result<Vec<Org>> {
    let mut made = Vec::new();
    for one in data::sectors()? {
        let sector =
            organization(tx, OrgKind::Sector, (&one.code, &one.name, one.position)).await?;
        let guide = committees.iter().find(|(code, _)| *code == one.committee);
        let (_, guide) = guide.ok_or_else(|| Error::internal("a sector without committee"))?;
        chain::guide_sector(tx, &sector, *guide, SINCE).await?;
        made.push(sector);
    }
    Ok(made)
}

async fn departments(tx: &mut Tx<'_>) -> Result<BTreeMap<String, Uuid>> {
    let mut made = BTreeMap::new();
    for one in data::departments()? {
        let id =
            organization(tx, OrgKind::Department, (&one.code, &one.name, one.position)).await?.id;
        made.insert(one.code, id);
    }
    Ok(made)
}

fn person(name: &str) -> NewPerson {
    NewPerson { name: name.to_owned(), phone: None, address: None }
}

async fn members(tx: &mut Tx<'_>, told: &Chain, sectors: &[Uuid]) -> Result<Vec<MemberRow>> {
    let mut rows = Vec::new();
    for one in &told.members {
        let county = in_city(tx.call.city, one.county);
        let new = NewMember {
            id: None,
            person: person(&one.name),
            number: one.number.clone(),
            unit: Some(one.unit.clone()),
            sector_id: sectors[one.sector],
            county_code: i32::try_from(county).ok().filter(|code| *code > 0),
            from: SINCE,
        };
        rows.push(chain::create_member(tx, new).await?);
    }
    Ok(rows)
}

async fn contacts(tx: &mut Tx<'_>, told: &Chain) -> Result<Vec<Uuid>> {
    let mut made = Vec::new();
    for one in &told.contacts {
        let new = NewContact {
            id: None,
            person: person(&one.name),
            number: one.number.clone(),
            category: one.category.to_owned(),
            unit: one.unit.clone(),
            division_code: in_city(tx.call.city, one.division),
            from: SINCE,
        };
        made.push(chain::create_contact(tx, new).await?.id);
    }
    Ok(made)
}

/// The liaison centre's comes first: the first call that a reader pastes is made with it.
async fn accounts(
    tx: &mut Tx<'_>,
    founded: &Founded,
    passwords: Vec<(String, String)>,
) -> Result<Vec<Account>> {
    let missing = || Error::internal("the city is too small for its accounts");
    let member = |index: usize| founded.rows.get(index).ok_or_else(missing);
    let count = founded.sectors.len();
    // Members take the sectors in turn: the first is the convener of the next but `count`.
    let (convener, own, other) = (member(0)?, member(count)?, member(count + 1)?);
    let sector = *founded.sectors.first().ok_or_else(missing)?;
    let guide = own.committee_id.ok_or_else(missing)?;
    let second = founded.committees.iter().copied().find(|one| *one != guide);
    let second = second.ok_or_else(missing)?;
    let county = own.county_code.ok_or_else(missing)?;
    let department = |code: &str| founded.departments.get(code).copied().ok_or_else(missing);
    let codes = data::departments()?;
    let first = department(codes.first().map_or("", |one| &one.code))?;
    let next = department(codes.get(1).map_or("", |one| &one.code))?;
    let city = |name, role| Part { name, role, place: Place::City, member: None };
    let at = |name, role, place| Part { name, role, place, member: None };
    let of = |name, one| Part { name, role: Role::Member, place: Place::Member(one), member: None };
    let parts: [Part<'_>; ACCOUNTS] = [
        city("liaison", Role::LiaisonCentre),
        city("admin", Role::Admin),
        Part { member: organs::chair(&founded.rows)?, ..city("chair", Role::ChairMember) },
        at("committee", Role::CommitteeStaff, Place::Committee(guide)),
        at("committee2", Role::CommitteeStaff, Place::Committee(second)),
        Part { member: Some(convener), ..at("convener", Role::Convener, Place::Sector(sector)) },
        Part { member: Some(own), ..of("member", own.id) },
        Part { member: Some(other), ..of("member2", other.id) },
        at("receiver", Role::DeptReceiver, Place::Department(first)),
        at("handler", Role::DeptHandler, Place::Department(first)),
        at("head", Role::DeptHead, Place::Department(first)),
        at("receiver2", Role::DeptReceiver, Place::Department(next)),
        at("handler2", Role::DeptHandler, Place::Department(next)),
        at("head2", Role::DeptHead, Place::Department(next)),
        city("supervisor", Role::Supervisor),
        city("auditor", Role::Auditor),
        at("county", Role::CountyStaff, Place::County(county)),
    ];
    let mut opened = Vec::new();
    for (part, password) in parts.into_iter().zip(passwords) {
        opened.push(Ready::new(part, password).open(tx, SINCE).await?);
    }
    Ok(opened)
}

/// Another system that reads the city and its feed.
async fn reader(tx: &mut Tx<'_>) -> Result<NewClient> {
    let client = actions::create_client(tx, "integrator", &["read".to_owned()]).await?;
    let grant = Grant { role: Role::Client, place: Place::City };
    actions::add_grant(tx, client.id, grant, SINCE, None).await?;
    Ok(client)
}

/// Scheme and rule set, drafted and published by the administrator.
async fn rules(tx: &mut Tx<'_>, founded: &mut Founded) -> Result<()> {
    let admin = founded.accounts.iter().find(|account| account.role == Role::Admin);
    let admin = &admin.ok_or_else(|| Error::internal("no administrator"))?.actor;
    let call = Call {
        actor_id: Some(admin.id),
        actor_kind: CallerKind::Account,
        if_match: IfMatch::Any,
        ..tx.call.clone()
    };
    let tx = &mut tx.framed(&call);
    let mut scheme = serde_json::to_value(data::scheme()?).map_err(Error::internal)?;
    scheme["from"] = json!(SINCE);
    let scheme = serde_json::from_value(scheme).map_err(Error::internal)?;
    founded.scheme = plans::actions::create_scheme(tx, admin, scheme).await?.id;
    plans::actions::publish_scheme(tx, admin, founded.scheme).await?;
    let mut set = serde_json::to_value(data::rule_set()?).map_err(Error::internal)?;
    set["from"] = json!(SINCE);
    let set = serde_json::from_value(set).map_err(Error::internal)?;
    founded.rule_set = scoring::actions::draft(tx, admin, set).await?.set.id;
    scoring::actions::publish(tx, admin, founded.rule_set).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_city_has_the_same_divisions_under_its_own_code() {
        assert_eq!(in_city(230_500, 230_400), 230_500);
        assert_eq!(in_city(230_500, 230_403_001_002), 230_503_001_002);
        assert_eq!(in_city(230_500, 230_000), 230_000);
        assert_eq!(in_city(HEGANG, 230_403_001), 230_403_001);
    }
}
