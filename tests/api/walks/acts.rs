//! What may be done to the chain, by chance.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use super::days::{Days, Effect, Until};
use super::reports::Report;
use super::standing::{EVER, Link, Standing, Thing};
use crate::support::dice::Dice;

/// One change.
#[derive(Debug, Clone)]
pub struct Act {
    /// Its kind.
    pub what: String,
    pub path: String,
    pub body: Value,
    /// Whose version it makes; none of what is new.
    pub object: Option<Uuid>,
    /// The day before which nothing changes.
    pub dated: i64,
    /// Whom it concerns, none but those.
    pub touches: Vec<Uuid>,
    pub effects: Vec<Effect>,
    /// Whether it is done, where that is known.
    pub expected: Option<bool>,
    /// Whether more than its effects decides on it.
    pub unsure: bool,
    /// Whether it is a change of a version that somebody read.
    pub of_version: bool,
    /// Which report it takes a step, and where to.
    pub step: Option<(usize, &'static str)>,
    /// What is reported by it.
    pub report: Option<Report>,
}

impl Act {
    pub fn new(what: impl Into<String>, path: String, body: Value) -> Self {
        let (object, dated, touches, effects) = (None, EVER, Vec::new(), Vec::new());
        let (unsure, of_version) = (false, !body["from"].is_string());
        let (expected, step, report, what) = (None, None, None, what.into());
        Self {
            what,
            path,
            body,
            object,
            dated,
            touches,
            effects,
            expected,
            unsure,
            of_version,
            step,
            report,
        }
    }

    /// It makes a version of this.
    pub(super) fn of(self, object: Uuid) -> Self {
        Self { object: Some(object), ..self }
    }

    /// It changes days from `dated` on of what `touches`.
    pub(super) fn dated(self, dated: i64, touches: &[Uuid]) -> Self {
        Self { dated, touches: touches.to_vec(), ..self }
    }
}

/// Who and what takes part.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    pub members: Vec<Uuid>,
    pub contacts: Vec<Uuid>,
    pub sectors: Vec<Uuid>,
    pub committees: Vec<Uuid>,
    pub branches: Vec<Uuid>,
    pub departments: Vec<Uuid>,
    pub posts: Vec<Uuid>,
    pub meeting: Uuid,
    /// How many were entered; of which the next has a number of its own.
    pub entered: usize,
}

impl Cast {
    /// Somebody or something new takes part.
    pub fn joins(&mut self, new: &Thing) {
        match &*new.kind {
            "member" => self.members.push(new.id),
            "contact" => self.contacts.push(new.id),
            "sector" => self.sectors.push(new.id),
            "committee" => self.committees.push(new.id),
            "party_branch" => self.branches.push(new.id),
            "post" => self.posts.push(new.id),
            _ => return,
        }
        self.entered += 1;
    }

    /// Whatever takes part, whose links lead to others.
    pub fn all(&self) -> Vec<Uuid> {
        [&self.members, &self.contacts, &self.sectors, &self.committees, &self.posts]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    /// These take part no more.
    pub fn part(&mut self, gone: &BTreeSet<Uuid>) {
        for ids in [
            &mut self.members,
            &mut self.contacts,
            &mut self.sectors,
            &mut self.committees,
            &mut self.branches,
            &mut self.posts,
        ] {
            ids.retain(|id| !gone.contains(id));
        }
    }
}

/// What a change is chosen by.
pub struct Scene<'a> {
    pub cast: &'a Cast,
    pub now: &'a Standing,
    pub days: &'a Days,
    pub reports: &'a [Report],
    pub today: i64,
    /// The date of `today`.
    pub date: NaiveDate,
    pub county: &'a str,
}

impl Scene<'_> {
    pub fn date(&self, day: i64) -> NaiveDate {
        self.date + TimeDelta::days(day - self.today)
    }

    /// A day around today.
    pub fn day(&self, dice: &mut Dice) -> i64 {
        self.today + dice.between(-10..12)
    }

    /// The next change.
    pub fn act(&self, dice: &mut Dice) -> Act {
        loop {
            let act = match dice.roll(60) {
                0..5 => self.moves(dice),
                5..9 => self.links(dice),
                9..13 => self.holds(dice),
                13..16 => self.guides(dice),
                16..20 => self.joins(dice),
                20..23 => self.leads(dice),
                23..30 => self.ends(dice),
                30..37 => self.voids(dice),
                37..40 => self.leaves(dice),
                40..44 => self.continues(dice),
                44 => self.gone(dice),
                45..50 => self.enters(dice),
                _ => self.reports(dice),
            };
            if let Some(act) = act {
                let all: Option<Vec<bool>> =
                    act.effects.iter().map(|e| self.days.allow(e)).collect();
                let known = all.filter(|all| !act.unsure && !all.is_empty());
                let known = known.map(|all| all.into_iter().all(|may| may));
                return Act { expected: act.expected.or(known), ..act };
            }
        }
    }

    fn moves(&self, dice: &mut Dice) -> Option<Act> {
        let member = *dice.pick(&self.cast.members)?;
        // Often the one that came last, and may go first.
        let last = self.cast.sectors.last().filter(|_| dice.once_in(3));
        let sector = last.copied().or(dice.pick(&self.cast.sectors).copied())?;
        let from = self.day(dice);
        let body = json!({ "sector_id": sector, "from": self.date(from) });
        let effect = Effect::Switch { table: "member_sectors", of: member, other: sector, from };
        let act = Act::new("move", format!("/v1/members/{member}/sectors"), body);
        Some(Act {
            effects: vec![effect],
            of_version: true,
            ..act.of(member).dated(from, &[member])
        })
    }

    fn guides(&self, dice: &mut Dice) -> Option<Act> {
        let (sector, committee) =
            (*dice.pick(&self.cast.sectors)?, *dice.pick(&self.cast.committees)?);
        let from = self.day(dice);
        let body = json!({ "committee_id": committee, "from": self.date(from) });
        let (table, of, other) = ("sector_committees", sector, committee);
        let effect = Effect::Switch { table, of, other, from };
        let act = Act::new("guide", format!("/v1/sectors/{sector}/guidances"), body);
        Some(Act {
            effects: vec![effect],
            of_version: true,
            ..act.of(sector).dated(from, &[sector])
        })
    }

    /// From a day around today, mostly of what it stands on, until when both are there, mostly.
    pub(super) fn together(
        &self,
        dice: &mut Dice,
        (one, other): (Uuid, Uuid),
        on: Option<&Link>,
    ) -> (i64, i64) {
        let from = self.day(dice);
        let from = match on {
            Some(on) if !dice.once_in(6) => from.min(on.until - 1).max(on.from),
            _ => from,
        };
        let over = [one, other].map(|id| self.now.thing(id).map_or(EVER, |thing| thing.until));
        let over = over.into_iter().chain(on.map(|on| on.until)).min().unwrap_or(EVER);
        let until = if dice.once_in(3) { from + dice.between(0..12) } else { over };
        (from, if dice.once_in(8) { EVER } else { until })
    }

    pub(super) fn body(&self, (name, other): (&str, Uuid), from: i64, until: i64) -> Value {
        let until = (until < EVER).then(|| self.date(until));
        json!({ name: other, "from": self.date(from), "until": until })
    }

    fn links(&self, dice: &mut Dice) -> Option<Act> {
        let (of, other) = (*dice.pick(&self.cast.members)?, *dice.pick(&self.cast.contacts)?);
        let (from, until) = self.together(dice, (of, other), None);
        let (table, body) = ("member_contacts", self.body(("contact_id", other), from, until));
        let effect = Effect::Open { table, of, other, from, until: Until::Told(until) };
        let act = Act::new("link", format!("/v1/members/{of}/contacts"), body);
        Some(Act { effects: vec![effect], ..act.of(of).dated(from, &[of]) })
    }

    fn holds(&self, dice: &mut Dice) -> Option<Act> {
        // A vacant one, mostly.
        let day = self.today;
        let vacant = |post: &&Uuid| self.days.at("post_holders", **post, day).is_none();
        let vacant: Vec<Uuid> = self.cast.posts.iter().filter(vacant).copied().collect();
        let any = *dice.pick(&self.cast.posts)?;
        let vacant = dice.pick(&vacant).copied().filter(|_| !dice.once_in(5));
        let (of, other) = (vacant.unwrap_or(any), *dice.pick(&self.cast.members)?);
        let (from, until) = self.together(dice, (of, other), None);
        let (table, body) = ("post_holders", self.body(("member_id", other), from, until));
        let effect = Effect::Open { table, of, other, from, until: Until::AtMost(until) };
        let act = Act::new("hold", format!("/v1/posts/{of}/holders"), body);
        Some(Act { effects: vec![effect], ..act.of(of).dated(from, &[of]) })
    }

    fn joins(&self, dice: &mut Dice) -> Option<Act> {
        let cast = self.cast;
        let (kind, of, other) = match dice.roll(4) {
            0 => ("counterpart_department", &cast.committees, &cast.departments),
            1 => ("chair_member", &cast.committees, &cast.members),
            _ => ("branch_member", &cast.branches, &cast.members),
        };
        let seat = self.seat(dice).filter(|_| kind == "chair_member");
        let (of, other) = (*dice.pick(of)?, seat.map_or(*dice.pick(other)?, |seat| seat.other));
        let (from, until) = self.together(dice, (of, other), seat);
        let mut body = self.body(("other_id", other), from, until);
        body["kind"] = json!(kind);
        let path = format!("/v1/organizations/{of}/links");
        Some(Act::new(kind, path, body).of(of).dated(from, &[of]))
    }

    /// Somebody's seat in the chair meeting.
    pub(super) fn seat(&self, dice: &mut Dice) -> Option<&Link> {
        let seats = self.now.of("posts").filter(|post| post.of == self.cast.meeting);
        let seats: Vec<Uuid> = seats.map(|post| post.id).collect();
        let held = self.now.of("post_holders");
        let held: Vec<&Link> =
            held.filter(|link| !link.voided && seats.contains(&link.of)).collect();
        dice.pick(&held).copied()
    }

    fn leads(&self, dice: &mut Dice) -> Option<Act> {
        let party: Vec<&Link> = self.now.of("branch_members").filter(|link| !link.voided).collect();
        let place = *dice.pick(&party)?;
        let (of, other) = (place.other, *dice.pick(&self.cast.members)?);
        let (from, until) = self.together(dice, (of, other), Some(place));
        let body = self.body(("member_id", other), from, until);
        let act = Act::new("lead", format!("/v1/members/{of}/party-links"), body);
        Some(act.of(of).dated(from, &[of]))
    }
}
