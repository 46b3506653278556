//! What stands on which day, as it is told to people: a map from days to links, which knows nothing of
//! how the server decides.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use uuid::Uuid;

use super::standing::{EVER, Link, Standing};

/// The days that are looked at: nothing changes before the first or after the last.
pub const DAYS: Range<i64> = -40..90;

/// The tables of which each day is known.
pub const KNOWN: [&str; 4] =
    ["member_sectors", "sector_committees", "post_holders", "member_contacts"];

/// Until when something is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// As told, which must lie within what it joins.
    Told(i64),
    /// As told, or as long as what it joins.
    AtMost(i64),
    /// As long as what it joins, if there is no later one.
    Alone,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// `of` leads to `other` from that day on, in place of what it led to.
    Switch {
        table: &'static str,
        of: Uuid,
        other: Uuid,
        from: i64,
    },
    /// `of` and `other` are joined.
    Open {
        table: &'static str,
        of: Uuid,
        other: Uuid,
        from: i64,
        until: Until,
    },
    End {
        link: Link,
        until: i64,
    },
    Void {
        link: Link,
    },
    /// Who or what leaves, with all that joins it to others.
    Leaves {
        id: Uuid,
        until: i64,
    },
    /// Who or what was a mistake.
    Gone {
        id: Uuid,
    },
    /// Who left by mistake.
    Continues {
        id: Uuid,
    },
}

#[derive(Debug, Clone)]
struct Known {
    other: Uuid,
    from: i64,
    /// Whose place it took.
    ended: Option<Uuid>,
}

/// What stands on each day, by the link.
#[derive(Debug, Clone, Default)]
struct Line {
    of: Uuid,
    days: BTreeMap<i64, Uuid>,
    links: BTreeMap<Uuid, Known>,
}

/// Who and what is there from when until when, and what joins them on each day.
#[derive(Debug, Clone, Default)]
pub struct Days {
    watched: BTreeSet<Uuid>,
    met: BTreeSet<Uuid>,
    terms: BTreeMap<Uuid, (i64, i64)>,
    lines: BTreeMap<(&'static str, String), Line>,
}

fn line_of(table: &str, of: Uuid, other: Uuid) -> String {
    if table == "member_contacts" { format!("{of}{other}") } else { of.to_string() }
}

impl Days {
    /// Looks at what joins `ids` to others, and others to them.
    pub fn watch(&mut self, ids: impl IntoIterator<Item = Uuid>, standing: &Standing) {
        let ids: Vec<Uuid> = ids.into_iter().filter(|id| !self.watched.contains(id)).collect();
        for table in KNOWN {
            for link in standing.of(table).filter(|link| link.mentions(&ids)) {
                let line = self.line(table, link.of, link.other);
                let known = Known { other: link.other, from: link.from, ended: None };
                line.links.entry(link.id).or_insert(known);
                line.days.extend(DAYS.filter(|day| link.on(*day)).map(|day| (day, link.id)));
            }
        }
        self.watched.extend(ids);
        let new: Vec<_> =
            standing.things().filter(|one| !one.voided && !self.met.contains(&one.id)).collect();
        self.terms.extend(new.iter().map(|one| (one.id, (one.from, one.until))));
        self.met.extend(new.iter().map(|one| one.id));
    }

    fn line(&mut self, table: &'static str, of: Uuid, other: Uuid) -> &mut Line {
        let line = self.lines.entry((table, line_of(table, of, other))).or_default();
        line.of = of;
        line
    }

    fn found(&self, table: &'static str, of: Uuid, other: Uuid) -> Line {
        self.lines.get(&(table, line_of(table, of, other))).cloned().unwrap_or_default()
    }

    /// The days on which all of them are there.
    fn both(&self, ids: &[Uuid]) -> Option<(i64, i64)> {
        let terms: Option<Vec<_>> = ids.iter().map(|id| self.terms.get(id).copied()).collect();
        let terms = terms?;
        Some((terms.iter().map(|term| term.0).max()?, terms.iter().map(|term| term.1).min()?))
    }

    pub fn there(&self, id: Uuid, day: i64) -> bool {
        self.terms.get(&id).is_some_and(|(from, until)| *from <= day && day < *until)
    }

    /// Where `of` leads on that day.
    pub fn at(&self, table: &'static str, of: Uuid, day: i64) -> Option<Uuid> {
        let line = self.lines.get(&(table, of.to_string()))?;
        line.days.get(&day).map(|link| line.links[link].other)
    }

    /// The link of a member to a contact on that day.
    pub fn contact_link(&self, member: Uuid, contact: Uuid, day: i64) -> Option<Uuid> {
        self.found("member_contacts", member, contact).days.get(&day).copied()
    }

    /// All contacts of the member on that day.
    pub fn contacts(&self, member: Uuid, day: i64) -> Vec<Uuid> {
        let own = self.lines.iter().filter(|((table, _), line)| {
            *table == "member_contacts" && line.of == member && line.days.contains_key(&day)
        });
        own.map(|(_, line)| line.links[&line.days[&day]].other).collect()
    }

    /// Whether it may be done; none where this does not know.
    pub fn allow(&self, effect: &Effect) -> Option<bool> {
        Some(match effect {
            Effect::Switch { table, of, other, from } => {
                let line = self.found(table, *of, *other);
                let present = line.days.get(from).map(|link| &line.links[link]);
                let new = present.is_none_or(|link| link.other != *other && link.from != *from);
                new && self.there(*of, *from) && self.there(*other, *from)
            }
            Effect::Open { table, of, other, from, until } => {
                let line = self.found(table, *of, *other);
                let Some((first, over)) = self.both(&[*of, *other]) else { return Some(false) };
                let free = |until: i64| !line.days.range(*from..).any(|(day, _)| *day < until);
                let last = |until: i64| *from < until && free(until);
                let fits = match until {
                    Until::Told(until) => *until <= over && last(*until),
                    Until::AtMost(EVER) => last(over),
                    Until::AtMost(until) => *until <= over && last(*until),
                    Until::Alone => free(EVER),
                };
                fits && first <= *from && *from < over
            }
            Effect::End { link, until } => {
                let table = KNOWN.into_iter().find(|known| *known == link.table)?;
                let line = self.found(table, link.of, link.other);
                *until > link.from && line.days.get(until) == Some(&link.id)
            }
            Effect::Void { link } => {
                let table = KNOWN.into_iter().find(|known| *known == link.table)?;
                let line = self.found(table, link.of, link.other);
                line.days.values().any(|id| *id == link.id)
            }
            Effect::Leaves { id, until } => {
                self.terms.get(id).is_some_and(|(from, over)| from < until && until < over)
            }
            Effect::Gone { id } => self.terms.contains_key(id),
            Effect::Continues { id } => self.terms.get(id).is_some_and(|(_, over)| *over < EVER),
        })
    }

    /// It was done; `now` tells the ids of the new links.
    pub fn happens(&mut self, effect: &Effect, now: &Standing) {
        match effect {
            Effect::Switch { table, of, other, from } => {
                let Some((_, over)) = self.both(&[*of, *other]) else { return };
                let line = self.line(table, *of, *other);
                let present = line.days.get(from).copied();
                let days = (*from..over.min(DAYS.end))
                    .take_while(|day| line.days.get(day).copied() == present);
                let days: Vec<i64> = days.collect();
                let next = days.last().map_or(*from, |day| day + 1);
                line.days.retain(|day, link| day < from || Some(*link) != present);
                let Some(id) = fresh(line, now, (table, *of, *other, *from)) else { return };
                line.days.extend(days.into_iter().map(|day| (day, id)));
                // What was to take the place of the present one takes that of the new one.
                let heirs = line.links.values_mut().filter(|link| link.ended.is_some());
                for heir in heirs.filter(|link| link.ended == present && link.from == next) {
                    heir.ended = Some(id);
                }
                line.links.insert(id, Known { other: *other, from: *from, ended: present });
            }
            Effect::Open { table, of, other, from, until } => {
                let Some((_, over)) = self.both(&[*of, *other]) else { return };
                let until = match until {
                    Until::Told(until) | Until::AtMost(until) => over.min(*until),
                    Until::Alone => over,
                };
                let line = self.line(table, *of, *other);
                let Some(id) = fresh(line, now, (table, *of, *other, *from)) else { return };
                line.days.extend((*from..until.min(DAYS.end)).map(|day| (day, id)));
                line.links.insert(id, Known { other: *other, from: *from, ended: None });
            }
            Effect::End { link, until } => {
                let Some(table) = KNOWN.into_iter().find(|known| *known == link.table) else {
                    return;
                };
                let line = self.line(table, link.of, link.other);
                line.days.retain(|day, id| day < until || *id != link.id);
            }
            Effect::Void { link } => self.void(link),
            Effect::Leaves { id, until } => {
                self.part(*id, *until);
                self.terms.entry(*id).and_modify(|term| term.1 = *until);
            }
            Effect::Gone { id } => {
                self.part(*id, DAYS.start);
                self.terms.remove(id);
            }
            Effect::Continues { id } => self.goes_on(*id),
        }
    }

    /// Nothing joins it to others from that day on.
    fn part(&mut self, id: Uuid, until: i64) {
        for line in self.lines.values_mut() {
            let (own, links) = (line.of == id, &line.links);
            line.days.retain(|day, link| *day < until || !(own || links[link].other == id));
        }
    }

    /// Whose place it took has its days, for as long as that is there.
    fn void(&mut self, link: &Link) {
        let Some(table) = KNOWN.into_iter().find(|known| *known == link.table) else { return };
        let line = self.found(table, link.of, link.other);
        let ended = line.links[&link.id].ended;
        let back = ended.filter(|back| line.days.get(&(link.from - 1)) == Some(back));
        let there = |back: &Uuid, day: i64| self.there(line.links[back].other, day);
        let mut days = line.days.clone();
        for (day, _) in line.days.iter().filter(|(_, id)| **id == link.id) {
            match back.filter(|back| there(back, *day)) {
                Some(back) => days.insert(*day, back),
                None => days.remove(day),
            };
        }
        let line = self.line(table, link.of, link.other);
        line.days = days;
        for heir in line.links.values_mut().filter(|heir| heir.ended == Some(link.id)) {
            heir.ended = ended;
        }
    }

    /// Their sector and what joins members to contacts go on, where they ended with them.
    fn goes_on(&mut self, id: Uuid) {
        let over = self.terms[&id].1;
        self.terms.entry(id).and_modify(|term| term.1 = EVER);
        let terms = self.terms.clone();
        for ((table, _), line) in &mut self.lines {
            let Some(last) = line.days.get(&(over - 1)).copied() else { continue };
            let other = line.links[&last].other;
            let theirs = (line.of == id || other == id)
                && ["member_sectors", "member_contacts"].contains(table);
            if !theirs || line.days.contains_key(&over) {
                continue;
            }
            let ends = [line.of, other].map(|end| terms.get(&end).map_or(over, |term| term.1));
            let until = ends.into_iter().min().unwrap_or(over);
            line.days.extend((over..until.min(DAYS.end)).map(|day| (day, last)));
        }
    }

    /// Where the tables say otherwise.
    pub fn wrong(&self, standing: &Standing) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut said: BTreeMap<(&'static str, String), BTreeMap<i64, Uuid>> = BTreeMap::new();
        for table in KNOWN {
            let watched = |link: &&Link| {
                self.watched.contains(&link.of) || self.watched.contains(&link.other)
            };
            for link in standing.of(table).filter(watched) {
                let line = said.entry((table, link.line.clone())).or_default();
                line.extend(DAYS.filter(|day| link.on(*day)).map(|day| (day, link.id)));
            }
        }
        let nothing = BTreeMap::new();
        for key in said.keys().chain(self.lines.keys().filter(|key| !said.contains_key(key))) {
            let told = said.get(key).unwrap_or(&nothing);
            let known = self.lines.get(key).map_or(&nothing, |line| &line.days);
            let other = DAYS.filter(|day| told.get(day) != known.get(day));
            let other: Vec<i64> = other.collect();
            if let (Some(first), Some(last)) = (other.first(), other.last()) {
                let (told, known) = (told.get(first), known.get(first));
                wrong.push(format!("{key:?} on days {first} to {last}: {told:?}, not {known:?}"));
            }
        }
        wrong
    }
}

/// The link that is new in the line.
fn fresh(
    line: &Line,
    now: &Standing,
    (table, of, other, from): (&'static str, Uuid, Uuid, i64),
) -> Option<Uuid> {
    let same = |link: &&Link| (link.of, link.other, link.from) == (of, other, from);
    now.of(table).filter(same).map(|link| link.id).find(|id| !line.links.contains_key(id))
}
