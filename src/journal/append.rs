//! Adding to the journal. What is added is written at the end of the transaction, see `outbox`.

use aws_lc_rs::digest;
use serde_json::Value;
use uuid::Uuid;

use super::outbox::Posted;
use super::{Places, Tx};
use crate::error::Result;

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

impl Tx<'_> {
    /// Journals `entry`; returns its id, which is the cause of what follows from it. Where a client
    /// chose the id of an object of another kind, the end of the transaction is 409.
    pub async fn journal(&mut self, entry: Entry) -> Result<Uuid> {
        let call = self.call;
        let (id, salt) = (call.id(), call.id());
        self.outbox.post(Posted {
            id,
            at: call.now,
            actor_id: call.actor_id,
            actor_kind: call.actor_kind.as_str(),
            on_behalf_of: call.on_behalf_of,
            request_id: call.request_id.clone(),
            kind: entry.kind,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            version: entry.version,
            places: entry.places,
            payload_hash: payload_hash(&salt, entry.before.as_ref(), entry.after.as_ref()),
            salt: salt.into_bytes().to_vec(),
            before: entry.before,
            after: entry.after,
        });
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
