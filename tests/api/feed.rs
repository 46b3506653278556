//! The feed under load, and consumers that die.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{LocalBoxFuture, join_all};
use lianxin::error::{Error, Result};
use lianxin::journal::feed::Event;
use lianxin::journal::{Consumer, Tx};
use serde_json::json;

use crate::support::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_feed_misses_nothing_and_doubles_nothing_while_sixteen_write() {
    let city = City::start().await;
    let (member, liaison) = (city.member().await, city.liaison_centre().await);
    let body = json!({ "title": "噪声", "body": "夜间施工。", "category": "roads", "urgency": "urgent",
        "channel": "app", "division_code": "230403", "reporter": {} });
    // given sixteen writers
    let writers: Vec<_> = (0..16)
        .map(|_| {
            let (member, body) = (member.clone(), body.clone());
            tokio::spawn(async move {
                for _ in 0..10 {
                    member.post("/v1/issues", body.clone()).await.expect(201);
                }
            })
        })
        .collect();
    // when a reader pages meanwhile, until all 160 are there
    let (mut seen, mut after) = (Vec::new(), 0_i64);
    let mut rounds = 0;
    while seen.len() < 160 {
        let page = liaison.get(&format!("/v1/events?after={after}&limit=7")).await.expect(200);
        for event in page["data"].as_array().unwrap() {
            after += 1;
            assert_eq!(event["position"], json!(after));
            if event["kind"] == "issue.created" {
                seen.push(event["object"]["id"].as_str().unwrap().to_owned());
            }
        }
        rounds += 1;
        assert!(rounds < 20_000, "only {} after {rounds} reads", seen.len());
    }
    join_all(writers).await.into_iter().for_each(|writer| writer.unwrap());
    // then each was seen once
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 160);
    city.ended().await;
}

/// Does what the real one does, then dies before its position is kept.
struct Dying(Arc<AtomicUsize>);

impl Consumer for Dying {
    fn name(&self) -> &'static str {
        "scoring"
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            lianxin::scoring::Scorer.apply(tx, event).await?;
            if event.kind == "visit.confirmed" {
                self.0.fetch_add(1, Ordering::Relaxed);
                return Err(Error::internal("killed between effect and position"));
            }
            Ok(())
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_killed_between_effect_and_position_posts_each_point_once() {
    let city = City::with(|config| config.without_workers = true).await;
    city.server.journal.drain().await.unwrap();
    // given a consumer that dies on each confirmed visit, before the real one has seen it
    let deaths = Arc::new(AtomicUsize::new(0));
    let dying = lianxin::journal::Journal::new(
        city.server.journal.db.clone(),
        city.server.journal.clock.clone(),
        city.server.journal.ids.clone(),
    )
    .with_workers(vec![Box::new(Dying(deaths.clone()))], vec![]);
    let plan = city.approved_plan().await;
    let visit = city.visit(&plan).await;
    city.convener()
        .await
        .act(&format!("/v1/visits/{}/confirm", visit["id"].as_str().unwrap()), json!({}))
        .await
        .expect(200);
    dying.drain().await.unwrap_err();
    dying.drain().await.unwrap_err();
    assert_eq!(deaths.load(Ordering::Relaxed), 2);
    // when the real one comes
    city.server.journal.drain().await.unwrap();
    city.server.journal.drain().await.unwrap();
    // then the visit gave one point once
    let path = format!("/v1/members/{}/score", city.member_id());
    assert_eq!(city.member().await.get(&path).await.expect(200)["total"], "1.00");
    // and a voided visit takes it back with an entry of its own
    let void = format!("/v1/visits/{}/void", visit["id"].as_str().unwrap());
    city.convener().await.act(&void, json!({ "reason": "记录有误" })).await.expect(200);
    city.server.journal.drain().await.unwrap();
    assert_eq!(city.member().await.get(&path).await.expect(200)["total"], "0.00");
    let entries = city
        .member()
        .await
        .get(&format!("/v1/scores?member_id={}", city.member_id()))
        .await
        .expect(200);
    assert_eq!(entries["data"].as_array().unwrap().len(), 2);
    city.ended().await;
}
