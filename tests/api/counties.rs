//! What a county's staff may refer to: their own county's people and organisations, and the city's.

use serde_json::{Value, json};

use crate::support::City;
use crate::support::planned::path_of;

/// A member of the county in which the county's account does not work.
async fn of_other_county(city: &City) -> Value {
    let mut body = city.new_member("M900");
    body["county_code"] = json!(city.other_county());
    city.liaison_centre().await.post("/v1/members", body).await.expect(201)["id"].clone()
}

/// An organisation of the county's own.
fn own(city: &City, kind: &str, code: &str, county: String) -> Value {
    let mut body = city.new_organization(kind, code);
    body["county_code"] = json!(county);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_countys_staff_join_nobody_of_another_county_to_their_own() {
    let city = City::start().await;
    let (county, today) = (city.caller("county").await, city.today());
    let stranger = of_other_county(&city).await;
    let unknown = |at| [(at, "reference_not_found")];
    // given a branch with a post and a sector with one, all of the county
    let branch = own(&city, "party_branch", "branch", city.county());
    let branch = county.post("/v1/organizations", branch).await.expect(201);
    let sector = own(&city, "sector", "sector", city.county());
    let sector = county.post("/v1/organizations", sector).await.expect(201);
    let post = json!({ "organization_id": sector["id"], "kind": "convener", "title": "召集人", "from": today });
    let post = county.post("/v1/posts", post).await.expect(201);
    // then a member of another county is not there, to be joined, to convene or to answer for an area
    let links = format!("{}/links", path_of("organizations", &branch));
    let join = json!({ "kind": "branch_member", "other_id": stranger, "from": today });
    county.post(&links, join.clone()).await.invalid(&unknown("/other_id"));
    let holders = format!("{}/holders", path_of("posts", &post));
    let hold = json!({ "member_id": stranger, "from": today });
    county.post(&holders, hold).await.invalid(&unknown("/member_id"));
    let area = json!({ "name": "片区", "division_code": city.county(), "holder_kind": "member",
        "holder_id": stranger, "from": today });
    county.post("/v1/areas", area).await.invalid(&unknown("/holder_id"));
    // nor does their own sector answer for an area there, whoever enters it
    let area = json!({ "name": "片区", "division_code": city.other_county(), "holder_kind": "sector",
        "holder_id": sector["id"], "from": today });
    for staff in [&county, &city.liaison_centre().await] {
        let refused = staff.post("/v1/areas", area.clone()).await;
        refused.invalid(&[("/division_code", "area_county")]);
    }
    // and their member does where the city's staff say so, not where they do
    let mut member = city.new_member("M901");
    member["county_code"] = json!(city.county());
    let member = city.liaison_centre().await.post("/v1/members", member).await.expect(201);
    let area = json!({ "name": "片区", "division_code": city.other_county(), "holder_kind": "member",
        "holder_id": member["id"], "from": today });
    let refused = county.post("/v1/areas", area.clone()).await;
    refused.invalid(&[("/division_code", "area_county")]);
    city.liaison_centre().await.post("/v1/areas", area).await.expect(201);
    // but for the city's staff they are, and the county's own member is for its staff
    city.liaison_centre().await.post(&links, join).await.expect(201);
    let hold = json!({ "member_id": city.member_id(), "from": today });
    county.post(&holders, hold).await.expect(201);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_countys_organisations_guide_hold_and_join_nothing() {
    let city = City::start().await;
    let (centre, county, other) =
        (city.liaison_centre().await, city.caller("county").await, city.other_county_staff().await);
    let made = async |kind: &str| {
        let body = own(&city, kind, kind, city.other_county());
        other.post("/v1/organizations", body).await.expect(201)["id"].clone()
    };
    let (committee, department) = (made("committee").await, made("department").await);
    let conference = made("county_conference").await;
    let sector = own(&city, "sector", "sector", city.county());
    let sector = county.post("/v1/organizations", sector).await.expect(201);
    // then to the staff of a county those of another are not there
    let guides = format!("{}/guidances", path_of("sectors", &sector));
    let guide = json!({ "committee_id": committee, "from": city.today() });
    let unknown = |at| [(at, "reference_not_found")];
    county.act(&guides, guide.clone()).await.invalid(&unknown("/committee_id"));
    let own_committee = own(&city, "committee", "committee", city.county());
    let own_committee = county.post("/v1/organizations", own_committee).await.expect(201);
    let path = path_of("organizations", &own_committee);
    let with =
        json!({ "kind": "counterpart_department", "other_id": department, "from": city.today() });
    county.post(&format!("{path}/links"), with).await.invalid(&unknown("/other_id"));
    let beneath = json!({ "parent_id": conference });
    county.patch(&path, "*", beneath).await.invalid(&unknown("/parent_id"));
    let mut beneath = own(&city, "committee", "second", city.county());
    beneath["parent_id"] = conference;
    county.post("/v1/organizations", beneath).await.invalid(&unknown("/parent_id"));
    // and a committee of a county guides no sector of another, or of the city, whoever says so
    centre.act(&guides, guide.clone()).await.invalid(&[("/committee_id", "committee_county")]);
    let citys = format!("/v1/sectors/{}/guidances", city.founded.sectors[0]);
    centre.act(&citys, guide).await.invalid(&[("/committee_id", "committee_county")]);
    city.ended().await;
}

/// A sector of the county's own, entered by its staff.
async fn own_sector(city: &City) -> Value {
    let mut body = own(city, "sector", "own_sector", city.county());
    body["from"] = json!("2025-01-01");
    city.caller("county").await.post("/v1/organizations", body).await.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_countys_staff_enter_members_into_their_own_sectors_and_change_nobody() {
    let city = City::start().await;
    let (county, other, today) =
        (city.caller("county").await, city.other_county_staff().await, city.today());
    let sector = own_sector(&city).await;
    let mut body = city.new_member("M900");
    body["county_code"] = json!(city.county());
    body["from"] = json!("2025-01-01");
    // a sector of the city's is not theirs to fill, another county is not theirs, nor is the city
    county.post("/v1/members", body.clone()).await.invalid(&[("/sector_id", "sector_county")]);
    let theirs = own(&city, "sector", "their_sector", city.other_county());
    let theirs = other.post("/v1/organizations", theirs).await.expect(201);
    let mut hidden = body.clone();
    hidden["sector_id"] = theirs["id"].clone();
    county.post("/v1/members", hidden).await.invalid(&[("/sector_id", "reference_not_found")]);
    body["sector_id"] = sector["id"].clone();
    let mut foreign = body.clone();
    foreign["county_code"] = json!(city.other_county());
    county.post("/v1/members", foreign.clone()).await.refused(403, "forbidden");
    foreign["county_code"] = Value::Null;
    county.post("/v1/members", foreign.clone()).await.refused(403, "forbidden");
    // and who is of no county sits in no county's sector, whoever says so
    let centre = city.liaison_centre().await;
    centre.post("/v1/members", foreign).await.invalid(&[("/sector_id", "sector_county")]);
    let move_there = json!({ "sector_id": sector["id"], "from": today });
    let citys = format!("/v1/members/{}/sectors", city.member_id());
    county.act(&citys, move_there.clone()).await.refused(403, "forbidden");
    // but into their own they enter them, and link them to contacts in the county
    let member = county.post("/v1/members", body).await.expect(201);
    let path = path_of("members", &member);
    let mut contact = city.new_contact("C900");
    contact["division_code"] = json!(city.county());
    let contact = county.post("/v1/contacts", contact).await.expect(201);
    let link = json!({ "contact_id": contact["id"], "from": today });
    county.post(&format!("{path}/contacts"), link.clone()).await.expect(201);
    let of_the_city = format!("/v1/members/{}/contacts", city.member_id());
    county.post(&of_the_city, link).await.refused(403, "forbidden");
    // what stands may be somebody else's too: they change it by an adjustment alone
    let unit = json!({ "unit": "新单位" });
    for path in [&path, &path_of("contacts", &contact)] {
        other.patch(path, "*", unit.clone()).await.refused(404, "not_found");
        county.patch(path, "*", unit.clone()).await.refused(403, "forbidden");
        let end = json!({ "until": today + chrono::Days::new(1) });
        county.act(&format!("{path}/end"), end).await.refused(403, "forbidden");
        let void = json!({ "reason": "entered_twice" });
        county.act(&format!("{path}/void"), void).await.refused(403, "forbidden");
    }
    let away =
        json!({ "sector_id": city.founded.sectors[0], "from": today + chrono::Days::new(1) });
    county.act(&format!("{path}/sectors"), away).await.refused(403, "forbidden");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_countys_contacts_stay_in_it_and_their_links_to_those_who_are_seen() {
    let city = City::start().await;
    let (county, centre, today) =
        (city.caller("county").await, city.liaison_centre().await, city.today());
    let mut elsewhere = city.new_contact("C901");
    elsewhere["division_code"] = json!(city.other_county());
    county.post("/v1/contacts", elsewhere.clone()).await.refused(403, "forbidden");
    let hidden = centre.post("/v1/contacts", elsewhere).await.expect(201);
    let mut body = city.new_contact("C900");
    body["division_code"] = json!(city.county());
    county.post("/v1/contacts", body).await.expect(201);
    // a contact in another county is not there for them to be linked
    let mut member = city.new_member("M900");
    member["county_code"] = json!(city.county());
    member["sector_id"] = own_sector(&city).await["id"].clone();
    let member = county.post("/v1/members", member).await.expect(201);
    let links = format!("{}/contacts", path_of("members", &member));
    let link = json!({ "contact_id": hidden["id"], "from": today });
    county.post(&links, link).await.invalid(&[("/contact_id", "reference_not_found")]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_of_a_countys_branch_are_linked_outside_the_party_by_its_staff() {
    let city = City::start().await;
    let (county, today) = (city.caller("county").await, city.today());
    let mut body = city.new_member("M902");
    body["county_code"] = json!(city.county());
    let outside = city.liaison_centre().await.post("/v1/members", body).await.expect(201);
    let lead = format!("/v1/members/{}/party-links", city.member_id());
    let link = json!({ "member_id": outside["id"], "from": today });
    county.post(&lead, link.clone()).await.refused(403, "forbidden");
    // given the member in a branch of the county's own
    let branch = own(&city, "party_branch", "branch", city.county());
    let branch = county.post("/v1/organizations", branch).await.expect(201);
    let links = format!("{}/links", path_of("organizations", &branch));
    let join = json!({ "kind": "branch_member", "other_id": city.member_id(), "from": today });
    county.post(&links, join).await.expect(201);
    // then its staff say with whom they keep in touch, among those whom the staff see
    let stranger = json!({ "member_id": of_other_county(&city).await, "from": today });
    county.post(&lead, stranger).await.invalid(&[("/member_id", "reference_not_found")]);
    let link = county.post(&lead, link).await.expect(201);
    let void = format!("{lead}/{}/void", link["id"].as_str().unwrap());
    county.act(&void, json!({ "reason": "entered_twice" })).await.expect(200);
    city.ended().await;
}
