//! What the API tells of a day, beside what is known of it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Walk;
use super::standing::EVER;

/// The ids that the rows of a list have under `name`, in order.
fn ids(list: &Value, name: &str) -> Vec<Value> {
    let rows = list.as_array().unwrap_or_else(|| panic!("{list}"));
    let mut ids: Vec<Value> = rows.iter().map(|row| row[name].clone()).collect();
    ids.sort_by_key(Value::to_string);
    ids
}

fn sorted(ids: impl IntoIterator<Item = Uuid>) -> Vec<Value> {
    let mut ids: Vec<Value> = ids.into_iter().map(|id| json!(id)).collect();
    ids.sort_by_key(Value::to_string);
    ids
}

impl Walk {
    /// Looks at something on some day, as anybody may who sees it.
    pub(super) async fn look(&mut self) {
        let day = self.today + self.dice.between(-15..20);
        let (kind, at) = (self.dice.roll(5), self.date(day));
        let cast = &self.cast;
        let of = match kind {
            0..3 => self.dice.pick(&cast.members),
            3 => self.dice.pick(&cast.posts),
            _ => self.dice.pick(&cast.sectors),
        };
        let Some(id) = of.copied() else { return };
        let noun = ["members", "members", "members", "posts", "sectors"][kind];
        let chain = if kind == 1 { "/chain" } else { "" };
        let read = format!("/v1/{noun}/{id}{chain}?as_of={at}");
        if kind == 2 {
            return self.look_back(id).await;
        }
        let seen = self.centre.get(&read).await;
        if !self.days.there(id, day) {
            seen.refused(404, "not_found");
            return;
        }
        let seen = seen.expect(200);
        let line = |table: &'static str, of: Uuid| self.days.at(table, of, day);
        let (name, known) = match kind {
            0 | 1 => ("sector_id", line("member_sectors", id)),
            3 => ("holder_id", line("post_holders", id)),
            _ => ("committee_id", line("sector_committees", id)),
        };
        assert_eq!(seen[name], json!(known), "{read}");
        if noun == "members" {
            let committee = known.and_then(|sector| line("sector_committees", sector));
            assert_eq!(seen["committee_id"], json!(committee), "{read}");
        }
        if kind == 1 {
            let contacts = sorted(self.days.contacts(id, day));
            assert_eq!(ids(&seen["contacts"], "contact_id"), contacts, "{read}");
            let areas = self.now.of("areas").filter(|area| area.of == id && area.on(day));
            assert_eq!(ids(&seen["areas"], "id"), sorted(areas.map(|area| area.id)), "{read}");
        }
    }

    /// Looks at all that ever joined a member to others.
    async fn look_back(&self, id: Uuid) {
        let list = format!("/v1/members/{id}/links?limit=200");
        let told = self.centre.get(&list).await.expect(200);
        let kinds = [
            ("sector", "member_sectors"),
            ("contact", "member_contacts"),
            ("post", "post_holders"),
            ("area", "areas"),
            ("chair_committee", "chair_committees"),
            ("branch", "branch_members"),
        ];
        let mut known = Vec::new();
        for (kind, table) in kinds {
            for link in self.now.of(table).filter(|link| [link.of, link.other].contains(&id)) {
                let until = (link.until < EVER).then(|| self.date(link.until));
                known.push(json!([kind, link.id, self.date(link.from), until, link.voided]));
            }
        }
        let rows = told["data"].as_array().unwrap().iter();
        let mut told: Vec<Value> = rows
            .map(|row| {
                let voided = !row["voided_at"].is_null();
                json!([row["kind"], row["id"], row["from"], row["until"], voided])
            })
            .collect();
        told.sort_by_key(Value::to_string);
        known.sort_by_key(Value::to_string);
        assert_eq!(told, known, "{list}");
    }

    /// Whatever took part tells of each of its versions, the first to the last.
    pub(super) async fn look_at_histories(&self) {
        let cast = &self.cast;
        let all = [
            ("members", &cast.members),
            ("contacts", &cast.contacts),
            ("sectors", &cast.sectors),
            ("committees", &cast.committees),
            ("organizations", &cast.branches),
            ("posts", &cast.posts),
        ];
        for (noun, ids) in all {
            for id in ids {
                let path = format!("/v1/{noun}/{id}");
                let version = self.centre.get(&path).await.expect(200)["version"].clone();
                let events = self.centre.get(&format!("{path}/events?limit=200")).await.expect(200);
                let told = events["data"].as_array().unwrap().iter();
                let told: Vec<i64> =
                    told.map(|event| event["object"]["version"].as_i64().unwrap()).collect();
                let dense: Vec<i64> = (1..=version.as_i64().unwrap()).collect();
                // A page holds two hundred.
                assert_eq!(told, dense[..dense.len().min(200)], "{path}");
            }
        }
    }
}
