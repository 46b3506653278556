//! Organisations, what they belong to and what joins them, over time.

use chrono::{Days, NaiveDate};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::planned::path_of;
use crate::support::{Caller, City};

fn in_days(city: &City, days: u64) -> NaiveDate {
    city.today() + Days::new(days)
}

async fn join(centre: &Caller, path: &str, kind: &str, other: &Value, from: NaiveDate) -> Value {
    let body = json!({ "kind": kind, "other_id": other, "from": from });
    centre.post(&format!("{path}/links"), body).await.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committee_is_entered_changed_ended_and_voided() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let body =
        json!({ "code": "science", "name": "科技委员会", "position": 8, "from": city.today() });
    // given one that is entered, its code taken for as long as it is there
    let made = centre.post("/v1/committees", body.clone()).await.expect(201);
    let path = path_of("committees", &made);
    assert_eq!(made["kind"], "committee");
    centre.post("/v1/committees", body.clone()).await.refused(409, "duplicate");
    centre.get(&path_of("sectors", &made)).await.refused(404, "not_found");
    // when it is renamed and ends in ten days
    let named = centre.patch(&path, "*", json!({ "name": "科教委员会" })).await.expect(200);
    assert_eq!((&named["name"], &named["version"]), (&json!("科教委员会"), &json!(2)));
    let end = format!("{path}/end");
    centre.act(&end, json!({ "until": in_days(&city, 10) })).await.expect(200);
    let late = centre.act(&end, json!({ "until": in_days(&city, 11) })).await;
    late.invalid(&[("/until", "ended_earlier")]);
    let none = centre.act(&end, json!({ "until": city.today() })).await;
    none.invalid(&[("/until", "until_not_after_from")]);
    // then it is there until then, and no longer
    let listed = async |days| {
        let day = in_days(&city, days);
        let list = centre.get(&format!("/v1/committees?as_of={day}&limit=200")).await.expect(200);
        list["data"].as_array().unwrap().iter().any(|one| one["id"] == made["id"])
    };
    assert!(listed(9).await && !listed(10).await);
    let generic = path_of("organizations", &made);
    centre.get(&format!("{generic}?as_of={}", in_days(&city, 9))).await.expect(200);
    let gone = centre.get(&format!("{generic}?as_of={}", in_days(&city, 10))).await;
    gone.refused(404, "not_found");
    // and voided it is read no more, and its code is free again
    let mistake = json!({ "reason": "wrong_entry" });
    city.member()
        .await
        .act(&format!("{path}/void"), mistake.clone())
        .await
        .refused(403, "forbidden");
    centre.act(&format!("{path}/void"), mistake).await.expect(200);
    centre.get(&path).await.refused(404, "not_found");
    centre.post("/v1/committees", body).await.expect(201);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_belongs_to_what_is_beneath_it_nor_to_another_kind() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let one = city.organization("group", "one", None).await;
    let two = city.organization("group", "two", Some(&one)).await;
    let three = city.organization("group", "three", Some(&two)).await;
    let path = path_of("organizations", &one);
    for beneath in [&one, &two, &three] {
        let reply = centre.patch(&path, "*", json!({ "parent_id": beneath["id"] })).await;
        reply.invalid(&[("/parent_id", "under_itself")]);
    }
    let department = json!({ "parent_id": city.department_id("receiver").await });
    centre.patch(&path, "*", department).await.invalid(&[("/parent_id", "parent_kind")]);
    let nowhere = json!({ "parent_id": crate::support::chain::NOTHING });
    let reply = centre.patch(&path, "*", nowhere).await;
    reply.invalid(&[("/parent_id", "reference_not_found")]);
    // nor to what is there later than they are
    let mut later = city.new_organization("group", "later");
    later["from"] = json!(in_days(&city, 3));
    let later = centre.post("/v1/organizations", later).await.expect(201);
    let reply = centre.patch(&path, "*", json!({ "parent_id": later["id"] })).await;
    reply.invalid(&[("/parent_id", "before_term")]);
    // what others belong to does not end before them
    let end = format!("{path}/end");
    let reply = centre.act(&end, json!({ "until": in_days(&city, 5) })).await;
    reply.refused(409, "transition_not_allowed");
    assert_eq!(reply.faults(), [("".to_owned(), "has_children".to_owned())]);
    // but together with them: the lowest first
    for group in [&three, &two, &one] {
        let end = format!("{}/end", path_of("organizations", group));
        centre.act(&end, json!({ "until": in_days(&city, 5) })).await.expect(200);
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_once_make_no_ring() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given six groups that belong to nothing
    let mut groups = Vec::new();
    for n in 0..6 {
        groups.push(city.organization("group", &format!("group_{n}"), None).await);
    }
    // when each is hung under the next at once, the last under the first
    let moves = groups.iter().enumerate().map(|(n, group)| {
        let body = json!({ "parent_id": groups[(n + 1) % 6]["id"] });
        let (centre, path) = (centre.clone(), path_of("organizations", group));
        async move { centre.patch(&path, "*", body).await }
    });
    let replies = join_all(moves).await;
    // then at least one is refused, and from each group the way up ends
    let done = replies.iter().filter(|reply| reply.status == 200).count();
    assert!((1..6).contains(&done), "{done}");
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        let code = reply.json()["code"].clone();
        assert!(code == "invalid" || code == "still_running", "{code}");
    }
    for group in &groups {
        let (mut id, mut steps) = (group["id"].clone(), 0);
        while let Some(above) = id.as_str().map(str::to_owned) {
            let org = centre.get(&format!("/v1/organizations/{above}")).await.expect(200);
            (id, steps) = (org["parent_id"].clone(), steps + 1);
            assert!(steps < 7, "a ring");
        }
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_an_organisation_stands_in_the_way_of_its_end() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let sector = format!("/v1/sectors/{}", city.founded.sectors[0]);
    let committee = format!("/v1/committees/{}", city.founded.committees[0]);
    let end = json!({ "until": in_days(&city, 30) });
    let mistake = json!({ "reason": "wrong_entry" });
    for (path, code) in [(&sector, "has_members"), (&committee, "guides_sectors")] {
        for (action, body) in [("end", &end), ("void", &mistake)] {
            let reply = centre.act(&format!("{path}/{action}"), body.clone()).await;
            let problem = reply.refused(409, "transition_not_allowed");
            assert_eq!(problem["errors"][0]["code"], code);
            // two members a sector, two sectors a committee
            assert!(problem["errors"][0]["detail"].as_str().unwrap().ends_with("(2)"), "{problem}");
        }
    }
    // once its members are elsewhere the sector ends, with its post, its area and who guides it
    let list = centre.get(&format!("/v1/members?sector_id={}", city.founded.sectors[0])).await;
    for member in list.expect(200)["data"].as_array().unwrap() {
        let to = json!({ "sector_id": city.founded.sectors[1], "from": in_days(&city, 20) });
        centre.act(&format!("{}/sectors", path_of("members", member)), to).await.expect(200);
    }
    let ended = centre.act(&format!("{sector}/end"), end).await.expect(200);
    assert_eq!(ended["until"], json!(in_days(&city, 30)));
    let id = city.founded.sectors[0];
    let lists = [
        format!("/v1/posts?organization_id={id}&as_of="),
        format!("/v1/areas?sector_id={id}&as_of="),
        format!("/v1/organizations/{id}/links?as_of="),
    ];
    for list in lists {
        for (days, there) in [(29, 1), (30, 0)] {
            let page = centre.get(&format!("{list}{}", in_days(&city, days))).await.expect(200);
            assert_eq!(page["data"].as_array().unwrap().len(), there, "{list}{days}");
        }
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_committee_guides_a_sector_at_a_time_and_its_members_follow() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let (sector, committees) = (city.founded.sectors[0], &city.founded.committees);
    let (path, today) = (format!("/v1/sectors/{sector}"), city.today());
    let guides = format!("{path}/guidances");
    let before = centre.get(&path).await.expect(200)["committee_id"].clone();
    let other = committees.iter().find(|id| json!(id) != before).unwrap();
    let guide =
        |committee: &Value, from: NaiveDate| json!({ "committee_id": committee, "from": from });
    let same = centre.act(&guides, guide(&before, today)).await;
    same.invalid(&[("/committee_id", "not_meaningful")]);
    // when another is to guide it in three days
    let later = centre.act(&guides, guide(&json!(other), in_days(&city, 3))).await.expect(200);
    assert_eq!(later["committee_id"], before, "not yet");
    let third = committees.iter().find(|id| json!(id) != before && *id != other).unwrap();
    let overlap = centre.act(&guides, guide(&json!(third), in_days(&city, 3))).await;
    overlap.refused(409, "overlap");
    // then the list of a day says who does, and the links tell both
    for (days, who) in [(2, &before), (3, &json!(other))] {
        let list = format!("/v1/sectors?as_of={}&limit=200", in_days(&city, days));
        let list = centre.get(&list).await.expect(200);
        let row = list["data"].as_array().unwrap().iter().find(|row| row["id"] == json!(sector));
        assert_eq!(&row.unwrap()["committee_id"], who);
    }
    let links = format!("/v1/organizations/{sector}/links");
    let told = centre.get(&links).await.expect(200);
    assert_eq!(told["data"].as_array().unwrap().len(), 2, "{told}");
    // and when the day comes the members stand under it
    let member = format!("/v1/members/{}", city.member_id());
    assert_eq!(centre.get(&member).await.expect(200)["committee_id"], before);
    city.db_let_guidances_be_earlier(3).await;
    city.db_let_timers_be_due("sector.guidance").await;
    city.server.journal.fire_due(city.founded.city).await.unwrap();
    assert_eq!(centre.get(&member).await.expect(200)["committee_id"], json!(other));
    // a link that was a mistake counts no more, once, and the one that it ended does
    let void = format!("{links}/{}/void", told["data"][0]["id"].as_str().unwrap());
    centre.act(&void, json!({ "reason": "wrong_entry" })).await.expect(200);
    centre.act(&void, json!({ "reason": "wrong_entry" })).await.refused(409, "already_done");
    assert_eq!(centre.get(&member).await.expect(200)["committee_id"], before);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_countys_staff_keep_their_countys_own_and_read_no_other_countys() {
    let city = City::start().await;
    let (centre, county, other) =
        (city.liaison_centre().await, city.caller("county").await, city.other_county_staff().await);
    let mut body = city.new_organization("county_conference", "conference");
    let reply = county.post("/v1/organizations", body.clone()).await;
    reply.refused(403, "forbidden");
    centre
        .post("/v1/organizations", body.clone())
        .await
        .invalid(&[("/county_code", "county_required")]);
    // given a county's conference that its staff entered, with a committee beneath
    body["county_code"] = json!(city.county());
    other.post("/v1/organizations", body.clone()).await.refused(403, "forbidden");
    let conference = county.post("/v1/organizations", body.clone()).await.expect(201);
    body["code"] = json!("second");
    county.post("/v1/organizations", body).await.refused(409, "overlap");
    let beneath = json!({ "code": "economy", "name": "经济委", "position": 1, "from": city.today(),
        "county_code": city.county(), "parent_id": conference["id"] });
    let committee = county.post("/v1/committees", beneath.clone()).await.expect(201);
    let mut foreign = beneath;
    (foreign["county_code"], foreign["code"]) = (json!(city.other_county()), json!("other"));
    centre.post("/v1/committees", foreign).await.invalid(&[("/parent_id", "parent_county")]);
    // then the city's staff and the county's read it, another county's do not
    let list = format!("/v1/committees?limit=200&as_of={}", city.today());
    for (caller, there) in [(&centre, true), (&county, true), (&other, false)] {
        let page = caller.get(&list).await.expect(200);
        let seen = page["data"].as_array().unwrap().iter().any(|row| row["id"] == committee["id"]);
        let status = if there { 200 } else { 404 };
        assert_eq!(seen, there);
        caller.get(&path_of("committees", &committee)).await.expect(status);
        caller.get(&path_of("organizations", &conference)).await.expect(status);
        let chain = caller.get("/v1/chain").await.expect(200).to_string();
        assert_eq!(chain.contains(committee["id"].as_str().unwrap()), there);
    }
    // and the county's staff keep it, not the city's own
    let path = path_of("committees", &committee);
    county.patch(&path, "*", json!({ "name": "经科委" })).await.expect(200);
    other.patch(&path, "*", json!({ "name": "经科委" })).await.refused(404, "not_found");
    let own = format!("/v1/committees/{}", city.founded.committees[0]);
    county.patch(&own, "*", json!({ "name": "经科委" })).await.refused(403, "forbidden");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committees_departments_and_chair_members_are_joined_over_time() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let committee = format!("/v1/organizations/{}", city.founded.committees[0]);
    let department = json!(city.department_id("receiver").await);
    let with = json!({ "kind": "counterpart_department", "other_id": department, "from": today });
    // given one of ten equal requests at once that joined a department
    let links = format!("{committee}/links");
    let replies = join_all((0..10).map(|_| centre.post(&links, with.clone()))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        reply.refused(409, "overlap");
    }
    // then both ends tell it, on that day and no longer than until its end
    let one = centre.get(&format!("{links}?kind=counterpart_department")).await.expect(200);
    let end = format!("{links}/{}/end", one["data"][0]["id"].as_str().unwrap());
    centre.act(&end, json!({ "until": in_days(&city, 4) })).await.expect(200);
    for (days, there) in [(3, 1), (4, 0)] {
        let at_department = format!("/v1/organizations/{}/links", department.as_str().unwrap());
        let list = centre.get(&format!("{at_department}?as_of={}", in_days(&city, days))).await;
        assert_eq!(list.expect(200)["data"].as_array().unwrap().len(), there);
    }
    // and only who sits in the chair meeting answers for a committee
    let chair = json!(city.founded.members[3]);
    let body = json!({ "kind": "chair_member", "other_id": chair, "from": today });
    let reply = centre.post(&links, body).await;
    reply.invalid(&[("/other_id", "not_of_chair_meeting")]);
    let meeting = city.organization("chair_meeting", "chair", None).await;
    let body = json!({ "organization_id": meeting["id"], "kind": "vice_chair", "title": "副主席", "from": today });
    let post = path_of("posts", &centre.post("/v1/posts", body).await.expect(201));
    let hold = json!({ "member_id": chair, "from": today });
    centre.post(&format!("{post}/holders"), hold).await.expect(201);
    join(&centre, &committee, "chair_member", &chair, today).await;
    // what does not fit is named
    let wrong = json!({ "kind": "branch_member", "other_id": chair, "from": today });
    centre.post(&links, wrong).await.invalid(&[("/kind", "link_kind")]);
    let wrong = json!({ "kind": "counterpart_department", "other_id": chair, "from": today });
    centre.post(&links, wrong).await.invalid(&[("/other_id", "reference_not_found")]);
    let early =
        json!({ "kind": "counterpart_department", "other_id": department, "from": "2020-01-01" });
    centre.post(&links, early).await.invalid(&[("/from", "before_term")]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn party_members_lead_members_outside_and_the_gaps_are_listed() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let branch = city.organization("party_branch", "first", None).await;
    let branch_path = path_of("organizations", &branch);
    let [party, outside] = [city.founded.members[4], city.founded.members[5]];
    let lead = format!("/v1/members/{party}/party-links");
    let body = json!({ "member_id": outside, "from": today });
    let reply = centre.post(&lead, body.clone()).await;
    assert_eq!(reply.refused(409, "transition_not_allowed")["errors"][0]["code"], "not_in_branch");
    // given a party member in a branch, in one at a time, who leads one outside
    join(&centre, &branch_path, "branch_member", &json!(party), today).await;
    let second = city.organization("party_branch", "second", None).await;
    let again = json!({ "kind": "branch_member", "other_id": party, "from": today });
    let links = format!("{}/links", path_of("organizations", &second));
    centre.post(&links, again).await.refused(409, "overlap");
    let link = centre.post(&lead, body.clone()).await.expect(201);
    centre.post(&lead, body).await.refused(409, "overlap");
    let to_party = json!({ "member_id": party, "from": today });
    centre.post(&lead, to_party).await.invalid(&[("/member_id", "in_branch")]);
    // then the figures and their rows say so, on that day and not before
    let coverage = async |day: NaiveDate| {
        let figures =
            centre.get(&format!("/v1/party-links/coverage?as_of={day}")).await.expect(200);
        let gaps = format!("/v1/party-links/gaps?as_of={day}&count=exact&limit=1");
        let gaps = centre.get(&gaps).await.expect(200)["total"].clone();
        let of = |name: &str| figures[name].as_i64().unwrap();
        for name in ["party_members", "leading", "outside", "led"] {
            let rows = format!("{}&count=exact", figures["rows"][name].as_str().unwrap());
            assert_eq!(centre.get(&rows).await.expect(200)["total"], json!(of(name)), "{name}");
        }
        for branch in figures["branches"].as_array().unwrap() {
            let rows = format!("{}&count=exact", branch["rows"].as_str().unwrap());
            let total = centre.get(&rows).await.expect(200)["total"].clone();
            assert_eq!(total, branch["party_members"]);
        }
        assert_eq!(json!(of("outside") - of("led")), gaps, "{figures}");
        (of("party_members"), of("leading"), of("outside"), of("led"))
    };
    assert_eq!(coverage(today).await, (1, 1, 27, 1));
    assert_eq!(coverage(today - Days::new(1)).await, (0, 0, 28, 0));
    let led = centre.get(&format!("/v1/members/{outside}/party-links")).await.expect(200);
    assert_eq!(led["data"][0]["party_member_id"], json!(party));
    // and an ended link leaves a gap; who is in a branch is not everybody's to read
    let end = format!("{lead}/{}/end", link["id"].as_str().unwrap());
    centre.act(&end, json!({ "until": in_days(&city, 2) })).await.expect(200);
    assert_eq!(coverage(in_days(&city, 2)).await, (1, 0, 27, 0));
    city.member().await.get(&format!("{branch_path}/links")).await.refused(403, "forbidden");
    for read in ["coverage", "members"] {
        city.member().await.get(&format!("/v1/party-links/{read}")).await.refused(403, "forbidden");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_citys_organisations_are_not_there() {
    let city = City::start().await;
    let (centre, other) = (city.liaison_centre().await, city.neighbour().await);
    let (theirs, today) = (other.committees[0], city.today());
    let path = format!("/v1/organizations/{theirs}");
    for read in [path.clone(), format!("{path}/links")] {
        centre.get(&read).await.refused(404, "not_found");
    }
    centre.patch(&path, "*", json!({ "name": "改" })).await.refused(404, "not_found");
    let guide = json!({ "committee_id": theirs, "from": today });
    let sector = format!("/v1/sectors/{}/guidances", city.founded.sectors[0]);
    centre.act(&sector, guide).await.invalid(&[("/committee_id", "reference_not_found")]);
    let mut group = city.new_organization("group", "one");
    group["parent_id"] = json!(theirs);
    let reply = centre.post("/v1/organizations", group).await;
    reply.invalid(&[("/parent_id", "reference_not_found")]);
    let post =
        json!({ "organization_id": theirs, "kind": "director", "title": "主任", "from": today });
    centre.post("/v1/posts", post).await.invalid(&[("/organization_id", "reference_not_found")]);
    let area = json!({ "name": "片区", "division_code": "230403", "holder_kind": "sector",
        "holder_id": other.sectors[0], "from": today });
    centre.post("/v1/areas", area).await.invalid(&[("/holder_id", "reference_not_found")]);
    city.ended().await;
}
