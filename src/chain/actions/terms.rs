//! Members and contacts who leave, or were entered by mistake: with them goes what joins them to
//! others, and the others are told. Members are locked before contacts, each kind by id.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::areas::close_areas;
use super::contacts::{contact_for, journal_contact, touch};
use super::links::{self, said, why};
use super::members::{journal_member, next_version};
use super::placing::place;
use super::posts::leave_post;
use crate::auth::{self, Actor, Grant, Place, Role};
use crate::chain::kinds::LinkKind;
use crate::chain::rules;
use crate::chain::store::{
    self, CONTACT, ContactRow, HOLDING, LinkRow, MemberRow, PARTY_LINK, Relation,
};
use crate::error::{Code, Error, Result};
use crate::journal::Tx;

/// Ends a member's term before `until`.
pub async fn end_member(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    until: NaiveDate,
) -> Result<MemberRow> {
    rules::term_ends((row.from_on, row.until_on), until).map_err(why)?;
    let before = json!({ "until": row.until_on });
    row.until_on = Some(until);
    let after = json!({ "until": until });
    member_goes(tx, row, Some(until), "member.ended", (before, after)).await
}

/// Voids a member who was entered by mistake; `reason` is a code.
pub async fn void_member(tx: &mut Tx<'_>, mut row: MemberRow, reason: &str) -> Result<MemberRow> {
    row.voided_at = Some(tx.call.now);
    let (before, after) = (json!({ "until": row.until_on }), json!({ "reason": reason }));
    member_goes(tx, row, None, "member.voided", (before, after)).await
}

/// Closes everything that joins the member to others, before `until`; all of it where that is none.
async fn member_goes(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    until: Option<NaiveDate>,
    kind: &'static str,
    (before, mut after): (Value, Value),
) -> Result<MemberRow> {
    let (city, now, id) = (tx.call.city, tx.call.now, row.id);
    store::close_links(tx.conn, city, store::SECTOR, (id, None), until, now).await?;
    let line = links::line(tx, store::SECTOR, id).await?;
    place(tx, &mut row, &line).await?;
    after["parted"] = json!(party_parts(tx, id, until).await?);
    next_version(tx, &mut row).await?;
    journal_member(tx, kind, &row, Some(before), after).await?;
    contacts_lose(tx, store::close_links(tx.conn, city, CONTACT, (id, None), until, now).await?)
        .await?;
    posts_left(tx, id, until).await?;
    let grant = Grant { role: Role::Member, place: Place::Member(id) };
    auth::end_following(tx, id, grant, (row.from_on, None), until).await?;
    close_areas(tx, (id, row.from_on), until, LEFT).await?;
    Ok(row)
}

/// Contacts whose links to a member were closed: each in a new version, by id.
async fn contacts_lose(tx: &mut Tx<'_>, closed: Vec<LinkRow>) -> Result<()> {
    for (contact, links) in by_other(closed) {
        let found = store::lock_contact(tx.conn, tx.call.city, contact).await?;
        let Some(mut row) = found else { continue };
        touch(tx, &mut row).await?;
        let after = json!({ "links": told(&links, "member_id", "contact_id") });
        journal_contact(tx, "contact.links_closed", &row, after).await?;
    }
    Ok(())
}

fn by_other(links: Vec<LinkRow>) -> BTreeMap<Uuid, Vec<LinkRow>> {
    let mut grouped: BTreeMap<Uuid, Vec<LinkRow>> = BTreeMap::new();
    for link in links {
        grouped.entry(link.other_id).or_default().push(link);
    }
    grouped
}

fn told(links: &[LinkRow], of: &str, other: &str) -> Vec<Value> {
    links.iter().map(|link| said(link, of, other)).collect()
}

/// Why what joined a member to others is voided when they go.
const LEFT: &str = "member_left";

/// Leaves every post of the member; what a convener may goes with it.
async fn posts_left(tx: &mut Tx<'_>, id: Uuid, until: Option<NaiveDate>) -> Result<()> {
    let city = tx.call.city;
    let goes_on = |link: &LinkRow| {
        link.voided_at.is_none()
            && until.is_none_or(|day| link.until_on.is_none_or(|over| over > day))
    };
    for link in
        store::line(tx.conn, city, HOLDING.mirrored(), id).await?.into_iter().filter(goes_on)
    {
        let Some(mut post) = store::lock_post(tx.conn, city, link.other_id).await? else {
            continue;
        };
        let owner = store::any_organization(tx.conn, city, post.organization_id).await?;
        let Some(owner) = owner else { continue };
        let day = until.filter(|day| *day > link.from_on);
        leave_post(tx, (&mut post, &owner), link.id, day, Some(LEFT)).await?;
    }
    Ok(())
}

/// Closes what joins the member to committees, a branch, groups and other members; the links' ids.
async fn party_parts(tx: &mut Tx<'_>, id: Uuid, until: Option<NaiveDate>) -> Result<Vec<Uuid>> {
    let relations = [
        Relation::of_kind(LinkKind::ChairMember).turned(),
        Relation::of_kind(LinkKind::BranchMember).turned(),
        Relation::of_kind(LinkKind::GroupMember).turned(),
        PARTY_LINK,
        PARTY_LINK.turned(),
    ];
    let mut parted = Vec::new();
    for relation in relations {
        let (city, now) = (tx.call.city, tx.call.now);
        let closed = store::close_links(tx.conn, city, relation, (id, None), until, now).await?;
        parted.extend(closed.into_iter().map(|link| link.id));
    }
    Ok(parted)
}

/// [`contact_for`], with the members it is linked to locked before it.
pub async fn leaving_contact_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<ContactRow> {
    let city = tx.call.city;
    let links = store::line(tx.conn, city, CONTACT.mirrored(), id).await?;
    let members = by_other(links);
    for member in members.keys() {
        store::lock_member(tx.conn, city, *member).await?;
    }
    let row = contact_for(tx, actor, id).await?;
    // Somebody was linked between the two locks: the next attempt locks them too.
    let links = store::line(tx.conn, city, CONTACT.mirrored(), id).await?;
    if links.iter().any(|link| !members.contains_key(&link.other_id)) {
        return Err(Error { retry_after: Some(1), ..Error::new(Code::StillRunning) });
    }
    Ok(row)
}

/// Ends a contact's term before `until`.
pub async fn end_contact(
    tx: &mut Tx<'_>,
    mut row: ContactRow,
    until: NaiveDate,
) -> Result<ContactRow> {
    rules::term_ends((row.from_on, row.until_on), until).map_err(why)?;
    row.until_on = Some(until);
    contact_goes(tx, row, Some(until), "contact.ended", json!({ "until": until })).await
}

/// Voids a contact who was entered by mistake; `reason` is a code.
pub async fn void_contact(
    tx: &mut Tx<'_>,
    mut row: ContactRow,
    reason: &str,
) -> Result<ContactRow> {
    row.voided_at = Some(tx.call.now);
    contact_goes(tx, row, None, "contact.voided", json!({ "reason": reason })).await
}

/// Closes the contact's links to members, before `until`; all of them where that is none.
async fn contact_goes(
    tx: &mut Tx<'_>,
    mut row: ContactRow,
    until: Option<NaiveDate>,
    kind: &'static str,
    after: Value,
) -> Result<ContactRow> {
    let (city, now) = (tx.call.city, tx.call.now);
    let closed =
        store::close_links(tx.conn, city, CONTACT.mirrored(), (row.id, None), until, now).await?;
    for (member, links) in by_other(closed) {
        let found = store::lock_member(tx.conn, city, member).await?;
        let Some(mut member) = found else { continue };
        next_version(tx, &mut member).await?;
        let after = json!({ "links": told(&links, "contact_id", "member_id") });
        journal_member(tx, "member.links_closed", &member, None, after).await?;
    }
    touch(tx, &mut row).await?;
    journal_contact(tx, kind, &row, after).await?;
    Ok(row)
}
