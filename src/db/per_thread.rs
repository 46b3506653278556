//! Something that each thread has of its own. A connection is driven by the runtime of the thread that
//! opened it: handing each question and answer over to another thread costs two switches.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, ThreadId};

/// What each thread has; made when it first asks.
pub(super) struct PerThread<T>(RwLock<HashMap<ThreadId, Arc<T>>>);

impl<T> Default for PerThread<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> PerThread<T> {
    /// That of the thread that asks.
    pub(super) fn get<E>(&self, new: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let thread = thread::current().id();
        // Nothing here panics while it holds the lock, so what it guards is whole.
        if let Some(own) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&thread) {
            return Ok(own.clone());
        }
        let own = Arc::new(new()?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(known.entry(thread).or_insert(own).clone())
    }
}
