//! Contacts as a file has them.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Each, Kept, Record, Upsert, Upserted, another_phone, begins, differing, missing, upsert, what,
};
use crate::chain::actions::contact_links::{Ends, NewContactLink};
use crate::chain::actions::{
    ContactChange, NewContact, NewPerson, create_contacts, end_contact, today, update_contact,
};
use crate::chain::store::{self, CONTACT, ContactRow, Keyed, LinkRow, PersonChange};
use crate::error::{Result, check};
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

impl Record for ContactRecord {
    const KEYED: Keyed = Keyed::Contact;
    type Row = ContactRow;
    type New = NewContact;
    type Change = ContactChange;

    fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    fn enter(self) -> Result<NewContact> {
        let mut faults = Vec::new();
        let from = begins(self.from, &mut faults);
        for (pointer, is) in [
            ("/number", self.number.is_some()),
            ("/name", self.name.is_some()),
            ("/category", self.category.is_some()),
            ("/unit", self.unit.is_some()),
            ("/division_code", self.division_code.is_some()),
        ] {
            faults.extend((!is).then(|| missing(pointer)));
        }
        check(faults)?;
        let name = self.name.unwrap_or_default();
        Ok(NewContact {
            id: None,
            person: NewPerson { name, phone: self.phone, address: self.address },
            number: self.number.unwrap_or_default(),
            category: self.category.unwrap_or_default(),
            unit: self.unit.unwrap_or_default(),
            division_code: self.division_code.unwrap_or_default(),
            from,
        })
    }

    fn differs(self, row: &ContactRow) -> Result<Option<ContactChange>> {
        let mut kept = Kept::default();
        let words =
            ("与已有记录的编号不同;导入不改编号", "not the number it has; an import keeps that");
        kept.check("/number", self.number.as_ref(), Some(&row.number), words);
        kept.from(self.from, row.from_on);
        check(kept.0)?;
        let change = ContactChange {
            person: PersonChange {
                name: differing(self.name, Some(&row.name)),
                phone: another_phone(self.phone, row.phone.as_ref()).map(Some),
                address: differing(self.address, row.address.as_ref()).map(Some),
            },
            unit: differing(self.unit, Some(&row.unit)),
            category: differing(self.category, Some(&row.category)),
            division_code: differing(self.division_code, Some(&row.division_code)),
        };
        let own =
            change.unit.is_some() || change.category.is_some() || change.division_code.is_some();
        Ok((own || change.person != PersonChange::default()).then_some(change))
    }

    fn of(row: &ContactRow) -> (Uuid, Option<NaiveDate>) {
        (row.id, row.until_on)
    }

    fn person(row: &ContactRow) -> Option<Uuid> {
        Some(row.person_id)
    }

    async fn lock(tx: &Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<ContactRow>> {
        store::lock_contacts(tx.conn, tx.call.city, ids).await
    }

    async fn create(tx: &mut Tx<'_>, new: Vec<NewContact>) -> Each<ContactRow> {
        create_contacts(tx, new).await
    }

    async fn update(tx: &mut Tx<'_>, row: ContactRow, change: ContactChange) -> Result<ContactRow> {
        update_contact(tx, row, change).await
    }

    async fn end(tx: &mut Tx<'_>, row: ContactRow, until: NaiveDate) -> Result<ContactRow> {
        end_contact(tx, row, until).await
    }
}

/// Enters or changes contacts, with whom the members beside them keep in touch: who does so already goes
/// on; who does not begins on the contact's first day, or the first on which both are there, or today
/// where the contact was there before.
pub async fn upsert_contacts(
    tx: &mut Tx<'_>,
    scheme: &str,
    rows: Vec<(Upsert<ContactRecord>, Vec<Uuid>)>,
) -> Each<Upserted> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let today = today(tx);
    let (rows, named): (Vec<_>, Vec<Vec<Uuid>>) = rows.into_iter().unzip();
    // Members are locked before contacts: those who are named, and those of whom is to end.
    let mut members: BTreeSet<Uuid> = named.iter().flatten().copied().collect();
    let ending = rows.iter().filter(|row| row.record.until.is_some());
    let ending: Vec<Uuid> = ending.filter_map(|row| row.known).collect();
    if !ending.is_empty() {
        let links = store::lines(tx.conn, tx.call.city, CONTACT.turned(), ending).await?;
        members.extend(links.iter().map(|link| link.of_id));
    }
    Ends::lock(tx, members.clone()).await?;
    let mut outcomes = upsert(tx, scheme, rows).await?;
    // Who ended took links along, which made versions of members.
    let mut ends = Ends::lock(tx, members).await?;
    let made = outcomes.iter().flatten().map(|(_, row)| (row.id, row.clone()));
    ends.contacts = made.collect();
    let known = outcomes.iter().flatten().filter(|(what, _)| *what != Upserted::Created);
    let known = known.map(|(_, row)| row.id).collect();
    let linked = store::lines(tx.conn, tx.call.city, CONTACT.turned(), known).await?;
    let goes_on = |link: &&LinkRow| {
        link.voided_at.is_none() && link.until_on.is_none_or(|until| until > today)
    };
    let linked: HashSet<(Uuid, Uuid)> =
        linked.iter().filter(goes_on).map(|link| (link.other_id, link.of_id)).collect();
    let (mut places, mut new) = (Vec::new(), Vec::new());
    for (place, (outcome, members)) in outcomes.iter().zip(named).enumerate() {
        let Ok((what, row)) = outcome else { continue };
        // Whose days are over is kept in touch with no more, whatever an old file says.
        if *what != Upserted::Created && row.until_on.is_some_and(|until| until <= today) {
            continue;
        }
        for member in members.into_iter().filter(|member| !linked.contains(&(row.id, *member))) {
            let Some(holder) = ends.members.get(&member) else { continue };
            let both = row.from_on.max(holder.from_on);
            let from = if *what == Upserted::Created { both } else { both.max(today) };
            places.push(place);
            new.push(NewContactLink { member, contact: row.id, term: (from, row.until_on) });
        }
    }
    let links = ends.link(tx, new).await?;
    for (place, link) in places.into_iter().zip(links) {
        match (outcomes.get_mut(place), link) {
            (Some(Ok((what, _))), Ok(_)) if *what == Upserted::Unchanged => {
                *what = Upserted::Updated;
            }
            (Some(outcome), Err(refusal)) if outcome.is_ok() => *outcome = Err(refusal),
            _ => {}
        }
    }
    Ok(what(outcomes))
}
