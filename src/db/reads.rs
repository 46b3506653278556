//! Short reads over a few connections, shared by the requests of one thread, which pipeline on them;
//! one that breaks is replaced by the next request that finds it closed.

use std::cell::Cell;
use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::sync::RwLock;
use tokio_postgres::NoTls;

use super::per_thread::{PerThread, owns_connections};
use super::pool::BY_INDEX;
use crate::error::{Error, Result};

thread_local! {
    static SERVES: Cell<bool> = const { Cell::new(false) };
}

/// Said on each thread that serves requests: it gets its share of connections.
pub fn serves_requests() {
    owns_connections();
    SERVES.set(true);
}

/// A shared connection; derefs to what `store.rs` takes.
#[derive(Clone)]
pub struct Reads(Arc<Line>);

struct Line {
    conn: AsyncPgConnection,
    closed: Arc<AtomicBool>,
}

impl Deref for Reads {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.0.conn
    }
}

pub(super) struct Hub {
    url: String,
    /// Connections of each thread that serves requests.
    count: usize,
    threads: PerThread<Lines>,
}

/// The connections of a thread, taken in turn.
struct Lines {
    lines: Vec<RwLock<Option<Arc<Line>>>>,
    next: AtomicUsize,
}

impl Hub {
    pub(super) fn new(url: &str, count: usize) -> Self {
        Self { url: url.to_owned(), count: count.max(1), threads: PerThread::default() }
    }

    pub(super) async fn get(&self) -> Result<Reads> {
        let own = self.own_lines();
        let turn = own.next.fetch_add(1, Ordering::Relaxed) % own.lines.len();
        let slot = &own.lines[turn];
        if let Some(line) = slot.read().await.as_ref().filter(|line| line.open()) {
            return Ok(Reads(line.clone()));
        }
        let mut slot = slot.write().await;
        if let Some(line) = slot.as_ref().filter(|line| line.open()) {
            return Ok(Reads(line.clone()));
        }
        let line = tokio::time::timeout(Duration::from_secs(5), connect(&self.url))
            .await
            .map_err(|_| Error::unavailable("connecting took over 5 s"))??;
        let line = Arc::new(line);
        *slot = Some(line.clone());
        Ok(Reads(line))
    }

    /// Those of the thread that asks.
    fn own_lines(&self) -> Arc<Lines> {
        let new = || {
            let count = if SERVES.get() { self.count } else { 1 };
            let lines = (0..count).map(|_| RwLock::new(None)).collect();
            Ok::<_, Infallible>(Lines { lines, next: AtomicUsize::new(0) })
        };
        let Ok(own) = self.threads.get(new);
        own
    }
}

/// Closes a line when its driver ends, by itself or with the thread's runtime.
struct Closes(Arc<AtomicBool>);

impl Drop for Closes {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Line {
    fn open(&self) -> bool {
        !self.closed.load(Ordering::Acquire)
    }
}

async fn connect(url: &str) -> Result<Line> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.map_err(Error::unavailable)?;
    let closed = Arc::new(AtomicBool::new(false));
    let closes = Closes(closed.clone());
    tokio::spawn(async move {
        let _closes = closes;
        if let Err(error) = connection.await {
            log::warn!("a read connection broke: {error}");
        }
    });
    let conn = AsyncPgConnection::try_from(client).await.map_err(Error::unavailable)?;
    let setup = format!("SET TIME ZONE 'UTC'; SET statement_timeout='5s'; SET {BY_INDEX}");
    (&conn).batch_execute(&setup).await?;
    Ok(Line { conn, closed })
}
