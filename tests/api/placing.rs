//! Where members stand today, as the days pass.

use serde_json::{Value, json};

use crate::support::kept::Kept;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_entered_into_a_sector_that_is_to_end_stands_in_it_no_longer_than_that() {
    let kept = Kept::start().await;
    let (city, centre) = (&kept.city, &kept.centre);
    // given a sector that ends in five days
    let body = city.new_organization("sector", "short");
    let short = centre.post("/v1/organizations", body).await.expect(201);
    let end = format!("{}/end", path_of("sectors", &short));
    centre.act(&end, json!({ "until": kept.day(5) })).await.expect(200);
    // when a member is entered into it
    let mut body = city.new_member("M901");
    body["sector_id"] = short["id"].clone();
    let member = centre.post("/v1/members", body).await.expect(201);
    assert_eq!((&member["sector_id"], &member["version"]), (&short["id"], &json!(1)));
    // then once it has ended they stand in none
    city.db_let_days_pass(5).await;
    city.server.journal.fire_all_due().await.unwrap();
    let now = centre.get(&path_of("members", &member)).await.expect(200);
    assert_eq!(now["sector_id"], Value::Null);
    kept.city.ended().await;
}
