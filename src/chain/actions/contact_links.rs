//! Who keeps in touch with whom: linked, ended, voided. What happens to a link is told of both ends.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::contacts::{journal_contact, locked_contact, touch};
use super::links::{self, said, why};
use super::members::{journal_member, locked_member, next_version};
use super::refused;
use crate::chain::rules::{self, Opening, Step};
use crate::chain::store::{self, CONTACT, ContactRow, LinkRow, MemberRow};
use crate::error::{Error, Fault, Result, check};
use crate::journal::Tx;

/// Links a member to a contact while both are there; returns the link and the member's new version.
pub async fn link_contact(
    tx: &mut Tx<'_>,
    member: Uuid,
    contact: Uuid,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<(LinkRow, i64)> {
    let city = tx.call.city;
    let mut member = locked_member(tx, member).await?;
    let mut faults = Vec::new();
    let found = store::lock_contact(tx.conn, city, contact).await?;
    if found.is_none() {
        faults.push(Fault::reference("/contact_id", "联系人", "contact"));
    }
    let backwards = until.is_some_and(|until| until <= from);
    if backwards {
        faults.push(rules::Refusal::NotAfterFrom.into());
    }
    let terms = [
        Some((member.from_on, member.until_on)),
        found.as_ref().map(|contact| (contact.from_on, contact.until_on)),
    ];
    let mut terms = terms.into_iter().flatten();
    let outside = terms.find_map(|term| rules::lies_within(term, (from, until)).err());
    faults.extend(outside.map(Fault::from));
    check(faults)?;
    let Some(mut contact) = found else { return Err(Error::not_found()) };
    let (id, other) = (tx.call.id(), contact.id);
    let new = Opening::new(id, other, (from, until));
    let link = store::open_link(tx.conn, city, CONTACT, member.id, new).await.map_err(refused)?;
    let kinds = ("member.contact_linked", "contact.linked");
    journal_link(tx, kinds, &mut member, &mut contact, &link, None).await?;
    Ok((link, member.version))
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
async fn journal_link(
    tx: &mut Tx<'_>,
    (of_member, of_contact): (&'static str, &'static str),
    member: &mut MemberRow,
    contact: &mut ContactRow,
    link: &LinkRow,
    reason: Option<&str>,
) -> Result<()> {
    let mut after = said(link, "member_id", "contact_id");
    after["reason"] = json!(reason);
    next_version(tx, member).await?;
    journal_member(tx, of_member, member, None, after.clone()).await?;
    touch(tx, contact).await?;
    journal_contact(tx, of_contact, contact, after).await
}
