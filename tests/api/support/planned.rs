//! Plans and visits of the small city.

use chrono::{Datelike, Months, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use super::City;
use super::client::Caller;

impl City {
    pub fn today(&self) -> NaiveDate {
        lianxin::workdays::local_date(self.server.journal.clock.now())
    }

    /// The first day of the month that is `later` months from now.
    pub fn month(&self, later: u32) -> NaiveDate {
        self.today().with_day(1).unwrap() + Months::new(later)
    }

    /// The member who convenes the first sector.
    pub fn convener_id(&self) -> Uuid {
        self.founded.rows[0].id
    }

    /// What somebody plans for this month: one item of no day, with nobody yet.
    pub async fn plan_of(&self, kind: &str, owner: Uuid) -> Value {
        json!({ "owner_kind": kind, "owner_id": owner, "period_kind": "month",
            "period_start": self.month(0),
            "items": [{ "channel_code": self.channel().await, "subject": "走访联系群众" }] })
    }

    /// The month of `owner`, drafted and submitted by `writer` and approved by `decider`.
    pub async fn plan_approved_by(&self, owner: Uuid, writer: &Caller, decider: &Caller) -> Value {
        let body = self.plan_of("member", owner).await;
        let plan = writer.post("/v1/plans", body).await.expect(201);
        let path = path_of("plans", &plan);
        writer.act(&format!("{path}/submit"), json!({})).await.expect(200);
        decider.act(&format!("{path}/approve"), json!({})).await.expect(200)
    }

    /// A visit against the item of `plan` that `recorder` writes down, a moment ago.
    pub async fn visit_by(&self, recorder: &Caller, plan: &Value) -> Value {
        recorder.post("/v1/visits", self.visit_of(plan)).await.expect(201)
    }

    /// The body of a visit against the item of `plan`, just now.
    pub fn visit_of(&self, plan: &Value) -> Value {
        json!({ "plan_item_id": plan["items"][0]["id"], "form": "visit",
            "started_at": self.server.journal.clock.now().to_rfc3339(), "summary": "了解社区供暖情况" })
    }
}

/// Where an object of `noun` is.
pub fn path_of(noun: &str, object: &Value) -> String {
    format!("/v1/{noun}/{}", object["id"].as_str().unwrap_or_else(|| panic!("{object}")))
}
