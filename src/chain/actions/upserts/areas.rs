//! Responsibility areas as a file has them.

use chrono::NaiveDate;

use super::{Kept, Upsert, Upserted, begins, differing, missing, name};
use crate::chain::actions::{Holder, NewArea, create_area, end_area, update_area};
use crate::chain::store::{self, Keyed};
use crate::error::{Error, Result, check};
use crate::journal::Tx;

/// An area as a file has it; what it leaves out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AreaRecord {
    /// Its name.
    pub name: Option<String>,
    /// What it covers.
    pub division_code: Option<i64>,
    /// Who answers for it.
    pub holder: Option<Holder>,
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// The day after its last.
    pub until: Option<NaiveDate>,
}

/// Enters or changes an area.
pub async fn upsert_area(tx: &mut Tx<'_>, row: Upsert<AreaRecord>) -> Result<Upserted> {
    let Upsert { known, name: external, record } = row;
    let until = record.until;
    let Some(id) = known else {
        let mut faults = Vec::new();
        let from = begins(record.from, &mut faults);
        faults.extend(record.name.is_none().then(|| missing("/name")));
        faults.extend(record.division_code.is_none().then(|| missing("/division_code")));
        faults.extend(record.holder.is_none().then(|| missing("/holder_id")));
        check(faults)?;
        let (Some(holder), Some(division_code)) = (record.holder, record.division_code) else {
            return Err(Error::internal("a holder and a division were looked for"));
        };
        let name_of = record.name.unwrap_or_default();
        let new = NewArea { id: None, name: &name_of, division_code, holder, from, until };
        let made = create_area(tx, new).await?;
        name(tx, Keyed::Area, made.id, external).await?;
        return Ok(Upserted::Created);
    };
    let row = store::lock_area(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)?;
    let mut kept = Kept::default();
    let holder = Holder::of(&row.holder_kind, row.sector_id.or(row.member_id).unwrap_or_default());
    let words = ("与已有记录的区划不同", "not the division it covers; enter another area");
    kept.check("/division_code", record.division_code.as_ref(), Some(&row.division_code), words);
    let words = ("与已有记录的负责方不同", "not who answers for it; enter another area");
    kept.check("/holder_id", record.holder.as_ref(), Some(&holder), words);
    kept.from(record.from, row.from_on);
    check(kept.0)?;
    let change = differing(record.name, Some(&row.name));
    let ends = until.filter(|until| row.until_on != Some(*until));
    if change.is_none() && external.is_none() && ends.is_none() {
        return Ok(Upserted::Unchanged);
    }
    name(tx, Keyed::Area, id, external).await?;
    let row = update_area(tx, row, change).await?;
    if let Some(until) = ends {
        end_area(tx, row, until).await?;
    }
    Ok(Upserted::Updated)
}
