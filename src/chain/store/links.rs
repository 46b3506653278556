//! Dated links. Each table of them joins two things; what is read and written of it is the same.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{bind_all, first, load, sql};
use crate::chain::rules::{Dated, Opening};
use crate::db::schema::member_sectors;
use crate::db::{Bind, Conn};
use crate::error::Result;

/// A table of links: whose they are, and to whom they lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joins {
    pub(super) table: &'static str,
    pub(super) of: &'static str,
    other: &'static str,
    /// Whether a link tells which other it ended by beginning.
    replacing: bool,
}

/// A member belongs to a sector.
pub const SECTOR: Joins =
    Joins { table: "member_sectors", of: "member_id", other: "sector_id", replacing: true };
/// A member keeps in touch with a contact.
pub const CONTACT: Joins =
    Joins { table: "member_contacts", of: "member_id", other: "contact_id", replacing: false };
/// The same links from the contact's end.
pub const CONTACT_OF: Joins = Joins { of: "contact_id", other: "member_id", ..CONTACT };
/// A member holds a post.
pub const POST: Joins =
    Joins { table: "post_holders", of: "member_id", other: "post_id", replacing: false };
/// A member answers for an area, which is its own link.
pub const AREA: Joins = Joins { table: "areas", of: "member_id", other: "id", replacing: false };

/// A link of one thing to another.
#[derive(Debug, Clone, QueryableByName)]
pub struct LinkRow {
    /// Of the link.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose it is.
    #[diesel(sql_type = SqlUuid)]
    pub of_id: Uuid,
    /// Where it leads.
    #[diesel(sql_type = SqlUuid)]
    pub other_id: Uuid,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
    /// The link that it ended by beginning.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub replaces: Option<Uuid>,
}

impl LinkRow {
    /// What the rules look at.
    pub fn dated(&self) -> Dated {
        Dated {
            id: self.id,
            other: self.other_id,
            from: self.from_on,
            until: self.until_on,
            voided: self.voided_at.is_some(),
            replaces: self.replaces,
        }
    }
}

/// What is read of a link.
pub(super) fn columns(joins: Joins) -> String {
    let Joins { of, other, .. } = joins;
    let replaces = if joins.replacing { "l.replaces" } else { "NULL::uuid" };
    format!(
        "l.id, l.{of} AS of_id, l.{other} AS other_id, lower(l.during) AS from_on, \
         upper(l.during) AS until_on, l.voided_at, {replaces} AS replaces"
    )
}

fn select(joins: Joins) -> String {
    let Joins { table, of, .. } = joins;
    format!("SELECT {} FROM {table} l WHERE l.city_code = $1 AND l.{of} = $2", columns(joins))
}

/// Of the links of a query, those of the day `$3`.
pub(super) const STANDING: &str = "l.voided_at IS NULL AND l.during @> $3";

/// All links of `of`, voided ones too. Who decides on them has locked `of`.
pub async fn line(conn: Conn<'_>, city: i32, joins: Joins, of: Uuid) -> Result<Vec<LinkRow>> {
    let text = format!("{} ORDER BY lower(l.during), l.id", select(joins));
    load(conn, &text, vec![city.into(), of.into()]).await
}

/// The links of `of` on `on`, oldest first.
pub async fn links_on(
    conn: Conn<'_>,
    city: i32,
    joins: Joins,
    of: Uuid,
    on: NaiveDate,
) -> Result<Vec<LinkRow>> {
    let text = format!("{} AND {STANDING} ORDER BY lower(l.during), l.id", select(joins));
    load(conn, &text, vec![city.into(), of.into(), on.into()]).await
}

/// The member's links to contacts on `on`, oldest first.
pub async fn contacts_of_member(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Vec<LinkRow>> {
    links_on(conn, city, CONTACT, member, on).await
}

/// Whether the contact is one of the member's on `on`.
pub async fn is_contact_of(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    contact: Uuid,
    on: NaiveDate,
) -> Result<bool> {
    let text = format!("{} AND {STANDING} AND l.contact_id = $4 LIMIT 1", select(CONTACT));
    let binds = vec![city.into(), member.into(), on.into(), contact.into()];
    Ok(first::<LinkRow>(conn, &text, binds).await?.is_some())
}

/// The member's sector on `on`.
pub async fn sector_of(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<Uuid>> {
    let links = links_on(conn, city, SECTOR, member, on).await?;
    Ok(links.into_iter().next().map(|link| link.other_id))
}

/// One link of `of`, locked.
pub async fn lock_link(
    conn: Conn<'_>,
    city: i32,
    joins: Joins,
    of: Uuid,
    link: Uuid,
) -> Result<Option<LinkRow>> {
    let text = format!("{} AND l.id = $3 FOR UPDATE", select(joins));
    first(conn, &text, vec![city.into(), of.into(), link.into()]).await
}

async fn write(mut conn: Conn<'_>, text: String, binds: Vec<Bind>) -> QueryResult<()> {
    bind_all(sql(text), binds).execute(&mut conn).await.map(drop)
}

/// Opens a link of `of`.
pub async fn open_link(
    conn: Conn<'_>,
    city: i32,
    joins: Joins,
    of: Uuid,
    new: Opening,
) -> QueryResult<()> {
    let mut binds = vec![city.into(), new.id.into(), of.into(), new.other.into(), new.from.into()];
    let upper = if new.until.is_some() { "$6" } else { "NULL" };
    binds.extend(new.until.map(Bind::Day));
    let Joins { table, of, other, .. } = joins;
    let text = format!(
        "INSERT INTO {table} (city_code, id, {of}, {other}, during) \
         VALUES ($1, $2, $3, $4, daterange($5, {upper}))"
    );
    write(conn, text, binds).await
}

/// Writes down which link of the member to a sector another one ended.
pub async fn set_replaces(
    mut conn: Conn<'_>,
    city: i32,
    link: Uuid,
    replaces: Option<Uuid>,
) -> QueryResult<()> {
    let update = diesel::update(member_sectors::table.find((city, link)))
        .set(member_sectors::replaces.eq(replaces));
    crate::db::Prepared(update).execute(&mut conn).await.map(drop)
}

/// Lets a link end before `until`, or go on.
pub async fn set_until(
    conn: Conn<'_>,
    city: i32,
    joins: Joins,
    link: Uuid,
    until: Option<NaiveDate>,
) -> QueryResult<()> {
    let upper = if until.is_some() { "$3" } else { "NULL" };
    let mut binds: Vec<Bind> = vec![city.into(), link.into()];
    binds.extend(until.map(Bind::Day));
    let text = format!(
        "UPDATE {} SET during = daterange(lower(during), {upper}) WHERE city_code = $1 AND id = $2",
        joins.table
    );
    write(conn, text, binds).await
}

/// Voids a link.
pub async fn void_link(
    conn: Conn<'_>,
    city: i32,
    joins: Joins,
    link: Uuid,
    at: DateTime<Utc>,
) -> QueryResult<()> {
    let text =
        format!("UPDATE {} SET voided_at = $3 WHERE city_code = $1 AND id = $2", joins.table);
    write(conn, text, vec![city.into(), link.into(), at.into()]).await
}

/// Closes what `of` has: links that go on past `until` end there, those that have not begun by then
/// are voided, as all are where `until` is none. Returns what changed, in the order of their ids.
pub async fn close_links(
    conn: Conn<'_>,
    city: i32,
    joins: Joins,
    of: Uuid,
    until: Option<NaiveDate>,
    at: DateTime<Utc>,
) -> Result<Vec<LinkRow>> {
    let Joins { table, of: column, .. } = joins;
    let which = format!("l.city_code = $1 AND l.{column} = $2 AND l.voided_at IS NULL");
    let returning = format!("RETURNING {}", columns(joins));
    let mut changed: Vec<LinkRow> = Vec::new();
    let mut void = format!("UPDATE {table} l SET voided_at = $3 WHERE {which}");
    let mut binds: Vec<Bind> = vec![city.into(), of.into(), at.into()];
    if let Some(until) = until {
        let text = format!(
            "UPDATE {table} l SET during = daterange(lower(l.during), $3) WHERE {which} \
             AND lower(l.during) < $3 AND (upper(l.during) IS NULL OR upper(l.during) > $3) \
             {returning}"
        );
        changed.extend(load(conn, &text, vec![city.into(), of.into(), until.into()]).await?);
        void.push_str(" AND lower(l.during) >= $4");
        binds.push(until.into());
    }
    changed.extend(load(conn, &format!("{void} {returning}"), binds).await?);
    changed.sort_by_key(|link| link.id);
    Ok(changed)
}
