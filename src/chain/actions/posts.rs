//! Posts: made, renamed, held, left, ended, voided. The post is the fact, a convener's grant the permission:
//! it follows the post.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::grounds::chair_left;
use super::links::why;
use super::{against, organizes, refused};
use crate::auth::{self, Actor, Grant, Place, Role};
use crate::chain::kinds::{OrgKind, PostKind};
use crate::chain::rules::organizations::Refusal;
use crate::chain::rules::{self, Opening, Term};
use crate::chain::store::{self, HOLDING, LinkRow, Org, PostRow, days};
use crate::error::{Code, Error, Fault, Result};
use crate::journal::{Entry, Tx};

/// A post to make.
#[derive(Debug, Clone)]
pub struct NewPost<'a> {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// What it is.
    pub kind: PostKind,
    /// As people say it.
    pub title: &'a str,
    /// Since when.
    pub from: NaiveDate,
}

/// Loads and locks a post, with its organisation, which `actor` may change, in the version they saw.
pub async fn post_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<(PostRow, Org)> {
    let row = store::lock_post(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)?;
    let owner = store::any_organization(tx.conn, tx.call.city, row.organization_id).await?;
    let owner = owner.ok_or_else(Error::not_found)?;
    organizes(actor, owner.county_code)?;
    tx.call.expect(row.version)?;
    Ok((row, owner))
}

/// The organisation for which `actor` may make a post, until the end of the transaction there.
pub async fn owner_for(tx: &mut Tx<'_>, actor: &Actor, organization: Uuid) -> Result<Org> {
    let found = store::hold_organization(tx.conn, tx.call.city, organization).await?;
    let Some(owner) = found else {
        let fault = Fault::reference("/organization_id", "组织", "organisation");
        return Err(Error::invalid(vec![fault]));
    };
    organizes(actor, owner.county_code).map_err(|error| match error.code {
        Code::NotFound => {
            Error::invalid(vec![Fault::reference("/organization_id", "组织", "organisation")])
        }
        _ => error,
    })?;
    Ok(owner)
}

/// Makes a post of an organisation; it lasts as long as that.
pub async fn create_post(tx: &mut Tx<'_>, owner: &Org, new: NewPost<'_>) -> Result<PostRow> {
    let fits = OrgKind::parse(&owner.kind).is_some_and(|kind| new.kind.fits(kind));
    if !fits {
        return Err(against(Refusal::WrongPost));
    }
    let until = rules::joined(&[owner.term()], new.from, None).map_err(why)?;
    let (city, id) = (tx.call.city, new.id.unwrap_or_else(|| tx.call.id()));
    let row = store::NewPostRow {
        city_code: city,
        id,
        organization_id: owner.id,
        kind: new.kind.as_str().to_owned(),
        title: new.title.to_owned(),
        during: days(new.from, until),
        version: 1,
        created_at: tx.call.now,
    };
    store::insert_post(tx.conn, row).await.map_err(refused)?;
    let row = store::post(tx.conn, city, id).await?.ok_or_else(Error::not_found)?;
    let after = json!({ "organization_id": owner.id, "kind": new.kind, "from": new.from });
    journal_post(tx, "post.created", &row, owner, after).await?;
    Ok(row)
}

/// Gives a post another title.
pub async fn update_post(
    tx: &mut Tx<'_>,
    mut row: PostRow,
    owner: &Org,
    title: Option<String>,
) -> Result<PostRow> {
    row.title = title.unwrap_or(row.title);
    let after = json!({ "title": row.title });
    save(tx, &mut row, owner, "post.updated", after).await?;
    Ok(row)
}

/// `member` holds the post from `from`, while both are there; nobody else does. A convener's account
/// may convene on the same days.
pub async fn hold_post(
    tx: &mut Tx<'_>,
    (row, owner): (&mut PostRow, &Org),
    member: Uuid,
    (from, until): Term,
) -> Result<LinkRow> {
    let city = tx.call.city;
    let Some(holder) = store::lock_member(tx.conn, city, member).await? else {
        return Err(Error::invalid(vec![Fault::reference("/member_id", "委员", "member")]));
    };
    let sides = [row.term(), (holder.from_on, holder.until_on)];
    let until = rules::joined(&sides, from, until).map_err(why)?;
    let new = Opening::new(tx.call.id(), member, (from, until));
    let link = store::open_link(tx.conn, city, HOLDING, row.id, new).await.map_err(refused)?;
    if convenes(row, owner) {
        auth::let_convene(tx, member, owner.id, (from, until)).await?;
    }
    save(tx, row, owner, "post.held", said(&link)).await?;
    Ok(link)
}

/// Whether who holds the post is the convener of a sector.
fn convenes(row: &PostRow, owner: &Org) -> bool {
    row.kind == PostKind::Convener.as_str() && owner.kind == OrgKind::Sector.as_str()
}

/// Ends who holds a post before `until`, or voids it where there is no `until`.
pub async fn leave_post(
    tx: &mut Tx<'_>,
    (row, owner): (&mut PostRow, &Org),
    link: Uuid,
    until: Option<NaiveDate>,
    reason: Option<&str>,
) -> Result<LinkRow> {
    let city = tx.call.city;
    let link = store::lock_link(tx.conn, city, HOLDING, row.id, link).await?;
    let link = link.ok_or_else(Error::not_found)?;
    if link.voided_at.is_some() {
        return Err(Error::new(Code::AlreadyDone));
    }
    if let Some(until) = until {
        rules::term_ends(link.term(), until).map_err(why)?;
    }
    let closed = close_holding(tx, (row, owner), Some(&link), until).await?;
    let link = closed.into_iter().next().unwrap_or(link);
    let kind = if until.is_some() { "post.left" } else { "post.holder_voided" };
    let mut after = said(&link);
    after["reason"] = json!(reason);
    save(tx, row, owner, kind, after).await?;
    Ok(link)
}

/// Closes who holds the post, or the one link; the grants of conveners follow, and what stands on a seat
/// in the chair meeting.
async fn close_holding(
    tx: &mut Tx<'_>,
    (row, owner): (&PostRow, &Org),
    only: Option<&LinkRow>,
    until: Option<NaiveDate>,
) -> Result<Vec<LinkRow>> {
    let (city, now, which) = (tx.call.city, tx.call.now, (row.id, only.map(|link| link.id)));
    let closed =
        store::close_links(tx.conn, city, HOLDING, which, until, now).await.map_err(refused)?;
    let grant = Grant { role: Role::Convener, place: Place::Sector(owner.id) };
    for link in closed.iter().filter(|_| convenes(row, owner)) {
        let during = (link.from_on, only.and_then(|before| before.until_on));
        auth::end_following(tx, link.other_id, grant, during, until).await?;
    }
    if owner.kind == OrgKind::ChairMeeting.as_str() {
        let mut left: Vec<_> = closed.iter().map(|link| (link.other_id, link.from_on)).collect();
        left.sort_unstable();
        for (member, since) in left {
            chair_left(tx, member, since).await?;
        }
    }
    Ok(closed)
}

/// Ends a post before `until`: whoever holds it, does no longer.
pub async fn end_post(
    tx: &mut Tx<'_>,
    row: PostRow,
    owner: &Org,
    until: NaiveDate,
) -> Result<PostRow> {
    rules::term_ends(row.term(), until).map_err(why)?;
    close_post(tx, row, owner, Some(until), None).await
}

/// Voids a post that was entered by mistake, with who held it; `reason` is a code.
pub async fn void_post(
    tx: &mut Tx<'_>,
    row: PostRow,
    owner: &Org,
    reason: &str,
) -> Result<PostRow> {
    close_post(tx, row, owner, None, Some(reason)).await
}

/// Closes a post with who holds it; one that ends earlier is left as it is, one that has not begun by
/// then is voided.
pub(super) async fn close_post(
    tx: &mut Tx<'_>,
    mut row: PostRow,
    owner: &Org,
    until: Option<NaiveDate>,
    reason: Option<&str>,
) -> Result<PostRow> {
    if until.is_some_and(|until| row.until_on.is_some_and(|old| old < until)) {
        return Ok(row);
    }
    let closed = close_holding(tx, (&row, owner), None, until).await?;
    let kind = match until.filter(|until| *until > row.from_on) {
        Some(until) => {
            row.until_on = Some(until);
            "post.ended"
        }
        None => {
            row.voided_at = Some(tx.call.now);
            "post.voided"
        }
    };
    let holders: Vec<_> = closed.iter().map(said).collect();
    let after = json!({ "until": row.until_on, "reason": reason, "holders": holders });
    save(tx, &mut row, owner, kind, after).await?;
    Ok(row)
}

fn said(link: &LinkRow) -> Value {
    json!({ "link_id": link.id, "member_id": link.other_id, "from": link.from_on,
        "until": link.until_on, "voided_at": link.voided_at })
}

async fn save(
    tx: &mut Tx<'_>,
    row: &mut PostRow,
    owner: &Org,
    kind: &'static str,
    after: Value,
) -> Result<()> {
    row.version += 1;
    store::update_post(tx.conn, tx.call.city, row).await?;
    journal_post(tx, kind, row, owner, after).await
}

async fn journal_post(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &PostRow,
    owner: &Org,
    after: Value,
) -> Result<()> {
    let (object_kind, object_id, version, places) = ("post", row.id, row.version, owner.places());
    let (before, after) = (None, Some(after));
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(())
}
