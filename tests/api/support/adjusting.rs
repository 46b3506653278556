//! Reported changes of job or status.

use serde_json::{Value, json};

use super::City;
use super::client::Caller;
use super::planned::path_of;

impl City {
    /// A report that takes effect in so many days.
    pub fn change_in(&self, days: i64, items: Value) -> Value {
        let from = self.today() + chrono::TimeDelta::days(days);
        json!({ "from": from, "reason": "job_change", "note": "调往市教育局工作", "items": items })
    }

    /// The member is to move to the other sector of their committee in thirty days.
    pub async fn member_moves(&self) -> Value {
        let item = json!({ "member_id": self.member_id(), "sector_id": self.founded.sectors[1] });
        self.change_in(30, json!([item]))
    }

    /// What `reporter` reports, as a path.
    pub async fn reported(&self, reporter: &Caller, body: Value) -> String {
        path_of("adjustments", &reporter.post("/v1/adjustments", body).await.expect(201))
    }

    /// What `reporter` reports, checked by the committee and approved.
    pub async fn approved(&self, reporter: &Caller, body: Value) -> (String, Value) {
        let path = self.reported(reporter, body).await;
        let staff = self.caller("committee").await;
        staff.act(&format!("{path}/check"), json!({})).await.expect(200);
        let approve = format!("{path}/approve");
        let approved = self.liaison_centre().await.act(&approve, json!({})).await.expect(200);
        (path, approved)
    }

    /// So many members more in the first sector, each with one contact: their ids and the contact's.
    pub async fn more_members(&self, count: usize) -> (Vec<Value>, Value) {
        let centre = self.liaison_centre().await;
        let contact = json!(self.founded.contacts[0]);
        let mut ids = Vec::new();
        for number in 0..count {
            let mut body = self.new_member(&format!("M9{number:03}"));
            body["sector_id"] = json!(self.founded.sectors[0]);
            body["from"] = json!("2025-01-01");
            let member = centre.post("/v1/members", body).await.expect(201);
            let link = json!({ "contact_id": contact, "from": "2025-01-01" });
            let links = format!("{}/contacts", path_of("members", &member));
            centre.post(&links, link).await.expect(201);
            ids.push(member["id"].clone());
        }
        (ids, contact)
    }
}
