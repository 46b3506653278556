//! Gives committed entries their positions. One publisher a city at a time, fenced by the head row;
//! writers never wait for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use tokio::sync::Notify;
use uuid::Uuid;

use super::rules::{Pending, in_order};
use super::{Journal, Tx};
use crate::db::schema::{cities, feed_heads, journal, journal_pending};
use crate::db::{Conn, Prepared};
use crate::error::Result;

/// How often timers are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often every city is looked at, whoever wrote there.
const SWEEP: Duration = Duration::from_secs(10);
/// Entries that get positions in one transaction.
const BATCH: usize = 2000;

/// Cities with committed entries that wait for a position.
#[derive(Default)]
pub struct Dirty {
    cities: Mutex<BTreeSet<i32>>,
    wake: Notify,
}

impl Dirty {
    /// Called after a commit.
    pub fn mark(&self, city: i32) {
        if let Ok(mut cities) = self.cities.lock() {
            cities.insert(city);
        }
        self.wake.notify_one();
    }

    /// Waits for work, at most `patience`.
    pub async fn wait(&self, patience: Duration) -> BTreeSet<i32> {
        let _ = tokio::time::timeout(patience, self.wake.notified()).await;
        self.cities.lock().map(|mut cities| std::mem::take(&mut *cities)).unwrap_or_default()
    }
}

/// How far behind the feed is, for `/readyz` and metrics.
#[derive(Debug, Clone, Default)]
pub struct Lag {
    /// Committed entries without a position.
    pub pending: i64,
    /// Timers that are due and have not fired.
    pub timers: i64,
    /// Entries the slowest consumer has not seen, by consumer.
    pub consumers: BTreeMap<String, i64>,
}

#[derive(QueryableByName)]
struct Behind {
    #[diesel(sql_type = BigInt)]
    pending: i64,
    #[diesel(sql_type = BigInt)]
    timers: i64,
}

#[derive(QueryableByName)]
struct ConsumerBehind {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    behind: i64,
}

/// Measures the lag; counts are capped at 10,000 so that measuring stays cheap.
pub async fn lag(mut conn: Conn<'_>, now: DateTime<Utc>) -> Result<Lag> {
    let behind: Behind = Prepared(
        diesel::sql_query(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM journal_pending LIMIT 10000) p) AS pending, \
             (SELECT count(*) FROM (SELECT 1 FROM cities c JOIN timers t ON t.city_code = c.code \
                AND t.fired_at IS NULL AND t.due_at <= $1 LIMIT 10000) t) AS timers",
        )
        .bind::<Timestamptz, _>(now),
    )
    .get_result(&mut conn)
    .await?;
    let consumers: Vec<ConsumerBehind> = Prepared(diesel::sql_query(
        "SELECT p.name, sum(h.position - p.position)::bigint AS behind FROM consumer_positions p \
         JOIN feed_heads h ON h.city_code = p.city_code GROUP BY p.name",
    ))
    .load(&mut conn)
    .await?;
    Ok(Lag {
        pending: behind.pending,
        timers: behind.timers,
        consumers: consumers.into_iter().map(|c| (c.name, c.behind)).collect(),
    })
}

impl Journal {
    /// Every tenant.
    pub async fn cities(&self) -> Result<Vec<i32>> {
        let conn = self.db.read().await?;
        Ok(cities::table.select(cities::code).order(cities::code).load(&mut &*conn).await?)
    }

    /// Publishes all that is pending in `city`; returns how many entries got a position.
    pub async fn publish(&self, city: i32) -> Result<usize> {
        let mut published = 0;
        loop {
            let batch = self.system(city, "publisher", async |tx| publish_batch(tx).await).await?;
            published += batch;
            // What is committed after this look wakes us again.
            if batch < BATCH {
                return Ok(published);
            }
        }
    }

    /// Publishes and consumes until nothing is left, in every city.
    pub async fn drain(&self) -> Result<()> {
        for city in self.cities().await? {
            loop {
                let published = self.publish(city).await?;
                let consumed = self.consume(city).await?;
                if published == 0 && consumed == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Runs for the life of the server: the feed as soon as something commits here, a sweep of all
    /// cities every ten seconds for what a crash left behind, timers each second.
    pub async fn work(&self) {
        let (mut swept, mut looked) = (None::<Instant>, None::<Instant>);
        let over = |since: Option<Instant>, span| since.is_none_or(|since| since.elapsed() >= span);
        loop {
            let dirty = self.dirty.wait(TICK).await;
            let (sweep, timers) = (over(swept, SWEEP), over(looked, TICK));
            if sweep {
                swept = Some(Instant::now());
            }
            if timers {
                looked = Some(Instant::now());
            }
            match self.cities().await {
                Ok(all) => {
                    for city in all {
                        let feed = sweep || dirty.contains(&city);
                        self.look_after(city, feed, timers).await;
                    }
                }
                Err(error) => {
                    log::warn!("workers: {error}");
                    tokio::time::sleep(TICK).await;
                }
            }
            if sweep && let Err(error) = self.purge().await {
                log::warn!("purge: {error}");
            }
        }
    }

    /// One city's feed and timers; what fails here holds up neither the rest nor other cities.
    async fn look_after(&self, city: i32, mut feed: bool, timers: bool) {
        if timers {
            match self.fire_due(city).await {
                Ok(fired) => feed |= fired > 0,
                Err(error) => log::warn!("timers of {city}: {error}"),
            }
        }
        if !feed {
            return;
        }
        if let Err(error) = self.publish(city).await {
            log::warn!("publishing {city}: {error}");
        }
        if let Err(error) = self.consume(city).await {
            log::warn!("consumers of {city}: {error}");
        }
    }
}

type Row = (Uuid, Uuid, i64, Vec<u8>);

async fn publish_batch(tx: &mut Tx<'_>) -> Result<usize> {
    let city = tx.call.city;
    let mut conn = tx.conn;
    let (position, mut chain): (i64, Vec<u8>) = feed_heads::table
        .find(city)
        .select((feed_heads::position, feed_heads::chain))
        .for_update()
        .first(&mut conn)
        .await?;
    let rows: Vec<Row> = journal_pending::table
        .inner_join(
            journal::table.on(journal::city_code
                .eq(journal_pending::city_code)
                .and(journal::id.eq(journal_pending::id))),
        )
        .filter(journal_pending::city_code.eq(city))
        .select((journal::id, journal::object_id, journal::object_version, journal::payload_hash))
        .order(journal_pending::id)
        .limit(i64::try_from(BATCH).unwrap_or(i64::MAX))
        .load(&mut conn)
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let pending = rows.into_iter().map(|(id, object_id, version, payload_hash)| Pending {
        id,
        object_id,
        version,
        payload_hash,
    });
    let ordered = in_order(pending.collect());
    let (mut positions, mut ids, mut chains) = (Vec::new(), Vec::new(), Vec::new());
    for (entry, position) in ordered.into_iter().zip(position + 1..) {
        chain = link(&chain, &entry.payload_hash, position);
        positions.push(position);
        ids.push(entry.id);
        chains.push(chain.clone());
    }
    let head = position + i64::try_from(ids.len()).unwrap_or_default();
    Prepared(
        diesel::sql_query(
            "INSERT INTO feed (city_code, position, entry_id, chain) \
             SELECT $1, p, e, c FROM unnest($2::bigint[], $3::uuid[], $4::bytea[]) u(p, e, c)",
        )
        .bind::<Integer, _>(city)
        .bind::<Array<BigInt>, _>(&positions)
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<Binary>, _>(&chains),
    )
    .execute(&mut conn)
    .await?;
    Prepared(
        diesel::sql_query("DELETE FROM journal_pending WHERE city_code = $1 AND id = ANY($2)")
            .bind::<Integer, _>(city)
            .bind::<Array<SqlUuid>, _>(&ids),
    )
    .execute(&mut conn)
    .await?;
    Prepared(
        diesel::sql_query("UPDATE feed_heads SET position = $2, chain = $3 WHERE city_code = $1")
            .bind::<Integer, _>(city)
            .bind::<BigInt, _>(head)
            .bind::<Nullable<Binary>, _>(Some(chain)),
    )
    .execute(&mut conn)
    .await?;
    Ok(ids.len())
}

/// The next link of the hash chain.
pub fn link(chain: &[u8], payload_hash: &[u8], position: i64) -> Vec<u8> {
    let mut hash = digest::Context::new(&digest::SHA256);
    hash.update(chain);
    hash.update(payload_hash);
    hash.update(&position.to_be_bytes());
    hash.finish().as_ref().to_vec()
}
