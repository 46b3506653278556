//! Where members stood on a day, past or to come, by their links; where they stand today is written
//! beside them.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use uuid::Uuid;

use super::{MemberRow, Pair, load};
use crate::db::{Bind, Conn};
use crate::error::Result;

/// Of a sector, as the links say of the day `$2`.
pub(super) const IN_SECTOR: &str = "t.id IN (SELECT l.member_id FROM member_sectors l \
    WHERE l.city_code = $1 AND l.sector_id = ? AND l.voided_at IS NULL AND l.during @> $2)";

/// Of a committee's sectors, as the links say of the day `$2`.
pub(super) const UNDER_COMMITTEE: &str = "t.id IN (SELECT l.member_id FROM sector_committees g \
    JOIN member_sectors l ON l.city_code = g.city_code AND l.sector_id = g.sector_id \
    WHERE g.city_code = $1 AND g.committee_id = ? AND g.voided_at IS NULL AND g.during @> $2 \
    AND l.voided_at IS NULL AND l.during @> $2)";

/// Puts the sector and the committee of `on` in place of today's.
pub async fn place_on(
    conn: Conn<'_>,
    city: i32,
    rows: &mut [MemberRow],
    on: NaiveDate,
) -> Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let text = "SELECT l.member_id AS of, l.sector_id AS is FROM member_sectors l \
        WHERE l.city_code = $1 AND l.member_id = ANY($2) AND l.voided_at IS NULL \
        AND l.during @> $3";
    let sectors = Pair::map(load(conn, text, vec![city.into(), ids.into(), on.into()]).await?);
    let committees = Pair::map(super::guidances(conn, city, on).await?);
    for row in rows {
        row.sector_id = sectors.get(&row.id).copied();
        row.committee_id = row.sector_id.and_then(|sector| committees.get(&sector).copied());
    }
    Ok(())
}

/// A sector with how many it has.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Tally {
    /// The sector.
    #[diesel(sql_type = SqlUuid)]
    pub of: Uuid,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// Members of each sector on `on`.
pub async fn count_members(conn: Conn<'_>, city: i32, on: NaiveDate) -> Result<Vec<Tally>> {
    let text = "SELECT s.sector_id AS of, count(*) AS count FROM member_sectors s \
        WHERE s.city_code = $1 AND s.voided_at IS NULL AND s.during @> $2 GROUP BY s.sector_id";
    load(conn, text, vec![city.into(), Bind::Day(on)]).await
}

/// Different contacts of each sector's members on `on`.
pub async fn count_contacts(conn: Conn<'_>, city: i32, on: NaiveDate) -> Result<Vec<Tally>> {
    let text = "SELECT s.sector_id AS of, count(DISTINCT l.contact_id) AS count \
        FROM member_sectors s \
        JOIN member_contacts l ON l.city_code = s.city_code AND l.member_id = s.member_id \
        WHERE s.city_code = $1 AND s.voided_at IS NULL AND s.during @> $2 \
        AND l.voided_at IS NULL AND l.during @> $2 GROUP BY s.sector_id";
    load(conn, text, vec![city.into(), Bind::Day(on)]).await
}
