//! Who stands behind a request, once the token held.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::roles::{Grant, Role};
use crate::error::{Code, Error, Result};
use crate::ids::Ids;
use crate::journal::{Call, CallerKind, IdempotencyKey, IfMatch};

/// An account or a client of one city, with what it may be today.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The tenant.
    pub city: i32,
    /// Of the account or the client.
    pub id: Uuid,
    /// Which of the two.
    pub kind: CallerKind,
    /// The session the token belongs to.
    pub session: Uuid,
    /// The member this account is.
    pub member_id: Option<Uuid>,
    /// The person this account is.
    pub person_id: Option<Uuid>,
    /// `username@city`, or the client id.
    pub name: String,
    /// What a client's token was issued for.
    pub scopes: Vec<String>,
    /// What it may be, and where.
    pub grants: Arc<[Grant]>,
}

impl Actor {
    /// The frame of a write by this actor.
    pub fn call(
        &self,
        request_id: String,
        idempotency: Option<IdempotencyKey>,
        if_match: IfMatch,
        now: DateTime<Utc>,
        ids: Ids,
    ) -> Call {
        Call {
            city: self.city,
            actor_id: Some(self.id),
            actor_kind: self.kind,
            on_behalf_of: None,
            request_id,
            idempotency,
            if_match,
            now,
            ids,
        }
    }

    /// The distinct roles it holds anywhere.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.grants.iter().map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// 403 unless a machine's token was issued for `scope` (`read`, `write`). A person's account has
    /// no scopes and needs none.
    pub fn needs(&self, scope: &str) -> Result<()> {
        if self.kind != CallerKind::Client || self.scopes.iter().any(|held| held == scope) {
            return Ok(());
        }
        Err(Error::say(
            Code::Forbidden,
            format!("访问令牌缺少范围 {scope}"),
            format!("the access token lacks the scope {scope}"),
        ))
    }
}
