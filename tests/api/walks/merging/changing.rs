//! What else happens to people who were merged, or may be.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Act, Walk, id_of};

/// Numbers of identity cards that could be.
const CARDS: [&str; 4] =
    ["230403199001010011", "230404198502020025", "230405197803030034", "230406196604040047"];

impl Walk {
    /// Something, by chance.
    pub(super) async fn changes(&mut self) {
        match self.dice.roll(9) {
            0 => self.adds_point().await,
            1 => self.voids_point().await,
            2 => self.adds_identifier().await,
            3 => self.voids_card().await,
            4 => self.links().await,
            5 => self.voids_link().await,
            6 => self.renames().await,
            7 => self.leaves_or_goes_on().await,
            _ => {
                self.trail.steps.push("ten days pass".into());
                self.city.db_let_merges_be_earlier(10).await;
                self.people.days_pass(10);
            }
        }
    }

    /// Whoever is asked for, and who that is now.
    fn anybody(&mut self) -> (String, usize) {
        let who = self.dice.roll(self.people.all.len());
        (self.path(who), self.people.owner(who))
    }

    fn has(&mut self, who: usize, kind: &str, new: &Value) {
        self.people.all[who].has.insert(format!("{kind} {}", id_of(new)));
    }

    async fn adds_point(&mut self) {
        let ((path, owner), value) = (self.anybody(), format!("1390468000{}", self.dice.roll(3)));
        let own = self.people.of(owner, "contact_points");
        let there = own.iter().any(|id| self.people.points.get(id) == Some(&value));
        let against = there.then_some("contact_point_there").into_iter().collect();
        let body = json!({ "kind": "mobile", "value": value, "from": "2026-01-01" });
        let act = Act { path: format!("{path}/contact-points"), body, against };
        if let Some(new) = self.does("add point", &act).await {
            self.people.points.insert(id_of(&new), value);
            self.has(owner, "contact_points", &new);
        }
    }

    /// Voids what somebody has, at whichever id leads to them.
    async fn voids(&mut self, (kind, noun): (&str, &str), id: Uuid) -> bool {
        let owner = self.people.whose(&format!("{kind} {id}")).unwrap();
        let ids = (0..self.people.all.len()).filter(|who| self.people.owner(*who) == owner);
        let ids: Vec<usize> = ids.collect();
        let who = *self.dice.pick(&ids).unwrap();
        let at = self.path(who);
        let (path, body) = (format!("{at}/{noun}/{id}/void"), json!({ "reason": "wrong_entry" }));
        self.does("void", &Act { path, body, against: vec![] }).await.is_some()
    }

    async fn voids_point(&mut self) {
        let points: Vec<Uuid> = self.people.points.keys().copied().collect();
        let Some(id) = self.dice.pick(&points).copied() else { return };
        if self.voids(("contact_points", "contact-points"), id).await {
            self.people.points.remove(&id);
        }
    }

    async fn adds_identifier(&mut self) {
        let (path, owner) = self.anybody();
        let card = *self.dice.pick(&CARDS).unwrap();
        let (people, scheme) = (&self.people, "resident_id");
        let own = people.of(owner, "identifiers").iter().any(|id| people.cards.contains_key(id));
        let taken = people.cards.values().any(|value| value == card);
        let against = match (own, taken) {
            (true, _) => vec!["has_one_of_scheme"],
            (_, true) => vec!["identifier_taken"],
            _ => vec![],
        };
        let body = json!({ "scheme": scheme, "value": card });
        let act = Act { path: format!("{path}/identifiers"), body, against };
        if let Some(new) = self.does("add card", &act).await {
            self.people.cards.insert(id_of(&new), card.to_owned());
            self.has(owner, "identifiers", &new);
        }
    }

    async fn voids_card(&mut self) {
        let cards: Vec<Uuid> = self.people.cards.keys().copied().collect();
        let Some(id) = self.dice.pick(&cards).copied() else { return };
        if self.voids(("identifiers", "identifiers"), id).await {
            self.people.cards.remove(&id);
        }
    }

    async fn links(&mut self) {
        let today = |(_, until): &(i64, i64)| *until > 0;
        let members = self.people.terms.iter().filter(|(_, term)| today(term));
        let members: Vec<Uuid> = members.map(|(id, _)| *id).collect();
        let contacts =
            (0..self.people.all.len()).flat_map(|who| self.people.of(who, "contact_ids"));
        let contacts: Vec<Uuid> = contacts.collect();
        let pair = (*self.dice.pick(&members).unwrap(), *self.dice.pick(&contacts).unwrap());
        if self.people.links.values().any(|other| *other == pair) {
            return;
        }
        let until = self.people.terms[&pair.0].1;
        let until = (until < i64::MAX).then(|| self.city.today() + TimeDelta::days(until));
        let body = json!({ "contact_id": pair.1, "from": self.city.today(), "until": until });
        let act = Act { path: format!("/v1/members/{}/contacts", pair.0), body, against: vec![] };
        if let Some(new) = self.does("link", &act).await {
            self.people.links.insert(id_of(&new), pair);
        }
    }

    async fn voids_link(&mut self) {
        let links: Vec<Uuid> = self.people.links.keys().copied().collect();
        let Some(id) = self.dice.pick(&links).copied() else { return };
        let (member, _) = self.people.links[&id];
        let path = format!("/v1/members/{member}/contacts/{id}/void");
        let act = Act { path, body: json!({ "reason": "wrong_contact" }), against: vec![] };
        if self.does("void link", &act).await.is_some() {
            self.people.links.remove(&id);
        }
    }

    /// By one of the members or contacts they are, whom the new name is everywhere.
    async fn renames(&mut self) {
        let who = self.dice.roll(self.people.all.len());
        let (kind, noun) =
            *self.dice.pick(&[("member_ids", "members"), ("contact_ids", "contacts")]).unwrap();
        let ids = self.people.of(who, kind);
        let Some(id) = self.dice.pick(&ids) else { return };
        let name = format!("赵{}", self.trail.steps.len());
        let path = format!("/v1/{noun}/{id}");
        self.trail.steps.push(format!("rename {path} {name}"));
        self.centre.patch(&path, "*", json!({ "name": name })).await.expect(200);
        self.people.all[who].name = name;
    }

    async fn leaves_or_goes_on(&mut self) {
        let members: Vec<Uuid> = self.people.terms.keys().copied().collect();
        let id = *self.dice.pick(&members).unwrap();
        let (from, until) = self.people.terms[&id];
        let path = format!("/v1/members/{id}");
        if until < i64::MAX {
            let against = if self.people.may_continue(id) { vec![] } else { vec!["overlap"] };
            let act = Act { path: format!("{path}/continue"), body: json!({}), against };
            if self.does("continue", &act).await.is_some() {
                self.people.terms.insert(id, (from, i64::MAX));
            }
            return;
        }
        let until = self.dice.between(1..15);
        let body = json!({ "until": self.city.today() + TimeDelta::days(until) });
        let act = Act { path: format!("{path}/end"), body, against: vec![] };
        if self.does("end", &act).await.is_some() {
            self.people.terms.insert(id, (from, until));
        }
    }
}
