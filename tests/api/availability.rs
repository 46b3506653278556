//! The database goes and comes back; the server stays.

use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;

use crate::support::{City, admin};

async fn let_in(city: &City, allowed: bool) {
    let name = &city.database.name;
    admin(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}")).await;
    admin(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_are_told_to_come_back_while_the_database_is_away_and_all_is_as_before_after() {
    // given a caller whose token is known, and a server that has served them
    let city = City::start().await;
    let member = city.member().await;
    let plan = city.draft_plan().await;
    let path = format!("/v1/plans/{}", plan["id"].as_str().unwrap());
    member.get(&path).await.expect(200);
    // when every connection breaks and none can be made
    let_in(&city, false).await;
    // then reads and writes are refused with a time to come back, and readiness says so too
    for _ in 0..4 {
        for reply in
            [member.get(&path).await, member.act(&format!("{path}/submit"), json!({})).await]
        {
            reply.refused(503, "unavailable");
            let wait: u32 = reply.header("retry-after").parse().expect("seconds");
            assert!((1..=60).contains(&wait), "{wait}");
        }
    }
    city.anybody().get("/readyz").await.expect(503);
    city.anybody().get("/livez").await.expect(200);
    // and when it is back, the same server answers as before, and what was refused can be done
    let_in(&city, true).await;
    let mut tries = 0;
    while member.get(&path).await.status != 200 {
        tries += 1;
        assert!(tries < 50, "it did not heal");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let plan = member.act(&format!("{path}/submit"), json!({})).await.expect(200);
    assert_eq!(plan["state"], "submitted");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_at_once_are_made_anew() {
    let city = City::start().await;
    let member = city.member().await;
    let list = "/v1/plans?limit=1";
    member.get(list).await.expect(200);
    for _ in 0..5 {
        let_in(&city, true).await;
        // The first to find out is told to come back; the next is served.
        let first = member.get(list).await.status;
        assert!(first == 200 || first == 503, "{first}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        member.get(list).await.expect(200);
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_reports_hold_up_no_other_read() {
    // given reports that keep every connection of theirs busy for longer than this test lasts
    let city = City::start().await;
    let liaison = city.liaison_centre().await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut report = city.server.journal.db.report().await.unwrap();
        let conn: &mut AsyncPgConnection = &mut report;
        conn.batch_execute("SET statement_timeout = 0").await.unwrap();
        slow.push(tokio::spawn(async move {
            diesel::sql_query("SELECT pg_sleep(120)").execute(&mut report).await.is_ok()
        }));
    }
    // when people read and write meanwhile
    let issue = city.dispatched_issue(&["receiver"]).await;
    let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
    for _ in 0..50 {
        liaison.get(&path).await.expect(200);
        liaison.get("/v1/issues?limit=5").await.expect(200);
    }
    // then they are answered while the reports still run, and only another report is put off
    assert!(slow.iter().all(|task| !task.is_finished()));
    let put_off = liaison.get("/v1/statistics").await;
    put_off.refused(503, "unavailable");
    assert!(!put_off.header("retry-after").is_empty());
    let_in(&city, true).await;
    for task in slow {
        assert!(!task.await.unwrap(), "it was ended, not over");
    }
    city.ended().await;
}
