//! Who is in the party group and in the activity groups, on each day.

use chrono::Days;
use serde_json::json;

use crate::support::City;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_in_several_groups_on_their_days_and_leaves_them_with_the_conference() {
    let city = City::start().await;
    let (centre, today, member) = (city.liaison_centre().await, city.today(), city.member_id());
    let join = |from| json!({ "kind": "group_member", "other_id": member, "from": from });
    // given the member in the party group and, from tomorrow, in an activity group
    let party = city.organization("party_group", "party", None).await;
    let group = city.organization("group", "group", None).await;
    let [party, group] = [&party, &group].map(|one| path_of("organizations", one) + "/links");
    centre.post(&party, join(today)).await.expect(201);
    let link = centre.post(&group, join(today + Days::new(1))).await.expect(201);
    centre.post(&group, join(today + Days::new(2))).await.refused(409, "overlap");
    // then each day tells who is in it, from the group's end and from the member's
    let count =
        async |path: String| centre.get(&path).await.expect(200)["data"].as_array().unwrap().len();
    for (days, there) in [(0, 0), (1, 1), (9, 1)] {
        let day = today + Days::new(days);
        assert_eq!(count(format!("{group}?kind=group_member&as_of={day}")).await, there);
        let own = format!("/v1/members/{member}/links?kind=group&as_of={day}");
        assert_eq!(count(own).await, there + 1);
    }
    // which is for those to read who see the city's members, and for the member
    city.caller("convener").await.get(&party).await.refused(403, "forbidden");
    let own = format!("/v1/members/{member}/links?kind=group");
    assert_eq!(
        city.member().await.get(&own).await.expect(200)["data"].as_array().unwrap().len(),
        2
    );
    let told = city.convener().await.get(&own).await.expect(200);
    assert_eq!(told["data"], json!([]));
    // a sector's members are no group's, nor has a committee any
    let committee = format!("/v1/organizations/{}/links", city.founded.committees[0]);
    centre.post(&committee, join(today)).await.invalid(&[("/kind", "link_kind")]);
    // when the member leaves, so do they leave the groups; what had not begun is voided
    let until = json!({ "until": today + Days::new(1) });
    centre.act(&format!("/v1/members/{member}/end"), until).await.expect(200);
    let later = today + Days::new(5);
    assert_eq!(count(format!("{party}?as_of={later}")).await, 0);
    let links = centre.get(&group).await.expect(200);
    assert_eq!(links["data"][0]["id"], link["id"]);
    assert!(links["data"][0]["voided_at"].is_string(), "{links}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sectors_are_listed_by_who_guides_them_and_posts_by_who_holds_them_that_day() {
    let city = City::start().await;
    let (centre, today, committee) =
        (city.liaison_centre().await, city.today(), city.founded.committees[1]);
    let later = today + Days::new(3);
    let sector = city.founded.sectors[0];
    let guide = json!({ "committee_id": committee, "from": later });
    centre.act(&format!("/v1/sectors/{sector}/guidances"), guide).await.expect(200);
    let guided = async |day| {
        let list = format!("/v1/sectors?committee_id={committee}&as_of={day}&limit=200");
        let list = centre.get(&list).await.expect(200)["data"].as_array().unwrap().clone();
        assert!(list.iter().all(|one| one["committee_id"] == json!(committee)));
        list.iter().filter(|one| one["id"] == json!(sector)).count()
    };
    assert_eq!((guided(today).await, guided(later).await), (0, 1));
    // and the posts that a convener holds are those of their sector
    let sector = centre.get(&format!("/v1/sectors/{sector}")).await.expect(200);
    let holder = sector["convener_id"].as_str().unwrap();
    let posts = centre.get(&format!("/v1/posts?member_id={holder}")).await.expect(200);
    assert_eq!(posts["data"].as_array().unwrap().len(), 1);
    assert_eq!(posts["data"][0]["organization_id"], sector["id"]);
    let before = centre.get(&format!("/v1/posts?member_id={holder}&as_of=1999-01-01")).await;
    assert_eq!(before.expect(200)["data"], json!([]));
    for list in ["committees", "sectors", "departments", "posts"] {
        let none = centre.get(&format!("/v1/{list}?county_code={}", city.county())).await;
        assert_eq!(none.expect(200)["data"], json!([]), "{list}");
    }
    city.ended().await;
}
