//! Loading the demonstration city into an empty database.

use std::future::Future;
use std::io::Write;
use std::path::Path;
use std::slice;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use uuid::Uuid;

use super::cast::Cast;
use super::found::{Founded, HEGANG, SINCE, Size, found};
use super::organs::organize;
use super::story::Story;
use super::{accounts, adjusted, handled, raised, visited};
use crate::auth::Cost;
use crate::clock::Clock;
use crate::db::{self, Db, Sight};
use crate::error::{Code, Error, Result};
use crate::handling::Parents;
use crate::http;
use crate::ids::Ids;
use crate::journal::{Journal, feed};
use crate::scoring::Scorer;
use crate::workdays::day_starts_at;

/// Every source of ids of the load derives from it.
pub(super) const SEED: u64 = 230_400_000;
/// Transactions at once.
const WIDTH: usize = 6;
const CITY: (i32, &str) = (HEGANG, "鹤岗市");

/// What every part of the load needs.
pub(super) struct Stage<'a> {
    pub journal: &'a Journal,
    pub story: &'a Story,
    pub founded: &'a Founded,
    pub cast: &'a Cast,
    pub parents: Parents,
    /// When the city was founded.
    pub opens: DateTime<Utc>,
    /// The night after the story's last day.
    pub closes: DateTime<Utc>,
}

/// Loads the city and writes its accounts to `demo-accounts.txt` in `var`.
pub async fn load(database_url: &str, var: &Path) -> Result<()> {
    let journal = journal(database_url)?;
    check_absent(&journal).await?;
    let loaded = tell(&journal, var).await;
    if loaded.is_err() {
        log::error!("the load failed midway. {AGAIN}");
    }
    loaded
}

const AGAIN: &str = "Drop and create the database, run `lianxin migrate`, then load again";

/// Whether a city that is there already was loaded to its end: its feed is published last.
pub async fn check_finished(journal: &Journal) -> Result<()> {
    if !journal.cities().await?.contains(&HEGANG) {
        return Ok(());
    }
    let conn = journal.db.read().await?;
    let (events, _) = feed::after(&conn, HEGANG, &Sight::city(), 0, 1).await?;
    if events.is_empty() {
        let why = format!("the demonstration city was loaded in part only. {AGAIN}");
        return Err(Error::new(Code::Duplicate).with_cause(why));
    }
    Ok(())
}

async fn check_absent(journal: &Journal) -> Result<()> {
    check_finished(journal).await?;
    if journal.cities().await?.contains(&HEGANG) {
        return Err(Error::new(Code::Duplicate).with_cause("the city 230400 is loaded already"));
    }
    Ok(())
}

/// What a crash would lose is loaded again from the start, so a commit need not wait for the disk.
pub(super) fn hurried(database_url: &str) -> String {
    let join = if database_url.contains('?') { '&' } else { '?' };
    format!("{database_url}{join}options=-c%20synchronous_commit%3Doff")
}

/// A journal with its own time and ids.
pub(super) fn journal(database_url: &str) -> Result<Journal> {
    let url = hurried(database_url);
    let db = Db::new(&db::Settings { url, writes: WIDTH, reports: 1, reads: 1 })?;
    let opens = day_starts_at(SINCE) + TimeDelta::hours(9);
    Ok(Journal::new(db, Clock::fixed(opens), Ids::seeded(SEED))
        .with_workers(vec![Box::new(Scorer)], http::timers()))
}

async fn tell(journal: &Journal, var: &Path) -> Result<()> {
    let story = &Story::build()?;
    let issues = story.issues.len();
    let bar = bar(2 + story.chain.members.len() + 3 * issues + 1);
    let opens = journal.clock.now();
    let founded = &found(journal, CITY, Size::full(), Cost::Full).await?;
    bar.inc(1);
    // Later than what they belong to, so that lists in the order of entry begin as they would without.
    organize(journal, founded, opens + TimeDelta::hours(1)).await?;
    bar.inc(1);
    let cast = &Cast::new(founded, opens)?;
    let closes = day_starts_at(Story::LAST_DAY) + TimeDelta::days(1);
    let stage = &Stage { journal, story, founded, cast, parents: http::parents(), opens, closes };
    let mut visits: Vec<Option<Uuid>> = vec![None; story.visits.len()];
    let told = (0..story.chain.members.len()).map(|member| visited::tell(stage, member));
    for (position, id) in at_once(&bar, told).await?.into_iter().flatten() {
        visits[position] = Some(id);
    }
    let taken = (0..issues).map(|number| raised::take_in(stage, number, &visits));
    let ids = at_once(&bar, taken).await?;
    // One after another: the ledger numbers them in this order.
    let mut order: Vec<usize> = (0..issues).collect();
    order.sort_by_key(|number| story.issues[*number].accepted_at);
    for number in order {
        raised::accept(stage, number, ids[number]).await?;
        bar.inc(1);
    }
    at_once(&bar, (0..issues).map(|number| handled::tell(stage, number, ids[number]))).await?;
    for number in 0..story.adjustments.len() {
        adjusted::tell(stage, number).await?;
    }
    journal.clock.set(closes);
    journal.fire_all_due().await?;
    journal.drain().await?;
    bar.finish_and_clear();
    accounts::write(slice::from_ref(founded), var, "demo-accounts.txt", false)?;
    summary(story, founded, var)
}

/// Several at a time, the results in their order.
async fn at_once<T>(
    bar: &ProgressBar,
    work: impl Iterator<Item = impl Future<Output = Result<T>>>,
) -> Result<Vec<T>> {
    let done = stream::iter(work).buffered(WIDTH).inspect_ok(|_| bar.inc(1));
    done.try_collect().await
}

/// Shown on a terminal only.
fn bar(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(steps).unwrap_or(u64::MAX));
    let style = ProgressStyle::with_template("鹤岗 230400 {bar:40} {pos}/{len} {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn summary(story: &Story, founded: &Founded, var: &Path) -> Result<()> {
    let dispatched = story.issues.iter().filter(|issue| issue.dispatched_at.is_some()).count();
    let text = format!(
        "鹤岗市 {}: {} members, {} contacts, {} plans, {} visits, {} issues ({dispatched} transferred)\naccounts: {}\n",
        founded.city,
        founded.members.len(),
        founded.contacts.len(),
        story.plans.len(),
        story.visits.len(),
        story.issues.len(),
        var.join("demo-accounts.txt").display(),
    );
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::internal(error)),
        _ => Ok(()),
    }
}
