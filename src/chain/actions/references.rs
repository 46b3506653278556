//! What a body refers to is there for those who see it. The plain actions ask nobody's rights, so the
//! handlers ask here first: what the caller does not see is refused as what is not there.

use uuid::Uuid;

use super::today;
use crate::auth::{Actor, Noun, policy};
use crate::chain::kinds::LinkKind;
use crate::chain::store;
use crate::error::{Error, Fault, Result};
use crate::journal::Tx;

/// 422 where there is such a member and `actor` does not see them.
pub async fn refers_to_member(
    tx: &Tx<'_>,
    actor: &Actor,
    pointer: &str,
    member: Uuid,
) -> Result<()> {
    let found = store::places_of_member(tx.conn, tx.call.city, member).await?;
    let unseen = found.is_some_and(|places| !policy::sees(actor, Noun::Member, &places));
    refused_if(unseen, pointer, "委员", "member")
}

/// The same of a contact.
pub async fn refers_to_contact(
    tx: &Tx<'_>,
    actor: &Actor,
    pointer: &str,
    contact: Uuid,
) -> Result<()> {
    let (city, on) = (tx.call.city, today(tx));
    let Some(row) = store::contact(tx.conn, city, contact).await? else { return Ok(()) };
    let places = store::places_of_contact(tx.conn, city, &row, on).await?;
    let seen = places.iter().any(|places| policy::sees(actor, Noun::Contact, places));
    refused_if(!seen, pointer, "联系人", "contact")
}

/// 422 where there is such an organisation and `actor` does not read its county's.
pub async fn refers_to_organization(
    tx: &Tx<'_>,
    actor: &Actor,
    pointer: &str,
    organization: Uuid,
) -> Result<()> {
    let found = store::any_organization(tx.conn, tx.call.city, organization).await?;
    let unseen = found.is_some_and(|row| !policy::reads_county(actor, row.county_code));
    refused_if(unseen, pointer, "组织", "organisation")
}

/// The same for what a link of `kind` leads to.
pub async fn refers_to_other(
    tx: &Tx<'_>,
    actor: &Actor,
    pointer: &str,
    (kind, other): (LinkKind, Uuid),
) -> Result<()> {
    match kind {
        LinkKind::ChairMember | LinkKind::BranchMember | LinkKind::GroupMember => {
            refers_to_member(tx, actor, pointer, other).await
        }
        LinkKind::CounterpartDepartment | LinkKind::Guidance => {
            refers_to_organization(tx, actor, pointer, other).await
        }
    }
}

fn refused_if(unseen: bool, pointer: &str, zh: &str, en: &str) -> Result<()> {
    if unseen { Err(Error::invalid(vec![Fault::reference(pointer, zh, en)])) } else { Ok(()) }
}
