//! Responsibility areas as a file has them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Each, Kept, Record, Upsert, Upserted, begins, differing, in_turn, missing, upsert, what,
};
use crate::chain::actions::{AreaChange, Holder, NewArea, create_area, end_area, update_area};
use crate::chain::rules::Term;
use crate::chain::store::{self, AreaRow, Keyed};
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
    /// Whether the file says as what a member does.
    pub as_told: bool,
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// The day after its last.
    pub until: Option<NaiveDate>,
}

/// Enters or changes areas.
pub async fn upsert_areas(
    tx: &mut Tx<'_>,
    scheme: &str,
    rows: Vec<Upsert<AreaRecord>>,
) -> Each<Upserted> {
    Ok(what(upsert(tx, scheme, rows).await?))
}

impl Record for AreaRecord {
    const KEYED: Keyed = Keyed::Area;
    const ENTERS_WITH_END: bool = true;
    type Row = AreaRow;
    type New = (String, i64, Holder, Term);
    type Change = Option<String>;

    fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    fn enter(self) -> Result<Self::New> {
        let mut faults = Vec::new();
        let from = begins(self.from, &mut faults);
        faults.extend(self.name.is_none().then(|| missing("/name")));
        faults.extend(self.division_code.is_none().then(|| missing("/division_code")));
        faults.extend(self.holder.is_none().then(|| missing("/holder_id")));
        check(faults)?;
        let (Some(name), Some(division), Some(holder)) =
            (self.name, self.division_code, self.holder)
        else {
            return Err(Error::internal("name, division and holder were looked for"));
        };
        Ok((name, division, holder, (from, self.until)))
    }

    fn differs(self, row: &AreaRow) -> Result<Option<Self::Change>> {
        let mut kept = Kept::default();
        let id = row.sector_id.or(row.member_id).unwrap_or_default();
        let holder = match Holder::of(&row.holder_kind, id) {
            Holder::ChairMember(id) if !self.as_told => Holder::Member(id),
            other => other,
        };
        let words = ("与已有记录的区划不同", "not the division it covers; enter another area");
        kept.check("/division_code", self.division_code.as_ref(), Some(&row.division_code), words);
        let words = ("与已有记录的负责方不同", "not who answers for it; enter another area");
        kept.check("/holder_id", self.holder.as_ref(), Some(&holder), words);
        kept.from(self.from, row.from_on);
        check(kept.0)?;
        Ok(differing(self.name, Some(&row.name)).map(Some))
    }

    fn of(row: &AreaRow) -> (Uuid, Option<NaiveDate>) {
        (row.id, row.until_on)
    }

    async fn lock(tx: &Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<AreaRow>> {
        store::lock_areas(tx.conn, tx.call.city, ids).await
    }

    async fn create(tx: &mut Tx<'_>, new: Vec<Self::New>) -> Each<AreaRow> {
        let enter =
            async |tx: &mut Tx<'_>, (name, division_code, holder, (from, until)): Self::New| {
                let (id, name, geometry) = (None, &*name, None);
                create_area(tx, NewArea { id, name, division_code, holder, geometry, from, until })
                    .await
            };
        in_turn(tx, new, enter).await
    }

    async fn update(tx: &mut Tx<'_>, row: AreaRow, name: Option<String>) -> Result<AreaRow> {
        update_area(tx, row, AreaChange { name, ..AreaChange::default() }).await
    }

    async fn end(tx: &mut Tx<'_>, row: AreaRow, until: NaiveDate) -> Result<AreaRow> {
        end_area(tx, row, until).await
    }
}
