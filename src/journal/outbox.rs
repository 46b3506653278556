//! What a transaction adds to the journal and to the timers, kept until its end and then written in one
//! round trip: a write journals several entries and sets several timers, and each round trip passes
//! while rows are locked.

use std::cell::{Cell, RefCell};
use std::fmt::Write;

use chrono::{DateTime, Utc};
use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use tokio::join;
use uuid::Uuid;

use super::Places;
use crate::db::{Conn, Prepared, ROWS, constraint, sql};
use crate::error::{Code, Error, Result};

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

    /// Leaves out what has not been written: its cause was taken back.
    pub(super) fn forget(&self) {
        self.posted.take();
        self.timers.take();
    }

    /// Writes all of it.
    pub(super) async fn flush(&self, conn: Conn<'_>, city: i32) -> Result<()> {
        let posted = self.posted.take();
        let timers = self.timers.take();
        let mut posted = posted.into_iter().peekable();
        let mut timers = timers.into_iter().peekable();
        while posted.peek().is_some() || timers.peek().is_some() {
            let entries: Vec<_> = posted.by_ref().take(ROWS).collect();
            let due: Vec<_> = timers.by_ref().take(ROWS).collect();
            write(conn, city, entries, due).await?;
        }
        Ok(())
    }
}

/// `INSERT INTO head VALUES ($1, $2, …), ($1, …)`: `rows` rows of the city, which is `$1`, and
/// `width` binds of their own. The text depends on these numbers alone, so it stays prepared.
fn insert(head: &str, rows: usize, width: usize) -> String {
    let mut text = format!("INSERT INTO {head} VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "($1" } else { ", ($1" });
        for n in 0..width {
            // Writing into a String does not fail.
            let _ = write!(text, ", ${}", 2 + row * width + n);
        }
        text.push(')');
    }
    text
}

const JOURNAL: &str = "journal (city_code, id, at, actor_id, actor_kind, on_behalf_of, request_id, \
    kind, object_kind, object_id, object_version, county_code, committee_id, sector_id, member_id, \
    department_ids, payload_hash)";
const PAYLOAD: &str = "journal_payload (city_code, entry_id, salt, before, after)";
const PENDING: &str = "journal_pending (city_code, id)";
const TIMERS: &str = "timers (city_code, id, kind, object_id, round, due_at)";

/// One plain statement a table, sent together: they cost one round trip.
async fn write(conn: Conn<'_>, city: i32, entries: Vec<Posted>, timers: Vec<Set>) -> Result<()> {
    let makes = entries.iter().any(|entry| entry.version == 1);
    let count = entries.len();
    let start = |text: String| sql(text).bind::<Integer, _>(city);
    let mut journal = start(insert(JOURNAL, count, 16));
    let mut payload = start(insert(PAYLOAD, count, 4));
    let mut pending = start(insert(PENDING, count, 1));
    for entry in entries {
        journal = journal
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
            .bind::<Binary, _>(entry.payload_hash);
        payload = payload
            .bind::<SqlUuid, _>(entry.id)
            .bind::<Binary, _>(entry.salt)
            .bind::<Nullable<Jsonb>, _>(entry.before)
            .bind::<Nullable<Jsonb>, _>(entry.after);
        pending = pending.bind::<SqlUuid, _>(entry.id);
    }
    let text = insert(TIMERS, timers.len(), 5) + " ON CONFLICT DO NOTHING";
    let (some_timers, mut due) = (!timers.is_empty(), start(text));
    for timer in timers {
        due = due
            .bind::<SqlUuid, _>(timer.id)
            .bind::<Text, _>(timer.kind)
            .bind::<SqlUuid, _>(timer.object_id)
            .bind::<SmallInt, _>(timer.round)
            .bind::<Timestamptz, _>(timer.due_at);
    }
    let when = async |some: bool, query| {
        let mut conn = conn;
        if some { Prepared(query).execute(&mut conn).await } else { Ok(0) }
    };
    let some = count > 0;
    // All of them to their end: once one has failed the others are told that the transaction is
    // aborted, and on a connection that another thread serves that may be what we see first.
    let (journal, payload, pending, due) = join!(
        biased;
        when(some, journal),
        when(some, payload),
        when(some, pending),
        when(some_timers, due)
    );
    let written = journal.and(payload).and(pending).and(due);
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
