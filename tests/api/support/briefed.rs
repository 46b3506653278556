//! Briefings of a committee by its counterpart departments.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::City;

impl City {
    /// The committee under which the member stands and for which the committee's account works.
    pub fn own_committee(&self) -> Uuid {
        let member = self.founded.rows.iter().find(|row| row.id == self.member_id()).unwrap();
        member.committee_id.unwrap()
    }

    /// A member who stands under another committee.
    pub fn member_elsewhere(&self) -> Uuid {
        let own = Some(self.own_committee());
        self.founded.rows.iter().find(|row| row.committee_id != own).unwrap().id
    }

    /// The receiver's department becomes a counterpart of the member's committee, thirty days ago.
    pub async fn counterpart(&self) -> Value {
        let links = format!("/v1/organizations/{}/links", self.own_committee());
        let from = self.today() - TimeDelta::days(30);
        let body = json!({ "kind": "counterpart_department", "from": from,
            "other_id": self.department_id("receiver").await });
        self.liaison_centre().await.post(&links, body).await.expect(201)
    }

    /// The body of a briefing by that department, held today, at which the member was.
    pub async fn new_briefing(&self) -> Value {
        json!({ "kind": "briefing", "title": "上半年住房保障工作情况通报",
            "committee_id": self.own_committee(), "department_id": self.department_id("receiver").await,
            "held_on": self.today(), "summary": "通报老旧小区改造进度。", "audience": 18,
            "member_ids": [self.member_id()] })
    }

    /// A briefing that the committee recorded, by the name of its path parameter.
    pub async fn briefed(&self) -> [(&'static str, String); 1] {
        self.counterpart().await;
        let (committee, body) = (self.caller("committee").await, self.new_briefing().await);
        let made = committee.post("/v1/activities", body).await.expect(201);
        [("activity_id", made["id"].as_str().unwrap().to_owned())]
    }
}
