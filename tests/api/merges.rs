//! Two rows of one person become one, and two again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::persons::Entered;
use crate::support::{Caller, City, Reply};

async fn merge(caller: &Caller, goes: &Entered, stays: &Entered) -> Reply {
    caller.act(&format!("{}/merge", goes.path), json!({ "into": stays.id })).await
}

async fn unmerge(caller: &Caller, goes: &Entered) -> Reply {
    caller.act(&format!("{}/unmerge", goes.path), json!({})).await
}

async fn add_point(caller: &Caller, person: &Entered, value: &str) -> Reply {
    let body = json!({ "kind": "mobile", "value": value, "from": "2026-01-01" });
    caller.post(&format!("{}/contact-points", person.path), body).await
}

/// What the id answers, its version apart.
async fn read(caller: &Caller, path: &str) -> Value {
    let mut seen = caller.get(path).await.expect(200);
    seen["version"].take();
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_is_and_has_becomes_the_survivors_and_goes_back_alone() {
    // given two, each with something of their own
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let goes = city.enters("C901", json!({ "name": "甲", "phone": "13904680001" })).await;
    let stays = city.enters("C902", json!({ "name": "乙", "phone": "13904680002" })).await;
    add_point(&centre, &goes, "13904680011").await.expect(201);
    let card = json!({ "scheme": "permit", "value": "H100" });
    centre.post(&format!("{}/identifiers", goes.path), card).await.expect(201);
    let before = (read(&centre, &goes.path).await, read(&centre, &stays.path).await);
    // when they are merged
    let answer = merge(&centre, &goes, &stays).await;
    // then the old id answers with the survivor, who has it all
    let one = answer.expect(200);
    assert_eq!(centre.get(&goes.path).await.header("etag"), answer.header("etag"));
    assert_eq!((&one["id"], &one["merged_from"]), (&stays.id, &goes.id));
    assert_eq!((&one["name"], &one["merged"][0]["name"]), (&json!("乙"), &json!("甲")));
    assert_eq!(one["contact_ids"], json!([goes.contact, stays.contact]));
    assert_eq!(one["contact_points"][0]["value"], "13904680011");
    assert_eq!(one["identifiers"][0]["value"], "H100");
    let contact = format!("/v1/contacts/{}", goes.contact.as_str().unwrap());
    let contact = centre.get(&contact).await.expect(200);
    assert_eq!((&contact["person_id"], &contact["version"]), (&stays.id, &json!(2)));
    // and is found by the name that the other had
    for list in ["contacts", "persons"] {
        let found = centre.get(&format!("/v1/{list}?q=甲")).await.expect(200);
        let own = if list == "persons" { &stays.id } else { &goes.contact };
        assert!(found["data"].as_array().unwrap().iter().any(|one| &one["id"] == own), "{found}");
    }
    // and when it is undone, all of it goes back, and what came since stays
    add_point(&centre, &goes, "13904680012").await.expect(201);
    unmerge(&centre, &goes).await.expect(200);
    assert_eq!(read(&centre, &goes.path).await, before.0);
    let mut after = read(&centre, &stays.path).await;
    assert_eq!(after["contact_points"][0]["value"], "13904680012");
    after["contact_points"] = json!([]);
    assert_eq!(after, before.1);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_account_keeps_it_through_a_merge_and_is_told_of_by_their_events() {
    // given a member with an account who was entered as a contact too
    let city = City::start().await;
    let (centre, member) = (city.liaison_centre().await, city.member().await);
    let stays = city.enters("C901", json!({ "name": "甲" })).await;
    let own = city.person_of(city.member_id()).await;
    let before = read(&centre, &own).await;
    // when the member's row goes
    centre.act(&format!("{own}/merge"), json!({ "into": stays.id })).await.expect(200);
    // then the account is the survivor's, who reads themselves whole
    let seen = member.get(&own).await.expect(200);
    assert_eq!((&seen["id"], &seen["has_account"]), (&stays.id, &json!(true)));
    assert_eq!(seen["member_ids"], json!([city.member_id()]));
    let path = format!("/v1/members/{}", city.member_id());
    assert_eq!(member.get(&path).await.expect(200)["name"], "甲");
    centre.act(&format!("{own}/unmerge"), json!({})).await.expect(200);
    assert_eq!(read(&centre, &own).await, before);
    // and each who changed has an event of it, without a name or a number
    let all = city.happened().await;
    let times = |kind: &str| all.iter().filter(|event| event["kind"] == kind).count();
    for kind in ["person.merged", "person.took_in", "person.unmerged", "person.let_go"] {
        assert_eq!(times(kind), 1, "{kind}");
    }
    assert_eq!(times("member.person_changed"), 2);
    assert!(!json!(all).to_string().contains("甲"), "a name in an event");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_each_have_what_a_person_has_once_are_not_merged() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given two members with an account and an identity card each
    let one = city.person_of(city.member_id()).await;
    let other = city.person_of(city.convener_id()).await;
    for (path, card) in [(&one, "11010519491231002X"), (&other, "440524188001010014")] {
        let card = json!({ "scheme": "resident_id", "value": card });
        centre.post(&format!("{path}/identifiers"), card).await.expect(201);
    }
    let id = |path: &str| json!(path.trim_start_matches("/v1/persons/"));
    let into = async |to: Value| centre.act(&format!("{one}/merge"), json!({ "into": to })).await;
    // then all that stands in the way is named
    let at = "/into";
    let all = [(at, "both_have_accounts"), (at, "both_members"), (at, "identifiers_differ")];
    into(id(&other)).await.invalid(&all);
    into(id(&one)).await.invalid(&[(at, "same_person")]);
    let nobody = json!(crate::support::chain::NOTHING);
    into(nobody).await.invalid(&[(at, "reference_not_found")]);
    let stale = [("if-match", "\"99.0123456789abcdef\"")];
    let body = Some(json!({ "into": id(&other) }).to_string().into_bytes());
    let late = centre.send(reqwest::Method::POST, &format!("{one}/merge"), &stale, body).await;
    late.refused(412, "stale");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_keeps_in_touch_with_the_other_is_not_merged_with_them() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let contact = city.contact_of_member().await;
    let contact = centre.get(&format!("/v1/contacts/{contact}")).await.expect(200);
    let person = city.person_of(city.member_id()).await;
    let other = format!("/v1/persons/{}", contact["person_id"].as_str().unwrap());
    for (goes, stays) in [(&person, &other), (&other, &person)] {
        let into = json!({ "into": stays.trim_start_matches("/v1/persons/") });
        let reply = centre.act(&format!("{goes}/merge"), into).await;
        reply.invalid(&[("/into", "linked_to_each_other")]);
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_voided_goes_along_without_a_version_that_nobody_tells_of() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let goes = city.enters("C901", json!({})).await;
    let stays = city.enters("C902", json!({})).await;
    let contact = format!("/v1/contacts/{}", goes.contact.as_str().unwrap());
    centre.act(&format!("{contact}/void"), json!({ "reason": "entered_twice" })).await.expect(200);
    merge(&centre, &goes, &stays).await.expect(200);
    unmerge(&centre, &goes).await.expect(200);
    assert_eq!(city.db_untold_contacts().await, "0");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_merges_leads_to_the_last_and_is_undone_from_its_end_within_thirty_days() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let a = city.enters("C901", json!({})).await;
    let b = city.enters("C902", json!({})).await;
    let c = city.enters("C903", json!({})).await;
    // given a is b, and b is c
    merge(&centre, &a, &b).await.expect(200);
    merge(&centre, &b, &c).await.expect(200);
    for old in [&a, &b] {
        assert_eq!(centre.get(&old.path).await.expect(200)["id"], c.id);
        merge(&centre, old, &c).await.refused(409, "already_done");
    }
    merge(&centre, &c, &a).await.invalid(&[("/into", "survivor_merged")]);
    // then the first is not undone before the second
    let refused = unmerge(&centre, &a).await;
    refused.refused(409, "transition_not_allowed");
    assert_eq!(refused.faults(), [(String::new(), "merged_since".into())]);
    unmerge(&centre, &b).await.expect(200);
    assert_eq!(centre.get(&a.path).await.expect(200)["id"], b.id);
    // nor after thirty days
    city.db_let_merges_be_earlier(30).await;
    let late = unmerge(&centre, &a).await;
    late.refused(409, "transition_not_allowed");
    assert_eq!(late.faults(), [(String::new(), "unmerge_window_over".into())]);
    city.db_let_merges_be_earlier(-1).await;
    unmerge(&centre, &a).await.expect(200);
    let never = unmerge(&centre, &a).await;
    never.refused(409, "transition_not_allowed");
    assert_eq!(never.faults(), [(String::new(), "not_merged".into())]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_are_merged_into_one_another_at_once_one_stays() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    for round in 0..4 {
        let a = city.enters(&format!("C91{round}"), json!({})).await;
        let b = city.enters(&format!("C92{round}"), json!({})).await;
        // when both are merged at once, each into the other
        let (one, other) = tokio::join!(merge(&centre, &a, &b), merge(&centre, &b, &a));
        // then one is, and both ids lead to the same
        let done = [one.status, other.status].iter().filter(|status| **status == 200).count();
        assert_eq!(done, 1, "{:?} {:?}", one.json(), other.json());
        let ids =
            [read(&centre, &a.path).await["id"].take(), read(&centre, &b.path).await["id"].take()];
        assert_eq!(ids[0], ids[1]);
    }
    city.ended().await;
}

/// A small generator, so that the same acts come each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// What each has, and who each was merged into with what they had then.
#[derive(Debug, Default)]
struct Model {
    has: BTreeMap<usize, BTreeSet<String>>,
    merged: BTreeMap<usize, (usize, BTreeSet<String>)>,
}

impl Model {
    fn owner(&self, mut who: usize) -> usize {
        while let Some((into, _)) = self.merged.get(&who) {
            who = *into;
        }
        who
    }

    fn has(&mut self, who: usize) -> &mut BTreeSet<String> {
        self.has.entry(who).or_default()
    }

    /// Whether it is done.
    fn merge(&mut self, goes: usize, stays: usize) -> bool {
        let may = goes != stays && self.owner(goes) == goes && self.owner(stays) == stays;
        if may {
            let moved = std::mem::take(self.has(goes));
            self.has(stays).extend(moved.clone());
            self.merged.insert(goes, (stays, moved));
        }
        may
    }

    fn unmerge(&mut self, who: usize) -> bool {
        let Some((into, moved)) = self.merged.get(&who).cloned() else { return false };
        if self.owner(into) != into {
            return false;
        }
        self.merged.remove(&who);
        self.has(into).retain(|one| !moved.contains(one));
        self.has(who).extend(moved);
        true
    }
}

/// All that a person has, of every kind.
fn everything(seen: &Value) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |name: &str| seen[name].as_array().unwrap().clone();
    let points = list("contact_points").into_iter().map(|point| text(&point["value"]));
    let contacts = list("contact_ids").into_iter().map(|id| text(&id));
    points.chain(contacts).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sequence_of_merges_and_unmerges_leaves_each_what_is_theirs() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let (mut model, mut people) = (Model::default(), Vec::new());
    for n in 0..5 {
        people.push(city.enters(&format!("C90{n}"), json!({})).await);
        model.has(n).insert(people[n].contact.as_str().unwrap().to_owned());
    }
    let (mut dice, mut done) = (Dice(1158), [0; 3]);
    for step in 0..60 {
        // when somebody is merged, unmerged or given a number, if it may be
        let (who, other) = (dice.roll(people.len()), dice.roll(people.len()));
        let kind = [0, 0, 1, 1, 2][dice.roll(5)];
        let (reply, may) = match kind {
            0 => (merge(&centre, &people[who], &people[other]).await, model.merge(who, other)),
            1 => (unmerge(&centre, &people[who]).await, model.unmerge(who)),
            _ => {
                let (number, owner) = (format!("139{step:08}"), model.owner(who));
                model.has(owner).insert(number.clone());
                (add_point(&centre, &people[who], &number).await, true)
            }
        };
        // then it is done where the model does it, and each has what the model says
        assert_eq!(reply.status.is_success(), may, "{step} {}: {:?}", reply.asked, reply.json());
        done[kind] += usize::from(may);
        for (n, person) in people.iter().enumerate() {
            let (seen, owner) = (read(&centre, &person.path).await, model.owner(n));
            assert_eq!(seen["id"], people[owner].id, "{step}: {n} of {model:?}");
            assert_eq!(&everything(&seen), model.has(owner), "{step}: {n}");
        }
    }
    assert!(done.iter().all(|times| *times > 4), "each was done: {done:?}");
    city.ended().await;
}
