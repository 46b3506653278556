//! What is said of small mistakes, and what is only tried.

use reqwest::Method;
use serde_json::json;

use crate::support::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_told_in_words_and_once() {
    let city = City::start().await;
    let mut admin = city.caller("admin").await;
    let contact = json!({ "name": "  ", "number": 7, "category": "Zoo", "unit": "",
        "division_code": "x", "from": "2026-01-01", "phone": "abc" });
    let reply = admin.post("/v1/contacts", contact.clone()).await;
    reply.invalid(&[
        ("/category", "wrong_format"),
        ("/division_code", "too_short"),
        ("/name", "wrong_format"),
        ("/number", "wrong_type"),
        ("/phone", "too_short"),
        ("/unit", "too_short"),
    ]);
    let said = |reply: &crate::support::Reply, at: &str| {
        let errors = reply.json()["errors"].as_array().unwrap().clone();
        let fault = errors.into_iter().find(|one| one["pointer"] == at).unwrap();
        fault["detail"].as_str().unwrap().to_owned()
    };
    assert_eq!(said(&reply, "/number"), "must be a string");
    assert_eq!(said(&reply, "/name"), "must be one line of text without blanks around it");
    assert!(said(&reply, "/category").contains("key_enterprise"), "{}", said(&reply, "/category"));
    admin.language = "zh";
    let reply = admin.post("/v1/contacts", contact).await;
    assert_eq!(said(&reply, "/number"), "应为文本");
    // a body that has no fields names each one it is given, and a single fault is the detail too
    let submit = format!("/v1/plans/{}/submit", city.draft_plan().await["id"].as_str().unwrap());
    let problem = city.member().await.act(&submit, json!({ "x": 1 })).await;
    problem.invalid(&[("/x", "unknown_field")]);
    assert_eq!(problem.json()["detail"], "not a field of this body");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_can_hold_nothing_is_refused() {
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    for (query, at, code) in [
        ("/v1/visits?from=2026-02-01&until=2026-01-01", "?until", "until_not_after_from"),
        ("/v1/statistics?from=2026-02-01&until=2026-01-01", "?until", "until_not_after_from"),
        (
            "/v1/assignments?due_from=2026-02-01&due_until=2026-01-01",
            "?due_until",
            "until_not_after_from",
        ),
        ("/v1/codes?list=nothing", "?list", "reference_not_found"),
        ("/v1/contacts?category=zoo", "?category", "reference_not_found"),
    ] {
        let reply = liaison.get(query).await;
        reply.refused(400, "bad_query");
        assert_eq!(reply.faults(), [(at.to_owned(), code.to_owned())], "{query}");
    }
    // while a range that is empty is one, and so is every query that the statistics of today name
    liaison.get("/v1/visits?from=2026-02-01&until=2026-02-01").await.expect(200);
    let today = lianxin::workdays::local_date(city.server.journal.clock.now());
    let statistics = liaison.get(&format!("/v1/statistics?from={today}")).await.expect(200);
    for figure in statistics["figures"].as_array().unwrap() {
        for rows in [&figure["rows"], &figure["numerator_rows"]] {
            if let Some(rows) = rows.as_str() {
                liaison.get(rows).await.expect(200);
            }
        }
    }
    // and the feed has no position that was not given yet
    let reply = liaison.get("/v1/events?after=99999999").await;
    reply.refused(400, "bad_cursor");
    assert_eq!(reply.pointers(), ["?after"]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_your_own_is_a_uuid_of_version_seven() {
    let city = City::start().await;
    for id in ["00000000-0000-0000-0000-000000000000", "5f2b6c0a-9d1e-4f87-8a6b-0123456789ab"] {
        let body = json!({ "id": id, "title": "题", "body": "文", "category": "roads",
            "urgency": "urgent", "channel": "visit", "division_code": "230403", "reporter": {} });
        city.member().await.post("/v1/issues", body).await.invalid(&[("/id", "wrong_format")]);
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_taken_is_a_duplicate_each_time_whatever_has_it() {
    // given an id that a scheme has, and one that a member has
    let city = City::start().await;
    let admin = city.caller("admin").await;
    let scheme = |id: &str| {
        json!({ "id": id, "kind": "1158", "name": "草案", "description": "", "from": "2030-01-01",
            "channels": [], "must_visits": [] })
    };
    let own = "00000000-0000-7000-8000-000000000000";
    let of_another_kind = city.member_id().to_string();
    admin.post("/v1/schemes", scheme(own)).await.expect(201);
    // when many schemes come with them, from several at once, so that answers of the database arrive
    // in every order
    let many = async |id: &str| {
        for _ in 0..60 {
            admin.post("/v1/schemes", scheme(id)).await.refused(409, "duplicate");
        }
    };
    tokio::join!(many(own), many(&of_another_kind), many(&of_another_kind), many(own));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_answers_what_would_be_kept_and_keeps_nothing() {
    let city = City::start().await;
    let admin = city.caller("admin").await;
    let set = json!({ "name": "草案", "description": "", "from": "2031-01-01",
        "categories": [{ "code": "visits", "label_zh": "走访", "label_en": "Visits" }], "rules": [{ "code": "visit_confirmed", "category": "visits", "label_zh": "走访", "label_en": "Visit",
            "event_kind": "visit.confirmed", "points": "1.00" }] });
    let before = admin.get("/v1/rule-sets?count=exact").await.expect(200)["total"].clone();
    let tried = admin.post("/v1/rule-sets?dry_run=true", set.clone()).await;
    assert_eq!(tried.expect(200)["name"], "草案");
    assert_eq!(tried.header("location"), "");
    let mut wrong = set.clone();
    wrong["until"] = json!("2030-01-01");
    let refused = admin.post("/v1/rule-sets?dry_run=true", wrong).await;
    refused.invalid(&[("/until", "until_not_after_from")]);
    assert_eq!(admin.get("/v1/rule-sets?count=exact").await.expect(200)["total"], before);
    admin.post("/v1/rule-sets?dry_run=false", set).await.expect(201);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_force_is_not_ended_in_the_past() {
    let city = City::start().await;
    let admin = city.caller("admin").await;
    let set = json!({ "name": "新规则", "description": "", "from": "2026-11-01",
        "categories": [{ "code": "visits", "label_zh": "走访", "label_en": "Visits" }], "rules": [{ "code": "visit_confirmed", "category": "visits", "label_zh": "走访", "label_en": "Visit",
            "event_kind": "visit.confirmed", "points": "1.00" }] });
    let drafted = admin.post("/v1/rule-sets", set).await.expect(201);
    let publish = format!("/v1/rule-sets/{}/publish", drafted["id"].as_str().unwrap());
    let reply = admin.act(&publish, json!({})).await;
    reply.refused(409, "overlap");
    assert_eq!(reply.pointers(), ["/from"]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_and_body_give_the_stored_answer_whatever_version_is_named() {
    let city = City::start().await;
    let member = city.member().await;
    let plan = city.draft_plan().await;
    let path = format!("/v1/plans/{}/submit", plan["id"].as_str().unwrap());
    let send = async |tag: &str| {
        let headers = [("if-match", tag), ("idempotency-key", "once")];
        member.send(Method::POST, &path, &headers, Some(b"{}".to_vec())).await
    };
    let first = send("\"1\"").await;
    let second = send("*").await;
    assert_eq!(first.expect(200), second.expect(200));
    assert_eq!(second.header("idempotency-replayed"), "true");
    // a list of tags is no version of one object
    send("\"1\", \"2\"").await.refused(400, "bad_header");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_and_a_text_that_is_not_utf_8_are_told_so() {
    let city = City::start().await;
    let anybody = city.anybody();
    let preflight = [("origin", "https://evil.example"), ("access-control-request-method", "GET")];
    let reply = anybody.send(Method::OPTIONS, "/v1/issues", &preflight, None).await;
    let problem = reply.refused(403, "forbidden");
    assert!(problem["detail"].as_str().unwrap().contains("Origin"), "{problem}");
    let gbk = [("content-type", "application/json; charset=gbk")];
    let reply =
        city.member().await.send(Method::POST, "/v1/issues", &gbk, Some(b"{}".to_vec())).await;
    reply.refused(415, "unsupported_media_type");
    let reply = anybody.send(Method::POST, "/openapi.json", &[], None).await;
    reply.refused(405, "method_not_allowed");
    assert_eq!(reply.header("allow"), "GET, HEAD");
    city.ended().await;
}
