//! How everything is read: entity tags, HEAD, and walks over lists while others write.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Caller, City};

fn ids(page: &Value) -> Vec<String> {
    let rows = page["data"].as_array().unwrap_or_else(|| panic!("no list: {page}"));
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of a list from its first page to its last, and the total that the first page tells.
async fn walk(caller: &Caller, list: &str, limit: usize) -> (Vec<String>, Value) {
    let first = format!("{list}?limit={limit}&count=exact");
    let mut page = caller.get(&first).await.expect(200);
    let (mut walked, total) = (ids(&page), page["total"].clone());
    while let Some(next) = page["next"].as_str() {
        page = caller.get(&format!("{list}?limit={limit}&cursor={next}")).await.expect(200);
        assert!(page.get("total").is_none(), "{page}");
        walked.extend(ids(&page));
    }
    (walked, total)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_post_answers_is_what_a_get_answers_with_the_same_tag() {
    let city = City::start().await;
    let (member, centre, admin) =
        (city.member().await, city.liaison_centre().await, city.caller("admin").await);
    let visit = city.visit_of(&city.approved_plan().await);
    let mut plan = city.plan_of("member", city.member_id()).await;
    plan["period_start"] = json!(city.month(1));
    let issue = json!({ "title": "小区路灯不亮", "body": "三盏路灯不亮。", "category": "roads",
        "urgency": "urgent", "channel": "app", "division_code": "230403",
        "reporter": { "name": "张三", "phone": "13812345678" } });
    let scheme = json!({ "kind": "1158", "name": "草案", "description": "", "from": "2030-01-01",
        "channels": [], "must_visits": [] });
    let made = [
        (&centre, "/v1/members", city.new_member("M901")),
        (&centre, "/v1/contacts", city.new_contact("C901")),
        (&member, "/v1/plans", plan),
        (&member, "/v1/visits", visit),
        (&member, "/v1/issues", issue),
        (&admin, "/v1/schemes", scheme),
    ];
    for (caller, list, body) in made {
        let made = caller.post(list, body).await;
        let object = made.expect(201);
        let path = made.header("location");
        assert_eq!(path, format!("{list}/{}", object["id"].as_str().unwrap()));
        assert!(made.header("etag").starts_with("\"1."), "{list}: {}", made.header("etag"));
        let read = caller.get(path).await;
        assert_eq!(read.expect(200), object);
        assert_eq!(read.bytes, made.bytes, "{path}");
        assert_eq!(read.header("etag"), made.header("etag"), "{path}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_answered_without_a_body_until_it_changes() {
    let city = City::start().await;
    let (centre, convener) = (city.liaison_centre().await, city.convener().await);
    let member = format!("/v1/members/{}", city.member_id());
    centre.patch(&member, "*", json!({ "phone": "13800001234" })).await.expect(200);
    for path in [member.as_str(), "/v1/members?limit=5", "/v1/chain", "/v1/workdays?year=2026"] {
        let first = centre.get(path).await;
        first.expect(200);
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.len() > 2, "{path}: {tag}");
        // when it is asked for again by its tag, alone, as a weak one or among others
        for seen in [tag.to_owned(), format!("W/{tag}"), format!("\"0.x\", {tag}")] {
            for method in [Method::GET, Method::HEAD] {
                let again = [("if-none-match", seen.as_str())];
                let again = centre.send(method, path, &again, None).await;
                // then there is nothing new
                assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0), "{path} {seen}");
                assert_eq!(again.header("etag"), tag, "{path}");
            }
        }
        // and by another tag it is told
        let other = [("if-none-match", "\"1.0123456789abcdef\"")];
        let other = centre.send(Method::GET, path, &other, None).await;
        other.expect(200);
        assert_eq!(other.bytes, first.bytes, "{path}");
    }
    // A tag is of what one reader sees: the convener sees a masked phone.
    let first = centre.get(&member).await;
    let seen = [("if-none-match", first.header("etag"))];
    let masked = convener.send(Method::GET, &member, &seen, None).await;
    assert_eq!(masked.expect(200)["phone"], "138****1234");
    // when it changes, then the old tag says so
    centre.patch(&member, first.header("etag"), json!({ "unit": null })).await.expect(200);
    let changed = centre.send(Method::GET, &member, &seen, None).await;
    assert_eq!(changed.expect(200)["unit"], json!(null));
    assert_ne!(changed.header("etag"), first.header("etag"));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_there_is_get_there_is_head_which_answers_the_same_without_a_body() {
    // given one object of each kind, and a feed that has come to rest
    let city = City::start().await;
    let objects = city.one_of_each().await;
    let centre = city.liaison_centre().await;
    city.server.journal.drain().await.unwrap();
    let doc = lianxin::http::document().unwrap();
    let mut asked = 0;
    for (pattern, item) in doc["paths"].as_object().unwrap() {
        // What watches the server answers otherwise each time.
        let watched = matches!(pattern.as_str(), "/metrics" | "/livez" | "/readyz");
        if watched || item.get("get").is_none() {
            continue;
        }
        let query = match pattern.as_str() {
            "/v1/plans/coverage" => format!("?month={}", city.month(0).format("%Y-%m")),
            "/v1/workdays" => "?year=2026".to_owned(),
            "/v1/open-work" => format!("?member_id={}", city.member_id()),
            _ => String::new(),
        };
        let path = format!("{}{query}", objects.fill(pattern));
        // when both are asked
        let get = centre.get(&path).await;
        let head = centre.send(Method::HEAD, &path, &[], None).await;
        // then only the body is missing
        get.expect(200);
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0), "{path}");
        for name in ["content-type", "content-length", "etag", "link", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
        asked += 1;
    }
    assert!(asked > 30, "only {asked}");
    let nowhere = centre.send(Method::HEAD, "/v1/issues?limit=0", &[], None).await;
    assert_eq!((nowhere.status.as_u16(), nowhere.bytes.len()), (400, 0));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_gives_each_row_once_while_newer_ones_come_in() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given twenty-five contacts, twenty of them of one instant
    let mut there: HashSet<String> =
        city.founded.contacts.iter().map(|id| id.to_string()).collect();
    for n in 0..5 {
        let body = city.new_contact(&format!("C90{n}"));
        let made = centre.post("/v1/contacts", body).await.expect(201);
        there.insert(made["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(there.len(), 25);
    // when they are walked, newest first, and one comes in after each page
    let list = "/v1/contacts?limit=7&count=exact";
    let (mut path, mut walked, mut sizes) = (list.to_owned(), Vec::new(), Vec::new());
    loop {
        let page = centre.get(&path).await;
        let said = page.expect(200);
        assert_eq!(said["total"], json!(25 + sizes.len()));
        sizes.push(said["data"].as_array().unwrap().len());
        walked.extend(ids(&said));
        let body = city.new_contact(&format!("C91{}", sizes.len()));
        centre.post("/v1/contacts", body).await.expect(201);
        // The header says what the body says.
        let Some(next) = said["next"].as_str() else {
            assert_eq!(page.header("link"), "");
            break;
        };
        path = format!("{list}&cursor={next}");
        assert_eq!(page.header("link"), format!("<{path}>; rel=\"next\""));
    }
    // then each that was there is given once
    assert_eq!(sizes, [7, 7, 7, 4]);
    assert_eq!(walked.len(), 25);
    assert_eq!(walked.into_iter().collect::<HashSet<_>>(), there);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_from_the_oldest_on_meets_what_comes_in_at_its_end() {
    let city = City::start().await;
    let member = city.member().await;
    let write = async || {
        let body = json!({ "title": "噪声", "body": "夜间施工。", "category": "roads",
            "urgency": "urgent", "channel": "app", "division_code": "230403" });
        let made = member.post("/v1/issues", body).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    // given fifteen issues
    let mut made = Vec::new();
    for _ in 0..15 {
        made.push(write().await);
    }
    // when they are walked, oldest first, and one comes in after each page but the last
    let list = "/v1/issues?sort=created_at&limit=7";
    let (mut page, mut walked) = (member.get(list).await.expect(200), Vec::new());
    loop {
        walked.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        made.push(write().await);
        page = member.get(&format!("{list}&cursor={next}")).await.expect(200);
    }
    // then the walk gives all, in the order in which they were written down
    assert_eq!(made.len(), 17);
    assert_eq!(walked, made);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_serves_only_the_query_it_came_from() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let first = centre.get("/v1/contacts?limit=7").await.expect(200);
    let cursor = first["next"].as_str().unwrap();
    // then another filter, another order and another list refuse it
    for list in [
        "/v1/contacts?limit=7&category=community",
        "/v1/contacts?limit=7&county_code=230403",
        "/v1/members?limit=7",
        "/v1/members?limit=7&sort=created_at",
    ] {
        let reply = centre.get(&format!("{list}&cursor={cursor}")).await;
        assert_eq!(reply.refused(400, "bad_cursor")["errors"], json!([]));
    }
    let sorted = centre.get("/v1/members?limit=7&sort=created_at").await.expect(200);
    let sorted = format!("/v1/members?limit=7&cursor={}", sorted["next"].as_str().unwrap());
    centre.get(&sorted).await.refused(400, "bad_cursor");
    // and the size of a page may change on the way
    let rest = format!("/v1/contacts?limit=200&cursor={cursor}");
    let rest = centre.get(&rest).await.expect(200);
    assert_eq!(rest["next"], json!(null));
    let all: HashSet<_> = ids(&first).into_iter().chain(ids(&rest)).collect();
    let there: HashSet<_> = city.founded.contacts.iter().map(|id| id.to_string()).collect();
    assert_eq!(all, there);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exact_count_is_the_number_of_rows_that_are_walked_whatever_somebody_sees() {
    let city = City::start().await;
    let mut seen = Vec::new();
    for name in ["liaison", "committee", "county", "convener", "member"] {
        let caller = city.caller(name).await;
        for list in ["/v1/members", "/v1/contacts"] {
            // when somebody walks what they see, three rows a page
            let (walked, total) = walk(&caller, list, 3).await;
            // then each is there once, and as many as was said
            assert_eq!(walked.iter().collect::<HashSet<_>>().len(), walked.len(), "{name} {list}");
            assert_eq!(total, json!(walked.len()), "{name} {list}");
            assert!(!walked.is_empty(), "{name} {list}");
            seen.push((name, list, walked.len()));
        }
    }
    let count = |who: &str, what: &str| {
        seen.iter().find(|(name, list, _)| (*name, *list) == (who, what)).unwrap().2
    };
    // The whole city, a sector of two members, and oneself.
    assert_eq!((count("liaison", "/v1/members"), count("liaison", "/v1/contacts")), (28, 20));
    assert_eq!((count("convener", "/v1/members"), count("member", "/v1/members")), (2, 1));
    // and a filter counts what it leaves
    let centre = city.liaison_centre().await;
    let of_sector = format!("/v1/members?count=exact&sector_id={}", city.founded.sectors[0]);
    let page = centre.get(&of_sector).await.expect(200);
    assert_eq!((ids(&page).len(), &page["total"]), (2, &json!(2)));
    city.ended().await;
}
