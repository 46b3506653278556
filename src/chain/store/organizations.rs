//! Committees, sectors, departments and the rest; who guides a sector, who convenes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::external_ids::{NAMED, ids_column};
use super::{first, load};
use crate::chain::kinds::OrgKind;
use crate::chain::rules::Term;
use crate::db::schema::organizations;
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey, search};
use crate::error::Result;
use crate::journal::Places;
use crate::page::Page;

/// An organisation.
#[derive(Debug, Clone, QueryableByName)]
pub struct Org {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// committee, sector, department, …
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The stable word.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it belongs to.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub parent_id: Option<Uuid>,
    /// None at city level.
    #[diesel(sql_type = Nullable<Integer>)]
    pub county_code: Option<i32>,
    /// Its place among its kind.
    #[diesel(sql_type = SmallInt)]
    pub position: i16,
    /// Since when it stands.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// What other systems call it: `scheme:value`.
    #[diesel(sql_type = Array<Text>)]
    pub external_ids: Vec<String>,
}

impl Org {
    /// Since when it stands, and until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }

    /// Whether it is a sector.
    pub fn is_sector(&self) -> bool {
        self.kind == OrgKind::Sector.as_str()
    }

    /// Where it stands itself.
    pub fn places(&self) -> Places {
        let own = |kind: &str| (self.kind == kind).then_some(self.id);
        let (committee, sector) = (own("committee"), own("sector"));
        Places { county: self.county_code, committee, sector, ..Places::default() }
    }
}

pub(super) const ORG_COLUMNS: &str = concat!(
    "t.id, t.kind, t.code, t.name, t.parent_id, t.county_code, \
    t.position, lower(t.during) AS from_on, upper(t.during) AS until_on, t.voided_at, t.version, \
    t.created_at, ",
    ids_column!()
);

/// What `create_organization` stores.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = organizations)]
pub struct NewOrgRow {
    pub(in crate::chain) city_code: i32,
    pub(in crate::chain) id: Uuid,
    pub(in crate::chain) kind: String,
    pub(in crate::chain) code: String,
    pub(in crate::chain) name: String,
    pub(in crate::chain) parent_id: Option<Uuid>,
    pub(in crate::chain) county_code: Option<i32>,
    pub(in crate::chain) position: i16,
    pub(in crate::chain) during: super::Days,
    pub(in crate::chain) version: i64,
    pub(in crate::chain) created_at: DateTime<Utc>,
}

/// The organisation of that kind and id; not a voided one.
pub async fn organization(conn: Conn<'_>, city: i32, kind: &str, id: Uuid) -> Result<Option<Org>> {
    let text = format!(
        "SELECT {ORG_COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.kind = $3 AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into(), Bind::Text(kind.into())]).await
}

/// All organisations of a kind on `on`, in their order.
pub async fn all_organizations(
    conn: Conn<'_>,
    city: i32,
    kind: &str,
    on: NaiveDate,
) -> Result<Vec<Org>> {
    let text = format!(
        "SELECT {ORG_COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.kind = $2 \
         AND t.voided_at IS NULL AND t.during @> $3 ORDER BY t.position, t.id"
    );
    load(conn, &text, vec![city.into(), Bind::Text(kind.into()), on.into()]).await
}

/// Which organisations a list holds.
#[derive(Debug, Clone, Default)]
pub struct OrgsWanted {
    /// Of this kind.
    pub kind: Option<OrgKind>,
    /// Belonging to this one.
    pub parent: Option<Uuid>,
    /// Of this county.
    pub county: Option<i32>,
    /// Sectors that this committee guides that day.
    pub guided_by: Option<Uuid>,
    /// Whose name has this part.
    pub q: Option<String>,
    /// The city's, and of the counties' only these.
    pub confined_to: Option<Vec<i32>>,
    /// Called so elsewhere: `scheme:value`.
    pub external: Option<String>,
}

const GUIDED_BY: &str = "EXISTS (SELECT 1 FROM sector_committees g WHERE g.city_code = t.city_code \
    AND g.sector_id = t.id AND g.voided_at IS NULL AND g.during @> $2 AND g.committee_id = ?)";

/// A page of the organisations of a day, in the order they were entered. The condition on counties
/// is no walk of its own: a city has a few hundred organisations.
pub async fn organizations(
    conn: Conn<'_>,
    city: i32,
    wanted: OrgsWanted,
    day: NaiveDate,
    page: &Page,
) -> Result<(Vec<Org>, Option<i64>)> {
    let sort = SortKey::created(Some("created_at"));
    // The day comes first: it is `$2` where the guidance is asked.
    List::new(city, "organizations", ORG_COLUMNS, PlaceColumns::default(), sort)
        .filter("t.during @> ?", Some(day))
        .filter(GUIDED_BY, wanted.guided_by)
        .filter("t.kind = ?", wanted.kind.map(|kind| kind.as_str().to_owned()))
        .filter("t.parent_id = ?", wanted.parent)
        .filter(NAMED, wanted.external)
        .filter("t.county_code = ?", wanted.county)
        .filter("(t.county_code IS NULL OR t.county_code = ANY(?))", wanted.confined_to)
        .filter(&search::found_in("organizations"), wanted.q.map(|q| search::query(city, &q)))
        .only("t.voided_at IS NULL")
        .rows(conn, &Sight::city(), page)
        .await
}

/// Adds an organisation.
pub async fn insert_organization(mut conn: Conn<'_>, row: NewOrgRow) -> QueryResult<()> {
    let search = organizations::search.eq(search::keys(row.city_code, &row.name));
    let insert = diesel::insert_into(organizations::table).values((row, search));
    insert.execute(&mut conn).await.map(drop)
}

/// Another version of an organisation; returns it.
pub async fn touch_organization(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<i64> {
    let version = diesel::update(organizations::table.find((city, id)))
        .set(organizations::version.eq(organizations::version + 1))
        .returning(organizations::version)
        .get_result(&mut conn)
        .await?;
    Ok(version)
}

/// An id beside another.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Pair {
    /// The left one.
    #[diesel(sql_type = SqlUuid)]
    pub of: Uuid,
    /// The right one.
    #[diesel(sql_type = SqlUuid)]
    pub is: Uuid,
}

impl Pair {
    /// The right ones by the left ones.
    pub fn map(pairs: Vec<Self>) -> HashMap<Uuid, Uuid> {
        pairs.into_iter().map(|pair| (pair.of, pair.is)).collect()
    }
}

/// Sector → guiding committee on `on`, of every sector.
pub async fn guidances(conn: Conn<'_>, city: i32, on: NaiveDate) -> Result<Vec<Pair>> {
    let text = "SELECT sector_id AS of, committee_id AS is FROM sector_committees \
        WHERE city_code = $1 AND voided_at IS NULL AND during @> $2";
    load(conn, text, vec![city.into(), on.into()]).await
}

/// The committee that guides `sector` on `on`.
pub async fn committee_of(
    conn: Conn<'_>,
    city: i32,
    sector: Uuid,
    on: NaiveDate,
) -> Result<Option<Uuid>> {
    let text = "SELECT sector_id AS of, committee_id AS is FROM sector_committees \
        WHERE city_code = $1 AND sector_id = $2 AND voided_at IS NULL AND during @> $3";
    let pair: Option<Pair> = first(conn, text, vec![city.into(), sector.into(), on.into()]).await?;
    Ok(pair.map(|pair| pair.is))
}

#[derive(QueryableByName)]
struct Guided {
    #[diesel(sql_type = SqlUuid)]
    sector_id: Uuid,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = SqlUuid)]
    committee_id: Uuid,
}

/// The committee that guides each of these sectors on the day beside it, where one does.
pub async fn committees_of(
    conn: Conn<'_>,
    city: i32,
    wanted: BTreeSet<(Uuid, NaiveDate)>,
) -> Result<BTreeMap<(Uuid, NaiveDate), Uuid>> {
    let text = "SELECT w.sector_id, w.day, l.committee_id \
        FROM unnest($2::uuid[], $3::date[]) AS w (sector_id, day) JOIN sector_committees l ON l.city_code = $1 \
        AND l.sector_id = w.sector_id AND l.voided_at IS NULL AND l.during @> w.day";
    let (sectors, days) = wanted.into_iter().map(|(sector, day)| (sector, Some(day))).unzip();
    let binds = vec![city.into(), Bind::Ids(sectors), Bind::Days(days)];
    let rows: Vec<Guided> = load(conn, text, binds).await?;
    Ok(rows.into_iter().map(|row| ((row.sector_id, row.day), row.committee_id)).collect())
}

const CONVENERS: &str = "SELECT p.organization_id AS of, h.member_id AS is FROM posts p \
    JOIN post_holders h ON h.city_code = p.city_code AND h.post_id = p.id \
    WHERE p.city_code = $1 AND p.kind = 'convener' AND p.voided_at IS NULL AND h.voided_at IS NULL AND h.during @> $2";

/// Sector → convener on `on`, of every sector.
pub async fn conveners(conn: Conn<'_>, city: i32, on: NaiveDate) -> Result<Vec<Pair>> {
    load(conn, CONVENERS, vec![city.into(), on.into()]).await
}

/// The member who convenes `sector` on `on`.
pub async fn convener_of(
    conn: Conn<'_>,
    city: i32,
    sector: Uuid,
    on: NaiveDate,
) -> Result<Option<Uuid>> {
    let text = format!("{CONVENERS} AND p.organization_id = $3");
    let pair: Option<Pair> =
        first(conn, &text, vec![city.into(), on.into(), sector.into()]).await?;
    Ok(pair.map(|pair| pair.is))
}
