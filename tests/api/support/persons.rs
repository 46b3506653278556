//! Persons, by way of the contacts they are.

use serde_json::{Value, json};

use super::City;

/// A contact with the person they are.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The contact's id.
    pub contact: Value,
    /// The person's id.
    pub id: Value,
    /// Where the person is.
    pub path: String,
}

impl City {
    /// Enters a contact of that number, since today, with what else is said of them.
    pub async fn enters(&self, number: &str, what: Value) -> Entered {
        let mut body = self.new_contact(number);
        for (field, value) in what.as_object().unwrap() {
            body[field] = value.clone();
        }
        let made = self.liaison_centre().await.post("/v1/contacts", body).await.expect(201);
        Entered {
            contact: made["id"].clone(),
            id: made["person_id"].clone(),
            path: format!("/v1/persons/{}", made["person_id"].as_str().unwrap()),
        }
    }

    /// Everything that happened in the city so far, as the liaison centre reads it.
    pub async fn happened(&self) -> Vec<Value> {
        self.server.journal.drain().await.unwrap();
        let centre = self.liaison_centre().await;
        let mut all: Vec<Value> = Vec::new();
        loop {
            let read = format!("/v1/events?after={}&limit=200", all.len());
            let page = centre.get(&read).await.expect(200)["data"].take();
            match page {
                Value::Array(events) if !events.is_empty() => all.extend(events),
                _ => return all,
            }
        }
    }

    /// Where the person of a member is.
    pub async fn person_of(&self, member: uuid::Uuid) -> String {
        let read = format!("/v1/members/{member}");
        let member = self.liaison_centre().await.get(&read).await.expect(200);
        format!("/v1/persons/{}", member["person_id"].as_str().unwrap())
    }

    /// The member's person with a contact point and an identifier; by the names of path parameters.
    pub async fn personal(&self) -> [(&'static str, String); 3] {
        let centre = self.liaison_centre().await;
        let person = self.person_of(self.member_id()).await;
        let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let point = json!({ "kind": "wechat", "value": "wang_wei", "from": self.today() });
        let point = centre.post(&format!("{person}/contact-points"), point).await.expect(201);
        let one = json!({ "scheme": "other", "value": "X-1" });
        let one = centre.post(&format!("{person}/identifiers"), one).await.expect(201);
        let person = person.trim_start_matches("/v1/persons/").to_owned();
        [("person_id", person), ("contact_point_id", text(&point)), ("identifier_id", text(&one))]
    }
}
