//! What may be done to what is there, by chance: ended, voided, taken back; and what is entered.

use serde_json::{Value, json};
use uuid::Uuid;

use super::acts::{Act, Scene};
use super::days::{DAYS, Effect, KNOWN};
use super::standing::{EVER, Link, Thing};
use crate::support::dice::Dice;

/// What may be ended and voided by itself; most often what gives its days back.
const TABLES: [&str; 12] = [
    "member_sectors",
    "member_sectors",
    "sector_committees",
    "member_contacts",
    "sector_committees",
    "committee_departments",
    "chair_committees",
    "branch_members",
    "party_links",
    "post_holders",
    "posts",
    "areas",
];

/// Where a row is ended or voided, what has a new version then, and the reason of a mistake.
fn place(link: &Link) -> (String, Uuid, &'static str) {
    let Link { id, of, .. } = link;
    match &*link.table {
        "member_sectors" => (format!("/v1/members/{of}/sectors/{id}"), *of, "wrong_sector"),
        "member_contacts" => (format!("/v1/members/{of}/contacts/{id}"), *of, "wrong_contact"),
        "party_links" => (format!("/v1/members/{of}/party-links/{id}"), *of, "wrong_entry"),
        "post_holders" => (format!("/v1/posts/{of}/holders/{id}"), *of, "wrong_entry"),
        "posts" => (format!("/v1/posts/{id}"), *id, "wrong_entry"),
        "areas" => (format!("/v1/areas/{id}"), *id, "wrong_dates"),
        _ => (format!("/v1/organizations/{of}/links/{id}"), *of, "wrong_entry"),
    }
}

impl Scene<'_> {
    /// A row of one of the tables; seldom one that was voided.
    fn row(&self, dice: &mut Dice) -> Option<Link> {
        let table = *dice.pick(&TABLES)?;
        let ours = |link: &&Link| {
            let cast = self.cast;
            let all = [&cast.members, &cast.sectors, &cast.committees, &cast.branches, &cast.posts];
            all.iter().any(|ids| ids.contains(&link.of)) || link.of == cast.meeting
        };
        let voided = dice.once_in(12);
        let rows: Vec<&Link> =
            self.now.of(table).filter(ours).filter(|link| link.voided == voided).collect();
        dice.pick(&rows).copied().cloned()
    }

    /// A row that took the place of what leads to something that ends: its days go back, but not all.
    fn row_after_the_last(&self, dice: &mut Dice) -> Option<Link> {
        let tables = ["member_sectors", "sector_committees"];
        let standing = tables.iter().flat_map(|table| self.now.of(table)).filter(|row| !row.voided);
        let standing: Vec<&Link> = standing.collect();
        let ends = |id| self.now.thing(id).is_some_and(|thing| thing.until < EVER);
        let took = |row: &&&Link| {
            let of = standing.iter().filter(|one| (&one.table, one.of) == (&row.table, row.of));
            of.filter(|one| one.until == row.from).any(|one| ends(one.other))
        };
        let rows: Vec<&&Link> = standing.iter().filter(took).collect();
        dice.pick(&rows).map(|row| (**row).clone())
    }

    /// Whom a change of this row concerns.
    fn concerned(&self, link: &Link) -> Vec<Uuid> {
        match &*link.table {
            "member_sectors" | "sector_committees" => vec![link.of],
            "post_holders" | "branch_members" => vec![link.id, link.other],
            "posts" => self.holders(link.id),
            _ => vec![link.id],
        }
    }

    /// A post with whoever held it.
    fn holders(&self, post: Uuid) -> Vec<Uuid> {
        let held = self.now.of("post_holders").filter(|link| link.of == post);
        held.map(|link| link.other).chain([post]).collect()
    }

    pub(super) fn ends(&self, dice: &mut Dice) -> Option<Act> {
        let link = self.row(dice)?;
        let (path, object, _) = place(&link);
        // Within its days, mostly.
        let first = link.from.max(self.today - 6);
        let until = first + dice.between(0..10);
        let body = json!({ "until": self.date(until) });
        let touches = self.concerned(&link);
        let effects = match &*link.table {
            "posts" => vec![Effect::Leaves { id: link.id, until }],
            table if KNOWN.contains(&table) => vec![Effect::End { link: link.clone(), until }],
            _ => Vec::new(),
        };
        let act = Act::new(format!("end {}", link.table), format!("{path}/end"), body);
        Some(Act { effects, ..act.of(object).dated(until, &touches) })
    }

    pub(super) fn voids(&self, dice: &mut Dice) -> Option<Act> {
        let last = self.row_after_the_last(dice).filter(|_| dice.once_in(3));
        let link = last.or_else(|| self.row(dice))?;
        // A post, with all who ever held it, not so often.
        if link.table == "posts" && !dice.once_in(4) {
            return None;
        }
        let (path, object, reason) = place(&link);
        let touches = self.concerned(&link);
        let effects = match &*link.table {
            "posts" => vec![Effect::Gone { id: link.id }],
            table if KNOWN.contains(&table) => vec![Effect::Void { link: link.clone() }],
            _ => Vec::new(),
        };
        let what = format!("void {}", link.table);
        let act = Act::new(what, format!("{path}/void"), json!({ "reason": reason }));
        Some(Act { effects, ..act.of(object).dated(link.from, &touches) })
    }

    /// Somebody, or an organisation, with its path, and the reason of a mistake.
    fn somebody(&self, dice: &mut Dice) -> Option<(&Thing, String, &'static str)> {
        let cast = self.cast;
        let (noun, ids, reason) = match dice.roll(8) {
            0..3 => ("members", &cast.members, "entered_twice"),
            3..5 => ("contacts", &cast.contacts, "wrong_person"),
            5 | 6 => ("sectors", &cast.sectors, "wrong_entry"),
            _ if dice.once_in(2) => ("committees", &cast.committees, "wrong_entry"),
            _ => ("organizations", &cast.branches, "wrong_entry"),
        };
        // Most members of a founded organisation do not take part, and stand in its way.
        let founded = |id: &&Uuid| {
            let thing = self.now.thing(**id).filter(|thing| thing.from < DAYS.start);
            thing.is_some_and(organized)
        };
        let any = dice.once_in(10);
        let ids: Vec<&Uuid> = ids.iter().filter(|id| any || !founded(id)).collect();
        let id = **dice.pick(&ids)?;
        Some((self.now.thing(id)?, format!("/v1/{noun}/{id}"), reason))
    }

    /// With an organisation its posts leave, and who holds them.
    fn posts_leave(&self, thing: &Thing, until: Option<i64>) -> (Vec<Effect>, Vec<Uuid>) {
        let posts: Vec<&Link> =
            self.now.of("posts").filter(|post| post.of == thing.id && !post.voided).collect();
        let touches = posts.iter().flat_map(|post| self.holders(post.id)).chain([thing.id]);
        let later = posts.iter().filter(|post| until.is_none_or(|until| until < post.until));
        let leaves = later.map(|post| match until.filter(|until| post.from < *until) {
            Some(until) => Effect::Leaves { id: post.id, until },
            None => Effect::Gone { id: post.id },
        });
        (leaves.collect(), touches.collect())
    }

    pub(super) fn leaves(&self, dice: &mut Dice) -> Option<Act> {
        let (thing, path, _) = self.somebody(dice)?;
        let until = self.today + dice.between(-2..12);
        // An organisation that its members have left by then, mostly.
        let stays = |link: &&Link| !link.voided && [link.of, link.other].contains(&thing.id);
        let tables = ["member_sectors", "branch_members", "sector_committees"];
        let links = tables.iter().flat_map(|table| self.now.of(table)).filter(stays);
        let freed = links.filter(|link| link.of != thing.id || link.table == "branch_members");
        let freed = freed.map(|link| link.until).max().filter(|freed| *freed < EVER);
        let until = until.max(freed.unwrap_or(until));
        let (posts, touches) = self.posts_leave(thing, Some(until));
        let what = format!("end {}", thing.kind);
        let act = Act::new(what, format!("{path}/end"), json!({ "until": self.date(until) }));
        let act = act.of(thing.id).dated(until, &touches);
        let (effects, unsure) =
            (with(posts, Effect::Leaves { id: thing.id, until }), organized(thing));
        Some(Act { effects, unsure, ..act })
    }

    pub(super) fn gone(&self, dice: &mut Dice) -> Option<Act> {
        let (thing, path, reason) = self.somebody(dice)?;
        let (posts, touches) = self.posts_leave(thing, None);
        let what = format!("void {}", thing.kind);
        let act = Act::new(what, format!("{path}/void"), json!({ "reason": reason }));
        let act = act.of(thing.id).dated(thing.from, &touches);
        let (effects, unsure) = (with(posts, Effect::Gone { id: thing.id }), organized(thing));
        Some(Act { effects, unsure, ..act })
    }

    pub(super) fn continues(&self, dice: &mut Dice) -> Option<Act> {
        let (noun, ids) = match dice.roll(3) {
            0 => ("contacts", &self.cast.contacts),
            _ => ("members", &self.cast.members),
        };
        // Those whose term ends, mostly.
        let (any, things) = (dice.once_in(8), ids.iter().filter_map(|id| self.now.thing(*id)));
        let ended: Vec<&Thing> = things.filter(|one| any || one.until < EVER).collect();
        let (id, over) = dice.pick(&ended).map(|one| (one.id, one.until))?;
        let path = format!("/v1/{noun}/{id}/continue");
        let act = Act::new(format!("continue {noun}"), path, json!({}));
        let act = act.of(id).dated(over, &[id]);
        Some(Act { effects: vec![Effect::Continues { id }], ..act })
    }

    pub(super) fn enters(&self, dice: &mut Dice) -> Option<Act> {
        let (cast, mut from) = (self.cast, self.day(dice));
        let (number, day) = (cast.entered, self.date(from));
        let org = |kind: &str| {
            let code = format!("walk_{number}");
            json!({ "kind": kind, "code": code, "name": code, "position": 90, "from": day })
        };
        let few = |ids: &[Uuid], most: usize| ids.len() < most;
        let (path, body) = match dice.roll(12) {
            0 if few(&cast.members, 9) => {
                let sector = dice.pick(&cast.sectors)?;
                let body = json!({ "name": "赵委员", "number": format!("W{number}"),
                    "sector_id": sector, "county_code": self.county, "from": day });
                ("/v1/members", body)
            }
            1 if few(&cast.contacts, 7) => {
                let body = json!({ "name": "王主任", "number": format!("W{number}"),
                    "category": "community", "unit": "育才社区",
                    "division_code": format!("{}001", self.county), "from": day });
                ("/v1/contacts", body)
            }
            2 if few(&cast.sectors, 6) => ("/v1/organizations", org("sector")),
            3 if few(&cast.committees, 5) => ("/v1/organizations", org("committee")),
            4 if few(&cast.branches, 4) => ("/v1/organizations", org("party_branch")),
            5 | 6 if few(&cast.posts, 9) => ("/v1/posts", self.post(dice, &day.to_string())?),
            7.. => {
                let (first, body) = self.area(dice)?;
                from = first;
                ("/v1/areas", body)
            }
            _ => return None,
        };
        Some(Act::new(path.replace("/v1/", "enter "), path.to_owned(), body).dated(from, &[]))
    }

    /// One post of a convener a sector has.
    fn post(&self, dice: &mut Dice, day: &str) -> Option<Value> {
        let (of, kind) = match dice.roll(4) {
            0 => (*dice.pick(&self.cast.sectors)?, "convener"),
            1 => (*dice.pick(&self.cast.branches)?, "secretary"),
            2 => (*dice.pick(&self.cast.committees)?, "director"),
            _ => (self.cast.meeting, "vice_chair"),
        };
        let convened = kind == "convener" && self.now.of("posts").any(|post| post.of == of);
        (!convened)
            .then(|| json!({ "organization_id": of, "kind": kind, "title": "职务", "from": day }))
    }

    fn area(&self, dice: &mut Dice) -> Option<(i64, Value)> {
        let (kind, ids) = match dice.roll(4) {
            0 => ("member", &self.cast.members),
            1 => ("sector", &self.cast.sectors),
            _ => ("chair_member", &self.cast.members),
        };
        let seat = self.seat(dice).filter(|_| kind == "chair_member");
        let holder = seat.map_or(*dice.pick(ids)?, |seat| seat.other);
        let (from, until) = self.together(dice, (holder, holder), seat);
        let mut body = self.body(("holder_id", holder), from, until);
        (body["name"], body["holder_kind"]) = (json!("新责任区"), json!(kind));
        body["division_code"] = json!(format!("{}00{}", self.county, 1 + dice.roll(2)));
        Some((from, body))
    }
}

fn with(mut effects: Vec<Effect>, last: Effect) -> Vec<Effect> {
    effects.push(last);
    effects
}

/// Whether others may hang on it, who stand in the way when it goes.
fn organized(thing: &Thing) -> bool {
    !["member", "contact"].contains(&&*thing.kind)
}
