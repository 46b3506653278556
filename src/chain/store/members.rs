//! Members and the persons they are.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::external_ids::{NAMED, ids_column};
use super::placed::{IN_SECTOR, UNDER_COMMITTEE, place_on};
use super::{Days, days, first};
use crate::chain::rules::Term;
use crate::db::schema::{members, persons};
use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey, portions, search};
use crate::error::Result;
use crate::journal::Places;
use crate::page::Page;

/// A member with the person they are.
#[derive(Debug, Clone, QueryableByName)]
pub struct MemberRow {
    /// Their id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The person they are.
    #[diesel(sql_type = SqlUuid)]
    pub person_id: Uuid,
    /// Their number in the conference.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// Where they work.
    #[diesel(sql_type = Nullable<Text>)]
    pub unit: Option<String>,
    /// None at city level.
    #[diesel(sql_type = Nullable<Integer>)]
    pub county_code: Option<i32>,
    /// Their sector today.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub sector_id: Option<Uuid>,
    /// The committee that guides it today.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub committee_id: Option<Uuid>,
    /// Since when they are a member.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When they turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    /// The person's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The person's phone.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    /// The person's address.
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    /// What other systems call it: `scheme:value`.
    #[diesel(sql_type = Array<Text>)]
    pub external_ids: Vec<String>,
}

impl MemberRow {
    /// As it is put into the table.
    pub(in crate::chain) fn inserted(&self, city_code: i32) -> NewMemberRow {
        NewMemberRow {
            city_code,
            id: self.id,
            person_id: self.person_id,
            number: self.number.clone(),
            unit: self.unit.clone(),
            county_code: self.county_code,
            sector_id: self.sector_id,
            committee_id: self.committee_id,
            during: days(self.from_on, self.until_on),
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// Since when they are a member, and until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }

    /// Where the member stands today.
    pub fn places(&self) -> Places {
        Places {
            county: self.county_code,
            committee: self.committee_id,
            sector: self.sector_id,
            member: Some(self.id),
            departments: Vec::new(),
        }
    }
}

pub(super) const COLUMNS: &str = concat!(
    "t.id, t.person_id, t.number, t.unit, t.county_code, t.sector_id, \
    t.committee_id, lower(t.during) AS from_on, upper(t.during) AS until_on, t.voided_at, \
    t.version, t.created_at, t.updated_at, \
    (SELECT p.name FROM persons p WHERE p.city_code = t.city_code AND p.id = t.person_id) AS name, \
    (SELECT p.phone FROM persons p WHERE p.city_code = t.city_code AND p.id = t.person_id) AS phone, \
    (SELECT p.address FROM persons p WHERE p.city_code = t.city_code AND p.id = t.person_id) AS address, ",
    ids_column!()
);

const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("id"),
    department: None,
};

/// The member of that id; not a voided one.
pub async fn member(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<MemberRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM members t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// [`member`], locked until the end of the transaction.
pub async fn lock_member(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<MemberRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM members t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL FOR UPDATE"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// Where a member stands today; none: there is no such member.
pub async fn places_of_member(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Places>> {
    let row: Option<(Option<i32>, Option<Uuid>, Option<Uuid>)> = members::table
        .find((city, id))
        .filter(members::voided_at.is_null())
        .select((members::county_code, members::committee_id, members::sector_id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.map(|(county, committee, sector)| Places {
        county,
        committee,
        sector,
        member: Some(id),
        departments: Vec::new(),
    }))
}

/// Which members a list holds.
#[derive(Debug, Clone)]
pub struct MembersWanted {
    /// Members on this day.
    pub on: NaiveDate,
    /// Whether sector and committee are that day's and not today's.
    pub placed_then: bool,
    /// Of this sector.
    pub sector: Option<Uuid>,
    /// Of this committee's sectors.
    pub committee: Option<Uuid>,
    /// Of this county.
    pub county: Option<i32>,
    /// Of this number.
    pub number: Option<String>,
    /// With fewer contacts that day than so many, or with at least so many.
    pub short: Option<(bool, i16)>,
    /// Whose name or unit has this part.
    pub q: Option<String>,
    /// `created_at` or `-created_at`.
    pub sort: Option<String>,
    /// Called so elsewhere: `scheme:value`.
    pub external: Option<String>,
}

impl MembersWanted {
    /// All of a day.
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            placed_then: false,
            sector: None,
            committee: None,
            county: None,
            number: None,
            short: None,
            q: None,
            external: None,
            sort: None,
        }
    }
}

/// A page of members.
pub async fn members(
    conn: Conn<'_>,
    city: i32,
    wanted: MembersWanted,
    sight: &Sight,
    page: &Page,
) -> Result<(Vec<MemberRow>, Option<i64>)> {
    let sort = SortKey::created(wanted.sort.as_deref());
    let counted = |than: &str| {
        format!(
            "(SELECT count(*) FROM member_contacts l WHERE l.city_code = t.city_code \
             AND l.member_id = t.id AND l.voided_at IS NULL AND l.during @> $2) {than} ?"
        )
    };
    let (short, enough) = match wanted.short {
        Some((true, least)) => (Some(least), None),
        Some((false, least)) => (None, Some(least)),
        None => (None, None),
    };
    let (sector, committee) = if wanted.placed_then {
        (IN_SECTOR, UNDER_COMMITTEE)
    } else {
        ("t.sector_id = ?", "t.committee_id = ?")
    };
    // The day comes first: it is `$2` where the links are asked.
    let (mut rows, total) = List::new(city, "members", COLUMNS, PLACES, sort)
        .filter("t.during @> ?", Some(wanted.on))
        .filter(&counted("<"), short)
        .filter(&counted(">="), enough)
        .filter(sector, wanted.sector)
        .filter(committee, wanted.committee)
        .filter("t.county_code = ?", wanted.county)
        .filter("t.number = ?", wanted.number)
        .filter(NAMED, wanted.external)
        .filter(&found_people("members"), wanted.q.map(|q| search::query(city, &q)))
        .only("t.voided_at IS NULL")
        .rows(conn, sight, page)
        .await?;
    if wanted.placed_then {
        place_on(conn, city, &mut rows, wanted.on).await?;
    }
    Ok((rows, total))
}

/// The rows `t` of `table`, members or contacts, whose person or unit is found by `?`.
pub(super) fn found_people(table: &str) -> String {
    let (own, person) = (search::matches("s"), search::matches("p"));
    format!(
        "t.id = ANY(ARRAY(SELECT s.id FROM {table} s WHERE s.city_code = $1 AND {own} \
         UNION SELECT s.id FROM persons p JOIN {table} s ON s.city_code = p.city_code \
         AND s.person_id = coalesce(p.canonical_id, p.id) WHERE p.city_code = $1 AND {person}))"
    )
}

/// A person to enter.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = persons)]
pub struct PersonRow {
    pub(in crate::chain) city_code: i32,
    pub(in crate::chain) id: Uuid,
    pub(in crate::chain) name: String,
    pub(in crate::chain) phone: Option<String>,
    pub(in crate::chain) address: Option<String>,
    pub(in crate::chain) version: i64,
    pub(in crate::chain) created_at: DateTime<Utc>,
}

/// Adds persons.
pub async fn insert_persons(mut conn: Conn<'_>, rows: Vec<PersonRow>) -> QueryResult<()> {
    for portion in portions(rows) {
        let searched = |row: PersonRow| {
            let search = persons::search.eq(search::keys(row.city_code, &row.name));
            (row, search)
        };
        let values: Vec<_> = portion.into_iter().map(searched).collect();
        let insert = diesel::insert_into(persons::table).values(values);
        Prepared(insert).execute(&mut conn).await?;
    }
    Ok(())
}

/// Changes a person where something is given; returns the version that this made.
pub async fn update_person(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    change: PersonChange,
) -> Result<Option<i64>> {
    if change == PersonChange::default() {
        return Ok(None);
    }
    let search = change.name.as_ref().map(|name| persons::search.eq(search::keys(city, name)));
    let update = diesel::update(persons::table.find((city, id)))
        .set((change, search, persons::version.eq(persons::version + 1)))
        .returning(persons::version);
    Ok(Some(update.get_result(&mut conn).await?))
}

/// What is new about a person; the inner option of a phone or address clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = persons)]
pub struct PersonChange {
    /// Name.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<Option<String>>,
    /// Address.
    pub address: Option<Option<String>>,
}

impl PersonChange {
    /// What it makes of what is shown of a person.
    pub fn put(self, name: &mut String, phone: &mut Option<String>, address: &mut Option<String>) {
        *name = self.name.unwrap_or_else(|| std::mem::take(name));
        *phone = self.phone.unwrap_or_else(|| phone.take());
        *address = self.address.unwrap_or_else(|| address.take());
    }
}

/// A member to enter.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = members)]
pub(in crate::chain) struct NewMemberRow {
    city_code: i32,
    id: Uuid,
    person_id: Uuid,
    number: String,
    unit: Option<String>,
    county_code: Option<i32>,
    sector_id: Option<Uuid>,
    committee_id: Option<Uuid>,
    during: Days,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Adds members.
pub(in crate::chain) async fn insert_members(
    mut conn: Conn<'_>,
    rows: Vec<NewMemberRow>,
) -> QueryResult<()> {
    for portion in portions(rows) {
        let searched = |row: NewMemberRow| {
            let search = row.unit.as_ref().map(|unit| search::keys(row.city_code, unit));
            (row, members::search.eq(search))
        };
        let values: Vec<_> = portion.into_iter().map(searched).collect();
        let insert = diesel::insert_into(members::table).values(values);
        Prepared(insert).execute(&mut conn).await?;
    }
    Ok(())
}

/// Writes what of the row may change, as its next version.
pub async fn update_member(mut conn: Conn<'_>, city: i32, row: &MemberRow) -> QueryResult<()> {
    let update = diesel::update(members::table.find((city, row.id))).set((
        members::unit.eq(row.unit.clone()),
        members::search.eq(row.unit.as_ref().map(|unit| search::keys(city, unit))),
        members::sector_id.eq(row.sector_id),
        members::committee_id.eq(row.committee_id),
        members::during.eq(days(row.from_on, row.until_on)),
        members::voided_at.eq(row.voided_at),
        members::version.eq(row.version),
        members::updated_at.eq(row.updated_at),
    ));
    Prepared(update).execute(&mut conn).await.map(drop)
}

/// These members now stand under `committee`, or under none.
pub async fn place_members(
    mut conn: Conn<'_>,
    city: i32,
    ids: Vec<Uuid>,
    committee: Option<Uuid>,
) -> Result<()> {
    diesel::update(members::table)
        .filter(members::city_code.eq(city))
        .filter(members::id.eq_any(ids))
        .set(members::committee_id.eq(committee))
        .execute(&mut conn)
        .await?;
    Ok(())
}
