//! Who is who, and who has what, as people are told: a person has what was theirs and what they took in.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

/// Somebody who was merged.
#[derive(Debug, Clone)]
struct Merge {
    into: usize,
    moved: BTreeSet<String>,
    /// In days.
    age: i64,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Somebody {
    pub id: Uuid,
    pub name: String,
    /// The members and contacts they are, their contact points, identifiers and account.
    pub has: BTreeSet<String>,
    merge: Option<Merge>,
}

impl Somebody {
    pub fn new(id: Uuid, name: String, has: BTreeSet<String>) -> Self {
        Self { id, name, has, merge: None }
    }
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub all: Vec<Somebody>,
    /// When a member is one.
    pub terms: BTreeMap<Uuid, (i64, i64)>,
    /// Which member keeps in touch with which contact, by the link.
    pub links: BTreeMap<Uuid, (Uuid, Uuid)>,
    /// Contact points and identity cards that stand, by their values.
    pub points: BTreeMap<Uuid, String>,
    pub cards: BTreeMap<Uuid, String>,
}

/// One kind of what somebody has.
fn of_kind<'a>(has: &'a BTreeSet<String>, kind: &'a str) -> impl Iterator<Item = Uuid> + 'a {
    has.iter().filter_map(move |one| one.strip_prefix(kind)?.trim().parse().ok())
}

pub fn share_a_day(one: (i64, i64), other: (i64, i64)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

impl People {
    /// Who somebody is now.
    pub fn owner(&self, mut who: usize) -> usize {
        while let Some(merge) = &self.all[who].merge {
            who = merge.into;
        }
        who
    }

    /// What somebody has, of one kind.
    pub fn of(&self, who: usize, kind: &str) -> Vec<Uuid> {
        of_kind(&self.all[who].has, kind).collect()
    }

    /// Who has it now.
    pub fn whose(&self, one: &str) -> Option<usize> {
        (0..self.all.len()).find(|who| self.all[*who].has.contains(one))
    }

    /// Who was merged into somebody, directly or not.
    pub fn merged_into(&self, who: usize) -> BTreeSet<Uuid> {
        let all = (0..self.all.len()).filter(|one| *one != who && self.owner(*one) == who);
        all.map(|one| self.all[one].id).collect()
    }

    pub fn merged(&self) -> Vec<usize> {
        (0..self.all.len()).filter(|who| self.all[*who].merge.is_some()).collect()
    }

    /// What keeps one from becoming the other.
    pub fn against_merge(&self, goes: usize, stays: usize) -> Vec<&'static str> {
        if self.all[goes].merge.is_some() {
            return vec!["already_merged"];
        }
        if goes == stays {
            return vec!["same_person"];
        }
        let accounts = [goes, stays].iter().all(|who| self.all[*who].has.contains("account"));
        let terms = |who| self.of(who, "member_ids").into_iter().map(|id| self.terms[&id]);
        let members = terms(goes).any(|one| terms(stays).any(|other| share_a_day(one, other)));
        let card = |who| self.of(who, "identifiers").iter().any(|id| self.cards.contains_key(id));
        let (one, other) = (self.all[goes].has.clone(), self.all[stays].has.clone());
        let touch =
            |member: &Uuid, contact: &Uuid, one: &BTreeSet<String>, other: &BTreeSet<String>| {
                of_kind(one, "member_ids").any(|id| id == *member)
                    && of_kind(other, "contact_ids").any(|id| id == *contact)
            };
        let linked = self.links.values().any(|(member, contact)| {
            touch(member, contact, &one, &other) || touch(member, contact, &other, &one)
        });
        [
            (accounts, "both_have_accounts"),
            (members, "both_members"),
            // No two cards are of one number.
            (card(goes) && card(stays), "identifiers_differ"),
            (linked, "linked_to_each_other"),
            (self.all[stays].merge.is_some(), "survivor_merged"),
        ]
        .into_iter()
        .filter_map(|(is, code)| is.then_some(code))
        .collect()
    }

    pub fn merge(&mut self, goes: usize, stays: usize) {
        let moved = std::mem::take(&mut self.all[goes].has);
        self.all[stays].has.extend(moved.clone());
        self.all[goes].merge = Some(Merge { into: stays, moved, age: 0 });
    }

    /// What keeps a merge from being taken back.
    pub fn against_unmerge(&self, who: usize) -> Option<&'static str> {
        match &self.all[who].merge {
            None => Some("not_merged"),
            Some(merge) if self.owner(merge.into) != merge.into => Some("merged_since"),
            Some(merge) if merge.age >= 30 => Some("unmerge_window_over"),
            Some(_) => None,
        }
    }

    pub fn unmerge(&mut self, who: usize) {
        let Some(Merge { into, moved, .. }) = self.all[who].merge.take() else { return };
        self.all[into].has.retain(|one| !moved.contains(one));
        self.all[who].has = moved;
    }

    pub fn days_pass(&mut self, days: i64) {
        self.all.iter_mut().filter_map(|one| one.merge.as_mut()).for_each(|one| one.age += days);
    }

    /// Whether a member may go on: nobody is two members on one day.
    pub fn may_continue(&self, member: Uuid) -> bool {
        let (own, over) = (format!("member_ids {member}"), self.terms[&member].1);
        let who = self.whose(&own).map_or(Vec::new(), |who| self.of(who, "member_ids"));
        let mut others = who.into_iter().filter(|id| *id != member);
        !others.any(|other| share_a_day(self.terms[&other], (over, i64::MAX)))
    }
}
