//! Responsibility areas: who answers for which division, over time, and the table for everybody.

use chrono::{Days, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::City;
use crate::support::planned::path_of;

fn in_days(city: &City, days: u64) -> NaiveDate {
    city.today() + Days::new(days)
}

fn area(kind: &str, holder: impl serde::Serialize, division: &str, from: NaiveDate) -> Value {
    json!({ "name": "新责任区", "division_code": division, "holder_kind": kind, "holder_id": holder,
        "from": from })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sectors_areas_are_published_by_the_day_and_name_nobody() {
    let city = City::start().await;
    let (centre, anybody) = (city.liaison_centre().await, city.anybody());
    let sector = city.founded.sectors[1];
    // given an area from the fifth day on
    let body = area("sector", sector, &city.county(), in_days(&city, 4));
    let made = centre.post("/v1/areas", body.clone()).await.expect(201);
    centre.post("/v1/areas", body).await.refused(409, "overlap");
    let path = path_of("areas", &made);
    let published = async |days| {
        let table = format!("/public/v1/230400/areas?limit=200&as_of={}", in_days(&city, days));
        let table = anybody.get(&table).await.expect(200);
        let rows = table["data"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["id"] == made["id"])
    };
    // then everybody reads it from then on, in its fields and no more
    assert!(published(3).await.is_none());
    let row = published(4).await.expect("the area");
    let fields: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        ["division", "division_code", "from", "geometry", "id", "name", "sector", "until"]
    );
    let name = centre.get(&format!("/v1/sectors/{sector}")).await.expect(200)["name"].clone();
    assert_eq!((&row["sector"], &row["from"]), (&name, &json!(in_days(&city, 4))));
    // renamed it is read by its new name, ended until its end, voided not at all
    centre.patch(&path, "*", json!({ "name": "第一责任区" })).await.expect(200);
    assert_eq!(published(4).await.unwrap()["name"], "第一责任区");
    centre.act(&format!("{path}/end"), json!({ "until": in_days(&city, 6) })).await.expect(200);
    assert!(published(5).await.is_some() && published(6).await.is_none());
    centre.act(&format!("{path}/void"), json!({ "reason": "wrong_dates" })).await.expect(200);
    assert!(published(5).await.is_none());
    centre.get(&path).await.refused(404, "not_found");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_walked_in_pages_and_holds_sectors_areas_alone() {
    let city = City::start().await;
    let anybody = city.anybody();
    let (mut seen, mut path) = (0, "/public/v1/230400/areas?limit=5".to_owned());
    loop {
        let page = anybody.get(&path).await.expect(200);
        seen += page["data"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/public/v1/230400/areas?limit=5&cursor={next}");
    }
    // one a sector; members have theirs, which are not published
    assert_eq!(seen, city.founded.sectors.len());
    let county = city.county();
    let one = anybody.get(&format!("/public/v1/230400/areas?division_code={county}999")).await;
    assert_eq!(one.expect(200)["data"], json!([]));
    anybody.get("/public/v1/230500/areas").await.refused(404, "not_found");
    anybody.get("/public/v1/230400/areas?member_id=1").await.refused(400, "bad_query");
    anybody.get("/public/v1/230400/areas?as_of=2026-02-30").await.refused(400, "bad_query");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_the_table_too_often_is_told_to_wait() {
    let city = City::with(|config| config.rate_limit = 2).await;
    let anybody = city.anybody();
    for _ in 0..2 {
        let reply = anybody.get("/public/v1/230400/areas").await;
        reply.expect(200);
        assert!(!reply.header("ratelimit").is_empty());
    }
    let reply = anybody.get("/public/v1/230400/areas").await;
    reply.refused(429, "too_many_requests");
    assert!(!reply.header("retry-after").is_empty());
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_has_one_area_at_a_time_and_a_chair_member_several() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let (member, county) = (city.member_id(), city.county());
    let own = area("member", member, &county, today);
    centre.post("/v1/areas", own.clone()).await.refused(409, "overlap");
    let held = centre.get(&format!("/v1/areas?member_id={member}")).await.expect(200);
    let end = format!("{}/end", path_of("areas", &held["data"][0]));
    centre.act(&end, json!({ "until": today })).await.expect(200);
    centre.post("/v1/areas", own).await.expect(201);
    // only who sits in the chair meeting has a chair member's
    let of_chair = |division: &str| area("chair_member", member, division, today);
    let reply = centre.post("/v1/areas", of_chair(&county)).await;
    reply.invalid(&[("/holder_id", "not_of_chair_meeting")]);
    let meeting = city.organization("chair_meeting", "chair", None).await;
    let post = json!({ "organization_id": meeting["id"], "kind": "vice_chair", "title": "副主席", "from": today });
    let post = path_of("posts", &centre.post("/v1/posts", post).await.expect(201));
    let hold = json!({ "member_id": member, "from": today });
    centre.post(&format!("{post}/holders"), hold).await.expect(201);
    centre.post("/v1/areas", of_chair(&county)).await.expect(201);
    centre.post("/v1/areas", of_chair(&city.other_county())).await.expect(201);
    centre.post("/v1/areas", of_chair(&county)).await.refused(409, "overlap");
    // and no division of another city is anybody's
    let reply = centre.post("/v1/areas", of_chair("230503")).await;
    reply.invalid(&[("/division_code", "reference_not_found")]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_countys_staff_keep_the_areas_of_their_own_sectors() {
    let city = City::start().await;
    let (county, other) = (city.caller("county").await, city.other_county_staff().await);
    let sector = json!({ "code": "own", "name": "本县界别", "position": 1, "from": city.today(),
        "county_code": city.county() });
    let sector = county.post("/v1/sectors", sector).await.expect(201);
    let body = area("sector", &sector["id"], &city.county(), city.today());
    let unseen = other.post("/v1/areas", body.clone()).await;
    unseen.invalid(&[("/holder_id", "reference_not_found")]);
    let made = county.post("/v1/areas", body).await.expect(201);
    let name = json!({ "name": "改名" });
    county.patch(&path_of("areas", &made), "*", name.clone()).await.expect(200);
    other.patch(&path_of("areas", &made), "*", name.clone()).await.refused(403, "forbidden");
    // the city's sectors are not theirs, though the area lies in their county
    let citys = area("sector", city.founded.sectors[0], &city.county(), city.today());
    county.post("/v1/areas", citys).await.refused(403, "forbidden");
    let list = format!("/v1/areas?sector_id={}", city.founded.sectors[0]);
    let theirs = county.get(&list).await.expect(200)["data"][0].clone();
    county.patch(&path_of("areas", &theirs), "*", name).await.refused(403, "forbidden");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_chair_meeting_answers_no_more_for_what_its_members_do() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let member = city.member_id();
    let meeting = city.organization("chair_meeting", "chair", None).await;
    // given a member with two posts of the chair meeting, the second from the fifth day on
    let mut ends = Vec::new();
    for (kind, days) in [("vice_chair", 0), ("chair_member", 4)] {
        let post = json!({ "organization_id": meeting["id"], "kind": kind, "title": "职务", "from": today });
        let post = path_of("posts", &centre.post("/v1/posts", post).await.expect(201));
        let hold = json!({ "member_id": member, "from": in_days(&city, days) });
        let held = centre.post(&format!("{post}/holders"), hold).await.expect(201);
        ends.push(format!("{post}/holders/{}", held["id"].as_str().unwrap()));
    }
    // by which they answer for a committee and an area
    let committee = format!("/v1/organizations/{}", city.founded.committees[0]);
    let join = json!({ "kind": "chair_member", "other_id": member, "from": today });
    centre.post(&format!("{committee}/links"), join).await.expect(201);
    let own = area("chair_member", member, &city.other_county(), today);
    let own = path_of("areas", &centre.post("/v1/areas", own).await.expect(201));
    let ended = async || {
        let links = centre.get(&format!("{committee}/links?kind=chair_member")).await.expect(200);
        let area = centre.get(&own).await.expect(200)["until"].clone();
        assert_eq!(links["data"][0]["until"], area, "{links}");
        area
    };
    // then both go on when one post is left for the other, and end with that
    let left = json!({ "until": in_days(&city, 4) });
    centre.act(&format!("{}/end", ends[0]), left).await.expect(200);
    assert_eq!(ended().await, Value::Null);
    let before = centre.get(&committee).await.expect(200)["version"].as_i64();
    let left = json!({ "until": in_days(&city, 9) });
    centre.act(&format!("{}/end", ends[1]), left).await.expect(200);
    assert_eq!(ended().await, json!(in_days(&city, 9)));
    let now = centre.get(&committee).await.expect(200)["version"].as_i64();
    assert_eq!(now, before.map(|version| version + 1));
    // and where the second was a mistake, already with the first
    centre.act(&format!("{}/void", ends[1]), json!({ "reason": "wrong_entry" })).await.expect(200);
    assert_eq!(ended().await, json!(in_days(&city, 4)));
    city.ended().await;
}

/// A square of a hundredth of a degree, counterclockwise.
fn square(corner: [f64; 2]) -> Value {
    let [x, y] = corner;
    json!([[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_is_drawn_redrawn_and_wiped_and_everybody_reads_what_was_drawn() {
    let city = City::start().await;
    let (centre, anybody) = (city.liaison_centre().await, city.anybody());
    let mut body = area("sector", city.founded.sectors[1], &city.county(), city.today());
    // given an area with a hole, turned the wrong way, in more digits than anybody needs
    let told = json!([
        [130.273_456_789_012_34, 47.33],
        [130.283_456_749, 47.35],
        [130.31, 47.33],
        [130.273_456_789_012_34, 47.33]
    ]);
    let hole = json!([[130.281, 47.332], [130.282, 47.332], [130.282, 47.334], [130.281, 47.332]]);
    body["geometry"] = json!({ "type": "Polygon", "coordinates": [told, hole] });
    let outer = json!([
        [130.273_456_8, 47.33],
        [130.31, 47.33],
        [130.283_456_7, 47.35],
        [130.273_456_8, 47.33]
    ]);
    let hole = json!([[130.281, 47.332], [130.282, 47.334], [130.282, 47.332], [130.281, 47.332]]);
    let drawn = json!({ "type": "Polygon", "coordinates": [outer, hole] });
    let same = |read: &Value| assert_eq!(read, &drawn);
    let made = centre.post("/v1/areas", body).await.expect(201);
    same(&made["geometry"]);
    let path = path_of("areas", &made);
    same(&centre.get(&path).await.expect(200)["geometry"]);
    let listed = centre.get("/v1/areas?limit=200").await.expect(200);
    let of_list = |list: &Value| {
        let mut rows = list["data"].as_array().unwrap().iter();
        rows.find(|row| row["id"] == made["id"]).expect("the area")["geometry"].clone()
    };
    same(&of_list(&listed));
    let published =
        async || of_list(&anybody.get("/public/v1/230400/areas?limit=200").await.expect(200));
    same(&published().await);
    let csv = centre.send(Method::GET, "/v1/areas", &[("accept", "text/csv")], None).await;
    let csv = String::from_utf8(csv.bytes).unwrap();
    assert!(csv.contains("[130.2834567,47.35]"), "{csv}");
    // a new name leaves it, a new shape replaces it, null wipes it, and its history tells of each
    centre.patch(&path, "*", json!({ "name": "新名" })).await.expect(200);
    same(&published().await);
    let several = json!({ "type": "MultiPolygon",
        "coordinates": [[square([130.0, 47.0])], [square([130.02, 47.0])]] });
    let redrawn = centre.patch(&path, "*", json!({ "geometry": several })).await.expect(200);
    assert_eq!((&redrawn["geometry"], &redrawn["name"]), (&several, &json!("新名")));
    assert_eq!(published().await, several);
    let end = json!({ "until": in_days(&city, 6) });
    let ended = centre.act(&format!("{path}/end"), end).await.expect(200);
    assert_eq!(ended["geometry"], several);
    centre.patch(&path, "*", json!({ "geometry": null })).await.expect(200);
    assert_eq!(published().await, Value::Null);
    let history = centre.get(&format!("{path}/events")).await.expect(200);
    let told: Vec<Value> =
        history["data"].as_array().unwrap().iter().map(|e| e["data"]["geometry"].clone()).collect();
    same(&told[0]);
    assert_eq!(told[1..], [Value::Null, several, Value::Null, Value::Null], "{history}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_area_on_a_map_is_refused_where_it_is_wrong() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let body = area("sector", city.founded.sectors[1], &city.county(), city.today());
    let made = centre.post("/v1/areas", body.clone()).await.expect(201);
    let path = path_of("areas", &made);
    let refused = async |geometry: Value, faults: &[(&str, &str)]| {
        let mut body = body.clone();
        body["division_code"] = json!(city.other_county());
        body["geometry"] = geometry.clone();
        centre.post("/v1/areas", body).await.invalid(faults);
        centre.patch(&path, "*", json!({ "geometry": geometry })).await.invalid(faults);
    };
    let polygon = |rings: Value| json!({ "type": "Polygon", "coordinates": rings });
    let (one, two) = (square([130.0, 47.0]), square([130.005, 47.005]));
    // other kinds, other fields, and too little
    let point = json!({ "type": "Point", "coordinates": [130.0, 47.0] });
    refused(point, &[("/geometry/type", "not_allowed")]).await;
    refused(json!({ "type": "Polygon" }), &[("/geometry/coordinates", "required")]).await;
    refused(json!("POLYGON((130 47))"), &[("/geometry", "wrong_type")]).await;
    let mut named = polygon(json!([one]));
    named["crs"] = json!("GCJ-02");
    refused(named, &[("/geometry/crs", "unknown_field")]).await;
    refused(polygon(json!([])), &[("/geometry/coordinates", "too_short")]).await;
    let three = json!([[130.0, 47.0], [130.1, 47.0], [130.0, 47.0]]);
    refused(polygon(json!([three])), &[("/geometry/coordinates/0", "too_short")]).await;
    let mut text = one.clone();
    text[2][1] = json!("47.01");
    let wrong = json!({ "type": "MultiPolygon", "coordinates": [[text]] });
    refused(wrong, &[("/geometry/coordinates/0/0/2/1", "wrong_type")]).await;
    let mut high = one.clone();
    high[0] = json!([130.0, 47.0, 121.0]);
    refused(polygon(json!([high])), &[("/geometry/coordinates/0/0", "too_long")]).await;
    // the latitude first; a ring that is open, flat, or crosses itself; and rings that meet
    let mut swapped = one.clone();
    swapped[3] = json!([47.01, 130.0]);
    refused(polygon(json!([swapped])), &[("/geometry/coordinates/0/3", "position_elsewhere")])
        .await;
    let mut open = one.clone();
    open[4] = json!([130.0, 47.001]);
    refused(polygon(json!([open])), &[("/geometry/coordinates/0", "ring_open")]).await;
    let flat = json!([[130.0, 47.0], [130.1, 47.0], [130.2, 47.0], [130.0, 47.0]]);
    refused(polygon(json!([flat])), &[("/geometry/coordinates/0", "ring_flat")]).await;
    let mut crossing = one.clone();
    crossing.as_array_mut().unwrap().swap(1, 2);
    let several = json!({ "type": "MultiPolygon", "coordinates": [[two.clone()], [crossing]] });
    refused(several, &[("/geometry/coordinates/1/0", "ring_crosses_itself")]).await;
    let outside = square([130.1, 47.0]);
    refused(polygon(json!([one, outside])), &[("/geometry/coordinates/1", "hole_outside")]).await;
    let small =
        |x: f64| json!([[x, 47.002], [x + 0.004, 47.002], [x + 0.004, 47.004], [x, 47.002]]);
    let holes = polygon(json!([one, small(130.002), small(130.004)]));
    refused(holes, &[("/geometry/coordinates/2", "rings_meet")]).await;
    let several = json!({ "type": "MultiPolygon", "coordinates": [[one], [two]] });
    refused(several, &[("/geometry/coordinates/1", "polygons_meet")]).await;
    let circle = |n: u32| {
        let at = |k: u32| (std::f64::consts::TAU * f64::from(k % n) / f64::from(n)).sin_cos();
        let ring: Vec<Value> = (0..=n).map(at).map(|(x, y)| json!([130.0 + x, 47.0 + y])).collect();
        polygon(json!([ring]))
    };
    let mut much = circle(499);
    centre.patch(&path, "*", json!({ "geometry": much })).await.expect(200);
    much["coordinates"].as_array_mut().unwrap().push(small(130.0));
    refused(much, &[("/geometry/coordinates", "too_many_positions")]).await;
    // nothing of all that was written
    assert_eq!(centre.get(&path).await.expect(200)["version"], 2);
    city.ended().await;
}
