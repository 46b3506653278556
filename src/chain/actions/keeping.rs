//! Who keeps whom: the administrator and the liaison centre all of the chain, the staff of a county
//! those who sit in the county's own sectors, and the contacts in the county that nobody else keeps.

use uuid::Uuid;

use super::today;
use crate::auth::{Actor, Noun, policy};
use crate::chain::rules::organizations::Refusal;
use crate::chain::store::{self, ContactRow, MemberRow};
use crate::error::{Error, Result};
use crate::journal::{Places, Tx};

/// Who keeps the chain.
pub const KEEPERS: &[&str] = &["admin", "liaison_centre"];
/// Who keeps it of a county: its staff only what is the county's own.
const COUNTY_KEEPERS: &[&str] = &["admin", "liaison_centre", "county_staff"];

fn at(county: Option<i32>) -> Places {
    Places { county, ..Places::default() }
}

fn keeps_all(actor: &Actor) -> bool {
    policy::any_role(actor, KEEPERS).is_ok()
}

/// 403 unless the actor enters members of that county, or of the city, or contacts in that county.
pub fn may_enter(actor: &Actor, noun: Noun, county: Option<i32>) -> Result<()> {
    policy::require(actor, noun, &at(county), COUNTY_KEEPERS).map_err(|_| Error::forbidden())
}

/// 422 where the staff of a county would put a member into a sector that is not their county's own.
pub async fn puts_into(
    tx: &Tx<'_>,
    actor: &Actor,
    county: Option<i32>,
    sector: Uuid,
) -> Result<()> {
    if keeps_all(actor) {
        return Ok(());
    }
    let found = store::any_organization(tx.conn, tx.call.city, sector).await?;
    let foreign = found.is_some_and(|row| row.county_code != county);
    if foreign { Err(Error::invalid(vec![Refusal::SectorOfOtherCounty.into()])) } else { Ok(()) }
}

/// 404 unless the actor sees the member, 403 unless they keep them.
pub(super) async fn keeps_member(tx: &Tx<'_>, actor: &Actor, row: &MemberRow) -> Result<()> {
    policy::require(actor, Noun::Member, &row.places(), COUNTY_KEEPERS)?;
    if keeps_all(actor) {
        return Ok(());
    }
    let county = store::county_of_sector(tx.conn, tx.call.city, row.id, today(tx)).await?;
    if county.is_some() && county == row.county_code { Ok(()) } else { Err(Error::forbidden()) }
}

/// The same for whom the member keeps in touch with outside the party: the staff of a county for the
/// members of its own branches too.
pub(super) async fn keeps_party_member(tx: &Tx<'_>, actor: &Actor, row: &MemberRow) -> Result<()> {
    policy::require(actor, Noun::Member, &row.places(), COUNTY_KEEPERS)?;
    let branch = store::county_of_branch(tx.conn, tx.call.city, row.id, today(tx)).await?;
    if branch.is_some() && branch == row.county_code {
        return Ok(());
    }
    keeps_member(tx, actor, row).await
}

/// 403 unless the actor keeps the contact, whom they see.
pub(super) async fn keeps_contact(tx: &Tx<'_>, actor: &Actor, row: &ContactRow) -> Result<()> {
    may_enter(actor, Noun::Contact, Some(row.county_code))?;
    if keeps_all(actor) {
        return Ok(());
    }
    let (contact, county) = (row.id, row.county_code);
    let elsewhere =
        store::kept_elsewhere(tx.conn, tx.call.city, contact, county, Some(today(tx))).await?;
    if elsewhere { Err(Error::forbidden()) } else { Ok(()) }
}

/// 403 where the member, whom the actor keeps, ever sat elsewhere: to void them would void that too.
pub async fn may_void_member(tx: &Tx<'_>, actor: &Actor, row: &MemberRow) -> Result<()> {
    if keeps_all(actor) {
        return Ok(());
    }
    let (city, county) = (tx.call.city, row.county_code);
    let elsewhere = store::sat_elsewhere(tx.conn, city, row.id, county).await?;
    if elsewhere { Err(Error::forbidden()) } else { Ok(()) }
}

/// The same of a contact with whom somebody from elsewhere ever kept in touch.
pub async fn may_void_contact(tx: &Tx<'_>, actor: &Actor, row: &ContactRow) -> Result<()> {
    if keeps_all(actor) {
        return Ok(());
    }
    let (city, county) = (tx.call.city, row.county_code);
    let elsewhere = store::kept_elsewhere(tx.conn, city, row.id, county, None).await?;
    if elsewhere { Err(Error::forbidden()) } else { Ok(()) }
}
