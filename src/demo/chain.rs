//! Who is there: members in sectors, the contacts they share, the areas they answer for. People
//! are called by role and number; nobody in the demonstration has a real name.

use super::data::{DataError, Division, Sector};

pub const MEMBERS: usize = 300;
/// As the report counts them (110 + 61 + 40 = 211).
const KEY_ENTERPRISES: usize = 110;
const COMMUNITIES: usize = 61;
const VILLAGES: usize = 40;
/// Places between a member's contacts and their third one. Those taken over stand ten away.
const APART: usize = 4;
/// Every nth member has no third contact.
const SHORT: usize = 5;

/// Numbers in these structs (`sector`, `contacts` …) are positions in the neighbouring list.
#[derive(Debug, Clone)]
pub struct Member {
    pub number: String,
    pub name: String,
    pub unit: String,
    pub sector: usize,
    pub county: i64,
    pub contacts: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Contact {
    pub number: String,
    /// key_enterprise, community or village
    pub category: &'static str,
    pub name: String,
    pub unit: String,
    pub division: i64,
    pub county: i64,
    pub members: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Sector(usize),
    Member(usize),
}

#[derive(Debug, Clone)]
pub struct Area {
    pub name: String,
    pub division: i64,
    pub holder: Holder,
}

#[derive(Debug, Clone)]
pub struct Chain {
    pub members: Vec<Member>,
    pub contacts: Vec<Contact>,
    pub areas: Vec<Area>,
    /// The convener of each sector.
    pub conveners: Vec<usize>,
}

pub fn build(divisions: &[Division], sectors: &[Sector]) -> Result<Chain, DataError> {
    let towns = select(divisions, Division::is_town, sectors.len())?;
    let mut contacts = contacts(divisions)?;
    let mut members: Vec<_> = (0..MEMBERS).map(|index| member(index, sectors)).collect();
    link(&mut members, &mut contacts);
    for member in &mut members {
        member.county = member.contacts.first().map_or(0, |first| contacts[*first].county);
    }
    let mut areas: Vec<_> = sectors
        .iter()
        .zip(towns)
        .enumerate()
        .map(|(index, (sector, town))| Area {
            name: format!("{}界别责任区（{}）", sector.name.trim_end_matches('界'), town.name),
            division: town.code,
            holder: Holder::Sector(index),
        })
        .collect();
    for (index, member) in members.iter().enumerate() {
        let division = member.contacts.first().map_or(0, |first| contacts[*first].division);
        let name = format!("{}责任区", member.name);
        areas.push(Area { name, division, holder: Holder::Member(index) });
    }
    // Members take the sectors in turn, so the first of each sector stand at the head of the list.
    let conveners = (0..sectors.len()).collect();
    Ok(Chain { members, contacts, areas, conveners })
}

impl Chain {
    /// The first so many members and contacts, with what joins and surrounds them.
    pub fn keep(&mut self, members: usize, contacts: usize) {
        self.members.truncate(members);
        self.contacts.truncate(contacts);
        self.members.iter_mut().for_each(|one| one.contacts.retain(|contact| *contact < contacts));
        self.contacts.iter_mut().for_each(|one| one.members.retain(|member| *member < members));
        self.conveners.retain(|convener| *convener < members);
        self.areas.retain(|area| match area.holder {
            Holder::Member(member) => member < members,
            Holder::Sector(_) => true,
        });
    }

    /// A third contact of the member's county, near their two but none of them nor of those they take over
    /// later, for all but every fifth. The story keeps to the two.
    pub fn third_contacts(&self) -> Vec<(usize, usize)> {
        let third = |(index, member): (usize, &Member)| {
            let (first, second) = (*member.contacts.first()?, *member.contacts.last()?);
            let mut near = [second + APART, first.wrapping_sub(APART)].into_iter();
            let found = near
                .find(|at| self.contacts.get(*at).is_some_and(|one| one.county == member.county))?;
            (index % SHORT != SHORT - 1).then_some((index, found))
        };
        self.members.iter().enumerate().filter_map(third).collect()
    }
}

/// The six-digit county that a longer division code begins with.
pub fn county_of(division: i64) -> i64 {
    let mut code = division;
    while code > 999_999 {
        code /= 1_000;
    }
    code
}

fn member(index: usize, sectors: &[Sector]) -> Member {
    let sector = index % sectors.len().max(1);
    let number = index + 1;
    Member {
        number: format!("M{number:03}"),
        name: format!("委员{number:03}"),
        unit: sectors.get(sector).map(|sector| sector.unit.clone()).unwrap_or_default(),
        sector,
        county: 0,
        contacts: Vec::new(),
    }
}

/// In the order of the division codes, so that neighbours in the list are neighbours in the city.
fn contacts(divisions: &[Division]) -> Result<Vec<Contact>, DataError> {
    let towns: Vec<_> = divisions.iter().filter(|division| division.is_town()).collect();
    let mut contacts = Vec::new();
    for (town, number) in towns.iter().cycle().zip(1..=KEY_ENTERPRISES) {
        let unit = format!("重点企业{number:03}");
        let name = format!("{unit}负责人");
        contacts.push(contact("key_enterprise", name, unit, town));
    }
    for (index, place) in select(divisions, Division::is_community, COMMUNITIES)?.iter().enumerate()
    {
        let name = format!("社区主任{:03}", index + 1);
        contacts.push(contact("community", name, place.name.clone(), place));
    }
    for (index, place) in select(divisions, Division::is_village, VILLAGES)?.iter().enumerate() {
        let name = format!("村支书{:03}", index + 1);
        contacts.push(contact("village", name, place.name.clone(), place));
    }
    // 9 and 12 digits: compare what they begin with.
    contacts.sort_by_cached_key(|contact| (contact.division.to_string(), contact.name.clone()));
    for (index, contact) in contacts.iter_mut().enumerate() {
        contact.number = format!("C{:03}", index + 1);
    }
    Ok(contacts)
}

fn contact(category: &'static str, name: String, unit: String, place: &Division) -> Contact {
    let (division, county) = (place.code, county_of(place.code));
    let number = String::new();
    Contact { number, category, name, unit, division, county, members: Vec::new() }
}

/// `count` divisions, evenly spread over all that fit.
fn select(
    divisions: &[Division],
    fits: impl Fn(&Division) -> bool,
    count: usize,
) -> Result<Vec<&Division>, DataError> {
    let all: Vec<_> = divisions.iter().filter(|division| fits(division)).collect();
    if all.len() < count {
        let message = format!("{count} divisions of a kind are needed, {} stand here", all.len());
        return Err(DataError { file: "divisions.csv", line: 0, message });
    }
    Ok((0..count).map(|index| all[index * all.len() / count]).collect())
}

/// Two contacts a member, two or three members a contact. The places are laid out contact by
/// contact; no contact has more than three in a row, so two places three apart are two contacts,
/// and near each other.
fn link(members: &mut [Member], contacts: &mut [Contact]) {
    let (places, count) = (members.len() * 2, contacts.len());
    for (index, member) in members.iter_mut().enumerate() {
        let first = index / 3 * 6 + index % 3;
        for place in [first, first + 3] {
            let contact = (place * count / places).min(count.saturating_sub(1));
            member.contacts.push(contact);
            contacts[contact].members.push(index);
        }
    }
}
