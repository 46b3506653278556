//! The main job, end to end, as eight callers.

use serde_json::{Value, json};

use crate::support::City;

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}"))
}

/// Points as whole hundredths.
fn hundredths(points: &Value) -> i64 {
    let text = points.as_str().unwrap_or_else(|| panic!("no points in {points}"));
    let (whole, part) = text.split_once('.').unwrap_or_else(|| panic!("{text} has no point"));
    assert_eq!(part.len(), 2, "{text}");
    format!("{whole}{part}").parse().unwrap()
}

/// The points of every entry of an explanation.
fn entries(explain: &Value) -> Vec<i64> {
    let inside = |all: Vec<Value>, name: &str| -> Vec<Value> {
        all.iter().flat_map(|one| one[name].as_array().unwrap().clone()).collect()
    };
    let mut found = vec![explain.clone()];
    for name in ["rule_sets", "categories", "rules", "entries"] {
        found = inside(found, name);
    }
    found.iter().map(|entry| hundredths(&entry["points"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_goes_from_a_visit_to_the_persons_answer_and_the_points_follow() {
    let city = City::start().await;
    let (member, liaison) = (city.member().await, city.liaison_centre().await);
    let (receiver, handler, head) = (
        city.department("receiver").await,
        city.department("handler").await,
        city.department("head").await,
    );

    // A member with a plan, approved by the convener, visits a contact; the convener confirms.
    let plan = city.approved_plan().await;
    let visit = city.visit(&plan).await;
    let confirmed = city
        .convener()
        .await
        .act(&format!("/v1/visits/{}/confirm", id(&visit)), json!({}))
        .await
        .expect(200);
    assert_eq!(confirmed["state"], "confirmed");

    // The person raises an issue; the liaison centre takes it in and transfers it.
    let issue = city.submitted_issue(Some(&visit)).await;
    let path = format!("/v1/issues/{}", id(&issue));
    let accepted = liaison
        .act(&format!("{path}/accept"), json!({ "category": "roads", "urgency": "consult_help" }))
        .await
        .expect(200);
    assert_eq!(accepted["ledger_number"], 1);
    let order = json!({ "shape": "sole", "assignments": [{ "department_id": city.department_id("receiver").await }] });
    liaison.act(&format!("{path}/dispatch"), order).await.expect(200);

    // The department signs, speaks with the person, drafts and signs a reply.
    let mine = receiver.get("/v1/assignments?state=pending_sign").await.expect(200);
    let work = format!("/v1/assignments/{}", id(&mine["data"][0]));
    receiver.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    let now = city.server.journal.clock.now().to_rfc3339();
    handler
        .act(&format!("{work}/record_contact"), json!({ "at": now, "mode": "phone" }))
        .await
        .expect(200);
    let draft = json!({ "result_class": "a", "body": "路灯已修复。", "contact_mode": "phone" });
    handler.act(&format!("{work}/draft_reply"), draft).await.expect(200);
    let replied = head.act(&format!("{work}/reply"), json!({})).await.expect(200);
    assert_eq!(replied["state"], "replied");

    // The centre reviews; the person says it helped; the issue closes.
    let reviewed = liaison.get(&path).await.expect(200);
    assert_eq!(reviewed["state"], "reply_review");
    liaison.act(&format!("{path}/pass"), json!({})).await.expect(200);
    let answer = json!({ "solved": true, "satisfaction": "satisfied" });
    liaison.act(&format!("{path}/answer_feedback"), answer).await.expect(200);
    let closed = liaison.act(&format!("{path}/close"), json!({})).await.expect(200);
    assert_eq!(closed["state"], "closed");

    // Points follow: one confirmed visit, one accepted issue, one closed issue, and the explanation
    // sums to the total.
    city.server.journal.drain().await.unwrap();
    let score = member.get(&format!("/v1/members/{}/score", city.member_id())).await.expect(200);
    let explain =
        member.get(&format!("/v1/members/{}/score/explain", city.member_id())).await.expect(200);
    assert_eq!(score["total"], "4.00", "{score}");
    assert_eq!(explain["total"], score["total"]);
    let entries = entries(&explain);
    assert_eq!(entries.len(), 3, "{explain}");
    assert_eq!(entries.iter().sum::<i64>(), hundredths(&explain["total"]), "{explain}");

    // The city's statistics count it, and the feed tells a machine all of it in order.
    let statistics = city.caller("chair").await.get("/v1/statistics").await.expect(200);
    let figure = |code: &str| {
        let all = statistics["figures"].as_array().unwrap();
        all.iter()
            .find(|f| f["code"] == code)
            .unwrap_or_else(|| panic!("no {code} in {statistics}"))["value"]
            .clone()
    };
    assert_eq!(figure("issues_transferred"), json!(1));
    let machine = city.machine().await;
    let mut kinds = Vec::new();
    let mut after = 0;
    loop {
        let page = machine.get(&format!("/v1/events?after={after}&limit=200")).await.expect(200);
        let events = page["data"].as_array().unwrap();
        for event in events {
            after += 1;
            assert_eq!(event["position"], json!(after), "dense and in order");
            kinds.push(event["kind"].as_str().unwrap().to_owned());
        }
        if page["next"] == page["as_of_position"] {
            break;
        }
    }
    let order = [
        "plan.submitted",
        "plan.approved",
        "visit.recorded",
        "visit.confirmed",
        "issue.submitted",
        "issue.accepted",
        "issue.dispatched",
        "assignment.signed_in",
        "assignment.replied",
        "issue.all_replied",
        "issue.passed",
        "issue.feedback_answered",
        "issue.closed",
    ];
    let places: Vec<usize> = order
        .iter()
        .map(|kind| {
            kinds.iter().position(|k| k == kind).unwrap_or_else(|| panic!("no {kind} in {kinds:?}"))
        })
        .collect();
    assert!(places.is_sorted(), "{kinds:?}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_an_account_follows_an_issue_by_its_code() {
    let city = City::start().await;
    let anybody = city.anybody();
    // given an issue taken in from the public
    let body = json!({ "title": "自来水发黄", "body": "早上水发黄。", "category": "water_heating", "division_code": "230403",
        "reporter": { "name": "李四", "phone": "13912345678", "address": "某街 5 号" } });
    let taken = anybody.post("/public/v1/230400/issues", body).await.expect(201);
    let code = taken["tracking_code"].as_str().unwrap().to_owned();
    // when it is followed
    let seen = anybody
        .post("/public/v1/230400/issues/track", json!({ "tracking_code": code }))
        .await
        .expect(200);
    // then the state is told and nothing personal
    let text = seen.to_string();
    for secret in ["李四", "13912345678", "某街", "自来水发黄"] {
        assert!(!text.contains(secret), "{text}");
    }
    // and a code that was never given, or one of another city, finds nothing
    anybody
        .post(
            "/public/v1/230400/issues/track",
            json!({ "tracking_code": code.replace(|c: char| c.is_ascii_alphanumeric(), "a") }),
        )
        .await
        .refused(404, "not_found");
    anybody
        .post("/public/v1/230500/issues/track", json!({ "tracking_code": code }))
        .await
        .refused(404, "not_found");
    city.ended().await;
}
