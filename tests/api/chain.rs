//! Who keeps the chain and how: members and contacts entered and changed, linked for some days, moved
//! between sectors.

use chrono::{NaiveDate, TimeDelta};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::chain::NOTHING;
use crate::support::planned::path_of;
use crate::support::{Caller, City};

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

/// A member, a contact and what links them, each as a keeper of the chain reads it.
async fn ends(keeper: &Caller, member: &str, contact: &str) -> [Value; 3] {
    let chain = format!("{member}/chain");
    [
        keeper.get(member).await.expect(200),
        keeper.get(contact).await.expect(200),
        keeper.get(&chain).await.expect(200),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_entered_and_changed_where_null_clears_and_what_is_left_out_stays() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let sector = format!("/v1/sectors/{}", city.founded.sectors[1]);
    let committee = centre.get(&sector).await.expect(200)["committee_id"].clone();
    // given a member whom the liaison centre has entered
    let made = centre.post("/v1/members", city.new_member("M901")).await;
    let member = made.expect(201);
    let path = path_of("members", &member);
    assert_eq!(made.header("location"), path);
    assert!(made.header("etag").starts_with("\"1."), "{}", made.header("etag"));
    assert_eq!((&member["version"], &member["committee_id"]), (&json!(1), &committee));
    assert_eq!(
        (&member["phone"], &member["county_code"]),
        (&json!("13800001234"), &json!("230403"))
    );
    // when the phone is changed and the unit cleared
    let change = json!({ "phone": "13900005678", "unit": null });
    let changed = centre.patch(&path, made.header("etag"), change.clone()).await;
    // then those two are new, and the version with them
    let after = changed.expect(200);
    assert!(changed.header("etag").starts_with("\"2."), "{}", changed.header("etag"));
    let mut expected = member;
    (expected["phone"], expected["unit"]) = (json!("13900005678"), json!(null));
    (expected["version"], expected["updated_at"]) = (json!(2), after["updated_at"].clone());
    assert_eq!(after, expected);
    // and nothing changes without a version, by an old one, or into what it cannot be
    let bare = Some(change.to_string().into_bytes());
    let bare = centre.send(Method::PATCH, &path, &[], bare).await;
    bare.refused(428, "precondition_required");
    centre.patch(&path, made.header("etag"), change).await.refused(412, "stale");
    let wrong = json!({ "name": null, "number": "M902" });
    let faults = [("/name", "null_not_allowed"), ("/number", "unknown_field")];
    centre.patch(&path, "*", wrong).await.invalid(&faults);
    assert_eq!(centre.get(&path).await.expect(200), after);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_entered_and_changed_and_its_county_follows_from_its_division() {
    let city = City::start().await;
    let admin = city.caller("admin").await;
    // given a contact whom the administrator has entered
    let made = admin.post("/v1/contacts", city.new_contact("C901")).await;
    let contact = made.expect(201);
    let path = path_of("contacts", &contact);
    assert_eq!(made.header("location"), path);
    assert_eq!((&contact["version"], &contact["county_code"]), (&json!(1), &json!("230403")));
    // when the division is changed and the address cleared
    let change = json!({ "division_code": "230402001", "address": null });
    let changed = admin.patch(&path, made.header("etag"), change.clone()).await;
    // then the county is the division's, and what was not named stays
    let after = changed.expect(200);
    assert!(changed.header("etag").starts_with("\"2."), "{}", changed.header("etag"));
    let mut expected = contact;
    (expected["division_code"], expected["county_code"]) = (json!("230402001"), json!("230402"));
    (expected["address"], expected["version"]) = (json!(null), json!(2));
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, expected);
    // and nothing changes without a version, by an old one, or into what it cannot be
    let bare = Some(change.to_string().into_bytes());
    let bare = admin.send(Method::PATCH, &path, &[], bare).await;
    bare.refused(428, "precondition_required");
    admin.patch(&path, made.header("etag"), change).await.refused(412, "stale");
    let faults = [("/category", "null_not_allowed")];
    admin.patch(&path, "*", json!({ "category": null })).await.invalid(&faults);
    let nowhere = json!({ "unit": "别处", "division_code": "999999" });
    let faults = [("/division_code", "reference_not_found")];
    admin.patch(&path, "*", nowhere).await.invalid(&faults);
    assert_eq!(admin.get(&path).await.expect(200), after);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_keep_the_chain_change_it() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let member = format!("/v1/members/{}", city.member_id());
    let contact = format!("/v1/contacts/{}", city.contact_of_member().await);
    let link = json!({ "contact_id": city.founded.contacts[19], "from": city.today() });
    let unit = json!({ "unit": "别处" });
    let (before, ends_before) =
        (city.written(&centre).await, ends(&centre, &member, &contact).await);
    // when others try who see the member and the contact, then they may not
    for name in ["member", "convener", "committee", "county", "chair", "supervisor", "auditor"] {
        let caller = city.caller(name).await;
        caller.patch(&member, "*", unit.clone()).await.refused(403, "forbidden");
        caller.patch(&contact, "*", unit.clone()).await.refused(403, "forbidden");
        let links = format!("{member}/contacts");
        caller.post(&links, link.clone()).await.refused(403, "forbidden");
        caller.post("/v1/members", city.new_member("M901")).await.refused(403, "forbidden");
        caller.post("/v1/contacts", city.new_contact("C901")).await.refused(403, "forbidden");
    }
    // and for who does not see them they are not there
    for name in ["member2", "head"] {
        let caller = city.caller(name).await;
        caller.patch(&member, "*", unit.clone()).await.refused(404, "not_found");
        caller.patch(&contact, "*", unit.clone()).await.refused(404, "not_found");
    }
    assert_eq!(city.written(&centre).await, before);
    assert_eq!(ends(&centre, &member, &contact).await, ends_before);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_taken_once_and_what_is_entered_refers_to_what_is_there() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let before = city.written(&centre).await;
    centre.post("/v1/members", city.new_member("M001")).await.refused(409, "duplicate");
    centre.post("/v1/contacts", city.new_contact("C001")).await.refused(409, "duplicate");
    let mut member = city.new_member("M901");
    (member["sector_id"], member["county_code"]) = (json!(NOTHING), json!("999999"));
    let missing = [("/county_code", "reference_not_found"), ("/sector_id", "reference_not_found")];
    centre.post("/v1/members", member).await.invalid(&missing);
    // A contact lies in a county: not nowhere, and not in the city at large.
    let mut contact = city.new_contact("C901");
    for (division, code) in [("999999", "reference_not_found"), ("230400", "not_meaningful")] {
        contact["division_code"] = json!(division);
        let reply = centre.post("/v1/contacts", contact.clone()).await;
        reply.invalid(&[("/division_code", code)]);
    }
    assert_eq!(city.written(&centre).await, before);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_are_linked_already_are_an_overlap_until_that_link_is_voided() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    // given a contact who is linked to the member from today on
    let contact = centre.post("/v1/contacts", city.new_contact("C901")).await.expect(201);
    let member = format!("/v1/members/{}", city.member_id());
    let (links, id) = (format!("{member}/contacts"), contact["id"].clone());
    let contact = path_of("contacts", &contact);
    let made = centre.post(&links, json!({ "contact_id": id, "from": today })).await;
    let link = made.expect(201);
    assert_eq!(made.header("location"), format!("{member}/chain"));
    let before = ends(&centre, &member, &contact).await;
    assert!(made.header("etag").starts_with(&format!("\"{}.", before[0]["version"])));
    let linked = before[2]["contacts"].as_array().unwrap();
    assert!(linked.contains(&link), "{link} in {linked:?}");
    // when some of the same days are linked again, then it is refused and nothing is written
    let (from, until) = (today + days(10), today + days(20));
    let again = json!({ "contact_id": id, "from": from, "until": until });
    centre.post(&links, again.clone()).await.refused(409, "overlap");
    assert_eq!(ends(&centre, &member, &contact).await, before);
    // when the first turns out to be a mistake, then its days are free
    let void = format!("{links}/{}/void", link["id"].as_str().unwrap());
    let why = json!({ "reason": "wrong_dates" });
    centre.post(&void, why.clone()).await.refused(428, "precondition_required");
    centre.act(&void, json!({ "reason": "wrong" })).await.invalid(&[("/reason", "not_allowed")]);
    let voided = centre.act(&void, why.clone()).await.expect(200);
    assert!(voided["voided_at"].is_string(), "{voided}");
    let [_, _, chain] = ends(&centre, &member, &contact).await;
    assert!(!chain["contacts"].to_string().contains(link["id"].as_str().unwrap()), "{chain}");
    let second = centre.post(&links, again).await.expect(201);
    assert_eq!((&second["from"], &second["until"]), (&json!(from), &json!(until)));
    centre.act(&void, why).await.refused(409, "already_done");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_ends_is_followed_by_another_from_that_day_on_and_no_earlier() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let contact = centre.post("/v1/contacts", city.new_contact("C901")).await.expect(201);
    let member = format!("/v1/members/{}", city.member_id());
    let (links, id) = (format!("{member}/contacts"), contact["id"].clone());
    let contact = path_of("contacts", &contact);
    let from = |first: NaiveDate| json!({ "contact_id": id, "from": first });
    let made = centre.post(&links, from(today)).await;
    let link = made.expect(201)["id"].as_str().unwrap().to_owned();
    // when the link ends in thirty days, by the version that its creation told
    let end = format!("{links}/{link}/end");
    let last = json!({ "until": today + days(30) });
    let tag = [("if-match", made.header("etag"))];
    let body = Some(last.to_string().into_bytes());
    let ended = centre.send(Method::POST, &end, &tag, body.clone()).await.expect(200);
    assert_eq!((&ended["until"], &ended["voided_at"]), (&last["until"], &json!(null)));
    centre.send(Method::POST, &end, &tag, body).await.refused(412, "stale");
    // then its last day is taken and the day after is free
    centre.post(&links, from(today + days(29))).await.refused(409, "overlap");
    centre.post(&links, from(today + days(30))).await.expect(201);
    // and the first does not end later any more, nor before it began, nor as another member's
    let before = ends(&centre, &member, &contact).await;
    let later = json!({ "until": today + days(31) });
    centre.act(&end, later.clone()).await.invalid(&[("/until", "ended_earlier")]);
    let empty = json!({ "until": today });
    centre.act(&end, empty).await.invalid(&[("/until", "until_not_after_from")]);
    let others = format!("/v1/members/{}/contacts/{link}/end", city.founded.members[1]);
    centre.act(&others, later).await.refused(404, "not_found");
    // and what a link refers to is there, its days in order
    let wrong = json!({ "contact_id": NOTHING, "from": today, "until": today });
    let faults = [("/contact_id", "reference_not_found"), ("/until", "until_not_after_from")];
    centre.post(&links, wrong).await.invalid(&faults);
    let nobody = format!("/v1/members/{NOTHING}/contacts");
    centre.post(&nobody, from(today)).await.refused(404, "not_found");
    assert_eq!(ends(&centre, &member, &contact).await, before);
    city.ended().await;
}

fn to(sector: Uuid, from: NaiveDate) -> Value {
    json!({ "sector_id": sector, "from": from })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_moves_to_another_sector_once_a_day() {
    let city = City::start().await;
    let (centre, convener) = (city.liaison_centre().await, city.convener().await);
    let (sectors, today) = (&city.founded.sectors, city.today());
    let member = format!("/v1/members/{}", city.member_id());
    let moves = format!("{member}/sectors");
    convener.act(&moves, to(sectors[1], today)).await.refused(403, "forbidden");
    centre.post(&moves, to(sectors[1], today)).await.refused(428, "precondition_required");
    // when the member moves today
    let moved = centre.act(&moves, to(sectors[1], today)).await.expect(200);
    // then the chain above is the new one, and the old sector's convener sees the member no more
    let chain = centre.get(&format!("{member}/chain")).await.expect(200);
    assert_eq!(
        (&moved["sector_id"], &chain["sector_id"]),
        (&json!(sectors[1]), &json!(sectors[1]))
    );
    assert_eq!(moved["committee_id"], chain["committee_id"]);
    assert_eq!(chain["convener_id"], json!(city.founded.members[1]));
    convener.get(&member).await.refused(404, "not_found");
    // and a second move on that day is refused, on to a third sector or back
    centre.act(&moves, to(sectors[2], today)).await.refused(409, "overlap");
    centre.act(&moves, to(sectors[0], today)).await.refused(409, "overlap");
    let same = centre.act(&moves, to(sectors[1], today)).await;
    same.invalid(&[("/sector_id", "same_sector")]);
    assert_eq!(centre.get(&member).await.expect(200), moved);
    assert_eq!(centre.get(&format!("{member}/chain")).await.expect(200), chain);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_goes_to_a_sector_that_is_there_within_the_members_term() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let member = format!("/v1/members/{}", city.member_id());
    let moves = format!("{member}/sectors");
    let before = centre.get(&member).await.expect(200);
    for nowhere in [NOTHING.parse().unwrap(), city.founded.committees[0]] {
        let reply = centre.act(&moves, to(nowhere, today + days(5))).await;
        reply.invalid(&[("/sector_id", "reference_not_found")]);
    }
    let early = to(city.founded.sectors[2], "2022-12-31".parse().unwrap());
    centre.act(&moves, early).await.invalid(&[("/from", "before_term")]);
    assert_eq!(centre.get(&member).await.expect(200), before);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_whole_for_keepers_and_those_it_concerns_and_masked_for_others() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given a member and a contact of theirs, each with phone and address
    let said = json!({ "phone": "13800001234", "address": "育才街道 1 号" });
    let member = format!("/v1/members/{}", city.member_id());
    let contact = format!("/v1/contacts/{}", city.contact_of_member().await);
    for path in [&member, &contact] {
        centre.patch(path, "*", said.clone()).await.expect(200);
    }
    // then keepers, the member and whom the contact is linked to read them
    for name in ["liaison", "admin", "member"] {
        let caller = city.caller(name).await;
        for path in [&member, &contact] {
            let seen = caller.get(path).await.expect(200);
            let shown = (&seen["phone"], &seen["address"]);
            assert_eq!(shown, (&said["phone"], &said["address"]), "{name} {path}");
        }
    }
    // and others who see them read the ends of the phone and no address, in lists too
    let mut others = vec![city.machine().await];
    for name in ["convener", "committee", "county", "chair", "auditor"] {
        others.push(city.caller(name).await);
    }
    for caller in others {
        for path in [&member, &contact] {
            let seen = caller.get(path).await.expect(200);
            let shown = (&seen["phone"], &seen["address"]);
            assert_eq!(shown, (&json!("138****1234"), &json!(null)), "{path}");
        }
        for list in ["/v1/members?limit=200", "/v1/contacts?limit=200"] {
            let seen = caller.get(list).await.expect(200).to_string();
            assert!(seen.contains("138****1234") && !seen.contains("13800001234"), "{seen}");
        }
    }
    // nor does the feed tell them to anybody
    city.server.journal.drain().await.unwrap();
    let last = centre.get("/v1/events?limit=1").await.expect(200)["as_of_position"].clone();
    let after = last.as_i64().unwrap() - 4;
    let told = centre.get(&format!("/v1/events?after={after}")).await.expect(200);
    assert_eq!(told["data"].as_array().unwrap().len(), 4, "{told}");
    let kinds = ["person", "member", "person", "contact"];
    for (event, kind) in told["data"].as_array().unwrap().iter().zip(kinds) {
        assert_eq!(event["kind"], format!("{kind}.updated"));
        assert_eq!(event["data"]["phone"], "changed", "{event}");
    }
    assert!(!told.to_string().contains("13800001234"), "{told}");
    city.ended().await;
}
