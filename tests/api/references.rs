//! What a request refers to is of the caller's city: what is nowhere and what is another city's are
//! refused alike.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::City;
use crate::support::chain::NOTHING;
use crate::support::planned::path_of;

/// What is not there for anybody of the first city.
struct Absent {
    sector: Uuid,
    committee: Uuid,
    department: Uuid,
    member: Uuid,
    contact: Uuid,
    county: &'static str,
}

/// What is there, and may be referred from.
struct Present {
    plan: Value,
    submitted: String,
    accepted: String,
}

impl Present {
    async fn of(city: &City) -> Self {
        Self {
            plan: city.approved_plan().await,
            submitted: path_of("issues", &city.submitted_issue(None).await),
            accepted: path_of("issues", &city.accepted_issue().await),
        }
    }
}

/// A request as path and body, and the pointers to what it refers to and is not there.
type Wrong = (String, Value, &'static [&'static str]);

/// About issues and their work orders.
fn of_issues(here: &Present, to: &Absent) -> Vec<Wrong> {
    let issue = json!({ "title": "题", "body": "文", "category": "roads", "urgency": "urgent",
        "channel": "app", "division_code": "230403" });
    let mut placed = issue.clone();
    placed["division_code"] = json!(to.county);
    (placed["sector_id"], placed["member_id"]) = (json!(to.sector), json!(to.member));
    placed["reporter"] = json!({ "contact_id": to.contact });
    let mut sourced = issue;
    sourced["source_visit_id"] = json!(to.contact);
    let screened = json!({ "category": "roads", "urgency": "urgent", "division_code": to.county,
        "sector_id": to.sector });
    let order = json!({ "shape": "sole", "assignments": [{ "department_id": to.department }] });
    let placing: &[&str] = &["/division_code", "/member_id", "/reporter/contact_id", "/sector_id"];
    vec![
        ("/v1/issues".into(), placed, placing),
        ("/v1/issues".into(), sourced, &["/source_visit_id"]),
        (format!("{}/accept", here.submitted), screened, &["/division_code", "/sector_id"]),
        (format!("{}/dispatch", here.accepted), order, &["/assignments/0/department_id"]),
    ]
}

/// About plans and visits.
async fn of_plans(city: &City, here: &Present, to: &Absent) -> Vec<Wrong> {
    let owned = city.plan_of("member", to.member).await;
    let guided = city.plan_of("committee", to.committee).await;
    let mut planned = city.plan_of("member", city.member_id()).await;
    planned["period_start"] = json!(city.month(1));
    planned["items"][0]["contact_id"] = json!(to.contact);
    let mut visit = city.visit_of(&here.plan);
    (visit["contact_id"], visit["division_code"]) = (json!(to.contact), json!(to.county));
    let mut unplanned = city.visit_of(&here.plan);
    unplanned["plan_item_id"] = json!(to.contact);
    vec![
        ("/v1/plans".into(), owned, &["/owner_id"]),
        ("/v1/plans".into(), guided, &["/owner_id"]),
        ("/v1/plans".into(), planned, &["/items/0/contact_id"]),
        ("/v1/visits".into(), visit, &["/contact_id", "/division_code"]),
        ("/v1/visits".into(), unplanned, &["/plan_item_id"]),
    ]
}

/// About the chain.
fn of_the_chain(city: &City, to: &Absent) -> Vec<Wrong> {
    let mut member = city.new_member("M901");
    (member["sector_id"], member["county_code"]) = (json!(to.sector), json!(to.county));
    let own = format!("/v1/members/{}", city.member_id());
    let link = json!({ "contact_id": to.contact, "from": city.today() });
    let moved = json!({ "sector_id": to.sector, "from": city.today() });
    vec![
        ("/v1/members".into(), member, &["/county_code", "/sector_id"]),
        (format!("{own}/contacts"), link, &["/contact_id"]),
        (format!("{own}/sectors"), moved, &["/sector_id"]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn references_to_nothing_and_to_another_city_are_refused_and_nothing_is_written() {
    // given two cities on one server
    let city = City::start().await;
    let (centre, other) = (city.liaison_centre().await, city.neighbour().await);
    let nothing: Uuid = NOTHING.parse().unwrap();
    let nowhere = Absent {
        sector: nothing,
        committee: nothing,
        department: nothing,
        member: nothing,
        contact: nothing,
        county: "999999",
    };
    let elsewhere = Absent {
        sector: other.sectors[0],
        committee: other.committees[0],
        department: *other.departments.values().next().unwrap(),
        member: other.members[0],
        contact: other.contacts[0],
        county: "230503",
    };
    let here = Present::of(&city).await;
    let before = city.written(&centre).await;
    for to in [nowhere, elsewhere] {
        let mut all = of_issues(&here, &to);
        all.extend(of_plans(&city, &here, &to).await);
        all.extend(of_the_chain(&city, &to));
        for (path, body, pointers) in all {
            // when somebody who may write refers to what is not there for them
            let reply = centre.act(&path, body).await;
            // then each such reference is named
            let faults: Vec<_> = pointers.iter().map(|at| (*at, "reference_not_found")).collect();
            reply.invalid(&faults);
        }
    }
    // and a division, which all cities share, is told to lie in another one
    let mut contact = city.new_contact("C901");
    contact["division_code"] = json!("230503");
    centre.post("/v1/contacts", contact).await.invalid(&[("/division_code", "not_meaningful")]);
    assert_eq!(city.written(&centre).await, before);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_city_in_a_path_names_nothing() {
    // given another city on this server, with an issue of its own
    let city = City::start().await;
    let (centre, admin) = (city.liaison_centre().await, city.caller("admin").await);
    let other = city.neighbour().await;
    let theirs = city.caller_of(&other, "liaison").await;
    let issue = json!({ "title": "题", "body": "文", "category": "roads", "urgency": "urgent",
        "channel": "app", "division_code": "230503", "sector_id": other.sectors[0] });
    let issue = path_of("issues", &theirs.post("/v1/issues", issue).await.expect(201));
    let member = format!("/v1/members/{}", other.members[0]);
    let contact = format!("/v1/contacts/{}", other.contacts[0]);
    let (scheme, set) =
        (format!("/v1/schemes/{}", other.scheme), format!("/v1/rule-sets/{}", other.rule_set));
    let seen = [
        member.clone(),
        format!("{member}/chain"),
        format!("{member}/score"),
        contact.clone(),
        format!("/v1/sectors/{}", other.sectors[0]),
        format!("/v1/committees/{}", other.committees[0]),
        format!("/v1/departments/{}", other.departments.values().next().unwrap()),
        scheme.clone(),
        set.clone(),
        issue.clone(),
        format!("{issue}/events"),
    ];
    let written = [&member, &contact, &scheme, &set, &issue];
    let mut before = Vec::new();
    for path in written {
        before.push(theirs.get(path).await.expect(200));
    }
    // then nobody of ours reads any of it
    for path in &seen {
        theirs.get(path).await.expect(200);
        centre.get(path).await.refused(404, "not_found");
    }
    // nor writes, though what they write is right
    let link = json!({ "contact_id": city.founded.contacts[0], "from": city.today() });
    let to = json!({ "sector_id": city.founded.sectors[0], "from": city.today() });
    let accept = json!({ "category": "roads", "urgency": "urgent" });
    centre.patch(&member, "*", json!({ "unit": "民营企业" })).await.refused(404, "not_found");
    centre.patch(&contact, "*", json!({ "unit": "育才社区" })).await.refused(404, "not_found");
    centre.act(&format!("{member}/contacts"), link).await.refused(404, "not_found");
    centre.act(&format!("{member}/sectors"), to).await.refused(404, "not_found");
    centre.patch(&issue, "*", json!({ "title": "改" })).await.refused(404, "not_found");
    centre.act(&format!("{issue}/accept"), accept).await.refused(404, "not_found");
    admin.act(&format!("{scheme}/publish"), json!({})).await.refused(404, "not_found");
    admin.act(&format!("{set}/publish"), json!({})).await.refused(404, "not_found");
    let head = centre.send(Method::HEAD, &issue, &[], None).await;
    assert_eq!((head.status.as_u16(), head.bytes.len()), (404, 0));
    for (path, before) in written.into_iter().zip(before) {
        assert_eq!(theirs.get(path).await.expect(200), before);
    }
    city.ended().await;
}
