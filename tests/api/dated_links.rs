//! The chain of a day: moves, ends and voids in the past and to come, read as of any day.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::kept::Kept;
use crate::support::planned::path_of;

#[tokio::test(flavor = "multi_thread")]
async fn a_move_takes_effect_on_its_day_be_it_past_or_to_come() {
    let kept = Kept::start().await;
    let (first, second, third) = (kept.sector(0), kept.sector(1), kept.sector(2));
    // when the member moves ten days ago, and again in five days
    let moved = kept.moves(1, -10).await;
    let ahead = kept.moves(2, 5).await;
    // then each day has its own sector, and today's is the first move's
    assert_eq!((&moved["sector_id"], &ahead["sector_id"]), (&json!(second), &json!(second)));
    for (day, sector) in [(-11, first), (-10, second), (0, second), (4, second), (5, third)] {
        assert_eq!(kept.sector_on(day).await, json!(sector), "{day}");
    }
    // and once the day has come, the member stands there, under its committee, in lists too
    kept.city.db_let_days_pass(5).await;
    kept.city.server.journal.fire_all_due().await.unwrap();
    let now = kept.centre.get(&kept.path).await.expect(200);
    let sector = kept.centre.get(&format!("/v1/sectors/{third}")).await.expect(200);
    assert_eq!((&now["sector_id"], &now["committee_id"]), (&json!(third), &sector["committee_id"]));
    assert_eq!(now["version"].as_i64(), ahead["version"].as_i64().map(|version| version + 1));
    let list = format!("/v1/members?sector_id={third}&limit=200");
    let list = kept.centre.get(&list).await.expect(200).to_string();
    assert!(list.contains(now["id"].as_str().unwrap()));
    kept.city.convener().await.get(&kept.path).await.refused(404, "not_found");
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_before_a_later_one_takes_the_days_between_only() {
    let kept = Kept::start().await;
    let (first, second, third) = (kept.sector(0), kept.sector(1), kept.sector(2));
    // given a move in twenty days
    kept.moves(1, 20).await;
    // when another one is dated ten days before it
    let moved = kept.moves(2, 10).await;
    // then the later one stays
    assert_eq!(moved["sector_id"], json!(first));
    for (day, sector) in [(0, first), (9, first), (10, third), (19, third), (20, second)] {
        assert_eq!(kept.sector_on(day).await, json!(sector), "{day}");
    }
    // and on the day on which one begins no other does
    let body = json!({ "sector_id": first, "from": kept.day(20) });
    let twice = kept.centre.act(&format!("{}/sectors", kept.path), body).await;
    twice.refused(409, "overlap");
    assert_eq!(twice.faults(), [("/from".to_owned(), "same_day".to_owned())]);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voided_move_gives_its_days_back_to_the_sector_that_it_ended() {
    let kept = Kept::start().await;
    let (first, second) = (kept.sector(0), kept.sector(1));
    // given a move today, and one in ten days
    kept.moves(1, 0).await;
    kept.moves(2, 10).await;
    // when today's turns out a mistake
    let void = format!("{}/void", kept.membership(0).await);
    let why = json!({ "reason": "wrong_sector" });
    let voided = kept.centre.act(&void, why.clone()).await.expect(200);
    // then the member never left, and moves in ten days as before
    assert_eq!(voided["sector_id"], json!(first));
    for (day, sector) in [(-1, first), (0, first), (9, first), (10, kept.sector(2))] {
        assert_eq!(kept.sector_on(day).await, json!(sector), "{day}");
    }
    kept.centre.act(&void, why.clone()).await.refused(409, "already_done");
    let wrong = json!({ "reason": "mistake" });
    kept.centre.act(&void, wrong).await.invalid(&[("/reason", "not_allowed")]);
    // and with the other move void too the first sector goes on
    let void = format!("{}/void", kept.membership(10).await);
    kept.centre.act(&void, why).await.expect(200);
    assert_eq!(kept.sector_on(1000).await, json!(first));
    // while the history keeps all three
    let links = kept.links("sector").await;
    let said: Vec<_> =
        links.iter().map(|l| (l["other_id"].clone(), l["voided_at"].is_null())).collect();
    let third = kept.sector(2);
    assert_eq!(said, [(json!(third), false), (json!(second), false), (json!(first), true)]);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voided_move_gives_back_no_day_on_which_the_sector_is_gone() {
    let kept = Kept::start().await;
    let (city, centre) = (&kept.city, &kept.centre);
    // given a member alone in a sector, which ends in ten days, since they move in five
    let body = city.new_organization("sector", "short");
    let short = centre.post("/v1/organizations", body).await.expect(201);
    let body = json!({ "sector_id": short["id"], "from": kept.day(0) });
    centre.act(&format!("{}/sectors", kept.path), body).await.expect(200);
    kept.moves(1, 5).await;
    let end = format!("{}/end", path_of("sectors", &short));
    centre.act(&end, json!({ "until": kept.day(10) })).await.expect(200);
    // when the move turns out a mistake
    let void = format!("{}/void", kept.membership(5).await);
    centre.act(&void, json!({ "reason": "wrong_sector" })).await.expect(200);
    // then they are in the sector again until it ends, and in none from then on
    assert_eq!(
        (kept.sector_on(5).await, kept.sector_on(9).await),
        (short["id"].clone(), short["id"].clone())
    );
    assert_eq!(kept.sector_on(10).await, Value::Null);
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sector_that_ends_leaves_the_member_in_none_until_they_move() {
    let kept = Kept::start().await;
    let links = kept.links("sector").await;
    let link = format!("{}/sectors/{}", kept.path, links[0]["id"].as_str().unwrap());
    // when the member's time in the sector ends in ten days
    let until = json!({ "until": kept.day(10) });
    let bare = kept.centre.post(&format!("{link}/end"), until.clone()).await;
    bare.refused(428, "precondition_required");
    kept.centre.act(&format!("{link}/end"), until.clone()).await.expect(200);
    // then they are in it until the day before, and that end is put off no more
    assert_eq!(kept.sector_on(9).await, json!(kept.sector(0)));
    assert_eq!(kept.sector_on(10).await, Value::Null);
    kept.centre.act(&format!("{link}/end"), until).await.refused(409, "already_done");
    let later = json!({ "until": kept.day(11) });
    let later = kept.centre.act(&format!("{link}/end"), later).await;
    later.invalid(&[("/until", "ended_earlier")]);
    // and a move into the gap that turns out a mistake does not take that end back
    kept.moves(1, 10).await;
    let void = format!("{}/void", kept.membership(10).await);
    kept.centre.act(&void, json!({ "reason": "wrong_dates" })).await.expect(200);
    assert_eq!(kept.sector_on(10).await, Value::Null);
    // and no link is ended that is another's, or a contact's
    let contact = kept.links("contact").await[0]["id"].clone();
    let other = format!("{}/sectors/{}/end", kept.path, contact.as_str().unwrap());
    let until = json!({ "until": kept.day(1) });
    kept.centre.act(&other, until).await.refused(404, "not_found");
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_of_the_chain_is_as_of_the_day_that_is_asked_for() {
    let kept = Kept::start().await;
    let (centre, second) = (&kept.centre, kept.sector(1));
    let id = json!(kept.city.member_id());
    let tree = async |days: i64| {
        let tree = centre.get(&format!("/v1/chain?as_of={}", kept.day(days))).await.expect(200);
        let committees = tree["committees"].as_array().unwrap().clone();
        let mut all = committees.iter().flat_map(|one| one["sectors"].as_array().unwrap());
        all.find(|one| one["id"] == json!(second)).unwrap()["members"].as_i64().unwrap()
    };
    let before = tree(10).await;
    // given a member who moves in ten days
    kept.moves(1, 10).await;
    // then the members of the sector, and of its committee, are those of the day
    let sector = centre.get(&format!("/v1/sectors/{second}")).await.expect(200);
    let committee = sector["committee_id"].as_str().unwrap();
    for query in
        [format!("sector_id={second}"), format!("committee_id={committee}&sector_id={second}")]
    {
        for (day, there) in [(9, false), (10, true)] {
            let list = format!("/v1/members?{query}&limit=200&as_of={}", kept.day(day));
            let list = centre.get(&list).await.expect(200);
            let rows = list["data"].as_array().unwrap();
            assert_eq!(rows.iter().any(|one| one["id"] == id), there, "{query} {day}");
            assert!(rows.iter().all(|one| one["sector_id"] == json!(second)), "{list}");
        }
    }
    // and so are the counts of the tree
    assert_eq!((tree(9).await, tree(10).await), (before, before + 1));
    // and of a day before it all nothing is there, one by one or in lists
    for noun in ["committees", "departments", "sectors", "areas", "contacts", "members"] {
        let one = centre.get(&format!("/v1/{noun}?limit=1")).await.expect(200)["data"][0].clone();
        centre.get(&format!("{}?as_of={}", path_of(noun, &one), kept.day(0))).await.expect(200);
        let gone = centre.get(&format!("{}?as_of=1949-10-01", path_of(noun, &one))).await;
        gone.refused(404, "not_found");
        let old = centre.get(&format!("/v1/{noun}?as_of=1949-10-01")).await.expect(200);
        assert_eq!(old["data"], json!([]), "{noun}");
    }
    let old = centre.get("/v1/chain?as_of=1949-10-01").await.expect(200);
    assert_eq!(old, json!({ "committees": [], "unguided": [] }));
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_member_is_a_list_in_pages_seen_by_who_sees_them() {
    let kept = Kept::start().await;
    for (sector, day) in [(1, -20), (2, -10), (0, 10)] {
        kept.moves(sector, day).await;
    }
    // then the whole history is there, the latest first, and one day's part of it
    let list = format!("{}/links?kind=sector", kept.path);
    let all = kept.centre.get(&format!("{list}&count=exact")).await.expect(200);
    let sectors: Vec<_> = all["data"].as_array().unwrap().iter().map(|l| &l["other_id"]).collect();
    let ids = [0, 2, 1, 0].map(|n| json!(kept.sector(n)));
    assert_eq!((sectors, &all["total"]), (ids.iter().collect(), &json!(4)));
    let then = kept.centre.get(&format!("{list}&as_of={}", kept.day(-15))).await.expect(200);
    assert_eq!(then["data"].as_array().unwrap().len(), 1);
    assert_eq!(then["data"][0]["other_id"], json!(kept.sector(1)));
    // page by page the same rows
    let mut paged = Vec::new();
    let mut next = Value::Null;
    loop {
        let cursor = next.as_str().map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let page = kept.centre.get(&format!("{list}&limit=1{cursor}")).await.expect(200);
        paged.extend(page["data"].as_array().unwrap().clone());
        next = page["next"].clone();
        if next.is_null() {
            break;
        }
    }
    assert_eq!(json!(paged), all["data"]);
    // for the member too, and for nobody who does not see them
    kept.city.member().await.get(&list).await.expect(200);
    kept.city.caller("member2").await.get(&list).await.refused(404, "not_found");
    kept.centre.get(&format!("{}/links?kind=plan", kept.path)).await.refused(400, "bad_query");
    kept.city.ended().await;
}

/// A small generator, so that the same acts come each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % sides).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_of_a_members_sectors_changes_a_day_before_it() {
    let kept = Kept::start().await;
    let mut dice = Dice(1158);
    let days = || (-12..=12).step_by(2);
    let mut kinds = [0; 3];
    for _ in 0..40 {
        let mut before = Vec::new();
        for day in days() {
            before.push(kept.sector_on(day).await);
        }
        let links = kept.links("sector").await;
        // when the member moves, or one of their links ends or is voided, if it may be
        let day = dice.roll(20) - 10;
        let link = &links[usize::try_from(dice.roll(links.len() as u64)).unwrap()];
        let at = format!("{}/sectors/{}", kept.path, link["id"].as_str().unwrap());
        let from: NaiveDate = link["from"].as_str().unwrap().parse().unwrap();
        let kind = [0, 0, 0, 1, 1, 2][usize::try_from(dice.roll(6)).unwrap()];
        let sector = kept.sector(usize::try_from(dice.roll(4)).unwrap());
        let (path, body, dated) = match kind {
            0 => {
                let body = json!({ "sector_id": sector, "from": kept.day(day) });
                (format!("{}/sectors", kept.path), body, kept.day(day))
            }
            1 => (format!("{at}/end"), json!({ "until": kept.day(day) }), kept.day(day)),
            _ => (format!("{at}/void"), json!({ "reason": "wrong_dates" }), from),
        };
        let done = kept.centre.act(&path, body).await;
        assert!([200, 409, 422].contains(&done.status.as_u16()), "{:?}", done.json());
        // then no day before that is another, and where it was refused none at all
        let refused = done.status != 200;
        kinds[kind] += usize::from(!refused);
        for (day, was) in days().zip(&before) {
            if refused || kept.day(day) < dated {
                assert_eq!(&kept.sector_on(day).await, was, "{day} after {}", done.asked);
            }
        }
        // and no row is gone
        assert!(kept.links("sector").await.len() >= links.len());
    }
    assert!(kinds.iter().all(|done| *done > 0), "each was done: {kinds:?}");
    kept.city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_tells_who_keeps_in_touch_with_them_over_time_and_on_a_day() {
    let kept = Kept::start().await;
    let (city, centre) = (&kept.city, &kept.centre);
    let contact = centre.post("/v1/contacts", city.new_contact("C901")).await.expect(201);
    let path = path_of("contacts", &contact);
    // given one member who does until the fifth day, one by mistake, and one from the third day on
    let link = async |member: usize, from: i64| {
        let links = format!("/v1/members/{}/contacts", city.founded.members[member]);
        let body = json!({ "contact_id": contact["id"], "from": kept.day(from) });
        let made = centre.post(&links, body).await.expect(201);
        format!("{links}/{}", made["id"].as_str().unwrap())
    };
    let [first, wrong] = [link(2, 0).await, link(3, 1).await];
    link(4, 2).await;
    centre.act(&format!("{first}/end"), json!({ "until": kept.day(4) })).await.expect(200);
    let mistake = json!({ "reason": "wrong_contact" });
    centre.act(&format!("{wrong}/void"), mistake).await.expect(200);
    let who = async |query: &str| {
        let list = centre.get(&format!("{path}/links?count=exact&{query}")).await.expect(200);
        let links = list["data"].as_array().unwrap().clone();
        assert_eq!(list["total"], json!(links.len()), "{query}");
        assert!(links.iter().all(|link| link["contact_id"] == contact["id"]), "{list}");
        let place = |link: &Value| {
            let member = city.founded.members.iter().position(|id| link["member_id"] == json!(id));
            (member.unwrap(), link["voided_at"].is_null())
        };
        links.iter().map(place).collect::<Vec<_>>()
    };
    // then the history has all, the latest first, and a day those of the day
    assert_eq!(who("limit=200").await, [(4, true), (3, false), (2, true)]);
    for (day, members) in [(0, vec![2]), (3, vec![4, 2]), (4, vec![4])] {
        let there: Vec<_> = members.into_iter().map(|member| (member, true)).collect();
        assert_eq!(who(&format!("as_of={}", kept.day(day))).await, there, "{day}");
    }
    // and nobody reads it who does not see the contact
    city.caller("receiver").await.get(&format!("{path}/links")).await.refused(404, "not_found");
    kept.city.ended().await;
}
