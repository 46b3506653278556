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

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_stays_where_they_stood_on_their_last_day() {
    let kept = Kept::start().await;
    let centre = &kept.centre;
    let before = centre.get(&kept.path).await.expect(200);
    // given a member who left yesterday, and another of the same sector who did not
    let end = json!({ "until": kept.day(0) });
    centre.act(&format!("{}/end", kept.path), end).await.expect(200);
    let stays = format!("/v1/members/{}", kept.city.convener_id());
    // when another committee is to guide the sector from today
    let mut committees = kept.city.founded.committees.iter();
    let other = committees.find(|id| json!(id) != before["committee_id"]).unwrap();
    let guide = json!({ "committee_id": other, "from": kept.day(0) });
    let guides = format!("/v1/sectors/{}/guidances", kept.sector(0));
    centre.act(&guides, guide).await.expect(200);
    // then it guides the one, and the other is where they were
    assert_eq!(centre.get(&stays).await.expect(200)["committee_id"], json!(other));
    let left = centre.get(&kept.path).await.expect(200);
    assert_eq!(left["committee_id"], before["committee_id"]);
    assert_eq!(left["sector_id"], before["sector_id"]);
    kept.city.ended().await;
}
