//! Persons apart from what they are: read, reached, identified, found, and likely the same.

use serde_json::{Value, json};

use crate::support::City;

/// All that is told of a person, as one text.
async fn told(city: &City, person: &str) -> String {
    let id = person.trim_start_matches("/v1/persons/");
    let all = city.happened().await;
    let own = all.iter().filter(|event| event["object"]["id"] == id);
    let text = own.map(Value::to_string).collect::<Vec<_>>().join("\n");
    assert!(text.contains("person."), "nothing is told of {person}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_seen_by_who_sees_what_they_are_and_whole_by_themselves_and_keepers() {
    // given the member's person
    let city = City::start().await;
    let path = city.person_of(city.member_id()).await;
    let add = json!({ "kind": "email", "value": "wei@hegang.cn", "from": "2026-01-01" });
    let centre = city.liaison_centre().await;
    centre.post(&format!("{path}/contact-points"), add).await.expect(201);
    let card = json!({ "scheme": "resident_id", "value": "11010519491231002x" });
    centre.post(&format!("{path}/identifiers"), card).await.expect(201);
    let phone = json!({ "phone": "13812340009", "address": "育才街道 1 号" });
    let member = format!("/v1/members/{}", city.member_id());
    centre.patch(&member, "*", phone).await.expect(200);
    // when each reads them
    for (who, whole) in [("liaison", true), ("admin", true), ("member", true), ("convener", false)]
    {
        let seen = city.caller(who).await.get(&path).await.expect(200);
        // then they have what they see, whole or masked
        assert_eq!(seen["member_ids"], json!([city.member_id()]), "{who}");
        assert_eq!((&seen["has_account"], &seen["merged_from"]), (&json!(true), &Value::Null));
        let read =
            [&seen["phone"], &seen["contact_points"][0]["value"], &seen["identifiers"][0]["value"]];
        let full = ["13812340009", "wei@hegang.cn", "11010519491231002X"];
        let cut = ["138****0009", "****cn", "****2X"];
        assert_eq!(json!(read), json!(if whole { full } else { cut }), "{who}");
        assert_eq!(seen["address"].is_null(), !whole, "{who}");
    }
    // and nobody else
    for who in ["member2", "receiver"] {
        city.caller(who).await.get(&path).await.refused(404, "not_found");
    }
    city.convener()
        .await
        .act(&format!("{path}/unmerge"), json!({}))
        .await
        .refused(403, "forbidden");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_point_is_typed_and_dated_ends_and_is_voided() {
    let city = City::start().await;
    let (centre, person) = (city.liaison_centre().await, city.enters("C901", json!({})).await);
    let points = format!("{}/contact-points", person.path);
    let point = json!({ "kind": "landline", "value": "0468-3351234", "from": "2026-01-01" });
    // given one, which makes a version
    let made = centre.post(&points, point.clone()).await;
    let (etag, made) = (made.header("etag").to_owned(), made.expect(201));
    assert!(etag.starts_with("\"2."), "{etag}");
    let at = format!("{points}/{}", made["id"].as_str().unwrap());
    // then the same is not there twice on one day
    let mut otherwise = point.clone();
    otherwise["value"] = json!("0468 335 1234");
    for same in [&point, &otherwise] {
        centre.post(&points, same.clone()).await.refused(409, "overlap");
    }
    let until = json!({ "until": "2026-03-01" });
    let ended = centre.act(&format!("{at}/end"), until.clone()).await.expect(200);
    assert_eq!((&ended["from"], &ended["until"]), (&json!("2026-01-01"), &json!("2026-03-01")));
    centre.act(&format!("{at}/end"), until).await.refused(409, "already_done");
    centre
        .act(&format!("{at}/end"), json!({ "until": "2026-04-01" }))
        .await
        .invalid(&[("/until", "ended_earlier")]);
    let mut again = point;
    again["from"] = json!("2026-03-01");
    centre.post(&points, again).await.expect(201);
    // when it turns out a mistake
    let void = json!({ "reason": "wrong_entry" });
    let voided = centre.act(&format!("{at}/void"), void.clone()).await.expect(200);
    assert!(voided["voided_at"].is_string());
    centre.act(&format!("{at}/void"), void).await.refused(409, "already_done");
    // then all of it is there, and what is no number or of no time is refused
    let seen = centre.get(&person.path).await.expect(200);
    assert_eq!(
        (seen["contact_points"].as_array().unwrap().len(), &seen["version"]),
        (2, &json!(5))
    );
    let wrong =
        json!({ "kind": "mobile", "value": "王", "from": "2026-01-01", "until": "2026-01-01" });
    centre
        .post(&points, wrong)
        .await
        .invalid(&[("/until", "until_not_after_from"), ("/value", "not_of_kind")]);
    assert!(!told(&city, &person.path).await.contains("3351234"), "a value in the journal");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_read_as_of_a_day_with_what_they_are_and_are_reached_by_on_it() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let day = |days: i64| today + chrono::TimeDelta::days(days);
    // given a member with a number until the fifth day, another from then on, and one by mistake
    let person = city.person_of(city.member_id()).await;
    let points = format!("{person}/contact-points");
    for (value, from, until) in [
        ("13904680001", day(0), Some(day(5))),
        ("13904680002", day(5), None),
        ("13904680003", day(0), None),
    ] {
        let point = json!({ "kind": "mobile", "value": value, "from": from, "until": until });
        let made = centre.post(&points, point).await.expect(201);
        if value.ends_with('3') {
            let void = format!("{points}/{}/void", made["id"].as_str().unwrap());
            centre.act(&void, json!({ "reason": "wrong_entry" })).await.expect(200);
        }
    }
    let read = async |query: String| {
        let seen = centre.get(&format!("{person}{query}")).await.expect(200);
        let points = seen["contact_points"].as_array().unwrap().iter();
        let points: Vec<_> = points.map(|one| one["value"].as_str().unwrap().to_owned()).collect();
        (points, seen["member_ids"].as_array().unwrap().len())
    };
    // then each day has its own, and no day has all
    let on = async |days| read(format!("?as_of={}", day(days))).await;
    assert_eq!(on(0).await, (vec!["13904680001".to_owned()], 1));
    assert_eq!(on(5).await, (vec!["13904680002".to_owned()], 1));
    assert_eq!(on(-40_000).await, (vec![], 0));
    assert_eq!(read(String::new()).await.0.len(), 3);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_belongs_to_one_person_until_it_is_voided() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let (one, other) = (city.enters("C901", json!({})).await, city.enters("C902", json!({})).await);
    let add = async |person: &str, scheme: &str, value: &str| {
        let body = json!({ "scheme": scheme, "value": value });
        centre.post(&format!("{person}/identifiers"), body).await
    };
    // given one
    let made = add(&one.path, "passport", "e12345678").await.expect(201);
    assert_eq!(made["value"], "E12345678");
    // then nobody else has it, and it may have one of another scheme
    let taken = add(&other.path, "passport", "E12345678").await;
    taken.refused(409, "duplicate");
    assert_eq!(taken.faults(), [("/value".into(), "identifier_taken".into())]);
    add(&other.path, "permit", "E12345678").await.expect(201);
    // an identity card is one a person, and has its check sign
    add(&one.path, "resident_id", "110105194912310021").await.invalid(&[("/value", "not_of_kind")]);
    add(&one.path, "resident_id", "11010519491231002X").await.expect(201);
    add(&one.path, "resident_id", "440524188001010014").await.refused(409, "duplicate");
    // when it is voided
    let void = format!("{}/identifiers/{}/void", one.path, made["id"].as_str().unwrap());
    centre.act(&void, json!({ "reason": "wrong_entry" })).await.expect(200);
    // then it is free
    add(&other.path, "passport", "E12345678").await.expect(201);
    centre.act(&void, json!({ "reason": "wrong_entry" })).await.refused(409, "already_done");
    assert!(!told(&city, &one.path).await.contains("E12345678"), "a value in the journal");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_found_by_identifier_or_phone_and_nothing_of_it_is_kept() {
    // given two of one number, one of them by a contact point, and one with an identifier
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let one = city.enters("C901", json!({ "phone": "+86 139-0468-7777" })).await;
    let other = city.enters("C902", json!({ "phone": "13904680001" })).await;
    let point = json!({ "kind": "mobile", "value": "139 0468 7777", "from": city.today() });
    centre.post(&format!("{}/contact-points", other.path), point).await.expect(201);
    let card = json!({ "scheme": "permit", "value": "H100" });
    centre.post(&format!("{}/identifiers", other.path), card).await.expect(201);
    let before = city.written(&centre).await;
    // when they are looked for
    let find = async |body: Value| {
        let found = centre.post("/v1/persons/find", body).await.expect(200);
        let ids = found["data"].as_array().unwrap().iter().map(|one| one["id"].clone());
        ids.collect::<Vec<_>>()
    };
    let both = find(json!({ "phone": "13904687777" })).await;
    // then they are found, whole, and it is as if nobody had asked
    assert_eq!(both, [one.id.clone(), other.id.clone()]);
    let sought = json!({ "identifier": { "scheme": "permit", "value": "h100" } });
    assert_eq!(find(sought).await, [other.id]);
    let signs = centre.post("/v1/persons/find", json!({ "phone": "-----" })).await;
    signs.invalid(&[("/phone", "wrong_format")]);
    let faults = [("", "find_by_one")];
    centre.post("/v1/persons/find", json!({})).await.invalid(&faults);
    assert_eq!(city.written(&centre).await, before);
    let asked = json!({ "phone": "13904687777" });
    city.convener().await.post("/v1/persons/find", asked).await.refused(403, "forbidden");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shares_a_number_or_name_and_unit_is_listed_beside_the_first() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given three of one number, two of one name and unit, and one who only has the name
    let first = city.enters("C901", json!({ "name": "甲", "phone": "13904680001" })).await;
    let second = city.enters("C902", json!({ "name": "乙", "phone": "+8613904680001" })).await;
    let third = city.enters("C903", json!({ "name": "乙", "phone": null })).await;
    let other = json!({ "name": "乙", "phone": "13904680003", "unit": "别处" });
    city.enters("C904", other).await;
    let point = json!({ "kind": "mobile", "value": "139 0468 0001", "from": city.today() });
    centre.post(&format!("{}/contact-points", third.path), point).await.expect(201);
    let listed = async |query: &str| {
        let list =
            centre.get(&format!("/v1/persons/duplicates?limit=200{query}")).await.expect(200);
        let rows = list["data"].as_array().unwrap().iter();
        let known = [&first.id, &second.id, &third.id];
        let rows = rows.filter(|row| known.contains(&&row["id"]));
        rows.map(|row| json!([row["id"], row["same_phone_as"], row["same_name_and_unit_as"]]))
            .collect::<Vec<_>>()
    };
    // then all but the first stand beside that one, newest first
    let both = [json!([third.id, first.id, second.id]), json!([second.id, first.id, null])];
    assert_eq!(listed("").await, both);
    assert_eq!(listed("&same=phone").await, both);
    assert_eq!(listed("&same=name_and_unit").await, both[..1]);
    // when they are merged, whose numbers go along
    centre.act(&format!("{}/merge", first.path), json!({ "into": second.id })).await.expect(200);
    // then only who is left is listed
    assert_eq!(listed("").await, [json!([third.id, second.id, second.id])]);
    let list = "/v1/persons/duplicates";
    city.convener().await.get(list).await.refused(403, "forbidden");
    city.ended().await;
}
