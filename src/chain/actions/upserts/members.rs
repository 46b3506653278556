//! Members as a file has them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Kept, Upsert, Upserted, begins, differing, missing, name};
use crate::chain::actions::members::locked_member;
use crate::chain::actions::{
    MemberChange, NewMember, NewPerson, create_member, end_member, update_member,
};
use crate::chain::store::{Keyed, PersonChange};
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

/// Enters or changes a member.
pub async fn upsert_member(tx: &mut Tx<'_>, row: Upsert<MemberRecord>) -> Result<Upserted> {
    let Upsert { known, name: external, record } = row;
    let until = record.until;
    let Some(id) = known else {
        let mut faults = Vec::new();
        let from = begins(record.from, &mut faults);
        for (pointer, is) in [
            ("/number", record.number.is_some()),
            ("/name", record.name.is_some()),
            ("/sector_id", record.sector_id.is_some()),
        ] {
            faults.extend((!is).then(|| missing(pointer)));
        }
        check(faults)?;
        let (number, name_of) =
            (record.number.unwrap_or_default(), record.name.unwrap_or_default());
        let person = NewPerson { name: name_of, phone: record.phone, address: record.address };
        let new = NewMember {
            id: None,
            person,
            number,
            unit: record.unit,
            sector_id: record.sector_id.unwrap_or_default(),
            county_code: record.county_code,
            from,
        };
        let made = create_member(tx, new).await?;
        name(tx, Keyed::Member, made.id, external).await?;
        if let Some(until) = until {
            end_member(tx, made, until).await?;
        }
        return Ok(Upserted::Created);
    };
    let row = locked_member(tx, id).await?;
    let mut kept = Kept::default();
    let words =
        ("与已有记录的编号不同;导入不改编号", "not the number it has; an import keeps that");
    kept.check("/number", record.number.as_ref(), Some(&row.number), words);
    let words = (
        "与现属界别不同;调整界别请另行办理",
        "not the sector they are in; moving to another is an operation of its own",
    );
    kept.check("/sector_id", record.sector_id.as_ref(), row.sector_id.as_ref(), words);
    let words = ("与已有记录的县(区)不同", "not the county they belong to; an import keeps that");
    kept.check("/county_code", record.county_code.as_ref(), row.county_code.as_ref(), words);
    kept.from(record.from, row.from_on);
    check(kept.0)?;
    let change = MemberChange {
        person: PersonChange {
            name: differing(record.name, Some(&row.name)),
            phone: differing(record.phone, row.phone.as_ref()).map(Some),
            address: differing(record.address, row.address.as_ref()).map(Some),
        },
        unit: differing(record.unit, row.unit.as_ref()).map(Some),
    };
    let ends = until.filter(|until| row.until_on != Some(*until));
    let differs = change.person != PersonChange::default() || change.unit.is_some();
    if !differs && external.is_none() && ends.is_none() {
        return Ok(Upserted::Unchanged);
    }
    name(tx, Keyed::Member, id, external).await?;
    let row = update_member(tx, row, change).await?;
    if let Some(until) = ends {
        end_member(tx, row, until).await?;
    }
    Ok(Upserted::Updated)
}
