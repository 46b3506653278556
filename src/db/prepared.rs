//! Statements whose text never varies, prepared once a connection. diesel prepares updates, some
//! inserts and all raw SQL anew each time, because it cannot know that; here we say so.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, BoxedSqlQuery, Query, QueryFragment, QueryId, SqlQuery};

/// Wraps a statement of constant text (per shape): it is kept prepared.
#[derive(Debug, Clone)]
pub struct Prepared<Q>(pub Q);

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

/// Rows in one insert. Its text depends on their number, so that few texts are kept prepared.
pub const ROWS: usize = 40;

/// `rows` in portions of at most [`ROWS`].
pub fn portions<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let portion: Vec<T> = rows.by_ref().take(ROWS).collect();
        (!portion.is_empty()).then_some(portion)
    })
}

/// Raw SQL with a number of binds known only at run time; finish it with [`Prepared`].
pub fn sql<'a>(text: impl Into<String>) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    diesel::sql_query(text).into_boxed()
}
