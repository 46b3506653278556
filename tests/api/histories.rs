//! What happened to one thing of the chain, read at the thing itself.

use serde_json::{Value, json};

use crate::support::planned::path_of;
use crate::support::{Caller, City};

/// The kinds of what happened to a thing, the oldest first.
async fn kinds(reader: &Caller, path: &str) -> Vec<String> {
    let told = reader.get(&format!("{path}/events?limit=200")).await.expect(200);
    let events = told["data"].as_array().unwrap();
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_the_chain_tells_what_happened_to_it_the_oldest_first() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    // given a thing of each noun that was entered and changed
    let organization = city.organization("party_group", "group_zero", None).await;
    let named = |code: &str| json!({ "code": code, "name": code, "position": 90, "from": today });
    let area = json!({ "name": "片区", "division_code": "230403", "holder_kind": "sector",
        "holder_id": city.founded.sectors[0], "from": today });
    let post = json!({ "organization_id": city.founded.committees[0], "kind": "director",
        "title": "主任", "from": today });
    let mut things = vec![("organizations", "organization", organization)];
    for (noun, object, body) in [
        ("committees", "organization", named("one")),
        ("sectors", "organization", named("two")),
        ("departments", "organization", named("three")),
        ("areas", "area", area),
        ("members", "member", city.new_member("M901")),
        ("contacts", "contact", city.new_contact("C901")),
        ("posts", "post", post),
    ] {
        let made = centre.post(&format!("/v1/{noun}"), body).await.expect(201);
        things.push((noun, object, made));
    }
    for (noun, object, thing) in &things {
        let path = path_of(noun, thing);
        let end = json!({ "until": today + chrono::Days::new(9) });
        centre.act(&format!("{path}/end"), end).await.expect(200);
        // then its history tells both, once each, and no other thing's
        let told = [format!("{object}.created"), format!("{object}.ended")];
        assert_eq!(kinds(&centre, &path).await, told, "{path}");
        let page = centre.get(&format!("{path}/events?limit=1&count=exact")).await.expect(200);
        assert_eq!((&page["total"], &page["data"][0]["kind"]), (&json!(2), &json!(told[0])));
        assert_eq!(page["data"][0]["object"]["version"], json!(1));
        let next = page["next"].as_str().unwrap();
        let page = centre.get(&format!("{path}/events?limit=1&cursor={next}")).await.expect(200);
        assert_eq!((&page["data"][0]["kind"], &page["next"]), (&json!(told[1]), &Value::Null));
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_there_for_whom_the_thing_is_there_and_names_nobody() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let member = format!("/v1/members/{}", city.member_id());
    let contact = format!("/v1/contacts/{}", city.contact_of_member().await);
    let private = json!({ "name": "钱七", "phone": "13812340009", "address": "育才街道 1 号" });
    // given that what is personal of both has changed
    for path in [&member, &contact] {
        centre.patch(path, "*", private.clone()).await.expect(200);
    }
    for path in [&member, &contact] {
        // then who sees them reads that it did, and not what it is
        for who in ["liaison", "member", "convener", "county"] {
            let told = city.caller(who).await.get(&format!("{path}/events")).await;
            let last = told.expect(200)["data"].as_array().unwrap().last().unwrap().clone();
            assert_eq!(last["data"]["phone"], json!("changed"), "{who}: {last}");
            let text = String::from_utf8_lossy(&told.bytes).into_owned();
            assert!(["钱七", "1234", "育才"].iter().all(|part| !text.contains(part)), "{text}");
        }
        // and nobody else anything
        for who in ["receiver", "committee2"] {
            let stranger = city.caller(who).await;
            stranger.get(&format!("{path}/events")).await.refused(404, "not_found");
        }
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_branch_or_a_person_says_is_not_for_all_who_know_that_it_is_there() {
    let city = City::start().await;
    let (centre, member) = (city.liaison_centre().await, city.member_id());
    let branch = city.organization("party_branch", "first", None).await;
    let branch = path_of("organizations", &branch);
    let join = json!({ "kind": "branch_member", "other_id": member, "from": city.today() });
    centre.post(&format!("{branch}/links"), join).await.expect(201);
    let person = city.person_of(member).await;
    let wechat = json!({ "kind": "wechat", "value": "wang_wei", "from": city.today() });
    centre.post(&format!("{person}/contact-points"), wechat).await.expect(201);
    // when those who see all of it and those who do not read what happened
    let last = async |who: &str, path: &str| {
        let told = city.caller(who).await.get(&format!("{path}/events")).await.expect(200);
        told["data"].as_array().unwrap().last().unwrap().clone()
    };
    for (who, path, whole) in [
        ("liaison", &branch, true),
        ("convener", &branch, false),
        ("receiver", &branch, false),
        ("liaison", &person, true),
        ("member", &person, true),
        ("convener", &person, false),
    ] {
        // then the others learn that something did, neither what nor by whom
        let event = last(who, path).await;
        assert_eq!(!event["data"].is_null(), whole, "{who} {path}: {event}");
        assert_eq!(!event["actor_id"].is_null(), whole, "{who} {path}: {event}");
    }
    // and the feed tells who is in a branch to those alone who may see it
    let joined = city.happened().await;
    let joined = joined.iter().find(|event| event["kind"] == "organization.linked").unwrap();
    let before = joined["position"].as_i64().unwrap() - 1;
    let told = async |who: &str| {
        let read = format!("/v1/events?after={before}&limit=1");
        let page = city.caller(who).await.get(&read).await.expect(200);
        page["data"][0]["data"]["other_id"] == json!(member)
    };
    assert!(told("liaison").await && !told("convener").await && !told("member").await);
    // and the history of somebody who was merged ends with that
    let other = city.enters("C902", json!({})).await;
    let into = json!({ "into": person.trim_start_matches("/v1/persons/") });
    centre.act(&format!("{}/merge", other.path), into).await.expect(200);
    assert_eq!(kinds(&centre, &other.path).await, ["person.merged"]);
    assert_eq!(kinds(&centre, &person).await, ["person.contact_point_added", "person.took_in"]);
    city.ended().await;
}
