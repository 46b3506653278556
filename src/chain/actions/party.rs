//! Whom a party member keeps in touch with outside the party (党员委员联系党外委员).

use serde_json::json;
use uuid::Uuid;

use super::grounds::in_branch;
use super::keeping::keeps_party_member;
use super::links::why;
use super::members::{journal_member, locked_member, next_version};
use super::relations::stopped;
use super::{Stop, against, refused};
use crate::auth::Actor;
use crate::chain::kinds::LinkKind;
use crate::chain::rules::organizations::Refusal;
use crate::chain::rules::{self, Opening, Term, grounds};
use crate::chain::store::{self, LinkRow, MemberRow, PARTY_LINK, Relation};
use crate::error::{Error, Fault, Result};
use crate::journal::Tx;

const IN_BRANCH: Relation = Relation::of_kind(LinkKind::BranchMember).turned();

/// Loads and locks a party member whose links outside the party `actor` may change, in the version
/// they saw. With whom they are to keep in touch is locked too, both in the order of their ids: whoever
/// of the two leaves meanwhile waits, and then takes the link along.
pub async fn party_member_for(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    other: Option<Uuid>,
) -> Result<MemberRow> {
    if let Some(other) = other.filter(|other| *other < id) {
        store::lock_member(tx.conn, tx.call.city, other).await?;
    }
    let row = locked_member(tx, id).await?;
    keeps_party_member(tx, actor, &row).await?;
    tx.call.expect(row.version)?;
    Ok(row)
}

/// A party member keeps in touch with `other`, who is outside the party, while both are members and
/// the one is in a party branch. On the first day the other is in none. Returns the link and the party
/// member's new version.
pub async fn lead_member(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    other: Uuid,
    (from, until): Term,
) -> Result<(LinkRow, i64)> {
    let city = tx.call.city;
    let Some(led) = store::lock_member(tx.conn, city, other).await? else {
        return Err(Error::invalid(vec![Fault::reference("/member_id", "委员", "member")]));
    };
    let ground = in_branch(tx, row.id).await?;
    let Some(ground) = grounds::lasts(&ground, from) else {
        return Err(against(Refusal::NotInBranch));
    };
    if store::link_on(tx.conn, city, IN_BRANCH, other, from).await?.is_some() {
        return Err(against(Refusal::InBranch));
    }
    let sides = [(row.from_on, row.until_on), (led.from_on, led.until_on), ground];
    let until = rules::joined(&sides, from, until).map_err(why)?;
    let new = Opening::new(tx.call.id(), other, (from, until));
    let link = store::open_link(tx.conn, city, PARTY_LINK, row.id, new).await.map_err(refused)?;
    changed(tx, &mut row, "member.party_linked", &link, None).await?;
    Ok((link, row.version))
}

/// Ends or voids a link of a party member. Returns it and the party member's new version.
pub async fn part_from_member(
    tx: &mut Tx<'_>,
    mut row: MemberRow,
    link: Uuid,
    stop: Stop<'_>,
) -> Result<(LinkRow, i64)> {
    let found = store::lock_link(tx.conn, tx.call.city, PARTY_LINK, row.id, link).await?;
    let found = found.ok_or_else(Error::not_found)?;
    let link = stopped(tx, PARTY_LINK, row.id, found, stop).await?;
    let (kind, reason) = match stop {
        Stop::Until(_) => ("member.party_link_ended", None),
        Stop::Void(reason) => ("member.party_link_voided", Some(reason)),
    };
    changed(tx, &mut row, kind, &link, reason).await?;
    Ok((link, row.version))
}

/// Tells of a link of `row` that ended, or was voided, with their time in the branch.
pub(super) async fn parted(
    tx: &mut Tx<'_>,
    row: &mut MemberRow,
    link: &LinkRow,
    why: &str,
) -> Result<()> {
    let void = link.voided_at.is_some();
    let kind = if void { "member.party_link_voided" } else { "member.party_link_ended" };
    changed(tx, row, kind, link, Some(why)).await
}

async fn changed(
    tx: &mut Tx<'_>,
    row: &mut MemberRow,
    kind: &'static str,
    link: &LinkRow,
    reason: Option<&str>,
) -> Result<()> {
    next_version(tx, row).await?;
    let after = json!({ "link_id": link.id, "member_id": link.other_id, "from": link.from_on,
        "until": link.until_on, "voided_at": link.voided_at, "reason": reason });
    journal_member(tx, kind, row, None, after).await
}
