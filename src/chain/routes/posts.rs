//! Posts (职务), who holds them on a day, and those that are vacant.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::bodies::{EndBody, MistakeBody};
use super::members::change;
use super::{AsOf, day_of};
use crate::auth::{Actor, Change, Create, List, Read, policy};
use crate::chain::actions::{self, NewPost};
use crate::chain::kinds::PostKind;
use crate::chain::store::{self, LinkRow, PostRow, PostsWanted};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Patch, Problem};

/// A post of an organisation, which stands even when nobody holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostView {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// Whose post it is.
    pub organization_id: Uuid,
    /// What it is.
    #[schema(value_type = PostKind)]
    pub kind: String,
    /// As people say it.
    #[schema(max_length = 100, example = "界别召集人")]
    pub title: String,
    /// The member who holds it that day; null: it is vacant.
    #[schema(required = true)]
    pub holder_id: Option<Uuid>,
    /// Since when they do.
    #[schema(required = true)]
    pub held_since: Option<NaiveDate>,
    /// Its first day.
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake; such a one is read no more.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl PostView {
    pub(super) fn new(row: PostRow, holders: &[LinkRow]) -> Self {
        let holder = holders.iter().find(|link| link.of_id == row.id);
        Self {
            id: row.id,
            version: row.version,
            organization_id: row.organization_id,
            kind: row.kind,
            title: row.title,
            holder_id: holder.map(|link| link.other_id),
            held_since: holder.map(|link| link.from_on),
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
            created_at: row.created_at,
        }
    }

    async fn on(conn: Conn<'_>, city: i32, row: PostRow, day: NaiveDate) -> Result<Self> {
        let holders = store::holders(conn, city, vec![row.id], day).await?;
        Ok(Self::new(row, &holders))
    }
}

/// Which posts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PostFilter {
    /// Of this organisation.
    #[param(format = "uuid")]
    pub organization_id: Option<Uuid>,
    /// Of this kind.
    #[param(
        max_length = 16,
        pattern = "^(convener|deputy_convener|director|deputy_director|chair|vice_chair|chair_member|secretary)$",
        example = "convener"
    )]
    pub kind: Option<String>,
    /// Of organisations of this county's own.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Those that this member holds that day.
    #[param(format = "uuid")]
    pub member_id: Option<Uuid>,
    /// `true`: only those that nobody holds that day; `false`: only those that somebody does.
    #[param(example = true)]
    pub vacant: Option<bool>,
    /// There on this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
}

/// List posts
///
/// The posts of a day in the order they were entered, each with who holds it that day; `vacant=true`
/// lists those to be filled. Any account may read them; the staff of a county, the city's and their
/// county's own.
#[utoipa::path(tag = "chain", params(PostFilter, ListQuery),
    responses((status = 200, description = "A page of posts", body = Listing<PostView>)))]
#[get("")]
pub async fn list_posts(
    journal: Data<Journal>,
    request: List<PostFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let PostFilter { organization_id: organization, kind, vacant, as_of, .. } = filters;
    let (on, confined_to) = (day_of(as_of, now), policy::confined_to(&actor));
    let county = filters.county_code.and_then(|code| code.parse().ok());
    let holder = filters.member_id;
    let wanted = PostsWanted { organization, kind, county, holder, vacant, confined_to, on };
    let key = |row: &PostRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::posts(conn, actor.city, wanted.clone(), page).await?;
        let ids = rows.iter().map(|row| row.id).collect();
        let holders = store::holders(conn, actor.city, ids, on).await?;
        Ok(page.listing(rows, total, key, |row| PostView::new(row, &holders)))
    };
    Ok(journal.db.list(page, read).await?)
}

/// The post of that id whose organisation the actor reads.
pub(super) async fn seen_post(conn: Conn<'_>, actor: &Actor, id: Uuid) -> Result<PostRow> {
    let row = store::post(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    let owner = store::any_organization(conn, actor.city, row.organization_id).await?;
    let seen = owner.is_some_and(|owner| policy::reads_county(actor, owner.county_code));
    if seen { Ok(row) } else { Err(Error::not_found()) }
}

/// Get a post
///
/// One post with who holds it on a day, today unless told; with `as_of` only where it is there on
/// that day. Any account may read it; the staff of a county, the city's and their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), AsOf),
    responses((status = 200, description = "The post", body = PostView)))]
#[get("/{post_id}")]
pub async fn get_post(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let Read { actor, id, query, now, .. } = request;
    let conn = journal.db.read().await?;
    let row = seen_post(&conn, &actor, id).await?;
    if !query.shows(row.from_on, row.until_on) {
        return Err(Error::not_found().into());
    }
    let version = row.version;
    let view = PostView::on(&conn, actor.city, row, day_of(query.as_of, now)).await?;
    Ok(Answer::ok(version, &view)?)
}

/// A post to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "organization_id": "01856ad7-b680-7003-a6e6-2ef996547d74", "kind": "director", "title": "主任", "from": "2026-01-01" }))]
pub struct CreatePostBody {
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// Whose post it is.
    pub organization_id: Uuid,
    /// What it is.
    pub kind: PostKind,
    /// As people say it.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$", example = "主任")]
    pub title: String,
    /// Its first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
}

/// Make a post
///
/// Makes a post of an organisation, which lasts as long as that does and is vacant until somebody
/// holds it. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreatePostBody,
    responses((status = 201, description = "The post", body = PostView)))]
#[post("")]
pub async fn create_post(
    journal: Data<Journal>,
    request: Create<CreatePostBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    policy::any_role(&actor, actions::ORGANIZERS)?;
    let CreatePostBody { id, organization_id, kind, title, from } = body;
    let work = journal.write(&call, async |tx| {
        let owner = actions::owner_for(tx, &actor, organization_id).await?;
        let new = NewPost { id, kind, title: &title, from };
        let row = actions::create_post(tx, &owner, new).await?;
        let (version, at) = (row.version, format!("/v1/posts/{}", row.id));
        Answer::created(version, at, &PostView::new(row, &[]))
    });
    Ok(work.await?)
}

/// What is new about a post (RFC 7396).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "常务副主任" }))]
pub struct UpdatePostBody {
    /// As people say it.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$")]
    pub title: Patch<String>,
}

/// Change a post
///
/// Changes its title. Another kind or another organisation is another post: end this one. For those who
/// keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), ChangeHeaders),
    request_body = UpdatePostBody,
    responses((status = 200, description = "The post as changed", body = PostView)))]
#[patch("/{post_id}")]
pub async fn update_post(
    journal: Data<Journal>,
    request: Change<UpdatePostBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (row, owner) = actions::post_for(tx, &actor, id).await?;
        let row = actions::update_post(tx, row, &owner, change(body.title).flatten()).await?;
        let (version, today) = (row.version, day_of(None, call.now));
        Answer::ok(version, &PostView::on(tx.conn, call.city, row, today).await?)
    });
    Ok(work.await?)
}

/// End a post
///
/// The post is there until the day before `until`; whoever holds it, does no longer. An end is brought
/// forward, not put off. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), ChangeHeaders),
    request_body = EndBody,
    responses((status = 200, description = "The post with its last day", body = PostView)))]
#[post("/{post_id}/end")]
pub async fn end_post(journal: Data<Journal>, request: Change<EndBody>) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (row, owner) = actions::post_for(tx, &actor, id).await?;
        let row = actions::end_post(tx, row, &owner, body.until).await?;
        let (version, today) = (row.version, day_of(None, call.now));
        Answer::ok(version, &PostView::on(tx.conn, call.city, row, today).await?)
    });
    Ok(work.await?)
}

/// Void a post
///
/// For one that was entered by mistake: the row stays and is read no more, and who held it is voided
/// with it. For those who keep the chain; the staff of a county, their county's own.
#[utoipa::path(tag = "chain",
    params(("post_id" = Uuid, Path, description = "The post"), ChangeHeaders),
    request_body = MistakeBody,
    responses((status = 200, description = "The voided post", body = PostView)))]
#[post("/{post_id}/void")]
pub async fn void_post(
    journal: Data<Journal>,
    request: Change<MistakeBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let (row, owner) = actions::post_for(tx, &actor, id).await?;
        let row = actions::void_post(tx, row, &owner, &body.reason).await?;
        Answer::ok(row.version, &PostView::new(row, &[]))
    });
    Ok(work.await?)
}
