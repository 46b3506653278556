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
