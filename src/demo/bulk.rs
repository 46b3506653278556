//! Cities in bulk, for benches and tests of scale. Each is founded small, as tests found theirs, so
//! that catalogue, chain, rules and accounts are real; then sets of rows follow by SQL, which is
//! some hundred times faster than the actions. The rows obey every constraint and look to the API as
//! if people had made them; of an issue the journal knows only how it came in, so that points, feed
//! and ledger agree.

use std::path::Path;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use clap::Args;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};

use super::accounts;
use super::found::{self, Founded, Size};
use super::load::{SEED, hurried, journal};
use crate::auth::Cost;
use crate::catalogue::Calendar;
use crate::clock::Clock;
use crate::config::{DatabaseUrl, database_url};
use crate::error::{Code, Error, Result};
use crate::ids::Ids;
use crate::journal::Journal;
use crate::workdays::{day_starts_at, due, local_date};

/// Codes of bulk cities: no real division begins with 9.
const FIRST: i32 = 900_000;
/// Issues of one transaction; several run at once.
const SLICE: u64 = 25_000;
/// Days over which the issues of a city are spread, up to today.
const DAYS: i64 = 240;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// By name: the temporary tables of connections that just ended may vanish under a VACUUM of everything.
const VACUUM: &str = "VACUUM (ANALYZE) cities, divisions, workdays, persons, organizations, members, \
    member_sectors, contacts, member_contacts, accounts, grants, reporters, issues, issue_clocks, \
    timers, assignments, replies, feedback_requests, journal, journal_payload, journal_pending, feed, \
    feed_heads, consumer_positions, ledger_counters";

/// How much each city of a bulk load holds.
#[derive(Args, Debug, Clone)]
pub struct Bulk {
    /// Members a city; they take the 14 sectors in turn
    #[arg(long, default_value_t = 280, requires = "cities", value_parser = clap::value_parser!(u64).range(28..=1_000_000))]
    pub members: u64,
    /// Contacts a member
    #[arg(long, default_value_t = 2, requires = "cities", value_parser = clap::value_parser!(u64).range(0..=100))]
    pub contacts: u64,
    /// Issues a city: a tenth closed, three quarters accepted, a tenth in handling, the newest
    /// twentieth submitted
    #[arg(long, default_value_t = 0, requires = "cities", value_parser = clap::value_parser!(u64).range(0..=100_000_000))]
    pub issues: u64,
    /// How many bulk cities are there already: the new ones take the codes after theirs
    #[arg(long, default_value_t = 0, requires = "cities", value_parser = clap::value_parser!(u16).range(0..=998))]
    pub after: u16,
    /// Transactions at once
    #[arg(long, default_value_t = 2, requires = "cities", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: u16,
    /// The owner of the schema, who may also VACUUM; DATABASE_URL unless told
    #[arg(long, env = "LIANXIN_OWNER_URL", hide_env_values = true, value_parser = database_url)]
    pub owner_url: Option<DatabaseUrl>,
}

/// One transaction of the load.
struct Job {
    city: i32,
    what: &'static str,
    text: String,
}

/// Makes `cities` cities and writes who can sign in to `bulk-accounts.txt` in `var`.
pub async fn load(database: &str, var: &Path, cities: u16, bulk: &Bulk) -> Result<()> {
    let codes: Vec<i32> =
        (1..=cities).map(|n| FIRST + 100 * (i32::from(bulk.after) + i32::from(n))).collect();
    let journal = journal(database)?;
    if let Some(taken) = journal.cities().await?.iter().find(|city| codes.contains(city)) {
        let why = format!("the city {taken} is there already: tell --after");
        return Err(Error::new(Code::Duplicate).with_cause(why));
    }
    let owner = hurried(bulk.owner_url.as_ref().map_or(database, |url| &url.0));
    let (cities, opens) = (found_all(&journal, &codes).await?, journal.clock.now());
    accounts::write(&cities, var, "bulk-accounts.txt", bulk.after > 0)?;
    let now = Clock::system().now();
    let (mut people, mut issues, mut feeds) = (Vec::new(), Vec::new(), Vec::new());
    for city in codes {
        let steps = Steps { city, bulk, opens, now };
        people.extend(steps.people());
        if bulk.issues > 0 {
            let days = steps.days(&journal).await?;
            issues.extend(steps.issues(&days));
            feeds.push(steps.job("feed", include_str!("bulk/feed.sql")));
        }
    }
    for jobs in [people, issues, feeds] {
        run(&owner, jobs, usize::from(bulk.jobs)).await?;
    }
    let mut conn = connect(&owner).await?;
    conn.batch_execute(VACUUM).await?;
    Ok(())
}

/// Founds the cities one after another, with the same passwords, and publishes what that journalled.
async fn found_all(journal: &Journal, codes: &[i32]) -> Result<Vec<Founded>> {
    let passwords = found::made_up(Cost::Full).await?;
    let bar = bar("cities", codes.len());
    let mut cities = Vec::new();
    for &code in codes {
        let mut journal = journal.clone();
        journal.ids = Ids::seeded(SEED + u64::from(code.unsigned_abs()));
        let name = format!("第{}市", (code - FIRST) / 100);
        let city = (code, name.as_str());
        cities.push(found::found_with(&journal, city, Size::small(), passwords.clone()).await?);
        journal.publish(code).await?;
        journal.consume(code).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(cities)
}

/// What is done to one city.
struct Steps<'a> {
    city: i32,
    bulk: &'a Bulk,
    opens: DateTime<Utc>,
    now: DateTime<Utc>,
}

impl Steps<'_> {
    fn job(&self, what: &'static str, text: &str) -> Job {
        let text = format!("{}\n{text}", include_str!("bulk/frame.sql"));
        Job { city: self.city, what, text: text.replace("{city}", &self.city.to_string()) }
    }

    /// Members and contacts, unless the founded ones are enough.
    fn people(&self) -> Option<Job> {
        let founded = u64::try_from(Size::small().members).unwrap_or_default();
        let text = include_str!("bulk/people.sql")
            .replace("{opens}", &self.opens.timestamp_millis().to_string())
            .replace("{first_member}", &(founded + 1).to_string())
            .replace("{members}", &self.bulk.members.to_string())
            .replace("{contacts}", &self.bulk.contacts.to_string());
        (self.bulk.members > founded).then(|| self.job("people", &text))
    }

    fn first_day(&self) -> NaiveDate {
        local_date(self.now - TimeDelta::days(DAYS))
    }

    /// A table of when what is due, for each urgency, step and day, by the program's own rules.
    async fn days(&self, journal: &Journal) -> Result<String> {
        let conn = journal.db.read().await?;
        let calendar = Calendar::read(&conn, self.city).await?;
        let mut rows = Vec::new();
        for urgency in ["consult_help", "suggestion_complaint", "complex"] {
            for step in [
                "screening",
                "dispatch",
                "sign_in",
                "reply",
                "reply_review",
                "first_contact",
                "feedback",
            ] {
                let span = calendar.span(urgency, step)?;
                for day in self.first_day().iter_days().take(usize::try_from(DAYS + 2).unwrap_or(0))
                {
                    let due = due(&calendar.table, day_starts_at(day), span);
                    rows.push(format!(
                        "('{urgency}', '{step}', '{day}', '{}', '{}', {}, '{}', {})",
                        due.on,
                        due.at.to_rfc3339(),
                        span.amount(),
                        span.unit(),
                        due.provisional
                    ));
                }
            }
        }
        Ok(format!(
            "CREATE TEMP TABLE due (urgency text, step text, day date, due_on date, \
             due_at timestamptz, amount smallint, unit text, provisional boolean, \
             PRIMARY KEY (urgency, step, day));\nINSERT INTO due VALUES {};\nANALYZE due;\n",
            rows.join(",\n")
        ))
    }

    /// The issues, a slice a job.
    fn issues(&self, days: &str) -> Vec<Job> {
        let all = self.bulk.issues;
        let start = day_starts_at(self.first_day()).timestamp_millis();
        let step = (DAYS * DAY_MS / i64::try_from(all).unwrap_or(i64::MAX)).max(1);
        // The first one accepted in the later of the two years begins that year's ledger.
        let year = NaiveDate::from_ymd_opt(local_date(self.now).year(), 1, 1);
        let year = day_starts_at(year.unwrap_or_default()).timestamp_millis();
        let new_year = (year - DAY_MS - start + step - 1).div_euclid(step).max(1);
        let text = include_str!("bulk/issues.sql")
            .replace("{start}", &start.to_string())
            .replace("{step}", &step.to_string())
            .replace("{new_year}", &new_year.to_string())
            .replace("{now}", &self.now.timestamp_millis().to_string())
            .replace("{issues}", &all.to_string())
            .replace("{members}", &self.bulk.members.to_string());
        let slice = |n: u64| {
            let (low, high) = (n * SLICE + 1, ((n + 1) * SLICE).min(all));
            let text = text.replace("{low}", &low.to_string());
            self.job("issues", &format!("{days}{}", text.replace("{high}", &high.to_string())))
        };
        (0..all.div_ceil(SLICE)).map(slice).collect()
    }
}

/// Runs jobs, each on a connection of its own, which takes its temporary tables along.
async fn run(owner: &str, jobs: Vec<Job>, at_once: usize) -> Result<()> {
    let Some(what) = jobs.first().map(|job| job.what) else { return Ok(()) };
    let bar = &bar(what, jobs.len());
    let one = async |job: Job| -> Result<()> {
        let mut conn = connect(owner).await?;
        let done = conn.batch_execute(&format!("BEGIN;\n{}\nCOMMIT;", job.text)).await;
        done.map_err(|error| Error::internal(format!("{} {}: {error}", job.city, job.what)))?;
        bar.inc(1);
        Ok(())
    };
    stream::iter(jobs).map(one).buffer_unordered(at_once).try_collect::<()>().await?;
    bar.finish_and_clear();
    Ok(())
}

async fn connect(url: &str) -> Result<AsyncPgConnection> {
    AsyncPgConnection::establish(url).await.map_err(Error::unavailable)
}

/// Shown on a terminal only.
fn bar(what: &'static str, steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(steps).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{msg:8} {bar:40} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar.with_message(what)
}
