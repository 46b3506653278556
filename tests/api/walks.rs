//! Walks by chance: whatever is done to the chain, no links overlap and nothing of its history is lost.

mod acts;
mod changes;
mod days;
mod looking;
mod merging;
mod reports;
mod standing;
mod standing_sql;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::dice::{Dice, Trail, walks};
use crate::support::planned::path_of;
use crate::support::{Caller, City, Reply};
use acts::{Act, Cast, Scene};
use days::Days;
use reports::Report;
use standing::Standing;

/// How often each kind of change was done, and how often refused.
type Tally = BTreeMap<String, [usize; 2]>;

/// A city in which a few people and organisations change by chance.
struct Walk {
    city: City,
    db: tokio_postgres::Client,
    centre: Caller,
    /// Who reports, since nobody decides on their own report.
    reporter: Caller,
    /// The date of day 0; earlier by each day that passes.
    start: NaiveDate,
    today: i64,
    county: String,
    days: Days,
    now: Standing,
    cast: Cast,
    reports: Vec<Report>,
    dice: Dice,
    trail: Trail,
}

fn id_of(object: &Value) -> Uuid {
    object["id"].as_str().unwrap().parse().unwrap()
}

impl Walk {
    async fn start(seed: u64) -> Self {
        // Days pass when the walk says so, and timers fire then.
        let city = City::with(|config| config.without_workers = true).await;
        let (centre, start, county) = (city.liaison_centre().await, city.today(), city.county());
        city.db_account_on("liaison", "reporter", "[2020-01-01,)").await;
        let like = city.founded.accounts.iter().find(|one| one.name == "liaison").unwrap();
        let reporter = city.sign_in("reporter@230400", &like.password).await;
        let founded = &city.founded;
        let mut cast = Cast {
            members: [0, 14, 15, 1, 2].map(|n| founded.members[n]).to_vec(),
            contacts: founded.contacts[..4].to_vec(),
            sectors: founded.sectors[..3].to_vec(),
            committees: founded.committees[..2].to_vec(),
            departments: founded.departments.values().take(2).copied().collect(),
            ..Cast::default()
        };
        cast.meeting = id_of(&city.organization("chair_meeting", "chair", None).await);
        for code in ["first", "second"] {
            cast.branches.push(id_of(&city.organization("party_branch", code, None).await));
        }
        cast.sectors.push(id_of(&city.organization("sector", "brief", None).await));
        cast.committees.push(id_of(&city.organization("committee", "brief", None).await));
        for title in ["副主席", "秘书长"] {
            let post = json!({ "organization_id": cast.meeting, "kind": "vice_chair",
                "title": title, "from": start });
            cast.posts.push(id_of(&centre.post("/v1/posts", post).await.expect(201)));
        }
        let db = city.db_connect().await;
        let now = Standing::db_read(&db, start).await;
        let convened = now.of("posts").filter(|post| cast.sectors.contains(&post.of));
        cast.posts.extend(convened.map(|post| post.id));
        let mut days = Days::default();
        days.watch(cast.all(), &now);
        assert_eq!((now.wrong(0), days.wrong(&now)), (vec![], vec![]), "as founded");
        let (dice, trail) = (Dice::of(seed), Trail { seed, steps: Vec::new() });
        let (reports, today) = (Vec::new(), 0);
        Self {
            city,
            db,
            centre,
            reporter,
            start,
            today,
            county,
            days,
            now,
            cast,
            reports,
            dice,
            trail,
        }
    }

    fn date(&self, day: i64) -> NaiveDate {
        self.start + TimeDelta::days(day)
    }

    /// Does something, if it may be done, and looks at what came of it.
    async fn step(&mut self, tally: &mut Tally) {
        // The days that are looked at end some time after that one.
        if self.today < 40 && self.dice.once_in(12) {
            return self.days_pass(tally).await;
        }
        let (cast, now, days, reports) = (&self.cast, &self.now, &self.days, &self.reports[..]);
        let (today, date, county) = (self.today, self.date(self.today), &*self.county);
        let act = Scene { cast, now, days, reports, today, date, county }.act(&mut self.dice);
        let stale = act.of_version && self.dice.once_in(25);
        self.trail.steps.push(format!("{} {}", act.path, act.body));
        let by = if ["report", "withdraw"].contains(&&*act.what) {
            &self.reporter
        } else {
            &self.centre
        };
        let tag = if stale { "\"0.0123456789abcdef\"" } else { "*" };
        let body = Some(act.body.to_string().into_bytes());
        let reply = by.send(reqwest::Method::POST, &act.path, &[("if-match", tag)], body).await;
        let done = reply.status.is_success();
        self.trail.steps.last_mut().unwrap().push_str(&format!(" {}", reply.status.as_u16()));
        let what = if stale { "stale" } else { &*act.what };
        tally.entry(what.to_owned()).or_default()[usize::from(!done)] += 1;
        let before =
            std::mem::replace(&mut self.now, Standing::db_read(&self.db, self.start).await);
        if done {
            self.done(act, &before, &reply);
        } else {
            self.refused(&act, &before, &reply);
        }
        assert_eq!(self.now.wrong(self.today), [""; 0]);
        assert_eq!(self.days.wrong(&self.now), [""; 0]);
        self.look().await;
    }

    /// Nothing is as much as written down, and why not is said as it is documented.
    fn refused(&self, act: &Act, before: &Standing, reply: &Reply) {
        let code = reply.json()["code"].clone();
        let codes: &[&str] = match reply.status.as_u16() {
            404 => &["not_found"],
            409 => &["overlap", "already_done", "transition_not_allowed", "duplicate"],
            412 => &["stale"],
            422 => &["invalid"],
            _ => &[],
        };
        let text = reply.json().to_string();
        assert!(codes.iter().any(|known| code == *known), "{}: {text}", reply.asked);
        assert!(act.expected != Some(true) || code == "stale", "{}: {text}", reply.asked);
        let left = [before, &self.now].map(|then| (&then.digest, then.entries));
        assert_eq!(left[0], left[1], "{} left something: {text}", reply.asked);
    }

    /// It is told of in a version, and has changed what it says and no more.
    fn done(&mut self, act: Act, before: &Standing, reply: &Reply) {
        assert_ne!(act.expected, Some(false), "{}: {}", reply.asked, reply.json());
        let mut touches = act.touches;
        let new = |id: &Uuid| before.thing(*id).is_none();
        touches.extend(self.now.things().map(|thing| thing.id).filter(new));
        assert_eq!(self.now.undone_of(before, act.dated, &touches), [""; 0]);
        assert!(self.now.entries > before.entries, "the journal tells nothing of it");
        if let Some(object) = act.object {
            let versions = [before, &self.now].map(|then| then.thing(object).unwrap().version);
            let tag = format!("\"{}.", versions[1]);
            assert!(versions[1] > versions[0] && reply.header("etag").starts_with(&tag), "{tag}");
        }
        for effect in &act.effects {
            self.days.happens(effect, &self.now);
        }
        if let Some(mut report) = act.report {
            report.path = path_of("adjustments", &reply.json());
            self.reports.push(report);
        }
        if let Some((at, to)) = act.step {
            assert_eq!(reply.json()["state"], to);
            self.reports[at].state = to;
        }
        self.meet(before);
    }

    /// Who is new takes part, who was a mistake no more.
    fn meet(&mut self, before: &Standing) {
        for thing in self.now.things().filter(|thing| before.thing(thing.id).is_none()) {
            self.cast.joins(thing);
        }
        let gone = self.now.things().filter(|thing| thing.voided).map(|thing| thing.id);
        self.cast.part(&gone.collect::<BTreeSet<_>>());
        self.days.watch(self.cast.all(), &self.now);
    }

    /// Up to three days pass: what is approved for one of them takes effect, if it fits.
    async fn days_pass(&mut self, tally: &mut Tally) {
        let days = self.dice.between(1..4);
        self.trail.steps.push(format!("{days} days pass"));
        self.city.db_let_days_pass(i32::try_from(days).unwrap()).await;
        (self.start, self.today) = (self.start - TimeDelta::days(days), self.today + days);
        self.city.server.journal.fire_all_due().await.unwrap();
        let before =
            std::mem::replace(&mut self.now, Standing::db_read(&self.db, self.start).await);
        let mut due = Vec::new();
        for (at, report) in self.reports.iter().enumerate() {
            if report.state == "approved" && report.from <= self.today {
                let seen = self.centre.get(&report.path).await.expect(200);
                due.push((seen["updated_at"].as_str().unwrap().to_owned(), at, seen));
            }
        }
        due.sort_by(|one, other| one.0.cmp(&other.0));
        let touches: Vec<Uuid> =
            due.iter().flat_map(|(_, at, _)| self.reports[*at].members()).collect();
        let dated = due.iter().map(|(_, at, _)| self.reports[*at].from).min();
        let dated = dated.unwrap_or(standing::EVER);
        assert_eq!(self.now.undone_of(&before, dated, &touches), [""; 0]);
        for (_, at, seen) in due {
            let effects = self.reports[at].effects(&self.days, &self.now);
            let state = if effects.is_some() { "applied" } else { "failed" };
            assert_eq!(seen["state"], state, "{seen}");
            tally.entry(state.to_owned()).or_default()[0] += 1;
            for effect in effects.into_iter().flatten() {
                self.days.happens(&effect, &self.now);
            }
            self.reports[at].state = state;
        }
        assert_eq!(self.now.wrong(self.today), [""; 0]);
        assert_eq!(self.days.wrong(&self.now), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_walk_through_the_chain_makes_links_overlap_or_loses_history() {
    let (seeds, steps) = walks(&[1, 4, 7], 150);
    let mut tally = Tally::new();
    for seed in &seeds {
        let mut walk = Walk::start(*seed).await;
        // when anything is done by anybody who may, in whatever order, and days pass
        for _ in 0..steps {
            // then all of it holds at each step
            walk.step(&mut tally).await;
        }
        walk.look_at_histories().await;
        walk.city.ended().await;
    }
    let [done, refused] =
        tally.values().fold([0; 2], |all, one| [all[0] + one[0], all[1] + one[1]]);
    println!("{done} done, {refused} refused: {tally:?}");
    // A walk in which all is refused would show nothing.
    assert!(done > refused, "{done} {refused}");
    if seeds.len() > 1 {
        // What chance tried a few times only may have been refused each time.
        let often = |[done, refused]: &[usize; 2]| *done == 0 && *refused >= 6;
        let never = tally.iter().filter(|(what, count)| often(count) && *what != "stale");
        assert_eq!(never.collect::<Vec<_>>(), []);
    }
}
