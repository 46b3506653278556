//! Rows of persons, organisations, members, contacts and the dated links between them.
//!
//! Rows are read with raw SQL: each carries its person's name and phone, fetched by key after the
//! page has been cut, and lists and single reads share one list of columns.

mod adjustments;
mod areas;
mod contacts;
mod counties;
mod coverage;
mod duplicates;
mod external_ids;
mod finding;
mod hierarchy;
mod history;
mod links;
mod many;
mod members;
mod merges;
mod organizations;
mod party;
mod persons;
mod placed;
mod posts;

use std::ops::Bound;

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;

pub use adjustments::*;
pub use areas::*;
pub use contacts::*;
pub use counties::*;
pub use coverage::*;
pub use duplicates::*;
pub use external_ids::{Keyed, KnownRow, known, name_externally, numbers_kept};
pub use finding::*;
pub use hierarchy::*;
pub use history::*;
pub use links::*;
pub use many::*;
pub use members::*;
pub use merges::*;
pub use organizations::*;
pub use party::*;
pub use persons::*;
pub use placed::*;
pub use posts::*;

use crate::db::{Bind, Conn, list::bind_all, sql};
use crate::error::Result;

/// `[from, until)`.
pub type Days = (Bound<NaiveDate>, Bound<NaiveDate>);

/// The days from `from` until before `until`.
pub fn days(from: NaiveDate, until: Option<NaiveDate>) -> Days {
    (Bound::Included(from), until.map_or(Bound::Unbounded, Bound::Excluded))
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// All rows of a query of constant text.
async fn load<R>(mut conn: Conn<'_>, text: &str, binds: Vec<Bind>) -> Result<Vec<R>>
where
    R: QueryableByName<Pg> + Send + 'static,
{
    Ok(bind_all(sql(text.to_owned()), binds).load(&mut conn).await?)
}

/// The first row of a query of constant text.
async fn first<R>(conn: Conn<'_>, text: &str, binds: Vec<Bind>) -> Result<Option<R>>
where
    R: QueryableByName<Pg> + Send + 'static,
{
    Ok(load(conn, text, binds).await?.into_iter().next())
}
