//! Who acts in the story. A part that has an account is played by it; everybody else is there in
//! memory only, as whom they would sign in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::accounts::actor;
use super::found::{Account, Founded};
use super::load::SEED;
use crate::auth::{Actor, Grant, Place, Role};
use crate::chain::MemberRow;
use crate::error::{Error, Result};
use crate::ids::Ids;
use crate::journal::{Call, IfMatch};

/// Who works for one department.
pub(super) struct Office {
    pub id: Uuid,
    pub receiver: Actor,
    pub handler: Actor,
    pub head: Actor,
}

pub(super) struct Cast {
    pub liaison: Actor,
    /// In the order of the members.
    pub members: Vec<Actor>,
    /// In the order of the sectors: the convener, and the committee's staff, who decide on the
    /// convener's own.
    pub conveners: Vec<(Actor, Actor)>,
    pub offices: BTreeMap<String, Office>,
}

impl Cast {
    pub fn new(founded: &Founded, now: DateTime<Utc>) -> Result<Self> {
        let ids = Ids::seeded(SEED + 1);
        let city = founded.city;
        let known = |role: Role, place: Place, member: Option<&MemberRow>| {
            let same = |account: &&Account| {
                let grants = account.actor.grants.iter();
                let holds = grants.into_iter().any(|held| (held.role, held.place) == (role, place));
                holds && account.actor.member_id == member.map(|one| one.id)
            };
            founded.accounts.iter().find(same).map(|account| account.actor.clone())
        };
        let play = |role: Role, place: Place, member: Option<&MemberRow>| {
            // An id is taken either way, so that one more account changes nobody else's.
            let id = ids.next(now);
            let grant = Grant { role, place };
            known(role, place, member)
                .unwrap_or_else(|| actor(city, id, role.as_str(), member, grant))
        };
        let member = |row: &MemberRow| play(Role::Member, Place::Member(row.id), Some(row));
        let sectors = founded.sectors.iter().zip(&founded.rows);
        let conveners = sectors.map(|(sector, row)| {
            let convener = play(Role::Convener, Place::Sector(*sector), Some(row));
            let committee = row.committee_id.unwrap_or_default();
            (convener, play(Role::CommitteeStaff, Place::Committee(committee), None))
        });
        let conveners = conveners.collect();
        let offices = founded.departments.iter().map(|(code, id)| {
            let of = |role| play(role, Place::Department(*id), None);
            let (receiver, handler) = (of(Role::DeptReceiver), of(Role::DeptHandler));
            (code.clone(), Office { id: *id, receiver, handler, head: of(Role::DeptHead) })
        });
        Ok(Self {
            liaison: play(Role::LiaisonCentre, Place::City, None),
            members: founded.rows.iter().map(member).collect(),
            conveners,
            offices: offices.collect(),
        })
    }

    pub fn office(&self, code: &str) -> Result<&Office> {
        self.offices.get(code).ok_or_else(|| Error::internal(format!("no department {code}")))
    }

    /// Who decides on what member number `member` writes.
    pub fn decider(&self, member: usize) -> &Actor {
        let count = self.conveners.len().max(1);
        let (convener, staff) = &self.conveners[member % count];
        if member < count { staff } else { convener }
    }
}

/// The frame of what `actor` does at `now`.
pub(super) fn call(actor: &Actor, now: DateTime<Utc>, ids: &Ids) -> Call {
    actor.call("demo".to_owned(), None, IfMatch::Any, now, ids.clone())
}

/// The value that a word of the files names.
pub(super) fn word<T: DeserializeOwned>(word: &str) -> Result<T> {
    let named = serde_json::from_value(Value::from(word));
    named.map_err(|error| Error::internal(format!("{word}: {error}")))
}
