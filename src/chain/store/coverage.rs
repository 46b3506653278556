//! How many contacts each member is to have, who falls short, and where nobody keeps in touch.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::{Count, first, load};
use crate::db::schema::{contact_quota_days, contact_quotas};
use crate::db::{Bind, Conn};
use crate::error::Result;
use crate::page::Page;

/// How many contacts each member of the city is to have.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct QuotaRow {
    /// At least so many.
    #[diesel(sql_type = SmallInt)]
    pub least: i16,
    /// Since when; none where it was not set for that day.
    #[diesel(sql_type = Nullable<Date>)]
    pub from_on: Option<NaiveDate>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was set.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

const QUOTA: &str = "SELECT coalesce(d.least, 0::smallint) AS least, d.from_on, q.version, q.updated_at \
    FROM contact_quotas q LEFT JOIN LATERAL (SELECT d.least, d.from_on FROM contact_quota_days d \
    WHERE d.city_code = q.city_code AND d.from_on <= $2 ORDER BY d.from_on DESC LIMIT 1) d ON true \
    WHERE q.city_code = $1";

/// The city's quota of a day; none where it never set one.
pub async fn quota(conn: Conn<'_>, city: i32, on: NaiveDate) -> Result<Option<QuotaRow>> {
    first(conn, QUOTA, vec![city.into(), on.into()]).await
}

/// [`quota`], locked until the end of the transaction.
pub async fn lock_quota(conn: Conn<'_>, city: i32, on: NaiveDate) -> Result<Option<QuotaRow>> {
    first(conn, &format!("{QUOTA} FOR UPDATE OF q"), vec![city.into(), on.into()]).await
}

/// Sets the city's quota from `from` on, until the next one begins.
pub async fn set_quota(
    mut conn: Conn<'_>,
    city: i32,
    from: NaiveDate,
    row: QuotaRow,
) -> Result<()> {
    use contact_quota_days as d;
    use contact_quotas as q;
    diesel::insert_into(d::table)
        .values((d::city_code.eq(city), d::from_on.eq(from), d::least.eq(row.least)))
        .on_conflict((d::city_code, d::from_on))
        .do_update()
        .set(d::least.eq(row.least))
        .execute(&mut conn)
        .await?;
    let values = (q::version.eq(row.version), q::updated_at.eq(row.updated_at));
    diesel::insert_into(q::table)
        .values((q::city_code.eq(city), values))
        .on_conflict(q::city_code)
        .do_update()
        .set(values)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Of so many, so many are not covered.
#[derive(Debug, Clone, QueryableByName)]
pub struct CoverageRow {
    /// Which count: `members_short`, `contacts_unlinked.‹category›`, `posts_vacant`, `communities_uncovered`,
    /// `villages_uncovered`.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// So many are not.
    #[diesel(sql_type = BigInt)]
    pub value: i64,
    /// Of so many.
    #[diesel(sql_type = BigInt)]
    pub of: i64,
}

/// Whether `d` is a community. The last three digits say it: 001 to 199 residents' committees, 200 to
/// 399 villagers' committees, 400 to 499 what is like the former, 500 to 599 what is like the latter
/// (统计用城乡划分代码编制规则, National Bureau of Statistics).
const COMMUNITY: &str = "(d.code % 1000 < 200 OR d.code % 1000 BETWEEN 400 AND 499)";

/// Which divisions `d` are the communities and villages of city $1.
const IN_CITY: &str = "d.level = 'village' \
    AND d.code BETWEEN $1::bigint * 1000000 AND $1::bigint * 1000000 + 99999999";

/// Whether somebody keeps in touch with a contact of division `d` on $2.
const COVERED: &str = "EXISTS (SELECT 1 FROM contacts c JOIN member_contacts l \
    ON l.city_code = c.city_code AND l.contact_id = c.id WHERE c.city_code = $1 \
    AND c.division_code = d.code AND c.voided_at IS NULL AND c.during @> $2 \
    AND l.voided_at IS NULL AND l.during @> $2)";

/// Of [`IN_CITY`], those of the county that is bound as `$n`.
fn in_county(n: usize) -> String {
    format!(" AND d.code BETWEEN ${n}::bigint * 1000000 AND ${n}::bigint * 1000000 + 999999")
}

/// What is covered on `on`, and what is not, in the whole city or in one county: of its members, of
/// the contacts and places in it, of the posts of its own organisations.
pub async fn coverage(
    conn: Conn<'_>,
    city: i32,
    county: Option<i32>,
    on: NaiveDate,
    least: i16,
) -> Result<Vec<CoverageRow>> {
    let only = |text: &str| county.map_or_else(String::new, |_| text.to_owned());
    let (of_members, of_contacts) =
        (only(" AND m.county_code = $4"), only(" AND c.county_code = $4"));
    let of_posts = only(
        " AND p.organization_id IN (SELECT o.id FROM organizations o WHERE o.city_code = $1 \
         AND o.county_code = $4)",
    );
    let of_places = only(&in_county(4));
    // The links of the day are read once, and what is to be joined is stacked and grouped: a plan that
    // serves every city takes links for few, would join by nested loops, and that is quadratic.
    let text = format!(
        "WITH links AS MATERIALIZED (SELECT l.member_id, l.contact_id FROM member_contacts l \
             WHERE l.city_code = $1 AND l.voided_at IS NULL AND l.during @> $2), \
         there AS MATERIALIZED (SELECT max(x.category) AS category, max(x.division_code) AS division_code, \
                 bool_or(x.linked) AS linked \
             FROM (SELECT c.id, c.category, c.division_code, false AS linked FROM contacts c \
                 WHERE c.city_code = $1 AND c.voided_at IS NULL AND c.during @> $2{of_contacts} \
                 UNION ALL SELECT contact_id, NULL, NULL, true FROM links) x \
             GROUP BY x.id HAVING max(x.category) IS NOT NULL) \
         SELECT 'members_short' AS code, count(*) FILTER (WHERE n.links < $3) AS value, count(*) AS of \
         FROM (SELECT sum(x.links) AS links FROM (SELECT m.id, 0 AS links, true AS is_member FROM members m \
                 WHERE m.city_code = $1 AND m.voided_at IS NULL AND m.during @> $2{of_members} \
                 UNION ALL SELECT member_id, 1, false FROM links) x \
             GROUP BY x.id HAVING bool_or(x.is_member)) n \
         UNION ALL \
         SELECT 'contacts_unlinked.' || category, count(*) FILTER (WHERE NOT linked), count(*) \
         FROM there GROUP BY category \
         UNION ALL \
         SELECT 'posts_vacant', count(*) FILTER (WHERE NOT n.held), count(*) \
         FROM (SELECT bool_or(x.held) AS held FROM (SELECT p.id, false AS held, true AS is_post FROM posts p \
                 WHERE p.city_code = $1 AND p.voided_at IS NULL AND p.during @> $2{of_posts} \
                 UNION ALL SELECT h.post_id, true, false FROM post_holders h \
                 WHERE h.city_code = $1 AND h.voided_at IS NULL AND h.during @> $2) x \
             GROUP BY x.id HAVING bool_or(x.is_post)) n \
         UNION ALL \
         SELECT CASE WHEN {COMMUNITY} THEN 'communities_uncovered' ELSE 'villages_uncovered' END, \
             count(*) FILTER (WHERE NOT d.covered), count(*) \
         FROM (SELECT x.code, bool_or(x.covered) AS covered FROM (SELECT d.code, false AS covered, true AS is_place \
                 FROM divisions d WHERE {IN_CITY}{of_places} \
                 UNION ALL SELECT division_code, true, false FROM there WHERE linked) x \
             GROUP BY x.code HAVING bool_or(x.is_place)) d GROUP BY 1 \
         ORDER BY 1"
    );
    let mut binds: Vec<Bind> = vec![city.into(), on.into(), least.into()];
    binds.extend(county.map(Bind::Int));
    load(conn, &text, binds).await
}

/// A community or village.
#[derive(Debug, Clone, QueryableByName)]
pub struct PlaceRow {
    /// Its division code.
    #[diesel(sql_type = BigInt)]
    pub code: i64,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// A community, not a village.
    #[diesel(sql_type = Bool)]
    pub community: bool,
}

/// A page of the communities or villages of the city, or of a county, in which nobody keeps in touch with anybody on `on`, by
/// their codes.
pub async fn uncovered(
    conn: Conn<'_>,
    city: i32,
    county: Option<i32>,
    on: NaiveDate,
    communities: Option<bool>,
    page: &Page,
) -> Result<(Vec<PlaceRow>, Option<i64>)> {
    let kind = match communities {
        Some(true) => format!(" AND {COMMUNITY}"),
        Some(false) => format!(" AND NOT {COMMUNITY}"),
        None => String::new(),
    };
    let mut binds: Vec<Bind> = vec![city.into(), on.into()];
    let mut place = String::new();
    if let Some(county) = county {
        binds.push(county.into());
        place = in_county(binds.len());
    }
    let from = format!("FROM divisions d WHERE {IN_CITY}{place}{kind} AND NOT {COVERED}");
    let total = if page.count {
        let text = format!("SELECT count(*) AS count {from}");
        first::<Count>(conn, &text, binds.clone()).await?.map(|row| row.count)
    } else {
        None
    };
    let after = page.after.map_or(0, |key| key.code());
    binds.extend([after.into(), (i64::from(page.limit) + 1).into()]);
    let n = binds.len();
    let text = format!(
        "SELECT d.code, d.name, {COMMUNITY} AS community {from} AND d.code > ${} ORDER BY d.code LIMIT ${n}",
        n - 1
    );
    Ok((load(conn, &text, binds).await?, total))
}
