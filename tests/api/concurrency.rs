//! Many at once, and again: one effect each.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::City;

async fn count(city: &City, query: &str) -> i64 {
    let (client, connection) =
        tokio_postgres::connect(&city.database.owner_url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_parallel_dispatches_give_one_dispatch_and_forty_nine_clean_refusals() {
    let city = City::start().await;
    // given an accepted issue
    let issue = city.accepted_issue().await;
    let liaison = city.liaison_centre().await;
    let path = format!("/v1/issues/{}/dispatch", issue["id"].as_str().unwrap());
    let body = json!({ "shape": "sole", "assignments": [{ "department_id": city.department_id("receiver").await }] });
    // when fifty clients dispatch it at once
    let replies = join_all((0..50).map(|_| liaison.act(&path, body.clone()))).await;
    // then one did, and the others were told why not
    let won = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(won, 1);
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        let problem = reply.refused(409, "transition_not_allowed");
        assert_eq!(problem["state"], "in_handling");
    }
    assert_eq!(count(&city, "SELECT count(*) FROM assignments").await, 1);
    city.ended().await;
}

/// Brings the assignments of `receivers` to where only the head's signature is missing.
async fn ready_to_sign(city: &City, people: &[(&str, &str, &str)]) -> (Value, Vec<String>) {
    let receivers: Vec<&str> = people.iter().map(|(receiver, _, _)| *receiver).collect();
    let issue = city.dispatched_issue(&receivers).await;
    let mut works = Vec::new();
    for (receiver, handler, _) in people {
        let mine = city
            .department(receiver)
            .await
            .get("/v1/assignments?state=pending_sign")
            .await
            .expect(200);
        let work = format!("/v1/assignments/{}", mine["data"][0]["id"].as_str().unwrap());
        city.department(receiver)
            .await
            .act(&format!("{work}/sign_in"), json!({}))
            .await
            .expect(200);
        let draft = json!({ "result_class": "a", "body": "已办理。", "contact_mode": "phone" });
        city.department(handler).await.act(&format!("{work}/draft_reply"), draft).await.expect(200);
        works.push(work);
    }
    (issue, works)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_departments_replying_at_once_bring_the_issue_to_review_exactly_once() {
    let city = City::start().await;
    let people = [("receiver", "handler", "head"), ("receiver2", "handler2", "head2")];
    let (issue, works) = ready_to_sign(&city, &people).await;
    let (one, two) = (city.department("head").await, city.department("head2").await);
    // when both heads sign at the same instant
    let (path_one, path_two) = (format!("{}/reply", works[0]), format!("{}/reply", works[1]));
    let (a, b) = tokio::join!(one.act(&path_one, json!({})), two.act(&path_two, json!({})));
    a.expect(200);
    b.expect(200);
    // then the issue went to review once
    let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
    assert_eq!(city.liaison_centre().await.get(&path).await.expect(200)["state"], "reply_review");
    assert_eq!(
        count(&city, "SELECT count(*) FROM journal WHERE kind = 'issue.all_replied'").await,
        1
    );
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_retried_with_its_key_gives_one_row_and_the_stored_answer() {
    let city = City::start().await;
    let member = city.member().await;
    let body = json!({ "title": "路面塌陷", "body": "需要修复。", "category": "roads", "urgency": "urgent",
        "channel": "app", "division_code": "230403", "reporter": {} }).to_string().into_bytes();
    let key = [("idempotency-key", "\"cut-connection-1\"")];
    // given a connection that was cut before the answer arrived
    {
        use tokio::io::AsyncWriteExt;
        let mut stream = tokio::net::TcpStream::connect(city.server.address).await.unwrap();
        let head = format!(
            "POST /v1/issues HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: \"cut-connection-1\"\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            member.token.as_ref().unwrap(),
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
    }
    // and whose request was carried out all the same
    let mut looks = 0;
    while member.get("/v1/issues?count=exact").await.expect(200)["total"] != 1 {
        looks += 1;
        assert!(looks < 200, "the request that nobody waited for was not carried out");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // when it is sent again, twice
    let first = member.send(Method::POST, "/v1/issues", &key, Some(body.clone())).await;
    let second = member.send(Method::POST, "/v1/issues", &key, Some(body)).await;
    // then there is one row, and both are the stored answer byte for byte
    first.expect(201);
    assert_eq!(first.header("idempotency-replayed"), "true");
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(first.header("etag"), second.header("etag"));
    assert_eq!(count(&city, "SELECT count(*) FROM issues").await, 1);
    // and the same key with another body is refused
    let other = json!({ "title": "井盖缺失", "body": "需要修复。", "category": "roads", "urgency": "urgent",
        "channel": "app", "division_code": "230403", "reporter": {} });
    let other = Some(other.to_string().into_bytes());
    let other = member.send(Method::POST, "/v1/issues", &key, other).await;
    other.refused(422, "idempotency_key_reused");
    assert_eq!(count(&city, "SELECT count(*) FROM issues").await, 1);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transition_retried_with_its_old_version_gives_one_effect_and_the_stored_answer() {
    let city = City::start().await;
    let issue = city.submitted_issue(None).await;
    let liaison = city.liaison_centre().await;
    let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
    let tag = liaison.get(&path).await.header("etag").to_owned();
    let body = json!({ "category": "roads", "urgency": "consult_help" }).to_string().into_bytes();
    let headers = [("if-match", tag.as_str()), ("idempotency-key", "accept-1")];
    let accept = format!("{path}/accept");
    let first = liaison.send(Method::POST, &accept, &headers, Some(body.clone())).await;
    let again = liaison.send(Method::POST, &accept, &headers, Some(body.clone())).await;
    first.expect(200);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), "true");
    // without the key, the old version is stale
    let stale = liaison.send(Method::POST, &accept, &headers[..1], Some(body)).await;
    stale.refused(412, "stale");
    assert_eq!(count(&city, "SELECT count(*) FROM journal WHERE kind = 'issue.accepted'").await, 1);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_acceptances_number_the_ledger_without_gap_or_double() {
    let city = City::start().await;
    let mut paths = Vec::new();
    for _ in 0..12 {
        let issue = city.submitted_issue(None).await;
        paths.push(format!("/v1/issues/{}/accept", issue["id"].as_str().unwrap()));
    }
    let liaison = city.liaison_centre().await;
    let body = json!({ "category": "roads", "urgency": "urgent" });
    let replies = join_all(paths.iter().map(|path| liaison.act(path, body.clone()))).await;
    let mut numbers: Vec<i64> =
        replies.iter().map(|r| r.expect(200)["ledger_number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    city.ended().await;
}
