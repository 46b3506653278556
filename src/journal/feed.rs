//! Reading what happened: the city's feed by position, and one object's history.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::Places;
use crate::db::schema::journal;
use crate::db::{Bind, Conn, Sight, list::bind_all, sql};
use crate::error::Result;
use crate::page::{Key, Page};

/// A published entry with its payload.
#[derive(Debug, Clone, QueryableByName)]
pub struct Event {
    /// Dense and in order within the city; null until published (only in an object's history).
    #[diesel(sql_type = Nullable<BigInt>)]
    pub position: Option<i64>,
    /// The entry.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    /// What kind of caller.
    #[diesel(sql_type = Text)]
    pub actor_kind: String,
    /// Who, where that is an account or a machine.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub actor_id: Option<Uuid>,
    /// For whom.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub on_behalf_of: Option<Uuid>,
    /// What happened.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// To what kind of object.
    #[diesel(sql_type = Text)]
    pub object_kind: String,
    /// To which.
    #[diesel(sql_type = SqlUuid)]
    pub object_id: Uuid,
    /// The version it made.
    #[diesel(sql_type = BigInt)]
    pub object_version: i64,
    /// County of the object.
    #[diesel(sql_type = Nullable<Integer>)]
    pub county_code: Option<i32>,
    /// Committee of the object.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub committee_id: Option<Uuid>,
    /// Sector of the object.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub sector_id: Option<Uuid>,
    /// Member of the object.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub member_id: Option<Uuid>,
    /// Departments of the object.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub department_ids: Vec<Uuid>,
    /// State after, without personal values.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub after: Option<Value>,
}

impl Event {
    /// What a history is read on by.
    pub fn key(&self) -> Key {
        Key { at: self.at, id: self.id }
    }

    /// Where the object stood.
    pub fn places(&self) -> Places {
        Places {
            county: self.county_code,
            committee: self.committee_id,
            sector: self.sector_id,
            member: self.member_id,
            departments: self.department_ids.clone(),
        }
    }
}

const COLUMNS: &str = "j.id, j.at, j.actor_kind, j.actor_id, j.on_behalf_of, j.kind, j.object_kind, \
    j.object_id, j.object_version, j.county_code, j.committee_id, j.sector_id, j.member_id, \
    j.department_ids, p.after";

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// The position of the newest published entry.
pub async fn head(mut conn: Conn<'_>, city: i32) -> Result<i64> {
    let head: Head = bind_all(
        sql("SELECT position FROM feed_heads WHERE city_code = $1"),
        vec![Bind::Int(city)],
    )
    .get_result(&mut conn)
    .await?;
    Ok(head.position)
}

/// Entries of the `limit` positions after `after` that `sight` covers, and the position up to
/// which the reader has now seen everything.
pub async fn after(
    mut conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    after: i64,
    limit: u32,
) -> Result<(Vec<Event>, i64)> {
    let last = head(conn, city).await?.min(after.saturating_add(i64::from(limit)));
    let mut binds = vec![Bind::Int(city), Bind::Big(after), Bind::Big(last)];
    let seen = if sight.city {
        String::new()
    } else {
        binds.extend([
            Bind::Ints(sight.counties.clone()),
            Bind::Ids(sight.committees.clone()),
            Bind::Ids(sight.sectors.clone()),
            Bind::Ids(sight.members.clone()),
            Bind::Ids(sight.departments.clone()),
        ]);
        // An OR is fine here: the positions already bound the walk to `limit` rows.
        " AND (j.county_code = ANY($4) OR j.committee_id = ANY($5) OR j.sector_id = ANY($6) \
          OR j.member_id = ANY($7) OR j.department_ids && $8)"
            .to_owned()
    };
    let text = format!(
        "SELECT f.position, {COLUMNS} FROM feed f \
         JOIN journal j ON j.city_code = f.city_code AND j.id = f.entry_id \
         JOIN journal_payload p ON p.city_code = f.city_code AND p.entry_id = f.entry_id \
         WHERE f.city_code = $1 AND f.position > $2 AND f.position <= $3{seen} ORDER BY f.position"
    );
    let events = bind_all(sql(text), binds).load(&mut conn).await?;
    Ok((events, last.max(after)))
}

/// A page of what happened to one object, oldest first.
pub async fn history_page(
    mut conn: Conn<'_>,
    city: i32,
    object_id: Uuid,
    page: &Page,
) -> Result<(Vec<Event>, Option<i64>)> {
    let total = if page.count {
        let own = journal::table
            .filter(journal::city_code.eq(city).and(journal::object_id.eq(object_id)));
        Some(own.count().get_result(&mut conn).await?)
    } else {
        None
    };
    let after = page.after.map(|key| key.id);
    Ok((told(conn, (city, object_id), after, i64::from(page.limit) + 1).await?, total))
}

/// At most `limit` entries of one object, by its versions, from the one after the entry `after` on.
async fn told(
    mut conn: Conn<'_>,
    (city, object_id): (i32, Uuid),
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Event>> {
    let mut binds = vec![Bind::Int(city), Bind::Id(object_id), Bind::Big(limit)];
    let mut rest = String::new();
    if let Some(after) = after {
        binds.push(Bind::Id(after));
        rest.push_str(
            " AND j.object_version > (SELECT object_version FROM journal \
             WHERE city_code = $1 AND id = $4)",
        );
    }
    let text = format!(
        "SELECT f.position, {COLUMNS} FROM journal j \
         JOIN journal_payload p ON p.city_code = j.city_code AND p.entry_id = j.id \
         LEFT JOIN feed f ON f.city_code = j.city_code AND f.entry_id = j.id \
         WHERE j.city_code = $1 AND j.object_id = $2{rest} ORDER BY j.object_version LIMIT $3"
    );
    Ok(bind_all(sql(text), binds).load(&mut conn).await?)
}

/// Who did any of `kinds` to any of `objects`, each once.
pub async fn actors(
    mut conn: Conn<'_>,
    city: i32,
    objects: Vec<Uuid>,
    kinds: &[&str],
) -> Result<Vec<Uuid>> {
    let actors: Vec<Option<Uuid>> = journal::table
        .filter(journal::city_code.eq(city))
        .filter(journal::object_id.eq_any(objects))
        .filter(journal::kind.eq_any(kinds.to_vec()))
        .select(journal::actor_id)
        .distinct()
        .load(&mut conn)
        .await?;
    Ok(actors.into_iter().flatten().collect())
}
