//! What organisations belong to, what hangs on them, and what changes of them.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::organizations::ORG_COLUMNS;
use super::{Org, days, first, load};
use crate::db::schema::organizations;
use crate::db::{Bind, Conn, search};
use crate::error::Result;

/// The organisation of that id, of whatever kind; not a voided one.
pub async fn any_organization(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Org>> {
    let text = format!(
        "SELECT {ORG_COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// [`any_organization`], locked until the end of the transaction.
pub async fn lock_organization(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Org>> {
    Ok(lock_organizations(conn, city, vec![id]).await?.pop())
}

/// [`lock_organization`] of several, by id.
pub async fn lock_organizations(conn: Conn<'_>, city: i32, ids: Vec<Uuid>) -> Result<Vec<Org>> {
    let text = format!(
        "SELECT {ORG_COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.id = ANY($2) \
         AND t.voided_at IS NULL ORDER BY t.id FOR UPDATE"
    );
    load(conn, &text, vec![city.into(), ids.into()]).await
}

/// [`any_organization`], which nobody ends until the end of the transaction: for what is joined to it.
pub async fn hold_organization(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Org>> {
    Ok(hold_organizations(conn, city, vec![id]).await?.pop())
}

/// The same of several, by id.
pub async fn hold_organizations(conn: Conn<'_>, city: i32, ids: Vec<Uuid>) -> Result<Vec<Org>> {
    let text = format!(
        "SELECT {ORG_COLUMNS} FROM organizations t WHERE t.city_code = $1 AND t.id = ANY($2) \
         AND t.voided_at IS NULL ORDER BY t.id FOR SHARE"
    );
    load(conn, &text, vec![city.into(), ids.into()]).await
}

/// `$2` and everything that it belongs to; ends also where a ring stood already.
const ABOVE: &str = "WITH RECURSIVE up AS (SELECT id, parent_id FROM organizations \
    WHERE city_code = $1 AND id = $2 UNION SELECT o.id, o.parent_id FROM organizations o \
    JOIN up ON o.id = up.parent_id WHERE o.city_code = $1)";

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The organisation and all that it belongs to, directly or not.
pub async fn above(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Vec<Uuid>> {
    let text = format!("{ABOVE} SELECT id FROM up");
    let found: Vec<Id> = load(conn, &text, vec![city.into(), id.into()]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Locks `id` together with `parent` and all above it, in the order of their ids, so that two who
/// hang trees under one another wait instead of making a ring; returns what was locked.
pub async fn lock_line(conn: Conn<'_>, city: i32, id: Uuid, parent: Uuid) -> Result<Vec<Uuid>> {
    let text = format!(
        "{ABOVE} SELECT t.id FROM organizations t WHERE t.city_code = $1 \
         AND (t.id = $3 OR t.id IN (SELECT id FROM up)) ORDER BY t.id FOR UPDATE OF t"
    );
    let found: Vec<Id> = load(conn, &text, vec![city.into(), parent.into(), id.into()]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// How much hangs on an organisation and goes on after a day.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Hanging {
    /// Organisations that belong to it.
    #[diesel(sql_type = BigInt)]
    pub children: i64,
    /// Members of the sector or of the branch.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
    /// Sectors that the committee guides.
    #[diesel(sql_type = BigInt)]
    pub sectors: i64,
}

/// What hangs on `id` and is there on `day` or later.
pub async fn hanging(conn: Conn<'_>, city: i32, id: Uuid, day: NaiveDate) -> Result<Hanging> {
    let later = "voided_at IS NULL AND (upper(during) IS NULL OR upper(during) > $3)";
    let of = |table: &str, column: &str| {
        format!("(SELECT count(*) FROM {table} WHERE city_code = $1 AND {column} = $2 AND {later})")
    };
    let text = format!(
        "SELECT {} AS children, {} + {} AS members, {} AS sectors",
        of("organizations", "parent_id"),
        of("member_sectors", "sector_id"),
        of("branch_members", "branch_id"),
        of("sector_committees", "committee_id"),
    );
    let found = first(conn, &text, vec![city.into(), id.into(), Bind::Day(day)]).await?;
    Ok(found.unwrap_or(Hanging { children: 0, members: 0, sectors: 0 }))
}

/// Writes what of the row may change, as its next version.
pub async fn update_organization(mut conn: Conn<'_>, city: i32, row: &Org) -> QueryResult<()> {
    let update = diesel::update(organizations::table.find((city, row.id))).set((
        organizations::name.eq(row.name.clone()),
        organizations::search.eq(search::keys(city, &row.name)),
        organizations::position.eq(row.position),
        organizations::parent_id.eq(row.parent_id),
        organizations::during.eq(days(row.from_on, row.until_on)),
        organizations::voided_at.eq(row.voided_at),
        organizations::version.eq(row.version),
    ));
    crate::db::Prepared(update).execute(&mut conn).await.map(drop)
}
