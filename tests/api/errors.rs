//! Each class of refusal, as somebody who gets it wrong sees it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::planned::path_of;
use crate::support::{Caller, City};

/// The session that a caller's token belongs to.
fn session_of(caller: &Caller) -> Uuid {
    let token = caller.token.as_deref().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    claims["sid"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_request_is_refused_cleanly() {
    let city = City::start().await;
    let member = city.member().await;
    let post = async |bytes: &[u8], headers: &[(&str, &str)]| {
        member.send(Method::POST, "/v1/issues", headers, Some(bytes.to_vec())).await
    };
    post(b"{", &[]).await.refused(400, "not_json");
    post(b"{\"title\": \"\xff\"}", &[]).await.refused(400, "not_utf8");
    post("[".repeat(40).as_bytes(), &[]).await.refused(400, "too_deep");
    post(&vec![b'a'; 10 * 1024 * 1024], &[]).await.refused(413, "too_large");
    // of so many values nobody looks what is wrong with each
    let much = format!("{{\"title\": [1{}]}}", ",1".repeat(10_000));
    post(much.as_bytes(), &[]).await.refused(413, "too_large");
    let many: Vec<String> = (0..5_000).map(|n| format!("\"a{n}\": \"\\u0001\"")).collect();
    let told = post(format!("{{{}}}", many.join(",")).as_bytes(), &[]).await;
    assert_eq!((told.status.as_u16(), told.faults().len()), (422, 100));
    post(b"title=x", &[("content-type", "text/plain")])
        .await
        .refused(415, "unsupported_media_type");
    post(b"{}", &[("accept", "image/png")]).await.refused(406, "not_acceptable");
    post(b"{}", &[("idempotency-key", "with space")]).await.refused(400, "bad_header");
    member.get("/v1/nothing").await.refused(404, "not_found");
    let wrong = member.send(Method::DELETE, "/v1/issues", &[], None).await;
    wrong.refused(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), "GET, POST, HEAD");
    // A path written out wins over one with an id in its place, whatever the method.
    let wrong = member.send(Method::PATCH, "/v1/plans/coverage", &[], None).await;
    wrong.refused(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), "GET, HEAD");
    let head = member.send(Method::HEAD, "/v1/issues", &[], None).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_all_named() {
    let city = City::start().await;
    let member = city.member().await;
    let reply = member.get("/v1/issues?limit=500&colour=red&sector_id=7").await;
    reply.refused(400, "bad_query");
    let named: Vec<_> = reply.faults();
    let right = [
        ("?colour", "unknown_parameter"),
        ("?limit", "out_of_range"),
        ("?sector_id", "wrong_format"),
    ];
    assert_eq!(named, right.map(|(at, code)| (at.to_owned(), code.to_owned())));
    let reply = member.get("/v1/issues?limit=1&limit=2").await;
    reply.refused(400, "bad_query");
    assert_eq!(reply.faults(), [("?limit".to_owned(), "doubled_parameter".to_owned())]);
    member.get("/v1/issues?cursor=AAAA").await.refused(400, "bad_cursor");
    member.get("/v1/issues/not-a-uuid").await.refused(404, "not_found");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_faults_in_one_body_are_all_named_in_the_callers_language() {
    let city = City::start().await;
    let mut member = city.member().await;
    let body = json!({ "title": null, "body": "x", "category": "roads", "urgency": "soon", "channel": "app",
        "division_code": "230403", "reporter": {}, "colour": "red" });
    let reply = member.post("/v1/issues", body.clone()).await;
    reply.refused(422, "invalid");
    let mut pointers = reply.pointers();
    pointers.dedup();
    assert_eq!(pointers, ["/colour", "/title", "/urgency"]);
    assert_eq!(reply.json()["errors"][1]["code"], "null_not_allowed");
    member.language = "zh-CN";
    let chinese = member.post("/v1/issues", body).await.refused(422, "invalid");
    assert_eq!(chinese["title"], "内容有误");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_do_not_hold_are_refused() {
    let city = City::start().await;
    let member = city.member().await;
    let mut other = member.clone();
    other.token = None;
    let reply = other.get("/v1/me").await;
    reply.refused(401, "unauthorized");
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"lianxin\"");
    for token in ["x", "a.b.c", &format!("{}x", member.token.clone().unwrap())] {
        other.token = Some(token.to_owned());
        let reply = other.get("/v1/me").await;
        reply.refused(401, "unauthorized");
        assert!(reply.header("www-authenticate").contains("invalid_token"));
    }
    // One that has expired, signed with our own key.
    let keys = lianxin::auth::Keys::open(&city.var, None).unwrap();
    let tokens = lianxin::auth::Tokens::new(&keys.signing, "http://lianxin.test", "lianxin");
    let account = city.founded.accounts.iter().find(|one| one.name == "member").unwrap();
    let (now, session) = (city.server.journal.clock.now(), session_of(&member));
    let issued = |at| {
        let subject = lianxin::auth::Subject {
            city: city.founded.city,
            id: account.id,
            client: false,
            session,
            roles: vec!["member".into()],
            scopes: None,
        };
        tokens.issue(&subject, session, at).unwrap()
    };
    other.token = Some(issued(now));
    other.get("/v1/me").await.expect(200);
    other.token = Some(issued(now - chrono::Duration::minutes(11)));
    let reply = other.get("/v1/me").await;
    let problem = reply.refused(401, "unauthorized");
    assert!(problem["detail"].as_str().unwrap().contains("expired"), "{problem}");
    // A token of another installation's key.
    let stranger = City::start().await;
    other.token = stranger.member().await.token;
    other.get("/v1/me").await.refused(401, "unauthorized");
    stranger.ended().await;
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_out_within_two_seconds() {
    let city = City::start().await;
    let member = city.member().await;
    member.get("/v1/me").await.expect(200);
    let id = city.founded.accounts.iter().find(|account| account.name == "member").unwrap().id;
    city.server
        .journal
        .system(city.founded.city, "test", async |tx| {
            lianxin::auth::actions::disable_account(tx, id).await
        })
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    member.get("/v1/me").await.refused(401, "unauthorized");
    city.ended().await;
}

/// A scheme with so many channels and must-visits.
fn scheme(channels: usize, must_visits: usize) -> Value {
    let label =
        |n: usize| json!({ "code": format!("c{n}"), "label_zh": "渠道", "label_en": "channel" });
    let labels = |count: usize| (0..count).map(label).collect::<Vec<_>>();
    json!({ "kind": "1158", "name": "六渠道", "description": "x", "from": "2030-01-01",
        "channels": labels(channels), "must_visits": labels(must_visits) })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_domain_refuses_what_cannot_be() {
    let city = City::start().await;
    let (member, convener) = (city.member().await, city.convener().await);
    let (admin, centre) = (city.caller("admin").await, city.liaison_centre().await);
    // given an approved plan, one that is a draft, and a scheme with too little in it
    let plan = city.approved_plan().await;
    let draft = city.plan_of("member", city.convener_id()).await;
    let draft = convener.post("/v1/plans", draft).await.expect(201);
    let little = path_of("schemes", &admin.post("/v1/schemes", scheme(4, 7)).await.expect(201));
    let before = city.written(&centre).await;
    // A plan for a month that is past, or that begins within one.
    let mut past = city.plan_of("member", city.member_id()).await;
    past["period_start"] = json!("2024-01-01");
    member.post("/v1/plans", past.clone()).await.invalid(&[("/period_start", "period_past")]);
    past["period_start"] = json!(city.month(1) + TimeDelta::days(1));
    member.post("/v1/plans", past).await.invalid(&[("/period_start", "not_period_start")]);
    // A visit in the future: on the last day of a month it lies outside the plan's month as well.
    let now = city.server.journal.clock.now();
    let mut visit = city.visit_of(&plan);
    visit["started_at"] = json!((now + TimeDelta::days(1)).to_rfc3339());
    let reply = member.post("/v1/visits", visit.clone()).await;
    reply.refused(422, "invalid");
    let ahead = ("/started_at".to_owned(), "starts_in_future".to_owned());
    assert!(reply.faults().contains(&ahead), "{:?}", reply.json());
    // One before the plan's month, one that ends before it begins, one that nobody approved.
    visit["started_at"] = json!("2024-01-15T10:00:00+08:00");
    member.post("/v1/visits", visit).await.invalid(&[("/started_at", "outside_period")]);
    let mut visit = city.visit_of(&plan);
    visit["ended_at"] = json!((now - TimeDelta::hours(1)).to_rfc3339());
    member.post("/v1/visits", visit).await.invalid(&[("/ended_at", "ends_before_start")]);
    let visit = city.visit_of(&draft);
    convener.post("/v1/visits", visit).await.invalid(&[("/plan_item_id", "plan_not_approved")]);
    // A sixth channel; and four are too few to publish.
    admin.post("/v1/schemes", scheme(6, 8)).await.invalid(&[("/channels", "too_long")]);
    let wrong = [("/channels", "five_channels"), ("/must_visits", "eight_must_visits")];
    admin.act(&format!("{little}/publish"), json!({})).await.invalid(&wrong);
    // then all is as it was
    assert_eq!(city.written(&centre).await, before);
    let little = admin.get(&little).await.expect(200);
    assert_eq!((&little["state"], &little["version"]), (&json!("draft"), &json!(1)));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_signed_by_the_head_after_sign_in_and_as_it_was_seen() {
    let city = City::start().await;
    let issue = city.dispatched_issue(&["receiver"]).await;
    let (head, handler) = (city.department("head").await, city.department("handler").await);
    let work = city.work_of(&issue, "receiver").await;
    let reply = format!("{work}/reply");
    // A reply before sign-in, and one that nobody has drafted.
    let early = head.act(&reply, json!({})).await.refused(409, "transition_not_allowed");
    assert_eq!((&early["state"], &early["allowed_actions"]), (&json!("pending_sign"), &json!([])));
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    head.act(&reply, json!({})).await.invalid(&[("", "draft_missing")]);
    // given a draft
    handler.act(&format!("{work}/draft_reply"), city.draft("a")).await.expect(200);
    let before = head.get(&work).await.expect(200);
    // The handler does not sign for the head, and another department does not see it at all.
    handler.act(&reply, json!({})).await.refused(403, "forbidden");
    city.department("head2").await.act(&reply, json!({})).await.refused(404, "not_found");
    // A change needs a version, and the one that is there.
    head.post(&reply, json!({})).await.refused(428, "precondition_required");
    let old = [("if-match", "\"1.0123456789abcdef\"")];
    head.send(Method::POST, &reply, &old, Some(b"{}".to_vec())).await.refused(412, "stale");
    // then all is as it was, and the head may sign
    assert_eq!(head.get(&work).await.expect(200), before);
    assert_eq!(head.act(&reply, json!({})).await.expect(200)["state"], "replied");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_may_only_what_its_scopes_say() {
    let city = City::start().await;
    let machine = city.machine().await;
    machine.get("/v1/events?after=0").await.expect(200);
    let reply = machine.post("/v1/issues", json!({})).await;
    let problem = reply.refused(403, "forbidden");
    assert!(problem["detail"].as_str().unwrap().contains("write"), "{problem}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_an_account_writes_so_often_a_minute() {
    // given a city that allows two public writes a minute from one address
    let city = City::with(|config| config.rate_limit = 2).await;
    let anybody = city.anybody();
    let track = json!({ "tracking_code": "00000-00000-00000-00000" });
    let path = "/public/v1/230400/issues/track";
    // when the third comes
    anybody.post(path, track.clone()).await.refused(404, "not_found");
    let second = anybody.post(path, track.clone()).await;
    assert_eq!(second.header("ratelimit-policy"), "\"public\";q=2;w=60");
    assert!(second.header("ratelimit").starts_with("\"public\";r=0;t="));
    let third = anybody.post(path, track).await;
    // then it is told when to come back
    third.refused(429, "too_many_requests");
    let wait: u32 = third.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_your_own_that_something_else_has_is_a_duplicate() {
    let city = City::start().await;
    let member = city.member().await;
    let issue = city.submitted_issue(None).await;
    let body = json!({
        "id": city.member_id(), "title": "小区路灯不亮", "body": "三盏路灯不亮。", "category": "roads",
        "urgency": "consult_help", "channel": "visit", "division_code": "230403",
    });
    member.post("/v1/issues", body.clone()).await.refused(409, "duplicate");
    let mut again = body;
    again["id"] = issue["id"].clone();
    member.post("/v1/issues", again).await.refused(409, "duplicate");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_number_may_be_written_with_a_point() {
    let city = City::start().await;
    let scheme = json!({ "kind": "1158", "name": "草案", "description": "", "from": "2030-01-01",
        "plan_due_day": 24.0, "channels": [], "must_visits": [] });
    let made = city.caller("admin").await.post("/v1/schemes", scheme.clone()).await.expect(201);
    assert_eq!(made["plan_due_day"], 24);
    let mut broken = scheme;
    broken["plan_due_day"] = json!(24.5);
    let reply = city.caller("admin").await.post("/v1/schemes", broken).await;
    reply.refused(422, "invalid");
    assert_eq!(reply.pointers(), ["/plan_due_day"]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_day_or_no_id_is_answered_with_how_one_looks() {
    let city = City::start().await;
    let mut centre = city.liaison_centre().await;
    let day = ["must be a date such as 2026-03-08", "应为日期,如 2026-03-08"];
    let id = "01856ad7-b680-7069-8ceb-8e193e00dc2a";
    let (en, zh) = (format!("must be a UUID such as {id}"), format!("应为 UUID,如 {id}"));
    for (query, words) in
        [("as_of=29.11.2026", day), ("as_of=2026-02-30", day), ("sector_id=1", [&en, &zh])]
    {
        for (language, told) in ["en", "zh-CN"].into_iter().zip(words) {
            centre.language = language;
            let refused = centre.get(&format!("/v1/members?{query}")).await;
            assert_eq!(refused.refused(400, "bad_query")["errors"][0]["detail"], told);
        }
    }
    city.ended().await;
}
