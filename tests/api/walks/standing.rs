//! What stands in the tables, in days of the walk, and what is true of it whatever was done.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use uuid::Uuid;

use super::days::DAYS;
use super::standing_sql;

/// The day after the last of what has no end.
pub const EVER: i64 = 1_000_000;

/// A dated row that joins two things; a post joins itself to its organisation, an area to its holder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Link {
    pub table: String,
    /// Of rows with the same, no two stand on one day.
    pub line: String,
    pub id: Uuid,
    pub of: Uuid,
    pub other: Uuid,
    pub from: i64,
    pub until: i64,
    pub voided: bool,
}

impl Link {
    pub fn on(&self, day: i64) -> bool {
        !self.voided && self.from <= day && day < self.until
    }

    pub fn mentions(&self, ids: &[Uuid]) -> bool {
        [self.id, self.of, self.other].iter().any(|id| ids.contains(id))
    }
}

/// On which days somebody has one of these.
fn days_of<'a>(links: impl Iterator<Item = &'a Link>) -> BTreeSet<(Uuid, i64)> {
    links.flat_map(|link| DAYS.filter(|day| link.on(*day)).map(|day| (link.other, day))).collect()
}

/// Somebody or something with a term and a version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Thing {
    pub kind: String,
    pub id: Uuid,
    pub from: i64,
    pub until: i64,
    pub voided: bool,
    pub version: i64,
    /// Where a member stands today.
    pub sector_id: Option<Uuid>,
    pub committee_id: Option<Uuid>,
}

/// On which days an account of a member may convene a sector.
#[derive(Debug, Clone, Deserialize)]
pub struct Convenes {
    pub member: Uuid,
    pub sector: Uuid,
    pub from: i64,
    pub until: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Standing {
    pub links: Vec<Link>,
    things: Vec<Thing>,
    convenes: Vec<Convenes>,
    /// Members who have an account.
    accounts: BTreeSet<Uuid>,
    /// What has another version than the journal tells of.
    untold: Vec<Uuid>,
    pub entries: i64,
    /// Of all that a refusal leaves as it was.
    pub digest: String,
}

impl Standing {
    /// What stands now, in days from `start`.
    pub async fn db_read(db: &tokio_postgres::Client, start: chrono::NaiveDate) -> Self {
        let told: String = db.query_one(&standing_sql::read(start), &[]).await.unwrap().get(0);
        serde_json::from_str(&told).unwrap()
    }

    pub fn thing(&self, id: Uuid) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.id == id)
    }

    pub fn things(&self) -> impl Iterator<Item = &Thing> {
        self.things.iter()
    }

    /// The rows of a table.
    pub fn of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Link> {
        self.links.iter().filter(move |link| link.table == table)
    }

    /// All that is wrong with it, where it is `today`.
    pub fn wrong(&self, today: i64) -> Vec<String> {
        let mut wrong: Vec<String> = Vec::new();
        wrong.extend(self.untold.iter().map(|id| format!("a version of {id} is not told of")));
        self.overlaps(&mut wrong);
        self.outlasts(&mut wrong);
        self.groundless(&mut wrong);
        self.misplaced(today, &mut wrong);
        self.wrongly_convening(&mut wrong);
        wrong
    }

    fn overlaps(&self, wrong: &mut Vec<String>) {
        let mut standing: Vec<&Link> = self.links.iter().filter(|link| !link.voided).collect();
        standing.sort_by_key(|link| (&link.table, &link.line, link.from));
        for pair in standing.windows(2) {
            let same = (&pair[0].table, &pair[0].line) == (&pair[1].table, &pair[1].line);
            if same && pair[0].until > pair[1].from {
                wrong.push(format!("on one day: {pair:?}"));
            }
        }
    }

    /// What joins two lasts while both are there.
    fn outlasts(&self, wrong: &mut Vec<String>) {
        let terms: BTreeMap<Uuid, &Thing> =
            self.things.iter().map(|thing| (thing.id, thing)).collect();
        for link in self.links.iter().filter(|link| !link.voided) {
            for end in [link.of, link.other].iter().filter_map(|id| terms.get(id)) {
                let within = !end.voided && end.from <= link.from && link.until <= end.until;
                if !within || link.from >= link.until {
                    wrong.push(format!("{link:?} goes beyond {end:?}"));
                }
            }
        }
    }

    /// What stands on a seat in the chair meeting, or on a place in a branch, has it on each day.
    fn groundless(&self, wrong: &mut Vec<String>) {
        let meetings = self.things.iter().filter(|thing| thing.kind == "chair_meeting");
        let meetings: BTreeSet<Uuid> = meetings.map(|thing| thing.id).collect();
        let seats = self.of("posts").filter(|post| meetings.contains(&post.of));
        let seats: BTreeSet<Uuid> = seats.map(|post| post.id).collect();
        let held = self.of("post_holders").filter(|held| seats.contains(&held.of));
        let sits = days_of(held);
        let in_branch = days_of(self.of("branch_members"));
        for link in self.links.iter().filter(|link| !link.voided) {
            let (ground, who) = match &*link.table {
                "chair_committees" => (&sits, link.other),
                "areas" if link.line.starts_with("chair") => (&sits, link.of),
                "party_links" => (&in_branch, link.of),
                _ => continue,
            };
            if !DAYS.filter(|day| link.on(*day)).all(|day| ground.contains(&(who, day))) {
                wrong.push(format!("{link:?} stands on nothing"));
            }
        }
    }

    /// Who is there today stands where the links of today say.
    fn misplaced(&self, today: i64, wrong: &mut Vec<String>) {
        let at = |table: &str, of: Uuid| {
            let mut found = self.of(table).filter(|link| link.of == of && link.on(today));
            found.next().map(|link| link.other)
        };
        for member in self.things.iter().filter(|thing| thing.kind == "member" && !thing.voided) {
            if member.from > today || member.until <= today {
                continue;
            }
            let sector = at("member_sectors", member.id);
            let committee = sector.and_then(|sector| at("sector_committees", sector));
            if (member.sector_id, member.committee_id) != (sector, committee) {
                wrong.push(format!("{member:?} stands in {sector:?} under {committee:?}"));
            }
        }
    }

    /// Who holds a convener's post may convene, on the same days.
    fn wrongly_convening(&self, wrong: &mut Vec<String>) {
        let sectors = self.things.iter().filter(|thing| thing.kind == "sector");
        let sectors: BTreeSet<Uuid> = sectors.map(|thing| thing.id).collect();
        let posts = self.of("posts").filter(|post| sectors.contains(&post.of));
        let posts: BTreeMap<Uuid, Uuid> = posts.map(|post| (post.id, post.of)).collect();
        let mut holds = BTreeSet::new();
        for held in self.of("post_holders").filter(|held| self.accounts.contains(&held.other)) {
            let Some(sector) = posts.get(&held.of) else { continue };
            let days = DAYS.filter(|day| held.on(*day));
            holds.extend(days.map(|day| (held.other, *sector, day)));
        }
        let mut may = BTreeSet::new();
        for Convenes { member, sector, from, until } in &self.convenes {
            let days = DAYS.filter(|day| from <= day && day < until);
            may.extend(days.map(|day| (*member, *sector, day)));
        }
        let other = holds.symmetric_difference(&may).next();
        wrong.extend(other.map(|day| format!("holds the post or may convene, not both: {day:?}")));
    }

    /// What a change, dated `dated`, of what concerns `touched` has done against the rules: a row is
    /// gone or another, a day before it is another, somebody else's rows are.
    pub fn undone_of(&self, before: &Self, dated: i64, touched: &[Uuid]) -> Vec<String> {
        let mut wrong: Vec<String> = Vec::new();
        let now: BTreeMap<Uuid, &Link> = self.links.iter().map(|link| (link.id, link)).collect();
        for old in &before.links {
            let Some(new) = now.get(&old.id) else {
                wrong.push(format!("{old:?} is gone"));
                continue;
            };
            let same = Link { until: new.until, voided: new.voided, ..old.clone() };
            let void_stays = !old.voided || (new.voided && new.until == old.until);
            if same != **new || !void_stays {
                wrong.push(format!("{old:?} is {new:?}"));
            }
        }
        let (rows, then): (BTreeSet<&Link>, BTreeSet<&Link>) =
            (self.links.iter().collect(), before.links.iter().collect());
        let others = rows.symmetric_difference(&then).filter(|link| !link.mentions(touched));
        wrong.extend(others.map(|link| format!("{link:?} is none of theirs")));
        let (days, then) = (self.days_before(dated), before.days_before(dated));
        let other = days.symmetric_difference(&then);
        wrong.extend(other.map(|link| format!("before day {dated}: {link:?}")));
        let gone = before.things.iter().filter(|thing| self.thing(thing.id).is_none());
        wrong.extend(gone.map(|thing| format!("{thing:?} is gone")));
        if self.entries < before.entries {
            wrong.push("the journal is shorter".into());
        }
        wrong
    }

    /// What stood on the days before `day`.
    fn days_before(&self, day: i64) -> BTreeSet<Link> {
        let begun = self.links.iter().filter(|link| !link.voided && link.from < day);
        begun.map(|link| Link { until: link.until.min(day), ..link.clone() }).collect()
    }
}
