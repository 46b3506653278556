//! Organisations of a county, and who works for another one.

use serde_json::{Value, json};

use super::City;
use super::client::Caller;

impl City {
    /// A county in which neither the member lives nor the county's account works.
    pub fn other_county(&self) -> String {
        let other = if self.county() == "230403" { "230404" } else { "230403" };
        other.to_owned()
    }

    /// Somebody who works for that other county, with the password of the county's account.
    pub async fn other_county_staff(&self) -> Caller {
        self.db_account_like("county", "county2", &self.other_county()).await;
        let like = self.founded.accounts.iter().find(|one| one.name == "county").unwrap();
        self.sign_in(&format!("county2@{}", self.founded.city), &like.password).await
    }

    /// Who was the liaison centre, and who will be it: the same grants on other days than today.
    pub async fn of_other_times(&self) -> [(String, Caller); 2] {
        let like = self.founded.accounts.iter().find(|one| one.name == "liaison").unwrap();
        let of = async |name: &str, days: &str| {
            self.db_account_on("liaison", name, days).await;
            let caller =
                self.sign_in(&format!("{name}@{}", self.founded.city), &like.password).await;
            (name.to_owned(), caller)
        };
        let (today, tomorrow) = (self.today(), self.today() + chrono::Days::new(1));
        let was = of("was", &format!("[2020-01-01,{today})")).await;
        [was, of("willbe", &format!("[{tomorrow},)")).await]
    }

    /// The body of an organisation at city level, since today.
    pub fn new_organization(&self, kind: &str, code: &str) -> Value {
        json!({ "kind": kind, "code": code, "name": code, "position": 90, "from": self.today() })
    }

    /// Enters an organisation of that kind and code, beneath `parent`, since today.
    pub async fn organization(&self, kind: &str, code: &str, parent: Option<&Value>) -> Value {
        let mut body = self.new_organization(kind, code);
        if let Some(parent) = parent {
            body["parent_id"] = parent["id"].clone();
            body["county_code"] = parent["county_code"].clone();
        }
        self.liaison_centre().await.post("/v1/organizations", body).await.expect(201)
    }

    /// A post in a party branch of its own, which the member holds since today.
    pub async fn held_post(&self, kind: &str, member: &Value) -> Value {
        let (centre, today) = (self.liaison_centre().await, self.today());
        let branch = self.organization("party_branch", "branch_of_post", None).await;
        let body = json!({ "organization_id": branch["id"], "kind": kind, "title": "书记", "from": today });
        let post = centre.post("/v1/posts", body).await.expect(201);
        let holders = format!("/v1/posts/{}/holders", post["id"].as_str().unwrap());
        let hold = json!({ "member_id": member, "from": today });
        centre.post(&holders, hold).await.expect(201);
        post
    }

    /// A party branch of the member's county with a post, its holder, the member in it, and whom they
    /// keep in touch with outside the party; by the names of path parameters.
    pub async fn organized(&self) -> [(&'static str, String); 5] {
        let (centre, today, member) = (self.liaison_centre().await, self.today(), self.member_id());
        let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let mut body = self.new_organization("party_branch", "branch_zero");
        body["county_code"] = json!(self.county());
        let branch = text(&centre.post("/v1/organizations", body).await.expect(201));
        let links = format!("/v1/organizations/{branch}/links");
        let body = json!({ "kind": "branch_member", "other_id": member, "from": today });
        let link = text(&centre.post(&links, body).await.expect(201));
        let body = json!({ "organization_id": branch, "kind": "secretary", "title": "书记", "from": today });
        let post = text(&centre.post("/v1/posts", body).await.expect(201));
        let body = json!({ "member_id": member, "from": today });
        let holders = format!("/v1/posts/{post}/holders");
        let holding = text(&centre.post(&holders, body).await.expect(201));
        let body = json!({ "member_id": self.founded.members[20], "from": today });
        let party = format!("/v1/members/{member}/party-links");
        let party_link = text(&centre.post(&party, body).await.expect(201));
        [
            ("organization_id", branch),
            ("organization_link_id", link),
            ("post_id", post),
            ("holding_id", holding),
            ("party_link_id", party_link),
        ]
    }
}
