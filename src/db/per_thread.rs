//! Something that a thread has of its own. A connection is driven by the runtime of the thread that
//! opened it: handing each question and answer over to another thread costs two switches.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, ThreadId};

thread_local! {
    static OWNS: Cell<bool> = const { Cell::new(false) };
}

/// Said on a thread that lives as long as the server and asks the database often.
pub fn owns_connections() {
    OWNS.set(true);
}

/// What each thread has that said so, and what all others share; made when it is first asked for.
pub(super) struct PerThread<T>(RwLock<HashMap<Option<ThreadId>, Arc<T>>>);

impl<T> Default for PerThread<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> PerThread<T> {
    /// That of the thread that asks.
    pub(super) fn get<E>(&self, new: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let thread = OWNS.get().then(|| thread::current().id());
        // Nothing here panics while it holds the lock, so what it guards is whole.
        if let Some(own) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&thread) {
            return Ok(own.clone());
        }
        let own = Arc::new(new()?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(known.entry(thread).or_insert(own).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_say_so_have_their_own_and_all_others_share_one() {
        let all = PerThread::<ThreadId>::default();
        let ask = |own: bool| {
            thread::scope(|scope| {
                let asked = scope.spawn(|| {
                    if own {
                        owns_connections();
                    }
                    all.get(|| Ok::<_, ()>(thread::current().id()))
                });
                *asked.join().unwrap().unwrap()
            })
        };
        let shared = ask(false);
        assert_eq!(ask(false), shared);
        let (one, other) = (ask(true), ask(true));
        assert!(one != other && one != shared && other != shared);
        assert_eq!(all.0.read().unwrap().len(), 3);
    }
}
