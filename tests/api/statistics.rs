//! Every figure is the number of the rows that its query lists.

use serde_json::{Value, json};

use crate::support::{Caller, City};

/// Takes the issue at `path` from dispatch to the answer of the person.
async fn answered(city: &City, liaison: &Caller, issue: &Value, satisfaction: &str) {
    let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
    let work = &issue["assignments"][0]["id"];
    let work = format!("/v1/assignments/{}", work.as_str().unwrap_or_else(|| panic!("{issue}")));
    city.department("receiver").await.act(&format!("{work}/sign_in"), json!({})).await.expect(200);
    let draft = json!({ "result_class": "a", "body": "已办。", "contact_mode": "phone" });
    let handler = city.department("handler").await;
    handler.act(&format!("{work}/draft_reply"), draft).await.expect(200);
    city.department("head").await.act(&format!("{work}/reply"), json!({})).await.expect(200);
    liaison.act(&format!("{path}/pass"), json!({})).await.expect(200);
    let mut answer = json!({ "solved": satisfaction == "satisfied", "satisfaction": satisfaction });
    if satisfaction == "dissatisfied" {
        answer["cause"] = json!("objective");
    }
    liaison.act(&format!("{path}/answer_feedback"), answer).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_counts_the_rows_that_its_query_lists() {
    // given issues in several states, visits that count and one that does not, and windows and work
    // orders that are over by the time somebody asks
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let plan = city.approved_plan().await;
    let visit = city.visit(&plan).await;
    city.visit(&plan).await;
    let void = format!("/v1/visits/{}/void", visit["id"].as_str().unwrap());
    city.member().await.act(&void, json!({ "reason": "重复" })).await.expect(200);
    city.submitted_issue(None).await;
    city.dispatched_issue(&["receiver", "receiver2"]).await;
    for said in ["satisfied", "dissatisfied"] {
        let issue = city.dispatched_issue(&["receiver"]).await;
        answered(&city, &liaison, &issue, said).await;
    }
    let issue = city.dispatched_issue(&["receiver"]).await;
    let withdraw = format!("/v1/issues/{}/withdraw", issue["id"].as_str().unwrap());
    liaison.act(&withdraw, json!({ "reason": "误报" })).await.expect(200);
    // and a member and a contact who are still to come
    let mut later = city.new_member("M900");
    later["from"] = json!("2099-01-01");
    liaison.post("/v1/members", later).await.expect(201);
    let later = json!({ "name": "联系人", "number": "C900", "category": "village", "unit": "幸福村",
        "division_code": "230403", "from": "2099-01-01" });
    liaison.post("/v1/contacts", later).await.expect(201);
    city.db_move_deadlines_back(60).await;
    // when the year is counted
    let today = lianxin::workdays::local_date(city.server.journal.clock.now());
    let from = today - chrono::Duration::days(200);
    let until = today + chrono::Duration::days(1);
    let path = format!("/v1/statistics?from={from}&until={until}");
    let statistics = liaison.get(&path).await.expect(200);
    // then each number is that of its rows, and each rate divides by them
    let figures = statistics["figures"].as_array().unwrap();
    let mut seen = 0;
    for figure in figures {
        let code = figure["code"].as_str().unwrap();
        if code.starts_with("sectors_per_committee") {
            continue; // the least and the most of a grouping, not a number of rows
        }
        let rows = figure["rows"].as_str().unwrap();
        let join = if rows.contains('?') { '&' } else { '?' };
        let list = liaison.get(&format!("{rows}{join}count=exact&limit=200")).await.expect(200);
        let expected = figure.get("denominator").unwrap_or(&figure["value"]);
        assert_eq!(&list["total"], expected, "{code}: {rows}");
        assert_eq!(list["data"].as_array().unwrap().len(), list["total"], "{code}: {rows}");
        if let Some(narrowed) = figure["numerator_rows"].as_str() {
            let list = liaison.get(&format!("{narrowed}&count=exact&limit=1")).await.expect(200);
            assert_eq!(list["total"], figure["numerator"], "{code}: {narrowed}");
        }
        seen += expected.as_i64().unwrap().min(1);
    }
    assert!(seen > 15, "most figures count something here: {statistics}");
    let value =
        |code: &str| figures.iter().find(|one| one["code"] == code).unwrap()["value"].clone();
    assert_eq!(value("satisfaction_rate"), json!("0.5000"));
    assert_eq!(value("assignments_due"), json!(4), "the recalled one is nobody's failure");
    assert_eq!(value("visits"), json!(1));
    assert_eq!(value("issues_transferred"), json!(4));
    city.ended().await;
}
