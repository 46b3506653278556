//! A plan's life beside its approval.

use serde_json::json;

use crate::support::City;

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
