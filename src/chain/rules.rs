//! Pure decisions on dated links: what may be opened, ended and voided, and what else changes then.
//!
//! The sectors of a member make a line: no two links of it that stand share a day. A line changes by
//! [`Step`]s, written in their order; none takes a link away, and none changes a day before the one
//! it is dated.

pub mod adjustments;
pub mod geometry;
pub mod grounds;
pub mod organizations;
pub mod persons;
mod refusal;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use uuid::Uuid;

pub use refusal::Refusal;

use crate::error::Fault;

/// A dated link as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// Of the link.
    pub id: Uuid,
    /// What it leads to.
    pub other: Uuid,
    /// Since when.
    pub from: NaiveDate,
    /// Until before when.
    pub until: Option<NaiveDate>,
    /// Whether it was a mistake.
    pub voided: bool,
    /// The link that it ended by beginning.
    pub replaces: Option<Uuid>,
}

impl Dated {
    /// Whether it stands on `day`.
    pub fn on(&self, day: NaiveDate) -> bool {
        !self.voided && self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// What the line leads to on `day`.
pub fn at(line: &[Dated], day: NaiveDate) -> Option<Uuid> {
    line.iter().find(|link| link.on(day)).map(|link| link.other)
}

/// A link to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Of the link.
    pub id: Uuid,
    /// What it leads to.
    pub other: Uuid,
    /// Since when.
    pub from: NaiveDate,
    /// Until before when.
    pub until: Option<NaiveDate>,
    /// The link that it ends.
    pub replaces: Option<Uuid>,
}

impl Opening {
    /// One that ends no other.
    pub fn new(id: Uuid, other: Uuid, (from, until): Term) -> Self {
        Self { id, other, from, until, replaces: None }
    }
}

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// This link ends before another day, or goes on.
    Until(Uuid, Option<NaiveDate>),
    /// This link was a mistake.
    Void(Uuid),
    /// This link ends another one now than it did.
    Replaces(Uuid, Option<Uuid>),
    /// A new one.
    Open(Opening),
}

/// `[first, over)`; without `over` until further notice.
pub type Term = (NaiveDate, Option<NaiveDate>);

/// From `from` on the line leads to `other`, by the link `id`. What stood that day ends, and the new
/// link has the rest of its days, though not beyond `over`; where nothing stood, it lasts until the
/// next one begins.
pub fn switch(
    line: &[Dated],
    (id, other): (Uuid, Uuid),
    from: NaiveDate,
    over: Option<NaiveDate>,
) -> Result<Vec<Step>, Refusal> {
    let standing = line.iter().filter(|link| !link.voided);
    let present = standing.clone().find(|link| link.on(from));
    if present.is_some_and(|link| link.other == other) {
        return Err(Refusal::SameSector);
    }
    if present.is_some_and(|link| link.from == from) {
        return Err(Refusal::SameDay);
    }
    let next = standing.map(|link| link.from).filter(|day| *day > from).min();
    let rest = present.map_or(next, |link| link.until);
    let until = [rest, over].into_iter().flatten().min();
    let replaces = present.map(|link| link.id);
    let cut = present.map(|link| Step::Until(link.id, Some(from)));
    let open = Step::Open(Opening { id, other, from, until, replaces });
    // What was to end the present link ends the new one.
    let heirs = line.iter().filter(|one| {
        !one.voided && one.replaces.is_some() && one.replaces == replaces && Some(one.from) == until
    });
    let heirs = heirs.map(|one| Step::Replaces(one.id, Some(id)));
    Ok(cut.into_iter().chain([open]).chain(heirs).collect())
}

/// The link ends before `until`: earlier than it would, never later.
pub fn end(link: &Dated, until: NaiveDate) -> Result<Step, Refusal> {
    if link.voided {
        return Err(Refusal::Voided);
    }
    term_ends((link.from, link.until), until)?;
    Ok(Step::Until(link.id, Some(until)))
}

/// Until before when something that ended on `over` lasts where it lasts as long as all of `sides`; none
/// where one of them has ended by then as well.
pub fn outlasts(sides: &[Term], over: NaiveDate) -> Option<Option<NaiveDate>> {
    let until = sides.iter().filter_map(|(_, until)| *until).min();
    until.is_none_or(|until| until > over).then_some(until)
}

/// Whether what stands in this term may end before `until`.
pub fn term_ends((first, over): Term, until: NaiveDate) -> Result<(), Refusal> {
    match over {
        Some(over) if over == until => Err(Refusal::EndedThen),
        Some(over) if over < until => Err(Refusal::EndedEarlier),
        _ if until <= first => Err(Refusal::NotAfterFrom),
        _ => Ok(()),
    }
}

/// The link that goes on when the link `id` is voided: the one that it ended. Where somebody has ended
/// that one earlier since, it stays so.
pub fn revived(line: &[Dated], id: Uuid) -> Option<&Dated> {
    let link = line.iter().find(|link| link.id == id)?;
    let ended = |one: &&Dated| !one.voided && one.until == Some(link.from);
    line.iter().filter(|one| Some(one.id) == link.replaces).find(ended)
}

/// The link was a mistake: the one that it ended goes on for as long as this one did, though not
/// beyond `over`, when what that one leads to is there no longer.
pub fn void(line: &[Dated], id: Uuid, over: Option<NaiveDate>) -> Result<Vec<Step>, Refusal> {
    let Some(link) = line.iter().find(|link| link.id == id && !link.voided) else {
        return Err(Refusal::Voided);
    };
    let until = [link.until, over].into_iter().flatten().min();
    let ended = revived(line, id).filter(|_| until.is_none_or(|until| until > link.from));
    let goes_on = ended.map(|one| Step::Until(one.id, until));
    let heirs = line.iter().filter(|one| one.replaces == Some(id));
    let heirs = heirs.map(|one| Step::Replaces(one.id, link.replaces));
    Ok([Step::Void(id)].into_iter().chain(goes_on).chain(heirs).collect())
}

/// Whether something may begin on `from` within this term.
pub fn begins_within((first, over): Term, from: NaiveDate) -> Result<(), Refusal> {
    if from < first {
        return Err(Refusal::BeforeTerm);
    }
    if over.is_some_and(|over| from >= over) {
        return Err(Refusal::HasLeft);
    }
    Ok(())
}

/// What is wrong, at `pointer`, with something of who is there on none of the days from `first` to
/// `last`; nothing where they are there on one.
pub fn absent(
    (begins, over): Term,
    (first, last): (NaiveDate, NaiveDate),
    pointer: &str,
) -> Option<Fault> {
    let refusal = if last < begins {
        Refusal::BeforeTerm
    } else if over.is_some_and(|over| over <= first) {
        Refusal::HasLeft
    } else {
        return None;
    };
    Some(Fault { pointer: pointer.to_owned(), ..refusal.into() })
}

/// Whether `[from, until)` lies within this term.
pub fn lies_within(term: Term, (from, until): Term) -> Result<(), Refusal> {
    begins_within(term, from)?;
    if term.1.is_some_and(|over| until.is_none_or(|until| until > over)) {
        return Err(Refusal::BeyondTerm);
    }
    Ok(())
}

/// The end of what joins `sides` from `from` on: as asked, else where the first of them ends.
pub fn joined(
    sides: &[Term],
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<Option<NaiveDate>, Refusal> {
    if until.is_some_and(|until| until <= from) {
        return Err(Refusal::NotAfterFrom);
    }
    for side in sides {
        begins_within(*side, from)?;
    }
    let over = sides.iter().filter_map(|(_, over)| *over).min();
    match (until, over) {
        (Some(until), Some(over)) if until > over => Err(Refusal::BeyondTerm),
        (until, over) => Ok(until.or(over)),
    }
}

/// The day by whose links somebody of this term stands somewhere when it is `today`: today, but the
/// first day of who is yet to come and the last of who has left.
pub fn placed_on((first, over): Term, today: NaiveDate) -> NaiveDate {
    let last = over.and_then(|over| over.pred_opt()).map_or(today, |last| last.min(today));
    last.max(first)
}
