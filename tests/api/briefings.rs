//! What counterpart departments tell a committee's members: who records it, who sees it, what is
//! refused.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::planned::path_of;
use crate::support::{Caller, City};

const ACTIVITIES: &str = "/v1/activities";

async fn listed(caller: &Caller, query: &str) -> Vec<Value> {
    let list = caller.get(&format!("{ACTIVITIES}{query}")).await.expect(200);
    list["data"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_briefing_is_seen_by_its_committee_and_by_who_was_there() {
    let city = City::start().await;
    city.counterpart().await;
    // when the committee's staff record what the department told
    let committee = city.caller("committee").await;
    let made = committee.post(ACTIVITIES, city.new_briefing().await).await;
    let briefing = made.expect(201);
    let path = path_of("activities", &briefing);
    assert_eq!(made.header("location"), path);
    assert_eq!((&briefing["state"], &briefing["members"]), (&json!("recorded"), &json!(1)));
    assert_eq!(briefing["member_ids"], json!([city.member_id()]));
    // then who sees it in a list reads it, and nobody else does
    let all = [("committee", true), ("liaison", true), ("chair", true), ("member", true)];
    let none = [("committee2", false), ("member2", false), ("admin", false), ("head", false)];
    for (name, sees) in all.into_iter().chain(none) {
        let caller = city.caller(name).await;
        let list = caller.get(&format!("{ACTIVITIES}?count=exact")).await.expect(200);
        assert_eq!(list["total"], json!(i32::from(sees)), "{name}: {list}");
        assert_eq!(list["data"].as_array().unwrap().len(), usize::from(sees), "{name}");
        for read in [path.clone(), format!("{path}/events")] {
            let reply = caller.get(&read).await;
            if sees {
                reply.expect(200)
            } else {
                reply.refused(404, "not_found")
            };
        }
    }
    // nor in another city
    for (_, foreigner) in city.foreigners().await {
        foreigner.get(&path).await.refused(404, "not_found");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_counterpart_of_that_day_briefs() {
    let city = City::start().await;
    let link = city.counterpart().await;
    let (centre, mut body) = (city.liaison_centre().await, city.new_briefing().await);
    // the day before it was one, by a department that never was, and by one that is not there
    body["held_on"] = json!(city.today() - TimeDelta::days(31));
    let refused = centre.post(ACTIVITIES, body.clone()).await;
    refused.invalid(&[("/department_id", "not_counterpart")]);
    assert!(refused.json()["errors"][0]["detail"].as_str().unwrap().contains("on that day"));
    body["held_on"] = json!(city.today());
    for (department, code) in [
        (json!(city.department_id("receiver2").await), "not_counterpart"),
        (json!(Uuid::from_u128(7)), "reference_not_found"),
    ] {
        let other = json!({ "department_id": department, "member_ids": [] });
        let mut with = body.clone();
        with.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        centre.post(ACTIVITIES, with).await.invalid(&[("/department_id", code)]);
    }
    // and, once the link has ended, from its end on
    let end = format!("/v1/organizations/{}/links/{}/end", city.own_committee(), text(&link["id"]));
    centre.act(&end, json!({ "until": city.today() })).await.expect(200);
    centre.post(ACTIVITIES, body.clone()).await.invalid(&[("/department_id", "not_counterpart")]);
    body["held_on"] = json!(city.today() - TimeDelta::days(1));
    centre.post(ACTIVITIES, body).await.expect(201);
    city.ended().await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_briefing_has_been_held_and_names_members_of_that_day_once() {
    let city = City::start().await;
    city.counterpart().await;
    let (committee, centre) = (city.caller("committee").await, city.liaison_centre().await);
    let mut body = city.new_briefing().await;
    // given one who was there as no member yet
    let mut young = city.new_member("M900");
    young["from"] = json!(city.today() + TimeDelta::days(2));
    let young = centre.post("/v1/members", young).await.expect(201);
    // then all that is wrong is named at once
    let (own, elsewhere) = (city.member_id(), city.member_elsewhere());
    body["held_on"] = json!(city.today() + TimeDelta::days(1));
    body["member_ids"] = json!([own, Uuid::from_u128(7), own, young["id"], elsewhere]);
    let wrong = [
        ("/held_on", "in_future"),
        ("/member_ids/1", "reference_not_found"),
        ("/member_ids/2", "duplicate"),
        ("/member_ids/3", "before_term"),
    ];
    centre.post(ACTIVITIES, body.clone()).await.invalid(&wrong);
    // and whom the committee's staff do not see is not there for them
    body["held_on"] = json!(city.today());
    body["member_ids"] = json!([own, elsewhere]);
    let unseen = [("/member_ids/1", "reference_not_found")];
    committee.post(ACTIVITIES, body.clone()).await.invalid(&unseen);
    centre.post(ACTIVITIES, body).await.expect(201);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committee_records_its_own_briefings_alone() {
    let city = City::start().await;
    city.counterpart().await;
    let mut body = city.new_briefing().await;
    for name in ["committee2", "admin", "chair", "convener", "member", "head", "county", "auditor"]
    {
        city.caller(name).await.post(ACTIVITIES, body.clone()).await.refused(403, "forbidden");
    }
    body["committee_id"] = json!(Uuid::from_u128(7));
    let missing = [("/committee_id", "reference_not_found")];
    city.caller("committee").await.post(ACTIVITIES, body).await.invalid(&missing);
    assert!(listed(&city.liaison_centre().await, "").await.is_empty());
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_briefing_is_voided_once_and_with_a_reason() {
    let city = City::start().await;
    city.counterpart().await;
    let committee = city.caller("committee").await;
    let made = committee.post(ACTIVITIES, city.new_briefing().await).await.expect(201);
    let path = path_of("activities", &made);
    assert_eq!(made["allowed_actions"], json!(["void"]));
    let (void, why) = (format!("{path}/void"), json!({ "reason": "entered_twice" }));
    // who was there sees it and may not; who does not see it may not either; a word is needed
    assert_eq!(city.member().await.get(&path).await.expect(200)["allowed_actions"], json!([]));
    city.member().await.act(&void, why.clone()).await.refused(403, "forbidden");
    city.caller("committee2").await.act(&void, why.clone()).await.refused(404, "not_found");
    city.caller("admin").await.act(&void, why.clone()).await.refused(404, "not_found");
    committee.post(&void, why.clone()).await.refused(428, "precondition_required");
    committee.act(&void, json!({ "reason": "重复" })).await.invalid(&[("/reason", "not_allowed")]);
    // when its committee does, it stays, and is not voided again
    let voided = committee.act(&void, why.clone()).await.expect(200);
    assert_eq!((&voided["state"], &voided["version"]), (&json!("voided"), &json!(2)));
    assert_eq!(voided["void_reason"], "entered_twice");
    let again = city.liaison_centre().await.act(&void, why).await;
    assert_eq!(again.refused(409, "transition_not_allowed")["state"], "voided");
    assert_eq!(listed(&committee, "?state=voided").await.len(), 1);
    assert!(listed(&committee, "?state=recorded").await.is_empty());
    // and what happened says nothing that somebody typed
    let events = committee.get(&format!("{path}/events")).await.expect(200);
    let kinds = events["data"].as_array().unwrap().iter().map(|one| text(&one["kind"]));
    assert_eq!(kinds.collect::<Vec<_>>(), ["activity.recorded", "activity.voided"]);
    assert!(!events.to_string().contains("住房"), "{events}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_equal_request_with_the_same_key_records_once() {
    let city = City::start().await;
    city.counterpart().await;
    let (committee, body) = (city.caller("committee").await, city.new_briefing().await);
    let send = async |body: &Value| {
        let bytes = Some(body.to_string().into_bytes());
        committee.send(Method::POST, ACTIVITIES, &[("idempotency-key", "1")], bytes).await
    };
    let (first, again) = (send(&body).await, send(&body).await);
    assert_eq!(first.expect(201), again.expect(201));
    let mut other = body.clone();
    other["title"] = json!("另一件事");
    send(&other).await.refused(422, "idempotency_key_reused");
    assert_eq!(listed(&committee, "").await.len(), 1);
    // and one's own id is taken once
    other["id"] = first.json()["id"].clone();
    committee.post(ACTIVITIES, other).await.refused(409, "duplicate");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_tells_when_a_counterpart_briefed_last() {
    let city = City::start().await;
    city.counterpart().await;
    let (committee, mut body) = (city.caller("committee").await, city.new_briefing().await);
    for ago in [20, 10, 0] {
        body["held_on"] = json!(city.today() - TimeDelta::days(ago));
        committee.post(ACTIVITIES, body.clone()).await.expect(201);
    }
    let department = city.department_id("receiver").await;
    let pair = format!("?committee_id={}&department_id={department}", city.own_committee());
    let last = listed(&committee, &format!("{pair}&limit=1")).await;
    assert_eq!((last.len(), &last[0]["held_on"]), (1, &json!(city.today())));
    let (from, until) = (city.today() - TimeDelta::days(10), city.today());
    let within =
        listed(&committee, &format!("{pair}&kind=briefing&from={from}&until={until}")).await;
    assert_eq!((within.len(), &within[0]["held_on"]), (1, &json!(from)));
    let (own, other) = (city.member_id(), city.member_elsewhere());
    assert_eq!(listed(&committee, &format!("?member_id={own}")).await.len(), 3);
    assert!(listed(&committee, &format!("?member_id={other}")).await.is_empty());
    // and a member reads page after page, or all of theirs as a table
    let member = city.member().await;
    let first = member.get(&format!("{ACTIVITIES}?limit=2")).await.expect(200);
    let rest = listed(&member, &format!("?limit=2&cursor={}", text(&first["next"]))).await;
    assert_eq!((first["data"].as_array().unwrap().len(), rest.len()), (2, 1));
    let csv = member.send(Method::GET, ACTIVITIES, &[("accept", "text/csv")], None).await;
    csv.expect(200);
    let lines = String::from_utf8(csv.bytes).unwrap();
    assert_eq!(lines.lines().count(), 4, "{lines}");
    assert!(
        lines.starts_with("id,version,kind,title,committee_id,department_id,held_on"),
        "{lines}"
    );
    city.ended().await;
}
