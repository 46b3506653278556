//! What is joined to an organisation: counterpart departments (对口部门) and chair-meeting members in
//! charge (分工负责) of a committee, members of a party branch or a group; and how that, and who guides a
//! sector, ends.

use serde_json::{Value, json};
use uuid::Uuid;

use super::grounds::branch_left;
use super::links::why;
use super::{against, guidances, organizations, refused};
use crate::chain::kinds::{LinkKind, OrgKind};
use crate::chain::rules::organizations::Refusal;
use crate::chain::rules::{self, Opening, Term, grounds};
use crate::chain::store::{self, KindRow, LinkRow, Org, Relation};
use crate::error::{Code, Error, Fault, Result};
use crate::journal::Tx;

/// How a link stops.
#[derive(Debug, Clone, Copy)]
pub enum Stop<'a> {
    /// Before a day.
    Until(chrono::NaiveDate),
    /// It was a mistake; a code says which.
    Void(&'a str),
}

/// Joins `other` to an organisation, while both are there. Returns the link and the organisation's
/// new version.
pub async fn join_organization(
    tx: &mut Tx<'_>,
    row: &Org,
    kind: LinkKind,
    other: Uuid,
    (from, until): Term,
) -> Result<(KindRow, i64)> {
    let city = tx.call.city;
    if !OrgKind::parse(&row.kind).is_some_and(|own| own.joins().contains(&kind)) {
        return Err(against(Refusal::WrongLink));
    }
    let mut sides = vec![row.term(), term_of_other(tx, kind, other).await?];
    if kind == LinkKind::ChairMember {
        let ground = store::chair_terms(tx.conn, city, other).await?;
        sides.push(grounds::lasts(&ground, from).ok_or_else(|| {
            let fault = Fault { pointer: "/other_id".into(), ..Refusal::NotOfChairMeeting.into() };
            Error::invalid(vec![fault])
        })?);
    }
    let until = rules::joined(&sides, from, until).map_err(why)?;
    let new = Opening::new(tx.call.id(), other, (from, until));
    let relation = Relation::of_kind(kind);
    let link = store::open_link(tx.conn, city, relation, row.id, new).await.map_err(refused)?;
    let after = said(kind, &link);
    // At the organisation's own places: who is in a party branch is not their sector's to read.
    let places = row.places();
    let version = organizations::touch(tx, row.id, "organization.linked", places, after).await?;
    Ok((KindRow { kind: kind.as_str().to_owned(), link }, version))
}

/// The time of what is to be joined.
async fn term_of_other(tx: &Tx<'_>, kind: LinkKind, other: Uuid) -> Result<Term> {
    let city = tx.call.city;
    let missing = |zh, en| Error::invalid(vec![Fault::reference("/other_id", zh, en)]);
    if kind == LinkKind::CounterpartDepartment {
        let found = store::hold_organization(tx.conn, city, other).await?;
        let found = found.filter(|one| one.kind == OrgKind::Department.as_str());
        let found = found.ok_or_else(|| missing("部门", "department"))?;
        return Ok(found.term());
    }
    let found = store::lock_member(tx.conn, city, other).await?;
    Ok(found.ok_or_else(|| missing("委员", "member"))?.term())
}

/// Ends or voids a link of an organisation, of whatever kind. Returns it and the organisation's new
/// version.
pub async fn part_from_organization(
    tx: &mut Tx<'_>,
    row: &Org,
    link: Uuid,
    stop: Stop<'_>,
) -> Result<(KindRow, i64)> {
    let city = tx.call.city;
    for kind in LinkKind::ALL {
        let relation = Relation::of_kind(kind);
        let found = store::lock_link(tx.conn, city, relation, row.id, link).await?;
        let Some(found) = found else { continue };
        let link = match (kind, stop) {
            (LinkKind::Guidance, Stop::Void(_)) => guidances::void(tx, row.id, found).await?,
            _ => stopped(tx, relation, row.id, found, stop).await?,
        };
        if kind == LinkKind::Guidance {
            guidances::follow(tx, row.id).await?;
        }
        if kind == LinkKind::BranchMember {
            branch_left(tx, link.other_id).await?;
        }
        let mut after = said(kind, &link);
        let what = match stop {
            Stop::Until(_) => "organization.link_ended",
            Stop::Void(reason) => {
                after["reason"] = json!(reason);
                "organization.link_voided"
            }
        };
        let version = organizations::touch(tx, row.id, what, row.places(), after).await?;
        return Ok((KindRow { kind: kind.as_str().to_owned(), link }, version));
    }
    Err(Error::not_found())
}

/// Stops a link of `of`; returns it as it is then.
pub(super) async fn stopped(
    tx: &mut Tx<'_>,
    relation: Relation,
    of: Uuid,
    link: LinkRow,
    stop: Stop<'_>,
) -> Result<LinkRow> {
    if link.voided_at.is_some() {
        return Err(Error::new(Code::AlreadyDone));
    }
    let until = match stop {
        Stop::Until(until) => {
            rules::term_ends(link.term(), until).map_err(why)?;
            Some(until)
        }
        Stop::Void(_) => None,
    };
    let (city, now, one) = (tx.call.city, tx.call.now, (of, Some(link.id)));
    let closed = store::close_links(tx.conn, city, relation, one, until, now).await;
    Ok(closed.map_err(refused)?.into_iter().next().unwrap_or(link))
}

/// What the journal says of a link that lost what it stood on.
pub(super) fn parted(kind: LinkKind, link: &LinkRow, why: &str) -> (&'static str, Value) {
    let mut after = said(kind, link);
    after["reason"] = json!(why);
    let void = link.voided_at.is_some();
    (if void { "organization.link_voided" } else { "organization.link_ended" }, after)
}

fn said(kind: LinkKind, link: &LinkRow) -> Value {
    json!({ "link_id": link.id, "kind": kind, "other_id": link.other_id, "from": link.from_on,
        "until": link.until_on, "voided_at": link.voided_at })
}
