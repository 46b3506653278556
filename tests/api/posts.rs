//! Posts: held by one at a time, vacant by the day, and a convener's grant that follows.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::support::planned::path_of;
use crate::support::{Caller, City};

fn in_days(city: &City, days: u64) -> NaiveDate {
    city.today() + Days::new(days)
}

fn post(organization: impl serde::Serialize, kind: &str, from: NaiveDate) -> Value {
    json!({ "organization_id": organization, "kind": kind, "title": "职务", "from": from })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_held_by_one_at_a_time_and_vacant_ones_are_listed() {
    let city = City::start().await;
    let (centre, committee) = (city.liaison_centre().await, city.founded.committees[0]);
    let [first, second] = [city.founded.members[0], city.founded.members[1]];
    let made =
        centre.post("/v1/posts", post(committee, "director", city.today())).await.expect(201);
    let path = path_of("posts", &made);
    let vacant = async |days| {
        let list = format!("/v1/posts?vacant=true&limit=200&as_of={}", in_days(&city, days));
        let list = centre.get(&list).await.expect(200);
        list["data"].as_array().unwrap().iter().any(|one| one["id"] == made["id"])
    };
    assert!(vacant(0).await);
    // when one holds it from the third day, and another from the sixth
    let holders = format!("{path}/holders");
    let hold = |member, days| json!({ "member_id": member, "from": in_days(&city, days) });
    let link = centre.post(&holders, hold(first, 2)).await.expect(201);
    centre.post(&holders, hold(second, 5)).await.refused(409, "overlap");
    let end = format!("{holders}/{}/end", link["id"].as_str().unwrap());
    centre.act(&end, json!({ "until": in_days(&city, 5) })).await.expect(200);
    centre.post(&holders, hold(second, 6)).await.expect(201);
    // then each day knows who does, and the days on which nobody does are listed
    for (days, who) in [(1, json!(null)), (4, json!(first)), (5, json!(null)), (6, json!(second))] {
        let day = in_days(&city, days);
        let seen = centre.get(&format!("{path}?as_of={day}")).await.expect(200);
        assert_eq!(seen["holder_id"], who, "{days}");
        assert_eq!(vacant(days).await, who.is_null(), "{days}");
        let held = centre.get(&format!("{holders}?as_of={day}")).await.expect(200);
        assert_eq!(held["data"].as_array().unwrap().is_empty(), who.is_null());
    }
    // and a post ends with who holds it
    centre.act(&format!("{path}/end"), json!({ "until": in_days(&city, 8) })).await.expect(200);
    let history = centre.get(&holders).await.expect(200);
    assert_eq!(history["data"][0]["until"], json!(in_days(&city, 8)));
    centre.post(&holders, hold(first, 8)).await.invalid(&[("/from", "has_left")]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_called_otherwise_and_stays_the_same_post() {
    let city = City::start().await;
    let (centre, committee) = (city.liaison_centre().await, city.founded.committees[0]);
    let made = centre.post("/v1/posts", post(committee, "director", city.today())).await;
    let (tag, mut expected) = (made.header("etag").to_owned(), made.expect(201));
    let path = path_of("posts", &expected);
    let hold = json!({ "member_id": city.founded.members[0], "from": city.today() });
    centre.post(&format!("{path}/holders"), hold).await.expect(201);
    // when its title changes, in the version it is in now
    let title = json!({ "title": "常务副主任" });
    centre.patch(&path, &tag, title.clone()).await.refused(412, "stale");
    let named = centre.patch(&path, "*", title.clone()).await.expect(200);
    // then nothing else does, not who holds it either
    (expected["title"], expected["version"]) = (title["title"].clone(), json!(3));
    (expected["holder_id"], expected["held_since"]) =
        (json!(city.founded.members[0]), json!(city.today()));
    assert_eq!(named, expected);
    // and what is another post is not this one
    for (field, value) in [("kind", "director"), ("from", "2026-01-01")] {
        let reply = centre.patch(&path, "*", json!({ field: value })).await;
        reply.invalid(&[(&format!("/{field}"), "unknown_field")]);
    }
    let none = centre.patch(&path, "*", json!({ "title": null })).await;
    none.invalid(&[("/title", "null_not_allowed")]);
    city.member().await.patch(&path, "*", title).await.refused(403, "forbidden");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_a_post_is_named_and_a_voided_one_is_gone() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let (committee, sector) = (city.founded.committees[0], city.founded.sectors[0]);
    let wrong = post(committee, "convener", today);
    centre.post("/v1/posts", wrong).await.invalid(&[("/kind", "post_kind")]);
    let early = post(committee, "director", "2020-01-01".parse().unwrap());
    centre.post("/v1/posts", early).await.invalid(&[("/from", "before_term")]);
    let list =
        centre.get(&format!("/v1/posts?organization_id={sector}&kind=convener")).await.expect(200);
    let convener = path_of("posts", &list["data"][0]);
    assert_eq!(list["data"][0]["holder_id"], json!(city.convener_id()));
    let nobody = json!({ "member_id": crate::support::chain::NOTHING, "from": today });
    let reply = centre.post(&format!("{convener}/holders"), nobody).await;
    reply.invalid(&[("/member_id", "reference_not_found")]);
    city.convener()
        .await
        .act(&format!("{convener}/void"), json!({ "reason": "wrong_entry" }))
        .await
        .refused(403, "forbidden");
    // when the post itself was a mistake, then nobody convenes the sector
    centre.act(&format!("{convener}/void"), json!({ "reason": "wrong_entry" })).await.expect(200);
    centre.get(&convener).await.refused(404, "not_found");
    let seen = centre.get(&format!("/v1/sectors/{sector}")).await.expect(200);
    assert_eq!(seen["convener_id"], json!(null));
    city.ended().await;
}

/// Whether the caller may convene `sector`; asked until it is as expected, for two seconds and some.
async fn convenes(caller: &Caller, sector: &Value, expected: bool) -> bool {
    for _ in 0..30 {
        let me = caller.get("/v1/me").await.expect(200);
        let is = |role: &Value| role["role"] == "convener" && role["place_id"] == *sector;
        let now = me["roles"].as_array().unwrap().iter().any(is);
        if now == expected {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    !expected
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conveners_grant_follows_the_post() {
    let city = City::start().await;
    let (centre, member) = (city.liaison_centre().await, city.member().await);
    let sector = json!(city.founded.sectors[1]);
    assert!(!convenes(&member, &sector, false).await);
    // given a member with an account, who came to hold the convener's post ten days ago
    let list = format!("/v1/posts?kind=convener&organization_id={}", sector.as_str().unwrap());
    let post = centre.get(&list).await.expect(200)["data"][0].clone();
    let holders = format!("{}/holders", path_of("posts", &post));
    let before = centre.get(&holders).await.expect(200)["data"][0]["id"].clone();
    let ended = json!({ "until": city.today() - Days::new(10) });
    centre.act(&format!("{holders}/{}/end", before.as_str().unwrap()), ended).await.expect(200);
    let hold = json!({ "member_id": city.member_id(), "from": city.today() - Days::new(10) });
    let held = centre.post(&holders, hold).await.expect(201);
    // then they may convene
    assert!(convenes(&member, &sector, true).await);
    // and who leaves the post today may so no longer
    let link = format!("{holders}/{}/end", held["id"].as_str().unwrap());
    centre.act(&link, json!({ "until": city.today() })).await.expect(200);
    assert!(!convenes(&member, &sector, false).await);
    // nor whose holding was a mistake
    let again = json!({ "member_id": city.member_id(), "from": city.today() });
    let held = centre.post(&holders, again).await.expect(201);
    assert!(convenes(&member, &sector, true).await);
    let void = format!("{holders}/{}/void", held["id"].as_str().unwrap());
    centre.act(&void, json!({ "reason": "wrong_entry" })).await.expect(200);
    assert!(!convenes(&member, &sector, false).await);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_countys_posts_are_kept_by_its_staff_and_unseen_in_another() {
    let city = City::start().await;
    let (county, other) = (city.caller("county").await, city.other_county_staff().await);
    let mut branch = city.new_organization("party_branch", "county_branch");
    branch["county_code"] = json!(city.county());
    let branch = county.post("/v1/organizations", branch).await.expect(201);
    let body = post(&branch["id"], "secretary", city.today());
    other
        .post("/v1/posts", body.clone())
        .await
        .invalid(&[("/organization_id", "reference_not_found")]);
    city.member().await.post("/v1/posts", body.clone()).await.refused(403, "forbidden");
    let made = county.post("/v1/posts", body).await.expect(201);
    let path = path_of("posts", &made);
    let hold = json!({ "member_id": city.member_id(), "from": city.today() });
    other.get(&path).await.refused(404, "not_found");
    other.get(&format!("{path}/holders")).await.refused(404, "not_found");
    other.post(&format!("{path}/holders"), hold.clone()).await.refused(404, "not_found");
    let listed = other.get("/v1/posts?kind=secretary").await.expect(200);
    assert_eq!(listed["data"], json!([]));
    county.post(&format!("{path}/holders"), hold).await.expect(201);
    assert_eq!(
        county.get("/v1/posts?kind=secretary").await.expect(200)["data"][0]["id"],
        made["id"]
    );
    city.ended().await;
}
