//! The database: pools for transactions and long work, pipelined connections for short reads,
//! prepared statements, keyset lists. Knows nothing of who asks.

mod errors;
pub mod list;
pub mod migrate;
mod per_thread;
mod pool;
mod prepared;
mod reads;
pub mod schema;
pub mod search;
mod walk;

pub use errors::constraint;
pub use list::{Bind, List, PlaceColumns, Sight, SortKey};
pub use per_thread::owns_connections;
pub use pool::{Db, PageConn, Pooled, Settings};
pub use prepared::{Prepared, ROWS, portions, sql};
pub use reads::{Reads, serves_requests};

/// What `store.rs` functions take: pipelined and pooled connections alike.
pub type Conn<'a> = &'a diesel_async::AsyncPgConnection;
