//! What a transaction adds to the journal and to the timers, kept until its end and then written by one
//! statement: a write journals several entries and sets several timers, and each statement costs a
//! round trip while rows are locked.

use std::cell::{Cell, RefCell};
use std::fmt::Write;

use chrono::{DateTime, Utc};
use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::Places;
use crate::db::{Conn, Prepared, constraint, sql};
use crate::error::{Code, Error, Result};

/// Entries and timers in one statement; more are written by several.
const MOST: usize = 40;

/// An entry with the frame in which it happened.
pub(super) struct Posted {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_id: Option<Uuid>,
    pub actor_kind: &'static str,
    pub on_behalf_of: Option<Uuid>,
    pub request_id: String,
    pub kind: &'static str,
    pub object_kind: &'static str,
    pub object_id: Uuid,
    pub version: i64,
    pub places: Places,
    pub payload_hash: Vec<u8>,
    pub salt: Vec<u8>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// A timer to be set; the same (object, kind, due, round) is set once.
pub(super) struct Set {
    pub id: Uuid,
    pub kind: &'static str,
    pub object_id: Uuid,
    pub round: i16,
    pub due_at: DateTime<Utc>,
}

/// What waits for the end of the transaction.
#[derive(Default)]
pub(super) struct Outbox {
    posted: RefCell<Vec<Posted>>,
    timers: RefCell<Vec<Set>>,
    journalled: Cell<bool>,
}

impl Outbox {
    pub(super) fn post(&self, entry: Posted) {
        self.journalled.set(true);
        self.posted.borrow_mut().push(entry);
    }

    pub(super) fn set(&self, timer: Set) {
        self.timers.borrow_mut().push(timer);
    }

    /// Whether anything was journalled in this transaction.
    pub(super) fn journalled(&self) -> bool {
        self.journalled.get()
    }

    /// Writes all of it.
    pub(super) async fn flush(&self, conn: Conn<'_>, city: i32) -> Result<()> {
        let posted = self.posted.take();
        let timers = self.timers.take();
        let mut posted = posted.into_iter().peekable();
        let mut timers = timers.into_iter().peekable();
        while posted.peek().is_some() || timers.peek().is_some() {
            let entries: Vec<_> = posted.by_ref().take(MOST).collect();
            let due: Vec<_> = timers.by_ref().take(MOST).collect();
            write(conn, city, entries, due).await?;
        }
        Ok(())
    }
}

const ENTRY: [&str; 19] = [
    "uuid",
    "timestamptz",
    "uuid",
    "text",
    "uuid",
    "text",
    "text",
    "text",
    "uuid",
    "bigint",
    "int",
    "uuid",
    "uuid",
    "uuid",
    "uuid[]",
    "bytea",
    "bytea",
    "jsonb",
    "jsonb",
];
const TIMER: [&str; 5] = ["uuid", "text", "uuid", "smallint", "timestamptz"];

/// `($2::uuid, …), (…)`: `rows` rows of these types, the first bind being number `first`.
fn values(rows: usize, types: &[&str], first: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (n, kind) in types.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            let bind = first + row * types.len() + n;
            // Writing into a String does not fail.
            let _ = write!(text, "{comma}${bind}::{kind}");
        }
        text.push(')');
    }
    text
}

/// One statement for so many entries and timers; its text depends on their numbers alone.
fn statement(entries: usize, timers: usize) -> String {
    let mut parts = Vec::new();
    if entries > 0 {
        let rows = values(entries, &ENTRY, 2);
        parts.push(format!(
            "posted (id, at, actor_id, actor_kind, on_behalf_of, request_id, kind, object_kind, \
             object_id, object_version, county_code, committee_id, sector_id, member_id, \
             department_ids, payload_hash, salt, before, after) AS (VALUES {rows}), \
             entries AS (INSERT INTO journal (city_code, id, at, actor_id, actor_kind, \
             on_behalf_of, request_id, kind, object_kind, object_id, object_version, county_code, \
             committee_id, sector_id, member_id, department_ids, payload_hash) \
             SELECT $1, id, at, actor_id, actor_kind, on_behalf_of, request_id, kind, object_kind, \
             object_id, object_version, county_code, committee_id, sector_id, member_id, \
             department_ids, payload_hash FROM posted), \
             payloads AS (INSERT INTO journal_payload (city_code, entry_id, salt, before, after) \
             SELECT $1, id, salt, before, after FROM posted), \
             pending AS (INSERT INTO journal_pending (city_code, id) SELECT $1, id FROM posted)"
        ));
    }
    if timers > 0 {
        let rows = values(timers, &TIMER, 2 + entries * ENTRY.len());
        parts.push(format!(
            "due (id, kind, object_id, round, due_at) AS (VALUES {rows}), \
             timers_set AS (INSERT INTO timers (city_code, id, kind, object_id, round, due_at) \
             SELECT $1, id, kind, object_id, round, due_at FROM due ON CONFLICT DO NOTHING)"
        ));
    }
    format!("WITH {} SELECT $1", parts.join(", "))
}

async fn write(
    mut conn: Conn<'_>,
    city: i32,
    entries: Vec<Posted>,
    timers: Vec<Set>,
) -> Result<()> {
    let makes = entries.iter().any(|entry| entry.version == 1);
    let mut query = sql(statement(entries.len(), timers.len())).bind::<Integer, _>(city);
    for entry in entries {
        query = query
            .bind::<SqlUuid, _>(entry.id)
            .bind::<Timestamptz, _>(entry.at)
            .bind::<Nullable<SqlUuid>, _>(entry.actor_id)
            .bind::<Text, _>(entry.actor_kind)
            .bind::<Nullable<SqlUuid>, _>(entry.on_behalf_of)
            .bind::<Text, _>(entry.request_id)
            .bind::<Text, _>(entry.kind)
            .bind::<Text, _>(entry.object_kind)
            .bind::<SqlUuid, _>(entry.object_id)
            .bind::<BigInt, _>(entry.version)
            .bind::<Nullable<Integer>, _>(entry.places.county)
            .bind::<Nullable<SqlUuid>, _>(entry.places.committee)
            .bind::<Nullable<SqlUuid>, _>(entry.places.sector)
            .bind::<Nullable<SqlUuid>, _>(entry.places.member)
            .bind::<Array<SqlUuid>, _>(entry.places.departments)
            .bind::<Binary, _>(entry.payload_hash)
            .bind::<Binary, _>(entry.salt)
            .bind::<Nullable<Jsonb>, _>(entry.before)
            .bind::<Nullable<Jsonb>, _>(entry.after);
    }
    for timer in timers {
        query = query
            .bind::<SqlUuid, _>(timer.id)
            .bind::<Text, _>(timer.kind)
            .bind::<SqlUuid, _>(timer.object_id)
            .bind::<SmallInt, _>(timer.round)
            .bind::<Timestamptz, _>(timer.due_at);
    }
    let written = Prepared(query).execute(&mut conn).await;
    written.map_err(|error| match constraint(&error) {
        // Clients may choose the id of what they make; the first version of two objects collides.
        Some("journal_city_code_object_id_object_version_key") if makes => Error::say(
            Code::Duplicate,
            "该编号已被使用",
            "something else with this id is there already",
        ),
        _ => error.into(),
    })?;
    Ok(())
}
