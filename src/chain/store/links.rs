//! Dated links. Each table of them joins two things; what is read and written of it is the same.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{bind_all, first, load, sql};
use crate::chain::kinds::LinkKind;
use crate::chain::rules::{Dated, Opening, Term};
use crate::db::{Bind, Conn};
use crate::error::Result;
use crate::page::Key;

/// A table of dated links and its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    pub(super) table: &'static str,
    /// The column of the end that is named first.
    of: &'static str,
    /// The column of the other end.
    other: &'static str,
    /// The column by which links are looked up: one of the two.
    pub(super) by: &'static str,
    /// Whether a link tells which other it ended by beginning.
    replacing: bool,
}

/// A member belongs to a sector.
pub const SECTOR: Relation =
    Relation { replacing: true, ..Relation::new("member_sectors", "member_id", "sector_id") };
/// A member keeps in touch with a contact.
pub const CONTACT: Relation = Relation::new("member_contacts", "member_id", "contact_id");
/// A post and its holder.
pub const HOLDING: Relation = Relation::new("post_holders", "post_id", "member_id");
/// A member answers for an area, which is its own link.
pub const AREA: Relation = Relation::new("areas", "member_id", "id");
/// A party member and whom they keep in touch with.
pub const PARTY_LINK: Relation = Relation::new("party_links", "party_member_id", "member_id");

impl Relation {
    const fn new(table: &'static str, of: &'static str, other: &'static str) -> Self {
        Self { table, of, other, by: of, replacing: false }
    }

    /// Where the links of a kind are.
    pub const fn of_kind(kind: LinkKind) -> Self {
        let (table, of, other) = match kind {
            LinkKind::CounterpartDepartment => {
                ("committee_departments", "committee_id", "department_id")
            }
            LinkKind::ChairMember => ("chair_committees", "committee_id", "member_id"),
            LinkKind::BranchMember => ("branch_members", "branch_id", "member_id"),
            LinkKind::GroupMember => ("group_members", "group_id", "member_id"),
            LinkKind::Guidance => ("sector_committees", "sector_id", "committee_id"),
        };
        let replacing = matches!(kind, LinkKind::Guidance);
        Self { replacing, ..Self::new(table, of, other) }
    }

    /// The same links, looked up by their other end; which end is named first stays.
    pub const fn turned(self) -> Self {
        Self { by: self.other, ..self }
    }

    /// The same links as the other end sees them: looked up by it, and it is named first.
    pub const fn mirrored(self) -> Self {
        Self { of: self.other, other: self.of, by: self.other, ..self }
    }

    /// What is read of a link.
    pub(super) fn columns(self) -> String {
        let Self { of, other, .. } = self;
        let replaces = if self.replacing { "l.replaces" } else { "NULL::uuid" };
        format!(
            "l.id, l.{of} AS of_id, l.{other} AS other_id, lower(l.during) AS from_on, \
             upper(l.during) AS until_on, l.voided_at, {replaces} AS replaces"
        )
    }

    /// Of the links `l` of `$2`.
    fn select(self) -> String {
        let Self { table, by, .. } = self;
        format!("SELECT {} FROM {table} l WHERE l.city_code = $1 AND l.{by} = $2", self.columns())
    }
}

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
    /// A link as it is once it was opened.
    pub fn opened(of_id: Uuid, new: Opening) -> Self {
        let Opening { id, other: other_id, from: from_on, until: until_on, replaces } = new;
        Self { id, of_id, other_id, from_on, until_on, voided_at: None, replaces }
    }

    /// Since when it stands, and until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }

    /// What a list of links is sorted by: the first day, as an instant.
    pub fn key(&self) -> Key {
        Key { at: self.from_on.and_time(NaiveTime::MIN).and_utc(), id: self.id }
    }

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

/// Of the links of a query, those of the day `$3`.
pub(super) const STANDING: &str = "l.voided_at IS NULL AND l.during @> $3";

/// All links of `of`, voided ones too. Who decides on them has locked `of`.
pub async fn line(conn: Conn<'_>, city: i32, relation: Relation, of: Uuid) -> Result<Vec<LinkRow>> {
    let text = format!("{} ORDER BY lower(l.during), l.id", relation.select());
    load(conn, &text, vec![city.into(), of.into()]).await
}

/// The links of `of` on `on`, oldest first.
pub async fn links_on(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    on: NaiveDate,
) -> Result<Vec<LinkRow>> {
    let text = format!("{} AND {STANDING} ORDER BY lower(l.during), l.id", relation.select());
    load(conn, &text, vec![city.into(), of.into(), on.into()]).await
}

/// A link of `of` on `on`; the first where there are several.
pub async fn link_on(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    on: NaiveDate,
) -> Result<Option<LinkRow>> {
    Ok(links_on(conn, city, relation, of, on).await?.into_iter().next())
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
    let text = format!("{} AND {STANDING} AND l.contact_id = $4 LIMIT 1", CONTACT.select());
    let binds = vec![city.into(), member.into(), on.into(), contact.into()];
    Ok(first::<LinkRow>(conn, &text, binds).await?.is_some())
}

/// Whether the department is one of the committee's counterparts (对口部门) on `on`.
pub async fn is_counterpart_of(
    conn: Conn<'_>,
    city: i32,
    committee: Uuid,
    department: Uuid,
    on: NaiveDate,
) -> Result<bool> {
    let relation = Relation::of_kind(LinkKind::CounterpartDepartment);
    let text = format!("{} AND {STANDING} AND l.department_id = $4 LIMIT 1", relation.select());
    let binds = vec![city.into(), committee.into(), on.into(), department.into()];
    Ok(first::<LinkRow>(conn, &text, binds).await?.is_some())
}

/// The member's sector on `on`.
pub async fn sector_of(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<Uuid>> {
    Ok(link_on(conn, city, SECTOR, member, on).await?.map(|link| link.other_id))
}

/// One link of `of`, locked.
pub async fn lock_link(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    link: Uuid,
) -> Result<Option<LinkRow>> {
    let text = format!("{} AND l.id = $3 FOR UPDATE", relation.select());
    first(conn, &text, vec![city.into(), of.into(), link.into()]).await
}

async fn write(mut conn: Conn<'_>, text: String, binds: Vec<Bind>) -> QueryResult<()> {
    bind_all(sql(text), binds).execute(&mut conn).await.map(drop)
}

/// Opens a link of `of_id`; returns it.
pub async fn open_link(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of_id: Uuid,
    new: Opening,
) -> QueryResult<LinkRow> {
    open_links(conn, city, relation, &[(of_id, new)]).await?;
    Ok(LinkRow::opened(of_id, new))
}

/// Opens links, each of the one that is named beside it.
pub async fn open_links(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    new: &[(Uuid, Opening)],
) -> QueryResult<()> {
    if new.is_empty() {
        return Ok(());
    }
    let Relation { table, of, other, .. } = relation;
    let text = format!(
        "INSERT INTO {table} (city_code, id, {of}, {other}, during) \
         SELECT $1, l.id, l.of_id, l.other_id, daterange(l.from_on, l.until_on) \
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[]) \
         AS l (id, of_id, other_id, from_on, until_on)"
    );
    let ids = |id: fn(&(Uuid, Opening)) -> Uuid| Bind::Ids(new.iter().map(id).collect());
    let binds = vec![
        city.into(),
        ids(|(_, link)| link.id),
        ids(|(of, _)| *of),
        ids(|(_, link)| link.other),
        Bind::Days(new.iter().map(|(_, link)| Some(link.from)).collect()),
        Bind::Days(new.iter().map(|(_, link)| link.until).collect()),
    ];
    write(conn, text, binds).await
}

/// Writes down which link another one of a [`Relation`] whose links tell it ended.
pub async fn set_replaces(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    link: Uuid,
    replaces: Option<Uuid>,
) -> QueryResult<()> {
    let ended = if replaces.is_some() { "$3" } else { "NULL" };
    let mut binds: Vec<Bind> = vec![city.into(), link.into()];
    binds.extend(replaces.map(Bind::Id));
    let table = relation.table;
    let text = format!("UPDATE {table} SET replaces = {ended} WHERE city_code = $1 AND id = $2");
    write(conn, text, binds).await
}

/// Lets a link end before `until`, or go on.
pub async fn set_until(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    link: Uuid,
    until: Option<NaiveDate>,
) -> QueryResult<()> {
    let upper = if until.is_some() { "$3" } else { "NULL" };
    let mut binds: Vec<Bind> = vec![city.into(), link.into()];
    binds.extend(until.map(Bind::Day));
    let text = format!(
        "UPDATE {} SET during = daterange(lower(during), {upper}) WHERE city_code = $1 AND id = $2",
        relation.table
    );
    write(conn, text, binds).await
}

/// Voids a link.
pub async fn void_link(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    link: Uuid,
    at: DateTime<Utc>,
) -> QueryResult<()> {
    let text =
        format!("UPDATE {} SET voided_at = $3 WHERE city_code = $1 AND id = $2", relation.table);
    write(conn, text, vec![city.into(), link.into(), at.into()]).await
}

/// Closes the links of `of`, or its link `only`: those that go on past `until` end there, those that
/// have not begun by then are voided, as all are where `until` is none. Returns what changed, as it is
/// then, in the order of the ids.
pub async fn close_links(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    (of, only): (Uuid, Option<Uuid>),
    until: Option<NaiveDate>,
    at: DateTime<Utc>,
) -> QueryResult<Vec<LinkRow>> {
    let Relation { table, by, .. } = relation;
    let mut binds: Vec<Bind> = vec![city.into(), of.into(), at.into()];
    let mut which = format!("l.city_code = $1 AND l.{by} = $2 AND l.voided_at IS NULL");
    if let Some(id) = only {
        binds.push(id.into());
        which.push_str(&format!(" AND l.id = ${}", binds.len()));
    }
    let set = if let Some(until) = until {
        binds.push(until.into());
        let n = binds.len();
        which.push_str(&format!(" AND (upper(l.during) IS NULL OR upper(l.during) > ${n})"));
        format!(
            "during = CASE WHEN lower(l.during) < ${n} THEN daterange(lower(l.during), ${n}) \
             ELSE l.during END, \
             voided_at = CASE WHEN lower(l.during) < ${n} THEN NULL ELSE $3 END"
        )
    } else {
        "voided_at = $3".to_owned()
    };
    let text = format!("UPDATE {table} l SET {set} WHERE {which} RETURNING {}", relation.columns());
    let mut conn = conn;
    let mut changed: Vec<LinkRow> = bind_all(sql(text), binds).load(&mut conn).await?;
    changed.sort_by_key(|link| link.id);
    Ok(changed)
}
