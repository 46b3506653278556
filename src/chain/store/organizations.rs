//! Committees, sectors, departments and the rest; who guides a sector, who convenes it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{days, first, load};
use crate::db::schema::{organizations, post_holders, posts, sector_committees};
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey};
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
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "t.id, t.kind, t.code, t.name, t.parent_id, t.county_code, t.position, \
    lower(t.during) AS from_on, upper(t.during) AS until_on, t.version, t.created_at";

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
        "SELECT {COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.kind = $3 AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into(), Bind::Text(kind.into())]).await
}

/// Where an organisation of `kind` stands; none where there is no such organisation.
pub async fn places_of_organization(
    conn: Conn<'_>,
    city: i32,
    kind: &str,
    id: Uuid,
) -> Result<Option<Places>> {
    let committee = (kind == "committee").then_some(id);
    let found = organization(conn, city, kind, id).await?;
    Ok(found.map(|org| Places { county: org.county_code, committee, ..Places::default() }))
}

/// The organisation of that kind and code.
pub async fn organization_by_code(
    conn: Conn<'_>,
    city: i32,
    kind: &str,
    code: &str,
) -> Result<Option<Org>> {
    let text = format!(
        "SELECT {COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.kind = $2 \
         AND t.code = $3 AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), Bind::Text(kind.into()), Bind::Text(code.into())]).await
}

/// All organisations of a kind, in their order.
pub async fn all_organizations(conn: Conn<'_>, city: i32, kind: &str) -> Result<Vec<Org>> {
    let text = format!(
        "SELECT {COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.kind = $2 \
         AND t.voided_at IS NULL ORDER BY t.position, t.id"
    );
    load(conn, &text, vec![city.into(), Bind::Text(kind.into())]).await
}

/// A page of the organisations of a kind, in the order they were entered.
pub async fn organizations(
    conn: Conn<'_>,
    city: i32,
    kind: &str,
    day: NaiveDate,
    sight: &Sight,
    page: &Page,
) -> Result<(Vec<Org>, Option<i64>)> {
    let sort = SortKey::created(Some("created_at"));
    List::new(city, "organizations", COLUMNS, PlaceColumns::default(), sort)
        .filter("t.kind = ?", Some(kind.to_owned()))
        .filter("t.during @> ?", Some(day))
        .only("t.voided_at IS NULL")
        .rows(conn, sight, page)
        .await
}

/// Adds an organisation.
pub async fn insert_organization(mut conn: Conn<'_>, row: NewOrgRow) -> QueryResult<()> {
    diesel::insert_into(organizations::table).values(row).execute(&mut conn).await.map(drop)
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

const CONVENERS: &str = "SELECT p.organization_id AS of, h.member_id AS is FROM posts p \
    JOIN post_holders h ON h.city_code = p.city_code AND h.post_id = p.id \
    WHERE p.city_code = $1 AND p.kind = 'convener' AND h.voided_at IS NULL AND h.during @> $2";

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

/// Ends who guides `sector` at `at`, where somebody does.
pub async fn end_guidance(
    mut conn: Conn<'_>,
    city: i32,
    sector: Uuid,
    at: NaiveDate,
) -> QueryResult<()> {
    let text = "UPDATE sector_committees SET during = daterange(lower(during), $3) \
        WHERE city_code = $1 AND sector_id = $2 AND voided_at IS NULL \
        AND during @> $3 AND lower(during) < $3";
    let binds = vec![city.into(), sector.into(), at.into()];
    super::bind_all(super::sql(text), binds).execute(&mut conn).await.map(drop)
}

/// `committee` guides `sector` from `from`.
pub async fn insert_guidance(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    (sector, committee): (Uuid, Uuid),
    from: NaiveDate,
) -> QueryResult<()> {
    use sector_committees as s;
    let row = (
        s::city_code.eq(city),
        s::id.eq(id),
        s::sector_id.eq(sector),
        s::committee_id.eq(committee),
        s::during.eq(days(from, None)),
    );
    diesel::insert_into(s::table).values(row).execute(&mut conn).await.map(drop)
}

/// Adds a post.
pub async fn insert_post(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    organization: Uuid,
    (kind, title): (&str, &str),
) -> QueryResult<()> {
    let row = (
        posts::city_code.eq(city),
        posts::id.eq(id),
        posts::organization_id.eq(organization),
        posts::kind.eq(kind),
        posts::title.eq(title),
    );
    diesel::insert_into(posts::table).values(row).execute(&mut conn).await.map(drop)
}

/// The organisation a post belongs to.
pub async fn post_organization(mut conn: Conn<'_>, city: i32, post: Uuid) -> Result<Option<Uuid>> {
    let query = posts::table.find((city, post)).select(posts::organization_id);
    Ok(query.first(&mut conn).await.optional()?)
}

/// `member` holds `post` from `from`.
pub async fn insert_holder(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    (post, member): (Uuid, Uuid),
    from: NaiveDate,
) -> QueryResult<()> {
    use post_holders as h;
    let row = (
        h::city_code.eq(city),
        h::id.eq(id),
        h::post_id.eq(post),
        h::member_id.eq(member),
        h::during.eq(days(from, None)),
    );
    diesel::insert_into(h::table).values(row).execute(&mut conn).await.map(drop)
}
