//! The columns of a file of each kind: the headings that offices use, and the field each means.

use super::cells;
use super::{Kind, Refusal};

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// What another system calls it.
    ExternalId,
    /// A member's or a contact's number.
    Number,
    /// A sector's code.
    Code,
    /// Name.
    Name,
    /// Phone.
    Phone,
    /// Address.
    Address,
    /// Where they work, or what they are the head of.
    Unit,
    /// A sector.
    Sector,
    /// A committee that guides.
    Committee,
    /// A county.
    County,
    /// What a contact is the head of.
    Category,
    /// A division.
    Division,
    /// A member who answers for an area.
    Member,
    /// As what they answer for it.
    HolderKind,
    /// Members who keep in touch.
    Members,
    /// A place in an order.
    Position,
    /// The first day.
    From,
    /// The day after the last.
    Until,
}

/// A column: its field, the headings it is known by (the first is the template's), and the pointer by
/// which actions name the field.
pub struct Column {
    /// The field.
    pub field: Field,
    /// The template's heading first, then others.
    pub headings: &'static [&'static str],
    /// As faults of the chain's actions point to it.
    pub pointer: &'static str,
}

const fn column(field: Field, pointer: &'static str, headings: &'static [&'static str]) -> Column {
    Column { field, headings, pointer }
}

const EXTERNAL: Column =
    column(Field::ExternalId, "/external_id", &["外部编号", "外部ID", "external_id"]);
const PHONE: Column =
    column(Field::Phone, "/phone", &["电话", "联系电话", "手机", "手机号", "手机号码", "phone"]);
const ADDRESS: Column =
    column(Field::Address, "/address", &["地址", "联系地址", "住址", "address"]);
const COUNTY: Column =
    column(Field::County, "/county_code", &["县区", "县(区)", "所属县区", "区县", "county"]);
const FROM: Column = column(
    Field::From,
    "/from",
    &["起始日期", "开始日期", "任职日期", "任职时间", "入会时间", "from"],
);
const UNTIL: Column =
    column(Field::Until, "/until", &["截止日期", "结束日期", "届满日期", "离任日期", "until"]);
const SECTOR: Column = column(Field::Sector, "/sector_id", &["界别", "所属界别", "sector"]);

const MEMBERS: &[Column] = &[
    EXTERNAL,
    column(Field::Number, "/number", &["编号", "委员编号", "委员证号", "number"]),
    column(Field::Name, "/name", &["姓名", "委员姓名", "name"]),
    PHONE,
    ADDRESS,
    column(Field::Unit, "/unit", &["工作单位", "单位", "单位及职务", "unit"]),
    SECTOR,
    COUNTY,
    FROM,
    UNTIL,
];
const CONTACTS: &[Column] = &[
    EXTERNAL,
    column(Field::Number, "/number", &["编号", "联系人编号", "number"]),
    column(Field::Name, "/name", &["姓名", "联系人姓名", "联系人", "name"]),
    PHONE,
    ADDRESS,
    column(Field::Category, "/category", &["类别", "联系人类别", "category"]),
    column(Field::Unit, "/unit", &["单位", "单位名称", "所在单位", "unit"]),
    column(
        Field::Division,
        "/division_code",
        &["区划", "所在区划", "行政区划", "所在地", "division"],
    ),
    column(Field::Members, "/members", &["联系委员", "联系委员编号", "members"]),
    FROM,
    UNTIL,
];
const SECTORS: &[Column] = &[
    EXTERNAL,
    column(Field::Code, "/code", &["代码", "界别代码", "code"]),
    column(Field::Name, "/name", &["名称", "界别名称", "界别", "name"]),
    column(Field::Position, "/position", &["序号", "排序", "position"]),
    COUNTY,
    column(Field::Committee, "/committee_id", &["专委会", "联系指导专委会", "committee"]),
    FROM,
    UNTIL,
];
const AREAS: &[Column] = &[
    EXTERNAL,
    column(Field::Name, "/name", &["名称", "责任区", "责任区名称", "name"]),
    column(Field::Division, "/division_code", &["区划", "所在区划", "行政区划", "division"]),
    SECTOR,
    column(Field::Member, "/holder_id", &["委员编号", "责任委员", "member"]),
    column(Field::HolderKind, "/holder_kind", &["责任身份", "身份", "holder_kind"]),
    FROM,
    UNTIL,
];

/// The columns of a kind of file, in the order of its template.
pub const fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Members => MEMBERS,
        Kind::Contacts => CONTACTS,
        Kind::Sectors => SECTORS,
        Kind::Areas => AREAS,
    }
}

/// The headings of the template.
pub fn template(kind: Kind) -> impl Iterator<Item = &'static str> {
    columns(kind).iter().map(|column| column.headings[0])
}

/// Which column of a file is which field, and what the file calls it.
#[derive(Debug, Clone)]
pub struct Layout {
    kind: Kind,
    fields: Vec<Option<(Field, String)>>,
}

impl Layout {
    /// Reads the row of headings; every one that is wrong, with its place from 1 on.
    pub fn read(kind: Kind, headings: &[String]) -> Result<Self, Vec<(usize, Refusal)>> {
        let mut faults = Vec::new();
        let mut fields: Vec<Option<(Field, String)>> = Vec::new();
        for (n, heading) in headings.iter().enumerate() {
            let Some(heading) = cells::text(heading) else {
                fields.push(None);
                continue;
            };
            let plain = plain(&heading);
            let found = columns(kind)
                .iter()
                .find(|column| column.headings.iter().any(|known| self::plain(known) == plain));
            match found {
                None => faults.push((n + 1, Refusal::UnknownHeading)),
                Some(column) if fields.iter().flatten().any(|(f, _)| *f == column.field) => {
                    faults.push((n + 1, Refusal::TwiceTheHeading));
                }
                Some(_) => {}
            }
            fields.push(found.map(|column| (column.field, heading)));
        }
        if fields.iter().flatten().next().is_none() && faults.is_empty() {
            faults.push((1, Refusal::NoHeader));
        }
        let keyed = [Field::ExternalId, Field::Number, Field::Code, Field::Division];
        if faults.is_empty() && !fields.iter().flatten().any(|(field, _)| keyed.contains(field)) {
            faults.push((1, Refusal::MissingHeading));
        }
        if faults.is_empty() { Ok(Self { kind, fields }) } else { Err(faults) }
    }

    /// How many cells a row may have.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// What the row says of a field; none where it says nothing.
    pub fn text(&self, row: &[String], field: Field) -> Option<String> {
        let at = self.fields.iter().position(|one| one.as_ref().is_some_and(|(f, _)| *f == field));
        row.get(at?).and_then(|cell| cells::text(cell))
    }

    /// What the file calls a field; the template's heading where it has no such column.
    pub fn heading(&self, field: Field) -> &str {
        let own = self.fields.iter().flatten().find(|(f, _)| *f == field);
        let known = columns(self.kind).iter().find(|column| column.field == field);
        own.map(|(_, heading)| heading.as_str())
            .or(known.map(|column| column.headings[0]))
            .unwrap_or_default()
    }

    /// What the file calls what an action points to.
    pub fn heading_at(&self, pointer: &str) -> Option<&str> {
        let holder = pointer == "/holder_id" && self.has(Field::Sector);
        let pointer = match pointer {
            "/contact_id" => "/members",
            _ if holder => "/sector_id",
            other => other,
        };
        let column = columns(self.kind).iter().find(|column| column.pointer == pointer)?;
        Some(self.heading(column.field))
    }

    fn has(&self, field: Field) -> bool {
        self.fields.iter().flatten().any(|(f, _)| *f == field)
    }
}

/// Brackets and case of any width do not count in a heading, nor do blanks, nor the star of a field
/// that must be filled in.
fn plain(heading: &str) -> String {
    let one = |sign: char| match sign {
        '（' => '(',
        '）' => ')',
        other => other.to_ascii_lowercase(),
    };
    heading.chars().filter(|sign| !sign.is_whitespace() && *sign != '*').map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, headings: &[&str]) -> Result<Layout, Vec<(usize, Refusal)>> {
        Layout::read(kind, &headings.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn headings_are_known_as_offices_write_them_in_any_order() {
        let layout =
            read(Kind::Members, &["姓 名*", "", "联系电话", "委员编号", "县（区）"]).unwrap();
        let row: Vec<String> = ["张三", "x", " 1 ", "", "工农区"].map(str::to_owned).to_vec();
        assert_eq!(layout.text(&row, Field::Name).as_deref(), Some("张三"));
        assert_eq!(layout.text(&row, Field::Phone).as_deref(), Some("1"));
        assert_eq!(layout.text(&row, Field::Number), None);
        assert_eq!(layout.text(&row, Field::County).as_deref(), Some("工农区"));
        assert_eq!(layout.text(&row[..1], Field::County), None);
        assert_eq!(layout.heading(Field::Phone), "联系电话");
        assert_eq!(layout.heading(Field::Address), "地址");
    }

    #[test]
    fn every_heading_that_is_wrong_is_named_by_its_place() {
        let wrong = read(Kind::Members, &["编号", "姓名", "姓名", "血型"]).unwrap_err();
        assert_eq!(wrong, [(3, Refusal::TwiceTheHeading), (4, Refusal::UnknownHeading)]);
        assert_eq!(read(Kind::Areas, &["", " "]).unwrap_err(), [(1, Refusal::NoHeader)]);
        assert_eq!(read(Kind::Members, &["姓名"]).unwrap_err(), [(1, Refusal::MissingHeading)]);
    }

    #[test]
    fn each_template_reads_as_itself_and_no_heading_means_two_fields() {
        for kind in Kind::ALL {
            let headings: Vec<String> = template(kind).map(str::to_owned).collect();
            assert!(Layout::read(kind, &headings).is_ok(), "{kind:?}");
            let mut all: Vec<String> =
                columns(kind).iter().flat_map(|c| c.headings).map(|h| plain(h)).collect();
            let count = all.len();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "{kind:?}");
        }
    }
}
