//! What members planned month by month, and the visits that came of it.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::calendar::{Calendar, MINUTES_A_DAY, Tick};
use super::chain::Chain;
use super::data::Subject;
use super::random::Random;

/// A member's month.
#[derive(Debug, Clone)]
pub struct Plan {
    pub member: usize,
    /// The first day of the month.
    pub month: NaiveDate,
    pub created_at: DateTime<Utc>,
    pub submitted_at: DateTime<Utc>,
    pub approved_at: DateTime<Utc>,
    pub items: Vec<PlanItem>,
}

#[derive(Debug, Clone)]
pub struct PlanItem {
    pub channel: String,
    pub must_visit: String,
    pub contact: Option<usize>,
    pub planned_on: NaiveDate,
    pub subject: String,
}

#[derive(Debug, Clone)]
pub struct Visit {
    pub member: usize,
    pub plan: usize,
    /// Position among the plan's items.
    pub item: usize,
    pub contact: Option<usize>,
    pub form: String,
    pub channel: String,
    pub must_visit: String,
    pub member_role: String,
    pub started_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    pub division: Option<i64>,
    pub summary: String,
    pub recorded_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Nothing is planned within so many working days of the period's end, so that all that happens is
/// recorded and decided within it.
const LAST_DAYS_FREE: i64 = 5;

/// The day of the month by which plans are handed in, as the city's scheme has it.
const DUE_DAY: u32 = 5;
/// So many working days after the due day even a late plan has been approved.
const LATE_DAYS: usize = 3;

pub struct Months<'a> {
    pub calendar: &'a Calendar,
    pub chain: &'a Chain,
    pub subjects: &'a [Subject],
    pub months: Vec<NaiveDate>,
    pub end: NaiveDate,
}

impl Months<'_> {
    /// In the order in which the visits took place; plans by month and member.
    pub fn tell(&self, random: &mut Random) -> (Vec<Plan>, Vec<Visit>) {
        let (mut plans, mut visits) = (Vec::new(), Vec::new());
        for month in &self.months {
            for member in 0..self.chain.members.len() {
                let chosen = self.choose(random, member, *month);
                let plan = self.plan(random, member, *month, &chosen);
                for (item, planned) in plan.items.iter().enumerate() {
                    // About one a member and month; some months pass without.
                    if random.chance(if item == 0 { 84 } else { 9 }) {
                        visits.push(self.visit(
                            random,
                            plans.len(),
                            item,
                            member,
                            planned,
                            chosen[item],
                        ));
                    }
                }
                plans.push(plan);
            }
        }
        visits.sort_by_key(|visit| (visit.recorded_at, visit.plan, visit.item));
        (plans, visits)
    }

    /// Two or three subjects; the first one is about a contact.
    fn choose(&self, random: &mut Random, member: usize, month: NaiveDate) -> Vec<&Subject> {
        let contacts = &self.chain.members[member].contacts;
        let has = |category: &str| {
            contacts.iter().any(|contact| self.chain.contacts[*contact].category == category)
        };
        let fitting: Vec<&Subject> = self
            .subjects
            .iter()
            .filter(|subject| subject.month.is_none_or(|only| only == month.month()))
            .filter(|subject| ["any", "none"].contains(&&*subject.contact) || has(&subject.contact))
            .collect();
        let with_contact: Vec<&Subject> =
            fitting.iter().copied().filter(|subject| subject.contact != "none").collect();
        let mut chosen: Vec<&Subject> = random.pick(&with_contact).copied().into_iter().collect();
        let count = usize::try_from(random.between(2, 3)).unwrap_or(2);
        while chosen.len() < count.min(fitting.len()) {
            let left: Vec<&Subject> = fitting
                .iter()
                .copied()
                .filter(|subject| chosen.iter().all(|taken| taken.subject != subject.subject))
                .collect();
            let Some(next) = random.pick(&left) else { break };
            chosen.push(next);
        }
        chosen
    }

    fn plan(
        &self,
        random: &mut Random,
        member: usize,
        month: NaiveDate,
        chosen: &[&Subject],
    ) -> Plan {
        let last = self.calendar.start_of(self.end).on_day(-LAST_DAYS_FREE, 0);
        let working = self.calendar.month(month);
        let in_time = working.iter().filter(|day| day.day() <= DUE_DAY).count();
        let from = |first: usize| -> Vec<NaiveDate> {
            let days = working.iter().skip(first).copied();
            days.filter(|day| self.calendar.start_of(*day) <= last).collect()
        };
        // A few come in on the first or second working day after the due day, if there is time left
        // to carry them out; the others on the last days before the month or on its first ones.
        let (late, still) = (random.chance(8), from(in_time + LATE_DAYS));
        let late = late && !still.is_empty();
        let offset = random.between(0, 6);
        let minute = random.between(20, MINUTES_A_DAY - 1);
        let day = if late {
            i64::try_from(in_time).unwrap_or(0) + 1 + offset % 2
        } else {
            (offset - 4).min(i64::try_from(in_time).unwrap_or(0))
        };
        let submitted = self.calendar.last_day_before(month).on_day(day, minute);
        let created = submitted.plus_minutes(-random.between(5, 20));
        let approved = submitted.plus_minutes(random.between(30, MINUTES_A_DAY));
        // By then a plan that came in time has been approved.
        let days = if late { still } else { from(5) };
        let items = chosen
            .iter()
            .map(|subject| PlanItem {
                channel: subject.channel.clone(),
                must_visit: subject.must_visit.clone(),
                contact: self.contact(random, member, subject),
                planned_on: random.pick(&days).copied().unwrap_or(month),
                subject: subject.subject.clone(),
            })
            .collect();
        let at = |tick| self.calendar.instant(tick);
        let (created_at, submitted_at) = (at(created), at(submitted));
        Plan { member, month, created_at, submitted_at, approved_at: at(approved), items }
    }

    fn contact(&self, random: &mut Random, member: usize, subject: &Subject) -> Option<usize> {
        let own = self.chain.members[member].contacts.iter().copied();
        let fits = |contact: &usize| {
            subject.contact == "any" || self.chain.contacts[*contact].category == subject.contact
        };
        let fitting: Vec<_> = own.filter(fits).collect();
        random.pick(&fitting).copied()
    }

    fn visit(
        &self,
        random: &mut Random,
        plan: usize,
        item: usize,
        member: usize,
        planned: &PlanItem,
        subject: &Subject,
    ) -> Visit {
        let day = self.calendar.start_of(planned.planned_on);
        let started = day.on_day(0, random.between(10, 300));
        let ended = started.plus_minutes(random.between(40, 110));
        let recorded = ended.plus_minutes(random.between(10, MINUTES_A_DAY));
        let confirmed = recorded.plus_minutes(random.between(30, 3 * MINUTES_A_DAY));
        let at = |tick: Tick| self.calendar.instant(tick);
        Visit {
            member,
            plan,
            item,
            contact: planned.contact,
            form: subject.form.clone(),
            channel: planned.channel.clone(),
            must_visit: planned.must_visit.clone(),
            member_role: subject.member_role.clone(),
            started_at: at(started),
            ended_at: at(ended),
            division: planned.contact.map(|contact| self.chain.contacts[contact].division),
            summary: subject.summary.clone(),
            recorded_at: at(recorded),
            confirmed_at: random.chance(97).then(|| at(confirmed)),
        }
    }
}
