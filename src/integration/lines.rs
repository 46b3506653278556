//! A line of a file as a row of the chain: cells read, names looked up, every fault by its column.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::References;
use super::files::Line;
use super::rules::columns::{Field, Layout};
use super::rules::{Kind, Refusal, cells};
use crate::chain::actions::{AreaRecord, ContactRecord, Holder, MemberRecord, SectorRecord};
use crate::chain::store::Keyed;
use crate::error::{Fault, Words};

/// Something wrong with a line.
#[derive(Debug, Clone)]
pub struct RowFault {
    /// Which, from 1 as a spreadsheet counts.
    pub line: u32,
    /// The column; none: the line as a whole.
    pub heading: Option<String>,
    /// The stable code.
    pub code: &'static str,
    /// What would be right.
    pub detail: Words,
}

/// What a line says.
#[derive(Debug, Clone)]
pub enum Record {
    /// A member.
    Member(MemberRecord),
    /// A contact, and the members who keep in touch with them.
    Contact(ContactRecord, Vec<Uuid>),
    /// A sector, and the committee that guides it.
    Sector(SectorRecord, Option<Uuid>),
    /// An area.
    Area(AreaRecord),
}

impl Record {
    /// The first day that it gives.
    pub const fn from(&self) -> Option<NaiveDate> {
        match self {
            Self::Member(record) => record.from,
            Self::Contact(record, _) => record.from,
            Self::Sector(record, _) => record.from,
            Self::Area(record) => record.from,
        }
    }

    /// What it lacks to be entered.
    pub fn lacks(&self) -> Vec<Fault> {
        match self {
            Self::Member(record) => record.lacks(),
            Self::Contact(record, _) => record.lacks(),
            Self::Sector(record, _) => record.lacks(),
            Self::Area(record) => record.lacks(),
        }
    }

    /// Who is not `known` and has no number is numbered as another system calls them, where that can be
    /// one: the number they got by this.
    pub fn number_by(&mut self, external: Option<&str>, known: Option<Uuid>) -> Option<String> {
        let number = match self {
            Self::Member(record) => &mut record.number,
            Self::Contact(record, _) => &mut record.number,
            Self::Sector(..) | Self::Area(_) => return None,
        };
        if number.is_some() || known.is_some() {
            return None;
        }
        *number = external.and_then(|id| cells::number(id).ok());
        number.clone()
    }
}

/// A line as it was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Which.
    pub line: u32,
    /// What another system calls it.
    pub external: Option<String>,
    /// Its number, its code, or division and holder.
    pub key: Option<String>,
    /// Words of which each may stand in a file once, each with the field to blame.
    pub once: Vec<(Field, Option<String>)>,
    /// What it says, without what is wrong.
    pub record: Record,
    /// What is wrong with its cells.
    pub wrong: Vec<RowFault>,
}

/// What rows of a kind are looked up by.
pub const fn keyed(kind: Kind) -> Keyed {
    match kind {
        Kind::Members => Keyed::Member,
        Kind::Contacts => Keyed::Contact,
        Kind::Sectors => Keyed::Sector,
        Kind::Areas => Keyed::Area,
    }
}

/// The numbers of members that a line names.
pub fn numbers_named(layout: &Layout, line: &Line) -> Vec<String> {
    let text = |field| layout.text(&line.cells, field);
    let several = text(Field::Members).map(|cell| cells::several(&cell)).unwrap_or_default();
    several
        .into_iter()
        .chain(text(Field::Member).and_then(|one| cells::number(&one).ok()))
        .collect()
}

/// Reads the cells of one line and gathers what is wrong with them.
struct Cells<'a> {
    layout: &'a Layout,
    line: &'a Line,
    faults: Vec<RowFault>,
}

impl Cells<'_> {
    fn wrong(&mut self, field: Field, fault: Fault) {
        let heading = Some(self.layout.heading(field).to_owned());
        let Fault { code, detail, .. } = fault;
        self.faults.push(RowFault { line: self.line.number, heading, code, detail });
    }

    fn text(&self, field: Field) -> Option<String> {
        self.layout.text(&self.line.cells, field)
    }

    /// One line of at most `most` signs.
    fn short(&mut self, field: Field, most: usize) -> Option<String> {
        let text = self.text(field)?;
        if text.chars().count() > most {
            let (zh, en) = (format!("最多 {most} 个字符"), format!("at most {most} characters"));
            self.wrong(field, Fault::new("", "too_long", zh, en));
            return None;
        }
        Some(text)
    }

    fn read<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, Refusal>) -> Option<T> {
        let text = self.text(field)?;
        read(&text).map_err(|refusal| self.wrong(field, refusal.into())).ok()
    }

    /// What the cell refers to; a fault where that is nothing.
    fn refers<T>(
        &mut self,
        field: Field,
        (zh, en): (&str, &str),
        find: impl Fn(&str) -> Result<Option<T>, Refusal>,
    ) -> Option<T> {
        let text = self.text(field)?;
        match find(&text) {
            Ok(Some(found)) => Some(found),
            Ok(None) => {
                self.wrong(field, Fault::reference("", zh, en));
                None
            }
            Err(refusal) => {
                self.wrong(field, refusal.into());
                None
            }
        }
    }
}

/// Reads a line.
pub fn parse(kind: Kind, layout: &Layout, known: &References, line: &Line) -> Parsed {
    let mut cells = Cells { layout, line, faults: Vec::new() };
    let external = cells.short(Field::ExternalId, 64);
    let (key, once, record) = match kind {
        Kind::Members => member(&mut cells, known),
        Kind::Contacts => contact(&mut cells, known),
        Kind::Sectors => sector(&mut cells, known),
        Kind::Areas => area(&mut cells, known),
    };
    if line.cells.iter().skip(layout.width()).any(|cell| !cell.trim().is_empty()) {
        let Fault { code, detail, .. } = Refusal::MoreCells.into();
        cells.faults.push(RowFault { line: line.number, heading: None, code, detail });
    }
    let wrong = cells.faults;
    let key_field = if kind == Kind::Sectors { Field::Code } else { Field::Number };
    let key_field = if kind == Kind::Areas { Field::Division } else { key_field };
    let mut all = vec![(Field::ExternalId, external.clone()), (key_field, key.clone())];
    all.extend(once);
    Parsed { line: line.number, external, key, once: all, record, wrong }
}

type Row = (Option<String>, Vec<(Field, Option<String>)>, Record);

fn member(cells: &mut Cells<'_>, known: &References) -> Row {
    let record = MemberRecord {
        number: cells.read(Field::Number, cells::number),
        name: cells.short(Field::Name, 100),
        phone: cells.read(Field::Phone, cells::phone),
        address: cells.short(Field::Address, 200),
        unit: cells.short(Field::Unit, 200),
        sector_id: cells.refers(Field::Sector, ("界别", "sector"), |word| known.sector(word)),
        county_code: county(cells, known),
        from: cells.read(Field::From, cells::day),
        until: cells.read(Field::Until, cells::day),
    };
    // The same name and the same phone is the same person.
    let person = record.name.as_ref().zip(record.phone.as_ref());
    let person = person.map(|(name, phone)| format!("{name}\u{0}{phone}"));
    (record.number.clone(), vec![(Field::Name, person)], Record::Member(record))
}

fn county(cells: &mut Cells<'_>, known: &References) -> Option<i32> {
    cells
        .refers(Field::County, ("本市县(区)", "county of this city"), |word| known.county(word))
}

fn contact(cells: &mut Cells<'_>, known: &References) -> Row {
    let division = ("区划", "division");
    let record = ContactRecord {
        number: cells.read(Field::Number, cells::number),
        name: cells.short(Field::Name, 100),
        phone: cells.read(Field::Phone, cells::phone),
        address: cells.short(Field::Address, 200),
        category: cells
            .refers(Field::Category, ("联系人类别", "category"), |word| known.category(word)),
        unit: cells.short(Field::Unit, 200),
        division_code: cells.refers(Field::Division, division, |word| known.division(word)),
        from: cells.read(Field::From, cells::day),
        until: cells.read(Field::Until, cells::day),
    };
    let members = cells.refers(Field::Members, ("委员", "member"), |cell| {
        let found =
            cells::several(cell).into_iter().map(|number| known.members.get(&number).copied());
        // Named twice is named.
        Ok(found.collect::<Option<BTreeSet<_>>>().map(Vec::from_iter))
    });
    let person = record.name.as_ref().zip(record.phone.as_ref());
    let person = person.map(|(name, phone)| {
        format!("{name}\u{0}{phone}\u{0}{}", record.unit.as_deref().unwrap_or_default())
    });
    let record_key = record.number.clone();
    let record = Record::Contact(record, members.unwrap_or_default());
    (record_key, vec![(Field::Name, person)], record)
}

fn sector(cells: &mut Cells<'_>, known: &References) -> Row {
    let record = SectorRecord {
        code: cells.read(Field::Code, cells::code),
        name: cells.short(Field::Name, 200),
        position: cells.read(Field::Position, cells::position),
        county_code: county(cells, known),
        from: cells.read(Field::From, cells::day),
        until: cells.read(Field::Until, cells::day),
    };
    let committee = ("专委会", "committee");
    let guide = cells.refers(Field::Committee, committee, |word| known.committee(word));
    (record.code.clone(), Vec::new(), Record::Sector(record, guide))
}

fn area(cells: &mut Cells<'_>, known: &References) -> Row {
    let sector = cells.refers(Field::Sector, ("界别", "sector"), |word| known.sector(word));
    let member = cells.refers(Field::Member, ("委员", "member"), |word| {
        Ok(known.members.get(&cells::number(word)?).copied())
    });
    let as_what = cells.read(Field::HolderKind, cells::holder_kind);
    let named = [sector.map(|_| "sector"), member.map(|_| "member")].into_iter().flatten().next();
    let fits = |kind| named.is_none_or(|named| (kind == "sector") == (named == "sector"));
    if as_what.is_some_and(|kind| !fits(kind)) {
        cells.wrong(Field::HolderKind, Refusal::OtherHolder.into());
    }
    if sector.is_some() && member.is_some() {
        cells.wrong(Field::Member, Refusal::OneHolder.into());
    }
    // Unless told, a member answers for it as a member, not as one of the chair meeting.
    let of_member = |id| Holder::of(as_what.unwrap_or("member"), id);
    let holder = sector.map(Holder::Sector).or(member.map(of_member));
    let record = AreaRecord {
        name: cells.short(Field::Name, 200),
        division_code: cells
            .refers(Field::Division, ("区划", "division"), |word| known.division(word)),
        holder,
        as_told: as_what.is_some(),
        from: cells.read(Field::From, cells::day),
        until: cells.read(Field::Until, cells::day),
    };
    let of_chair = matches!(holder, Some(Holder::ChairMember(_)));
    let also = if of_chair { "/chair_member" } else { "" };
    let key = record.division_code.zip(sector.or(member));
    let key = key.map(|(code, id)| format!("{code}/{id}{also}"));
    (key, Vec::new(), Record::Area(record))
}
