//! Persons apart from what they are: who they have become, further ways to reach them, identifiers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{ContactRow, Days, MemberRow, bind_all, contacts, first, load, members, sql};
use crate::chain::rules::Term;
use crate::db::schema::{contact_points, person_identifiers};
use crate::db::{Bind, Conn};
use crate::error::Result;

/// The number in a text: the last eleven of its digits, as the indexes have it.
macro_rules! number {
    ($text:literal) => {
        concat!("right(regexp_replace(", $text, ", '[^0-9]', '', 'g'), 11)")
    };
}
pub(super) use number;

/// A person as kept.
#[derive(Debug, Clone, QueryableByName)]
pub struct Person {
    /// The tenant.
    #[diesel(sql_type = Integer)]
    pub city_code: i32,
    /// Their id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The first phone, which members and contacts show.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    /// The first address, which members and contacts show.
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    /// Who they were merged into; that one is merged into nobody.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub canonical_id: Option<Uuid>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When they were entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

pub(super) const PERSON: &str =
    "t.city_code, t.id, t.name, t.phone, t.address, t.canonical_id, t.version, t.created_at";

/// The person of that id, merged or not.
pub async fn person(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Person>> {
    let text = format!("SELECT {PERSON} FROM persons t WHERE t.city_code = $1 AND t.id = $2");
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// The persons of these ids, locked in the order of the ids until the end of the transaction.
pub async fn lock_persons(conn: Conn<'_>, city: i32, ids: Vec<Uuid>) -> Result<Vec<Person>> {
    let text = format!(
        "SELECT {PERSON} FROM persons t WHERE t.city_code = $1 AND t.id = ANY($2) \
         ORDER BY t.id FOR UPDATE"
    );
    load(conn, &text, vec![city.into(), ids.into()]).await
}

/// The next version of a person.
pub async fn touch_person(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<i64> {
    use crate::db::schema::persons;
    let update = diesel::update(persons::table.find((city, id)))
        .set(persons::version.eq(persons::version + 1))
        .returning(persons::version);
    Ok(crate::db::Prepared(update).get_result(&mut conn).await?)
}

/// The members that a person is or was, by id; no voided ones.
pub async fn members_of_person(conn: Conn<'_>, city: i32, person: Uuid) -> Result<Vec<MemberRow>> {
    let text = format!(
        "SELECT {} FROM members t WHERE t.city_code = $1 AND t.person_id = $2 \
         AND t.voided_at IS NULL ORDER BY t.id",
        members::COLUMNS
    );
    load(conn, &text, vec![city.into(), person.into()]).await
}

/// The contacts that a person is or was, by id; no voided ones.
pub async fn contacts_of_person(
    conn: Conn<'_>,
    city: i32,
    person: Uuid,
) -> Result<Vec<ContactRow>> {
    let text = format!(
        "SELECT {} FROM {} WHERE t.city_code = $1 AND t.person_id = $2 \
         AND t.voided_at IS NULL ORDER BY t.id",
        contacts::COLUMNS,
        contacts::TABLES
    );
    load(conn, &text, vec![city.into(), person.into()]).await
}

/// A dated way to reach a person.
#[derive(Debug, Clone, QueryableByName)]
pub struct ContactPointRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub person_id: Uuid,
    /// mobile, landline, wechat, email or address
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// As typed.
    #[diesel(sql_type = Text)]
    pub value: String,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl ContactPointRow {
    /// Its days.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }
}

/// The contact points of a person, the earliest first; voided ones too.
pub async fn contact_points_of(
    conn: Conn<'_>,
    city: i32,
    person: Uuid,
) -> Result<Vec<ContactPointRow>> {
    let text = "SELECT t.id, t.person_id, t.kind, t.value, lower(t.during) AS from_on, \
        upper(t.during) AS until_on, t.voided_at FROM contact_points t \
        WHERE t.city_code = $1 AND t.person_id = $2 ORDER BY lower(t.during), t.id";
    load(conn, text, vec![city.into(), person.into()]).await
}

/// A contact point to enter.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = contact_points)]
pub struct NewContactPointRow {
    pub(in crate::chain) city_code: i32,
    pub(in crate::chain) id: Uuid,
    pub(in crate::chain) person_id: Uuid,
    pub(in crate::chain) kind: &'static str,
    pub(in crate::chain) value: String,
    pub(in crate::chain) during: Days,
    pub(in crate::chain) created_at: DateTime<Utc>,
}

/// Adds a contact point.
pub async fn insert_contact_point(mut conn: Conn<'_>, row: NewContactPointRow) -> QueryResult<()> {
    diesel::insert_into(contact_points::table).values(row).execute(&mut conn).await.map(drop)
}

/// Writes the end of a contact point, and whether it is a mistake.
pub async fn update_contact_point(
    mut conn: Conn<'_>,
    city: i32,
    row: &ContactPointRow,
) -> Result<()> {
    let update = diesel::update(contact_points::table.find((city, row.id))).set((
        contact_points::during.eq(super::days(row.from_on, row.until_on)),
        contact_points::voided_at.eq(row.voided_at),
    ));
    crate::db::Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// An identifier of a person.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = person_identifiers)]
pub struct IdentifierRow {
    /// The tenant.
    pub city_code: i32,
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person_id: Uuid,
    /// resident_id, passport, permit, staff_number or other
    pub scheme: String,
    /// In its normal form.
    pub value: String,
    /// When it turned out a mistake.
    pub voided_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// The identifiers of a person in the order they were entered; voided ones too.
pub async fn identifiers_of(
    mut conn: Conn<'_>,
    city: i32,
    person: Uuid,
) -> Result<Vec<IdentifierRow>> {
    let rows = person_identifiers::table
        .filter(person_identifiers::city_code.eq(city))
        .filter(person_identifiers::person_id.eq(person))
        .order((person_identifiers::created_at, person_identifiers::id));
    Ok(rows.load(&mut conn).await?)
}

/// Adds an identifier.
pub async fn insert_identifier(mut conn: Conn<'_>, row: &IdentifierRow) -> QueryResult<()> {
    diesel::insert_into(person_identifiers::table).values(row).execute(&mut conn).await.map(drop)
}

/// The identifier was a mistake; its value is free again.
pub async fn void_identifier(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let update = diesel::update(person_identifiers::table.find((city, id)))
        .set(person_identifiers::voided_at.eq(now));
    crate::db::Prepared(update).execute(&mut conn).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The ids that a query of constant text answers.
pub(super) async fn ids(mut conn: Conn<'_>, text: &str, binds: Vec<Bind>) -> Result<Vec<Uuid>> {
    let rows: Vec<Id> = bind_all(sql(text.to_owned()), binds).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
