//! What the demonstration city has beside members, sectors and contacts, and what it lacks on purpose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Caller, City};

/// All rows of a list, which are no more than a page.
async fn list(caller: &Caller, path: &str) -> Vec<Value> {
    let sign = if path.contains('?') { '&' } else { '?' };
    let page = caller.get(&format!("{path}{sign}count=exact&limit=200")).await.expect(200);
    let rows = page["data"].as_array().unwrap().clone();
    assert_eq!(page["total"], json!(rows.len()), "{path}");
    rows
}

fn organizations(kind: &str) -> String {
    format!("/v1/organizations?kind={kind}")
}

/// The organisations of a kind that are no county's.
async fn of_city(caller: &Caller, kind: &str) -> Vec<Value> {
    let mut found = list(caller, &organizations(kind)).await;
    found.retain(|one| one["county_code"].is_null());
    found
}

/// Who holds the posts of an organisation, by kind; null: nobody.
async fn posts(caller: &Caller, organization: &Value) -> Vec<(String, Value)> {
    let id = organization["id"].as_str().unwrap();
    let posts = list(caller, &format!("/v1/posts?organization_id={id}")).await;
    let held = |post: &Value| (post["kind"].as_str().unwrap().into(), post["holder_id"].clone());
    posts.iter().map(held).collect()
}

fn held(posts: &[(String, Value)], kind: &str) -> usize {
    posts.iter().filter(|(of, holder)| of == kind && !holder.is_null()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_city_is_led_by_a_party_group_and_a_chair_meeting_of_eight_seats() {
    let city = City::whole().await;
    let centre = city.liaison_centre().await;
    // then the chair meeting belongs to the party group, and the committees to the chair meeting
    let group = of_city(&centre, "party_group").await.remove(0);
    let meeting = of_city(&centre, "chair_meeting").await.remove(0);
    assert_eq!(meeting["parent_id"], group["id"]);
    assert_eq!(held(&posts(&centre, &group).await, "secretary"), 2);
    let seats = posts(&centre, &meeting).await;
    assert_eq!(seats.len(), 8);
    let kinds = ["chair", "vice_chair", "secretary"].map(|kind| held(&seats, kind));
    assert_eq!(kinds, [1, 5, 1], "one vice chair is vacant");
    // and each committee has a director, counterpart departments and somebody of the meeting in charge
    let committees = list(&centre, &organizations("committee")).await;
    assert_eq!(committees.len(), 7);
    let mut departments = BTreeSet::new();
    for committee in &committees {
        assert_eq!(committee["parent_id"], meeting["id"]);
        assert_eq!(held(&posts(&centre, committee).await, "director"), 1);
        let links = format!("/v1/organizations/{}/links", committee["id"].as_str().unwrap());
        let links = list(&centre, &links).await;
        let of = |kind: &str| {
            let found = links.iter().filter(|link| link["kind"] == kind);
            found.map(|link| link["other_id"].to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("chair_member").len(), 1);
        assert!(of("counterpart_department").len() >= 2, "{links:?}");
        departments.extend(of("counterpart_department"));
    }
    assert_eq!(departments.len(), city.founded.departments.len(), "none is nobody's");
    // and the chair's account is the chair, who answers for an area like every member of the meeting
    let chair = city.caller("chair").await;
    let me = chair.get("/v1/me").await.expect(200);
    assert!(seats.contains(&("chair".to_owned(), me["member_id"].clone())), "{me}");
    assert_eq!(me["roles"].as_array().unwrap().len(), 1, "{me}");
    assert_eq!(me["roles"][0]["role"], "chair_member");
    let mut areas = 0;
    for (_, holder) in seats.iter().filter(|(_, holder)| !holder.is_null()) {
        let held = format!("/v1/areas?member_id={}", holder.as_str().unwrap());
        let held = list(&centre, &held).await;
        let held = held.iter().filter(|area| area["holder_kind"] == "chair_member").count();
        assert!(held > 0, "{holder}");
        areas += held;
    }
    assert_eq!(areas, 8, "a county each");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_county_has_its_conference_and_each_sector_its_group() {
    let city = City::whole().await;
    let centre = city.liaison_centre().await;
    let counties = list(&centre, "/v1/divisions?parent_code=230400").await;
    let counties: BTreeSet<_> = counties.iter().map(|one| one["code"].to_string()).collect();
    let conferences = list(&centre, &organizations("county_conference")).await;
    let of: BTreeSet<_> = conferences.iter().map(|one| one["county_code"].to_string()).collect();
    assert_eq!((counties.len(), &of), (8, &counties));
    // then the county's staff read beneath theirs what leads it, as far down as there is any
    let county = city.caller("county").await;
    let mut above =
        conferences.iter().find(|one| one["county_code"] == json!(city.county())).cloned();
    let mut line = Vec::new();
    while let Some(one) = above {
        let beneath = format!("/v1/organizations?parent_id={}", one["id"].as_str().unwrap());
        let beneath = list(&county, &beneath).await;
        line.push(beneath.iter().map(|one| one["kind"].to_string()).collect::<BTreeSet<_>>());
        above = beneath.into_iter().find(|one| one["kind"] != "group");
    }
    let kinds = |kinds: &[&str]| kinds.iter().map(|kind| json!(kind).to_string()).collect();
    assert_eq!(line, [kinds(&["group", "party_group"]), kinds(&["chair_meeting"]), kinds(&[])]);
    // and each sector of the city has an activity group with a convener
    let groups = of_city(&centre, "group").await;
    let parents: BTreeSet<_> = groups.iter().map(|one| one["parent_id"].to_string()).collect();
    let sectors: BTreeSet<_> =
        city.founded.sectors.iter().map(|id| json!(id).to_string()).collect();
    assert_eq!((groups.len(), parents), (14, sectors));
    let mut members = 0;
    for group in &groups {
        assert_eq!(held(&posts(&centre, group).await, "convener"), 1);
        let links = format!("/v1/organizations/{}/links", group["id"].as_str().unwrap());
        members += list(&centre, &links).await.len();
    }
    assert_eq!(members, 300);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_city_lacks_is_listed_and_as_much_as_its_figures_say() {
    let city = City::whole().await;
    let centre = city.liaison_centre().await;
    let quota = centre.get("/v1/chain/quota").await.expect(200);
    assert_eq!((&quota["least"], &quota["from"]), (&json!(3), &json!("2023-01-01")));
    // then each figure is that of its rows
    let found = centre.get("/v1/chain/coverage").await.expect(200);
    let mut figures = BTreeMap::new();
    for figure in found["figures"].as_array().unwrap() {
        let rows = format!("{}&count=exact&limit=1", figure["rows"].as_str().unwrap());
        let rows = centre.get(&rows).await.expect(200);
        assert_eq!(rows["total"], figure["value"], "{figure}");
        let [value, of] = ["value", "of"].map(|name| figure[name].as_i64().unwrap());
        figures.insert(figure["code"].as_str().unwrap().to_owned(), (value, of));
    }
    assert_eq!((figures["members_short"], figures["posts_vacant"]), ((60, 300), (2, 62)));
    for kind in ["communities_uncovered", "villages_uncovered"] {
        assert!(figures[kind].0 > 0 && figures[kind].0 < figures[kind].1, "{kind}");
    }
    // And what the report counts is as many as it was.
    let counted = centre.get("/v1/statistics").await.expect(200);
    let counted = |code: &str| {
        let all = counted["figures"].as_array().unwrap();
        all.iter().find(|one| one["code"] == code).unwrap()["value"].as_i64().unwrap()
    };
    let chain = ["committees", "sectors", "sectors_per_committee_min", "sectors_per_committee_max"];
    assert_eq!(chain.map(counted), [7, 14, 2, 2]);
    assert_eq!(["members", "contacts"].map(counted), [300, 211]);
    // Every contact has two members at least, as the report has it: none is left without.
    let contacts = ["key_enterprise", "community", "village"]
        .map(|category| figures[&format!("contacts_unlinked.{category}")]);
    assert_eq!(contacts, [(0, 110), (0, 61), (0, 40)]);
    // and the same holds of party members and those outside the party
    let party = centre.get("/v1/party-links/coverage").await.expect(200);
    let [members, leading, outside, led] =
        ["party_members", "leading", "outside", "led"].map(|name| party[name].as_i64().unwrap());
    assert_eq!((members, leading, outside, led), (81, 81, 219, 191));
    assert_eq!(party["branches"].as_array().unwrap().len(), 7);
    let gaps = list(&centre, "/v1/party-links/gaps").await;
    assert_eq!(gaps.len(), 28);
    let gap: Uuid = gaps[0]["member_id"].as_str().unwrap().parse().unwrap();
    assert!(city.founded.members.contains(&gap));
    city.ended().await;
}
