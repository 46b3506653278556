//! Timers as rows. Each fires once: the row is locked, acted on and marked in one transaction.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::outbox::Set;
use super::{Call, Journal, Tx};
use crate::db::schema::timers::dsl as timers;
use crate::error::{Code, Error, Result};

/// After this many failures a timer waits for the operator; `/readyz` shows it as lag.
const MOST_ATTEMPTS: i16 = 20;

/// A timer that is due.
#[derive(Debug, Clone, Queryable)]
pub struct Timer {
    /// The row.
    pub id: Uuid,
    /// Which handler.
    pub kind: String,
    /// On what.
    pub object_id: Uuid,
    /// In which round.
    pub round: i16,
    /// When it was due.
    pub due_at: DateTime<Utc>,
}

/// What a kind of timer does. It looks at the object first: a timer whose cause is gone does
/// nothing.
pub trait TimerHandler: Send + Sync {
    /// Acts, inside the transaction that marks the timer.
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>>;
}

/// Sets a timer at the end of the transaction; the same (object, kind, due, round) is set once.
pub async fn schedule(
    tx: &mut Tx<'_>,
    kind: &'static str,
    object_id: Uuid,
    round: i16,
    due_at: DateTime<Utc>,
) -> Result<()> {
    tx.outbox.set(Set { id: tx.call.id(), kind, object_id, round, due_at });
    Ok(())
}

impl Journal {
    /// Fires every timer of `city` that is due; returns how many fired.
    pub async fn fire_due(&self, city: i32) -> Result<usize> {
        let mut fired = 0;
        // A kind that a newer server set is left to it.
        let kinds: Vec<String> = self.timers.keys().map(|kind| (*kind).to_owned()).collect();
        loop {
            let mut failing = None;
            let outcome = self
                .system(city, "timer", async |tx| {
                    let Some(timer) = due(tx, &kinds).await? else { return Ok(false) };
                    failing = Some(timer.id);
                    if let Some(handler) = self.timers.get(timer.kind.as_str()) {
                        handler.fire(tx, &timer).await?;
                    }
                    let row = timers::timers.find((city, timer.id));
                    let mark = timers::fired_at.eq(tx.call.now);
                    diesel::update(row).set(mark).execute(&mut tx.conn).await?;
                    Ok(true)
                })
                .await;
            match (outcome, failing) {
                (Ok(true), _) => fired += 1,
                (Ok(false), _) => return Ok(fired),
                (Err(error), Some(id)) if !passing(&error) => {
                    log::error!("timer {id}: {error}");
                    self.postpone(city, id).await?;
                }
                (Err(error), _) => return Err(error),
            }
        }
    }

    /// Fires what is due of `objects` inside `tx`, each timer at its own time: for a story that is
    /// told after the fact.
    pub async fn fire_of(&self, tx: &mut Tx<'_>, objects: &[Uuid]) -> Result<usize> {
        let mut fired = 0;
        // A timer may set another one that is due by now too.
        tx.flush().await?;
        while let Some(timer) = due_of(tx, objects).await? {
            let call = Call::scheduler(tx.call.city, timer.due_at, tx.call.ids.clone(), "timer");
            let then = &mut tx.framed(&call);
            if let Some(handler) = self.timers.get(timer.kind.as_str()) {
                handler.fire(then, &timer).await?;
            }
            then.flush().await?;
            let row = timers::timers.find((call.city, timer.id));
            let mark = timers::fired_at.eq(timer.due_at);
            diesel::update(row).set(mark).execute(&mut tx.conn).await?;
            fired += 1;
        }
        Ok(fired)
    }

    /// [`Journal::fire_due`] in every city.
    pub async fn fire_all_due(&self) -> Result<usize> {
        let mut fired = 0;
        for city in self.cities().await? {
            fired += self.fire_due(city).await?;
        }
        Ok(fired)
    }

    /// Lets a failing timer wait a minute so that it does not hold up the others.
    async fn postpone(&self, city: i32, id: Uuid) -> Result<()> {
        self.system(city, "timer", async |tx| {
            let later = timers::due_at.eq(tx.call.now + Duration::minutes(1));
            diesel::update(timers::timers.find((city, id)))
                .set((later, timers::attempts.eq(timers::attempts + 1)))
                .execute(&mut tx.conn)
                .await?;
            Ok(())
        })
        .await
    }
}

/// Whether it may well go through next time, and nothing is wrong with the timer.
fn passing(error: &Error) -> bool {
    matches!(error.code, Code::Unavailable | Code::StillRunning)
}

async fn due(tx: &mut Tx<'_>, kinds: &[String]) -> Result<Option<Timer>> {
    let row = timers::timers
        .filter(timers::city_code.eq(tx.call.city))
        .filter(timers::fired_at.is_null())
        .filter(timers::due_at.le(tx.call.now))
        .filter(timers::attempts.lt(MOST_ATTEMPTS))
        .filter(timers::kind.eq_any(kinds))
        .order(timers::due_at)
        .select((timers::id, timers::kind, timers::object_id, timers::round, timers::due_at))
        .for_update()
        .skip_locked()
        .first(&mut tx.conn)
        .await
        .optional()?;
    Ok(row)
}

async fn due_of(tx: &mut Tx<'_>, objects: &[Uuid]) -> Result<Option<Timer>> {
    let row = timers::timers
        .filter(timers::city_code.eq(tx.call.city))
        .filter(timers::object_id.eq_any(objects))
        .filter(timers::fired_at.is_null())
        .filter(timers::due_at.le(tx.call.now))
        .order((timers::due_at, timers::id))
        .select((timers::id, timers::kind, timers::object_id, timers::round, timers::due_at))
        .first(&mut tx.conn)
        .await
        .optional()?;
    Ok(row)
}
