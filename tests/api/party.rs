//! Party members and whom they keep in touch with, as either of them comes and goes.

use serde_json::json;

use crate::support::City;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn no_party_link_outlives_who_leaves_while_it_is_made() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let tomorrow = today + chrono::Days::new(1);
    let branch = city.organization("party_branch", "first", None).await;
    let branch = format!("{}/links", path_of("organizations", &branch));
    let party = city.founded.members[2];
    let join = json!({ "kind": "branch_member", "other_id": party, "from": today });
    centre.post(&branch, join).await.expect(201);
    for outside in &city.founded.members[3..19] {
        // when a link to a member is made while their term ends
        let link = json!({ "member_id": outside, "from": today });
        let (leads, ends) =
            (format!("/v1/members/{party}/party-links"), format!("/v1/members/{outside}/end"));
        let (made, ended) = tokio::join!(
            centre.post(&leads, link),
            centre.act(&ends, json!({ "until": tomorrow })),
        );
        ended.expect(200);
        made.expect(201);
        // then no link goes on without them
        let links = centre.get(&format!("/v1/members/{outside}/party-links")).await.expect(200);
        for link in links["data"].as_array().unwrap() {
            assert_eq!(link["until"], json!(tomorrow), "{link}");
        }
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_own_links_name_their_branch_and_the_committees_they_answer_for() {
    let city = City::start().await;
    let (centre, today, member) = (city.liaison_centre().await, city.today(), city.member_id());
    let branch = city.organization("party_branch", "first", None).await;
    let join = json!({ "kind": "branch_member", "other_id": member, "from": today });
    let links = format!("{}/links", path_of("organizations", &branch));
    centre.post(&links, join).await.expect(201);
    let meeting = city.organization("chair_meeting", "chair", None).await;
    let post = json!({ "organization_id": meeting["id"], "kind": "vice_chair", "title": "副主席", "from": today });
    let post = path_of("posts", &centre.post("/v1/posts", post).await.expect(201));
    let hold = json!({ "member_id": member, "from": today });
    centre.post(&format!("{post}/holders"), hold).await.expect(201);
    let committee = city.founded.committees[1];
    let join = json!({ "kind": "chair_member", "other_id": member, "from": today });
    centre.post(&format!("/v1/organizations/{committee}/links"), join).await.expect(201);
    // then the member, the county and the centre read both, and the convener no branch
    let list = format!("/v1/members/{member}/links?as_of={today}&kind=");
    for (name, branches) in [("member", 1), ("county", 1), ("liaison", 1), ("convener", 0)] {
        let reader = city.caller(name).await;
        let read = reader.get(&format!("{list}branch&count=exact")).await.expect(200);
        assert_eq!(read["total"], json!(branches), "{name}");
        if branches > 0 {
            assert_eq!(read["data"][0]["other_id"], branch["id"], "{name}");
        }
        let read = reader.get(&format!("{list}chair_committee")).await.expect(200);
        assert_eq!(read["data"][0]["other_id"], json!(committee), "{name}");
        assert_eq!(read["data"][0]["member_id"], json!(member), "{name}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_branch_keeps_in_touch_for_the_party_no_more() {
    let city = City::start().await;
    let (centre, today) = (city.liaison_centre().await, city.today());
    let day = |days| today + chrono::Days::new(days);
    let branch = city.organization("party_branch", "first", None).await;
    let branch = format!("{}/links", path_of("organizations", &branch));
    let [party, outside, third] = [2, 3, 4].map(|n| city.founded.members[n]);
    let join = |who, from| json!({ "kind": "branch_member", "other_id": who, "from": from });
    // given a party member of a branch who keeps in touch with two, one of them from the tenth day on
    let place = centre.post(&branch, join(party, today)).await.expect(201);
    let leads = format!("/v1/members/{party}/party-links");
    for (who, from) in [(outside, today), (third, day(10))] {
        centre.post(&leads, json!({ "member_id": who, "from": from })).await.expect(201);
    }
    let coverage = async |days| {
        let read = format!("/v1/party-links/coverage?as_of={}", day(days));
        let figures = centre.get(&read).await.expect(200);
        ["leading", "led"].map(|name| figures[name].as_i64().unwrap())
    };
    assert_eq!((coverage(0).await, coverage(10).await), ([1, 1], [1, 2]));
    // when they leave the branch on the sixth
    let end = format!("{branch}/{}/end", place["id"].as_str().unwrap());
    centre.act(&end, json!({ "until": day(5) })).await.expect(200);
    // then the one link ends that day, the other was never, and a new one is refused
    let links = centre.get(&leads).await.expect(200)["data"].clone();
    assert!(links[0]["voided_at"].is_string() && links[1]["voided_at"].is_null(), "{links}");
    assert_eq!(links[1]["until"], json!(day(5)));
    assert_eq!((coverage(4).await, coverage(10).await), ([1, 1], [0, 0]));
    let late = centre.post(&leads, json!({ "member_id": third, "from": day(5) })).await;
    late.refused(409, "transition_not_allowed");
    // and whom they keep in touch with counts for nobody once in a branch themselves
    centre.post(&branch, join(outside, day(2))).await.expect(201);
    assert_eq!((coverage(1).await, coverage(2).await), ([1, 1], [0, 0]));
    city.ended().await;
}
