//! Writing dated links by the steps that the rules decide.

use chrono::NaiveDate;
use diesel::result::Error as DieselError;
use serde_json::{Value, json};
use uuid::Uuid;

use super::refused;
use crate::chain::rules::{Dated, Refusal, Step};
use crate::chain::store::{self, LinkRow, Relation};
use crate::error::{Code, Error, Result};
use crate::journal::Tx;

/// Why not, in the client's words.
pub(super) fn why(refusal: Refusal) -> Error {
    match refusal {
        Refusal::SameDay => Error::because(Code::Overlap, refusal),
        Refusal::EndedThen | Refusal::NoEnd | Refusal::Voided => {
            Error::because(Code::AlreadyDone, refusal)
        }
        _ => Error::invalid(vec![refusal.into()]),
    }
}

/// The links of `of`, who is locked, as the rules look at them.
pub(super) async fn line(tx: &Tx<'_>, relation: Relation, of: Uuid) -> Result<Vec<Dated>> {
    let rows = store::line(tx.conn, tx.call.city, relation, of).await?;
    Ok(rows.iter().map(LinkRow::dated).collect())
}

/// Writes `steps` in their order.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    relation: Relation,
    of: Uuid,
    steps: Vec<Step>,
) -> Result<()> {
    for step in steps {
        one(tx, relation, of, step).await.map_err(refused)?;
    }
    Ok(())
}

async fn one(tx: &Tx<'_>, relation: Relation, of: Uuid, step: Step) -> Result<(), DieselError> {
    let (conn, city, now) = (tx.conn, tx.call.city, tx.call.now);
    match step {
        Step::Until(id, until) => store::set_until(conn, city, relation, id, until).await,
        Step::Void(id) => store::void_link(conn, city, relation, id, now).await,
        Step::Replaces(id, replaces) => {
            store::set_replaces(conn, city, relation, id, replaces).await
        }
        Step::Open(new) => {
            store::open_link(conn, city, relation, of, new).await?;
            match new.replaces {
                Some(_) => store::set_replaces(conn, city, relation, new.id, new.replaces).await,
                None => Ok(()),
            }
        }
    }
}

/// The days on which a link that stands begins or ends.
pub(super) fn turns(line: &[Dated]) -> impl Iterator<Item = NaiveDate> + '_ {
    let standing = line.iter().filter(|link| !link.voided);
    standing.flat_map(|link| [Some(link.from), link.until]).flatten()
}

/// What the journal says of a link; `of` and `other` are the names of its ends.
pub(super) fn said(link: &LinkRow, of: &str, other: &str) -> Value {
    json!({ "link_id": link.id, of: link.of_id, other: link.other_id, "from": link.from_on,
        "until": link.until_on, "voided_at": link.voided_at })
}
