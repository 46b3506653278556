//! Rows of the chain as an office hands them in by the thousand: entered where they are not known,
//! else changed where they differ. What is dated is not changed here: a member's sector, a holder, a
//! first day have operations of their own, which tell of what and from when.

mod areas;
mod contacts;
mod members;
mod sectors;

use chrono::NaiveDate;
use uuid::Uuid;

pub use areas::{AreaRecord, upsert_area};
pub use contacts::{ContactRecord, keep_in_touch, upsert_contact};
pub use members::{MemberRecord, upsert_member};
pub use sectors::{SectorRecord, guide_from, upsert_sector};

use crate::chain::store::{self, Keyed};
use crate::error::{Fault, Result};
use crate::journal::Tx;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// It was not known.
    Created,
    /// It differed.
    Updated,
    /// It was the same.
    Unchanged,
}

/// A row, the row of ours it is, and what it is called elsewhere.
#[derive(Debug, Clone)]
pub struct Upsert<R> {
    /// Ours; none: a new one.
    pub known: Option<Uuid>,
    /// Scheme and value; none: it has that id already, or no other.
    pub name: Option<(String, String)>,
    /// What the file says.
    pub record: R,
}

/// Gives the row `id` the name that it did not have.
async fn name(tx: &Tx<'_>, of: Keyed, id: Uuid, name: Option<(String, String)>) -> Result<()> {
    let Some((scheme, value)) = name else { return Ok(()) };
    let named = store::name_externally(tx.conn, tx.call.city, of, (&scheme, &value), id);
    named.await.map_err(super::refused)
}

/// A new value where the file has one that differs.
fn differing<T: PartialEq>(new: Option<T>, old: Option<&T>) -> Option<T> {
    new.filter(|new| old != Some(new))
}

/// What the file says otherwise and an import does not change.
#[derive(Default)]
struct Kept(Vec<Fault>);

impl Kept {
    fn check<T: PartialEq>(
        &mut self,
        pointer: &str,
        new: Option<&T>,
        old: Option<&T>,
        (zh, en): (&str, &str),
    ) {
        if new.is_some() && new != old {
            self.0.push(Fault::new(pointer, "kept", zh, en));
        }
    }

    /// The first day.
    fn from(&mut self, new: Option<NaiveDate>, old: NaiveDate) {
        let words = (
            "与已有记录的起始日不同;导入不改起始日",
            "not the first day it has; an import does not change that",
        );
        self.check("/from", new.as_ref(), Some(&old), words);
    }
}

/// The first day of something new.
fn begins(from: Option<NaiveDate>, faults: &mut Vec<Fault>) -> NaiveDate {
    if from.is_none() {
        faults.push(missing("/from"));
    }
    from.unwrap_or_default()
}

/// What a new row must have.
fn missing(pointer: &str) -> Fault {
    Fault::new(pointer, "required", "新增时必填", "required for what is not there yet")
}
