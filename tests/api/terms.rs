//! Who leaves, and who was entered by mistake: what goes with them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::kept::Kept;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_takes_along_what_joins_them_and_is_not_moved_any_more() {
    let kept = Kept::start().await;
    // given a member with a move and a contact to come
    kept.moves(1, 30).await;
    let new = kept.centre.post("/v1/contacts", kept.city.new_contact("C901")).await.expect(201);
    let contact = path_of("contacts", &new);
    let link = json!({ "contact_id": new["id"], "from": kept.day(25) });
    kept.centre.post(&format!("{}/contacts", kept.path), link).await.expect(201);
    let held = kept.centre.get(&contact).await;
    // when their term ends in twenty days
    let end = format!("{}/end", kept.path);
    let ended = kept.centre.act(&end, json!({ "until": kept.day(20) })).await.expect(200);
    assert_eq!((&ended["until"], &ended["voided_at"]), (&json!(kept.day(20)), &Value::Null));
    // then so does what joins them to others; what had not begun is void, and its other end is told
    for link in [kept.links("sector").await, kept.links("contact").await].concat() {
        let begun = link["from"].as_str().unwrap() < kept.day(20).to_string().as_str();
        assert_eq!(link["voided_at"].is_null(), begun, "{link}");
        assert!(!begun || link["until"] == json!(kept.day(20)), "{link}");
    }
    let told = kept.centre.get(&contact).await;
    assert_ne!(told.header("etag"), held.header("etag"));
    let chain = format!("{}/chain?as_of={}", kept.path, kept.day(19));
    assert_eq!(kept.centre.get(&chain).await.expect(200)["sector_id"], json!(kept.sector(0)));
    let chain = format!("{}/chain?as_of={}", kept.path, kept.day(20));
    kept.centre.get(&chain).await.refused(404, "not_found");
    // and after that day they are neither moved nor linked
    let moves = format!("{}/sectors", kept.path);
    let to = json!({ "sector_id": kept.sector(1), "from": kept.day(20) });
    kept.centre.act(&moves, to).await.invalid(&[("/from", "has_left")]);
    let link = json!({ "contact_id": new["id"], "from": kept.day(20) });
    let links = format!("{}/contacts", kept.path);
    kept.centre.post(&links, link).await.invalid(&[("/from", "has_left")]);
    // while a move before it lasts as long as they do, and the end is brought forward only
    kept.moves(1, 10).await;
    assert_eq!(kept.links("sector").await[1]["until"], json!(kept.day(20)));
    kept.centre.act(&end, json!({ "until": kept.day(20) })).await.refused(409, "already_done");
    let later = kept.centre.act(&end, json!({ "until": kept.day(21) })).await;
    later.invalid(&[("/until", "ended_earlier")]);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_and_areas_of_who_leaves_are_vacant_from_that_day_on() {
    let kept = Kept::start().await;
    let (centre, convener) = (&kept.centre, kept.city.convener_id());
    let sector = format!("/v1/sectors/{}", kept.sector(0));
    let areas = format!("/v1/areas?member_id={convener}");
    let held = centre.get(&areas).await.expect(200)["data"].clone();
    assert_eq!(centre.get(&sector).await.expect(200)["convener_id"], json!(convener));
    // when the convener leaves in twenty days
    let end = format!("/v1/members/{convener}/end");
    centre.act(&end, json!({ "until": kept.day(20) })).await.expect(200);
    // then they convene and hold their area until the day before
    for (days, is) in [(19, json!(convener)), (20, Value::Null)] {
        let then = format!("{sector}?as_of={}", kept.day(days));
        assert_eq!(centre.get(&then).await.expect(200)["convener_id"], is, "{days}");
    }
    let area = &held[0];
    let then = format!("{}?as_of={}", path_of("areas", area), kept.day(20));
    centre.get(&then).await.refused(404, "not_found");
    let now = centre.get(&path_of("areas", area)).await.expect(200);
    assert_eq!(now["until"], json!(kept.day(20)));
    assert_eq!(now["version"].as_i64(), area["version"].as_i64().map(|version| version + 1));
    // and the history says so of each
    let links = centre.get(&format!("/v1/members/{convener}/links")).await.expect(200);
    let kinds = links["data"].as_array().unwrap().iter().map(|link| {
        assert_eq!(link["until"], json!(kept.day(20)), "{link}");
        link["kind"].as_str().unwrap()
    });
    let kinds: std::collections::BTreeSet<_> = kinds.collect();
    assert!(["area", "post", "sector"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_entered_by_mistake_is_read_no_more_and_their_number_is_free() {
    let kept = Kept::start().await;
    let centre = &kept.centre;
    let why = json!({ "reason": "entered_twice" });
    // given a member and a contact who are linked
    let made = centre.post("/v1/members", kept.city.new_member("M901")).await;
    let member = path_of("members", &made.expect(201));
    let new = centre.post("/v1/contacts", kept.city.new_contact("C901")).await.expect(201);
    let contact = path_of("contacts", &new);
    let link = json!({ "contact_id": new["id"], "from": kept.day(0) });
    centre.post(&format!("{member}/contacts"), link.clone()).await.expect(201);
    // when the member is voided, by the version of now and no other
    let body = Some(why.to_string().into_bytes());
    let old = [("if-match", made.header("etag"))];
    let stale = centre.send(Method::POST, &format!("{member}/void"), &old, body).await;
    stale.refused(412, "stale");
    let voided = centre.act(&format!("{member}/void"), why.clone()).await.expect(200);
    assert!(voided["voided_at"].is_string(), "{voided}");
    // then nobody finds them, and their number is another's
    centre.get(&member).await.refused(404, "not_found");
    centre.act(&format!("{member}/void"), why.clone()).await.refused(404, "not_found");
    let again = centre.post("/v1/members", kept.city.new_member("M901")).await.expect(201);
    let again = path_of("members", &again);
    // and a voided contact is gone from the chain of the member they were linked to
    centre.post(&format!("{again}/contacts"), link).await.expect(201);
    let version = centre.get(&again).await.expect(200)["version"].as_i64();
    centre.act(&format!("{contact}/void"), why).await.expect(200);
    centre.get(&contact).await.refused(404, "not_found");
    let chain = centre.get(&format!("{again}/chain")).await;
    assert_eq!(chain.expect(200)["contacts"], json!([]));
    let now = centre.get(&again).await.expect(200)["version"].as_i64();
    assert_eq!(now, version.map(|version| version + 1));
    centre.post("/v1/contacts", kept.city.new_contact("C901")).await.expect(201);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_by_mistake_is_taken_back_with_what_ended_by_itself() {
    let kept = Kept::start().await;
    let centre = &kept.centre;
    let act = async |path: &str, body: Value| centre.act(path, body).await;
    let goes_on = format!("{}/continue", kept.path);
    act(&goes_on, json!({})).await.refused(409, "already_done");
    let chain = async |day: i64| {
        let path = format!("{}/chain?as_of={}", kept.path, kept.day(day));
        let chain = centre.get(&path).await.expect(200);
        (chain["sector_id"].clone(), chain["contacts"].clone())
    };
    let before = (chain(0).await, chain(40).await);
    // given a member whose term was ended, from today on and by mistake
    act(&format!("{}/end", kept.path), json!({ "until": kept.day(0) })).await.expect(200);
    let gone = format!("{}/chain?as_of={}", kept.path, kept.day(0));
    centre.get(&gone).await.refused(404, "not_found");
    kept.city.member().await.get("/v1/plans?limit=1").await.expect(200);
    // when that is taken back
    let again = act(&goes_on, json!({})).await.expect(200);
    // then all is as before, today and later, for the member too
    assert_eq!(again["until"], Value::Null);
    assert_eq!((chain(0).await, chain(40).await), before);
    let own = kept.city.member().await.get(&kept.path).await.expect(200);
    assert_eq!((&own["version"], &own["until"]), (&again["version"], &Value::Null));
    // and a contact's end is taken back alike
    let contact = format!("/v1/contacts/{}", kept.city.contact_of_member().await);
    act(&format!("{contact}/end"), json!({ "until": kept.day(5) })).await.expect(200);
    act(&format!("{contact}/continue"), json!({})).await.expect(200);
    assert_eq!((chain(0).await, chain(40).await), before);
    // but not where somebody else has the number by now
    let new = centre.post("/v1/members", kept.city.new_member("N902")).await.expect(201);
    let first = path_of("members", &new);
    act(&format!("{first}/end"), json!({ "until": kept.day(1) })).await.expect(200);
    let mut next = kept.city.new_member("N902");
    next["from"] = json!(kept.day(1));
    let next = path_of("members", &centre.post("/v1/members", next).await.expect(201));
    act(&format!("{first}/continue"), json!({})).await.refused(409, "duplicate");
    act(&format!("{next}/end"), json!({ "until": kept.day(9) })).await.expect(200);
    act(&format!("{first}/continue"), json!({})).await.refused(409, "duplicate");
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_free_from_the_day_its_holder_left() {
    let kept = Kept::start().await;
    let centre = &kept.centre;
    for (noun, new) in
        [("members", kept.city.new_member("N901")), ("contacts", kept.city.new_contact("N901"))]
    {
        // given a holder of a number who leaves in ten days
        let list = format!("/v1/{noun}");
        let first = path_of(noun, &centre.post(&list, new.clone()).await.expect(201));
        centre.post(&list, new.clone()).await.refused(409, "duplicate");
        centre.act(&format!("{first}/end"), json!({ "until": kept.day(10) })).await.expect(200);
        // when somebody else is entered from an earlier day or from that day on
        let from = |day| {
            let mut new = new.clone();
            new["from"] = json!(kept.day(day));
            new
        };
        centre.post(&list, from(9)).await.refused(409, "duplicate");
        let second = centre.post(&list, from(10)).await.expect(201);
        // then it is theirs from that day on, and nobody else's
        centre.post(&list, from(20)).await.refused(409, "duplicate");
        for (day, whose) in [(9, &first), (10, &path_of(noun, &second))] {
            let then = format!("{whose}?as_of={}", kept.day(day));
            assert_eq!(centre.get(&then).await.expect(200)["number"], json!("N901"));
        }
    }
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_leaves_is_nobodys_from_that_day_on() {
    let kept = Kept::start().await;
    let contact = format!("/v1/contacts/{}", kept.city.contact_of_member().await);
    let before = kept.centre.get(&contact).await;
    let tag = [("if-match", before.header("etag"))];
    // when the contact's term ends in ten days, by the contact's version
    let until = Some(json!({ "until": kept.day(10) }).to_string().into_bytes());
    let end = format!("{contact}/end");
    let ended = kept.centre.send(Method::POST, &end, &tag, until.clone()).await.expect(200);
    kept.centre.send(Method::POST, &end, &tag, until).await.refused(412, "stale");
    // then they are read as of the days before, and with them the link
    assert_eq!(ended["until"], json!(kept.day(10)));
    let read = |day: i64| format!("{contact}?as_of={}", kept.day(day));
    kept.centre.get(&read(9)).await.expect(200);
    kept.centre.get(&read(10)).await.refused(404, "not_found");
    for (day, linked) in [(9, true), (10, false)] {
        let chain = format!("{}/chain?as_of={}", kept.path, kept.day(day));
        let chain = kept.centre.get(&chain).await.expect(200)["contacts"].to_string();
        assert_eq!(chain.contains(ended["id"].as_str().unwrap()), linked, "{day}: {chain}");
    }
    // and they are linked no longer than that
    let link = json!({ "contact_id": ended["id"], "from": kept.day(0) });
    let other = format!("/v1/members/{}/contacts", kept.city.founded.members[5]);
    kept.centre.post(&other, link).await.invalid(&[("/until", "beyond_term")]);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_may_no_more_do_what_a_member_may() {
    let kept = Kept::start().await;
    let (end, member) = (format!("{}/end", kept.path), kept.city.member().await);
    // given a member whose term is to end in twenty days, until which nothing changes
    kept.centre.act(&end, json!({ "until": kept.day(20) })).await.expect(200);
    tokio::time::sleep(Duration::from_secs(2)).await;
    member.get(&kept.path).await.expect(200);
    // when it is brought forward to today
    kept.centre.act(&end, json!({ "until": kept.day(0) })).await.expect(200);
    tokio::time::sleep(Duration::from_secs(2)).await;
    // then their account is there, but a member's no more
    assert_eq!(member.get("/v1/me").await.expect(200)["roles"], json!([]));
    member.get(&kept.path).await.refused(404, "not_found");
    kept.centre.get(&kept.path).await.expect(200);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_begins_for_who_has_left() {
    let kept = Kept::start().await;
    let (city, centre) = (&kept.city, &kept.centre);
    let plan = city.approved_plan().await;
    // given a member who has left today, with an approved plan of this month
    centre.act(&format!("{}/end", kept.path), json!({ "until": kept.day(0) })).await.expect(200);
    // then nobody plans for them what comes after, nor writes down that they visit, nor an issue
    let mut later = city.plan_of("member", city.member_id()).await;
    later["period_start"] = json!(city.month(1));
    centre.post("/v1/plans", later).await.invalid(&[("/owner_id", "has_left")]);
    let visit = centre.post("/v1/visits", city.visit_of(&plan)).await;
    visit.invalid(&[("/contact_id", "reference_not_found"), ("/started_at", "has_left")]);
    let issue = json!({ "title": "小区路灯不亮", "body": "三栋前的路灯坏了一周。", "category": "roads",
        "urgency": "consult_help", "channel": "visit", "division_code": city.county(),
        "reporter": { "name": "张三", "phone": "13812345678" }, "member_id": city.member_id() });
    centre.post("/v1/issues", issue).await.invalid(&[("/member_id", "has_left")]);
    // nor does a committee plan for after its end
    let body = city.new_organization("committee", "short");
    let short = centre.post("/v1/organizations", body).await.expect(201);
    let end = format!("{}/end", path_of("committees", &short));
    centre.act(&end, json!({ "until": kept.day(1) })).await.expect(200);
    let mut plan = city.plan_of("committee", short["id"].as_str().unwrap().parse().unwrap()).await;
    plan["period_start"] = json!(city.month(2));
    centre.post("/v1/plans", plan).await.invalid(&[("/owner_id", "has_left")]);
    kept.city.ended().await;
}
