//! A reported change of job or status, from the report until it is in effect, or is not.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::City;
use crate::support::chain::NOTHING;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_goes_from_the_committee_to_the_centre_and_takes_effect_at_once() {
    let city = City::start().await;
    let (staff, centre) = (city.caller("committee").await, city.liaison_centre().await);
    let (member, old) = (city.member_id(), city.contact_of_member().await);
    let new = centre.post("/v1/contacts", city.new_contact("C901")).await.expect(201);
    let (second, link) =
        (json!(city.founded.sectors[1]), json!({ "contact_id": new["id"], "from": city.today() }));
    let other = format!("/v1/members/{}/contacts", city.founded.members[15]);
    centre.post(&other, link).await.expect(201);
    // given that the committee's staff report for a member, of a contact whom they see
    let item = json!({ "member_id": member, "sector_id": second,
        "contacts": { "end": [old], "link": [new["id"]] } });
    let report = city.change_in(0, json!([item]));
    let reported = staff.post("/v1/adjustments", report).await.expect(201);
    let path = path_of("adjustments", &reported);
    assert_eq!(reported["state"], json!("reported"));
    assert_eq!(reported["items"][0]["result"]["outcome"], json!("waiting"));
    assert_eq!(reported["allowed_actions"], json!(["check", "withdraw"]));
    // when they check it and the centre approves it
    staff.act(&format!("{path}/check"), json!({})).await.expect(200);
    let applied = centre.act(&format!("{path}/approve"), json!({})).await.expect(200);
    // then it is in effect: the sector, the contacts, and the member's version say so
    assert_eq!((&applied["state"], &applied["allowed_actions"]), (&json!("applied"), &json!([])));
    let now = centre.get(&format!("/v1/members/{member}")).await.expect(200);
    assert_eq!(now["sector_id"], second);
    let result = json!({ "outcome": "applied", "code": null, "member_version": now["version"] });
    assert_eq!(applied["items"][0]["result"], result);
    let links = format!("/v1/members/{member}/links?kind=contact&as_of={}", city.today());
    let links = centre.get(&links).await.expect(200)["data"].clone();
    let contacts: Vec<_> =
        links.as_array().unwrap().iter().map(|link| link["other_id"].clone()).collect();
    assert!(contacts.contains(&new["id"]) && !contacts.contains(&json!(old)), "{contacts:?}");
    // and its history names who acted for whom, and nothing that was typed
    let events = centre.get(&format!("{path}/events")).await.expect(200);
    let kinds = events["data"].as_array().unwrap().iter().map(|event| &event["kind"]);
    let steps = ["reported", "checked", "approved", "applied"];
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        steps.map(|step| json!(format!("adjustment.{step}"))).iter().collect::<Vec<_>>()
    );
    assert_eq!(events["data"][0]["on_behalf_of"], json!(member));
    assert!(!events.to_string().contains("教育局"), "{events}");
    assert_eq!(centre.get(&path).await.expect(200)["note"], json!("调往市教育局工作"));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ninety_members_change_in_one_decision() {
    let city = City::start().await;
    let (staff, centre) = (city.caller("committee").await, city.liaison_centre().await);
    let (ids, old) = city.more_members(90).await;
    let (second, new) = (json!(city.founded.sectors[1]), json!(city.founded.contacts[1]));
    // given 90 members whose contacts change, 28 of whom move too
    let items: Vec<Value> = (0..)
        .zip(&ids)
        .map(|(n, id)| {
            let contacts = json!({ "end": [old], "link": [new] });
            let sector = if n < 28 { second.clone() } else { Value::Null };
            json!({ "member_id": id, "sector_id": sector, "contacts": contacts })
        })
        .collect();
    let path = city.reported(&staff, city.change_in(0, json!(items))).await;
    staff.act(&format!("{path}/check"), json!({})).await.expect(200);
    // when it is approved
    let began = Instant::now();
    let applied = centre.act(&format!("{path}/approve"), json!({})).await.expect(200);
    // then all of it is in effect, soon (a debug build on a busy machine is given some time)
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert_eq!((&applied["state"], &applied["members"]), (&json!("applied"), &json!(90)));
    let items = applied["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["result"]["outcome"] == "applied"));
    for (n, id) in ids.iter().enumerate().step_by(27) {
        let chain = format!("/v1/members/{}/chain", id.as_str().unwrap());
        let chain = centre.get(&chain).await.expect(200);
        assert_eq!(chain["sector_id"] == second, n < 28, "{n}");
        assert_eq!(chain["contacts"].as_array().unwrap().len(), 1);
        assert_eq!(chain["contacts"][0]["contact_id"], new, "{chain}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_half_of_which_is_wrong_everything_is_named_and_nothing_stored() {
    let city = City::start().await;
    let (centre, member) = (city.liaison_centre().await, json!(city.member_id()));
    let (row, elsewhere) =
        (|n: usize| json!(city.founded.members[n]), json!(city.founded.members[2]));
    // given a member of the first sector who has left
    let left = format!("/v1/members/{}/end", city.founded.members[0]);
    centre.act(&left, json!({ "until": city.today() })).await.expect(200);
    let before = city.written(&centre).await;
    // when half of what is reported is wrong
    let items = json!([
        { "member_id": row(1), "sector_id": city.founded.sectors[0] },
        { "member_id": NOTHING, "sector_id": city.founded.sectors[1] },
        { "member_id": row(0), "ends_term": true },
        { "member_id": elsewhere, "ends_term": true },
        { "member_id": row(15), "sector_id": city.founded.sectors[1] },
        { "member_id": member, "contacts": { "end": [NOTHING], "link": [city.founded.sectors[0]] } },
        { "member_id": member, "ends_term": true },
        { "member_id": city.convener_id() },
    ]);
    let wrong = centre.post("/v1/adjustments", city.change_in(0, items)).await;
    // then each fault stands at its item
    wrong.invalid(&[
        ("/items/1/member_id", "reference_not_found"),
        ("/items/2/member_id", "has_left"),
        ("/items/3/member_id", "other_committee"),
        ("/items/4/sector_id", "same_sector"),
        ("/items/5/contacts/end/0", "not_linked"),
        ("/items/5/contacts/link/0", "reference_not_found"),
        ("/items/6/member_id", "duplicate"),
        ("/items/7/member_id", "duplicate"),
    ]);
    // and nothing is stored
    assert_eq!(city.written(&centre).await, before);
    assert_eq!(centre.get("/v1/adjustments").await.expect(200)["data"], json!([]));
    let empty = centre.post("/v1/adjustments", city.change_in(0, json!([]))).await;
    empty.invalid(&[("/items", "too_short")]);
    let none = city.change_in(0, json!([{ "member_id": member }]));
    centre.post("/v1/adjustments", none).await.invalid(&[("/items/0", "no_change")]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_withdrawn_or_undone_changes_nothing() {
    let city = City::start().await;
    let (staff, centre, member) =
        (city.caller("committee").await, city.liaison_centre().await, city.member().await);
    let body = city.member_moves().await;
    let own = format!("/v1/members/{}", city.member_id());
    let before = centre.get(&own).await.expect(200);
    // when one is refused, one withdrawn by the member, and one undone before its day
    let refused = city.reported(&member, body.clone()).await;
    staff.act(&format!("{refused}/check"), json!({})).await.expect(200);
    let why = json!({ "reason": "请与原界别协商后再报" });
    let answer = centre.act(&format!("{refused}/refuse"), why.clone()).await.expect(200);
    assert_eq!((&answer["state"], &answer["refusal"]), (&json!("refused"), &why["reason"]));
    let withdrawn = city.reported(&member, body.clone()).await;
    staff.act(&format!("{withdrawn}/withdraw"), json!({})).await.refused(403, "forbidden");
    let answer = member.act(&format!("{withdrawn}/withdraw"), json!({})).await.expect(200);
    assert_eq!(answer["state"], json!("withdrawn"));
    let (undone, approved) = city.approved(&member, body).await;
    assert_eq!(
        (&approved["state"], &approved["allowed_actions"]),
        (&json!("approved"), &json!(["undo"]))
    );
    let answer = centre.act(&format!("{undone}/undo"), json!({})).await.expect(200);
    assert_eq!(answer["state"], json!("undone"));
    // then the member stays where they are, on the day too
    city.db_let_days_pass(30).await;
    city.server.journal.fire_all_due().await.unwrap();
    assert_eq!(centre.get(&own).await.expect(200)["version"], before["version"]);
    for (path, state) in [(&refused, "refused"), (&withdrawn, "withdrawn"), (&undone, "undone")] {
        assert_eq!(centre.get(path).await.expect(200)["state"], json!(state));
        let again = centre.act(&format!("{path}/undo"), json!({})).await;
        let again = again.refused(409, "transition_not_allowed");
        assert_eq!((&again["state"], &again["allowed_actions"]), (&json!(state), &json!([])));
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_come_takes_effect_on_its_day_and_lists_who_must_be_re_homed() {
    let city = City::start().await;
    let (centre, member) = (city.liaison_centre().await, json!(city.member_id()));
    let plan = city.approved_plan().await;
    let issue = city.submitted_issue(None).await;
    let held = centre.get(&format!("/v1/members/{}/chain", city.member_id())).await.expect(200);
    let held = held["contacts"].as_array().unwrap().len();
    // given a member who is to leave in five days, and who answers for an area and holds a post
    let post = city.held_post("secretary", &member).await;
    let leaves = city.change_in(5, json!([{ "member_id": member, "ends_term": true }]));
    let (path, approved) = city.approved(&city.convener().await, leaves).await;
    let open = approved["open_work"].as_str().unwrap().to_owned();
    let kinds = async || {
        let list = centre.get(&format!("{open}&count=exact&limit=200")).await.expect(200);
        let rows = list["data"].as_array().unwrap().clone();
        assert_eq!(list["total"], json!(rows.len()));
        assert!(rows.iter().all(|row| row["member_id"] == member), "{list}");
        let ids: Vec<_> = rows.iter().map(|row| row["id"].clone()).collect();
        assert!(ids.contains(&plan["id"]) && ids.contains(&issue["id"]), "{list}");
        rows.iter().filter(|row| row["kind"] == "contact").count()
    };
    let posts = async || {
        let list = centre.get(&format!("{open}&limit=200")).await.expect(200);
        let rows = list["data"].as_array().unwrap().clone();
        let areas = rows.iter().filter(|row| row["kind"] == "area");
        assert_eq!(areas.count(), 1, "{list}");
        let posts = rows.iter().filter(|row| row["kind"] == "post");
        json!(posts.map(|row| json!([row["id"], row["others"]])).collect::<Vec<_>>())
    };
    assert_eq!(kinds().await, held);
    assert_eq!(posts().await, json!([[post["id"], 0]]));
    // when the day has come
    let own = format!("/v1/members/{}", city.member_id());
    assert_eq!(centre.get(&own).await.expect(200)["until"], Value::Null);
    city.db_let_days_pass(5).await;
    city.server.journal.fire_all_due().await.unwrap();
    // then they have left, and what they held is still listed
    assert_eq!(centre.get(&path).await.expect(200)["state"], json!("applied"));
    assert_eq!(centre.get(&own).await.expect(200)["until"], json!(city.today()));
    assert_eq!(kinds().await, held);
    let mine = format!("/v1/open-work?member_id={}", city.member_id());
    assert_eq!(centre.get(&mine).await.expect(200)["data"].as_array().unwrap().len(), 4 + held);
    // page by page too, and only for who sees the member
    let first = centre.get(&format!("{mine}&limit=1")).await.expect(200);
    let next = first["next"].as_str().unwrap();
    let second = centre.get(&format!("{mine}&limit=1&cursor={next}")).await.expect(200);
    assert_ne!(first["data"][0]["id"], second["data"][0]["id"]);
    city.caller("committee2").await.get(&open).await.refused(404, "not_found");
    centre.get("/v1/open-work").await.refused(400, "bad_query");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_on_its_day_fails_as_a_whole_and_the_centre_is_told() {
    let city = City::start().await;
    let (staff, centre) = (city.caller("committee").await, city.liaison_centre().await);
    let other = city.founded.members[15];
    let items = json!([
        { "member_id": city.member_id(), "sector_id": city.founded.sectors[1] },
        { "member_id": other, "sector_id": city.founded.sectors[0] },
    ]);
    // given an approved change of two, one of whom leaves before its day
    let (path, _) = city.approved(&staff, city.change_in(5, items.clone())).await;
    let today = json!({ "until": city.today() });
    centre.act(&format!("/v1/members/{other}/end"), today).await.expect(200);
    // when the day has come
    city.db_let_days_pass(5).await;
    city.server.journal.fire_all_due().await.unwrap();
    // then nothing of it is in effect, it says why, and the centre knows
    let failed = centre.get(&path).await.expect(200);
    assert_eq!((&failed["state"], &failed["failure_code"]), (&json!("failed"), &json!("has_left")));
    let results = failed["items"].as_array().unwrap().iter().map(|item| &item["result"]["outcome"]);
    assert_eq!(results.collect::<Vec<_>>(), ["waiting", "failed"]);
    let own = centre.get(&format!("/v1/members/{}", city.member_id())).await.expect(200);
    assert_eq!(own["sector_id"], json!(city.founded.sectors[0]));
    let notice = centre.get("/v1/me/notices").await.expect(200)["data"][0].clone();
    assert_eq!(notice["code"], json!("adjustment_failed"));
    assert_eq!(notice["object"], json!({ "kind": "adjustment", "id": failed["id"] }));
    // and what does not fit when it is decided is not approved
    let later = city.change_in(5, json!([items[0]]));
    let path = city.reported(&staff, later).await;
    staff.act(&format!("{path}/check"), json!({})).await.expect(200);
    let end = format!("/v1/members/{}/end", city.member_id());
    centre.act(&end, json!({ "until": city.today() })).await.expect(200);
    let stale = centre.act(&format!("{path}/approve"), json!({})).await;
    stale.refused(409, "transition_not_allowed");
    assert_eq!(stale.faults(), [("/items/0/member_id".to_owned(), "has_left".to_owned())]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_is_for_whom_it_is_for_in_its_order() {
    let city = City::start().await;
    let (staff, centre, member) =
        (city.caller("committee").await, city.liaison_centre().await, city.member().await);
    let body = city.member_moves().await;
    // given a report of the member
    let path = city.reported(&member, body.clone()).await;
    for step in ["check", "approve", "undo"] {
        member.act(&format!("{path}/{step}"), json!({})).await.refused(403, "forbidden");
    }
    // then nothing is decided before it is checked, and what may be done is said
    let early = centre.act(&format!("{path}/approve"), json!({})).await;
    let early = early.refused(409, "transition_not_allowed");
    assert_eq!(
        (&early["state"], &early["allowed_actions"]),
        (&json!("reported"), &json!(["check"]))
    );
    staff.post(&format!("{path}/check"), json!({})).await.refused(428, "precondition_required");
    staff.act(&format!("{path}/check"), json!({})).await.expect(200);
    staff.act(&format!("{path}/approve"), json!({})).await.refused(403, "forbidden");
    let seen = member.get(&path).await.expect(200);
    assert_eq!(seen["allowed_actions"], json!(["withdraw"]));
    // and the centre does not decide on its own report
    let own = city.reported(&centre, body).await;
    let events = centre.get(&format!("{own}/events")).await.expect(200);
    assert_eq!(events["data"][0]["on_behalf_of"], Value::Null, "in its own name");
    let checked = centre.act(&format!("{own}/check"), json!({})).await.expect(200);
    assert_eq!(checked["allowed_actions"], json!(["withdraw"]));
    let decided = centre.act(&format!("{own}/approve"), json!({})).await;
    decided.refused(403, "forbidden");
    assert_eq!(decided.faults(), [(String::new(), "decider_is_reporter".to_owned())]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_none_of_its_members_does_not_see_it_and_others_see_theirs() {
    let city = City::start().await;
    let (staff, second) = (city.caller("committee").await, json!(city.founded.sectors[1]));
    let other = json!(city.founded.members[15]);
    let items = json!([
        { "member_id": city.member_id(), "sector_id": second },
        { "member_id": other, "ends_term": true },
    ]);
    let path = city.reported(&staff, city.change_in(30, items)).await;
    let list = format!("/v1/adjustments?member_id={}&state=reported", city.member_id());
    // then another committee, another sector and another city see nothing of it
    for name in ["committee2", "receiver"] {
        let stranger = city.caller(name).await;
        stranger.get(&path).await.refused(404, "not_found");
        assert_eq!(stranger.get("/v1/adjustments").await.expect(200)["data"], json!([]), "{name}");
        stranger.act(&format!("{path}/check"), json!({})).await.refused(404, "not_found");
    }
    // while member, convener, county and centre do, each the items of whom they see
    let items = [("member", 1), ("member2", 1), ("convener", 1), ("committee", 2), ("liaison", 2)];
    for (name, count) in items {
        let reader = city.caller(name).await;
        let seen = reader.get(&path).await.expect(200);
        assert_eq!(seen["items"].as_array().unwrap().len(), count, "{name}");
        assert_eq!(seen["note"].is_null(), count < 2, "{name}");
        let all = reader.get("/v1/adjustments?count=exact").await.expect(200);
        assert_eq!((&all["total"], &all["data"][0]["id"]), (&json!(1), &seen["id"]), "{name}");
        let events = reader.get(&format!("{path}/events")).await.expect(200);
        assert_eq!(events["data"][0]["data"].is_null(), count < 2, "{name}");
    }
    let county = city.caller("county").await;
    assert_eq!(county.get(&list).await.expect(200)["data"].as_array().unwrap().len(), 1);
    // and why it was refused is for those who see all of it, as is its note
    staff.act(&format!("{path}/check"), json!({})).await.expect(200);
    let why = json!({ "reason": "请先与另一位委员协商" });
    city.liaison_centre().await.act(&format!("{path}/refuse"), why.clone()).await.expect(200);
    assert_eq!(staff.get(&path).await.expect(200)["refusal"], why["reason"]);
    let read = city.member().await.get(&path).await.expect(200);
    assert_eq!((&read["refusal"], &read["note"]), (&Value::Null, &Value::Null));
    // and who sees a member without a part in reporting may not report
    let body = city.member_moves().await;
    for name in ["chair", "auditor", "receiver"] {
        let reader = city.caller(name).await;
        reader.post("/v1/adjustments", body.clone()).await.refused(403, "forbidden");
    }
    let unseen = city.caller("member2").await.post("/v1/adjustments", body.clone()).await;
    unseen.invalid(&[("/items/0/member_id", "reference_not_found")]);
    let unseen = city.caller("committee2").await.post("/v1/adjustments", body).await;
    unseen.invalid(&[("/items/0/member_id", "reference_not_found")]);
    city.ended().await;
}
