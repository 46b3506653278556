//! Members, contacts and links, many at once. Who changes them locks members before contacts, each
//! kind in the order of the ids.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::contacts::{self, ContactRow, TABLES, kept_last};
use super::members::{COLUMNS, MemberRow};
use super::{LinkRow, Relation, bind_all, load, sql};
use crate::chain::rules::Term;
use crate::db::{Bind, Conn, Sight};
use crate::error::Result;

/// The members of these ids, by id; no voided ones. `lock`: until the end of the transaction.
pub async fn members_of(
    conn: Conn<'_>,
    city: i32,
    ids: Vec<Uuid>,
    lock: bool,
) -> Result<Vec<MemberRow>> {
    let lock = if lock { " FOR UPDATE" } else { "" };
    let text = format!(
        "SELECT {COLUMNS} FROM members t WHERE t.city_code = $1 AND t.id = ANY($2) \
         AND t.voided_at IS NULL ORDER BY t.id{lock}"
    );
    load(conn, &text, vec![city.into(), ids.into()]).await
}

/// The contacts of these ids, by id; no voided ones. Locked until the end of the transaction.
pub async fn lock_contacts(conn: Conn<'_>, city: i32, ids: Vec<Uuid>) -> Result<Vec<ContactRow>> {
    let text = format!(
        "SELECT {} FROM {TABLES} WHERE t.city_code = $1 AND t.id = ANY($2) \
         AND t.voided_at IS NULL ORDER BY t.id FOR UPDATE OF t",
        contacts::COLUMNS
    );
    load(conn, &text, vec![city.into(), ids.into()]).await
}

/// Members or contacts and the versions that were made of them.
pub type Versions = Vec<(Uuid, i64)>;

/// Writes down the versions that were made of members.
pub async fn version_members(
    conn: Conn<'_>,
    city: i32,
    made: Versions,
    at: DateTime<Utc>,
) -> Result<()> {
    version(conn, city, "members", made, at).await
}

/// Writes down the versions that were made of contacts.
pub async fn version_contacts(
    conn: Conn<'_>,
    city: i32,
    made: Versions,
    at: DateTime<Utc>,
) -> Result<()> {
    version(conn, city, "contacts", made, at).await
}

async fn version(
    mut conn: Conn<'_>,
    city: i32,
    table: &str,
    made: Versions,
    at: DateTime<Utc>,
) -> Result<()> {
    if made.is_empty() {
        return Ok(());
    }
    let text = format!(
        "UPDATE {table} t SET version = m.version, updated_at = $2 \
         FROM unnest($3::uuid[], $4::bigint[]) AS m (id, version) WHERE t.city_code = $1 AND t.id = m.id"
    );
    let (ids, versions) = made.into_iter().unzip();
    let binds = vec![city.into(), at.into(), Bind::Ids(ids), Bind::Bigs(versions)];
    bind_all(sql(text), binds).execute(&mut conn).await?;
    Ok(())
}

/// All links of each of `of`, voided ones too.
pub async fn lines(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Vec<Uuid>,
) -> Result<Vec<LinkRow>> {
    let text = format!(
        "SELECT {} FROM {} l WHERE l.city_code = $1 AND l.{} = ANY($2) \
         ORDER BY lower(l.during), l.id",
        relation.columns(),
        relation.table,
        relation.by
    );
    load(conn, &text, vec![city.into(), of.into()]).await
}

/// Since when, until before when something is there.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct TermRow {
    /// Of what.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Its first day.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// The day after its last.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
}

impl TermRow {
    /// Since when, until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }
}

/// A sector that members may be moved to.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct SeatRow {
    /// Its term.
    #[diesel(embed)]
    pub term: TermRow,
    /// The county whose own it is.
    #[diesel(sql_type = Nullable<Integer>)]
    pub county_code: Option<i32>,
}

/// The sectors of these ids; no others, and of the counties' own only of those to which it is confined.
pub async fn seats(
    conn: Conn<'_>,
    city: i32,
    ids: Vec<Uuid>,
    confined_to: Option<Vec<i32>>,
) -> Result<Vec<SeatRow>> {
    let mut text = "SELECT t.id, lower(t.during) AS from_on, upper(t.during) AS until_on, \
        t.county_code FROM organizations t WHERE t.city_code = $1 AND t.id = ANY($2) AND t.kind = 'sector' \
        AND t.voided_at IS NULL"
        .to_owned();
    let mut binds: Vec<Bind> = vec![city.into(), ids.into()];
    if let Some(counties) = confined_to {
        text.push_str(" AND (t.county_code IS NULL OR t.county_code = ANY($3))");
        binds.push(Bind::Ints(counties));
    }
    load(conn, &text, binds).await
}

/// The terms of those of these contacts that are in `sight`: of a county in it, or linked on `on` to a
/// member in it, or kept last by a sector in it and by nobody now.
pub async fn contact_terms(
    conn: Conn<'_>,
    city: i32,
    ids: Vec<Uuid>,
    sight: &Sight,
    on: NaiveDate,
) -> Result<Vec<TermRow>> {
    let mut text = "SELECT t.id, lower(t.during) AS from_on, upper(t.during) AS until_on \
        FROM contacts t WHERE t.city_code = $1 AND t.id = ANY($2) AND t.voided_at IS NULL"
        .to_owned();
    let mut binds: Vec<Bind> = vec![city.into(), ids.into()];
    if !sight.city {
        // An OR is fine here: the ids already bound the walk.
        text.push_str(&format!(
            " AND (t.county_code = ANY($3) OR EXISTS (SELECT 1 FROM member_contacts l \
             JOIN members m ON m.city_code = l.city_code AND m.id = l.member_id \
             WHERE l.city_code = t.city_code AND l.contact_id = t.id AND l.voided_at IS NULL \
             AND l.during @> $4::date AND (m.id = ANY($5) OR m.sector_id = ANY($6) \
             OR m.committee_id = ANY($7))) OR t.id IN (SELECT l.contact_id {} \
             AND l.contact_id = ANY($2) AND (s.sector_id = ANY($6) OR g.committee_id = ANY($7))))",
            kept_last("$4")
        ));
        binds.extend([
            Bind::Ints(sight.counties.clone()),
            Bind::Day(on),
            Bind::Ids(sight.members.clone()),
            Bind::Ids(sight.sectors.clone()),
            Bind::Ids(sight.committees.clone()),
        ]);
    }
    load(conn, &text, binds).await
}

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = SqlUuid)]
    contact_id: Uuid,
    #[diesel(sql_type = Text)]
    number: String,
}

/// The numbers of the members who keep in touch with each of these contacts on `on`.
pub async fn numbers_of_members(
    conn: Conn<'_>,
    city: i32,
    contacts: Vec<Uuid>,
    on: NaiveDate,
) -> Result<HashMap<Uuid, Vec<String>>> {
    let text = "SELECT l.contact_id, m.number FROM member_contacts l \
        JOIN members m ON m.city_code = l.city_code AND m.id = l.member_id \
        WHERE l.city_code = $1 AND l.contact_id = ANY($2) AND l.voided_at IS NULL \
        AND l.during @> $3 ORDER BY m.number";
    let rows: Vec<Numbered> =
        load(conn, text, vec![city.into(), contacts.into(), on.into()]).await?;
    let mut all: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in rows {
        all.entry(row.contact_id).or_default().push(row.number);
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The members who stand in a sector, but for those who left before `today`: they stay where they stood
/// on their last day. Locked until the end of the transaction.
pub async fn lock_members_of_sector(
    conn: Conn<'_>,
    city: i32,
    sector: Uuid,
    today: NaiveDate,
) -> Result<Vec<Uuid>> {
    let text = "SELECT t.id FROM members t WHERE t.city_code = $1 AND t.sector_id = $2 \
        AND t.voided_at IS NULL AND (upper(t.during) IS NULL OR upper(t.during) > $3) \
        ORDER BY t.id FOR UPDATE";
    let binds = vec![city.into(), sector.into(), today.into()];
    Ok(load::<Locked>(conn, text, binds).await?.into_iter().map(|row| row.id).collect())
}
