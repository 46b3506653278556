//! Persons who were merged into others: what a merge moved, so that it goes back alone.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::load;
use super::persons::ids;
use crate::db::schema::{person_merge_rows, person_merges, persons};
use crate::db::{Bind, Conn};
use crate::error::Result;

/// What belongs to a person and moves with them, an account apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// A member.
    Member,
    /// A contact.
    Contact,
    /// A contact point.
    ContactPoint,
    /// An identifier.
    Identifier,
    /// Somebody who was merged into them before.
    Person,
}

impl Moved {
    /// Every one.
    pub const ALL: [Moved; 5] =
        [Self::Member, Self::Contact, Self::ContactPoint, Self::Identifier, Self::Person];

    /// The word in `person_merge_rows`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Contact => "contact",
            Self::ContactPoint => "contact_point",
            Self::Identifier => "identifier",
            Self::Person => "person",
        }
    }

    /// Its table, the column that says whose it is, and whether rows have versions that people see.
    const fn kept(self) -> (&'static str, &'static str, bool) {
        match self {
            Self::Member => ("members", "person_id", true),
            Self::Contact => ("contacts", "person_id", true),
            Self::ContactPoint => ("contact_points", "person_id", false),
            Self::Identifier => ("person_identifiers", "person_id", false),
            Self::Person => ("persons", "canonical_id", false),
        }
    }
}

/// The word in `person_merge_rows` for an account.
pub const ACCOUNT: &str = "account";

/// Gives what `from` has to `to`: all of it, or `only` these rows; returns their ids.
pub async fn move_rows(
    conn: Conn<'_>,
    city: i32,
    what: Moved,
    (from, to): (Uuid, Uuid),
    only: Option<Vec<Uuid>>,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let (table, column, versioned) = what.kept();
    let mut binds: Vec<Bind> = vec![city.into(), from.into(), to.into()];
    let mut bound = |value: Bind| {
        binds.push(value);
        format!("${}", binds.len())
    };
    // What was voided is read no more, so nobody is told of a version of it.
    let next = if versioned {
        let now = bound(now.into());
        format!(
            ", version = CASE WHEN voided_at IS NULL THEN version + 1 ELSE version END, \
             updated_at = CASE WHEN voided_at IS NULL THEN {now} ELSE updated_at END"
        )
    } else {
        String::new()
    };
    let only = only.map(|rows| format!(" AND id = ANY({})", bound(rows.into())));
    let text = format!(
        "UPDATE {table} SET {column} = $3{next} WHERE city_code = $1 AND {column} = $2{} RETURNING id",
        only.unwrap_or_default()
    );
    ids(conn, &text, binds).await
}

/// Whether a member who one of two persons is keeps in touch with a contact who the other is, on any day.
pub async fn linked_persons(conn: Conn<'_>, city: i32, one: Uuid, other: Uuid) -> Result<bool> {
    let text = "SELECT l.id FROM members m JOIN member_contacts l ON l.city_code = m.city_code \
        AND l.member_id = m.id AND l.voided_at IS NULL \
        JOIN contacts c ON c.city_code = l.city_code AND c.id = l.contact_id \
        WHERE m.city_code = $1 AND m.person_id = ANY($2) AND c.person_id = ANY($2) \
        AND m.person_id <> c.person_id LIMIT 1";
    Ok(!ids(conn, text, vec![city.into(), vec![one, other].into()]).await?.is_empty())
}

/// Who a person is from now on; none: themselves.
pub async fn set_canonical(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    into: Option<Uuid>,
) -> Result<()> {
    let update =
        diesel::update(persons::table.find((city, id))).set(persons::canonical_id.eq(into));
    crate::db::Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// A merge.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = person_merges)]
pub struct MergeRow {
    /// The tenant.
    pub city_code: i32,
    /// Its id.
    pub id: Uuid,
    /// Who was merged.
    pub person_id: Uuid,
    /// Into whom.
    pub into_id: Uuid,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// When it was taken back.
    pub unmerged_at: Option<DateTime<Utc>>,
}

/// Keeps a merge.
pub async fn insert_merge(mut conn: Conn<'_>, row: &MergeRow) -> QueryResult<()> {
    diesel::insert_into(person_merges::table).values(row).execute(&mut conn).await.map(drop)
}

/// Remembers rows that a merge moved.
pub async fn remember(
    mut conn: Conn<'_>,
    city: i32,
    merge: Uuid,
    kind: &str,
    rows: &[Uuid],
) -> Result<()> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                person_merge_rows::city_code.eq(city),
                person_merge_rows::merge_id.eq(merge),
                person_merge_rows::kind.eq(kind),
                person_merge_rows::row_id.eq(*row),
            )
        })
        .collect();
    diesel::insert_into(person_merge_rows::table).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// The merge of a person that stands.
pub async fn merge_of(mut conn: Conn<'_>, city: i32, person: Uuid) -> Result<Option<MergeRow>> {
    let found = person_merges::table
        .filter(person_merges::city_code.eq(city).and(person_merges::person_id.eq(person)))
        .filter(person_merges::unmerged_at.is_null());
    Ok(found.first(&mut conn).await.optional()?)
}

/// The merge is taken back.
pub async fn end_merge(mut conn: Conn<'_>, city: i32, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let update = diesel::update(person_merges::table.find((city, id)))
        .set(person_merges::unmerged_at.eq(now));
    crate::db::Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// The rows of a kind that a merge moved.
pub async fn remembered(
    mut conn: Conn<'_>,
    city: i32,
    merge: Uuid,
    kind: &str,
) -> Result<Vec<Uuid>> {
    let rows = person_merge_rows::table
        .filter(person_merge_rows::city_code.eq(city))
        .filter(person_merge_rows::merge_id.eq(merge).and(person_merge_rows::kind.eq(kind)))
        .order(person_merge_rows::row_id)
        .select(person_merge_rows::row_id);
    Ok(rows.load(&mut conn).await?)
}

/// Somebody who was merged into a person, with what they had.
#[derive(Debug, Clone, QueryableByName)]
pub struct MergedRow {
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Into whom: the person, or another who was merged in turn.
    #[diesel(sql_type = SqlUuid)]
    pub into_id: Uuid,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub merged_at: DateTime<Utc>,
    /// Their name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Their first phone.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    /// Their first address.
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
}

/// Everybody who was merged into a person, the last first.
pub async fn merged_into(conn: Conn<'_>, city: i32, person: Uuid) -> Result<Vec<MergedRow>> {
    let text = "SELECT p.id, m.into_id, m.merged_at, p.name, p.phone, p.address FROM persons p \
        JOIN person_merges m ON m.city_code = p.city_code AND m.person_id = p.id \
        AND m.unmerged_at IS NULL \
        WHERE p.city_code = $1 AND p.canonical_id = $2 ORDER BY m.merged_at DESC, p.id";
    load(conn, text, vec![city.into(), person.into()]).await
}
