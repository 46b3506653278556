//! Posts and who holds them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::links::STANDING;
use super::{Days, HOLDING, LinkRow, days, first, load};
use crate::chain::rules::Term;
use crate::db::schema::posts;
use crate::db::{Conn, List, PlaceColumns, Sight, SortKey};
use crate::error::Result;
use crate::page::Page;

/// A post.
#[derive(Debug, Clone, QueryableByName)]
pub struct PostRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Whose post it is.
    #[diesel(sql_type = SqlUuid)]
    pub organization_id: Uuid,
    /// convener, director, …
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// As people say it.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

impl PostRow {
    /// Since when it stands, and until before when.
    pub fn term(&self) -> Term {
        (self.from_on, self.until_on)
    }
}

const COLUMNS: &str = "t.id, t.organization_id, t.kind, t.title, lower(t.during) AS from_on, \
    upper(t.during) AS until_on, t.voided_at, t.version, t.created_at";

/// Which posts a list holds.
#[derive(Debug, Clone)]
pub struct PostsWanted {
    /// Of this organisation.
    pub organization: Option<Uuid>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this county's own organisations.
    pub county: Option<i32>,
    /// Held by this member that day.
    pub holder: Option<Uuid>,
    /// Without a holder on that day, or with one.
    pub vacant: Option<bool>,
    /// Of the city's organisations, and of the counties' only these.
    pub confined_to: Option<Vec<i32>>,
    /// There on this day.
    pub on: NaiveDate,
}

/// The post of that id; not a voided one.
pub async fn post(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<PostRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM posts t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// [`post`], locked until the end of the transaction.
pub async fn lock_post(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<PostRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM posts t WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL FOR UPDATE"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// All posts of an organisation, locked in the order of their ids.
pub async fn lock_posts_of(conn: Conn<'_>, city: i32, organization: Uuid) -> Result<Vec<PostRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM posts t WHERE t.city_code = $1 AND t.organization_id = $2 \
         AND t.voided_at IS NULL ORDER BY t.id FOR UPDATE"
    );
    load(conn, &text, vec![city.into(), organization.into()]).await
}

const HELD: &str = "EXISTS (SELECT 1 FROM post_holders h WHERE h.city_code = t.city_code \
    AND h.post_id = t.id AND h.voided_at IS NULL AND h.during @> ?)";

/// A page of posts in the order they were entered.
pub async fn posts(
    conn: Conn<'_>,
    city: i32,
    wanted: PostsWanted,
    page: &Page,
) -> Result<(Vec<PostRow>, Option<i64>)> {
    let sort = SortKey::created(Some("created_at"));
    let held = |is: bool| Some(wanted.on).filter(|_| wanted.vacant == Some(!is));
    // The day comes first: it is `$2` where the holder is asked.
    List::new(city, "posts", COLUMNS, PlaceColumns::default(), sort)
        .filter("t.during @> ?", Some(wanted.on))
        .filter("t.organization_id = ?", wanted.organization)
        .filter("t.kind = ?", wanted.kind)
        .filter(
            "EXISTS (SELECT 1 FROM post_holders h WHERE h.city_code = t.city_code \
             AND h.post_id = t.id AND h.voided_at IS NULL AND h.during @> $2 AND h.member_id = ?)",
            wanted.holder,
        )
        .filter(
            "EXISTS (SELECT 1 FROM organizations o WHERE o.city_code = t.city_code \
             AND o.id = t.organization_id AND o.county_code = ?)",
            wanted.county,
        )
        .filter(HELD, held(true))
        .filter(&format!("NOT {HELD}"), held(false))
        .filter(
            "NOT EXISTS (SELECT 1 FROM organizations o WHERE o.city_code = t.city_code \
             AND o.id = t.organization_id AND o.county_code <> ALL(?))",
            wanted.confined_to,
        )
        .only("t.voided_at IS NULL")
        .rows(conn, &Sight::city(), page)
        .await
}

/// Who holds which of the posts on `on`.
pub async fn holders(
    conn: Conn<'_>,
    city: i32,
    posts: Vec<Uuid>,
    on: NaiveDate,
) -> Result<Vec<LinkRow>> {
    let text = format!(
        "SELECT {} FROM post_holders l WHERE l.city_code = $1 AND l.post_id = ANY($2) AND {STANDING}",
        HOLDING.columns()
    );
    load(conn, &text, vec![city.into(), posts.into(), on.into()]).await
}

/// The days on which the member holds a post of a chair meeting.
pub async fn chair_terms(conn: Conn<'_>, city: i32, member: Uuid) -> Result<Vec<Term>> {
    let text = format!(
        "SELECT {} FROM post_holders l JOIN posts p ON p.city_code = l.city_code \
         AND p.id = l.post_id JOIN organizations o ON o.city_code = p.city_code \
         AND o.id = p.organization_id WHERE l.city_code = $1 AND l.member_id = $2 \
         AND o.kind = 'chair_meeting' AND p.voided_at IS NULL AND l.voided_at IS NULL",
        HOLDING.columns()
    );
    let held: Vec<LinkRow> = load(conn, &text, vec![city.into(), member.into()]).await?;
    Ok(held.iter().map(LinkRow::term).collect())
}

/// A post to enter.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = posts)]
pub struct NewPostRow {
    pub(in crate::chain) city_code: i32,
    pub(in crate::chain) id: Uuid,
    pub(in crate::chain) organization_id: Uuid,
    pub(in crate::chain) kind: String,
    pub(in crate::chain) title: String,
    pub(in crate::chain) during: Days,
    pub(in crate::chain) version: i64,
    pub(in crate::chain) created_at: DateTime<Utc>,
}

/// Adds a post.
pub async fn insert_post(mut conn: Conn<'_>, row: NewPostRow) -> QueryResult<()> {
    diesel::insert_into(posts::table).values(row).execute(&mut conn).await.map(drop)
}

/// Writes what of the row may change, as its next version.
pub async fn update_post(mut conn: Conn<'_>, city: i32, row: &PostRow) -> Result<()> {
    let update = diesel::update(posts::table.find((city, row.id))).set((
        posts::title.eq(row.title.clone()),
        posts::during.eq(days(row.from_on, row.until_on)),
        posts::voided_at.eq(row.voided_at),
        posts::version.eq(row.version),
    ));
    crate::db::Prepared(update).execute(&mut conn).await?;
    Ok(())
}
