//! Pooled connections for transactions and for what may run long.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;

use super::per_thread::PerThread;
use super::reads::{Hub, Reads};
use crate::error::{Error, Result};

/// A connection of a pool.
pub type Pooled = Object<AsyncPgConnection>;

/// Where the database is and how many connections we keep.
#[derive(Clone)]
pub struct Settings {
    /// `postgres://…`; carries a password, never printed.
    pub url: String,
    /// Connections for writes, of each thread.
    pub writes: usize,
    /// Connections for reports.
    pub reports: usize,
    /// Pipelined connections for reads, of each thread that serves requests; of others one.
    pub reads: usize,
}

/// All ways to the database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writes: Arc<Writes>,
    reports: Pool<AsyncPgConnection>,
    reads: Arc<Hub>,
}

/// A pool for each thread. One that is too small makes writes wait beside idle connections of others.
struct Writes {
    url: String,
    size: usize,
    threads: PerThread<Pool<AsyncPgConnection>>,
}

impl Writes {
    async fn get(&self) -> Result<Pooled> {
        let own = self.threads.get(|| {
            let settings =
                format!("lock_timeout='5s'; SET statement_timeout='15s'; SET {BY_INDEX}");
            pool(&self.url, self.size, &settings)
        })?;
        own.get().await.map_err(away)
    }
}

impl Db {
    /// Opens nothing yet; connections are made when first used.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self {
            writes: Arc::new(Writes {
                url: settings.url.clone(),
                size: settings.writes,
                threads: PerThread::default(),
            }),
            reports: pool(&settings.url, settings.reports, "statement_timeout='60s'")?,
            reads: Arc::new(Hub::new(&settings.url, settings.reads)),
        })
    }

    /// A shared pipelined connection, for one indexed read.
    pub async fn read(&self) -> Result<Reads> {
        self.reads.get().await
    }

    /// A connection for a page of a list: shared, unless all rows are counted, which may take long.
    pub async fn page(&self, counted: bool) -> Result<PageConn> {
        if counted {
            return Ok(PageConn::Own(Box::new(self.report().await?)));
        }
        Ok(PageConn::Shared(self.read().await?))
    }

    /// A connection of one's own, for a transaction.
    pub async fn pooled(&self) -> Result<Pooled> {
        self.writes.get().await
    }

    /// A connection of one's own for a read that may take seconds.
    pub async fn report(&self) -> Result<Pooled> {
        self.reports.get().await.map_err(away)
    }
}

/// What a page of a list is read over; derefs to what `store.rs` takes.
pub enum PageConn {
    /// Pipelined with others.
    Shared(Reads),
    /// From the pool of reports.
    Own(Box<Pooled>),
}

impl Deref for PageConn {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        match self {
            Self::Shared(conn) => conn,
            Self::Own(conn) => conn,
        }
    }
}

/// A statement stays prepared for as long as its connection lives. One that was planned while its
/// table was nearly empty would walk it for ever after; every hot one has its index, as a test holds.
/// Nor is it compiled: PostgreSQL 15 prices a walk so high that it would be, each time it runs.
pub(super) const BY_INDEX: &str = "enable_seqscan = off; SET jit = off";

fn away(error: PoolError) -> Error {
    Error::unavailable(error)
}

fn pool(url: &str, size: usize, settings: &str) -> Result<Pool<AsyncPgConnection>> {
    let setup = format!("SET TIME ZONE 'UTC'; SET {settings}");
    let mut config = ManagerConfig::default();
    // A broken connection is noticed by its own state; a ping a checkout would be a round trip.
    config.recycling_method = diesel_async::pooled_connection::RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |url| {
        let (url, setup) = (url.to_owned(), setup.clone());
        async move {
            let mut conn = AsyncPgConnection::establish(&url).await?;
            conn.batch_execute(&setup)
                .await
                .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            Ok(conn)
        }
        .boxed()
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
        .max_size(size)
        .runtime(deadpool::Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(5)))
        .create_timeout(Some(Duration::from_secs(5)))
        .build()
        .map_err(Error::internal)
}
