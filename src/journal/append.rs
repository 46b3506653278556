//! Adding to the journal: the entry, its payload apart, and a note for the publisher, in one
//! statement.

use aws_lc_rs::digest;
use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::{Places, Tx};
use crate::db::{Prepared, constraint};
use crate::error::{Code, Error, Result};

/// Something that happened to one version of one object.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `issue.dispatched`: the object's noun, then what happened.
    pub kind: &'static str,
    /// `issue`, `assignment`, `plan` …
    pub object_kind: &'static str,
    /// Which object.
    pub object_id: Uuid,
    /// The version it made; journalled once.
    pub version: i64,
    /// Where the object stands now.
    pub places: Places,
    /// State before, without personal values.
    pub before: Option<Value>,
    /// State after, without personal values; a changed personal field is `"changed"`.
    pub after: Option<Value>,
}

const APPEND: &str = "
WITH entry AS (
    INSERT INTO journal (city_code, id, at, actor_id, actor_kind, on_behalf_of, request_id, kind,
        object_kind, object_id, object_version, county_code, committee_id, sector_id, member_id,
        department_ids, payload_hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
), payload AS (
    INSERT INTO journal_payload (city_code, entry_id, salt, before, after)
    VALUES ($1, $2, $18, $19, $20)
)
INSERT INTO journal_pending (city_code, id) VALUES ($1, $2)";

impl Tx<'_> {
    /// Journals `entry`; returns its id, which is the cause of what follows from it. 409 where a
    /// client chose the id of an object of another kind.
    pub async fn journal(&mut self, entry: Entry) -> Result<Uuid> {
        let call = self.call;
        let (id, salt) = (call.id(), call.id());
        let hash = payload_hash(&salt, entry.before.as_ref(), entry.after.as_ref());
        let is_first = entry.version == 1;
        let statement = diesel::sql_query(APPEND)
            .bind::<Integer, _>(call.city)
            .bind::<SqlUuid, _>(id)
            .bind::<Timestamptz, _>(call.now)
            .bind::<Nullable<SqlUuid>, _>(call.actor_id)
            .bind::<Text, _>(call.actor_kind.as_str())
            .bind::<Nullable<SqlUuid>, _>(call.on_behalf_of)
            .bind::<Text, _>(&call.request_id)
            .bind::<Text, _>(entry.kind)
            .bind::<Text, _>(entry.object_kind)
            .bind::<SqlUuid, _>(entry.object_id)
            .bind::<BigInt, _>(entry.version)
            .bind::<Nullable<Integer>, _>(entry.places.county)
            .bind::<Nullable<SqlUuid>, _>(entry.places.committee)
            .bind::<Nullable<SqlUuid>, _>(entry.places.sector)
            .bind::<Nullable<SqlUuid>, _>(entry.places.member)
            .bind::<Array<SqlUuid>, _>(entry.places.departments)
            .bind::<Binary, _>(hash)
            .bind::<Binary, _>(salt.into_bytes().to_vec())
            .bind::<Nullable<Jsonb>, _>(entry.before)
            .bind::<Nullable<Jsonb>, _>(entry.after);
        let appended = Prepared(statement).execute(&mut self.conn).await;
        appended.map_err(|error| match constraint(&error) {
            Some("journal_city_code_object_id_object_version_key") if is_first => Error::say(
                Code::Duplicate,
                "该编号已被使用",
                "something else with this id is there already",
            ),
            _ => error.into(),
        })?;
        Ok(id)
    }
}

/// SHA-256 over salt and both payloads. The salt keeps the hash from confirming a guess after the
/// payload is erased.
fn payload_hash(salt: &Uuid, before: Option<&Value>, after: Option<&Value>) -> Vec<u8> {
    let mut hash = digest::Context::new(&digest::SHA256);
    hash.update(salt.as_bytes());
    for side in [before, after] {
        let text = side.map(ToString::to_string).unwrap_or_default();
        hash.update(&(text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finish().as_ref().to_vec()
}
