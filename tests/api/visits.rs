//! Who decides on a visit, when it may be recorded, and what follows from it.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::City;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn the_committee_confirms_where_the_convener_visited_or_recorded() {
    let city = City::start().await;
    let (convener, committee) = (city.convener().await, city.caller("committee").await);
    // given the convener's own visit, and one that the convener recorded for a member
    let own = city.plan_approved_by(city.convener_id(), &convener, &committee).await;
    let own = path_of("visits", &city.visit_by(&convener, &own).await);
    let plan = city.approved_plan().await;
    let recorded = path_of("visits", &city.visit_by(&convener, &plan).await);
    for path in [own, recorded] {
        // then the convener may only void it, and the staff of the sector's committee decide
        let confirm = format!("{path}/confirm");
        assert_eq!(convener.get(&path).await.expect(200)["allowed_actions"], json!(["void"]));
        convener.act(&confirm, json!({})).await.refused(403, "forbidden");
        city.caller("committee2").await.act(&confirm, json!({})).await.refused(404, "not_found");
        let seen = committee.get(&path).await.expect(200);
        assert_eq!(seen["allowed_actions"], json!(["confirm", "send_back"]));
        assert_eq!(committee.act(&confirm, json!({})).await.expect(200)["state"], "confirmed");
    }
    // while a member's own is the convener's to decide
    let path = path_of("visits", &city.visit(&plan).await);
    committee.act(&format!("{path}/confirm"), json!({})).await.refused(403, "forbidden");
    convener.act(&format!("{path}/confirm"), json!({})).await.expect(200);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_was_sent_back_is_recorded_anew() {
    let city = City::start().await;
    let (convener, plan) = (city.convener().await, city.approved_plan().await);
    let path = path_of("visits", &city.visit(&plan).await);
    // when the convener sends it back
    let why = json!({ "reason": "请补充走访对象" });
    let back = convener.act(&format!("{path}/send_back"), why).await.expect(200);
    assert_eq!((&back["state"], &back["reason"]), (&json!("sent_back"), &json!("请补充走访对象")));
    // then it is not confirmed any more, counts no more, and another takes its place
    let refused = convener.act(&format!("{path}/confirm"), json!({})).await;
    assert_eq!(refused.refused(409, "transition_not_allowed")["state"], "sent_back");
    let again = city.visit(&plan).await;
    let counting = city.member().await.get("/v1/visits?counts=true").await.expect(200);
    assert_eq!(counting["data"].as_array().unwrap().len(), 1);
    assert_eq!(counting["data"][0]["id"], again["id"]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn voiding_a_confirmed_visit_takes_its_points_back() {
    let city = City::start().await;
    let (member, convener) = (city.member().await, city.convener().await);
    let score = format!("/v1/members/{}/score", city.member_id());
    let path = path_of("visits", &city.visit(&city.approved_plan().await).await);
    convener.act(&format!("{path}/confirm"), json!({})).await.expect(200);
    city.server.journal.drain().await.unwrap();
    let before = member.get(&score).await.expect(200)["total"].clone();
    assert_ne!(before, "0.00");
    // when the record turns out to be a mistake
    let void = json!({ "reason": "重复登记" });
    convener.act(&format!("{path}/void"), void).await.expect(200);
    city.server.journal.drain().await.unwrap();
    // then the points are gone, and both entries are kept
    assert_eq!(member.get(&score).await.expect(200)["total"], "0.00");
    let entries = member.get("/v1/scores").await.expect(200);
    assert_eq!(entries["data"].as_array().unwrap().len(), 2, "{entries}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_has_ended_and_took_place_in_this_city() {
    let city = City::start().await;
    city.foreigners().await;
    let (member, plan) = (city.member().await, city.approved_plan().await);
    let mut body = city.visit_of(&plan);
    let soon = city.server.journal.clock.now() + TimeDelta::hours(1);
    body["ended_at"] = json!(soon.to_rfc3339());
    body["division_code"] = json!("230503");
    let problem = member.post("/v1/visits", body).await.refused(422, "invalid");
    let faults = problem["errors"].as_array().unwrap();
    let said: Vec<_> = faults.iter().map(|one| (&one["pointer"], &one["code"])).collect();
    let expected = [
        (&json!("/ended_at"), &json!("ends_in_future")),
        (&json!("/division_code"), &json!("reference_not_found")),
    ];
    assert_eq!(said, expected);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_leads_to_the_issues_that_were_raised_from_it() {
    let city = City::start().await;
    let visit = city.visit(&city.approved_plan().await).await;
    let issue = city.submitted_issue(Some(&visit)).await;
    city.submitted_issue(None).await;
    let member = city.member().await;
    let seen = member.get(&path_of("visits", &visit)).await.expect(200);
    let issues = member.get(seen["issues"].as_str().unwrap()).await.expect(200);
    assert_eq!((&issues["total"], &issues["data"][0]["id"]), (&json!(1), &issue["id"]));
    city.ended().await;
}
