//! Rule sets.

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{Actor, Change, Create, List, NoBody, Noun, Read, policy};
use crate::db::Conn;
use crate::error::Error;
use crate::journal::{Journal, Tx};
use crate::page::{Key, Listing, Page};
use crate::scoring::actions;
use crate::scoring::rules::Points;
use crate::scoring::store::rule_sets::{self as store, ListedSet, Whole};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, DryRun, ListAnswer, ListQuery, Problem};

/// What may give points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum EventKind {
    /// A visit was confirmed.
    #[serde(rename = "visit.confirmed")]
    VisitConfirmed,
    /// An issue entered the ledger.
    #[serde(rename = "issue.accepted")]
    IssueAccepted,
    /// An issue was closed.
    #[serde(rename = "issue.closed")]
    IssueClosed,
}

impl EventKind {
    /// The kind in the feed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VisitConfirmed => "visit.confirmed",
            Self::IssueAccepted => "issue.accepted",
            Self::IssueClosed => "issue.closed",
        }
    }
}

/// A category, which caps the sum of its rules.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryBody {
    /// Unique in the rule set.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "visits"
    )]
    pub code: String,
    /// Chinese label.
    #[schema(min_length = 1, max_length = 200, example = "走访联系")]
    pub label_zh: String,
    /// English label.
    #[schema(min_length = 1, max_length = 200, example = "Visits")]
    pub label_en: String,
    /// The most its rules may bring in a period; null or absent: no cap.
    #[schema(value_type = Option<String>, max_length = 15, pattern = "^[0-9]{1,12}\\.[0-9]{2}$", example = "20.00")]
    pub cap: Option<Points>,
}

/// A rule: what happened, and how many points that gives.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleBody {
    /// Unique in the rule set.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "visit_confirmed"
    )]
    pub code: String,
    /// The code of its category.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "visits"
    )]
    pub category: String,
    /// What gives the points.
    pub event_kind: EventKind,
    /// Chinese label.
    #[schema(min_length = 1, max_length = 200, example = "走访经确认")]
    pub label_zh: String,
    /// English label.
    #[schema(min_length = 1, max_length = 200, example = "A visit was confirmed")]
    pub label_en: String,
    /// Points each time, with two decimal places.
    #[schema(value_type = String, max_length = 15, pattern = "^[0-9]{1,12}\\.[0-9]{2}$", example = "1.00")]
    pub points: Points,
    /// The most it may bring in a period; null or absent: no cap.
    #[schema(value_type = Option<String>, max_length = 15, pattern = "^[0-9]{1,12}\\.[0-9]{2}$", example = "20.00")]
    pub cap: Option<Points>,
}

/// A rule set to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "履职积分规则 2027", "from": "2027-01-01", "until": "2028-01-01",
    "categories": [{"code": "visits", "label_zh": "走访联系", "label_en": "Visits", "cap": "20.00"}],
    "rules": [{"code": "visit_confirmed", "category": "visits", "event_kind": "visit.confirmed",
        "label_zh": "走访经确认", "label_en": "A visit was confirmed", "points": "1.00", "cap": null}]
}))]
pub struct RuleSetDraft {
    /// Its id, if you make ids; a UUID of ours otherwise.
    pub id: Option<Uuid>,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "履职积分规则 2027")]
    pub name: String,
    /// More about it.
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// First day on which it gives points.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "2027-01-01")]
    pub from: NaiveDate,
    /// The day after the last; null or absent: open.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", example = "2028-01-01")]
    pub until: Option<NaiveDate>,
    /// Categories in their order.
    #[schema(min_items = 1, max_items = 50)]
    pub categories: Vec<CategoryBody>,
    /// Rules in their order.
    #[schema(min_items = 1, max_items = 200)]
    pub rules: Vec<RuleBody>,
}

/// A rule set in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleSetSummary {
    /// The rule set.
    pub id: Uuid,
    /// What it is called.
    #[schema(max_length = 200, example = "履职积分规则 2027")]
    pub name: String,
    /// More about it.
    #[schema(max_length = 2000)]
    pub description: String,
    /// `draft` or `published`.
    #[schema(pattern = "^(draft|published)$", max_length = 9, example = "published")]
    pub state: String,
    /// First day.
    pub from: NaiveDate,
    /// The day after the last; null: open.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it was published.
    #[schema(required = true)]
    pub published_at: Option<DateTime<Utc>>,
    /// For `If-Match`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
}

/// A rule of a set, as it is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleView {
    /// Unique in the rule set.
    #[schema(max_length = 64, example = "visit_confirmed")]
    pub code: String,
    /// The code of its category.
    #[schema(max_length = 64, example = "visits")]
    pub category: String,
    /// What gives the points.
    #[schema(max_length = 64, example = "visit.confirmed")]
    pub event_kind: String,
    /// Chinese label.
    #[schema(max_length = 200)]
    pub label_zh: String,
    /// English label.
    #[schema(max_length = 200)]
    pub label_en: String,
    /// Points each time.
    pub points: Points,
    /// The most it may bring in a period; null: no cap.
    #[schema(required = true)]
    pub cap: Option<Points>,
}

/// A rule set with all it holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleSetView {
    /// What a list shows of it.
    #[serde(flatten)]
    pub set: RuleSetSummary,
    /// Categories in their order.
    #[schema(max_items = 50)]
    pub categories: Vec<CategoryBody>,
    /// Rules in their order.
    #[schema(max_items = 200)]
    pub rules: Vec<RuleView>,
    /// What you may do to it now.
    #[schema(max_items = 1)]
    pub allowed_actions: Vec<&'static str>,
}

fn listed(row: ListedSet) -> RuleSetSummary {
    RuleSetSummary {
        id: row.id,
        name: row.name,
        description: row.description,
        state: row.state,
        from: row.from_day,
        until: row.until_day,
        published_at: row.published_at,
        version: row.version,
        created_at: row.created_at,
    }
}

fn view(actor: &Actor, whole: Whole) -> RuleSetView {
    let Whole { set, categories, rules } = whole;
    let category = |row: store::CategoryRow| CategoryBody {
        code: row.code,
        label_zh: row.label_zh,
        label_en: row.label_en,
        cap: row.cap.map(Points::from_hundredths),
    };
    let rule = |row: store::RuleRow| RuleView {
        code: row.code,
        category: row.category,
        event_kind: row.event_kind,
        label_zh: row.label_zh,
        label_en: row.label_en,
        points: Points::from_hundredths(row.points),
        cap: row.cap.map(Points::from_hundredths),
    };
    let (from, until) = (set.from().unwrap_or_default(), set.until());
    RuleSetView {
        allowed_actions: actions::allowed(actor, &set.state),
        categories: categories.into_iter().map(category).collect(),
        rules: rules.into_iter().map(rule).collect(),
        set: RuleSetSummary {
            id: set.id,
            name: set.name,
            description: set.description,
            state: set.state,
            from,
            until,
            published_at: set.published_at,
            version: set.version,
            created_at: set.created_at,
        },
    }
}

/// Which rule sets.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RuleSetFilter {
    /// `draft` or `published`.
    #[param(pattern = "^(draft|published)$", example = "published")]
    pub state: Option<String>,
}

/// List rule sets
///
/// The city's rule sets, newest first. Everybody who is signed in may read how points come about.
#[utoipa::path(tag = "scores", params(RuleSetFilter, ListQuery), responses((status = 200, description = "A page of rule sets", body = Listing<RuleSetSummary>)))]
#[get("")]
pub async fn list_rule_sets(
    journal: Data<Journal>,
    request: List<RuleSetFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Catalogue);
    let key = |row: &ListedSet| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let state = filters.state.clone();
        let (rows, total) = store::list(conn, actor.city, &sight, state, page).await?;
        Ok(page.listing(rows, total, key, listed))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get a rule set
///
/// With its categories and rules. Everybody who is signed in may read it.
#[utoipa::path(tag = "scores", params(("rule_set_id" = Uuid, Path, description = "The rule set")), responses((status = 200, description = "The rule set", body = RuleSetView)))]
#[get("/{rule_set_id}")]
pub async fn get_rule_set(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let Read { actor, id, .. } = request;
    let conn = journal.db.read().await?;
    let whole = store::find(&conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    Ok(Answer::ok(whole.set.version, &view(&actor, whole))?)
}

/// Draft a rule set
///
/// For `admin`. A draft gives no points until it is published; a published one never changes, so
/// other rules are another rule set for later days. `dry_run=true` answers what would be kept, and
/// keeps nothing.
#[utoipa::path(tag = "scores", params(DryRun, CreateHeaders), request_body = RuleSetDraft, responses((status = 200, description = "With `dry_run`: what the draft would be", body = RuleSetView), (status = 201, description = "The draft", body = RuleSetView)))]
#[post("")]
pub async fn create_rule_set(
    journal: Data<Journal>,
    request: Create<RuleSetDraft, DryRun>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, query, .. } = request;
    let work = async |tx: &mut Tx<'_>| {
        let whole = actions::draft(tx, &actor, body).await?;
        let (version, place) = (whole.set.version, format!("/v1/rule-sets/{}", whole.set.id));
        Answer::created(version, place, &view(&actor, whole))
    };
    let rehearsal = query.dry_run == Some(true);
    let answer = if rehearsal {
        journal.rehearse(&call, work).await?
    } else {
        journal.write(&call, work).await?
    };
    Ok(answer)
}

/// Publish a rule set
///
/// For `admin`. From then on it gives points for what happens on its days. It succeeds the set that is
/// in force until further notice, which then ends where this one begins; 409 `overlap` where any other
/// published set covers some of its days.
#[utoipa::path(tag = "scores", params(("rule_set_id" = Uuid, Path, description = "The rule set"), ChangeHeaders), request_body = NoBody, responses((status = 200, description = "The published rule set", body = RuleSetView)))]
#[post("/{rule_set_id}/publish")]
pub async fn publish_rule_set(
    journal: Data<Journal>,
    request: Change<NoBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let answer = journal.write(&call, async |tx| {
        let whole = actions::publish(tx, &actor, id).await?;
        Answer::ok(whole.set.version, &view(&actor, whole))
    });
    Ok(answer.await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::consumer::GIVES;

    #[test]
    fn a_rule_may_name_what_the_scorer_knows() {
        let kinds = [EventKind::VisitConfirmed, EventKind::IssueAccepted, EventKind::IssueClosed];
        assert_eq!(kinds.map(EventKind::as_str), GIVES);
        for kind in kinds {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
