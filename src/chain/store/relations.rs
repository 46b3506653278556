//! What is joined to organisations, and party members to members outside the party: dated links in
//! tables of one shape.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{bind_all, first, load, sql};
use crate::chain::kinds::LinkKind;
use crate::chain::standing::Term;
use crate::db::{Bind, Conn};
use crate::error::Result;
use crate::page::{Key, Page};

/// A table of dated links and its two ends.
#[derive(Debug, Clone, Copy)]
pub struct Relation {
    table: &'static str,
    /// The column of the end that is named first.
    of: &'static str,
    /// The column of the other end.
    other: &'static str,
    /// The column by which links are looked up: one of the two.
    by: &'static str,
}

/// A post and its holder.
pub const HOLDING: Relation = Relation::new("post_holders", "post_id", "member_id");
/// A party member and whom they keep in touch with.
pub const PARTY_LINK: Relation = Relation::new("party_links", "party_member_id", "member_id");

impl Relation {
    const fn new(table: &'static str, of: &'static str, other: &'static str) -> Self {
        Self { table, of, other, by: of }
    }

    /// Where the links of a kind are.
    pub const fn of_kind(kind: LinkKind) -> Self {
        let (table, of, other) = match kind {
            LinkKind::CounterpartDepartment => {
                ("committee_departments", "committee_id", "department_id")
            }
            LinkKind::ChairMember => ("chair_committees", "committee_id", "member_id"),
            LinkKind::BranchMember => ("branch_members", "branch_id", "member_id"),
            LinkKind::Guidance => ("sector_committees", "sector_id", "committee_id"),
        };
        Self::new(table, of, other)
    }

    /// The same links, looked up by their other end.
    pub const fn turned(self) -> Self {
        Self { by: self.other, ..self }
    }

    fn columns(self) -> String {
        format!(
            "l.id, l.{} AS of_id, l.{} AS other_id, lower(l.during) AS from_on, \
             upper(l.during) AS until_on, l.voided_at",
            self.of, self.other
        )
    }
}

/// A dated link.
#[derive(Debug, Clone, QueryableByName)]
pub struct RelationRow {
    /// Of the link.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The end that the relation names first.
    #[diesel(sql_type = SqlUuid)]
    pub of_id: Uuid,
    /// The other end.
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
}

impl RelationRow {
    /// Since when it stands, and until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }

    /// What a list of links is sorted by: the first day, as an instant.
    pub fn key(&self) -> Key {
        Key { at: self.from_on.and_time(chrono::NaiveTime::MIN).and_utc(), id: self.id }
    }
}

/// A link with its kind.
#[derive(Debug, Clone, QueryableByName)]
pub struct KindRow {
    /// Which kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The link.
    #[diesel(embed)]
    pub link: RelationRow,
}

/// Opens a link between `of` and `other` in `term`.
pub async fn insert_relation(
    mut conn: Conn<'_>,
    city: i32,
    relation: Relation,
    id: Uuid,
    (of, other): (Uuid, Uuid),
    (from, until): Term,
) -> QueryResult<RelationRow> {
    let Relation { table, of: left, other: right, .. } = relation;
    let end = if until.is_some() { "$6" } else { "NULL" };
    let text = format!(
        "INSERT INTO {table} (city_code, id, {left}, {right}, during) \
         VALUES ($1, $2, $3, $4, daterange($5, {end}))"
    );
    let mut binds: Vec<Bind> = vec![city.into(), id.into(), of.into(), other.into(), from.into()];
    binds.extend(until.map(Bind::Day));
    bind_all(sql(text), binds).execute(&mut conn).await?;
    let (of_id, other_id, from_on, until_on) = (of, other, from, until);
    Ok(RelationRow { id, of_id, other_id, from_on, until_on, voided_at: None })
}

/// The link `id` of `of`, locked; voided ones too.
pub async fn lock_relation(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    id: Uuid,
) -> Result<Option<RelationRow>> {
    let text = format!(
        "SELECT {} FROM {} l WHERE l.city_code = $1 AND l.{} = $2 AND l.id = $3 FOR UPDATE",
        relation.columns(),
        relation.table,
        relation.by
    );
    first(conn, &text, vec![city.into(), of.into(), id.into()]).await
}

/// A link of `of` on `on`; the first where there are several.
pub async fn relation_on(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    on: NaiveDate,
) -> Result<Option<RelationRow>> {
    let text = format!(
        "SELECT {} FROM {} l WHERE l.city_code = $1 AND l.{} = $2 AND l.voided_at IS NULL \
         AND l.during @> $3 ORDER BY l.id LIMIT 1",
        relation.columns(),
        relation.table,
        relation.by
    );
    first(conn, &text, vec![city.into(), of.into(), on.into()]).await
}

/// Closes the links of `of`, or its link `only`: before `until`, those that have not begun by then
/// are voided; all of them where there is no `until`. Returns them as they are then.
pub async fn close_relations(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    (of, only): (Uuid, Option<Uuid>),
    until: Option<NaiveDate>,
    at: DateTime<Utc>,
) -> QueryResult<Vec<RelationRow>> {
    let Relation { table, by: left, .. } = relation;
    let mut binds: Vec<Bind> = vec![city.into(), of.into(), at.into()];
    let mut which = format!("l.city_code = $1 AND l.{left} = $2 AND l.voided_at IS NULL");
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
    bind_all(sql(text), binds).load(&mut conn).await
}

/// A page of the links that have `of` at their first end, the latest beginning first: the whole
/// history, or what stood on a day.
pub async fn relations(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    on: Option<NaiveDate>,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    walk(conn, city, &[("", relation)], of, on, page).await
}

/// The same for the party links of a member, at either end.
pub async fn party_links(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: Option<NaiveDate>,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let parts = [("", PARTY_LINK), ("", PARTY_LINK.turned())];
    walk(conn, city, &parts, member, on, page).await
}

/// The same for all kinds of links of an organisation, at either end, or for one kind. A link names
/// the same organisation first, whichever end it is read from.
pub async fn links_of_organization(
    conn: Conn<'_>,
    city: i32,
    organization: Uuid,
    (kind, on): (Option<LinkKind>, Option<NaiveDate>),
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let wanted = LinkKind::ALL.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one));
    let both = wanted.flat_map(|kind| {
        let relation = Relation::of_kind(kind);
        [(kind.as_str(), relation), (kind.as_str(), relation.turned())]
    });
    walk(conn, city, &both.collect::<Vec<_>>(), organization, on, page).await
}

async fn walk(
    conn: Conn<'_>,
    city: i32,
    parts: &[(&'static str, Relation)],
    of: Uuid,
    on: Option<NaiveDate>,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let mut binds: Vec<Bind> = vec![city.into(), of.into()];
    let mut only = String::new();
    if let Some(on) = on {
        binds.push(on.into());
        only = " AND l.voided_at IS NULL AND l.during @> $3".to_owned();
    }
    let walks = parts.iter().map(|(kind, relation)| {
        let (columns, table, of) = (relation.columns(), relation.table, relation.by);
        format!(
            "SELECT '{kind}'::text AS kind, {columns} FROM {table} l \
             WHERE l.city_code = $1 AND l.{of} = $2{only}"
        )
    });
    let walks = walks.collect::<Vec<_>>().join(" UNION ALL ");
    let total = if page.count {
        let text = format!("SELECT count(*) AS count FROM ({walks}) u");
        first::<Total>(conn, &text, binds.clone()).await?.map(|row| row.count)
    } else {
        None
    };
    let mut after = String::new();
    if let Some(Key { at, id }) = page.after {
        binds.extend([Bind::Day(at.date_naive()), Bind::Id(id)]);
        let n = binds.len();
        after = format!(" WHERE (u.from_on, u.id) < (${}, ${n})", n - 1);
    }
    binds.push(Bind::Big(i64::from(page.limit) + 1));
    let text = format!(
        "SELECT * FROM ({walks}) u{after} ORDER BY u.from_on DESC, u.id DESC LIMIT ${}",
        binds.len()
    );
    Ok((load(conn, &text, binds).await?, total))
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
