//! What rows of the chain are called in other systems.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{bind_all, load, sql};
use crate::db::{Bind, Conn};
use crate::error::Result;

/// As a column of the rows `t` of any table: the ids of a row as `scheme:value`, in their order.
macro_rules! ids_column {
    () => {
        "ARRAY(SELECT e.scheme || ':' || e.value FROM external_ids e \
         WHERE e.city_code = t.city_code AND e.object_id = t.id ORDER BY 1) AS external_ids"
    };
}
pub(super) use ids_column;

/// The rows `t` of any table that are called `?`, as `scheme:value`.
pub(super) const NAMED: &str = "t.id = ANY(ARRAY(SELECT e.object_id FROM external_ids e \
    WHERE e.city_code = $1 AND e.object_kind = ANY(ARRAY['member', 'contact', 'organization', 'area']) \
    AND e.scheme = split_part(?, ':', 1) AND e.value = substr(?, position(':' in ?) + 1)))";

/// What has external ids, with the word by which people know it beside its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyed {
    /// Members, by number.
    Member,
    /// Contacts, by number.
    Contact,
    /// Sectors, by code.
    Sector,
    /// Areas, by division and holder: `230403/<uuid>`, of a member of the chair meeting as such
    /// `230403/<uuid>/chair_member`.
    Area,
}

impl Keyed {
    /// The kind in the table, the table of its rows, their key, and which rows count.
    const fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Member => ("member", "members", "t.number", "t.voided_at IS NULL"),
            Self::Contact => ("contact", "contacts", "t.number", "t.voided_at IS NULL"),
            Self::Sector => (
                "organization",
                "organizations",
                "t.code",
                "t.kind = 'sector' AND t.voided_at IS NULL",
            ),
            Self::Area => (
                "area",
                "areas",
                "t.division_code::text || '/' || coalesce(t.sector_id, t.member_id)::text \
                 || CASE t.holder_kind WHEN 'chair_member' THEN '/chair_member' ELSE '' END",
                "t.voided_at IS NULL",
            ),
        }
    }
}

/// A row that a line of a file may mean.
#[derive(Debug, Clone, QueryableByName)]
pub struct KnownRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The word people know it by.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// Its id in the scheme that was asked for.
    #[diesel(sql_type = Nullable<Text>)]
    pub external: Option<String>,
    /// Whether it turned out a mistake.
    #[diesel(sql_type = Bool)]
    pub voided: bool,
    /// Its first day.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// The day after its last.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
}

impl KnownRow {
    /// Whether it is there on that day.
    pub fn is_there(&self, on: NaiveDate) -> bool {
        self.from_on <= on && self.until_on.is_none_or(|until| on < until)
    }
}

/// The rows known by one of `keys`, or in `scheme` by one of `values`; of several of one key, as sectors
/// of several times, the latest first.
pub async fn known(
    conn: Conn<'_>,
    city: i32,
    of: Keyed,
    scheme: &str,
    (keys, values): (Vec<String>, Vec<String>),
) -> Result<Vec<KnownRow>> {
    let (kind, table, key, counts) = of.row();
    // Word by word by the index (OFFSET 0 keeps it so): within the transaction of an import PostgreSQL
    // takes the tables for as small as they were before, and would walk them.
    let by_key = if of == Keyed::Area {
        // No index holds this key, and a city has few areas.
        format!("SELECT t.id FROM areas t WHERE t.city_code = $1 AND {counts} AND {key} = ANY($3)")
    } else {
        format!(
            "SELECT f.id FROM unnest($3::text[]) AS w (word) CROSS JOIN LATERAL (\
             SELECT t.id FROM {table} t WHERE t.city_code = $1 AND {counts} AND {key} = w.word OFFSET 0) f"
        )
    };
    let text = format!(
        "SELECT t.* FROM ({by_key} UNION \
         SELECT f.object_id FROM unnest($4::text[]) AS w (word) CROSS JOIN LATERAL (\
         SELECT e.object_id FROM external_ids e WHERE e.city_code = $1 \
         AND e.object_kind = '{kind}' AND e.scheme = $2 AND e.value = w.word OFFSET 0) f) f \
         CROSS JOIN LATERAL (\
         SELECT t.id, {key} AS key, t.voided_at IS NOT NULL AS voided, \
         upper(t.during) AS until_on, lower(t.during) AS from_on, \
         (SELECT e.value FROM external_ids e WHERE e.city_code = t.city_code \
          AND e.object_id = t.id AND e.scheme = $2) AS external \
         FROM {table} t WHERE t.city_code = $1 AND t.id = f.id OFFSET 0) t \
         ORDER BY t.from_on DESC, t.id"
    );
    let binds =
        vec![city.into(), Bind::Text(scheme.into()), Bind::Texts(keys), Bind::Texts(values)];
    load(conn, &text, binds).await
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Text)]
    number: String,
}

/// Those of these numbers of members or contacts that somebody has after the day beside them. Who that is
/// stays as they are until the end of the transaction; of two who are entered at once the index refuses
/// one.
pub async fn numbers_kept(
    conn: Conn<'_>,
    city: i32,
    of: Keyed,
    wanted: Vec<(String, NaiveDate)>,
) -> Result<HashSet<String>> {
    let text = format!(
        "SELECT w.number FROM unnest($2::text[], $3::date[]) AS w (number, from_on) JOIN {} t \
         ON t.city_code = $1 AND t.number = w.number AND t.voided_at IS NULL \
         AND coalesce(upper(t.during), 'infinity'::date) > w.from_on FOR SHARE OF t",
        of.row().1
    );
    let (numbers, days) = wanted.into_iter().map(|(number, day)| (number, Some(day))).unzip();
    let binds = vec![city.into(), Bind::Texts(numbers), Bind::Days(days)];
    Ok(load::<Number>(conn, &text, binds).await?.into_iter().map(|row| row.number).collect())
}

/// Each of these rows is called so in `scheme` from now on; nothing else is.
pub async fn name_externally(
    mut conn: Conn<'_>,
    city: i32,
    of: Keyed,
    scheme: &str,
    named: &[(Uuid, String)],
) -> QueryResult<()> {
    if named.is_empty() {
        return Ok(());
    }
    let text = "INSERT INTO external_ids (city_code, object_kind, scheme, value, object_id) \
        SELECT $1, $2, $3, n.value, n.id FROM unnest($4::text[], $5::uuid[]) AS n (value, id) \
        ON CONFLICT (city_code, object_kind, scheme, value) \
        DO UPDATE SET object_id = excluded.object_id";
    let binds = vec![
        city.into(),
        Bind::Text(of.row().0.to_owned()),
        Bind::Text(scheme.to_owned()),
        Bind::Texts(named.iter().map(|(_, value)| value.clone()).collect()),
        Bind::Ids(named.iter().map(|(id, _)| *id).collect()),
    ];
    bind_all(sql(text), binds).execute(&mut conn).await.map(drop)
}
