//! Sectors as a file has them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Kept, Upsert, Upserted, begins, differing, missing, name};
use crate::chain::actions::{
    NewOrganization, OrganizationChange, create_organization, end_organization, guide_sector,
    organizations, today,
};
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, Keyed};
use crate::error::{Error, Result, check};
use crate::journal::Tx;

/// A sector as a file has it; what it leaves out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct SectorRecord {
    /// The stable word.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its place among the sectors.
    pub position: Option<i16>,
    /// Its county.
    pub county_code: Option<i32>,
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// The day after its last.
    pub until: Option<NaiveDate>,
}

/// Enters or changes a sector; returns its id too.
pub async fn upsert_sector(tx: &mut Tx<'_>, row: Upsert<SectorRecord>) -> Result<(Upserted, Uuid)> {
    let Upsert { known, name: external, record } = row;
    let until = record.until;
    let Some(id) = known else {
        let mut faults = Vec::new();
        let from = begins(record.from, &mut faults);
        faults.extend(record.code.is_none().then(|| missing("/code")));
        faults.extend(record.name.is_none().then(|| missing("/name")));
        check(faults)?;
        let new = NewOrganization {
            id: None,
            kind: OrgKind::Sector,
            code: record.code.as_deref().unwrap_or_default(),
            name: record.name.as_deref().unwrap_or_default(),
            position: record.position.unwrap_or_default(),
            parent: None,
            county: record.county_code,
            from,
        };
        let made = create_organization(tx, new).await?;
        let id = made.id;
        name(tx, Keyed::Sector, id, external).await?;
        if let Some(until) = until {
            end_organization(tx, made, until).await?;
        }
        return Ok((Upserted::Created, id));
    };
    let mut row =
        store::lock_organization(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)?;
    let mut kept = Kept::default();
    let words = ("与已有记录的代码不同;导入不改代码", "not the code it has; an import keeps that");
    kept.check("/code", record.code.as_ref(), Some(&row.code), words);
    let words = ("与已有记录的县(区)不同", "not the county it belongs to; an import keeps that");
    kept.check("/county_code", record.county_code.as_ref(), row.county_code.as_ref(), words);
    kept.from(record.from, row.from_on);
    check(kept.0)?;
    let change = OrganizationChange {
        name: differing(record.name, Some(&row.name)),
        position: differing(record.position, Some(&row.position)),
        parent: None,
    };
    let ends = until.filter(|until| row.until_on != Some(*until));
    let differs = change.name.is_some() || change.position.is_some();
    if !differs && external.is_none() && ends.is_none() {
        return Ok((Upserted::Unchanged, id));
    }
    name(tx, Keyed::Sector, id, external).await?;
    row = organizations::rewrite(tx, row, change).await?;
    if let Some(until) = ends {
        end_organization(tx, row, until).await?;
    }
    Ok((Upserted::Updated, id))
}

/// `committee` guides the sector: since its first day where it was just entered, else from today on.
/// Returns whether that is new.
pub async fn guide_from(
    tx: &mut Tx<'_>,
    sector: Uuid,
    committee: Uuid,
    entered: bool,
) -> Result<bool> {
    let city = tx.call.city;
    let row = store::lock_organization(tx.conn, city, sector).await?;
    let row = row.ok_or_else(Error::not_found)?;
    let from = if entered { row.from_on } else { row.from_on.max(today(tx)) };
    if store::committee_of(tx.conn, city, sector, from).await? == Some(committee) {
        return Ok(false);
    }
    guide_sector(tx, &row, committee, from).await?;
    Ok(true)
}
