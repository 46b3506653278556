//! What became of each issue: one line of instants from arrival to the end. Steps are laid one
//! after another in working minutes, so that none precedes the one it answers; most keep their
//! limits (domain defaults), some do not, as in life.

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::{Calendar, MINUTES_A_DAY, Tick};
use super::chain::{Chain, county_of};
use super::data::IssueRow;
use super::months::Visit;
use super::random::Random;

/// Who brought it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Recorded by a member, for a contact; perhaps after a visit (its position).
    Member { member: usize, contact: usize, visit: Option<usize> },
    /// By someone without an account. The member is the one whose contact stands nearest.
    Public { member: usize },
}

#[derive(Debug, Clone)]
pub struct Issue {
    /// Position in `data/hegang/issues.csv`, which has the words.
    pub row: usize,
    pub origin: Origin,
    pub intake_at: DateTime<Utc>,
    pub accepted_at: DateTime<Utc>,
    /// None: it stays in the ledger, settled on the spot.
    pub dispatched_at: Option<DateTime<Utc>>,
    /// One a department, in the order of the file.
    pub works: Vec<Work>,
    /// In order; only the last one passes.
    pub reviews: Vec<Review>,
    pub attempts: Vec<Attempt>,
    /// Of the attempt that reached the reporter.
    pub answered_at: Option<DateTime<Utc>>,
    pub end: Option<End>,
}

#[derive(Debug, Clone)]
pub struct Work {
    pub department: String,
    pub signed_at: DateTime<Utc>,
    pub first_contact_at: DateTime<Utc>,
    /// (drafted, signed by the head); a second pair when the first was sent back.
    pub replies: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

#[derive(Debug, Clone, Copy)]
pub struct Review {
    pub at: DateTime<Utc>,
    pub passed: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    pub at: DateTime<Utc>,
    pub reached: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Closed {
        at: DateTime<Utc>,
    },
    /// Dissatisfied for an objective cause.
    ClosedObjective {
        at: DateTime<Utc>,
    },
    /// By the timer, at the end of the window or after.
    ClosedUnreached {
        at: DateTime<Utc>,
    },
    Tracked {
        at: DateTime<Utc>,
        follow_up_on: NaiveDate,
    },
}

/// Working days the office takes for a step, by urgency class.
struct Limits {
    reply: i64,
    review: i64,
}

pub struct Ledger<'a> {
    pub calendar: &'a Calendar,
    pub chain: &'a Chain,
    pub visits: &'a [Visit],
}

impl Ledger<'_> {
    pub fn tell(&self, random: &mut Random, row: usize, issue: &IssueRow, day: Tick) -> Issue {
        let urgent = issue.urgency == "urgent";
        let mut intake = day.on_day(0, random.between(10, MINUTES_A_DAY - 30));
        if urgent {
            // The clocks of a night run on: what comes in the morning can be answered in time.
            intake = day.on_day(0, random.between(5, 50));
            while !self.calendar.tomorrow_works(intake) {
                intake = intake.on_day(-1, intake.0.rem_euclid(MINUTES_A_DAY));
            }
        }
        let accepted = self.step(random, intake, urgent, 1);
        let at = |tick| self.calendar.instant(tick);
        let mut told = Issue {
            row,
            origin: self.origin(random, issue, at(intake)),
            intake_at: at(intake),
            accepted_at: at(accepted),
            dispatched_at: None,
            works: Vec::new(),
            reviews: Vec::new(),
            attempts: Vec::new(),
            answered_at: None,
            end: None,
        };
        if issue.is_dispatched() {
            self.handle(random, issue, accepted, &mut told);
        }
        told
    }

    fn handle(&self, random: &mut Random, issue: &IssueRow, accepted: Tick, told: &mut Issue) {
        let urgent = issue.urgency == "urgent";
        let limits = limits(&issue.urgency);
        let at = |tick| self.calendar.instant(tick);
        let dispatched = self.step(random, accepted, urgent, 1);
        told.dispatched_at = Some(at(dispatched));
        let mut replied = dispatched;
        for department in issue.departments() {
            let signed = self.step(random, dispatched, urgent, 1);
            let contacted = self.step(random, signed, urgent, 1);
            let late = if random.chance(6) { random.between(1, 4) } else { 0 };
            let days = match (limits.reply, late) {
                (1, 0) => 0,
                (limit, 0) => random.between(limit * 2 / 5, limit),
                (limit, late) => limit + late,
            };
            let reply = dispatched.on_day(days, random.between(240, MINUTES_A_DAY - 90));
            let reply = reply.max(contacted.plus_minutes(random.between(60, 120)));
            let draft =
                contacted.plus_minutes((reply.0 - contacted.0) * random.between(60, 90) / 100);
            told.works.push(Work {
                department: department.to_owned(),
                signed_at: at(signed),
                first_contact_at: at(contacted),
                replies: vec![(at(draft), at(reply))],
            });
            replied = replied.max(reply);
        }
        let mut reviewed = self.step(random, replied, urgent, limits.review);
        if issue.sent_back == "yes" {
            told.reviews.push(Review { at: at(reviewed), passed: false });
            let draft = self.step(random, reviewed, urgent, 2);
            let reply = self.step(random, draft, urgent, 1);
            for work in &mut told.works {
                work.replies.push((at(draft), at(reply)));
            }
            reviewed = self.step(random, reply, urgent, limits.review);
        }
        told.reviews.push(Review { at: at(reviewed), passed: true });
        self.hear_back(random, issue, reviewed, told);
    }

    /// The first call is due the next working day; the window is five.
    fn hear_back(&self, random: &mut Random, issue: &IssueRow, passed: Tick, told: &mut Issue) {
        let at = |tick| self.calendar.instant(tick);
        let mut call = self.step(random, passed, false, 1);
        let Some(satisfaction) = &issue.satisfaction else {
            for day in [0, 1, 2] {
                let call = call.on_day(day, random.between(60, MINUTES_A_DAY - 60)).max(call);
                told.attempts.push(Attempt { at: at(call), reached: false });
            }
            // The first working morning after the window.
            let at = at(passed.on_day(6, 0));
            told.end = Some(match issue.result_class.as_str() {
                "b" => End::Tracked { at, follow_up_on: self.follow_up(passed) },
                _ => End::ClosedUnreached { at },
            });
            return;
        };
        if random.chance(15) {
            told.attempts.push(Attempt { at: at(call), reached: false });
            call = call.on_day(random.between(1, 2), random.between(0, MINUTES_A_DAY - 60));
        }
        told.attempts.push(Attempt { at: at(call), reached: true });
        told.answered_at = Some(at(call.plus_minutes(5)));
        let at = at(self.step(random, call.plus_minutes(5), false, 1));
        told.end = Some(match (satisfaction.as_str(), issue.result_class.as_str()) {
            ("dissatisfied", _) => End::ClosedObjective { at },
            (_, "b") => End::Tracked { at, follow_up_on: self.follow_up(passed) },
            _ => End::Closed { at },
        });
    }

    fn follow_up(&self, passed: Tick) -> NaiveDate {
        self.calendar.date(passed) + chrono::Months::new(6)
    }

    /// A step of the office: at once when urgent, else within so many working days; now and then late.
    fn step(&self, random: &mut Random, after: Tick, urgent: bool, days: i64) -> Tick {
        if urgent {
            return after.plus_minutes(random.between(5, 40));
        }
        let days =
            if random.chance(4) { days + random.between(1, 2) } else { random.between(0, days) };
        let soonest = after.plus_minutes(random.between(10, 60));
        match days {
            0 => soonest,
            days => after.on_day(days, random.between(0, MINUTES_A_DAY - 1)).max(soonest),
        }
    }

    /// Whose contact it is: the place itself, else the township, else the county, else the city.
    fn origin(&self, random: &mut Random, issue: &IssueRow, intake: DateTime<Utc>) -> Origin {
        let township = |division: i64| {
            if division > 999_999_999 { division / 1_000 } else { division }
        };
        let near = |contact: &usize, depth: u8| {
            let contact = &self.chain.contacts[*contact];
            let category = (issue.category == "business") == (contact.category == "key_enterprise");
            category
                && match depth {
                    0 => contact.division == issue.division,
                    1 => township(contact.division) == township(issue.division),
                    2 => contact.county == county_of(issue.division),
                    _ => true,
                }
        };
        let all = 0..self.chain.contacts.len();
        let nearest =
            (0..4).map(|depth| all.clone().filter(|c| near(c, depth)).collect::<Vec<_>>());
        let nearest = nearest.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        let contact = random.pick(&nearest).copied().unwrap_or(0);
        let member = random.pick(&self.chain.contacts[contact].members).copied().unwrap_or(0);
        if ["public", "hotline_12345", "platform"].contains(&issue.channel.as_str()) {
            return Origin::Public { member };
        }
        let of_contact =
            |visit: &&Visit| visit.contact == Some(contact) && visit.recorded_at < intake;
        let mut visits = self.visits.iter().enumerate();
        let visit = visits.rfind(|(_, v)| of_contact(v) && issue.channel == "visit");
        match visit {
            Some((position, visit)) => {
                Origin::Member { member: visit.member, contact, visit: Some(position) }
            }
            None => Origin::Member { member, contact, visit: None },
        }
    }
}

fn limits(urgency: &str) -> Limits {
    match urgency {
        "urgent" => Limits { reply: 1, review: 0 },
        "consult_help" => Limits { reply: 5, review: 1 },
        "complex" => Limits { reply: 30, review: 2 },
        _ => Limits { reply: 15, review: 2 },
    }
}
