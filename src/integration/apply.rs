//! A whole file put into the chain in one transaction: chunk by chunk, so that no file is in memory as
//! rows, and each chunk within a savepoint, so that what the database refuses is told of its line.

use std::sync::Arc;

use uuid::Uuid;

use super::References;
use super::files::{Line, MAX_ROWS, Table};
use super::lines::{self, Parsed, Record, RowFault};
use super::rules::columns::{Field, Layout};
use super::rules::rows::{Meant, Seen, meant};
use super::rules::{Kind, Refusal};
use crate::chain::actions::{self, Each, Upsert, Upserted, database_refuses, fatal};
use crate::chain::store;
use crate::error::{Error, Fault, Result, Words};
use crate::journal::Tx;
use crate::workdays::local_date;

/// Lines at once.
const CHUNK: usize = 200;
/// Faults that are told of; a file with more is wrong throughout.
pub const MAX_FAULTS: usize = 1_000;

/// What became of a file.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Lines read.
    pub done: u32,
    /// Rows that were not known.
    pub created: u32,
    /// Rows that differed.
    pub updated: u32,
    /// Rows that were the same.
    pub unchanged: u32,
    /// What is wrong, by line.
    pub faults: Vec<RowFault>,
}

impl Report {
    fn count(&mut self, what: Upserted) {
        match what {
            Upserted::Created => self.created += 1,
            Upserted::Updated => self.updated += 1,
            Upserted::Unchanged => self.unchanged += 1,
        }
    }
}

/// Reads the headings of a file.
pub fn layout(kind: Kind, line: Option<Line>) -> Result<Layout, Vec<RowFault>> {
    let Some(line) = line else { return Err(vec![whole(1, Refusal::NoHeader)]) };
    Layout::read(kind, &line.cells).map_err(|wrong| {
        let name = |place: usize| line.cells.get(place - 1).map(|text| text.trim().to_owned());
        // Where nothing is a heading it is somebody's row: what it says is not for an answer.
        let said = line.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let unknown = wrong.iter().filter(|(_, refusal)| *refusal == Refusal::UnknownHeading);
        if said > 0 && unknown.count() == said {
            return vec![whole(line.number, Refusal::NoHeadings)];
        }
        let fault = |(place, refusal): (usize, Refusal)| {
            let fault = whole(line.number, refusal);
            let heading = name(place)
                .filter(|_| refusal != Refusal::NoHeader && refusal != Refusal::MissingHeading);
            RowFault { heading: heading.map(|text| text.chars().take(40).collect()), ..fault }
        };
        wrong.into_iter().map(fault).collect()
    })
}

/// A fault of a line as a whole.
pub fn whole(line: u32, refusal: Refusal) -> RowFault {
    let Fault { code, detail, .. } = refusal.into();
    RowFault { line, heading: None, code, detail }
}

/// Puts the file into the chain; `told` hears after each chunk how many lines are done. Where the
/// report has faults, the caller takes the transaction back.
pub async fn apply(
    tx: &mut Tx<'_>,
    (kind, scheme): (Kind, &str),
    table: &mut Table,
    told: impl AsyncFn(u32) -> Result<()>,
) -> Result<Report> {
    let mut report = Report::default();
    let mut rows = match table.lines() {
        Ok(rows) => rows,
        Err(refusal) => {
            report.faults.push(whole(1, refusal));
            return Ok(report);
        }
    };
    let layout = match layout(kind, rows.next().and_then(Result::ok)) {
        Ok(layout) => Arc::new(layout),
        Err(faults) => return Ok(Report { faults, ..report }),
    };
    let mut file =
        File { kind, scheme, layout, known: References::load(tx).await?, seen: Seen::default() };
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK {
            match rows.next() {
                Some(Ok(line)) => chunk.push(line),
                Some(Err(refusal)) => {
                    let last = chunk.last().map_or(report.done + 1, |line: &Line| line.number);
                    report.faults.push(whole(last + 1, refusal));
                    return Ok(report);
                }
                None => break,
            }
        }
        let Some(last) = chunk.last().map(|line| line.number) else { return Ok(report) };
        report.done += u32::try_from(chunk.len()).unwrap_or_default();
        if report.done > MAX_ROWS {
            report.faults.push(whole(last, Refusal::TooManyRows));
            return Ok(report);
        }
        let earlier = report.faults.len();
        file.put(tx, chunk, &mut report).await?;
        if let Some(new) = report.faults.get_mut(earlier..) {
            new.sort_by_key(|fault| fault.line);
        }
        told(report.done).await?;
        if report.faults.len() >= MAX_FAULTS {
            report.faults.truncate(MAX_FAULTS);
            return Ok(report);
        }
    }
}

struct File<'a> {
    kind: Kind,
    scheme: &'a str,
    layout: Arc<Layout>,
    known: References,
    seen: Seen,
}

impl File<'_> {
    /// Puts some lines into the chain.
    async fn put(&mut self, tx: &mut Tx<'_>, chunk: Vec<Line>, report: &mut Report) -> Result<()> {
        let numbers = chunk.iter().flat_map(|line| lines::numbers_named(&self.layout, line));
        let numbers: Vec<String> = numbers.collect();
        if !numbers.is_empty() {
            self.known.find_members(tx, numbers).await?;
        }
        let read = |line| lines::parse(self.kind, &self.layout, &self.known, line);
        let parsed = chunk.iter().map(read).collect();
        let rows = self.meant(tx, parsed, report).await?;
        // All at once; where the database refuses one of them, one by one to find out which.
        let together = tx.attempt(async |tx| enter(tx, self.scheme, &rows).await).await;
        let outcomes = match together {
            Ok(outcomes) => outcomes,
            Err(error) if database_refuses(&error) => one_by_one(tx, self.scheme, &rows).await?,
            Err(error) => return Err(error),
        };
        for (row, outcome) in rows.iter().zip(outcomes) {
            match outcome {
                Ok(what) => report.count(what),
                Err(error) => report.faults.extend(self.told(row.line, error)),
            }
        }
        Ok(())
    }

    /// Which rows of ours these lines mean; what stands in the file twice is told.
    async fn meant(
        &mut self,
        tx: &Tx<'_>,
        parsed: Vec<Parsed>,
        report: &mut Report,
    ) -> Result<Vec<Row>> {
        let words = |of: fn(&Parsed) -> Option<String>| parsed.iter().filter_map(of).collect();
        let by = (words(|row| row.key.clone()), words(|row| row.external.clone()));
        let (of, today) = (lines::keyed(self.kind), local_date(tx.call.now));
        let known = store::known(tx.conn, tx.call.city, of, self.scheme, by).await?;
        let mut rows = Vec::with_capacity(parsed.len());
        for mut one in parsed {
            let words: Vec<_> = one.once.iter().map(|(_, word)| word.clone()).collect();
            let twice = self.seen.note(one.line, &words);
            let (external, key) = (one.external.as_deref(), one.key.as_deref());
            let means = meant(&known, external, key, (one.record.from(), today));
            let field = twice.and_then(|n| one.once.get(n)).map(|(field, _)| *field);
            // Two who are there already may be called alike: an export of them is a file as well.
            let is_there = means.is_ok_and(|meant| meant.known.is_some());
            if let Some(field) = field.filter(|field| *field != Field::Name || !is_there) {
                one.wrong.push(self.fault(one.line, field, Refusal::GivenTwice));
            }
            if !one.wrong.is_empty() {
                report.faults.extend(self.all_wrong(one, means));
                continue;
            }
            match means {
                Ok(Meant { known, naming }) => {
                    // The number that follows from the external id may stand in the file once as well.
                    if let Some(number) = one.record.number_by(one.external.as_deref(), known) {
                        let word = |field| (field == Field::Number).then(|| number.clone());
                        let words: Vec<_> =
                            one.once.iter().map(|(field, _)| word(*field)).collect();
                        if self.seen.note(one.line, &words).is_some() {
                            let refusal = Refusal::GivenTwice;
                            report.faults.push(self.fault(one.line, Field::ExternalId, refusal));
                            continue;
                        }
                    }
                    let again = known.is_some_and(|id| self.seen.again(one.line, id));
                    let field = one.once.iter().find(|(_, word)| word.is_some());
                    if let (true, Some((field, _))) = (again, field) {
                        report.faults.push(self.fault(one.line, *field, Refusal::GivenTwice));
                        continue;
                    }
                    let name = one.external.filter(|_| naming);
                    rows.push(Row { line: one.line, known, name, record: one.record });
                }
                Err((field, refusal)) => report.faults.push(self.fault(one.line, field, refusal)),
            }
        }
        Ok(rows)
    }

    /// What is wrong with a line, and what it lacks besides where it means nothing that is there.
    fn all_wrong(&self, mut one: Parsed, means: Result<Meant, (Field, Refusal)>) -> Vec<RowFault> {
        let mut wrong = std::mem::take(&mut one.wrong);
        match means {
            Ok(Meant { known: None, .. }) => {
                one.record.number_by(one.external.as_deref(), None);
                // A cell that cannot be read is there.
                let read: Vec<_> = wrong.iter().filter_map(|fault| fault.heading.clone()).collect();
                let held = [Field::Sector, Field::Member].map(|field| self.layout.heading(field));
                for Fault { pointer, code, detail } in one.record.lacks() {
                    let heading = self.layout.heading_at(&pointer).map(str::to_owned);
                    let is_there = match &*pointer {
                        "/holder_id" => read.iter().any(|told| held.contains(&&**told)),
                        _ => heading.as_ref().is_some_and(|heading| read.contains(heading)),
                    };
                    if !is_there {
                        wrong.push(RowFault { line: one.line, heading, code, detail });
                    }
                }
            }
            Ok(_) => {}
            Err((field, refusal)) => wrong.push(self.fault(one.line, field, refusal)),
        }
        wrong
    }

    fn fault(&self, line: u32, field: Field, refusal: Refusal) -> RowFault {
        RowFault { heading: Some(self.layout.heading(field).to_owned()), ..whole(line, refusal) }
    }

    /// What an action refused, by the column it points to.
    fn told(&self, line: u32, error: Error) -> Vec<RowFault> {
        if error.faults.is_empty() {
            let (zh, en) = error.code.title();
            let detail = error.detail.unwrap_or_else(|| Words::new(zh, en));
            return vec![RowFault { line, heading: None, code: error.code.as_str(), detail }];
        }
        let one = |fault: Fault| {
            let heading = self.layout.heading_at(&fault.pointer).map(str::to_owned);
            RowFault { line, heading, code: fault.code, detail: fault.detail }
        };
        error.faults.into_iter().map(one).collect()
    }
}

/// A line that is known to mean one row of ours, or a new one.
#[derive(Clone)]
struct Row {
    line: u32,
    known: Option<Uuid>,
    name: Option<String>,
    record: Record,
}

/// Each within a savepoint of its own, to find out which is refused.
async fn one_by_one(tx: &mut Tx<'_>, scheme: &str, rows: &[Row]) -> Each<Upserted> {
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let one = tx.attempt(async |tx| enter(tx, scheme, std::slice::from_ref(row)).await);
        match one.await {
            Err(error) if fatal(&error) => return Err(error),
            Err(error) => outcomes.push(Err(error)),
            Ok(outcome) => outcomes.extend(outcome),
        }
    }
    Ok(outcomes)
}

/// Puts rows into the chain, which are all of one kind.
async fn enter(tx: &mut Tx<'_>, scheme: &str, rows: &[Row]) -> Each<Upserted> {
    let (mut members, mut contacts, mut sectors, mut areas) = (vec![], vec![], vec![], vec![]);
    for Row { known, name, record, .. } in rows.iter().cloned() {
        match record {
            Record::Member(record) => members.push(Upsert { known, name, record }),
            Record::Contact(record, with) => contacts.push((Upsert { known, name, record }, with)),
            Record::Sector(record, by) => sectors.push((Upsert { known, name, record }, by)),
            Record::Area(record) => areas.push(Upsert { known, name, record }),
        }
    }
    let mut outcomes = actions::upsert_members(tx, scheme, members).await?;
    outcomes.extend(actions::upsert_contacts(tx, scheme, contacts).await?);
    outcomes.extend(actions::upsert_sectors(tx, scheme, sectors).await?);
    outcomes.extend(actions::upsert_areas(tx, scheme, areas).await?);
    Ok(outcomes)
}
