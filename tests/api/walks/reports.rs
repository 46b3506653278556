//! Changes that are reported, checked, decided on, and in effect on their day.

use serde_json::{Value, json};
use uuid::Uuid;

use super::acts::{Act, Scene};
use super::days::{Days, Effect, Until};
use super::standing::{Standing, Thing};
use crate::support::dice::Dice;

/// What is to change for a member.
#[derive(Debug, Clone)]
struct Item {
    member: Uuid,
    sector: Option<Uuid>,
    leaves: bool,
    end: Vec<Uuid>,
    link: Vec<Uuid>,
}

impl Item {
    fn body(&self) -> Value {
        json!({ "member_id": self.member, "sector_id": self.sector, "ends_term": self.leaves,
            "contacts": { "end": self.end, "link": self.link } })
    }
}

/// A report, as far as it got.
#[derive(Debug, Clone)]
pub struct Report {
    pub path: String,
    pub from: i64,
    pub state: &'static str,
    items: Vec<Item>,
}

impl Report {
    pub fn members(&self) -> Vec<Uuid> {
        self.items.iter().map(|item| item.member).collect()
    }

    /// What it does, as things stand; none where it does not fit.
    pub fn effects(&self, days: &Days, now: &Standing) -> Option<Vec<Effect>> {
        let from = self.from;
        let mut effects = Vec::new();
        for item in &self.items {
            let of = item.member;
            if item.leaves {
                effects.push(Effect::Leaves { id: of, until: from });
            }
            let to = item.sector.map(|other| Effect::Switch {
                table: "member_sectors",
                of,
                other,
                from,
            });
            effects.extend(to);
            for contact in &item.end {
                let id = days.contact_link(of, *contact, from)?;
                let link = now.of("member_contacts").find(|link| link.id == id)?.clone();
                effects.push(Effect::End { link, until: from });
            }
            let table = "member_contacts";
            let linked = item.link.iter();
            effects.extend(linked.map(|other| Effect::Open {
                table,
                of,
                other: *other,
                from,
                until: Until::Alone,
            }));
        }
        effects.iter().all(|effect| days.allow(effect) == Some(true)).then_some(effects)
    }
}

impl Scene<'_> {
    /// A new report, or a step of one.
    pub(super) fn reports(&self, dice: &mut Dice) -> Option<Act> {
        let open = |report: &&(usize, &Report)| {
            !["applied", "failed", "refused", "withdrawn", "undone"].contains(&report.1.state)
        };
        let all: Vec<(usize, &Report)> = self.reports.iter().enumerate().collect();
        let open: Vec<&(usize, &Report)> = all.iter().filter(open).collect();
        if open.len() < 2 || dice.once_in(8) {
            return self.report(dice);
        }
        // Seldom one that is closed.
        let (at, report) = match dice.once_in(16) {
            true => dice.pick(&all)?,
            false => dice.pick(&open)?,
        };
        Some(self.step(dice, *at, report))
    }

    fn report(&self, dice: &mut Dice) -> Option<Act> {
        let from = self.today + dice.between(-3..7);
        let placed = |id: &Uuid| self.now.thing(*id).filter(|one| one.committee_id.is_some());
        let placed: Vec<&Thing> = self.cast.members.iter().filter_map(placed).collect();
        let first = dice.pick(&placed)?;
        let mut members = vec![first.id];
        let beside = placed.iter().filter(|one| one.committee_id == first.committee_id);
        members
            .extend(beside.filter(|one| one.id != first.id).map(|one| one.id).take(dice.roll(2)));
        let items: Vec<Item> = members.into_iter().map(|id| self.item(dice, id, from)).collect();
        let bodies: Vec<Value> = items.iter().map(Item::body).collect();
        let body = json!({ "from": self.date(from), "reason": "job_change", "items": bodies });
        let report = Report { path: String::new(), from, state: "reported", items };
        let act = Act::new("report", "/v1/adjustments".into(), body);
        Some(Act { report: Some(report), ..act })
    }

    fn item(&self, dice: &mut Dice, member: Uuid, from: i64) -> Item {
        let mut item =
            Item { member, sector: None, leaves: false, end: Vec::new(), link: Vec::new() };
        if dice.once_in(6) {
            return Item { leaves: true, ..item };
        }
        let linked = self.days.contacts(member, from);
        item.end.extend(dice.pick(&linked).filter(|_| dice.once_in(2)));
        let free: Vec<&Uuid> =
            self.cast.contacts.iter().filter(|id| !linked.contains(id)).collect();
        item.link.extend(dice.pick(&free).copied().filter(|_| dice.once_in(2)));
        if item.end.is_empty() || dice.once_in(2) {
            let own = self.days.at("member_sectors", member, from);
            let others = self.cast.sectors.iter().filter(|id| Some(**id) != own);
            item.sector = dice.pick(&others.copied().collect::<Vec<_>>()).copied();
        }
        item
    }

    fn step(&self, dice: &mut Dice, at: usize, report: &Report) -> Act {
        let Report { state, path, from, .. } = report;
        let effects = report.effects(self.days, self.now);
        let usual = match *state {
            "reported" => "check",
            "committee_checked" if effects.is_some() => "approve",
            "committee_checked" => "refuse",
            _ => "undo",
        };
        // What is approved for a day to come is left alone, mostly.
        let other = if *state == "approved" { dice.once_in(2) } else { dice.once_in(4) };
        let action = match other {
            true => *dice.pick(&["check", "approve", "refuse", "withdraw", "undo"]).unwrap(),
            false => usual,
        };
        let (to, may) = match (action, *state) {
            ("check", "reported") => ("committee_checked", true),
            ("approve", "committee_checked") => ("approved", effects.is_some()),
            ("refuse", "committee_checked") => ("refused", true),
            ("withdraw", "reported" | "committee_checked") => ("withdrawn", true),
            ("undo", "approved") => ("undone", true),
            _ => ("", false),
        };
        let body = if action == "refuse" { json!({ "reason": "再议" }) } else { json!({}) };
        let mut act = Act::new(action, format!("{path}/{action}"), body);
        act.step = Some((at, to));
        if to == "approved" && *from <= self.today {
            act.step = Some((at, "applied"));
            act.effects = effects.unwrap_or_default();
            (act.dated, act.touches) = (*from, report.members());
        }
        Act { expected: Some(may), ..act }
    }
}
