//! Who keeps the chain: the administrator and the liaison centre all of it. The staff of a county enter
//! and link what is the county's own, and change nothing that stands: a change is reported as an
//! adjustment, which the centre decides, for a person, a contact or a past may be others' too.

use uuid::Uuid;

use super::members::locked_member;
use super::today;
use crate::auth::{Actor, Noun, policy};
use crate::chain::kinds::LinkKind;
use crate::chain::rules::organizations::Refusal;
use crate::chain::store::{self, MemberRow, Org, Relation, SECTOR};
use crate::error::{Error, Fault, Result};
use crate::journal::{Places, Tx};

/// Who keeps the chain.
pub const KEEPERS: &[&str] = &["admin", "liaison_centre"];
/// Who adds to it: the staff of a county to what is the county's own.
const ADDERS: &[&str] = &["admin", "liaison_centre", "county_staff"];

fn keeps_all(actor: &Actor) -> bool {
    policy::any_role(actor, KEEPERS).is_ok()
}

/// 403 unless the actor enters members of that county, or of the city, or contacts in that county.
pub fn may_enter(actor: &Actor, noun: Noun, county: Option<i32>) -> Result<()> {
    let places = Places { county, ..Places::default() };
    policy::require(actor, noun, &places, ADDERS).map_err(|_| Error::forbidden())
}

/// 422 where the staff of a county would put a member into a sector that is not their county's own; one
/// of another county is not there for them.
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
    let fault = match found.filter(Org::is_sector) {
        Some(row) if row.county_code == county => return Ok(()),
        Some(row) if policy::reads_county(actor, row.county_code) => {
            Refusal::SectorOfOtherCounty.into()
        }
        _ => Fault::reference("/sector_id", "界别", "sector"),
    };
    Err(Error::invalid(vec![fault]))
}

/// Loads and locks a member whom `actor` may link to contacts, in the version they saw: the staff of a
/// county, who sits in one of its own sectors today.
pub async fn linking_member_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<MemberRow> {
    let row = locked_member(tx, id).await?;
    policy::require(actor, Noun::Member, &row.places(), ADDERS)?;
    if !keeps_all(actor) {
        own(tx, &row, SECTOR).await?;
    }
    tx.call.expect(row.version)?;
    Ok(row)
}

/// 404 unless the actor sees the member, 403 unless they say with whom the member keeps in touch outside
/// the party: the staff of a county, who is in one of its own branches today.
pub(super) async fn keeps_party_member(tx: &Tx<'_>, actor: &Actor, row: &MemberRow) -> Result<()> {
    policy::require(actor, Noun::Member, &row.places(), ADDERS)?;
    if keeps_all(actor) {
        return Ok(());
    }
    own(tx, row, Relation::of_kind(LinkKind::BranchMember).mirrored()).await
}

/// 403 unless what joins the member today is their county's own.
async fn own(tx: &Tx<'_>, row: &MemberRow, relation: Relation) -> Result<()> {
    let county = store::county_of(tx.conn, tx.call.city, relation, row.id, today(tx)).await?;
    if county.is_some() && county == row.county_code { Ok(()) } else { Err(Error::forbidden()) }
}
