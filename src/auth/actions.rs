//! What changes accounts, clients, grants and sessions. Whatever makes a cached state untrue says so
//! with [`changed`], in the same transaction.

use std::fmt;
use std::ops::Bound;

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Refused};
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use super::keys::{random_word, sha256};
use super::roles::Grant;
use super::store;
use super::tokens::{REFRESH_DAYS, RefreshToken, client_id_of};
use crate::db::schema::{accounts, auth_changes, clients, grants, sessions};
use crate::error::{Code, Error, Result};
use crate::journal::{Entry, Places, Tx};

/// A fresh client; the secret is shown this once.
pub struct NewClient {
    /// Its id.
    pub id: Uuid,
    /// `230400.<uuid>`.
    pub client_id: String,
    /// 43 base64url characters.
    pub secret: String,
}

impl fmt::Debug for NewClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewClient").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// What became of a refresh token.
pub enum Refreshed {
    /// It was good: whose it was, the session, the next one.
    Rotated {
        /// The account.
        subject: Uuid,
        /// The family.
        session: Uuid,
        /// The next token.
        token: RefreshToken,
    },
    /// It was not; if it had been spent before, its session is over now.
    Refused,
}

/// Makes every server forget what it holds about `subject`, within two seconds.
pub async fn changed(tx: &mut Tx<'_>, subject: Uuid) -> Result<()> {
    let row = (
        auth_changes::id.eq(tx.call.id()),
        auth_changes::city_code.eq(tx.call.city),
        auth_changes::subject_id.eq(subject),
        auth_changes::changed_at.eq(tx.call.now),
    );
    diesel::insert_into(auth_changes::table).values(row).execute(&mut tx.conn).await?;
    Ok(())
}

/// A journal row of an object of ours; it stands at city level.
async fn note(
    tx: &mut Tx<'_>,
    (kind, object_kind): (&'static str, &'static str),
    object_id: Uuid,
    version: i64,
    after: serde_json::Value,
) -> Result<()> {
    tx.journal(Entry {
        kind,
        object_kind,
        object_id,
        version,
        places: Places::default(),
        before: None,
        after: Some(after),
    })
    .await?;
    Ok(())
}

/// `^[a-z0-9][a-z0-9._-]{0,63}$`
pub fn is_username(word: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    (1..=64).contains(&word.len())
        && word.bytes().all(inside)
        && word.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

/// A new account with the hash of its password.
pub async fn create_account(
    tx: &mut Tx<'_>,
    username: &str,
    password_hash: &str,
    person_id: Option<Uuid>,
    member_id: Option<Uuid>,
) -> Result<Uuid> {
    if !is_username(username) {
        return Err(Error::fault(
            "/username",
            "用户名应为 1–64 个小写字母、数字或 . _ -",
            "a username has 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit",
        ));
    }
    let id = tx.call.id();
    let row = (
        accounts::city_code.eq(tx.call.city),
        accounts::id.eq(id),
        accounts::username.eq(username),
        accounts::password_hash.eq(password_hash),
        accounts::person_id.eq(person_id),
        accounts::member_id.eq(member_id),
        accounts::version.eq(1_i64),
        accounts::created_at.eq(tx.call.now),
    );
    let inserted = diesel::insert_into(accounts::table).values(row).execute(&mut tx.conn).await;
    match inserted {
        Err(Refused::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            return Err(Error::say(Code::Duplicate, "该用户名已被使用", "the username is taken"));
        }
        other => other?,
    };
    let after = json!({"username": username, "person_id": person_id, "member_id": member_id});
    note(tx, ("account.created", "account"), id, 1, after).await?;
    Ok(id)
}

/// Lets `subject` be something somewhere, from a day on, and before another.
pub async fn add_grant(
    tx: &mut Tx<'_>,
    subject: Uuid,
    grant: Grant,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<Uuid> {
    if !grant.fits() {
        return Err(Error::fault(
            "/place",
            "该角色不能授予在此范围",
            "the role cannot be held at such a place",
        ));
    }
    let id = tx.call.id();
    let end = until.map_or(Bound::Unbounded, Bound::Excluded);
    let row = (
        grants::city_code.eq(tx.call.city),
        grants::id.eq(id),
        grants::subject_id.eq(subject),
        grants::role.eq(grant.role.as_str()),
        grants::place_kind.eq(grant.place.kind()),
        grants::place_id.eq(grant.place.id()),
        grants::place_code.eq(grant.place.code()),
        grants::during.eq((Bound::Included(from), end)),
    );
    let inserted = diesel::insert_into(grants::table).values(row).execute(&mut tx.conn).await;
    match inserted {
        Err(Refused::DatabaseError(DatabaseErrorKind::ExclusionViolation, _)) => {
            return Err(Error::say(
                Code::Overlap,
                "该授权与已有授权日期重叠",
                "the grant overlaps one that is there already",
            ));
        }
        other => other?,
    };
    let after = json!({
        "subject_id": subject,
        "role": grant.role.as_str(),
        "place_kind": grant.place.kind(),
        "place_id": grant.place.id(),
        "place_code": grant.place.code().map(|code| code.to_string()),
        "from": from,
        "until": until,
    });
    note(tx, ("grant.created", "grant"), id, 1, after).await?;
    changed(tx, subject).await?;
    Ok(id)
}

/// A new machine with the scopes it may ask for.
pub async fn create_client(tx: &mut Tx<'_>, name: &str, scopes: &[String]) -> Result<NewClient> {
    let id = tx.call.id();
    let secret = random_word()?;
    let row = (
        clients::city_code.eq(tx.call.city),
        clients::id.eq(id),
        clients::name.eq(name),
        clients::secret_hash.eq(sha256(secret.as_bytes()).to_vec()),
        clients::scopes.eq(scopes),
        clients::version.eq(1_i64),
        clients::created_at.eq(tx.call.now),
    );
    diesel::insert_into(clients::table).values(row).execute(&mut tx.conn).await?;
    note(tx, ("client.created", "client"), id, 1, json!({"name": name, "scopes": scopes})).await?;
    Ok(NewClient { id, client_id: client_id_of(tx.call.city, id), secret })
}

/// Ends everything the account has open; it may not sign in again.
pub async fn disable_account(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    let (city, now) = (tx.call.city, tx.call.now);
    let version: Option<i64> = diesel::update(accounts::table.find((city, id)))
        .filter(accounts::disabled_at.is_null())
        .set((accounts::disabled_at.eq(now), accounts::version.eq(accounts::version + 1)))
        .returning(accounts::version)
        .get_result(&mut tx.conn)
        .await
        .optional()?;
    let Some(version) = version else {
        return match store::find_account(tx.conn, city, id).await? {
            Some(_) => Err(Error::new(Code::AlreadyDone)),
            None => Err(Error::not_found()),
        };
    };
    store::end_sessions_of(tx.conn, city, id, "account_disabled", now).await?;
    note(tx, ("account.disabled", "account"), id, version, json!({"disabled_at": now})).await?;
    changed(tx, id).await
}

/// A new session and its first refresh token.
pub async fn open_session(tx: &mut Tx<'_>, subject: Uuid) -> Result<(Uuid, RefreshToken)> {
    let (city, now) = (tx.call.city, tx.call.now);
    let (id, until) = (tx.call.id(), now + TimeDelta::days(REFRESH_DAYS));
    let row = (
        sessions::city_code.eq(city),
        sessions::id.eq(id),
        sessions::subject_id.eq(subject),
        sessions::created_at.eq(now),
        sessions::expires_at.eq(until),
    );
    diesel::insert_into(sessions::table).values(row).execute(&mut tx.conn).await?;
    let token = RefreshToken::generate(city)?;
    store::insert_refresh_token(tx.conn, city, id, &token.hash(), now, until).await?;
    Ok((id, token))
}

/// Ends a session; nothing happens when it is over already.
pub async fn end_session(tx: &mut Tx<'_>, id: Uuid, cause: &str) -> Result<()> {
    let (city, now) = (tx.call.city, tx.call.now);
    let Some(subject) = store::end_session(tx.conn, city, id, cause, now).await? else {
        return Ok(());
    };
    let after = json!({"subject_id": subject, "cause": cause});
    note(tx, ("session.ended", "session"), id, 2, after).await?;
    changed(tx, subject).await
}

/// Takes a refresh token and gives the next. One that was spent before is in two hands, so the
/// session ends; the caller commits this although the request is refused.
pub async fn refresh(tx: &mut Tx<'_>, token: &RefreshToken) -> Result<Refreshed> {
    let (city, now) = (tx.call.city, tx.call.now);
    let hash = token.hash();
    let Some(row) = store::lock_refresh_token(tx.conn, city, &hash).await? else {
        return Ok(Refreshed::Refused);
    };
    if row.used_at.is_some() {
        end_session(tx, row.session_id, "refresh_token_reused").await?;
        return Ok(Refreshed::Refused);
    }
    let Some(session) = store::find_session(tx.conn, city, row.session_id).await? else {
        return Ok(Refreshed::Refused);
    };
    let account = store::find_account(tx.conn, city, session.subject_id).await?;
    let enabled = account.is_some_and(|account| account.disabled_at.is_none());
    if session.ended_at.is_some() || row.expires_at <= now || !enabled {
        return Ok(Refreshed::Refused);
    }
    let (next, until) = (RefreshToken::generate(city)?, now + TimeDelta::days(REFRESH_DAYS));
    store::spend_refresh_token(tx.conn, city, &hash, row.session_id, now, until).await?;
    store::insert_refresh_token(tx.conn, city, row.session_id, &next.hash(), now, until).await?;
    Ok(Refreshed::Rotated { subject: session.subject_id, session: row.session_id, token: next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_is_short_lowercase_and_plain() {
        for good in ["a", "wang.wei", "9-z_1"] {
            assert!(is_username(good), "{good}");
        }
        for bad in ["", ".a", "Wang", "王", "a b", "a\0", &"a".repeat(65)] {
            assert!(!is_username(bad), "{bad}");
        }
    }
}
