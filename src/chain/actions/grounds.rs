//! What stands on a seat in the chair meeting, or on a place in a party branch, ends with it. Whoever
//! gives a member such a link holds the member, and so does whoever takes the ground from under it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::areas::{end_area, void_area};
use super::relations::parted;
use super::{organizations, party, refused};
use crate::chain::kinds::LinkKind;
use crate::chain::rules::Term;
use crate::chain::rules::grounds::{self, Cut};
use crate::chain::store::{self, LinkRow, PARTY_LINK, Relation};
use crate::error::Result;
use crate::journal::Tx;

/// Why a link is voided that has nothing to stand on.
const LEFT_CHAIR: &str = "not_of_chair_meeting";
const LEFT_BRANCH: &str = "not_in_branch";

/// When the member is in a party branch.
pub(super) async fn in_branch(tx: &Tx<'_>, member: Uuid) -> Result<Vec<Term>> {
    let branches = Relation::of_kind(LinkKind::BranchMember).turned();
    let line = store::line(tx.conn, tx.call.city, branches, member).await?;
    Ok(line.iter().filter(|link| link.voided_at.is_none()).map(LinkRow::term).collect())
}

/// The member sits in the chair meeting on fewer days than before, none of them before `since`: the
/// committees and areas that they answer for as one who does follow.
pub(super) async fn chair_left(tx: &mut Tx<'_>, member: Uuid, since: NaiveDate) -> Result<()> {
    let city = tx.call.city;
    // Who is voided has lost all of it already, or is about to.
    if store::lock_member(tx.conn, city, member).await?.is_none() {
        return Ok(());
    }
    let ground = store::chair_terms(tx.conn, city, member).await?;
    let kind = LinkKind::ChairMember;
    for link in cut_links(tx, Relation::of_kind(kind), member, &ground).await? {
        let (what, after) = parted(kind, &link, LEFT_CHAIR);
        let Some(committee) = store::any_organization(tx.conn, city, link.of_id).await? else {
            continue;
        };
        organizations::touch(tx, committee.id, what, committee.places(), after).await?;
    }
    for area in store::lock_areas_of(tx.conn, city, member, since).await? {
        if area.holder_kind != "chair_member" {
            continue;
        }
        match grounds::cut(area.term(), &ground) {
            Some(Cut::Until(until)) => end_area(tx, area, until).await.map(drop)?,
            Some(Cut::Void) => void_area(tx, area, LEFT_CHAIR).await.map(drop)?,
            None => {}
        }
    }
    Ok(())
}

/// The member is in a party branch on fewer days than before: whom they keep in touch with follows.
pub(super) async fn branch_left(tx: &mut Tx<'_>, member: Uuid) -> Result<()> {
    let found = store::lock_member(tx.conn, tx.call.city, member).await?;
    let Some(mut row) = found else { return Ok(()) };
    let ground = in_branch(tx, member).await?;
    for link in cut_links(tx, PARTY_LINK, member, &ground).await? {
        party::parted(tx, &mut row, &link, LEFT_BRANCH).await?;
    }
    Ok(())
}

/// Ends or voids the member's links, of whichever end they are, that have less to stand on; returns
/// those as they are then, by what they name first.
async fn cut_links(
    tx: &Tx<'_>,
    relation: Relation,
    member: Uuid,
    ground: &[Term],
) -> Result<Vec<LinkRow>> {
    let (city, now) = (tx.call.city, tx.call.now);
    let by_member = if relation == PARTY_LINK { relation } else { relation.turned() };
    let mut changed = Vec::new();
    for link in store::line(tx.conn, city, by_member, member).await? {
        if link.voided_at.is_some() {
            continue;
        }
        let until = match grounds::cut(link.term(), ground) {
            Some(Cut::Until(until)) => Some(until),
            Some(Cut::Void) => None,
            None => continue,
        };
        let one = (link.of_id, Some(link.id));
        let closed = store::close_links(tx.conn, city, relation, one, until, now).await;
        changed.extend(closed.map_err(refused)?);
    }
    changed.sort_by_key(|link| link.of_id);
    Ok(changed)
}
