//! Walks by chance through merges: taken back in whatever order they may be, they leave nothing behind.

mod changing;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::id_of;
use crate::support::chain::NOTHING;
use crate::support::dice::{Dice, Trail, walks};
use crate::support::{Caller, City};
use people::{People, Somebody};

/// What a person has, as a person's view names it.
const KINDS: [&str; 4] = ["member_ids", "contact_ids", "contact_points", "identifiers"];

struct Walk {
    city: City,
    db: tokio_postgres::Client,
    centre: Caller,
    people: People,
    /// Somebody whom nothing of it concerns.
    bystander: Uuid,
    dice: Dice,
    trail: Trail,
    done: BTreeMap<String, [usize; 2]>,
}

/// One thing to do: whether it may be done, and by which codes it is refused.
struct Act {
    path: String,
    body: Value,
    against: Vec<&'static str>,
}

impl Walk {
    /// Members with an account and without, one who left and one who came then, and contacts.
    async fn start(seed: u64) -> Self {
        let city = City::with(|config| config.without_workers = true).await;
        let (centre, founded) = (city.liaison_centre().await, &city.founded);
        let mut members = vec![city.member_id(), city.convener_id(), founded.members[2]];
        for (number, from) in [("W1", -40), ("W2", -20)] {
            let mut body = city.new_member(number);
            body["from"] = json!(city.today() + TimeDelta::days(from));
            members.push(id_of(&centre.post("/v1/members", body).await.expect(201)));
        }
        let left = json!({ "until": city.today() - TimeDelta::days(20) });
        centre.act(&format!("/v1/members/{}/end", members[3]), left).await.expect(200);
        let mut contacts = vec![city.contact_of_member().await.parse().unwrap()];
        for number in ["W1", "W2", "W3"] {
            let made = centre.post("/v1/contacts", city.new_contact(number)).await.expect(201);
            contacts.push(id_of(&made));
        }
        let bystander = city.enters("W9", json!({})).await.id.as_str().unwrap().parse().unwrap();
        let db = city.db_connect().await;
        let (dice, trail) = (Dice::of(seed), Trail { seed, steps: Vec::new() });
        let (people, done) = (People::default(), BTreeMap::new());
        let mut walk = Self { city, db, centre, people, bystander, dice, trail, done };
        for (noun, ids) in [("members", members), ("contacts", contacts)] {
            for id in ids {
                walk.meet(&format!("/v1/{noun}/{id}")).await;
            }
        }
        walk
    }

    /// Gets to know the person of a member or a contact, as they are before anything is done.
    async fn meet(&mut self, path: &str) {
        let row = self.centre.get(path).await.expect(200);
        let id: Uuid = row["person_id"].as_str().unwrap().parse().unwrap();
        let seen = self.centre.get(&format!("/v1/persons/{id}")).await.expect(200);
        let name = seen["name"].as_str().unwrap().to_owned();
        let has = had(&seen);
        let day = |of: &Value| {
            let day: Option<chrono::NaiveDate> = of.as_str().map(|day| day.parse().unwrap());
            day.map_or(i64::MAX, |day| (day - self.city.today()).num_days())
        };
        if path.starts_with("/v1/members") {
            self.people.terms.insert(id_of(&row), (day(&row["from"]), day(&row["until"])));
        }
        let links = self.centre.get(&format!("{path}/links?limit=200")).await.expect(200);
        for link in links["data"].as_array().unwrap() {
            let contact =
                if link["kind"] == "contact" { &link["other_id"] } else { &link["contact_id"] };
            let Some(contact) = contact.as_str() else { continue };
            let member = link["member_id"].as_str().unwrap();
            let pair = (member.parse().unwrap(), contact.parse().unwrap());
            self.people.links.insert(id_of(link), pair);
        }
        self.people.all.push(Somebody::new(id, name, has));
    }

    fn path(&self, who: usize) -> String {
        format!("/v1/persons/{}", self.people.all[who].id)
    }

    /// Does it, if it may be done, and is refused as the people know; the answer where it was done.
    async fn does(&mut self, what: &str, act: &Act) -> Option<Value> {
        self.trail.steps.push(format!("{what} {} {}", act.path, act.body));
        let reply = self.centre.act(&act.path, act.body.clone()).await;
        let (done, answer) = (reply.status.is_success(), reply.json());
        assert_eq!(
            done,
            act.against.is_empty(),
            "{}: {answer}, not {:?}",
            reply.asked,
            act.against
        );
        self.done.entry(what.to_owned()).or_default()[usize::from(!done)] += 1;
        if done {
            return Some(answer);
        }
        assert!([409, 422].contains(&reply.status.as_u16()), "{}: {answer}", reply.asked);
        let faults: BTreeSet<String> = reply.faults().into_iter().map(|(_, code)| code).collect();
        let known = act.against.iter().map(|code| (*code).to_owned());
        let known: BTreeSet<String> = known.collect();
        assert!(faults == known || answer["code"] == act.against[0], "{answer}, not {known:?}");
        None
    }

    async fn merge(&mut self) {
        let count = self.people.all.len();
        // Two who may be merged, mostly.
        let (goes, stays) = loop {
            let (goes, stays) = (self.dice.roll(count), self.dice.roll(count));
            if self.people.against_merge(goes, stays).is_empty() || self.dice.once_in(6) {
                break (goes, stays);
            }
        };
        let (path, against) = (self.path(goes), self.people.against_merge(goes, stays));
        let body = json!({ "into": self.people.all[stays].id });
        let act = Act { path: format!("{path}/merge"), body, against };
        if self.does("merge", &act).await.is_some() {
            self.people.merge(goes, stays);
        }
    }

    async fn unmerge(&mut self, who: usize) {
        let against = self.people.against_unmerge(who).into_iter().collect();
        let act = Act { path: format!("{}/unmerge", self.path(who)), body: json!({}), against };
        if self.does("unmerge", &act).await.is_some() {
            self.people.unmerge(who);
        }
    }

    /// Somebody who was merged, mostly.
    async fn unmerge_any(&mut self) {
        let any = self.dice.roll(self.people.all.len());
        let merged = self.people.merged();
        let who = self.dice.pick(&merged).copied().filter(|_| !self.dice.once_in(5));
        self.unmerge(who.unwrap_or(any)).await;
    }

    /// Something that concerns none of them.
    async fn happens_elsewhere(&mut self) {
        self.trail.steps.push("elsewhere".into());
        let path = format!("/v1/persons/{}/contact-points", self.bystander);
        let value = format!("139{:08}", self.trail.steps.len());
        let point = json!({ "kind": "mobile", "value": value, "from": "2026-01-01" });
        self.centre.post(&path, point).await.expect(201);
    }

    /// Takes back all merges, in whatever order they may be.
    async fn unmerge_all(&mut self) {
        loop {
            let merged = self.people.merged();
            let Some(who) = self.dice.pick(&merged) else { return };
            self.unmerge(*who).await;
        }
    }

    /// Everything of everybody but the bystander, as the tables have it: versions and when they were
    /// made apart.
    async fn db_everything(&self) -> String {
        let person = |table: &str| if table == "persons" { "id" } else { "person_id" };
        let tables =
            ["persons", "members", "contacts", "contact_points", "person_identifiers", "accounts"];
        let all = tables.map(|table| {
            format!(
                "SELECT '{table}' || (to_jsonb(t) - 'version' - 'updated_at')::text AS row \
                 FROM {table} t WHERE {} IS DISTINCT FROM '{}'",
                person(table),
                self.bystander
            )
        });
        let text = format!(
            "SELECT string_agg(row, E'\\n' ORDER BY row) FROM ({}) r",
            all.join(" UNION ALL ")
        );
        self.db.query_one(&text, &[]).await.unwrap().get(0)
    }

    /// Everything of everybody, as it is told: versions and when they were made apart.
    async fn everything(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for who in 0..self.people.all.len() {
            let mut paths = vec![self.path(who)];
            let of = |kind, noun: &str| {
                let ids = self.people.of(who, kind).into_iter();
                ids.flat_map(|id| ["", "/links"].map(|end| format!("/v1/{noun}/{id}{end}")))
                    .collect()
            };
            let members: Vec<String> = of("member_ids", "members");
            paths.extend(members);
            let contacts: Vec<String> = of("contact_ids", "contacts");
            paths.extend(contacts);
            for path in paths {
                let mut seen = self.centre.get(&path).await.expect(200);
                for name in ["version", "updated_at"] {
                    seen.as_object_mut().unwrap().remove(name);
                }
                all.push(seen);
            }
        }
        all
    }

    /// Each has what the people know, whichever id is asked for, and so say members and contacts.
    async fn look(&self) {
        for (who, one) in self.people.all.iter().enumerate() {
            let seen = self.centre.get(&self.path(who)).await.expect(200);
            let owner = self.people.owner(who);
            let now = &self.people.all[owner];
            let asked = (owner != who).then_some(one.id);
            assert_eq!((&seen["id"], &seen["merged_from"]), (&json!(now.id), &json!(asked)));
            assert_eq!((&seen["name"], had(&seen)), (&json!(now.name), now.has.clone()));
            let merged = seen["merged"].as_array().unwrap().iter().map(id_of);
            assert_eq!(merged.collect::<BTreeSet<_>>(), self.people.merged_into(owner));
            for (noun, kind) in [("members", "member_ids"), ("contacts", "contact_ids")] {
                for id in self.people.of(who, kind) {
                    let row = self.centre.get(&format!("/v1/{noun}/{id}")).await.expect(200);
                    let told = (&row["person_id"], &row["name"]);
                    assert_eq!(told, (&json!(one.id), &json!(one.name)), "{noun} {id}");
                }
            }
        }
    }
}

/// What a person has, by kind and id.
fn had(seen: &Value) -> BTreeSet<String> {
    let account = seen["has_account"].as_bool().unwrap().then(|| "account".to_owned());
    let ids = KINDS.iter().flat_map(|kind| {
        let all = seen[kind].as_array().unwrap().iter();
        all.map(move |one| {
            let id = one.as_str().or(one["id"].as_str()).unwrap_or(NOTHING);
            format!("{kind} {id}")
        })
    });
    ids.chain(account).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn merging_and_unmerging_restores_persons_whatever_else_they_are() {
    let (seeds, steps) = walks(&[1158, 2027, 49], 60);
    for seed in seeds {
        let mut walk = Walk::start(seed).await;
        let before = (walk.everything().await, walk.db_everything().await);
        // when people are merged and unmerged, and nothing else happens but to somebody else
        for _ in 0..steps {
            match walk.dice.roll(5) {
                0..3 => walk.merge().await,
                3 => walk.unmerge_any().await,
                _ => walk.happens_elsewhere().await,
            }
        }
        walk.look().await;
        // then all of it is as before once the merges are undone, in whatever order that may be
        walk.unmerge_all().await;
        assert_eq!(walk.db_everything().await, before.1);
        assert_eq!(walk.everything().await, before.0);
        // and when other things happen in between, each has what they had and what they got since
        for _ in 0..steps {
            match walk.dice.roll(5) {
                0 => walk.merge().await,
                1 => walk.unmerge_any().await,
                _ => walk.changes().await,
            }
            walk.look().await;
        }
        // and after thirty days a merge stays
        walk.city.db_let_merges_be_earlier(30).await;
        walk.people.days_pass(30);
        for who in walk.people.merged() {
            walk.unmerge(who).await;
        }
        walk.look().await;
        println!("{:?}", walk.done);
        walk.city.ended().await;
    }
}
