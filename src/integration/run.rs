//! Imports are run one after another, aside from requests.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use super::actions::end_import;
use super::apply::{MAX_FAULTS, Report, apply, whole};
use super::files::{Format, MAX_ROWS, Table};
use super::rules::{Kind, Refusal, State};
use super::store::{self, ImportRow};
use crate::auth;
use crate::chain::actions::KEEPERS;
use crate::error::{Code, Error, Result};
use crate::journal::{Call, CallerKind, IfMatch, Journal};
use crate::workdays::local_date;

/// How long a runner may be silent.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Looks for imports that other servers took in.
const TICK: Duration = Duration::from_secs(2);
/// How long after it was sent it is begun anew because of what passes.
const PATIENCE: TimeDelta = TimeDelta::hours(1);
/// After so many beginnings it is given up.
const MOST_ATTEMPTS: i16 = 3;

/// Tells the runner of this server that an import waits. Cheap to clone.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// An import waits.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// Runs imports of every city as they come, without end.
pub async fn work(journal: &Journal, wake: &Wake) {
    loop {
        match run_waiting(journal).await {
            Ok(0) => {
                let _ = tokio::time::timeout(TICK, wake.0.notified()).await;
            }
            Ok(_) => {}
            Err(error) => {
                log::warn!("imports: {error}");
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

/// Runs one waiting import of each city; returns how many.
async fn run_waiting(journal: &Journal) -> Result<usize> {
    let cities = journal.cities().await?;
    let conn = journal.db.read().await?;
    let cities = store::cities_to_run(&conn, cities, journal.clock.now()).await?;
    drop(conn);
    let mut ran = 0;
    for city in cities {
        ran += usize::from(run_next(journal, city).await?);
    }
    Ok(ran)
}

/// Runs the next import of a city; false where none waits.
async fn run_next(journal: &Journal, city: i32) -> Result<bool> {
    let now = journal.clock.now();
    let runner = journal.ids.next(now);
    let claimed = journal.system(city, "import", async |tx| {
        let row = store::claim(tx.conn, city, runner, (now, now + LEASE)).await?;
        let Some(row) = row else { return Ok(None) };
        let file = store::file(tx.conn, city, row.id).await?;
        Ok(Some((row, file)))
    });
    let Some((row, file)) = claimed.await? else { return Ok(false) };
    let job = Job { journal, runner, row };
    // It took its server along each time, or it would have been given up by then.
    if job.row.attempts > MOST_ATTEMPTS {
        job.end(State::Failed, &Report::default()).await?;
        return Ok(true);
    }
    if let Err(error) = job.run(file).await {
        log::error!("import {} attempt {}: {error}", job.row.id, job.row.attempts);
        let passes = matches!(error.code, Code::StillRunning | Code::Unavailable);
        let now = journal.clock.now();
        if passes && now - job.row.created_at < PATIENCE {
            // Somebody held what it needed, or the database was away: no fault of the file.
            let conn = journal.db.pooled().await?;
            store::uncount(&conn, (city, job.row.id, runner)).await?;
            drop(conn);
            job.beat(0, None, now + TimeDelta::seconds(2)).await?;
        } else if passes || job.row.attempts >= MOST_ATTEMPTS {
            job.end(State::Failed, &Report::default()).await?;
        } else {
            // Again soon: what failed may pass, as a lock that somebody held.
            job.beat(0, None, now + TimeDelta::seconds(1)).await?;
        }
    }
    Ok(true)
}

struct Job<'a> {
    journal: &'a Journal,
    runner: Uuid,
    row: ImportRow,
}

impl Job<'_> {
    async fn run(&self, file: Vec<u8>) -> Result<()> {
        let kind = Kind::parse(&self.row.kind);
        let kind = kind.ok_or_else(|| Error::internal("an unknown kind of import"))?;
        if !self.may_still().await? {
            return self.refuse(Refusal::NotAnyMore, 0).await;
        }
        let mut table = match Table::open(Format::parse(&self.row.format), file) {
            Ok(table) => table,
            Err(refusal) => return self.refuse(refusal, 0).await,
        };
        let total = match count(&mut table) {
            Ok(total) => total,
            Err((last, refusal)) => return self.refuse(refusal, last).await,
        };
        let call = self.call();
        let told = async |done: u32| {
            let until = self.journal.clock.now() + LEASE;
            let is = self.beat(number(done), Some(number(total)), until).await?;
            if is { Ok(()) } else { Err(Error::internal("the lease is lost")) }
        };
        told(0).await?;
        let mut report = None;
        let written = self.journal.transaction(&call, async |tx| {
            let scheme = self.row.scheme.as_str();
            let found = apply(tx, (kind, scheme), &mut table, told).await?;
            if !found.faults.is_empty() || self.row.dry_run {
                report = Some(found);
                return Err(Error::internal("nothing is written"));
            }
            // The last word is in the same transaction: all of it and done, or neither.
            end_import(tx, &self.ended(State::Done, &found), self.runner, &[]).await
        });
        match (written.await, report) {
            (_, Some(report)) => {
                let state = if report.faults.is_empty() { State::Done } else { State::Refused };
                self.end(state, &report).await
            }
            (outcome, None) => outcome,
        }
    }

    /// Whether who sent the file keeps the chain as they did then.
    async fn may_still(&self) -> Result<bool> {
        let Some(sender) = self.row.actor_id else { return Ok(true) };
        let conn = self.journal.db.pooled().await?;
        let today = local_date(self.journal.clock.now());
        auth::holds_one_of(&conn, self.row.city_code, sender, KEEPERS, today).await
    }

    /// Ends it for what is wrong after the line `last`.
    async fn refuse(&self, refusal: Refusal, last: u32) -> Result<()> {
        let faults = vec![whole(last + 1, refusal)];
        self.end(State::Refused, &Report { faults, ..Report::default() }).await
    }

    /// Ends it in a transaction of its own: nothing else is written.
    async fn end(&self, state: State, report: &Report) -> Result<()> {
        let call = self.call();
        let row = self.ended(state, report);
        let end = self
            .journal
            .transaction(&call, async |tx| end_import(tx, &row, self.runner, &report.faults).await);
        end.await
    }

    /// The import as it is at its end. What a refused file would have done is not told: it did nothing.
    fn ended(&self, state: State, report: &Report) -> ImportRow {
        let did = |count: u32| if state == State::Done { number(count) } else { 0 };
        ImportRow {
            state: state.as_str().to_owned(),
            rows_done: number(report.done),
            created: did(report.created),
            updated: did(report.updated),
            unchanged: did(report.unchanged),
            errors: i32::try_from(report.faults.len().min(MAX_FAULTS)).unwrap_or(i32::MAX),
            version: self.row.version + 1,
            // Not when its transaction began.
            finished_at: Some(self.journal.clock.now()),
            ..self.row.clone()
        }
    }

    /// In the name of who sent the file.
    fn call(&self) -> Call {
        Call {
            city: self.row.city_code,
            actor_id: self.row.actor_id,
            actor_kind: CallerKind::parse(&self.row.actor_kind),
            on_behalf_of: None,
            request_id: self.row.request_id.clone(),
            idempotency: None,
            if_match: IfMatch::None,
            now: self.journal.clock.now(),
            ids: self.journal.ids.clone(),
        }
    }

    async fn beat(&self, done: i32, total: Option<i32>, until: DateTime<Utc>) -> Result<bool> {
        let conn = self.journal.db.pooled().await?;
        let import = (self.row.city_code, self.row.id, self.runner);
        store::beat(&conn, import, (done, total), until).await
    }
}

fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The lines of a file below its headings; what is wrong, and after which line.
fn count(table: &mut Table) -> Result<u32, (u32, Refusal)> {
    let (mut total, mut last) = (0_u32, 0);
    for line in table.lines().map_err(|refusal| (0, refusal))? {
        last = line.map_err(|refusal| (last, refusal))?.number;
        total += 1;
        if total > MAX_ROWS + 1 {
            return Err((last, Refusal::TooManyRows));
        }
    }
    Ok(total.saturating_sub(1))
}
