//! The ledger of points, and one member's score.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{Actor, List, Noun, Read, policy};
use crate::chain;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::scoring::consumer::NAME;
use crate::scoring::explain::{ExplainedSet, explain};
use crate::scoring::rules::Points;
use crate::scoring::store::entries::{self as store, EntryRow};
use crate::scoring::{Period, PeriodQuery};
use crate::web::{Answer, ListAnswer, ListQuery, Problem};
use crate::workdays::day_starts_at;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ScoreFilter {
    /// Whose.
    #[param(format = "uuid", min_length = 36, max_length = 36)]
    pub member_id: Option<Uuid>,
    /// By which rule.
    #[param(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "visit_confirmed")]
    pub rule_code: Option<String>,
    /// Happened on this day or later.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", format = Date, example = "2026-01-01")]
    pub from: Option<NaiveDate>,
    /// Happened before this day.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", format = Date, example = "2027-01-01")]
    pub until: Option<NaiveDate>,
}

/// An entry of the ledger. It never changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScoreEntryView {
    /// The entry.
    pub id: Uuid,
    /// By which rule set.
    pub rule_set_id: Uuid,
    /// By which rule of it.
    #[schema(max_length = 64, example = "visit_confirmed")]
    pub rule_code: String,
    /// Whose points.
    pub member_id: Uuid,
    /// The event that caused it.
    pub cause_id: Uuid,
    /// Below zero when it takes another entry back.
    pub points: Points,
    /// What kind of object gave it.
    #[schema(max_length = 64, example = "visit")]
    pub object_kind: String,
    /// Which.
    pub object_id: Uuid,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When the points were posted.
    pub posted_at: DateTime<Utc>,
    /// The entry it takes back.
    #[schema(required = true)]
    pub reverses_id: Option<Uuid>,
}

impl From<EntryRow> for ScoreEntryView {
    fn from(row: EntryRow) -> Self {
        Self {
            id: row.id,
            rule_set_id: row.rule_set_id,
            rule_code: row.rule_code,
            member_id: row.member_id,
            cause_id: row.cause_id,
            points: Points::from_hundredths(row.points),
            object_kind: row.object_kind,
            object_id: row.object_id,
            happened_at: row.happened_at,
            posted_at: row.posted_at,
            reverses_id: row.reverses_id,
        }
    }
}

/// What one category counts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategoryScore {
    /// Of which rule set.
    pub rule_set_id: Uuid,
    /// The category.
    #[schema(max_length = 64, example = "visits")]
    pub category: String,
    /// Chinese label.
    #[schema(max_length = 200, example = "走访联系")]
    pub label_zh: String,
    /// English label.
    #[schema(max_length = 200, example = "Visits")]
    pub label_en: String,
    /// What counts after all caps.
    pub counted: Points,
}

/// A member's score in a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MemberScore {
    /// Whose.
    pub member_id: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// The sum of the categories.
    pub total: Points,
    /// Each category that brought something.
    #[schema(max_items = 200)]
    pub categories: Vec<CategoryScore>,
    /// Up to which position of the feed points have been posted.
    #[schema(minimum = 0)]
    pub as_of_position: i64,
}

/// A member's score in a period with everything it is made of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MemberScoreExplained {
    /// Whose.
    pub member_id: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// The sum of the rule sets; of all entries and all cuts.
    pub total: Points,
    /// Each rule set that brought something.
    #[schema(max_items = 100)]
    pub rule_sets: Vec<ExplainedSet>,
    /// Up to which position of the feed points have been posted.
    #[schema(minimum = 0)]
    pub as_of_position: i64,
}

/// List score entries
///
/// Entries of the members you see, the newest event first. Points of a member's total are fewer
/// where a cap cuts them: see the member's score.
#[utoipa::path(tag = "scores", params(ScoreFilter, ListQuery), responses((status = 200, description = "A page of entries", body = Listing<ScoreEntryView>)))]
#[get("")]
pub async fn list_scores(
    journal: Data<Journal>,
    request: List<ScoreFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Score);
    let wanted = (filters.member_id, filters.rule_code);
    let during = (filters.from.map(day_starts_at), filters.until.map(day_starts_at));
    let key = |row: &EntryRow| Key { at: row.happened_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let wanted = wanted.clone();
        let (rows, total) = store::list(conn, actor.city, &sight, wanted, during, page).await?;
        Ok(page.listing(rows, total, key, ScoreEntryView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get a member's score
///
/// The total of a period, the calendar year unless told, and what each category counts in it.
/// Caps are those of the rule sets, applied to the sums of the period asked for. For the member,
/// and for whoever sees the member.
#[utoipa::path(tag = "scores", params(("member_id" = Uuid, Path, description = "The member"), PeriodQuery), responses((status = 200, description = "The score", body = MemberScore)))]
#[get("/v1/members/{member_id}/score")]
pub async fn get_member_score(
    journal: Data<Journal>,
    request: Read<PeriodQuery>,
) -> Result<Answer, Problem> {
    let Read { actor, id: member_id, query, now, .. } = request;
    let period = Period::read(&query, now)?;
    let conn = journal.db.read().await?;
    let MemberScoreExplained { from, until, total, rule_sets, as_of_position, .. } =
        explained(&conn, &actor, member_id, &period).await?;
    let categories = rule_sets.into_iter().flat_map(category_scores).collect();
    let score = MemberScore { member_id, from, until, total, categories, as_of_position };
    Ok(Answer::plain(&score)?)
}

/// Explain a member's score
///
/// Every entry of the period with its rule, its event and its object, and what the caps of rules
/// and categories cut. All entries and all cuts together are the total, exactly.
#[utoipa::path(tag = "scores", params(("member_id" = Uuid, Path, description = "The member"), PeriodQuery), responses((status = 200, description = "The score and what it is made of", body = MemberScoreExplained)))]
#[get("/v1/members/{member_id}/score/explain")]
pub async fn explain_member_score(
    journal: Data<Journal>,
    request: Read<PeriodQuery>,
) -> Result<Answer, Problem> {
    let Read { actor, id, query, now, .. } = request;
    let period = Period::read(&query, now)?;
    let conn = journal.db.read().await?;
    Ok(Answer::plain(&explained(&conn, &actor, id, &period).await?)?)
}

/// The position is read before the entries, so that it never promises more than was read.
async fn explained(
    conn: Conn<'_>,
    actor: &Actor,
    member_id: Uuid,
    period: &Period,
) -> Result<MemberScoreExplained> {
    let places = chain::places_of_member(conn, actor.city, member_id).await?;
    let seen = places.is_some_and(|places| policy::sees(actor, Noun::Score, &places));
    if !seen {
        return Err(Error::not_found());
    }
    let as_of_position = store::scored_until(conn, actor.city, NAME).await?;
    let rows = store::explained(conn, actor.city, member_id, period).await?;
    let (total, rule_sets) = explain(rows);
    let Period { from, until } = *period;
    Ok(MemberScoreExplained { member_id, from, until, total, rule_sets, as_of_position })
}

fn category_scores(set: ExplainedSet) -> impl Iterator<Item = CategoryScore> {
    set.categories.into_iter().map(move |category| CategoryScore {
        rule_set_id: set.rule_set_id,
        category: category.category,
        label_zh: category.label_zh,
        label_en: category.label_en,
        counted: category.counted,
    })
}
