//! How far the plans of a month are carried out, as its rows and its sums say.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::planned::path_of;
use crate::support::{Caller, City};

async fn rows(caller: &Caller, query: &str) -> Vec<Value> {
    let page = caller.get(&format!("/v1/plans/coverage?limit=200&{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

/// The row of a member or a sector.
fn row<'a>(rows: &'a [Value], by: &str, id: Uuid) -> Option<&'a Value> {
    rows.iter().find(|row| row[by] == json!(id))
}

fn month(city: &City, later: u32) -> String {
    format!("month={}", city.month(later).format("%Y-%m"))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_handed_in_counts_as_a_plan_and_only_what_counts_as_a_visit() {
    let city = City::start().await;
    let (centre, member) = (city.liaison_centre().await, city.member_id());
    let this = month(&city, 0);
    // given an approved plan without a visit, and somebody's empty draft
    let plan = city.approved_plan().await;
    let mut draft = city.plan_of("member", city.convener_id()).await;
    draft["items"] = json!([]);
    city.convener().await.post("/v1/plans", draft).await.expect(201);
    // then only the first has a plan, and neither has a visit
    let all = rows(&centre, &this).await;
    let planned = row(&all, "member_id", member).unwrap();
    assert_eq!(
        (&planned["plan_state"], &planned["members_without_plan"]),
        (&json!("approved"), &json!(0))
    );
    assert_eq!((&planned["planned_items"], &planned["done_items"]), (&json!(1), &json!(0)));
    let drafted = row(&all, "member_id", city.convener_id()).unwrap();
    assert_eq!(
        (&drafted["plan_state"], &drafted["members_without_plan"]),
        (&json!("draft"), &json!(1))
    );
    let without = rows(&centre, &format!("{this}&without_plan=true")).await;
    assert_eq!(without.len(), all.len() - 1);
    assert!(row(&without, "member_id", member).is_none());
    // and a visit is done until it is sent back
    let visit = path_of("visits", &city.visit(&plan).await);
    let unseen = format!("{this}&without_visit=true");
    assert_eq!(rows(&centre, &unseen).await.len(), all.len() - 1);
    let seen = rows(&centre, &this).await;
    let seen = row(&seen, "member_id", member).unwrap();
    assert_eq!((&seen["done_items"], &seen["members_without_visit"]), (&json!(1), &json!(0)));
    assert_eq!((&seen["channels_used"], &seen["channels_total"]), (&json!(1), &json!(5)));
    let why = json!({ "reason": "请补充" });
    city.convener().await.act(&format!("{visit}/send_back"), why).await.expect(200);
    assert_eq!(rows(&centre, &unseen).await.len(), all.len());
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_a_day_is_overdue_when_its_month_is_over() {
    let city = City::start().await;
    city.approved_plan().await;
    let row_of = async |month: String| {
        let all = rows(&city.liaison_centre().await, &month).await;
        row(&all, "member_id", city.member_id()).unwrap()["overdue_items"].clone()
    };
    assert_eq!(row_of(month(&city, 0)).await, json!(0));
    city.db_let_periods_be_over().await;
    let last = city.month(0).pred_opt().unwrap();
    assert_eq!(row_of(format!("month={}", last.format("%Y-%m"))).await, json!(1));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_counts_with_the_sector_of_the_month_and_their_plan_with_them() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let (first, second) = (city.founded.sectors[0], city.founded.sectors[1]);
    let plan = city.approved_plan().await;
    city.visit(&plan).await;
    // when the member goes to another sector from next month on
    let path = format!("/v1/members/{}/sectors", city.member_id());
    let body = json!({ "sector_id": second, "from": city.month(1) });
    city.caller("admin").await.act(&path, body).await.expect(200);
    // then this month is the first sector's still, and the next the second's
    let this = rows(&centre, &format!("{}&by=sector", month(&city, 0))).await;
    let old = row(&this, "sector_id", first).unwrap();
    assert_eq!(
        (&old["members"], &old["planned_items"], &old["done_items"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(
        (&old["members_without_plan"], &old["members_without_visit"]),
        (&json!(1), &json!(1))
    );
    let next = rows(&centre, &format!("{}&by=sector", month(&city, 1))).await;
    assert_eq!(row(&next, "sector_id", first).unwrap()["members"], json!(1));
    assert_eq!(row(&next, "sector_id", second).unwrap()["members"], json!(3));
    // and the convener of the first sees them in the one month and not in the other
    let convener = city.convener().await;
    let seen = rows(&convener, &month(&city, 0)).await;
    assert_eq!(row(&seen, "member_id", city.member_id()).unwrap()["sector_id"], json!(first));
    let seen = rows(&convener, &month(&city, 1)).await;
    assert!(row(&seen, "member_id", city.member_id()).is_none());
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asks_for_members_is_refused_together_with_sectors() {
    let city = City::start().await;
    let query = format!("{}&by=sector&without_plan=true&without_visit=false", month(&city, 0));
    let asked = city.member().await.get(&format!("/v1/plans/coverage?{query}")).await;
    asked.refused(400, "bad_query");
    assert_eq!(asked.pointers(), ["?without_plan", "?without_visit"]);
    city.ended().await;
}
