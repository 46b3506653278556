//! Where the owners of plans stand.
//!
//! To be replaced by `chain::places_of_member` and `chain::is_contact_of` once that room is there.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::db::schema::{contacts, member_contacts, members, organizations};
use crate::error::Result;
use crate::journal::Places;

type MemberPlaces = (Option<i32>, Option<Uuid>, Option<Uuid>);

/// Where the member stands today; none where there is no such member.
pub async fn places_of_member(
    mut conn: Conn<'_>,
    city: i32,
    member_id: Uuid,
) -> Result<Option<Places>> {
    let query = members::table
        .find((city, member_id))
        .filter(members::voided_at.is_null())
        .select((members::county_code, members::committee_id, members::sector_id));
    let found: Option<MemberPlaces> = query.first(&mut conn).await.optional()?;
    Ok(found.map(|(county, committee, sector)| Places {
        county,
        committee,
        sector,
        member: Some(member_id),
        departments: Vec::new(),
    }))
}

/// Where an organisation of `kind` stands; none where there is no such organisation.
pub async fn places_of_organization(
    mut conn: Conn<'_>,
    city: i32,
    kind: &str,
    id: Uuid,
) -> Result<Option<Places>> {
    let query = organizations::table
        .find((city, id))
        .filter(organizations::kind.eq(kind))
        .filter(organizations::voided_at.is_null())
        .select(organizations::county_code);
    let found: Option<Option<i32>> = query.first(&mut conn).await.optional()?;
    let committee = (kind == "committee").then_some(id);
    Ok(found.map(|county| Places { county, committee, ..Places::default() }))
}

/// Whether the contact is linked to the member on that day.
pub async fn is_contact_of(
    mut conn: Conn<'_>,
    city: i32,
    member_id: Uuid,
    contact_id: Uuid,
    on: NaiveDate,
) -> Result<bool> {
    let links = member_contacts::table
        .filter(member_contacts::city_code.eq(city))
        .filter(member_contacts::member_id.eq(member_id))
        .filter(member_contacts::contact_id.eq(contact_id))
        .filter(member_contacts::voided_at.is_null())
        .filter(member_contacts::during.contains(on));
    Ok(diesel::select(diesel::dsl::exists(links)).get_result(&mut conn).await?)
}

/// Whether there is such a contact.
pub async fn contact_exists(mut conn: Conn<'_>, city: i32, contact_id: Uuid) -> Result<bool> {
    let found = contacts::table.find((city, contact_id)).filter(contacts::voided_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(&mut conn).await?)
}
