//! Who keeps in touch with whom: linked, ended, voided. What happens to a link is told of both ends.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contacts::{journal_contact, locked_contact, touch};
use super::links::{self, said, why};
use super::members::{journal_member, next_version};
use super::refused;
use super::several::{Each, answered, only};
use crate::chain::rules::{self, Opening, Step, Term};
use crate::chain::store::{self, CONTACT, ContactRow, LinkRow, MemberRow};
use crate::error::{Error, Fault, Result, check};
use crate::journal::Tx;

/// A link of a member to a contact.
#[derive(Debug, Clone, Copy)]
pub struct NewContactLink {
    /// Who keeps in touch.
    pub member: Uuid,
    /// With whom.
    pub contact: Uuid,
    /// Since when, and until before when.
    pub term: Term,
}

/// Links a member to a contact while both are there; returns the link and the member's new version.
pub async fn link_contact(
    tx: &mut Tx<'_>,
    member: Uuid,
    contact: Uuid,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<(LinkRow, i64)> {
    let new = NewContactLink { member, contact, term: (from, until) };
    only(link_contacts(tx, vec![new]).await)
}

/// [`link_contact`] of several.
pub async fn link_contacts(tx: &mut Tx<'_>, new: Vec<NewContactLink>) -> Each<(LinkRow, i64)> {
    let members = new.iter().map(|link| link.member).collect();
    let contacts = new.iter().map(|link| link.contact).collect();
    let mut ends = Ends::lock(tx, members).await?;
    ends.lock_contacts(tx, contacts).await?;
    ends.link(tx, new).await
}

/// Members and contacts, locked, in the versions that were made of them last.
pub(super) struct Ends {
    pub members: BTreeMap<Uuid, MemberRow>,
    pub contacts: BTreeMap<Uuid, ContactRow>,
}

impl Ends {
    /// Locks members; contacts come after them.
    pub async fn lock(tx: &Tx<'_>, ids: BTreeSet<Uuid>) -> Result<Self> {
        let ids = ids.into_iter().collect();
        let rows = store::members_of(tx.conn, tx.call.city, ids, true).await?;
        let members = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(Self { members, contacts: BTreeMap::new() })
    }

    /// Locks contacts too.
    pub async fn lock_contacts(&mut self, tx: &Tx<'_>, ids: BTreeSet<Uuid>) -> Result<()> {
        let rows = store::lock_contacts(tx.conn, tx.call.city, ids.into_iter().collect()).await?;
        self.contacts.extend(rows.into_iter().map(|row| (row.id, row)));
        Ok(())
    }

    /// Links those of them that may be; each link makes a version of both its ends.
    pub async fn link(
        &mut self,
        tx: &mut Tx<'_>,
        new: Vec<NewContactLink>,
    ) -> Each<(LinkRow, i64)> {
        let (city, now) = (tx.call.city, tx.call.now);
        let admitted: Vec<Result<()>> = new.iter().map(|link| self.admit(link)).collect();
        let passed = new.into_iter().zip(&admitted).filter(|(_, admitted)| admitted.is_ok());
        let opening = |link: NewContactLink| {
            (link.member, Opening::new(tx.call.id(), link.contact, link.term))
        };
        let opened: Vec<(Uuid, Opening)> = passed.map(|(link, _)| opening(link)).collect();
        store::open_links(tx.conn, city, CONTACT, &opened).await.map_err(refused)?;
        let (mut of_members, mut of_contacts) = (BTreeMap::new(), BTreeMap::new());
        let mut made = Vec::with_capacity(opened.len());
        for (member, new) in opened {
            let link = LinkRow::opened(member, new);
            let ends = (self.members.get_mut(&member), self.contacts.get_mut(&new.other));
            let (Some(member), Some(contact)) = ends else { continue };
            let after = told(&link, None);
            for (version, at) in [
                (&mut member.version, &mut member.updated_at),
                (&mut contact.version, &mut contact.updated_at),
            ] {
                *version += 1;
                *at = now;
            }
            journal_member(tx, "member.contact_linked", member, None, after.clone()).await?;
            journal_contact(tx, "contact.linked", contact, after).await?;
            of_members.insert(member.id, member.version);
            of_contacts.insert(contact.id, contact.version);
            made.push((link, member.version));
        }
        store::version_members(tx.conn, city, of_members.into_iter().collect(), now).await?;
        store::version_contacts(tx.conn, city, of_contacts.into_iter().collect(), now).await?;
        Ok(answered(admitted, made))
    }

    fn admit(&self, link: &NewContactLink) -> Result<()> {
        let member = self.members.get(&link.member).ok_or_else(Error::not_found)?;
        let contact = self.contacts.get(&link.contact);
        let mut faults = Vec::new();
        if contact.is_none() {
            faults.push(Fault::reference("/contact_id", "联系人", "contact"));
        }
        let (from, until) = link.term;
        if until.is_some_and(|until| until <= from) {
            faults.push(rules::Refusal::NotAfterFrom.into());
        }
        let terms = [Some(member.term()), contact.map(|row| (row.from_on, row.until_on))];
        let mut terms = terms.into_iter().flatten();
        let outside = terms.find_map(|term| rules::lies_within(term, link.term).err());
        faults.extend(outside.map(Fault::from));
        check(faults)
    }
}

/// Ends a link before `until`.
pub async fn end_link(
    tx: &mut Tx<'_>,
    mut member: MemberRow,
    link: Uuid,
    until: NaiveDate,
) -> Result<(LinkRow, i64)> {
    let mut link = locked_link(tx, &member, link).await?;
    let step = rules::end(&link.dated(), until).map_err(why)?;
    let mut contact = locked_contact(tx, link.other_id).await?;
    links::write(tx, CONTACT, member.id, vec![step]).await?;
    link.until_on = Some(until);
    let kinds = ("member.contact_ended", "contact.link_ended");
    journal_link(tx, kinds, &mut member, &mut contact, &link, None).await?;
    Ok((link, member.version))
}

/// Voids a link that was a mistake; `reason` is a code.
pub async fn void_link(
    tx: &mut Tx<'_>,
    mut member: MemberRow,
    link: Uuid,
    reason: &str,
) -> Result<(LinkRow, i64)> {
    let mut link = locked_link(tx, &member, link).await?;
    if link.voided_at.is_some() {
        return Err(why(rules::Refusal::Voided));
    }
    let mut contact = locked_contact(tx, link.other_id).await?;
    links::write(tx, CONTACT, member.id, vec![Step::Void(link.id)]).await?;
    link.voided_at = Some(tx.call.now);
    let kinds = ("member.contact_voided", "contact.link_voided");
    journal_link(tx, kinds, &mut member, &mut contact, &link, Some(reason)).await?;
    Ok((link, member.version))
}

async fn locked_link(tx: &mut Tx<'_>, member: &MemberRow, link: Uuid) -> Result<LinkRow> {
    let found = store::lock_link(tx.conn, tx.call.city, CONTACT, member.id, link).await?;
    found.ok_or_else(Error::not_found)
}

/// What happened to a link is told of both its ends.
pub(super) async fn journal_link(
    tx: &mut Tx<'_>,
    (of_member, of_contact): (&'static str, &'static str),
    member: &mut MemberRow,
    contact: &mut ContactRow,
    link: &LinkRow,
    reason: Option<&str>,
) -> Result<()> {
    let after = told(link, reason);
    next_version(tx, member).await?;
    journal_member(tx, of_member, member, None, after.clone()).await?;
    touch(tx, contact).await?;
    journal_contact(tx, of_contact, contact, after).await
}

/// What the journal says of a link.
fn told(link: &LinkRow, reason: Option<&str>) -> Value {
    let mut after = said(link, "member_id", "contact_id");
    after["reason"] = json!(reason);
    after
}
