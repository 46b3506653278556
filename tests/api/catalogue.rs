//! What a city configures, as everybody of the city reads it.

use crate::support::City;

#[tokio::test(flavor = "multi_thread")]
async fn divisions_codes_and_working_days_are_read_by_any_account() {
    let city = City::start().await;
    let member = city.member().await;
    let counties = member.get("/v1/divisions?parent_code=230400&limit=200").await.expect(200);
    assert_eq!(counties["data"].as_array().unwrap().len(), 8);
    assert_eq!(member.get("/v1/divisions/230403").await.expect(200)["name"], "工农区");
    member.get("/v1/divisions/999999").await.refused(404, "not_found");
    let days = member.get("/v1/workdays?year=2026").await.expect(200);
    assert_eq!(days["known"], true);
    assert_eq!(days["days"].as_array().unwrap().len(), 25);
    let codes = member.get("/v1/codes").await.expect(200);
    assert!(codes.to_string().contains("民生台账") || codes.to_string().contains("办理中"));
    let lists: Vec<_> = codes["data"].as_array().unwrap().iter().map(|one| &one["list"]).collect();
    for list in [
        "visit_form",
        "member_role",
        "contact_category",
        "plan_owner",
        "plan_period",
        "scheme_state",
        "fault",
    ] {
        assert!(lists.contains(&&serde_json::json!(list)), "no {list} in {lists:?}");
    }
    city.ended().await;
}
