//! What the person says in the end, and what follows from it.

use serde_json::{Value, json};

use crate::support::City;

fn path(issue: &Value) -> String {
    format!("/v1/issues/{}", issue["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_promised_is_followed_up_not_closed() {
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let (issue, _) = city.replied_issue("b").await;
    let path = path(&issue);
    liaison.act(&format!("{path}/pass"), json!({})).await.expect(200);
    let today = lianxin::workdays::local_date(city.server.journal.clock.now());
    let track = |days| json!({ "follow_up_on": today + chrono::Duration::days(days) });
    // without an answer, while the window is open and nobody was called: too early
    let early = liaison.act(&format!("{path}/track"), track(60)).await;
    let early = early.refused(409, "transition_not_allowed");
    assert_eq!(early["state"], "awaiting_feedback");
    assert!(early["allowed_actions"].as_array().unwrap().contains(&json!("answer_feedback")));
    let answer = json!({ "solved": false, "satisfaction": "basically_satisfied" });
    liaison.act(&format!("{path}/answer_feedback"), answer.clone()).await.expect(200);
    liaison.act(&format!("{path}/answer_feedback"), answer).await.refused(409, "already_done");
    liaison.act(&format!("{path}/close"), json!({})).await.refused(409, "transition_not_allowed");
    liaison.act(&format!("{path}/track"), track(400)).await.refused(422, "invalid");
    let tracked = liaison.act(&format!("{path}/track"), track(60)).await.expect(200);
    assert_eq!(tracked["state"], "tracking");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dissatisfied_person_is_told_why_it_was_closed_all_the_same() {
    let city = City::start().await;
    let (liaison, anybody) = (city.liaison_centre().await, city.anybody());
    // given an issue of the public's that came to its reply
    let body = json!({ "title": "路灯", "body": "路灯不亮。", "category": "roads", "division_code": "230403" });
    let taken = anybody.post("/public/v1/230400/issues", body).await.expect(201);
    let code = taken["tracking_code"].clone();
    let list = liaison.get("/v1/issues?channel=public").await.expect(200);
    let path = path(&list["data"][0]);
    let accept = json!({ "category": "roads", "urgency": "consult_help" });
    liaison.act(&format!("{path}/accept"), accept).await.expect(200);
    let order = json!({ "shape": "sole", "assignments": [{ "department_id": city.department_id("receiver").await }] });
    let issue = liaison.act(&format!("{path}/dispatch"), order).await.expect(200);
    let work = city.work_of(&issue, "receiver").await;
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    let handler = city.department("handler").await;
    handler.act(&format!("{work}/draft_reply"), city.draft("c")).await.expect(200);
    city.department("head").await.act(&format!("{work}/reply"), json!({})).await.expect(200);
    liaison.act(&format!("{path}/pass"), json!({})).await.expect(200);
    let attempt =
        json!({ "at": city.server.journal.clock.now(), "mode": "phone", "reached": false });
    liaison.act(&format!("{path}/log_attempt"), attempt).await.expect(200);
    // when the person answers by the code, once
    let answer = json!({ "tracking_code": code, "solved": false, "satisfaction": "dissatisfied", "cause": "objective" });
    let public = "/public/v1/230400/issues";
    anybody.post(&format!("{public}/answer_feedback"), answer.clone()).await.expect(200);
    anybody.post(&format!("{public}/answer_feedback"), answer).await.refused(409, "already_done");
    // and the centre closes it for a cause beyond the department's power
    let reason = json!({ "reason": "需待上级规划批复" });
    liaison.act(&format!("{path}/close_objective"), reason).await.expect(200);
    // then the person reads why, and the reviewed reply
    let seen = anybody
        .post(&format!("{public}/track"), json!({ "tracking_code": code }))
        .await
        .expect(200);
    assert_eq!(seen["explanation"], "需待上级规划批复");
    assert_eq!(seen["replies"][0]["result_class"], "c");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_accepted_is_told_why_and_where_to_go() {
    let city = City::start().await;
    let (liaison, anybody) = (city.liaison_centre().await, city.anybody());
    let body = json!({ "title": "纠纷", "body": "已起诉。", "category": "roads", "division_code": "230403" });
    let taken = anybody.post("/public/v1/230400/issues", body).await.expect(201);
    let list = liaison.get("/v1/issues?channel=public").await.expect(200);
    let reject = json!({ "reason_code": "litigation", "note": "请按诉讼程序办理" });
    liaison.act(&format!("{}/reject", path(&list["data"][0])), reject).await.expect(200);
    let code = json!({ "tracking_code": taken["tracking_code"] });
    let seen = anybody.post("/public/v1/230400/issues/track", code).await.expect(200);
    assert_eq!(seen["reason"]["code"], "litigation");
    assert!(seen["reason"]["go_to_zh"].is_string(), "{seen}");
    assert_eq!(seen["explanation"], "请按诉讼程序办理");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_choose_the_same_key_do_not_meet_and_a_retry_gives_the_same_receipt() {
    let city = City::start().await;
    let anybody = city.anybody();
    let send = async |body: &Value| {
        let headers = [("idempotency-key", "1")];
        let bytes = Some(body.to_string().into_bytes());
        anybody.send(reqwest::Method::POST, "/public/v1/230400/issues", &headers, bytes).await
    };
    let one = json!({ "title": "路灯", "body": "路灯不亮。", "category": "roads", "division_code": "230403" });
    let other = json!({ "title": "路灯", "body": "路灯不亮。", "category": "sanitation", "division_code": "230403" });
    // when the same is sent six times at once, and something else under the same key
    let twins = futures_util::future::join_all((0..6).map(|_| send(&one))).await;
    let stranger = send(&other).await;
    let again = send(&one).await;
    // then there are two issues, and every answer to the first is the same to the byte
    for twin in twins.iter().filter(|twin| twin.status == 201) {
        assert_eq!(twin.bytes, again.bytes);
    }
    for twin in twins.iter().filter(|twin| twin.status != 201) {
        twin.refused(409, "still_running");
    }
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_ne!(stranger.expect(201)["tracking_code"], again.expect(201)["tracking_code"]);
    let all = city.liaison_centre().await.get("/v1/issues?count=exact").await.expect(200);
    assert_eq!(all["total"], 2);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_raised_it_without_an_account_takes_it_back_before_departments_work() {
    let city = City::start().await;
    let anybody = city.anybody();
    let body = json!({ "title": "路灯", "body": "路灯不亮。", "category": "roads", "division_code": "230403" });
    let taken = anybody.post("/public/v1/230400/issues", body).await.expect(201);
    let back = json!({ "tracking_code": taken["tracking_code"], "reason": "已自行解决" });
    let public = "/public/v1/230400/issues/withdraw";
    let seen = anybody.post(public, back.clone()).await.expect(200);
    assert_eq!(seen["state"]["en"], "withdrawn");
    anybody.post(public, back).await.refused(409, "transition_not_allowed");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn points_are_taken_back_when_an_accepted_issue_is_withdrawn() {
    let city = City::start().await;
    let member = city.member().await;
    let issue = city.accepted_issue().await;
    let score = format!("/v1/members/{}/score", city.member_id());
    city.server.journal.drain().await.unwrap();
    let given = member.get(&score).await.expect(200)["total"].clone();
    assert_ne!(given, "0.00");
    let withdraw = format!("{}/withdraw", path(&issue));
    member.act(&withdraw, json!({ "reason": "重复" })).await.expect(200);
    city.server.journal.drain().await.unwrap();
    let explained = member.get(&format!("{score}/explain")).await.expect(200);
    assert_eq!(explained["total"], "0.00", "{explained}");
    assert!(explained.to_string().contains("issue.withdrawn"), "{explained}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_with_a_control_character_comes_in() {
    let city = City::start().await;
    for bad in ["a\u{0}b", "a\u{7}b", "\u{1b}[31m"] {
        let body = json!({ "title": bad, "body": "x", "category": "roads", "division_code": "230403",
            "reporter": { "name": bad } });
        let reply = city.anybody().post("/public/v1/230400/issues", body).await;
        reply.refused(422, "invalid");
        assert_eq!(reply.pointers(), ["/reporter/name", "/title"], "{bad:?}");
    }
    city.ended().await;
}
