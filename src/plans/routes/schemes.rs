//! Operations on schemes.

use actix_web::web::Data;
use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{Change, Create, List, Noun, Read, policy};
use crate::db::Conn;
use crate::error::Result;
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::plans::actions;
use crate::plans::rules::SchemeState;
use crate::plans::store::schemes::{self as store, SchemeItemRow, SchemeRow};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Problem};

/// The only kind of scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum SchemeKind {
    /// Five channels and eight must-visits.
    #[serde(rename = "1158")]
    Five8,
}

/// A code of a new scheme.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    /// Stable English word, once within its list.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "talks")]
    pub code: String,
    /// Chinese.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", example = "座谈交流")]
    pub label_zh: String,
    /// English.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", example = "Talks")]
    pub label_en: String,
}

/// A scheme to draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "1158", "name": "1158方案(非官方示例)", "description": "演示用,非官方示例",
    "from": "2027-01-01",
    "channels": [{"code": "talks", "label_zh": "座谈交流", "label_en": "Talks"}],
    "must_visits": [{"code": "villages", "label_zh": "村屯", "label_en": "Villages"}]
}))]
pub struct NewScheme {
    /// Your own id for it.
    pub id: Option<Uuid>,
    /// `1158`.
    pub kind: SchemeKind,
    /// As the city calls it.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub name: String,
    /// What it is and where its lists come from.
    #[schema(max_length = 2000)]
    pub description: String,
    /// The first day it is in force.
    pub from: NaiveDate,
    /// The first day it is no longer in force; absent: until further notice.
    pub until: Option<NaiveDate>,
    /// Plans are handed in by this day of their period's first month; 5 unless told.
    #[schema(minimum = 1, maximum = 31, example = 5)]
    pub plan_due_day: Option<i16>,
    /// 五渠道: at most five while it is a draft, exactly five to publish it.
    #[schema(max_items = 5)]
    pub channels: Vec<NewLabel>,
    /// 八必访: at most eight while it is a draft, exactly eight to publish it.
    #[schema(max_items = 8)]
    pub must_visits: Vec<NewLabel>,
}

/// Nothing to say beside the wish to publish.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct PublishScheme {}

/// Which schemes.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SchemeFilter {
    /// In this state.
    #[param(pattern = "^(draft|published)$", max_length = 16)]
    pub state: Option<String>,
}

/// A channel or a must-visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchemeItem {
    /// Stable English word.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "talks")]
    pub code: String,
    /// Chinese.
    #[schema(max_length = 100, example = "座谈交流")]
    pub label_zh: String,
    /// English.
    #[schema(max_length = 100, example = "Talks")]
    pub label_en: String,
}

/// A scheme with its lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchemeView {
    /// Which.
    pub id: Uuid,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// `1158`.
    #[schema(max_length = 16, example = "1158")]
    pub kind: String,
    /// As the city calls it.
    #[schema(max_length = 200)]
    pub name: String,
    /// What it is and where its lists come from.
    #[schema(max_length = 2000)]
    pub description: String,
    /// `draft` or `published`.
    #[schema(value_type = SchemeState)]
    pub state: String,
    /// The first day it is in force.
    #[schema(required = true)]
    pub from: Option<NaiveDate>,
    /// The first day it is no longer in force.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// A plan handed in after this day of its period's first month is late.
    #[schema(minimum = 1, maximum = 31, example = 5)]
    pub plan_due_day: i16,
    /// When it was published.
    #[schema(required = true)]
    pub published_at: Option<DateTime<Utc>>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// 五渠道; only when one scheme is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5)]
    pub channels: Option<Vec<SchemeItem>>,
    /// 八必访; only when one scheme is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 8)]
    pub must_visits: Option<Vec<SchemeItem>>,
}

impl SchemeView {
    fn new(row: SchemeRow) -> Self {
        Self {
            from: row.from(),
            until: row.until(),
            id: row.id,
            version: row.version,
            kind: row.kind,
            name: row.name,
            description: row.description,
            state: row.state,
            plan_due_day: row.plan_due_day,
            published_at: row.published_at,
            created_at: row.created_at,
            channels: None,
            must_visits: None,
        }
    }
}

async fn view(conn: Conn<'_>, row: SchemeRow) -> Result<SchemeView> {
    let items = store::items(conn, row.city_code, row.id).await?;
    let (channels, must_visits): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| item.kind == "channel");
    let views = |rows: Vec<SchemeItemRow>| {
        let views = rows.into_iter().map(|SchemeItemRow { code, label_zh, label_en, .. }| {
            SchemeItem { code, label_zh, label_en }
        });
        Some(views.collect())
    };
    let (channels, must_visits) = (views(channels), views(must_visits));
    Ok(SchemeView { channels, must_visits, ..SchemeView::new(row) })
}

/// List schemes
///
/// The city's 1158 schemes, newest first, drafts among them. Everyone of the city may read them.
#[utoipa::path(tag = "plans", params(SchemeFilter, ListQuery),
    responses((status = 200, description = "A page of schemes", body = Listing<SchemeView>)))]
#[get("")]
pub async fn list_schemes(
    journal: Data<Journal>,
    request: List<SchemeFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let sight = policy::sight(&actor, Noun::Catalogue);
    let key = |row: &SchemeRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let state = filters.state.as_deref();
        let (rows, total) = store::list(conn, actor.city, &sight, state, page).await?;
        Ok(page.listing(rows, total, key, SchemeView::new))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Read a scheme
///
/// With its channels and must-visits, in order. Everyone of the city may read it.
#[utoipa::path(tag = "plans", params(("scheme_id" = Uuid, Path, description = "The scheme")),
    responses((status = 200, description = "The scheme", body = SchemeView)))]
#[get("/{scheme_id}")]
pub async fn get_scheme(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let conn = journal.db.read().await?;
    let row = store::get(&conn, request.actor.city, request.id).await?;
    Ok(Answer::ok(row.version, &view(&conn, row).await?)?)
}

/// Draft a scheme
///
/// By an administrator. A draft may be incomplete, but holds no code twice and never more than five
/// channels or eight must-visits. Nothing is planned against it until it is published.
#[utoipa::path(tag = "plans", params(CreateHeaders), request_body = NewScheme,
    responses((status = 201, description = "The draft", body = SchemeView)))]
#[post("")]
pub async fn create_scheme(
    journal: Data<Journal>,
    request: Create<NewScheme>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::create_scheme(tx, &actor, body).await?;
        let location = format!("/v1/schemes/{}", row.id);
        Answer::created(row.version, location, &view(tx.conn, row).await?)
    });
    Ok(work.await?)
}

/// Publish a scheme
///
/// By an administrator. It needs exactly five channels and eight must-visits. It succeeds the scheme
/// that is in force until further notice, which then ends where this one begins; it may not overlap
/// any other published one. Plans drafted from then on whose period starts on one of its days use it;
/// those that are there already keep the codes they were made with.
#[utoipa::path(tag = "plans",
    params(("scheme_id" = Uuid, Path, description = "The scheme"), ChangeHeaders),
    request_body = PublishScheme,
    responses((status = 200, description = "The published scheme", body = SchemeView)))]
#[post("/{scheme_id}/publish")]
pub async fn publish_scheme(
    journal: Data<Journal>,
    request: Change<PublishScheme>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::publish_scheme(tx, &actor, id).await?;
        Answer::ok(row.version, &view(tx.conn, row).await?)
    });
    Ok(work.await?)
}
