//! Dated links: member to sector, member to contact.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{bind_all, days, first, load, sql};
use crate::db::schema::{member_contacts, member_sectors};
use crate::db::{Bind, Conn};
use crate::error::Result;

/// A link of a member to a sector or to a contact.
#[derive(Debug, Clone, QueryableByName)]
pub struct LinkRow {
    /// Of the link.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The member.
    #[diesel(sql_type = SqlUuid)]
    pub member_id: Uuid,
    /// The sector or the contact.
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

const TO_CONTACT: &str = "SELECT l.id, l.member_id, l.contact_id AS other_id, \
    lower(l.during) AS from_on, upper(l.during) AS until_on, l.voided_at FROM member_contacts l";

const TO_SECTOR: &str = "SELECT l.id, l.member_id, l.sector_id AS other_id, \
    lower(l.during) AS from_on, upper(l.during) AS until_on, l.voided_at FROM member_sectors l";

/// The member's links to contacts on `on`, oldest first.
pub async fn contacts_of_member(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Vec<LinkRow>> {
    let text = format!(
        "{TO_CONTACT} WHERE l.city_code = $1 AND l.member_id = $2 AND l.voided_at IS NULL \
         AND l.during @> $3 ORDER BY lower(l.during), l.id"
    );
    load(conn, &text, vec![city.into(), member.into(), on.into()]).await
}

/// Whether the contact is one of the member's on `on`.
pub async fn is_contact_of(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    contact: Uuid,
    on: NaiveDate,
) -> Result<bool> {
    let text = format!(
        "{TO_CONTACT} WHERE l.city_code = $1 AND l.member_id = $2 AND l.voided_at IS NULL \
         AND l.during @> $3 AND l.contact_id = $4 LIMIT 1"
    );
    let binds = vec![city.into(), member.into(), on.into(), contact.into()];
    Ok(first::<LinkRow>(conn, &text, binds).await?.is_some())
}

/// A link of `member` to a contact, locked.
pub async fn lock_contact_link(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    link: Uuid,
) -> Result<Option<LinkRow>> {
    let text = format!(
        "{TO_CONTACT} WHERE l.city_code = $1 AND l.member_id = $2 AND l.id = $3 FOR UPDATE"
    );
    first(conn, &text, vec![city.into(), member.into(), link.into()]).await
}

/// Links `member` to `contact`.
pub async fn insert_contact_link(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    (member, contact): (Uuid, Uuid),
    (from, until): (NaiveDate, Option<NaiveDate>),
) -> QueryResult<()> {
    use member_contacts as l;
    let row = (
        l::city_code.eq(city),
        l::id.eq(id),
        l::member_id.eq(member),
        l::contact_id.eq(contact),
        l::during.eq(days(from, until)),
    );
    diesel::insert_into(l::table).values(row).execute(&mut conn).await.map(drop)
}

/// Ends a link to a contact before `until`.
pub async fn end_contact_link(
    mut conn: Conn<'_>,
    city: i32,
    link: &LinkRow,
    until: NaiveDate,
) -> QueryResult<()> {
    diesel::update(member_contacts::table.find((city, link.id)))
        .set(member_contacts::during.eq(days(link.from_on, Some(until))))
        .execute(&mut conn)
        .await
        .map(drop)
}

/// Voids a link to a contact.
pub async fn void_contact_link(
    mut conn: Conn<'_>,
    city: i32,
    link: Uuid,
    at: DateTime<Utc>,
) -> Result<()> {
    diesel::update(member_contacts::table.find((city, link)))
        .set(member_contacts::voided_at.eq(at))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The member's link to a sector on `on`.
pub async fn sector_link(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<LinkRow>> {
    let text = format!(
        "{TO_SECTOR} WHERE l.city_code = $1 AND l.member_id = $2 AND l.voided_at IS NULL \
         AND l.during @> $3"
    );
    first(conn, &text, vec![city.into(), member.into(), on.into()]).await
}

/// The member's sector on `on`.
pub async fn sector_of(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<Uuid>> {
    Ok(sector_link(conn, city, member, on).await?.map(|link| link.other_id))
}

/// Ends a link to a sector before `until`.
pub async fn end_sector_link(
    mut conn: Conn<'_>,
    city: i32,
    link: Uuid,
    until: NaiveDate,
) -> QueryResult<()> {
    let text = "UPDATE member_sectors SET during = daterange(lower(during), $3) \
        WHERE city_code = $1 AND id = $2";
    let binds = vec![Bind::Int(city), link.into(), until.into()];
    bind_all(sql(text), binds).execute(&mut conn).await.map(drop)
}

/// Links `member` to `sector` from `from`.
pub async fn insert_sector_link(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    (member, sector): (Uuid, Uuid),
    from: NaiveDate,
) -> QueryResult<()> {
    use member_sectors as l;
    let row = (
        l::city_code.eq(city),
        l::id.eq(id),
        l::member_id.eq(member),
        l::sector_id.eq(sector),
        l::during.eq(days(from, None)),
    );
    diesel::insert_into(l::table).values(row).execute(&mut conn).await.map(drop)
}
