//! Who asks for what, when: everything a write needs to know of its request.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::ids::Ids;

/// What kind of caller stands behind a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// A person with an account.
    Account,
    /// A machine.
    Client,
    /// Somebody without an account.
    Public,
    /// Ourselves, by a timer.
    Scheduler,
}

impl CallerKind {
    /// The one with this word; somebody without an account unless there is one.
    pub fn parse(word: &str) -> Self {
        let all = [Self::Account, Self::Client, Self::Scheduler];
        all.into_iter().find(|kind| kind.as_str() == word).unwrap_or(Self::Public)
    }

    /// The word in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Client => "client",
            Self::Public => "public",
            Self::Scheduler => "scheduler",
        }
    }
}

/// The version a change expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMatch {
    /// The operation needs none.
    None,
    /// `*`: whatever it is now.
    Any,
    /// This one.
    Version(i64),
}

/// An idempotency key and the hash of the request it came with.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// As the client sent it, unquoted.
    pub key: String,
    /// SHA-256 over method, path and body.
    pub request_hash: Vec<u8>,
}

/// One write's frame. `now` and `ids` are its only sources of time and ids.
#[derive(Clone)]
pub struct Call {
    /// The tenant.
    pub city: i32,
    /// Account or client; none for the public and the scheduler.
    pub actor_id: Option<Uuid>,
    /// What kind of caller.
    pub actor_kind: CallerKind,
    /// The member for whom it is done, where that is another.
    pub on_behalf_of: Option<Uuid>,
    /// `X-Request-Id`.
    pub request_id: String,
    /// Absent: the answer is not kept.
    pub idempotency: Option<IdempotencyKey>,
    /// The version that the change expects.
    pub if_match: IfMatch,
    /// When.
    pub now: DateTime<Utc>,
    /// Where ids come from.
    pub ids: Ids,
}

impl Call {
    /// Ourselves, by a timer or a consumer.
    pub fn scheduler(city: i32, now: DateTime<Utc>, ids: Ids, why: &str) -> Self {
        Self {
            city,
            actor_id: None,
            actor_kind: CallerKind::Scheduler,
            on_behalf_of: None,
            request_id: why.to_owned(),
            idempotency: None,
            if_match: IfMatch::None,
            now,
            ids,
        }
    }

    /// A fresh id.
    pub fn id(&self) -> Uuid {
        self.ids.next(self.now)
    }

    /// 412 unless `version` is the one the caller saw.
    pub fn expect(&self, version: i64) -> Result<()> {
        match self.if_match {
            IfMatch::Version(seen) if seen != version => Err(Error::say(
                Code::Stale,
                format!("当前版本为 {version},请重新读取后再试"),
                format!("the present version is {version}; read it again and retry"),
            )),
            _ => Ok(()),
        }
    }
}
