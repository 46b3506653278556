//! Rows of accounts, clients, grants, sessions and refresh tokens. Every function takes a shared
//! connection, so that reads that belong together travel together.

use std::ops::Bound;

use crate::db::Conn;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::roles::{Grant, Place, Role};
use crate::db::schema::{
    accounts, auth_changes, cities, clients, grants, refresh_tokens, sessions,
};
use crate::error::Result;

/// A span of days, `[from, until)`.
pub type Days = (Bound<NaiveDate>, Bound<NaiveDate>);

/// An account as sign-in and the cache see it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct AccountRow {
    /// Its id.
    pub id: Uuid,
    /// Without the city.
    pub username: String,
    /// PHC string; never shown.
    pub password_hash: String,
    /// The person it belongs to.
    pub person_id: Option<Uuid>,
    /// The member it belongs to.
    pub member_id: Option<Uuid>,
    /// Since when it may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Its version.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A client as sign-in and the cache see it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
pub struct ClientRow {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// SHA-256 of its secret.
    pub secret_hash: Vec<u8>,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// Since when it may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A session as the cache sees it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    /// Whose.
    pub subject_id: Uuid,
    /// Until when its refresh tokens hold.
    pub expires_at: DateTime<Utc>,
    /// Since when it is over.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A refresh token.
#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshRow {
    /// Its family.
    pub session_id: Uuid,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// When it was spent.
    pub used_at: Option<DateTime<Utc>>,
}

/// Whether the city is one of ours.
pub async fn city_exists(conn: Conn<'_>, city: i32) -> Result<bool> {
    let found = cities::table.find(city).select(cities::code);
    Ok(found.first::<i32>(&mut &*conn).await.optional()?.is_some())
}

/// The account of that name.
pub async fn find_account_by_name(
    conn: Conn<'_>,
    city: i32,
    username: &str,
) -> Result<Option<AccountRow>> {
    let row = accounts::table
        .filter(accounts::city_code.eq(city).and(accounts::username.eq(username)))
        .select(AccountRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row)
}

/// The account of that id.
pub async fn find_account(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<AccountRow>> {
    let row = accounts::table
        .find((city, id))
        .select(AccountRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row)
}

/// Every account of a city by name, for the command line.
pub async fn list_accounts(conn: Conn<'_>, city: i32) -> Result<Vec<AccountRow>> {
    let rows = accounts::table
        .filter(accounts::city_code.eq(city))
        .order(accounts::username)
        .select(AccountRow::as_select())
        .load(&mut &*conn)
        .await?;
    Ok(rows)
}

/// The client of that id.
pub async fn find_client(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<ClientRow>> {
    let row = clients::table
        .find((city, id))
        .select(ClientRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row)
}

/// The session of that id.
pub async fn find_session(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<SessionRow>> {
    let row = sessions::table
        .find((city, id))
        .select(SessionRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row)
}

/// Whether an account or a machine is not disabled and holds one of these roles for the city that day.
pub async fn holds_one_of(
    conn: Conn<'_>,
    city: i32,
    subject: Uuid,
    roles: &[&str],
    day: NaiveDate,
) -> Result<bool> {
    let account = find_account(conn, city, subject).await?.map(|row| row.disabled_at);
    let client = find_client(conn, city, subject).await?.map(|row| row.disabled_at);
    if account.or(client).is_none_or(|disabled| disabled.is_some()) {
        return Ok(false);
    }
    let held = list_grants(conn, city, subject, day).await?;
    Ok(held.iter().any(|grant| roles.contains(&grant.role.as_str())))
}

/// What a subject may be on that day, and where; what does not fit gives nothing.
pub async fn list_grants(
    conn: Conn<'_>,
    city: i32,
    subject: Uuid,
    day: NaiveDate,
) -> Result<Vec<Grant>> {
    let rows: Vec<(String, String, Option<Uuid>, Option<i32>)> = grants::table
        .filter(grants::city_code.eq(city).and(grants::subject_id.eq(subject)))
        .filter(grants::voided_at.is_null().and(grants::during.contains(day)))
        .order(grants::id)
        .select((grants::role, grants::place_kind, grants::place_id, grants::place_code))
        .load(&mut &*conn)
        .await?;
    let grants = rows.into_iter().filter_map(|(role, kind, id, code)| {
        let grant = Grant { role: Role::parse(&role)?, place: Place::from_row(&kind, id, code)? };
        grant.fits().then_some(grant)
    });
    Ok(grants.collect())
}

/// Whether `account`, or the account of `member`, is a convener of `sector` on that day.
pub async fn convenes(
    conn: Conn<'_>,
    city: i32,
    sector: Uuid,
    day: NaiveDate,
    account: Uuid,
    member: Uuid,
) -> Result<bool> {
    let of_member = accounts::table
        .filter(accounts::city_code.eq(city).and(accounts::member_id.eq(member)))
        .select(accounts::id);
    let found = grants::table
        .filter(grants::city_code.eq(city).and(grants::role.eq(Role::Convener.as_str())))
        .filter(grants::place_kind.eq("sector").and(grants::place_id.eq(sector)))
        .filter(grants::voided_at.is_null().and(grants::during.contains(day)))
        .filter(grants::subject_id.eq(account).or(grants::subject_id.eq_any(of_member)))
        .select(grants::id);
    Ok(found.first::<Uuid>(&mut &*conn).await.optional()?.is_some())
}

/// The refresh token of that hash, locked until the transaction ends.
pub async fn lock_refresh_token(
    conn: Conn<'_>,
    city: i32,
    hash: &[u8],
) -> Result<Option<RefreshRow>> {
    let row = refresh_tokens::table
        .find((city, hash))
        .select(RefreshRow::as_select())
        .for_update()
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row)
}

/// A refresh token of a session.
pub async fn insert_refresh_token(
    conn: Conn<'_>,
    city: i32,
    session: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::city_code.eq(city),
            refresh_tokens::hash.eq(hash),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::issued_at.eq(now),
            refresh_tokens::expires_at.eq(until),
        ))
        .execute(&mut &*conn)
        .await?;
    Ok(())
}

/// Spends a refresh token and moves its session's end.
pub async fn spend_refresh_token(
    conn: Conn<'_>,
    city: i32,
    hash: &[u8],
    session: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    diesel::update(refresh_tokens::table.find((city, hash)))
        .set(refresh_tokens::used_at.eq(now))
        .execute(&mut &*conn)
        .await?;
    diesel::update(sessions::table.find((city, session)))
        .set(sessions::expires_at.eq(until))
        .execute(&mut &*conn)
        .await?;
    Ok(())
}

/// Ends a session; false when it was over already or is not there.
pub async fn end_session(
    conn: Conn<'_>,
    city: i32,
    id: Uuid,
    cause: &str,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>> {
    let ended = diesel::update(sessions::table.find((city, id)))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(now), sessions::ended_cause.eq(cause)))
        .returning(sessions::subject_id)
        .get_result(&mut &*conn)
        .await
        .optional()?;
    Ok(ended)
}

/// Ends all of a subject's sessions.
pub async fn end_sessions_of(
    conn: Conn<'_>,
    city: i32,
    subject: Uuid,
    cause: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    diesel::update(sessions::table)
        .filter(sessions::city_code.eq(city).and(sessions::subject_id.eq(subject)))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(now), sessions::ended_cause.eq(cause)))
        .execute(&mut &*conn)
        .await?;
    Ok(())
}

/// Whose cached state stopped being true since then, in any city.
pub async fn changes_since(conn: Conn<'_>, since: DateTime<Utc>) -> Result<Vec<(Uuid, Uuid)>> {
    let rows = auth_changes::table
        .filter(auth_changes::changed_at.gt(since))
        .select((auth_changes::id, auth_changes::subject_id))
        .load(&mut &*conn)
        .await?;
    Ok(rows)
}
