//! What time and the centre do to work orders, and who learns who the reporter is.

use serde_json::{Value, json};

use crate::support::City;

fn path(issue: &Value) -> String {
    format!("/v1/issues/{}", issue["id"].as_str().unwrap())
}

async fn notices(city: &City, who: &str) -> Vec<String> {
    let page = city.caller(who).await.get("/v1/me/notices?limit=50").await.expect(200);
    let data = page["data"].as_array().unwrap().iter();
    data.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_work_order_is_reminded_and_then_turns_yellow_once() {
    let city = City::start().await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let work = city.work_of(&issue, "receiver").await;
    // when both limits of the sign-in are over, and the timers are looked at twice
    city.db_let_timers_be_due("assignment.unsigned").await;
    city.db_let_timers_be_due("assignment.yellow").await;
    city.server.journal.fire_all_due().await.unwrap();
    city.server.journal.fire_all_due().await.unwrap();
    // then the department was reminded once and the card is yellow
    let told = notices(&city, "receiver").await;
    assert_eq!(told.iter().filter(|code| *code == "assignment_unsigned").count(), 1);
    let seen = city.department("receiver").await.get(&work).await.expect(200);
    assert_eq!((&seen["card"], &seen["state"]), (&json!("yellow"), &json!("pending_sign")));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_does_not_come_is_marked_overdue_and_the_centre_is_told() {
    let city = City::start().await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let work = city.work_of(&issue, "receiver").await;
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    // when the limit is over
    city.db_move_deadlines_back(60).await;
    city.db_let_timers_be_due("assignment.overdue").await;
    city.server.journal.fire_all_due().await.unwrap();
    // then it is marked, yellow, in the list of the overdue, and both sides know
    let seen = city.department("head").await.get(&work).await.expect(200);
    assert!(seen["overdue_at"].is_string() && seen["card"] == "yellow", "{seen}");
    let liaison = city.liaison_centre().await;
    let overdue = liaison.get("/v1/assignments?overdue=true&count=exact").await.expect(200);
    assert_eq!(overdue["total"], 1);
    for who in ["head", "liaison"] {
        assert!(notices(&city, who).await.contains(&"assignment_overdue".to_owned()), "{who}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reply_stays_late_when_it_is_sent_back_and_comes_again_in_time() {
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let work = city.work_of(&issue, "receiver").await;
    city.db_move_deadlines_back(60).await;
    let (handler, head) = (city.department("handler").await, city.department("head").await);
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    handler.act(&format!("{work}/draft_reply"), city.draft("a")).await.expect(200);
    head.act(&format!("{work}/reply"), json!({})).await.expect(200);
    // when the centre sends it back and it comes again before its new date
    let back = json!({ "reason": "未写明措施" });
    let sent = liaison.act(&format!("{}/send_back", path(&issue)), back).await.expect(200);
    assert_eq!(sent["state"], "in_handling");
    let again = head.get(&work).await.expect(200);
    assert_eq!((&again["state"], &again["send_backs"]), (&json!("handling"), &json!(1)));
    handler.act(&format!("{work}/draft_reply"), city.draft("a")).await.expect(200);
    let replied = head.act(&format!("{work}/reply"), json!({})).await.expect(200);
    assert_eq!(replied["replied_on_time"], json!(true), "by its new date");
    // then the figures still count the first reply against the first date
    let today = lianxin::workdays::local_date(city.server.journal.clock.now());
    let from = today - chrono::Duration::days(100);
    let figures =
        liaison.get(&format!("/v1/statistics?from={from}&until={today}")).await.expect(200);
    let rate = figures["figures"].as_array().unwrap().iter();
    let rate = rate.clone().find(|one| one["code"] == "reply_on_time_rate").unwrap();
    assert_eq!((&rate["numerator"], &rate["denominator"]), (&json!(0), &json!(1)));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_counts_from_when_it_was_recorded_not_from_what_is_typed_in() {
    let city = City::start().await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let work = city.work_of(&issue, "receiver").await;
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    let before = city.server.journal.clock.now();
    let typed = issue["dispatched_at"].clone();
    let contact = json!({ "at": typed, "mode": "phone", "reached": true });
    let handler = city.department("handler").await;
    let seen = handler.act(&format!("{work}/record_contact"), contact).await.expect(200);
    let at: chrono::DateTime<chrono::Utc> =
        seen["first_contact_at"].as_str().unwrap().parse().unwrap();
    assert!(at >= before, "{at}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_learns_who_the_reporter_is_with_a_reason_and_only_while_it_works() {
    let city = City::start().await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let work = city.work_of(&issue, "receiver").await;
    let handler = city.department("handler").await;
    let reveal = format!("{work}/reveal");
    // given that the view of the issue says that somebody is known and not who
    let seen = handler.get(&path(&issue)).await.expect(200);
    assert_eq!(
        seen["reporter"],
        json!({ "known": true, "name": null, "phone": null, "contact_id": null })
    );
    // when the handler asks, with a reason that names the person
    handler.post(&reveal, json!({ "reason": " " })).await.refused(422, "invalid");
    let shown = handler.post(&reveal, json!({ "reason": "须联系张三核实" })).await.expect(200);
    // then name, phone and address are given, and no event holds them or the reason
    let shown = shown.to_string();
    for said in ["张三", "13812345678", "三栋一单元"] {
        assert!(shown.contains(said), "{shown}");
    }
    city.server.journal.drain().await.unwrap();
    let events =
        city.caller("auditor").await.get("/v1/events?after=300&limit=200").await.expect(200);
    let text = events.to_string();
    assert!(text.contains("assignment.reporter_revealed"), "{text}");
    for said in ["张三", "13812345678", "三栋", "核实"] {
        assert!(!text.contains(said), "{said}");
    }
    // and once its part has ended, no more
    let withdraw = format!("{}/withdraw", path(&issue));
    let liaison = city.liaison_centre().await;
    liaison.act(&withdraw, json!({ "reason": "误转" })).await.expect(200);
    let after = handler.post(&reveal, json!({ "reason": "再看一次" })).await;
    after.refused(409, "transition_not_allowed");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_with_a_dispatch_is_named_at_once() {
    let city = City::start().await;
    let issue = city.accepted_issue().await;
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
    let body = json!({ "shape": "sole", "assignments": [
        { "department_id": nobody }, { "department_id": "01890a5d-ac96-774b-bcce-b302099a8058" }] });
    let reply = city.liaison_centre().await.act(&format!("{}/dispatch", path(&issue)), body).await;
    reply.refused(422, "invalid");
    let mut pointers = reply.pointers();
    pointers.sort();
    let expected = ["/assignments", "/assignments/0/department_id", "/assignments/1/department_id"];
    assert_eq!(pointers, expected);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_missed_again_after_a_reply_was_sent_back_is_marked_again() {
    // given a work order that was overdue, then replied, then sent back
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let (issue, work) = {
        let issue = city.dispatched_issue(&["receiver"]).await;
        let work = city.work_of(&issue, "receiver").await;
        (issue, work)
    };
    city.db_move_deadlines_back(60).await;
    city.db_let_timers_be_due("assignment.overdue").await;
    city.server.journal.fire_all_due().await.unwrap();
    let overdue =
        async || liaison.get("/v1/assignments?overdue=true&count=exact").await.expect(200);
    assert_eq!(overdue().await["total"], 1);
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    let draft = city.draft("a");
    city.department("handler").await.act(&format!("{work}/draft_reply"), draft).await.expect(200);
    city.department("head").await.act(&format!("{work}/reply"), json!({})).await.expect(200);
    let back = format!("/v1/issues/{}/send_back", issue["id"].as_str().unwrap());
    liaison.act(&back, json!({ "reason": "未答复问题" })).await.expect(200);
    // then it has a new limit, which is not missed yet
    assert_eq!(overdue().await["total"], 0);
    // and when that one is missed, it is marked and told once more
    city.db_move_deadlines_back(60).await;
    city.db_let_timers_be_due("assignment.overdue").await;
    city.server.journal.fire_all_due().await.unwrap();
    assert_eq!(overdue().await["total"], 1);
    let notices = city.department("head").await.get("/v1/me/notices").await.expect(200);
    let told = notices["data"].as_array().unwrap().iter();
    assert_eq!(told.filter(|one| one["code"] == "assignment_overdue").count(), 2, "{notices}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_issue_leaves_no_work_order_alive_not_even_one_that_has_replied() {
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let issue = city.dispatched_issue(&["receiver", "receiver2"]).await;
    let work = city.work_of(&issue, "receiver").await;
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    let draft = city.draft("a");
    city.department("handler").await.act(&format!("{work}/draft_reply"), draft).await.expect(200);
    city.department("head").await.act(&format!("{work}/reply"), json!({})).await.expect(200);
    let withdraw = format!("/v1/issues/{}/withdraw", issue["id"].as_str().unwrap());
    let withdrawn = liaison.act(&withdraw, json!({ "reason": "误报" })).await.expect(200);
    let states: Vec<_> = withdrawn["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["recalled", "recalled"]);
    assert_eq!(withdrawn["due_on"], json!(null));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_drafted_a_reply_does_not_review_it_though_another_wrote_it_anew() {
    // given a handler who is of the liaison centre too, and a second one in the department
    let city = City::start().await;
    let department = city.department_id("receiver").await;
    city.db_grant("handler", "liaison_centre", None).await;
    city.db_grant("receiver", "dept_handler", Some(&department)).await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let work = city.work_of(&issue, "receiver").await;
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    // when the first one drafts, the second one replaces the draft, and the head signs that
    let draft = format!("{work}/draft_reply");
    city.department("handler").await.act(&draft, city.draft("a")).await.expect(200);
    city.department("receiver").await.act(&draft, city.draft("a")).await.expect(200);
    city.department("head").await.act(&format!("{work}/reply"), json!({})).await.expect(200);
    // then the first one has had a hand in it, and somebody else passes it
    let pass = format!("/v1/issues/{}/pass", issue["id"].as_str().unwrap());
    let refused = city.department("handler").await.act(&pass, json!({})).await;
    let problem = refused.refused(403, "forbidden");
    assert_eq!(problem["errors"][0]["code"], "reviewer_is_author", "{problem}");
    city.liaison_centre().await.act(&pass, json!({})).await.expect(200);
    city.ended().await;
}
