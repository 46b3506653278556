//! Members as a file has them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Each, Kept, Record, Upsert, Upserted, another_phone, begins, differing, missing, upsert, what,
};
use crate::chain::actions::{
    MemberChange, NewMember, NewPerson, create_members, end_member, update_member,
};
use crate::chain::store::{self, Keyed, MemberRow, PersonChange};
use crate::error::{Result, check};
use crate::journal::Tx;

/// A member as a file has them; what it leaves out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct MemberRecord {
    /// Their number in the conference.
    pub number: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Where they work.
    pub unit: Option<String>,
    /// Their sector.
    pub sector_id: Option<Uuid>,
    /// Their county.
    pub county_code: Option<i32>,
    /// Their first day.
    pub from: Option<NaiveDate>,
    /// The day after their last.
    pub until: Option<NaiveDate>,
}

/// Enters or changes members.
pub async fn upsert_members(
    tx: &mut Tx<'_>,
    scheme: &str,
    rows: Vec<Upsert<MemberRecord>>,
) -> Each<Upserted> {
    Ok(what(upsert(tx, scheme, rows).await?))
}

impl Record for MemberRecord {
    const KEYED: Keyed = Keyed::Member;
    type Row = MemberRow;
    type New = NewMember;
    type Change = MemberChange;

    fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    fn enter(self) -> Result<NewMember> {
        let mut faults = Vec::new();
        let from = begins(self.from, &mut faults);
        for (pointer, is) in [
            ("/number", self.number.is_some()),
            ("/name", self.name.is_some()),
            ("/sector_id", self.sector_id.is_some()),
        ] {
            faults.extend((!is).then(|| missing(pointer)));
        }
        check(faults)?;
        let name = self.name.unwrap_or_default();
        Ok(NewMember {
            id: None,
            person: NewPerson { name, phone: self.phone, address: self.address },
            number: self.number.unwrap_or_default(),
            unit: self.unit,
            sector_id: self.sector_id.unwrap_or_default(),
            county_code: self.county_code,
            from,
        })
    }

    fn differs(self, row: &MemberRow) -> Result<Option<MemberChange>> {
        let mut kept = Kept::default();
        let words =
            ("与已有记录的编号不同;导入不改编号", "not the number it has; an import keeps that");
        kept.check("/number", self.number.as_ref(), Some(&row.number), words);
        let words = (
            "与现属界别不同;调整界别请另行办理",
            "not the sector they are in; moving to another is an operation of its own",
        );
        kept.check("/sector_id", self.sector_id.as_ref(), row.sector_id.as_ref(), words);
        let words =
            ("与已有记录的县(区)不同", "not the county they belong to; an import keeps that");
        kept.check("/county_code", self.county_code.as_ref(), row.county_code.as_ref(), words);
        kept.from(self.from, row.from_on);
        check(kept.0)?;
        let change = MemberChange {
            person: PersonChange {
                name: differing(self.name, Some(&row.name)),
                phone: another_phone(self.phone, row.phone.as_ref()).map(Some),
                address: differing(self.address, row.address.as_ref()).map(Some),
            },
            unit: differing(self.unit, row.unit.as_ref()).map(Some),
        };
        let differs = change.person != PersonChange::default() || change.unit.is_some();
        Ok(differs.then_some(change))
    }

    fn of(row: &MemberRow) -> (Uuid, Option<NaiveDate>) {
        (row.id, row.until_on)
    }

    fn person(row: &MemberRow) -> Option<Uuid> {
        Some(row.person_id)
    }

    async fn lock(tx: &Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<MemberRow>> {
        store::members_of(tx.conn, tx.call.city, ids, true).await
    }

    async fn create(tx: &mut Tx<'_>, new: Vec<NewMember>) -> Each<MemberRow> {
        create_members(tx, new).await
    }

    async fn update(tx: &mut Tx<'_>, row: MemberRow, change: MemberChange) -> Result<MemberRow> {
        update_member(tx, row, change).await
    }

    async fn end(tx: &mut Tx<'_>, row: MemberRow, until: NaiveDate) -> Result<MemberRow> {
        end_member(tx, row, until).await
    }
}
