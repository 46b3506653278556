//! What someone should know or do.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::store::{self, Audiences, NoticeRow};
use super::words::words;
use crate::auth::{Actor, List, Place, Role};
use crate::db::Conn;
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};

/// The sentence of a notice in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeText {
    /// Chinese.
    #[schema(max_length = 200, example = "有新的转办单待签收")]
    pub zh: String,
    /// English.
    #[schema(max_length = 200, example = "a work order waits to be signed for")]
    pub en: String,
}

/// What a notice is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeObject {
    /// `assignment`, `issue` …
    #[schema(max_length = 64, example = "assignment")]
    pub kind: String,
    /// Which.
    pub id: Uuid,
}

/// Something that someone should know or do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeView {
    /// Its id.
    pub id: Uuid,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// What about.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,63}$", example = "assignment_dispatched")]
    pub code: String,
    /// The same in words.
    pub text: NoticeText,
    /// The role that is told.
    #[schema(
        pattern = "^(liaison_centre|department|member|sector|supervisor)$",
        example = "department"
    )]
    pub audience: String,
    /// The department, member or sector; null for a role of the city.
    #[schema(required = true)]
    pub place_id: Option<Uuid>,
    /// What it is about.
    pub object: NoticeObject,
    /// By when something is to be done.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
}

impl From<NoticeRow> for NoticeView {
    fn from(row: NoticeRow) -> Self {
        let (zh, en) = words(&row.code);
        let text = NoticeText { zh: zh.to_owned(), en: en.to_owned() };
        Self {
            id: row.id,
            created_at: row.created_at,
            text,
            code: row.code,
            audience: row.audience,
            place_id: row.place_id,
            object: NoticeObject { kind: row.object_kind, id: row.object_id },
            due_on: row.due_on,
        }
    }
}

/// The order of notices.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NoticeFilter {
    /// `created_at` for the oldest first; the newest come first otherwise.
    #[param(pattern = "^-?created_at$", example = "-created_at")]
    pub sort: Option<String>,
}

/// The audiences a caller belongs to by its grants.
fn audiences(actor: &Actor) -> Audiences {
    let mut found = Audiences::default();
    for grant in actor.grants.iter().filter(|grant| grant.fits()) {
        let placed = match (grant.role, grant.place) {
            (Role::LiaisonCentre, Place::City) => {
                found.city.push("liaison_centre");
                continue;
            }
            (Role::Supervisor, Place::City) => {
                found.city.push("supervisor");
                continue;
            }
            (Role::DeptReceiver | Role::DeptHandler | Role::DeptHead, Place::Department(id)) => {
                ("department", id)
            }
            (Role::Member, Place::Member(id)) => ("member", id),
            (Role::Convener, Place::Sector(id)) => ("sector", id),
            _ => continue,
        };
        if !found.placed.contains(&placed) {
            found.placed.push(placed);
        }
    }
    found.city.sort_unstable();
    found.city.dedup();
    found
}

/// List my notices
///
/// What you should know or do: reminders, new work orders, what is overdue. Told to the roles you
/// hold at their places, so that a successor sees them too. Newest first.
#[utoipa::path(tag = "assignments", params(NoticeFilter, ListQuery), responses((status = 200, description = "A page of notices", body = Listing<NoticeView>)))]
#[get("")]
pub async fn list_notices(
    journal: Data<Journal>,
    request: List<NoticeFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let ascending = filters.sort.as_deref() == Some("created_at");
    let (city, audiences) = (actor.city, audiences(&actor));
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::list(conn, city, &audiences, ascending, page).await?;
        let key = |row: &NoticeRow| Key { at: row.created_at, id: row.id };
        Ok(page.listing(rows, total, key, NoticeView::from))
    };
    Ok(journal.db.list(page, read).await?)
}
