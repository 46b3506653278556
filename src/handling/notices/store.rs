//! Notices in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Notice;
use crate::db::list::bind_all;
use crate::db::schema::notices;
use crate::db::{Bind, Conn, sql};
use crate::error::Result;
use crate::page::{Key, Page};

/// A row of `notices`.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(table_name = notices, check_for_backend(diesel::pg::Pg))]
pub(super) struct NoticeRow {
    pub(super) id: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) code: String,
    pub(super) audience: String,
    pub(super) place_id: Option<Uuid>,
    pub(super) object_kind: String,
    pub(super) object_id: Uuid,
    pub(super) due_on: Option<NaiveDate>,
}

/// Adds one; the same cause, code and audience is told once.
pub(super) async fn insert(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
    now: DateTime<Utc>,
    notice: &Notice<'_>,
) -> Result<()> {
    diesel::insert_into(notices::table)
        .values((
            notices::city_code.eq(city),
            notices::id.eq(id),
            notices::created_at.eq(now),
            notices::code.eq(notice.code),
            notices::audience.eq(notice.audience.as_str()),
            notices::place_id.eq(notice.place_id),
            notices::object_kind.eq(notice.object_kind),
            notices::object_id.eq(notice.object_id),
            notices::due_on.eq(notice.due_on),
            notices::cause_id.eq(notice.cause_id),
        ))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The audiences a caller belongs to.
#[derive(Debug, Default)]
pub(super) struct Audiences {
    /// Of the whole city: the word alone.
    pub(super) city: Vec<&'static str>,
    /// At places: the word and the place.
    pub(super) placed: Vec<(&'static str, Uuid)>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

const COLUMNS: &str = "t.id, t.created_at, t.code, t.audience, t.place_id, t.object_kind, \
                       t.object_id, t.due_on";

/// A page of what the audiences were told: one indexed walk an audience, never an OR.
pub(super) async fn list(
    mut conn: Conn<'_>,
    city: i32,
    audiences: &Audiences,
    ascending: bool,
    page: &Page,
) -> Result<(Vec<NoticeRow>, Option<i64>)> {
    let (mut binds, mut wheres) = (vec![Bind::Int(city)], Vec::new());
    for audience in &audiences.city {
        binds.push(Bind::Text((*audience).to_owned()));
        wheres.push(format!("t.audience = ${} AND t.place_id IS NULL", binds.len()));
    }
    for (audience, place) in &audiences.placed {
        binds.extend([Bind::Text((*audience).to_owned()), Bind::Id(*place)]);
        let n = binds.len();
        wheres.push(format!("t.audience = ${} AND t.place_id = ${n}", n - 1));
    }
    let total = if page.count { Some(count(conn, &binds, &wheres).await?) } else { None };
    if wheres.is_empty() {
        return Ok((Vec::new(), total));
    }
    let (direction, than) = if ascending { ("ASC", ">") } else { ("DESC", "<") };
    let mut after = String::new();
    if let Some(Key { at, id }) = page.after {
        binds.extend([Bind::At(at), Bind::Id(id)]);
        let n = binds.len();
        after = format!(" AND (t.created_at, t.id) {than} (${}, ${n})", n - 1);
    }
    binds.push(Bind::Big(i64::from(page.limit) + 1));
    let order = format!("ORDER BY created_at {direction}, id {direction} LIMIT ${}", binds.len());
    let walks: Vec<String> = wheres
        .iter()
        .map(|one| {
            format!(
                "(SELECT {COLUMNS} FROM notices t WHERE t.city_code = $1 AND {one}{after} {order})"
            )
        })
        .collect();
    let text = format!("SELECT * FROM ({}) u {order}", walks.join(" UNION ALL "));
    Ok((bind_all(sql(text), binds).load(&mut conn).await?, total))
}

async fn count(mut conn: Conn<'_>, binds: &[Bind], wheres: &[String]) -> Result<i64> {
    if wheres.is_empty() {
        return Ok(0);
    }
    let walks: Vec<String> = wheres
        .iter()
        .map(|one| format!("SELECT 1 FROM notices t WHERE t.city_code = $1 AND {one}"))
        .collect();
    let text = format!("SELECT count(*) AS count FROM ({}) u", walks.join(" UNION ALL "));
    let count: Count = bind_all(sql(text), binds.to_vec()).get_result(&mut conn).await?;
    Ok(count.count)
}
