//! What a token's bearer may do right now, kept for a moment. Every server polls the shared list of
//! changes each second; when the poll fails, nothing cached is believed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use moka::sync::Cache;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::actor::Actor;
use super::roles::Grant;
use super::store;
use super::tokens::{Claims, client_id_of};
use crate::error::{Code, Error, Result};
use crate::journal::{CallerKind, Journal};

/// An entry lives no longer, whatever happens: a change that a server with a slow clock made is seen
/// by then, poll or no poll.
const LIFE: Duration = Duration::from_secs(2);
/// What was changed is remembered for longer than an entry and a poll look back.
const KEPT: Duration = Duration::from_secs(60);
/// The last successful poll may be this old.
const FRESH: Duration = Duration::from_millis(1500);
/// How far back a poll reads: clocks of servers differ, and a change is seen only once committed.
const WINDOW_SECONDS: i64 = 15;

/// The day it is in the city.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    // China has one zone and no summer time.
    match FixedOffset::east_opt(8 * 3600) {
        Some(zone) => now.with_timezone(&zone).date_naive(),
        None => now.date_naive(),
    }
}

/// What was read about a subject and a session.
struct Loaded {
    since: Instant,
    day: NaiveDate,
    name: String,
    member_id: Option<Uuid>,
    person_id: Option<Uuid>,
    until: Option<DateTime<Utc>>,
    grants: Arc<[Grant]>,
}

/// Loads and keeps what tokens stand for. Cheap to clone.
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

struct Inner {
    journal: Journal,
    entries: Cache<(i32, Uuid, Uuid), Arc<Loaded>>,
    /// When this server last saw a change of a subject.
    changed: Cache<Uuid, Instant>,
    /// Changes seen already.
    seen: Cache<Uuid, ()>,
    born: Instant,
    /// Milliseconds from `born` to the start of the last successful poll; zero before the first.
    polled: AtomicU64,
}

impl Sessions {
    /// Nothing cached yet; nothing is until [`Sessions::start`].
    pub fn new(journal: Journal) -> Self {
        let kept = |life: Duration| Cache::builder().max_capacity(200_000).time_to_live(life);
        Self(Arc::new(Inner {
            journal,
            entries: Cache::builder().max_capacity(200_000).time_to_live(LIFE).build(),
            changed: Cache::builder().time_to_live(KEPT).build(),
            seen: kept(KEPT).build(),
            born: Instant::now(),
            polled: AtomicU64::new(0),
        }))
    }

    /// Polls each second until the handle is aborted.
    pub fn start(&self) -> JoinHandle<()> {
        let sessions = self.clone();
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_secs(1));
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let mut failing = false;
            loop {
                tick.tick().await;
                let result = sessions.poll().await;
                if let (Err(error), false) = (&result, failing) {
                    log::warn!("polling changed accounts: {error}; caches are bypassed");
                }
                failing = result.is_err();
            }
        })
    }

    /// One look at the changes.
    pub async fn poll(&self) -> Result<()> {
        let inner = &self.0;
        let began = inner.born.elapsed();
        let since = inner.journal.clock.now() - chrono::TimeDelta::seconds(WINDOW_SECONDS);
        let changes = {
            let conn = inner.journal.db.read().await?;
            store::changes_since(&conn, since).await?
        };
        let now = Instant::now();
        for (id, subject) in changes {
            if !inner.seen.contains_key(&id) {
                inner.changed.insert(subject, now);
                inner.seen.insert(id, ());
            }
        }
        let millis = u64::try_from(began.as_millis()).unwrap_or(u64::MAX).max(1);
        inner.polled.store(millis, Ordering::Release);
        Ok(())
    }

    fn fresh(&self) -> bool {
        let polled = self.0.polled.load(Ordering::Acquire);
        let age = self.0.born.elapsed().saturating_sub(Duration::from_millis(polled));
        polled > 0 && age <= FRESH
    }

    /// Who stands behind verified claims, or 401 when the account is disabled or the session over.
    pub async fn actor(&self, claims: &Claims, now: DateTime<Utc>) -> Result<Actor> {
        let city = claims.city().ok_or_else(|| over("访问令牌无效", "the token is not valid"))?;
        let key = (city, claims.sub, claims.sid);
        let day = today(now);
        let cached = self.0.entries.get(&key).filter(|loaded| {
            let changed = self.0.changed.get(&claims.sub);
            loaded.day == day && changed.is_none_or(|changed| loaded.since > changed)
        });
        let loaded = match cached.filter(|_| self.fresh()) {
            Some(loaded) => loaded,
            None => {
                let loaded = Arc::new(self.load(city, claims, day).await?);
                self.0.entries.insert(key, loaded.clone());
                loaded
            }
        };
        if loaded.until.is_some_and(|until| until <= now) {
            return Err(over("会话已过期", "the session has expired"));
        }
        let scopes = claims.scope.as_deref().unwrap_or_default();
        Ok(Actor {
            city,
            id: claims.sub,
            kind: if claims.is_client() { CallerKind::Client } else { CallerKind::Account },
            session: claims.sid,
            member_id: loaded.member_id,
            person_id: loaded.person_id,
            name: loaded.name.clone(),
            scopes: scopes.split_ascii_whitespace().map(str::to_owned).collect(),
            grants: loaded.grants.clone(),
        })
    }

    async fn load(&self, city: i32, claims: &Claims, day: NaiveDate) -> Result<Loaded> {
        // Taken before the read: a change seen later than this may not be in what was read.
        let since = Instant::now();
        let conn = self.0.journal.db.read().await?;
        let grants = store::list_grants(&conn, city, claims.sub, day);
        if claims.is_client() {
            let client = store::find_client(&conn, city, claims.sub);
            let (client, grants) = tokio::try_join!(client, grants)?;
            client.filter(|client| client.disabled_at.is_none()).ok_or_else(disabled)?;
            let name = client_id_of(city, claims.sub);
            return Ok(Loaded {
                since,
                day,
                name,
                member_id: None,
                person_id: None,
                until: None,
                grants: grants.into(),
            });
        }
        let account = store::find_account(&conn, city, claims.sub);
        let session = store::find_session(&conn, city, claims.sid);
        let (account, session, grants) = tokio::try_join!(account, session, grants)?;
        let account =
            account.filter(|account| account.disabled_at.is_none()).ok_or_else(disabled)?;
        let session = session
            .filter(|session| session.ended_at.is_none() && session.subject_id == claims.sub)
            .ok_or_else(|| over("会话已结束", "the session has ended"))?;
        Ok(Loaded {
            since,
            day,
            name: format!("{}@{city}", account.username),
            member_id: account.member_id,
            person_id: account.person_id,
            until: Some(session.expires_at),
            grants: grants.into(),
        })
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("entries", &self.0.entries.entry_count()).finish()
    }
}

fn over(zh: &str, en: &str) -> Error {
    Error::say(Code::Unauthorized, zh, en)
}

fn disabled() -> Error {
    over("账号已停用", "the account is disabled")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_china() {
        let at = |text: &str| today(text.parse::<DateTime<Utc>>().unwrap()).to_string();
        assert_eq!(at("2026-11-23T15:59:59Z"), "2026-11-23");
        assert_eq!(at("2026-11-23T16:00:00Z"), "2026-11-24");
    }
}
