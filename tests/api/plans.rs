//! A plan's life beside its approval.

use serde_json::json;

use crate::support::City;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_plan_closes_with_its_period_and_late_records_still_find_it() {
    let city = City::start().await;
    // given an approved plan
    let plan = city.approved_plan().await;
    let path = format!("/v1/plans/{}", plan["id"].as_str().unwrap());
    // when its period is over
    city.db_let_timers_be_due("plan_close").await;
    city.server.journal.fire_all_due().await.unwrap();
    // then it is closed, by nobody, and cannot be changed
    let closed = city.member().await.get(&path).await.expect(200);
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["allowed_actions"], json!([]));
    let again = city.convener().await.act(&format!("{path}/approve"), json!({})).await;
    again.refused(409, "transition_not_allowed");
    // and a visit of its period is still recorded against it
    city.visit(&plan).await;
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_sent_back_closes_with_its_period_and_one_that_was_not_decided_stays() {
    let city = City::start().await;
    let (member, convener) = (city.member().await, city.convener().await);
    // given one plan that was sent back, and one that nobody decided on
    let plan = city.draft_plan().await;
    let path = path_of("plans", &plan);
    member.act(&format!("{path}/submit"), json!({})).await.expect(200);
    convener.act(&format!("{path}/send_back"), json!({ "reason": "请补充" })).await.expect(200);
    let body = city.plan_of("member", city.convener_id()).await;
    let other = path_of("plans", &convener.post("/v1/plans", body).await.expect(201));
    convener.act(&format!("{other}/submit"), json!({})).await.expect(200);
    // when the month is over
    city.db_let_periods_be_over().await;
    // then nothing may be done any more, and the refusal says why
    let committee = city.caller("committee").await;
    let refused = committee.act(&format!("{other}/approve"), json!({})).await;
    let problem = refused.refused(409, "transition_not_allowed");
    assert_eq!(problem["errors"][0]["code"], "period_over");
    assert_eq!(problem["state"], "submitted");
    let again = member.act(&format!("{path}/submit"), json!({})).await;
    assert_eq!(again.refused(409, "transition_not_allowed")["allowed_actions"], json!([]));
    assert_eq!(member.get(&path).await.expect(200)["allowed_actions"], json!([]));
    // and only the one that was sent back is closed
    city.db_let_timers_be_due("plan_close").await;
    city.server.journal.fire_all_due().await.unwrap();
    assert_eq!(member.get(&path).await.expect(200)["state"], "closed");
    assert_eq!(convener.get(&other).await.expect(200)["state"], "submitted");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_sent_back_is_changed_and_submitted_again() {
    let city = City::start().await;
    let member = city.member().await;
    let plan = city.draft_plan().await;
    let path = path_of("plans", &plan);
    member.act(&format!("{path}/submit"), json!({})).await.expect(200);
    // when the convener sends it back, which its owner may not
    let why = json!({ "reason": "请补充必访对象" });
    member.act(&format!("{path}/send_back"), why.clone()).await.refused(403, "forbidden");
    let back = city.convener().await.act(&format!("{path}/send_back"), why).await.expect(200);
    // then it says why, and its owner goes on with it
    assert_eq!(
        (&back["state"], &back["send_back_reason"]),
        (&json!("sent_back"), &json!("请补充必访对象"))
    );
    let mine = member.get(&path).await.expect(200);
    assert_eq!(mine["allowed_actions"], json!(["update", "submit"]));
    let again = member.act(&format!("{path}/submit"), json!({})).await.expect(200);
    assert_eq!((&again["state"], &again["send_back_reason"]), (&json!("submitted"), &json!(null)));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_with_a_plan_is_named_at_once_each_by_its_code() {
    let city = City::start().await;
    let mut body = city.plan_of("member", city.member_id()).await;
    body["items"][0]["channel_code"] = json!("by_pigeon");
    body["items"][0]["planned_on"] = json!(city.month(1));
    body["items"][0]["contact_id"] = json!(city.founded.scheme);
    let refused = city.member().await.post("/v1/plans", body).await;
    let problem = refused.refused(422, "invalid");
    let faults = problem["errors"].as_array().unwrap();
    let said: Vec<_> = faults
        .iter()
        .map(|fault| {
            format!("{} {}", fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap())
        })
        .collect();
    let expected = [
        "/items/0/channel_code reference_not_found",
        "/items/0/planned_on outside_period",
        "/items/0/contact_id reference_not_found",
    ];
    assert_eq!(said, expected);
    // nor is there a scheme before the city's first one began, nor a member
    let mut body = city.plan_of("party_branch", city.member_id()).await;
    body["owner_kind"] = json!("member");
    body["period_start"] = json!("2022-03-01");
    let problem = city.member().await.post("/v1/plans", body).await.refused(422, "invalid");
    let codes: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["period_past", "before_term", "no_scheme"]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committee_never_approves_its_own_plan_and_the_liaison_centre_does() {
    let city = City::start().await;
    let committee = city.caller("committee").await;
    // given a committee's plan that its staff wrote and handed in
    let owner = city.founded.rows[0].committee_id.unwrap();
    let body = city.plan_of("committee", owner).await;
    let plan = city.liaison_centre().await.post("/v1/plans", body).await.expect(201);
    let path = path_of("plans", &plan);
    committee.act(&format!("{path}/submit"), json!({})).await.expect(200);
    // then neither the staff nor the account that wrote it down approve it
    for own in [&committee, &city.liaison_centre().await] {
        let refused =
            own.act(&format!("{path}/approve"), json!({})).await.refused(403, "forbidden");
        assert_eq!(refused["errors"][0]["code"], "decider_is_owner");
    }
    // and one that the staff drafted is for the liaison centre to decide
    let mut body = city.plan_of("committee", owner).await;
    body["period_start"] = json!(city.month(1));
    let plan = path_of("plans", &committee.post("/v1/plans", body).await.expect(201));
    committee.act(&format!("{plan}/submit"), json!({})).await.expect(200);
    committee.act(&format!("{plan}/approve"), json!({})).await.refused(403, "forbidden");
    let centre = city.liaison_centre().await;
    let approved = centre.act(&format!("{plan}/approve"), json!({})).await.expect(200);
    assert_eq!(approved["state"], "approved");
    city.ended().await;
}

/// What `path` says now, without what makes it that very object, from `from` on.
async fn successor(city: &City, path: &str, from: &str) -> serde_json::Value {
    let mut body = city.caller("admin").await.get(path).await.expect(200);
    let fields = body.as_object_mut().unwrap();
    for given in
        ["id", "version", "state", "until", "published_at", "created_at", "allowed_actions"]
    {
        fields.remove(given);
    }
    body["from"] = json!(from);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_and_a_rule_set_published_from_next_year_succeed_those_in_force() {
    let city = City::start().await;
    let admin = city.caller("admin").await;
    let from = format!("{}-01-01", chrono::Datelike::year(&city.today()) + 1);
    let known = [
        ("schemes", city.founded.scheme, "scheme"),
        ("rule-sets", city.founded.rule_set, "rule_set"),
    ];
    for (noun, old, kind) in known {
        let old = format!("/v1/{noun}/{old}");
        let made = admin.post(&format!("/v1/{noun}"), successor(&city, &old, &from).await).await;
        let next = path_of(noun, &made.expect(201));
        city.server.journal.drain().await.unwrap();
        let centre = city.liaison_centre().await;
        let before = centre.get("/v1/events?limit=1").await.expect(200)["as_of_position"].clone();
        // when the second version is published from next year
        let published = admin.act(&format!("{next}/publish"), json!({})).await.expect(200);
        assert_eq!((&published["state"], &published["from"]), (&json!("published"), &json!(from)));
        // then the first one ends where it begins, by an entry of its own
        let ended = admin.get(&old).await.expect(200);
        assert_eq!((&ended["until"], &ended["version"]), (&json!(from), &json!(3)));
        city.server.journal.drain().await.unwrap();
        let events = centre.get(&format!("/v1/events?after={before}")).await.expect(200);
        let kinds: Vec<_> =
            events["data"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds, [&format!("{kind}.ended"), &format!("{kind}.published")]);
        // and a third one on the same day is an overlap
        let made = admin.post(&format!("/v1/{noun}"), successor(&city, &old, &from).await).await;
        let third = path_of(noun, &made.expect(201));
        admin.act(&format!("{third}/publish"), json!({})).await.refused(409, "overlap");
    }
    city.ended().await;
}
