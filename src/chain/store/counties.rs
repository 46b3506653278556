//! What of the chain is a county's own.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Integer, Nullable};
use uuid::Uuid;

use super::first;
use crate::db::{Bind, Conn};
use crate::error::Result;

#[derive(QueryableByName)]
struct County {
    #[diesel(sql_type = Nullable<Integer>)]
    code: Option<i32>,
}

/// The county whose own sector the member sits in on `on`, or sat in last; none: a sector of the
/// city's, or none at all.
pub async fn county_of_sector(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<i32>> {
    let text = "SELECT o.county_code AS code FROM member_sectors l JOIN organizations o \
        ON o.city_code = l.city_code AND o.id = l.sector_id WHERE l.city_code = $1 \
        AND l.member_id = $2 AND l.voided_at IS NULL \
        ORDER BY l.during @> $3 DESC, lower(l.during) DESC LIMIT 1";
    let found = first::<County>(conn, text, vec![city.into(), member.into(), on.into()]).await?;
    Ok(found.and_then(|row| row.code))
}

/// The same of the party branch the member is in.
pub async fn county_of_branch(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<i32>> {
    let text = "SELECT o.county_code AS code FROM branch_members l JOIN organizations o \
        ON o.city_code = l.city_code AND o.id = l.branch_id WHERE l.city_code = $1 \
        AND l.member_id = $2 AND l.voided_at IS NULL \
        ORDER BY l.during @> $3 DESC, lower(l.during) DESC LIMIT 1";
    let found = first::<County>(conn, text, vec![city.into(), member.into(), on.into()]).await?;
    Ok(found.and_then(|row| row.code))
}

#[derive(QueryableByName)]
struct Is {
    #[diesel(sql_type = Bool)]
    is: bool,
}

/// Whether a member who does not sit in one of the county's own sectors keeps in touch with the contact
/// on `since`, or is to later; where that is none, whether one ever did.
pub async fn kept_elsewhere(
    conn: Conn<'_>,
    city: i32,
    contact: Uuid,
    county: i32,
    since: Option<NaiveDate>,
) -> Result<bool> {
    let mut binds: Vec<Bind> = vec![city.into(), contact.into(), county.into()];
    let mut later = "";
    if let Some(since) = since {
        binds.push(since.into());
        later = " AND (upper(l.during) IS NULL OR upper(l.during) > $4)";
    }
    let text = format!(
        "SELECT EXISTS (SELECT 1 FROM member_contacts l JOIN members m \
         ON m.city_code = l.city_code AND m.id = l.member_id LEFT JOIN organizations o \
         ON o.city_code = m.city_code AND o.id = m.sector_id WHERE l.city_code = $1 \
         AND l.contact_id = $2 AND l.voided_at IS NULL{later} \
         AND o.county_code IS DISTINCT FROM $3) AS is"
    );
    Ok(first::<Is>(conn, &text, binds).await?.is_some_and(|row| row.is))
}

/// Whether the member ever sat in a sector that is not the county's own.
pub async fn sat_elsewhere(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    county: Option<i32>,
) -> Result<bool> {
    let Some(county) = county else { return Ok(true) };
    let text = "SELECT EXISTS (SELECT 1 FROM member_sectors l JOIN organizations o \
        ON o.city_code = l.city_code AND o.id = l.sector_id WHERE l.city_code = $1 \
        AND l.member_id = $2 AND l.voided_at IS NULL AND o.county_code IS DISTINCT FROM $3) AS is";
    let binds = vec![city.into(), member.into(), county.into()];
    Ok(first::<Is>(conn, text, binds).await?.is_some_and(|row| row.is))
}
