//! Party members and whom they keep in touch with, as either of them comes and goes.

use serde_json::json;

use crate::support::City;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn no_party_link_outlives_who_leaves_while_it_is_made() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let tomorrow = today + chrono::Days::new(1);
    let branch = city.organization("party_branch", "first", None).await;
    let branch = format!("{}/links", path_of("organizations", &branch));
    let party = city.founded.members[2];
    let join = json!({ "kind": "branch_member", "other_id": party, "from": today });
    centre.post(&branch, join).await.expect(201);
    for outside in &city.founded.members[3..19] {
        // when a link to a member is made while their term ends
        let link = json!({ "member_id": outside, "from": today });
        let (leads, ends) =
            (format!("/v1/members/{party}/party-links"), format!("/v1/members/{outside}/end"));
        let (made, ended) = tokio::join!(
            centre.post(&leads, link),
            centre.act(&ends, json!({ "until": tomorrow })),
        );
        ended.expect(200);
        made.expect(201);
        // then no link goes on without them
        let links = centre.get(&format!("/v1/members/{outside}/party-links")).await.expect(200);
        for link in links["data"].as_array().unwrap() {
            assert_eq!(link["until"], json!(tomorrow), "{link}");
        }
    }
    city.ended().await;
}
