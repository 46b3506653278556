//! Makes the keys of names that have none, or those of an earlier name: rows from before there was a
//! search, and rows written in bulk. What remains to be done stands in the tables themselves, so it
//! may end anywhere and be begun again, on several servers at once.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::keys;
use crate::db::{Bind, Conn, Db, list::bind_all, sql};
use crate::error::Result;

/// Rows of one statement.
const BATCH: i64 = 500;
/// What stands between the keys of one name; no key has it, keys are letters and digits, and a name
/// has no control characters.
const BETWEEN: &str = "\u{1f}";

/// A table whose rows are found by name. Its words come from code.
#[derive(Debug, Clone, Copy)]
pub struct Searched {
    /// The table, with a column `search text[]` and a partial index of what is to be done.
    pub table: &'static str,
    /// Its key beside the city.
    pub key: &'static str,
    /// The key's type.
    pub key_type: &'static str,
    /// The column of the name.
    pub name: &'static str,
    /// Whether its rows belong to a city.
    pub tenant: bool,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Searched {
    /// Names of a tenant table with ids.
    pub const fn of(table: &'static str, name: &'static str) -> Self {
        Self { table, key: "id", key_type: "uuid", name, tenant: true }
    }

    fn of_city(&self) -> &'static str {
        if self.tenant { "t.city_code = $1" } else { "$1 = 0" }
    }

    /// Rows of `city` whose keys are missing or old.
    async fn pending(&self, mut conn: Conn<'_>, city: i32) -> Result<Vec<Named>> {
        let Self { table, key, name, .. } = self;
        let text = format!(
            "SELECT t.{key}::text AS key, t.{name} AS name FROM {table} t WHERE {} \
             AND t.{name} IS NOT NULL AND (t.search IS NULL OR t.search[1] IS DISTINCT FROM '=' || t.{name}) \
             ORDER BY t.{key} LIMIT $2",
            self.of_city()
        );
        let binds = vec![Bind::Int(city), Bind::Big(BATCH)];
        Ok(bind_all(sql(text), binds).load(&mut conn).await?)
    }

    /// Keeps keys where the name is still the same. Rows that somebody holds are left for later: who
    /// waits for none holds up none.
    async fn keep(&self, mut conn: Conn<'_>, city: i32, rows: &[Named]) -> Result<usize> {
        let Self { table, key, key_type, name, .. } = self;
        let of_city = self.of_city();
        let text = format!(
            "WITH u AS (SELECT k::{key_type} AS key, n, s FROM unnest($2, $3, $4) u(k, n, s)), \
             free AS MATERIALIZED (SELECT t.{key} AS key FROM {table} t JOIN u \
             ON u.key = t.{key} AND u.n = t.{name} WHERE {of_city} FOR UPDATE OF t SKIP LOCKED) \
             UPDATE {table} t SET search = string_to_array(u.s, E'\\x1f') FROM u, free \
             WHERE {of_city} AND t.{key} = free.key AND u.key = free.key"
        );
        let texts = |of: fn(&Named) -> String| Bind::Texts(rows.iter().map(of).collect());
        let made = rows.iter().map(|row| keys(city, &row.name).join(BETWEEN)).collect();
        let ids = texts(|row| row.key.clone());
        let binds = vec![Bind::Int(city), ids, texts(|row| row.name.clone()), Bind::Texts(made)];
        Ok(bind_all(sql(text), binds).execute(&mut conn).await?)
    }
}

/// Makes what is missing in `cities`, and in the tables that all share; returns how many names.
pub async fn fill(db: &Db, cities: &[i32], tables: &[Searched]) -> Result<usize> {
    let mut made = 0;
    for table in tables {
        let shared = [0];
        for city in if table.tenant { cities } else { &shared[..] } {
            loop {
                let conn = db.pooled().await?;
                let rows = table.pending(&conn, *city).await?;
                let kept =
                    if rows.is_empty() { 0 } else { table.keep(&conn, *city, &rows).await? };
                made += kept;
                if kept == 0 {
                    break;
                }
            }
        }
    }
    Ok(made)
}
