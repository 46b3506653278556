//! What the chain does not cover: each figure is the number of the rows that its query lists.

use serde_json::{Value, json};

use crate::support::{Caller, City};

/// The figures of a day, each held against the rows that its query lists.
async fn coverage(liaison: &Caller, day: &str) -> Value {
    counted(liaison, &format!("as_of={day}")).await
}

/// The same of a query.
async fn counted(liaison: &Caller, query: &str) -> Value {
    let found = liaison.get(&format!("/v1/chain/coverage?{query}")).await.expect(200);
    for figure in found["figures"].as_array().unwrap() {
        let rows = figure["rows"].as_str().unwrap();
        let list = liaison.get(&format!("{rows}&count=exact&limit=200")).await.expect(200);
        assert_eq!(list["total"], figure["value"], "{figure}");
        let listed = list["data"].as_array().unwrap().len();
        assert_eq!(json!(listed), json!(figure["value"].as_i64().unwrap().min(200)), "{figure}");
        assert!(figure["value"].as_i64() <= figure["of"].as_i64(), "{figure}");
    }
    found
}

/// How many are not covered, and of how many.
fn figure(found: &Value, code: &str) -> (i64, i64) {
    let all = found["figures"].as_array().unwrap();
    let one = all.iter().find(|one| one["code"] == code).unwrap_or(&Value::Null);
    (one["value"].as_i64().unwrap_or(0), one["of"].as_i64().unwrap_or(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_falls_short_follows_from_the_quota_and_the_links_of_the_day() {
    let city = City::start().await;
    let (liaison, today) = (city.liaison_centre().await, city.today().to_string());
    // given no quota, nobody falls short
    let none = liaison.get("/v1/chain/quota").await.expect(200);
    assert_eq!((&none["least"], &none["version"]), (&json!(0), &json!(0)));
    assert_eq!(figure(&coverage(&liaison, &today).await, "members_short").0, 0);
    // when each member is to have a thousand
    let quota = liaison.patch("/v1/chain/quota", "*", json!({ "least": 1000 })).await.expect(200);
    assert_eq!((&quota["least"], &quota["version"]), (&json!(1000), &json!(1)));
    // then all do
    let (short, of) = figure(&coverage(&liaison, &today).await, "members_short");
    assert!(short == of && of > 1, "{short} of {of}");
    // and with one each, who enters without any
    liaison.patch("/v1/chain/quota", "*", json!({ "least": 1 })).await.expect(200);
    let before = figure(&coverage(&liaison, &today).await, "members_short");
    let new = liaison.post("/v1/members", city.new_member("M900")).await.expect(201);
    let after = figure(&coverage(&liaison, &today).await, "members_short");
    assert_eq!(after, (before.0 + 1, before.1 + 1));
    let short = liaison.get("/v1/members?short_of_contacts=true&limit=1").await.expect(200);
    assert_eq!(short["data"][0]["id"], new["id"]);
    let enough = liaison.get("/v1/members?short_of_contacts=false&count=exact").await.expect(200);
    assert_eq!(enough["total"], json!(after.1 - after.0));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_counted_by_the_quota_that_was_in_force_on_it() {
    let city = City::start().await;
    let (liaison, today) = (city.liaison_centre().await, city.today());
    let day = |n: i64| (today + chrono::TimeDelta::days(n)).to_string();
    let set = async |least: i16, from: Option<String>| {
        let body = json!({ "least": least, "from": from });
        liaison.patch("/v1/chain/quota", "*", body).await.expect(200)
    };
    // given a quota from ten days ago, another from today, a third to come
    set(1000, Some(day(-10))).await;
    assert_eq!(set(1, None).await["from"], json!(day(0)));
    set(500, Some(day(5))).await;
    // then each day is counted by its own, and the rows are the same members
    for (n, least) in [(-11, 0), (-10, 1000), (-1, 1000), (0, 1), (4, 1), (5, 500)] {
        let found = liaison.get(&format!("/v1/chain/quota?as_of={}", day(n))).await.expect(200);
        assert_eq!((&found["least"], &found["version"]), (&json!(least), &json!(3)), "{n}");
        let found = coverage(&liaison, &day(n)).await;
        assert_eq!(found["least"], json!(least));
        let rows = format!("/v1/members?short_of_contacts=true&count=exact&as_of={}", day(n));
        let rows = liaison.get(&rows).await.expect(200);
        assert_eq!(rows["total"], json!(figure(&found, "members_short").0), "{n}");
    }
    // and what is set anew for the same day replaces it
    set(2, Some(day(5))).await;
    let found = liaison.get(&format!("/v1/chain/quota?as_of={}", day(6))).await.expect(200);
    assert_eq!((&found["least"], &found["from"]), (&json!(2), &json!(day(5))));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_and_a_contact_are_covered_on_the_days_somebody_keeps_in_touch() {
    let city = City::start().await;
    let (liaison, today) = (city.liaison_centre().await, city.today().to_string());
    let places = |found: &Value| {
        figure(found, "communities_uncovered").0 + figure(found, "villages_uncovered").0
    };
    let unlinked = "contacts_unlinked.village";
    let before = coverage(&liaison, &today).await;
    // given a contact in a village where nobody keeps in touch with anybody
    let village = liaison.get("/v1/chain/uncovered?kind=village&limit=1").await.expect(200);
    let body = json!({ "name": "王五", "number": "C900", "category": "village", "unit": "某村",
        "division_code": village["data"][0]["division_code"], "from": today });
    let contact = liaison.post("/v1/contacts", body).await.expect(201);
    let entered = coverage(&liaison, &today).await;
    assert_eq!(figure(&entered, unlinked).0, figure(&before, unlinked).0 + 1);
    assert_eq!(places(&entered), places(&before), "there, but with nobody");
    // when a member begins to today
    let links = format!("/v1/members/{}/contacts", city.member_id());
    let link = json!({ "contact_id": contact["id"], "from": today });
    liaison.act(&links, link).await.expect(201);
    // then both are covered from today on
    let linked = coverage(&liaison, &today).await;
    assert_eq!(figure(&linked, unlinked).0, figure(&before, unlinked).0);
    assert_eq!(places(&linked), places(&before) - 1);
    let yesterday = liaison.get("/v1/chain/coverage?as_of=2024-01-01").await.expect(200);
    assert!(places(&yesterday) > places(&linked), "and not before");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_adds_a_category_of_contacts_which_is_entered_listed_counted_and_imported() {
    let city = City::start().await;
    let (liaison, today) = (city.liaison_centre().await, city.today().to_string());
    let body = json!({ "name": "王五", "number": "C900", "category": "school", "unit": "某小学",
        "division_code": "230403001", "from": today });
    let unknown = liaison.post("/v1/contacts", body.clone()).await;
    unknown.invalid(&[("/category", "reference_not_found")]);
    // when the city adds the category
    let category =
        json!({ "code": "school", "label_zh": "学校负责人", "label_en": "head of a school" });
    let member = city.member().await.post("/v1/chain/categories", category.clone()).await;
    member.refused(403, "forbidden");
    liaison.post("/v1/chain/categories", category.clone()).await.expect(201);
    liaison.post("/v1/chain/categories", category).await.refused(409, "duplicate");
    let built_in = json!({ "code": "village", "label_zh": "村", "label_en": "village" });
    liaison.post("/v1/chain/categories", built_in).await.refused(409, "duplicate");
    // then contacts are of it, by hand and by file
    let contact = liaison.post("/v1/contacts", body).await.expect(201);
    let file = format!(
        "编号,姓名,类别,单位,区划,起始日期\nC901,赵六,学校负责人,某中学,230403001,{today}\n"
    );
    let import = liaison.import("contacts", "text/csv", file.as_bytes()).await;
    assert_eq!(import["created"], json!(1), "{import}");
    let list = liaison.get("/v1/contacts?category=school").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    assert_eq!(list["data"][1]["id"], contact["id"]);
    let counted = coverage(&liaison, &today).await;
    assert_eq!(figure(&counted, "contacts_unlinked.school"), (2, 2));
    let codes = liaison.get("/v1/codes?list=contact_category").await.expect(200);
    assert_eq!(codes["data"][1]["codes"][0]["code"], json!("school"), "{codes}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vacant_posts_are_counted_with_their_list() {
    let city = City::start().await;
    let (liaison, today) = (city.liaison_centre().await, city.today().to_string());
    let (before, of) = figure(&coverage(&liaison, &today).await, "posts_vacant");
    let body = json!({ "organization_id": city.founded.committees[0], "kind": "director",
        "title": "主任", "from": today });
    liaison.post("/v1/posts", body).await.expect(201);
    assert_eq!(figure(&coverage(&liaison, &today).await, "posts_vacant"), (before + 1, of + 1));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quota_is_set_by_who_keeps_the_chain_in_the_version_they_saw() {
    let city = City::start().await;
    let (liaison, member) = (city.liaison_centre().await, city.member().await);
    let body = json!({ "least": 3 });
    member.patch("/v1/chain/quota", "*", body.clone()).await.refused(403, "forbidden");
    member.get("/v1/chain/coverage").await.refused(403, "forbidden");
    let first = liaison.patch("/v1/chain/quota", "*", body.clone()).await;
    first.expect(200);
    let stale = liaison.patch("/v1/chain/quota", "\"0.0\"", body).await;
    stale.refused(412, "stale");
    let wrong = liaison.patch("/v1/chain/quota", "*", json!({ "least": -1 })).await;
    wrong.refused(422, "invalid");
    assert_eq!(wrong.pointers(), ["/least"]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_is_counted_by_its_own_rows_for_its_staff_and_the_citys() {
    let city = City::start().await;
    let (centre, county) = (city.liaison_centre().await, city.caller("county").await);
    centre.patch("/v1/chain/quota", "*", json!({ "least": 3 })).await.expect(200);
    let branch = json!({ "kind": "party_branch", "code": "own", "name": "own", "position": 1,
        "county_code": city.county(), "from": city.today() });
    let branch = county.post("/v1/organizations", branch).await.expect(201);
    let post = json!({ "organization_id": branch["id"], "kind": "secretary", "title": "书记",
        "from": city.today() });
    county.post("/v1/posts", post).await.expect(201);
    let mut elsewhere = city.new_member("M900");
    elsewhere["county_code"] = json!(city.other_county());
    centre.post("/v1/members", elsewhere).await.expect(201);
    // given the figures of a county as its staff read them, unasked or by its code
    let own = counted(&county, "").await;
    assert_eq!(own, counted(&county, &format!("county_code={}", city.county())).await);
    assert_eq!(own["county_code"], json!(city.county()));
    // then they are those that the city's staff read of it, and a part of the city's
    assert_eq!(own, counted(&centre, &format!("county_code={}", city.county())).await);
    let whole = counted(&centre, "").await;
    assert_eq!(whole["county_code"], Value::Null);
    for code in ["members_short", "communities_uncovered"] {
        let (part, all) = (figure(&own, code), figure(&whole, code));
        assert!(0 < part.1 && part.1 < all.1 && part.0 <= all.0, "{code}: {part:?} of {all:?}");
    }
    assert_eq!(figure(&own, "posts_vacant"), (1, 1));
    // another county's are not for them, nor any for who works for a committee
    let other = format!("/v1/chain/coverage?county_code={}", city.other_county());
    county.get(&other).await.refused(403, "forbidden");
    city.caller("committee").await.get("/v1/chain/coverage").await.refused(403, "forbidden");
    city.ended().await;
}
