//! What somebody else must take over: who moves leaves it, who ends leaves it, and who is to see it.

use std::collections::BTreeSet;

use chrono::Days;
use serde_json::json;

use crate::support::planned::path_of;
use crate::support::{Caller, City};

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_leaves_the_contacts_that_are_given_up_and_the_posts_of_the_old_sector() {
    let city = City::start().await;
    let (centre, sector) = (city.liaison_centre().await, city.founded.sectors[0]);
    // given the convener of a sector, who is to move and to give up a contact of theirs
    let found = centre.get(&format!("/v1/sectors/{sector}")).await.expect(200);
    let convener = found["convener_id"].as_str().unwrap();
    let contacts = centre.get(&format!("/v1/contacts?member_id={convener}")).await.expect(200);
    let contact = &contacts["data"][0]["id"];
    let item = json!({ "member_id": convener, "sector_id": city.founded.sectors[1],
        "contacts": { "end": [contact] } });
    let moves = city.change_in(5, json!([item]));
    let (_, approved) = city.approved(&city.caller("committee").await, moves).await;
    let open = async |path: &str| {
        let list = centre.get(&format!("{path}&limit=200")).await.expect(200);
        let rows = list["data"].as_array().unwrap().clone();
        let of = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).count();
        (of("post"), of("contact"))
    };
    let path = approved["open_work"].as_str().unwrap();
    assert_eq!(open(path).await, (1, 1));
    // then it stands so on the day too, and the post still when one asks for the member
    city.db_let_days_pass(5).await;
    city.server.journal.fire_all_due().await.unwrap();
    assert_eq!(open(path).await, (1, 1));
    let own = format!("/v1/open-work?member_id={convener}");
    assert_eq!(open(&own).await, (1, 0));
    // until they convene it no more, some days later
    city.db_let_days_pass(3).await;
    let posts = centre.get(&format!("/v1/posts?member_id={convener}")).await.expect(200);
    let holders = format!("{}/holders", path_of("posts", &posts["data"][0]));
    let held = centre.get(&holders).await.expect(200)["data"][0]["id"].clone();
    let end = format!("{holders}/{}/end", held.as_str().unwrap());
    centre.act(&end, json!({ "until": city.today() })).await.expect(200);
    assert_eq!(open(&own).await, (0, 0));
    assert_eq!(open(path).await, (0, 1));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_whom_nobody_keeps_is_for_the_committee_that_did_last_to_give_to_somebody() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let (staff, convener, other) =
        (city.caller("committee").await, city.convener().await, city.caller("committee2").await);
    let mut body = city.new_contact("C900");
    body["from"] = json!(today - Days::new(9));
    let contact = centre.post("/v1/contacts", body).await.expect(201);
    let path = path_of("contacts", &contact);
    let sees = async |who: &Caller| {
        let list = who.get("/v1/contacts?linked=false&limit=200").await.expect(200);
        let listed = list["data"].as_array().unwrap().iter().any(|row| row["id"] == contact["id"]);
        let read = who.get(&path).await.status.as_u16();
        assert_eq!(read, if listed { 200 } else { 404 });
        listed
    };
    assert!(!sees(&staff).await, "nobody has kept in touch with them yet");
    // given a member who kept in touch until today
    let links = format!("/v1/members/{}/contacts", city.member_id());
    let link = json!({ "contact_id": contact["id"], "from": today - Days::new(3), "until": today });
    centre.post(&links, link).await.expect(201);
    // then who guides and who convenes them still see the contact, others and the member do not
    let seen = [&staff, &convener, &other, &city.member().await];
    let mut found = Vec::new();
    for who in seen {
        found.push(sees(who).await);
    }
    assert_eq!(found, [true, true, false, false]);
    // and the committee reports who is to keep in touch from now on
    let item = json!({ "member_id": city.member_id(), "contacts": { "link": [contact["id"]] } });
    let report = city.change_in(0, json!([item]));
    other.post("/v1/adjustments", report.clone()).await.invalid(&[
        ("/items/0/contacts/link/0", "reference_not_found"),
        ("/items/0/member_id", "reference_not_found"),
    ]);
    city.approved(&staff, report).await;
    let own = city.member().await.get(&path).await.expect(200);
    assert_eq!(own["id"], contact["id"]);
    assert!(!sees(&other).await && centre.get(&path).await.status.as_u16() == 200);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_a_part_of_an_adjustment_learns_nothing_of_the_others_by_what_they_hold() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let other = json!(city.founded.members[15]);
    // given two who leave together, of whom the other has a seat, a committee and an area
    let meeting = city.organization("chair_meeting", "chair", None).await;
    let seat = json!({ "organization_id": meeting["id"], "kind": "vice_chair", "title": "副主席",
        "from": today });
    let seat = path_of("posts", &centre.post("/v1/posts", seat).await.expect(201));
    let hold = json!({ "member_id": other, "from": today });
    centre.post(&format!("{seat}/holders"), hold).await.expect(201);
    let committee = city.founded.committees[0];
    let answers = json!({ "kind": "chair_member", "other_id": other, "from": today });
    let links = format!("/v1/organizations/{committee}/links");
    centre.post(&links, answers).await.expect(201);
    let area = json!({ "name": "片区", "division_code": "230403", "holder_kind": "chair_member",
        "holder_id": other, "from": today });
    centre.post("/v1/areas", area).await.expect(201);
    let items = json!([{ "member_id": city.member_id(), "ends_term": true },
        { "member_id": other, "ends_term": true }]);
    let leave = city.change_in(5, items);
    let (path, _) = city.approved(&city.caller("committee").await, leave).await;
    let open = format!("/v1/open-work?adjustment_id={}&limit=200", &path[path.len() - 36..]);
    let kinds = async |who: &Caller| {
        let list = who.get(&open).await.expect(200);
        let rows = list["data"].as_array().unwrap().clone();
        let theirs = rows.iter().filter(|row| row["member_id"] == other);
        theirs.map(|row| row["kind"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    // then the centre reads all of it, and the one member nothing of the other
    let all = kinds(&centre).await;
    for kind in ["post", "committee", "area"] {
        assert!(all.contains(kind), "{kind}: {all:?}");
    }
    assert_eq!(kinds(&city.member().await).await, BTreeSet::new());
    city.ended().await;
}
