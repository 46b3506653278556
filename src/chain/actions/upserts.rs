//! Rows of the chain as an office hands them in by the thousand: entered where they are not known,
//! else changed where they differ. What is dated is not changed here: a member's sector, a holder, a
//! first day have operations of their own, which tell of what and from when.

mod areas;
mod contacts;
mod members;
mod sectors;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

pub use areas::{AreaRecord, upsert_areas};
pub use contacts::{ContactRecord, upsert_contacts};
pub use members::{MemberRecord, upsert_members};
pub use sectors::{SectorRecord, upsert_sectors};

use super::several::{Each, in_turn, pipelined};
use crate::chain::store::{self, Keyed};
use crate::error::{Error, Fault, Result};
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
    /// What it is called in the scheme; none: it has that id already, or no other.
    pub name: Option<String>,
    /// What the file says.
    pub record: R,
}

/// What is entered and changed alike.
trait Record: Sized {
    /// What has its external ids.
    const KEYED: Keyed;
    /// Whether what is entered has its end already.
    const ENTERS_WITH_END: bool = false;
    /// A row of ours.
    type Row: Clone;
    /// What is entered.
    type New;
    /// What differs; by default nothing.
    type Change: Default;

    /// The day after the last.
    fn until(&self) -> Option<NaiveDate>;
    /// What to enter, or what is missing.
    fn enter(self) -> Result<Self::New>;
    /// What differs, or what an import does not change.
    fn differs(self, row: &Self::Row) -> Result<Option<Self::Change>>;
    /// The id of a row, and the day after its last.
    fn of(row: &Self::Row) -> (Uuid, Option<NaiveDate>);
    /// The person whom a row is.
    fn person(_row: &Self::Row) -> Option<Uuid> {
        None
    }
    /// Loads and locks rows.
    async fn lock(tx: &Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<Self::Row>>;
    /// Enters rows.
    async fn create(tx: &mut Tx<'_>, new: Vec<Self::New>) -> Each<Self::Row>;
    /// Changes a row.
    async fn update(tx: &mut Tx<'_>, row: Self::Row, change: Self::Change) -> Result<Self::Row>;
    /// Ends a row.
    async fn end(tx: &mut Tx<'_>, row: Self::Row, until: NaiveDate) -> Result<Self::Row>;
}

macro_rules! lacks {
    ($($record:ty),*) => {$(
        impl $record {
            /// What it lacks to be entered.
            pub fn lacks(&self) -> Vec<Fault> {
                self.clone().enter().err().map(|error| error.faults).unwrap_or_default()
            }
        }
    )*};
}
lacks!(MemberRecord, ContactRecord, SectorRecord, AreaRecord);

/// A row that is seen to: its place among the others, its name and its end.
struct Asked {
    place: usize,
    name: Option<String>,
    until: Option<NaiveDate>,
}

/// What came of rows, by their places.
type Outcomes<T> = BTreeMap<usize, Result<(Upserted, T)>>;

/// Enters or changes rows, which are called in `scheme` what their names say.
async fn upsert<R: Record>(
    tx: &mut Tx<'_>,
    scheme: &str,
    rows: Vec<Upsert<R>>,
) -> Each<(Upserted, R::Row)> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.known).collect();
    let known = if ids.is_empty() { Vec::new() } else { R::lock(tx, ids).await? };
    let known = known.into_iter().map(|row| (R::of(&row).0, row));
    let known: HashMap<Uuid, R::Row> = known.collect();
    // What changes of one row of a person makes a version of the others: these go in turn.
    let mut once = HashMap::new();
    for person in known.values().filter_map(R::person) {
        *once.entry(person).or_insert(0_u32) += 1;
    }
    let several = |row: &R::Row| R::person(row).is_some_and(|id| once.get(&id) > Some(&1));
    let mut later = Vec::new();
    let (mut entered, mut changed) = (Vec::new(), Vec::new());
    let mut outcomes: Outcomes<R::Row> = BTreeMap::new();
    for (place, row) in rows.into_iter().enumerate() {
        if row.known.and_then(|id| known.get(&id)).is_some_and(several) {
            later.push((place, row));
            continue;
        }
        let Upsert { known: id, name, record } = row;
        let until = record.until().filter(|_| id.is_some() || !R::ENTERS_WITH_END);
        let mut asked = Asked { place, name, until };
        let Some(id) = id else {
            match record.enter() {
                Ok(new) => entered.push((asked, new)),
                Err(refusal) => drop(outcomes.insert(place, Err(refusal))),
            }
            continue;
        };
        let Some(row) = known.get(&id).cloned() else {
            outcomes.insert(place, Err(Error::not_found()));
            continue;
        };
        asked.until = asked.until.filter(|until| R::of(&row).1 != Some(*until));
        match record.differs(&row) {
            Ok(None) if asked.name.is_none() && asked.until.is_none() => {
                outcomes.insert(place, Ok((Upserted::Unchanged, row)));
            }
            Ok(change) => changed.push((asked, row, change)),
            Err(refusal) => drop(outcomes.insert(place, Err(refusal))),
        }
    }
    let (asked, new): (Vec<Asked>, Vec<R::New>) = entered.into_iter().unzip();
    let made = if new.is_empty() { Vec::new() } else { R::create(tx, new).await? };
    finish::<R>(tx, scheme, Upserted::Created, asked.into_iter().zip(made), &mut outcomes).await?;
    let told = |(asked, row, change): (Asked, R::Row, Option<R::Change>)| {
        let named = asked.name.is_some();
        (asked, (row, (change, named)))
    };
    let (asked, changes): (Vec<Asked>, Vec<_>) = changed.into_iter().map(told).unzip();
    // Another name alone makes a version too.
    let made = pipelined(tx, changes, async |tx, (row, change)| match change {
        (Some(change), _) => R::update(tx, row, change).await,
        (None, true) => R::update(tx, row, R::Change::default()).await,
        (None, false) => Ok(row),
    });
    let made = made.await?;
    finish::<R>(tx, scheme, Upserted::Updated, asked.into_iter().zip(made), &mut outcomes).await?;
    for (place, row) in later {
        let mut one = Box::pin(upsert(tx, scheme, vec![row])).await?;
        outcomes.extend(one.pop().map(|outcome| (place, outcome)));
    }
    Ok(outcomes.into_values().collect())
}

/// Names rows that were entered or changed, and ends those that are to end.
async fn finish<R: Record>(
    tx: &mut Tx<'_>,
    scheme: &str,
    what: Upserted,
    made: impl Iterator<Item = (Asked, Result<R::Row>)>,
    outcomes: &mut Outcomes<R::Row>,
) -> Result<()> {
    let (mut named, mut places, mut ending) = (Vec::new(), Vec::new(), Vec::new());
    for (Asked { place, name, until }, row) in made {
        match row {
            Ok(row) => {
                named.extend(name.map(|name| (R::of(&row).0, name)));
                places.push(place);
                ending.push((row, until));
            }
            Err(refusal) => drop(outcomes.insert(place, Err(refusal))),
        }
    }
    let naming = store::name_externally(tx.conn, tx.call.city, R::KEYED, scheme, &named);
    naming.await.map_err(super::refused)?;
    let ended = in_turn(tx, ending, async |tx, (row, until)| match until {
        Some(until) => R::end(tx, row, until).await,
        None => Ok(row),
    });
    let ended = ended.await?.into_iter().map(|row| row.map(|row| (what, row)));
    outcomes.extend(places.into_iter().zip(ended));
    Ok(())
}

/// What became of rows, without them.
fn what<T>(outcomes: Vec<Result<(Upserted, T)>>) -> Vec<Result<Upserted>> {
    outcomes.into_iter().map(|outcome| outcome.map(|(what, _)| what)).collect()
}

/// A new value where the file has one that differs.
fn differing<T: PartialEq>(new: Option<T>, old: Option<&T>) -> Option<T> {
    new.filter(|new| old != Some(new))
}

/// Another number than the one that is there; blanks are no difference, and a file has none.
fn another_phone(new: Option<String>, old: Option<&String>) -> Option<String> {
    let plain = |phone: &String| phone.split_whitespace().collect::<String>();
    let old = old.map(plain);
    new.filter(|new| old.as_ref() != Some(&plain(new)))
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
