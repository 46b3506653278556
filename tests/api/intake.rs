//! Who writes down what, for whom, and where it stands.

use serde_json::json;

use crate::support::City;

fn words(channel: &str) -> serde_json::Value {
    json!({ "title": "小区路灯不亮", "body": "三盏路灯不亮。", "category": "roads",
        "urgency": "consult_help", "channel": channel, "division_code": "230403", "reporter": {} })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_issue_stays_in_their_sector() {
    let city = City::start().await;
    let (member, liaison) = (city.member().await, city.liaison_centre().await);
    let me = member.get(&format!("/v1/members/{}", city.member_id())).await.expect(200);
    let own = me["sector_id"].as_str().unwrap();
    let other = city.founded.sectors.iter().find(|id| id.to_string() != own).unwrap();
    // when a sector other than the member's is named, at intake or later
    let mut body = words("visit");
    body["member_id"] = json!(city.member_id());
    body["sector_id"] = json!(other);
    member.post("/v1/issues", body.clone()).await.invalid(&[("/sector_id", "not_meaningful")]);
    body["sector_id"] = json!(own);
    let issue = member.post("/v1/issues", body).await.expect(201);
    let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
    let change = json!({ "sector_id": other });
    member.patch(&path, "*", change).await.invalid(&[("/sector_id", "not_meaningful")]);
    member.act(&format!("{path}/submit"), json!({})).await.expect(200);
    let accept = json!({ "category": "roads", "urgency": "consult_help", "sector_id": other });
    let refused = liaison.act(&format!("{path}/accept"), accept).await;
    refused.invalid(&[("/sector_id", "not_meaningful")]);
    // and a member who names a sector without a member is told what is wrong
    let mut body = words("visit");
    body["sector_id"] = json!(other);
    let problem = member.post("/v1/issues", body).await.refused(403, "forbidden");
    assert_eq!(problem["errors"][0]["pointer"], "/sector_id", "{problem}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_submits_is_told_of_issues_that_may_be_the_same() {
    let city = City::start().await;
    let member = city.member().await;
    let submit = async |category: &str| {
        let mut body = words("visit");
        body["category"] = json!(category);
        let issue = member.post("/v1/issues", body).await.expect(201);
        let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
        let submitted = member.act(&format!("{path}/submit"), json!({})).await.expect(200);
        assert_eq!(member.get(&path).await.expect(200).get("similar"), None);
        submitted
    };
    let first = submit("roads").await;
    assert_eq!(first["similar"], json!([]));
    submit("water_heating").await;
    assert_eq!(submit("roads").await["similar"], json!([first["id"]]));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_centre_says_that_something_came_by_the_hotline_or_from_the_public() {
    let city = City::start().await;
    for channel in ["public", "hotline_12345", "platform", "import"] {
        let refused = city.member().await.post("/v1/issues", words(channel)).await;
        refused.invalid(&[("/channel", "not_meaningful")]);
        let mut body = words(channel);
        body["sector_id"] = json!(city.founded.sectors[0]);
        city.liaison_centre().await.post("/v1/issues", body).await.expect(201);
    }
    city.member().await.post("/v1/issues", words("app")).await.expect(201);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_for_a_member_is_journalled_beside_the_member() {
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let mut body = words("visit");
    body["member_id"] = json!(city.member_id());
    let issue = liaison.post("/v1/issues", body).await.expect(201);
    let submit = format!("/v1/issues/{}/submit", issue["id"].as_str().unwrap());
    liaison.act(&submit, json!({})).await.expect(200);
    let accept = format!("/v1/issues/{}/accept", issue["id"].as_str().unwrap());
    let body = json!({ "category": "roads", "urgency": "consult_help" });
    liaison.act(&accept, body).await.expect(200);
    let path = format!("/v1/issues/{}/events", issue["id"].as_str().unwrap());
    let history = liaison.get(&path).await.expect(200);
    let all = history["data"].as_array().unwrap();
    let of = |kind: &str| {
        let event = all.iter().find(|one| one["kind"] == kind);
        event.unwrap_or_else(|| panic!("no {kind}"))["on_behalf_of"].clone()
    };
    assert_eq!(of("issue.created"), json!(city.member_id()));
    assert_eq!(of("issue.submitted"), json!(city.member_id()));
    assert_eq!(of("issue.accepted"), json!(null), "that is the centre's own work");
    city.ended().await;
}
