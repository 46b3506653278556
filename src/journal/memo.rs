//! What a city configures changes a few times a year and is asked for in every write: kept for two
//! seconds, by city and type. A room keeps its own type here; nobody else can name it.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::Tx;

type Known = Arc<dyn Any + Send + Sync>;

/// The short memory of a server.
#[derive(Clone)]
pub(super) struct Memo(Cache<(TypeId, i32), Known>);

impl Default for Memo {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(2));
        Self(cache.build())
    }
}

impl Tx<'_> {
    /// What was remembered of this city in the last two seconds.
    pub fn recall<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.memo.0.get(&(TypeId::of::<T>(), self.call.city))?.downcast().ok()
    }

    /// Remembers it for two seconds.
    pub fn remember<T: Send + Sync + 'static>(&self, known: Arc<T>) {
        self.memo.0.insert((TypeId::of::<T>(), self.call.city), known);
    }
}
