//! What happened: the write transaction, the audit trail, an object's history and the event feed.
//!
//! Invariants: a write and its journal rows commit together; `journal` rows never change; feed
//! positions are dense and in order; a consumer's effect and its position commit together; a timer
//! fires once on any number of servers.

mod append;
mod call;
mod consumers;
pub mod feed;
mod idempotency;
mod memo;
mod outbox;
mod places;
mod publisher;
mod purge;
mod rules;
pub mod timers;
mod tx;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use append::Entry;
pub use call::{Call, CallerKind, IdempotencyKey, IfMatch};
pub use consumers::Consumer;
pub use places::Places;
pub use publisher::{Lag, lag};
pub use timers::{Timer, TimerHandler};
pub use tx::Tx;
pub use view::{EventObject, EventPlaces, EventView};

use crate::clock::Clock;
use crate::db::Db;
use crate::ids::Ids;

/// The way to write, shared by all handlers and workers. Cheap to clone.
#[derive(Clone)]
pub struct Journal {
    /// Connections.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
    dirty: Arc<publisher::Dirty>,
    memo: memo::Memo,
    consumers: Arc<Vec<Box<dyn Consumer>>>,
    timers: Arc<BTreeMap<&'static str, Box<dyn TimerHandler>>>,
}

impl Journal {
    /// A journal whose feed nobody consumes yet.
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self {
            db,
            clock,
            ids,
            dirty: Arc::default(),
            memo: memo::Memo::default(),
            consumers: Arc::default(),
            timers: Arc::default(),
        }
    }

    /// Registers what follows the feed and what timers do. Called once, by the assembly.
    pub fn with_workers(
        mut self,
        consumers: Vec<Box<dyn Consumer>>,
        timers: Vec<(&'static str, Box<dyn TimerHandler>)>,
    ) -> Self {
        self.consumers = Arc::new(consumers);
        self.timers = Arc::new(timers.into_iter().collect());
        self
    }
}
