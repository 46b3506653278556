//! A member's sectors: moved, ended, voided.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::links::{self, why};
use super::members::{journal_member, next_version, seated};
use super::placing::place;
use crate::chain::rules::{self, Step, Term};
use crate::chain::store::{self, MemberRow, Org, SECTOR};
use crate::error::{Error, Fault, Result, check};
use crate::journal::Tx;

/// Moves a member to another sector on a date, past or to come: what stood that day ends there, and
/// the new link has the rest of its days. A move to come takes effect on its day.
pub async fn move_member(
    tx: &mut Tx<'_>,
    row: MemberRow,
    sector_id: Uuid,
    from: NaiveDate,
) -> Result<MemberRow> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut over = row.until_on;
    let mut terms: Vec<Term> = vec![(row.from_on, row.until_on)];
    match store::hold_organization(tx.conn, tx.call.city, sector_id).await?.filter(Org::is_sector) {
        Some(sector) => {
            terms.push((sector.from_on, sector.until_on));
            over = [over, sector.until_on].into_iter().flatten().min();
            faults.extend(seated(&sector, row.county_code).err().map(Fault::from));
        }
        None => faults.push(Fault::reference("/sector_id", "界别", "sector")),
    }
    let outside = terms.into_iter().find_map(|term| rules::begins_within(term, from).err());
    faults.extend(outside.map(Fault::from));
    check(faults)?;
    let line = links::line(tx, SECTOR, row.id).await?;
    let to = (tx.call.id(), sector_id);
    let steps = rules::switch(&line, to, from, over).map_err(why)?;
    let after = json!({ "link_id": to.0, "sector_id": sector_id, "from": from });
    changed(tx, row, steps, "member.moved", after).await
}

/// Ends a member's time in a sector before `until`; from then on they are in none.
pub async fn end_membership(
    tx: &mut Tx<'_>,
    row: MemberRow,
    link: Uuid,
    until: NaiveDate,
) -> Result<MemberRow> {
    let line = links::line(tx, SECTOR, row.id).await?;
    let found = line.iter().find(|one| one.id == link).ok_or_else(Error::not_found)?;
    let steps = vec![rules::end(found, until).map_err(why)?];
    let after = json!({ "link_id": link, "sector_id": found.other, "until": until });
    changed(tx, row, steps, "member.sector_ended", after).await
}

/// Voids a member's time in a sector that was a mistake; the one that it ended goes on, for as long as
/// that sector is there. `reason` is a code.
pub async fn void_membership(
    tx: &mut Tx<'_>,
    row: MemberRow,
    link: Uuid,
    reason: &str,
) -> Result<MemberRow> {
    let line = links::line(tx, SECTOR, row.id).await?;
    let found = line.iter().find(|one| one.id == link).ok_or_else(Error::not_found)?;
    let over = match rules::revived(&line, link) {
        Some(back) => {
            let sector = store::hold_organization(tx.conn, tx.call.city, back.other).await?;
            sector.and_then(|sector| sector.until_on)
        }
        None => None,
    };
    let steps = rules::void(&line, link, over).map_err(why)?;
    let after = json!({ "link_id": link, "sector_id": found.other, "reason": reason });
    changed(tx, row, steps, "member.sector_voided", after).await
}

/// Writes the steps and places the member anew.
async fn changed(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    steps: Vec<Step>,
    kind: &'static str,
    mut after: Value,
) -> Result<MemberRow> {
    let before = json!({ "sector_id": row.sector_id, "committee_id": row.committee_id });
    links::write(tx, SECTOR, row.id, steps).await?;
    let line = links::line(tx, SECTOR, row.id).await?;
    place(tx, &mut row, &line).await?;
    after["placed_in"] = json!(row.sector_id);
    next_version(tx, &mut row).await?;
    journal_member(tx, kind, &row, Some(before), after).await?;
    Ok(row)
}
