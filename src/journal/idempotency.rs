//! Stored answers of writes, by caller and key.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Call, IdempotencyKey};
use crate::db::schema::idempotency_keys::dsl as keys;
use crate::db::{Conn, constraint};
use crate::error::{Code, Error, Result};
use crate::web::Answer;

type Stored = (Vec<u8>, i16, Option<String>, Option<String>, Vec<u8>);

/// The stored answer of the same request, or 422 where the key was used for another.
pub async fn find(mut conn: Conn<'_>, call: &Call) -> Result<Option<Answer>> {
    let Some(wanted) = &call.idempotency else { return Ok(None) };
    let stored: Option<Stored> = keys::idempotency_keys
        .find((call.city, caller(call, wanted), &wanted.key))
        .select((keys::request_hash, keys::status, keys::etag, keys::location, keys::body))
        .first(&mut conn)
        .await
        .optional()?;
    let Some((request_hash, status, etag, location, body)) = stored else { return Ok(None) };
    if request_hash != wanted.request_hash {
        return Err(Error::new(Code::KeyReused));
    }
    let status = u16::try_from(status).map_err(Error::internal)?;
    Ok(Some(Answer { status, etag, location, body, next: None, replayed: true, secret: false }))
}

/// Keeps the answer; the last statement of the transaction. A twin that came first refuses us.
pub async fn keep(mut conn: Conn<'_>, call: &Call, answer: &Answer) -> Result<()> {
    let Some(key) = &call.idempotency else { return Ok(()) };
    let status = i16::try_from(answer.status).map_err(Error::internal)?;
    diesel::insert_into(keys::idempotency_keys)
        .values((
            keys::city_code.eq(call.city),
            keys::caller_id.eq(caller(call, key)),
            keys::key.eq(&key.key),
            keys::request_hash.eq(&key.request_hash),
            keys::status.eq(status),
            keys::etag.eq(&answer.etag),
            keys::location.eq(&answer.location),
            keys::body.eq(&answer.body),
            keys::created_at.eq(call.now),
        ))
        .execute(&mut conn)
        .await
        .map_err(|error| match constraint(&error) {
            Some("idempotency_keys_pkey") => {
                Error { retry_after: Some(1), ..Error::new(Code::StillRunning) }
            }
            _ => error.into(),
        })?;
    Ok(())
}

/// Whose key it is. People without an account have no id: their keys are told apart by what they
/// send, so that two who choose the same key do not meet, and only who sends the same again is
/// answered the same.
fn caller(call: &Call, key: &IdempotencyKey) -> Uuid {
    call.actor_id.unwrap_or_else(|| {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(&key.request_hash).for_each(|(to, from)| *to = *from);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    })
}
