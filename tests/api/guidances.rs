//! Who guides a sector, entered out of order and taken back.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::kept::Kept;
use crate::support::planned::path_of;

/// Who guides the first sector in `days` days, as the list of that day tells.
async fn guide_in(kept: &Kept, days: i64) -> Value {
    let list = format!("/v1/sectors?as_of={}&limit=200", kept.day(days));
    let list = kept.centre.get(&list).await.expect(200);
    let sector = json!(kept.sector(0));
    let row = list["data"].as_array().unwrap().iter().find(|row| row["id"] == sector);
    row.unwrap()["committee_id"].clone()
}

async fn guide(kept: &Kept, committee: &Value, days: i64) {
    let body = json!({ "committee_id": committee, "from": kept.day(days) });
    let path = format!("/v1/sectors/{}/guidances", kept.sector(0));
    kept.centre.act(&path, body).await.expect(200);
}

/// The link by which the first sector was guided by the committee.
async fn link_of(kept: &Kept, committee: &Value) -> String {
    let links = format!("/v1/organizations/{}/links", kept.sector(0));
    let told = kept.centre.get(&links).await.expect(200);
    let link = told["data"].as_array().unwrap().iter().find(|row| row["other_id"] == *committee);
    format!("{links}/{}", link.unwrap()["id"].as_str().unwrap())
}

async fn void(kept: &Kept, committee: &Value) {
    let void = format!("{}/void", link_of(kept, committee).await);
    kept.centre.act(&void, json!({ "reason": "wrong_entry" })).await.expect(200);
}

/// Who guides the first sector, and two who do not.
async fn three(kept: &Kept) -> [Value; 3] {
    let path = format!("/v1/sectors/{}", kept.sector(0));
    let before = kept.centre.get(&path).await.expect(200)["committee_id"].clone();
    let mut others = kept.city.founded.committees.iter().filter(|id: &&Uuid| json!(id) != before);
    let mut next = || json!(others.next().unwrap());
    [before.clone(), next(), next()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guidance_that_was_a_mistake_lets_the_one_that_it_ended_go_on() {
    let kept = Kept::start().await;
    let [before, other, _] = three(&kept).await;
    // given a sector that another committee guides from today, its members with it
    guide(&kept, &other, 0).await;
    assert_eq!(kept.centre.get(&kept.path).await.expect(200)["committee_id"], other);
    // when that was a mistake
    void(&kept, &other).await;
    // then who guided it before does so still, and the members stand there
    assert_eq!(guide_in(&kept, 0).await, before);
    assert_eq!(guide_in(&kept, 400).await, before);
    assert_eq!(kept.centre.get(&kept.path).await.expect(200)["committee_id"], before);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guidance_that_somebody_ended_stays_so_when_the_next_was_a_mistake() {
    let kept = Kept::start().await;
    let [before, other, _] = three(&kept).await;
    // given one that was ended by another, and then earlier on purpose
    guide(&kept, &other, 0).await;
    let end = format!("{}/end", link_of(&kept, &before).await);
    kept.centre.act(&end, json!({ "until": kept.day(-1) })).await.expect(200);
    // when the other was a mistake
    void(&kept, &other).await;
    // then nobody guides the sector
    assert_eq!(guide_in(&kept, 0).await, Value::Null);
    assert_eq!(kept.centre.get(&kept.path).await.expect(200)["committee_id"], Value::Null);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guidance_goes_on_no_longer_than_its_committee() {
    let kept = Kept::start().await;
    let [_, other, _] = three(&kept).await;
    // given a committee that guides a sector for a day, and ends a day later
    let body = kept.city.new_organization("committee", "brief");
    let brief = kept.centre.post("/v1/organizations", body).await.expect(201);
    guide(&kept, &brief["id"], 0).await;
    guide(&kept, &other, 1).await;
    let end = format!("{}/end", path_of("committees", &brief));
    kept.centre.act(&end, json!({ "until": kept.day(2) })).await.expect(200);
    // when who took over was a mistake
    void(&kept, &other).await;
    // then it goes on until it is there no longer, and then the members stand under none
    assert_eq!(guide_in(&kept, 1).await, brief["id"]);
    assert_eq!(guide_in(&kept, 2).await, Value::Null);
    kept.city.db_let_days_pass(2).await;
    kept.city.server.journal.fire_all_due().await.unwrap();
    assert_eq!(kept.centre.get(&kept.path).await.expect(200)["committee_id"], Value::Null);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guidance_that_is_entered_before_a_later_one_has_the_days_between() {
    let kept = Kept::start().await;
    let [before, other, third] = three(&kept).await;
    // given a change in three days, when another is entered for tomorrow
    guide(&kept, &other, 3).await;
    guide(&kept, &third, 1).await;
    // then each has its days
    for (days, who) in [(0, &before), (1, &third), (2, &third), (3, &other)] {
        assert_eq!(&guide_in(&kept, days).await, who, "in {days} days");
    }
    // and where the later one was a mistake, the one between goes on; where that was, the first
    void(&kept, &other).await;
    assert_eq!(guide_in(&kept, 3).await, third);
    void(&kept, &third).await;
    assert_eq!(guide_in(&kept, 3).await, before);
    kept.city.ended().await;
}
