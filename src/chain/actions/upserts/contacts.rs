//! Contacts as a file has them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Kept, Upsert, Upserted, begins, differing, missing, name};
use crate::chain::actions::contacts::locked_contact;
use crate::chain::actions::{
    ContactChange, NewContact, NewPerson, create_contact, end_contact, link_contact, today,
    update_contact,
};
use crate::chain::store::{self, CONTACT, Keyed, PersonChange};
use crate::error::{Error, Result, check};
use crate::journal::Tx;

/// A contact as a file has them; what it leaves out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ContactRecord {
    /// Their number in the city.
    pub number: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// What they are the head of: a code.
    pub category: Option<String>,
    /// The enterprise, community or village.
    pub unit: Option<String>,
    /// Where that is.
    pub division_code: Option<i64>,
    /// Their first day.
    pub from: Option<NaiveDate>,
    /// The day after their last.
    pub until: Option<NaiveDate>,
}

/// Enters or changes a contact; returns their id too.
pub async fn upsert_contact(
    tx: &mut Tx<'_>,
    row: Upsert<ContactRecord>,
) -> Result<(Upserted, Uuid)> {
    let Upsert { known, name: external, record } = row;
    let until = record.until;
    let Some(id) = known else {
        let mut faults = Vec::new();
        let from = begins(record.from, &mut faults);
        for (pointer, is) in [
            ("/number", record.number.is_some()),
            ("/name", record.name.is_some()),
            ("/category", record.category.is_some()),
            ("/unit", record.unit.is_some()),
            ("/division_code", record.division_code.is_some()),
        ] {
            faults.extend((!is).then(|| missing(pointer)));
        }
        check(faults)?;
        let name_of = record.name.unwrap_or_default();
        let person = NewPerson { name: name_of, phone: record.phone, address: record.address };
        let new = NewContact {
            id: None,
            person,
            number: record.number.unwrap_or_default(),
            category: record.category.unwrap_or_default(),
            unit: record.unit.unwrap_or_default(),
            division_code: record.division_code.unwrap_or_default(),
            from,
        };
        let made = create_contact(tx, new).await?;
        let id = made.id;
        name(tx, Keyed::Contact, id, external).await?;
        if let Some(until) = until {
            end_contact(tx, made, until).await?;
        }
        return Ok((Upserted::Created, id));
    };
    let row = locked_contact(tx, id).await?;
    let mut kept = Kept::default();
    let words =
        ("与已有记录的编号不同;导入不改编号", "not the number it has; an import keeps that");
    kept.check("/number", record.number.as_ref(), Some(&row.number), words);
    kept.from(record.from, row.from_on);
    check(kept.0)?;
    let change = ContactChange {
        person: PersonChange {
            name: differing(record.name, Some(&row.name)),
            phone: differing(record.phone, row.phone.as_ref()).map(Some),
            address: differing(record.address, row.address.as_ref()).map(Some),
        },
        unit: differing(record.unit, Some(&row.unit)),
        category: differing(record.category, Some(&row.category)),
        division_code: differing(record.division_code, Some(&row.division_code)),
    };
    let ends = until.filter(|until| row.until_on != Some(*until));
    let own = change.unit.is_some() || change.category.is_some() || change.division_code.is_some();
    let differs = own || change.person != PersonChange::default();
    if !differs && external.is_none() && ends.is_none() {
        return Ok((Upserted::Unchanged, id));
    }
    name(tx, Keyed::Contact, id, external).await?;
    let row = update_contact(tx, row, change).await?;
    if let Some(until) = ends {
        end_contact(tx, row, until).await?;
    }
    Ok((Upserted::Updated, id))
}

/// Each of `members` keeps in touch with the contact: who does so already goes on, who does not begins
/// on the contact's first day, or the first on which both are there, or today where the contact was there before.
/// Returns whether anybody began.
pub async fn keep_in_touch(
    tx: &mut Tx<'_>,
    contact: Uuid,
    members: &[Uuid],
    entered: bool,
) -> Result<bool> {
    let city = tx.call.city;
    let mut began = false;
    for member in members {
        let links = store::line(tx.conn, city, CONTACT, *member).await?;
        let goes_on = |until: Option<NaiveDate>| until.is_none_or(|until| until > today(tx));
        let is = links.iter().any(|link| {
            link.other_id == contact && link.voided_at.is_none() && goes_on(link.until_on)
        });
        if is {
            continue;
        }
        let row = store::contact(tx.conn, city, contact).await?.ok_or_else(Error::not_found)?;
        let holder = store::member(tx.conn, city, *member).await?.ok_or_else(Error::not_found)?;
        let from = row.from_on.max(holder.from_on);
        let from = if entered { from } else { from.max(today(tx)) };
        link_contact(tx, *member, contact, from, row.until_on).await?;
        began = true;
    }
    Ok(began)
}
