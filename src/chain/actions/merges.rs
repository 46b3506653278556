//! Two rows of one person become one, and two again. Locked in this order: members, contacts, each kind
//! by id, then both persons by id. While both are locked nothing of theirs is moved by anybody else.

use serde_json::json;
use uuid::Uuid;

use super::contacts::journal_contact;
use super::members::journal_member;
use super::persons::{again, kept_person, touch_person};
use crate::auth::{self, Actor};
use crate::chain::rules::persons::{Refusal, Scheme, Side, against_merge, may_unmerge};
use crate::chain::store::{self, ACCOUNT, MergeRow, Moved, Person};
use crate::error::{Code, Error, Fault, Result, check};
use crate::journal::Tx;

/// Merges a person into another: what they are and have is the other's from now on, and their id leads
/// there.
pub async fn merge_person(tx: &mut Tx<'_>, actor: &Actor, id: Uuid, into: Uuid) -> Result<()> {
    let (city, now) = (tx.call.city, tx.call.now);
    let seen = kept_person(tx, actor, id).await?;
    if seen.row.id != id {
        tx.call.expect(seen.row.version)?;
        return Err(Error::because(Code::AlreadyDone, Refusal::AlreadyMerged));
    }
    let (goes, stays) = lock_both(tx, id, id, into).await?;
    if goes.canonical_id.is_some() {
        return Err(again());
    }
    tx.call.expect(goes.version)?;
    let Some(stays) = stays else {
        return Err(Error::invalid(vec![Fault::reference("/into", "人员", "person")]));
    };
    let (ours, theirs) = (side(tx, &goes).await?, side(tx, &stays).await?);
    let linked = store::linked_persons(tx.conn, city, id, into).await?;
    check(against_merge(&ours, &theirs, linked).into_iter().map(Fault::from).collect())?;
    let merge = MergeRow {
        city_code: city,
        id: tx.call.id(),
        person_id: id,
        into_id: into,
        merged_at: now,
        unmerged_at: None,
    };
    store::insert_merge(tx.conn, &merge).await?;
    for what in Moved::ALL {
        let rows = store::move_rows(tx.conn, city, what, (id, into), None, now).await?;
        store::remember(tx.conn, city, merge.id, what.as_str(), &rows).await?;
        tell(tx, what, rows, (id, into)).await?;
    }
    let accounts = auth::move_accounts(tx, (id, into), None).await?;
    store::remember(tx.conn, city, merge.id, ACCOUNT, &accounts).await?;
    store::set_canonical(tx.conn, city, id, Some(into)).await?;
    touch_person(tx, id, "person.merged", json!({ "into": into })).await?;
    touch_person(tx, into, "person.took_in", json!({ "person_id": id })).await?;
    Ok(())
}

/// Takes a merge back: what it moved is the person's again, what came since stays with the survivor.
pub async fn unmerge_person(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<()> {
    let (city, now) = (tx.call.city, tx.call.now);
    let seen = kept_person(tx, actor, id).await?;
    let survivor = seen.row.id;
    let (goes, stays) = lock_both(tx, survivor, id, survivor).await?;
    let stays = stays.filter(|stays| stays.canonical_id.is_none()).ok_or_else(again)?;
    tx.call.expect(stays.version)?;
    let done = |refusal| Error::because(Code::TransitionNotAllowed, refusal);
    if survivor == id {
        return Err(done(Refusal::NotMerged));
    }
    if goes.canonical_id != Some(survivor) {
        return Err(again());
    }
    let merge = store::merge_of(tx.conn, city, id).await?.ok_or_else(again)?;
    may_unmerge((merge.into_id, merge.merged_at), survivor, now).map_err(done)?;
    store::end_merge(tx.conn, city, merge.id, now).await?;
    for what in Moved::ALL {
        let rows = store::remembered(tx.conn, city, merge.id, what.as_str()).await?;
        let back = (survivor, id);
        let rows = store::move_rows(tx.conn, city, what, back, Some(rows), now).await?;
        tell(tx, what, rows, back).await?;
    }
    let accounts = store::remembered(tx.conn, city, merge.id, ACCOUNT).await?;
    auth::move_accounts(tx, (survivor, id), Some(accounts)).await?;
    store::set_canonical(tx.conn, city, id, None).await?;
    touch_person(tx, id, "person.unmerged", json!({ "from": survivor })).await?;
    touch_person(tx, survivor, "person.let_go", json!({ "person_id": id })).await?;
    Ok(())
}

/// Locks the members and contacts of `owner`, then both persons; `into` may not be there.
async fn lock_both(
    tx: &Tx<'_>,
    owner: Uuid,
    id: Uuid,
    into: Uuid,
) -> Result<(Person, Option<Person>)> {
    let (conn, city) = (tx.conn, tx.call.city);
    let members = async || -> Result<Vec<Uuid>> {
        let rows = store::members_of_person(conn, city, owner).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    };
    let contacts = async || -> Result<Vec<Uuid>> {
        let rows = store::contacts_of_person(conn, city, owner).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    };
    let known = (members().await?, contacts().await?);
    store::members_of(conn, city, known.0.clone(), true).await?;
    store::lock_contacts(conn, city, known.1.clone()).await?;
    let rows = store::lock_persons(conn, city, vec![id, into]).await?;
    if known != (members().await?, contacts().await?) {
        return Err(again());
    }
    let find = |id: Uuid| rows.iter().find(|row| row.id == id).cloned();
    Ok((find(id).ok_or_else(Error::not_found)?, find(into)))
}

/// What the rules look at.
async fn side(tx: &Tx<'_>, row: &Person) -> Result<Side> {
    let (conn, city) = (tx.conn, tx.call.city);
    let members = store::members_of_person(conn, city, row.id).await?;
    let identifiers = store::identifiers_of(conn, city, row.id).await?;
    let numbers = identifiers.into_iter().filter(|one| one.voided_at.is_none()).filter_map(|one| {
        let scheme = Scheme::parse(&one.scheme).filter(|scheme| scheme.is_single())?;
        Some((scheme, one.value))
    });
    Ok(Side {
        id: row.id,
        merged: row.canonical_id.is_some(),
        account: auth::has_account(conn, city, row.id).await?,
        terms: members.iter().map(|member| (member.from_on, member.until_on)).collect(),
        numbers: numbers.collect(),
    })
}

/// Journals that members and contacts are another person now.
async fn tell(
    tx: &mut Tx<'_>,
    what: Moved,
    rows: Vec<Uuid>,
    (from, to): (Uuid, Uuid),
) -> Result<()> {
    let city = tx.call.city;
    let after = json!({ "person_id": to });
    match what {
        Moved::Member => {
            for row in store::members_of(tx.conn, city, rows, false).await? {
                let (kind, before) = ("member.person_changed", json!({ "person_id": from }));
                journal_member(tx, kind, &row, Some(before), after.clone()).await?;
            }
        }
        Moved::Contact => {
            let mut now = store::contacts_of_person(tx.conn, city, to).await?;
            now.retain(|row| rows.contains(&row.id));
            for row in now {
                journal_contact(tx, "contact.person_changed", &row, after.clone()).await?;
            }
        }
        Moved::ContactPoint | Moved::Identifier | Moved::Person => {}
    }
    Ok(())
}
