//! Short reads over a few shared connections. Requests pipeline on them; a connection that breaks
//! is replaced by the next request that finds it closed.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::sync::RwLock;
use tokio_postgres::NoTls;

use super::pool::BY_INDEX;
use crate::error::{Error, Result};

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
    lines: Vec<RwLock<Option<Arc<Line>>>>,
    next: AtomicUsize,
}

impl Hub {
    pub(super) fn new(url: &str, count: usize) -> Self {
        let lines = (0..count.max(1)).map(|_| RwLock::new(None)).collect();
        Self { url: url.to_owned(), lines, next: AtomicUsize::new(0) }
    }

    pub(super) async fn get(&self) -> Result<Reads> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.lines.len();
        let slot = &self.lines[turn];
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
    let flag = closed.clone();
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            log::warn!("a read connection broke: {error}");
        }
        flag.store(true, Ordering::Release);
    });
    let conn = AsyncPgConnection::try_from(client).await.map_err(Error::unavailable)?;
    let setup = format!("SET TIME ZONE 'UTC'; SET statement_timeout='5s'; SET {BY_INDEX}");
    (&conn).batch_execute(&setup).await?;
    Ok(Line { conn, closed })
}
