//! A small city with everybody in it, served by the production assembly.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lianxin::auth::Cost;
use lianxin::config::{Config, DatabaseUrl};
use lianxin::demo::found::{Founded, Size, found};
use lianxin::demo::organize;
use lianxin::http::{self, Running};
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Caller;
use super::database::Database;

pub const HEGANG: i32 = 230400;

pub struct City {
    pub database: Database,
    pub server: Running,
    pub founded: Founded,
    pub var: PathBuf,
    client: Client,
}

pub fn config(database: &Database, var: &std::path::Path) -> Config {
    Config {
        database_url: DatabaseUrl(database.url.clone()),
        listen: "127.0.0.1:0".parse().unwrap(),
        var: var.to_owned(),
        issuer: Some("http://lianxin.test".into()),
        audience: "lianxin".into(),
        signing_key: None,
        workers: Some(2),
        without_workers: false,
        write_connections: 16,
        read_connections: 2,
        report_connections: 2,
        cors_origins: Default::default(),
        rate_limit: 0,
        behind_proxy: false,
    }
}

/// Ids of one object of each kind, by the name of its path parameter.
pub struct Objects(pub BTreeMap<&'static str, String>);

impl Objects {
    pub fn fill(&self, pattern: &str) -> String {
        let mut path = pattern.to_owned();
        for (name, id) in &self.0 {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        assert!(!path.contains('{'), "no object for {path}");
        path
    }
}

impl City {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// The demonstration city on its first day, with everybody in it.
    pub async fn whole() -> Self {
        let city = Self::of(Size::full(), |_| ()).await;
        let journal = &city.server.journal;
        organize(journal, &city.founded, journal.clock.now()).await.expect("its organs");
        city
    }

    /// A city on a server that is set up otherwise.
    pub async fn with(set: impl FnOnce(&mut Config)) -> Self {
        Self::of(Size::small(), set).await
    }

    async fn of(size: Size, set: impl FnOnce(&mut Config)) -> Self {
        let database = Database::from_template().await;
        let var = std::env::temp_dir().join(&database.name);
        let mut config = config(&database, &var);
        set(&mut config);
        let server = http::start(&config).await.expect("a server");
        let founded =
            found(&server.journal, (HEGANG, "鹤岗市"), size, Cost::Test).await.expect("a city");
        Self { database, server, founded, var, client: Client::new() }
    }

    pub async fn ended(self) {
        self.server.handle.stop(false).await;
        self.database.drop().await;
        let _ = std::fs::remove_dir_all(&self.var);
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Somebody without a token.
    pub fn anybody(&self) -> Caller {
        Caller { base: self.base(), client: self.client.clone(), token: None, language: "en" }
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Caller {
        self.token(&format!("grant_type=password&username={username}&password={password}")).await
    }

    async fn token(&self, form: &str) -> Caller {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let reply = self
            .anybody()
            .send(reqwest::Method::POST, "/oauth/token", &kind, Some(form.as_bytes().to_vec()))
            .await;
        let token = reply.expect(200)["access_token"].as_str().unwrap().to_owned();
        Caller { token: Some(token), ..self.anybody() }
    }

    /// The account of that name of the founded city.
    pub async fn caller(&self, name: &str) -> Caller {
        self.caller_of(&self.founded, name).await
    }

    /// The account of that name of a city on this server.
    pub async fn caller_of(&self, founded: &Founded, name: &str) -> Caller {
        let account = founded.accounts.iter().find(|account| account.name == name);
        let account = account.unwrap_or_else(|| panic!("no account {name}"));
        self.sign_in(&format!("{name}@{}", founded.city), &account.password).await
    }

    pub async fn liaison_centre(&self) -> Caller {
        self.caller("liaison").await
    }

    pub async fn member(&self) -> Caller {
        self.caller("member").await
    }

    pub async fn convener(&self) -> Caller {
        self.caller("convener").await
    }

    pub async fn department(&self, who: &str) -> Caller {
        self.caller(who).await
    }

    /// The department for which receiver, handler and head work.
    pub async fn department_id(&self, receiver: &str) -> String {
        let me = self.caller(receiver).await.get("/v1/me").await.expect(200);
        let role =
            me["roles"].as_array().unwrap().iter().find(|role| role["place_kind"] == "department");
        role.unwrap()["place_id"].as_str().unwrap().to_owned()
    }

    pub fn member_id(&self) -> Uuid {
        let account =
            self.founded.accounts.iter().find(|account| account.name == "member").unwrap();
        account.actor.member_id.expect("the member's id")
    }

    /// The county in which the member lives and the county's account works.
    pub fn county(&self) -> String {
        let member = self.founded.rows.iter().find(|row| row.id == self.member_id()).unwrap();
        member.county_code.unwrap().to_string()
    }

    pub async fn every_role(&self) -> Vec<(String, Caller)> {
        let mut callers = Vec::new();
        for account in &self.founded.accounts {
            callers.push((account.name.clone(), self.caller(&account.name).await));
        }
        callers.push(("client".into(), self.machine().await));
        callers.push(("nobody".into(), self.anybody()));
        callers
    }

    /// The city's machine, which may read.
    pub async fn machine(&self) -> Caller {
        let client = self.founded.client.as_ref().expect("a client");
        let (id, secret) = (&client.client_id, &client.secret);
        self.token(&format!("grant_type=client_credentials&client_id={id}&client_secret={secret}"))
            .await
    }

    /// Another city on the same server, with everybody in it.
    pub async fn neighbour(&self) -> Founded {
        let size = Size::small();
        let other = found(&self.server.journal, (230_500, "双鸭山市"), size, Cost::Test).await;
        other.expect("another city")
    }

    /// Callers of another city on the same server: one of each role that sees most.
    pub async fn foreigners(&self) -> Vec<(String, Caller)> {
        let other = self.neighbour().await;
        let mut callers = Vec::new();
        for name in ["liaison", "admin", "member", "head"] {
            callers.push((format!("{name}@2"), self.caller_of(&other, name).await));
        }
        callers
    }

    /// How many there are of what people write, and how much has happened at all, as the liaison
    /// centre reads it: what a refusal leaves as it was.
    pub async fn written(&self, centre: &Caller) -> Vec<(&'static str, i64)> {
        self.server.journal.drain().await.unwrap();
        let mut counts = Vec::new();
        for noun in ["issues", "assignments", "plans", "visits", "members", "contacts", "schemes"] {
            let page = centre.get(&format!("/v1/{noun}?limit=1&count=exact")).await.expect(200);
            counts.push((noun, page["total"].as_i64().unwrap()));
        }
        let feed = centre.get("/v1/events?limit=1").await.expect(200);
        counts.push(("events", feed["as_of_position"].as_i64().unwrap()));
        counts
    }

    /// The first contact of the member.
    pub async fn contact_of_member(&self) -> String {
        let chain = self
            .member()
            .await
            .get(&format!("/v1/members/{}/chain", self.member_id()))
            .await
            .expect(200);
        chain["contacts"][0]["contact_id"].as_str().unwrap_or_else(|| panic!("{chain}")).to_owned()
    }

    /// A plan of this month with one item, approved.
    pub async fn approved_plan(&self) -> Value {
        let plan = self.draft_plan().await;
        let path = format!("/v1/plans/{}", plan["id"].as_str().unwrap());
        self.member().await.act(&format!("{path}/submit"), json!({})).await.expect(200);
        self.convener().await.act(&format!("{path}/approve"), json!({})).await.expect(200)
    }

    pub async fn draft_plan(&self) -> Value {
        let today = lianxin::workdays::local_date(self.server.journal.clock.now());
        let body = json!({
            "owner_kind": "member", "owner_id": self.member_id(), "period_kind": "month",
            "period_start": today.format("%Y-%m-01").to_string(),
            "items": [{ "channel_code": self.channel().await, "contact_id": self.contact_of_member().await,
                "subject": "走访联系群众" }],
        });
        self.member().await.post("/v1/plans", body).await.expect(201)
    }

    pub async fn channel(&self) -> String {
        let scheme = self
            .liaison_centre()
            .await
            .get(&format!("/v1/schemes/{}", self.founded.scheme))
            .await
            .expect(200);
        scheme["channels"][0]["code"].as_str().unwrap().to_owned()
    }

    /// A visit against the item of `plan`, just now.
    pub async fn visit(&self, plan: &Value) -> Value {
        let body = json!({
            "plan_item_id": plan["items"][0]["id"], "form": "visit",
            "started_at": self.server.journal.clock.now().to_rfc3339(), "summary": "了解社区供暖情况",
        });
        self.member().await.post("/v1/visits", body).await.expect(201)
    }

    /// An issue raised by the member and submitted.
    pub async fn submitted_issue(&self, visit: Option<&Value>) -> Value {
        let mut body = json!({
            "title": "小区路灯不亮", "body": "三栋前的路灯坏了一周。", "category": "roads",
            "urgency": "consult_help", "channel": "visit", "division_code": self.county(),
            "reporter": { "name": "张三", "phone": "13812345678", "address": "三栋一单元" },
        });
        if let Some(visit) = visit {
            body["source_visit_id"] = visit["id"].clone();
        }
        let member = self.member().await;
        let issue = member.post("/v1/issues", body).await.expect(201);
        let path = format!("/v1/issues/{}/submit", issue["id"].as_str().unwrap());
        member.act(&path, json!({})).await.expect(200)
    }

    pub async fn accepted_issue(&self) -> Value {
        let issue = self.submitted_issue(None).await;
        let path = format!("/v1/issues/{}/accept", issue["id"].as_str().unwrap());
        let body = json!({ "category": "roads", "urgency": "consult_help" });
        self.liaison_centre().await.act(&path, body).await.expect(200)
    }

    /// An issue in handling with one assignment for each of `receivers`' departments.
    pub async fn dispatched_issue(&self, receivers: &[&str]) -> Value {
        let issue = self.accepted_issue().await;
        let mut orders = Vec::new();
        for receiver in receivers {
            orders.push(json!({ "department_id": self.department_id(receiver).await }));
        }
        let shape = if orders.len() == 1 { "sole" } else { "separate" };
        let path = format!("/v1/issues/{}/dispatch", issue["id"].as_str().unwrap());
        let body = json!({ "shape": shape, "assignments": orders });
        self.liaison_centre().await.act(&path, body).await.expect(200)
    }

    /// The work order of `issue` at the department of `receiver`, as a path.
    pub async fn work_of(&self, issue: &Value, receiver: &str) -> String {
        let id = issue["id"].as_str().unwrap();
        let list = format!("/v1/assignments?parent_id={id}");
        let mine = self.department(receiver).await.get(&list).await.expect(200);
        format!("/v1/assignments/{}", mine["data"][0]["id"].as_str().unwrap())
    }

    /// An issue whose only department has replied with this class; waits for review.
    pub async fn replied_issue(&self, class: &str) -> (Value, String) {
        let issue = self.dispatched_issue(&["receiver"]).await;
        let work = self.work_of(&issue, "receiver").await;
        let (receiver, handler, head) = (
            self.department("receiver").await,
            self.department("handler").await,
            self.department("head").await,
        );
        receiver.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
        handler.act(&format!("{work}/draft_reply"), self.draft(class)).await.expect(200);
        head.act(&format!("{work}/reply"), json!({})).await.expect(200);
        (issue, work)
    }

    /// A draft of a reply of this class.
    pub fn draft(&self, class: &str) -> Value {
        let today = lianxin::workdays::local_date(self.server.journal.clock.now());
        let mut draft = json!({ "result_class": class, "body": "已办。", "contact_mode": "phone" });
        match class {
            "b" => draft["promised_on"] = json!(today + chrono::Duration::days(30)),
            "c" => draft["reason"] = json!("资金未到位"),
            _ => {}
        }
        draft
    }

    pub async fn one_of_each(&self) -> Objects {
        let plan = self.approved_plan().await;
        let visit = self.visit(&plan).await;
        let issue = self.dispatched_issue(&["receiver"]).await;
        let liaison = self.liaison_centre().await;
        let assignments = liaison.get("/v1/assignments").await.expect(200);
        let areas = liaison.get("/v1/areas?limit=1").await.expect(200);
        let contact = self.contact_of_member().await;
        let links =
            liaison.get(&format!("/v1/members/{}/chain", self.member_id())).await.expect(200);
        let memberships = format!("/v1/members/{}/links?kind=sector", self.member_id());
        let memberships = liaison.get(&memberships).await.expect(200);
        let adjustment = self.member_moves().await;
        let adjustment = self.member().await.post("/v1/adjustments", adjustment).await.expect(201);
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
        let mut objects = BTreeMap::from([
            ("city_code", HEGANG.to_string()),
            ("code", "230403".to_owned()),
            ("member_id", self.member_id().to_string()),
            ("contact_id", contact),
            ("link_id", text(&links["contacts"][0]["id"])),
            ("membership_id", text(&memberships["data"][0]["id"])),
            ("committee_id", self.founded.committees[0].to_string()),
            ("sector_id", self.founded.sectors[0].to_string()),
            ("department_id", self.department_id("receiver").await),
            ("area_id", text(&areas["data"][0]["id"])),
            ("adjustment_id", text(&adjustment["id"])),
            ("scheme_id", self.founded.scheme.to_string()),
            ("rule_set_id", self.founded.rule_set.to_string()),
            ("plan_id", text(&plan["id"])),
            ("plan_item_id", text(&plan["items"][0]["id"])),
            ("visit_id", text(&visit["id"])),
            ("issue_id", text(&issue["id"])),
            ("assignment_id", text(&assignments["data"][0]["id"])),
        ]);
        objects.extend(self.organized().await);
        objects.extend(self.briefed().await);
        objects.extend(self.an_import().await);
        objects.extend(self.personal().await);
        Objects(objects)
    }
}
