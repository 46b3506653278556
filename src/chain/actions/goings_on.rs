//! Members and contacts who go on after all: their end was a mistake. What ended with the term by itself
//! goes on with it: the sector, the links between members and contacts, what a member's account may. A
//! post, an area, a branch may be somebody else's by now: these are given anew.

use chrono::NaiveDate;
use serde_json::json;

use super::contact_links::{Ends, journal_link};
use super::contacts::{journal_contact, touch};
use super::links::{self, why};
use super::members::{journal_member, next_version};
use super::placing::place;
use super::{number_taken, refused};
use crate::auth::{self, Grant, Place, Role};
use crate::chain::rules::persons::share_a_day;
use crate::chain::rules::{self, Refusal, Step, Term};
use crate::chain::store::{self, CONTACT, ContactRow, Keyed, LinkRow, MemberRow, Relation, SECTOR};
use crate::error::{Code, Error, Result};
use crate::journal::Tx;

/// Takes back the end of a member's term.
pub async fn continue_member(tx: &mut Tx<'_>, mut row: MemberRow) -> Result<MemberRow> {
    let over = row.until_on.ok_or_else(|| why(Refusal::NoEnd))?;
    number_is_free(tx, Keyed::Member, (&row.number, over)).await?;
    let city = tx.call.city;
    // They may have been merged with another member since; a merge under way waits or is waited for.
    store::lock_persons(tx.conn, city, vec![row.person_id]).await?;
    let members = store::members_of_person(tx.conn, city, row.person_id).await?;
    let again = |other: &MemberRow| share_a_day(other.term(), (over, None));
    if members.iter().any(|other| other.id != row.id && again(other)) {
        return Err(Error::say(
            Code::Overlap,
            "该人员此后已是另一名委员",
            "the person is another member after that day",
        ));
    }
    row.until_on = None;
    for link in ended_then(tx, SECTOR, row.id, over).await? {
        let sector = store::hold_organization(tx.conn, city, link.other_id).await?;
        let Some(sector) = sector else { continue };
        let until = rules::outlasts(&[sector.term()], over);
        links::write(
            tx,
            SECTOR,
            row.id,
            until.map(|until| Step::Until(link.id, until)).into_iter().collect(),
        )
        .await?;
    }
    let line = links::line(tx, SECTOR, row.id).await?;
    place(tx, &mut row, &line).await?;
    next_version(tx, &mut row).await?;
    let (before, after) = (json!({ "until": over }), json!({ "until": null }));
    journal_member(tx, "member.continued", &row, Some(before), after).await?;
    let grant = Grant { role: Role::Member, place: Place::Member(row.id) };
    auth::continue_following(tx, row.id, grant, over).await?;
    let ended = ended_then(tx, CONTACT, row.id, over).await?;
    let mut ends = Ends::lock(tx, [row.id].into()).await?;
    ends.lock_contacts(tx, ended.iter().map(|link| link.other_id).collect()).await?;
    go_on(tx, &mut ends, ended, over).await?;
    Ok(ends.members.remove(&row.id).unwrap_or(row))
}

/// Takes back the end of a contact's term. The members linked to it are locked.
pub async fn continue_contact(tx: &mut Tx<'_>, mut row: ContactRow) -> Result<ContactRow> {
    let over = row.until_on.ok_or_else(|| why(Refusal::NoEnd))?;
    number_is_free(tx, Keyed::Contact, (&row.number, over)).await?;
    row.until_on = None;
    touch(tx, &mut row).await?;
    journal_contact(tx, "contact.continued", &row, json!({ "until": null })).await?;
    let ended = ended_then(tx, CONTACT.turned(), row.id, over).await?;
    let mut ends = Ends::lock(tx, ended.iter().map(|link| link.of_id).collect()).await?;
    let id = row.id;
    ends.contacts.insert(id, row.clone());
    go_on(tx, &mut ends, ended, over).await?;
    Ok(ends.contacts.remove(&id).unwrap_or(row))
}

/// 409 where somebody else had the number on a day from `over` on; who goes on is refused by the index.
async fn number_is_free(tx: &Tx<'_>, of: Keyed, (number, over): (&str, NaiveDate)) -> Result<()> {
    let wanted = vec![(number.to_owned(), over)];
    let kept = store::numbers_kept(tx.conn, tx.call.city, of, wanted).await?;
    if kept.is_empty() { Ok(()) } else { Err(number_taken()) }
}

/// The links of `of` that ended on `over`.
async fn ended_then(
    tx: &Tx<'_>,
    relation: Relation,
    of: uuid::Uuid,
    over: NaiveDate,
) -> Result<Vec<LinkRow>> {
    let mut line = store::line(tx.conn, tx.call.city, relation, of).await?;
    line.retain(|link| link.voided_at.is_none() && link.until_on == Some(over));
    Ok(line)
}

/// Links that ended on `over` go on as long as both their ends do; both are told.
async fn go_on(
    tx: &mut Tx<'_>,
    ends: &mut Ends,
    ended: Vec<LinkRow>,
    over: NaiveDate,
) -> Result<()> {
    let city = tx.call.city;
    for mut link in ended {
        let both = (ends.members.get_mut(&link.of_id), ends.contacts.get_mut(&link.other_id));
        let (Some(member), Some(contact)) = both else { continue };
        let terms: [Term; 2] = [member.term(), (contact.from_on, contact.until_on)];
        let Some(until) = rules::outlasts(&terms, over) else { continue };
        store::set_until(tx.conn, city, CONTACT, link.id, until).await.map_err(refused)?;
        link.until_on = until;
        let kinds = ("member.contact_continued", "contact.link_continued");
        journal_link(tx, kinds, member, contact, &link, None).await?;
    }
    Ok(())
}
