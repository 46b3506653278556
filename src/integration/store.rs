//! Rows of imports, their files and what is wrong with these.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::lines::RowFault;
use crate::db::list::bind_all;
use crate::db::schema::{import_errors, import_files, imports};
use crate::db::{Conn, List, PlaceColumns, Sight, SortKey, sql};
use crate::error::Result;
use crate::page::Page;

/// An import.
#[derive(Debug, Clone, QueryableByName, Insertable)]
#[diesel(table_name = imports)]
pub struct ImportRow {
    /// The tenant.
    pub city_code: i32,
    /// Its id.
    pub id: Uuid,
    /// members, contacts, sectors or areas
    pub kind: String,
    /// csv or xlsx
    pub format: String,
    /// Whose ids `外部编号` holds.
    pub scheme: String,
    /// Whether it is only tried.
    pub dry_run: bool,
    /// See [`super::rules::State`].
    pub state: String,
    /// Lines of the file, once counted.
    pub rows_total: Option<i32>,
    /// Lines that have been looked at.
    pub rows_done: i32,
    /// Rows that were not known.
    pub created: i32,
    /// Rows that differed.
    pub updated: i32,
    /// Rows that were the same.
    pub unchanged: i32,
    /// How much is wrong.
    pub errors: i32,
    /// How often it was begun.
    pub attempts: i16,
    /// Who sent it.
    pub actor_id: Option<Uuid>,
    /// What kind of caller that was.
    pub actor_kind: String,
    /// In which request.
    pub request_id: String,
    /// Its version.
    pub version: i64,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "t.city_code, t.id, t.kind, t.format, t.scheme, t.dry_run, t.state, \
    t.rows_total, t.rows_done, t.created, t.updated, t.unchanged, t.errors, t.attempts, t.actor_id, \
    t.actor_kind, t.request_id, t.version, t.created_at, t.finished_at";

/// The import of that id.
pub async fn import(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<ImportRow>> {
    let text = format!("SELECT {COLUMNS} FROM imports t WHERE t.city_code = $1 AND t.id = $2");
    let query = bind_all(sql(text), vec![city.into(), id.into()]);
    Ok(query.load(&mut conn).await?.into_iter().next())
}

/// A page of imports, newest first.
pub async fn imports(
    conn: Conn<'_>,
    city: i32,
    (kind, state): (Option<String>, Option<String>),
    page: &Page,
) -> Result<(Vec<ImportRow>, Option<i64>)> {
    List::new(city, "imports", COLUMNS, PlaceColumns::default(), SortKey::created(None))
        .filter("t.kind = ?", kind)
        .filter("t.state = ?", state)
        .rows(conn, &Sight::city(), page)
        .await
}

/// Bytes of a part of a file: a connection keeps as much room as the largest row that it ever sent or got.
const PART: usize = 256 * 1024;

/// Adds an import with its file.
pub async fn add(mut conn: Conn<'_>, row: &ImportRow, file: &[u8]) -> Result<()> {
    diesel::insert_into(imports::table).values(row.clone()).execute(&mut conn).await?;
    for (part, content) in (0_i32..).zip(file.chunks(PART)) {
        let part = (
            import_files::city_code.eq(row.city_code),
            import_files::import_id.eq(row.id),
            import_files::part.eq(part),
            import_files::content.eq(content),
        );
        diesel::insert_into(import_files::table).values(part).execute(&mut conn).await?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct City {
    #[diesel(sql_type = Integer)]
    city_code: i32,
}

/// Those of `cities` in which an import waits, or has been left by whoever ran it.
pub async fn cities_to_run(
    mut conn: Conn<'_>,
    cities: Vec<i32>,
    now: DateTime<Utc>,
) -> Result<Vec<i32>> {
    let text = "SELECT DISTINCT city_code FROM imports WHERE city_code = ANY($1) \
        AND state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < $2)";
    let rows: Vec<City> =
        bind_all(sql(text.to_owned()), vec![cities.into(), now.into()]).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.city_code).collect())
}

/// Takes the oldest import of the city that nobody runs, unless another one runs there.
pub async fn claim(
    mut conn: Conn<'_>,
    city: i32,
    runner: Uuid,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<ImportRow>> {
    // One server at a time looks, so that no two take one each.
    let one = "SELECT code AS city_code FROM cities WHERE code = $1 FOR NO KEY UPDATE";
    let _: Vec<City> = bind_all(sql(one.to_owned()), vec![city.into()]).load(&mut conn).await?;
    let text = format!(
        "UPDATE imports t SET state = 'running', runner = $2, lease_until = $4, \
         attempts = t.attempts + 1 WHERE t.city_code = $1 AND t.id = ANY(ARRAY(\
         SELECT i.id FROM imports i WHERE i.city_code = $1 AND i.state IN ('waiting', 'running') \
         AND (i.lease_until IS NULL OR i.lease_until < $3) AND NOT EXISTS (\
         SELECT 1 FROM imports r WHERE r.city_code = $1 AND r.state = 'running' \
         AND r.lease_until >= $3) ORDER BY i.created_at, i.id LIMIT 1 FOR UPDATE SKIP LOCKED)) \
         RETURNING {COLUMNS}"
    );
    let binds = vec![city.into(), runner.into(), now.into(), until.into()];
    Ok(bind_all(sql(text), binds).load(&mut conn).await?.into_iter().next())
}

/// A beginning that came to nothing for another's sake is not counted.
pub async fn uncount(mut conn: Conn<'_>, (city, id, runner): (i32, Uuid, Uuid)) -> Result<()> {
    let mine = imports::table.find((city, id)).filter(imports::runner.eq(runner));
    let set = imports::attempts.eq(imports::attempts - 1);
    diesel::update(mine).set(set).execute(&mut conn).await?;
    Ok(())
}

/// The file of an import.
pub async fn file(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    for part in 0_i32.. {
        let query = import_files::table.find((city, id, part)).select(import_files::content);
        let content: Option<Vec<u8>> = query.first(&mut conn).await.optional()?;
        let Some(content) = content else { break };
        whole.extend(content);
    }
    Ok(whole)
}

/// How far the runner is: it keeps its lease. False: it has lost it.
pub async fn beat(
    mut conn: Conn<'_>,
    (city, id, runner): (i32, Uuid, Uuid),
    (done, total): (i32, Option<i32>),
    until: DateTime<Utc>,
) -> Result<bool> {
    let row = imports::table.find((city, id));
    let mine = row.filter(imports::runner.eq(runner)).filter(imports::state.eq("running"));
    let progress = (
        imports::rows_done.eq(done),
        // None leaves it as it is.
        total.map(|total| imports::rows_total.eq(total)),
        imports::lease_until.eq(until),
    );
    Ok(diesel::update(mine).set(progress).execute(&mut conn).await? == 1)
}

/// Ends an import that `runner` runs, and forgets its file. False: it has lost its lease.
pub async fn end(mut conn: Conn<'_>, row: &ImportRow, runner: Uuid) -> Result<bool> {
    let mine = imports::table.find((row.city_code, row.id)).filter(imports::runner.eq(runner));
    let mine = mine.filter(imports::state.eq("running"));
    let ended = (
        imports::state.eq(&row.state),
        imports::rows_done.eq(row.rows_done),
        imports::created.eq(row.created),
        imports::updated.eq(row.updated),
        imports::unchanged.eq(row.unchanged),
        imports::errors.eq(row.errors),
        imports::version.eq(row.version),
        imports::finished_at.eq(row.finished_at),
        imports::lease_until.eq(None::<DateTime<Utc>>),
    );
    let is = diesel::update(mine).set(ended).execute(&mut conn).await? == 1;
    let file = import_files::table
        .filter(import_files::city_code.eq(row.city_code).and(import_files::import_id.eq(row.id)));
    diesel::delete(file).execute(&mut conn).await?;
    Ok(is)
}

/// Adds what is wrong with a file, in this order.
pub async fn add_faults(
    mut conn: Conn<'_>,
    (city, import): (i32, Uuid),
    at: DateTime<Utc>,
    faults: Vec<(Uuid, RowFault)>,
) -> Result<()> {
    use import_errors::dsl;
    let rows: Vec<_> = faults
        .into_iter()
        .map(|(id, fault)| {
            (
                dsl::city_code.eq(city),
                dsl::id.eq(id),
                dsl::import_id.eq(import),
                dsl::line.eq(i32::try_from(fault.line).unwrap_or(i32::MAX)),
                dsl::heading.eq(fault.heading),
                dsl::code.eq(fault.code),
                dsl::detail_zh.eq(fault.detail.zh),
                dsl::detail_en.eq(fault.detail.en),
                dsl::at.eq(at),
            )
        })
        .collect();
    diesel::insert_into(dsl::import_errors).values(rows).execute(&mut conn).await?;
    Ok(())
}

/// Something wrong with a file.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(table_name = import_errors)]
pub struct FaultRow {
    /// Sorts as found.
    pub id: Uuid,
    /// When the import ended.
    pub at: DateTime<Utc>,
    /// Which line.
    pub line: i32,
    /// Which column.
    pub heading: Option<String>,
    /// The stable code.
    pub code: String,
    /// Chinese.
    pub detail_zh: String,
    /// English.
    pub detail_en: String,
}

/// A page of what is wrong with a file, in the order of its lines.
pub async fn faults(
    conn: Conn<'_>,
    city: i32,
    import: Uuid,
    page: &Page,
) -> Result<(Vec<FaultRow>, Option<i64>)> {
    let columns = "t.id, t.at, t.line, t.heading, t.code, t.detail_zh, t.detail_en";
    let sort = SortKey { column: "at", descending: false };
    List::new(city, "import_errors", columns, PlaceColumns::default(), sort)
        .filter("t.import_id = ?", Some(import))
        .rows(conn, &Sight::city(), page)
        .await
}
