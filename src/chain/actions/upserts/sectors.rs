//! Sectors as a file has them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Each, Kept, Record, Upsert, Upserted, begins, differing, in_turn, missing, upsert};
use crate::chain::actions::{
    NewOrganization, OrganizationChange, create_organization, end_organization, guide_sector,
    organizations, today,
};
use crate::chain::kinds::OrgKind;
use crate::chain::store::{self, Keyed, Org};
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

/// A sector to enter.
pub(super) struct NewSector {
    code: String,
    name: String,
    position: i16,
    county: Option<i32>,
    from: NaiveDate,
}

impl Record for SectorRecord {
    const KEYED: Keyed = Keyed::Sector;
    type Row = Org;
    type New = NewSector;
    type Change = OrganizationChange;

    fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    fn enter(self) -> Result<NewSector> {
        let mut faults = Vec::new();
        let from = begins(self.from, &mut faults);
        faults.extend(self.code.is_none().then(|| missing("/code")));
        faults.extend(self.name.is_none().then(|| missing("/name")));
        check(faults)?;
        Ok(NewSector {
            code: self.code.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            position: self.position.unwrap_or_default(),
            county: self.county_code,
            from,
        })
    }

    fn differs(self, row: &Org) -> Result<Option<OrganizationChange>> {
        let mut kept = Kept::default();
        let words =
            ("与已有记录的代码不同;导入不改代码", "not the code it has; an import keeps that");
        kept.check("/code", self.code.as_ref(), Some(&row.code), words);
        let words =
            ("与已有记录的县(区)不同", "not the county it belongs to; an import keeps that");
        kept.check("/county_code", self.county_code.as_ref(), row.county_code.as_ref(), words);
        kept.from(self.from, row.from_on);
        check(kept.0)?;
        let change = OrganizationChange {
            name: differing(self.name, Some(&row.name)),
            position: differing(self.position, Some(&row.position)),
            parent: None,
        };
        let differs = change.name.is_some() || change.position.is_some();
        Ok(differs.then_some(change))
    }

    fn of(row: &Org) -> (Uuid, Option<NaiveDate>) {
        (row.id, row.until_on)
    }

    async fn lock(tx: &Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<Org>> {
        store::lock_organizations(tx.conn, tx.call.city, ids).await
    }

    async fn create(tx: &mut Tx<'_>, new: Vec<NewSector>) -> Each<Org> {
        let enter = async |tx: &mut Tx<'_>, new: NewSector| {
            let NewSector { code, name, position, county, from } = new;
            let (id, kind, parent) = (None, OrgKind::Sector, None);
            let (code, name) = (&*code, &*name);
            let new = NewOrganization { id, kind, code, name, position, parent, county, from };
            create_organization(tx, new).await
        };
        in_turn(tx, new, enter).await
    }

    async fn update(tx: &mut Tx<'_>, row: Org, change: OrganizationChange) -> Result<Org> {
        organizations::rewrite(tx, row, change).await
    }

    async fn end(tx: &mut Tx<'_>, row: Org, until: NaiveDate) -> Result<Org> {
        end_organization(tx, row, until).await
    }
}

/// Enters or changes sectors, which the committees beside them guide: since the first day where the
/// sector was just entered, else from today on.
pub async fn upsert_sectors(
    tx: &mut Tx<'_>,
    scheme: &str,
    rows: Vec<(Upsert<SectorRecord>, Option<Uuid>)>,
) -> Each<Upserted> {
    let (rows, committees): (Vec<_>, Vec<Option<Uuid>>) = rows.into_iter().unzip();
    let outcomes = upsert(tx, scheme, rows).await?.into_iter().zip(committees).collect();
    let joined = in_turn(tx, outcomes, async |tx, (outcome, committee)| {
        let (what, row): (Upserted, Org) = outcome?;
        let Some(committee) = committee else { return Ok(what) };
        let is_new = guide_from(tx, row.id, committee, what == Upserted::Created).await?;
        Ok(if is_new && what == Upserted::Unchanged { Upserted::Updated } else { what })
    });
    joined.await
}

/// Returns whether it is new that the committee guides the sector.
async fn guide_from(tx: &mut Tx<'_>, sector: Uuid, committee: Uuid, entered: bool) -> Result<bool> {
    let city = tx.call.city;
    let row = store::lock_organization(tx.conn, city, sector).await?;
    let row = row.ok_or_else(Error::not_found)?;
    let from = if entered { row.from_on } else { row.from_on.max(today(tx)) };
    if row.until_on.is_some_and(|until| until <= from) {
        return Ok(false);
    }
    if store::committee_of(tx.conn, city, sector, from).await? == Some(committee) {
        return Ok(false);
    }
    guide_sector(tx, &row, committee, from).await?;
    Ok(true)
}
