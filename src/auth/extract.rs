//! What a handler's signature says about who may call it and what it reads. Every extractor checks
//! in the same order: 401, 404 for a path that names nothing, 406, 413 and 415, 400, 428, 422.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Actor, Auth, tokens};
use crate::error::{Code, Error, Result};
use crate::journal::{Call, IdempotencyKey, IfMatch};
use crate::page::Page;
use crate::web::{Problem, accept, body, headers, query};

/// What an extractor is on its way.
pub(super) type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// No query parameters at all.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}

/// A body without fields: nothing at all, or `{}`.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NoBody {}

/// A read of one thing, or of something without pages.
#[derive(Debug)]
pub struct Read<Q = NoQuery> {
    /// Who reads.
    pub actor: Actor,
    /// The first id in the path; nil where there is none.
    pub id: Uuid,
    /// The second id in the path; nil where there is none.
    pub sub_id: Uuid,
    /// Checked query parameters.
    pub query: Q,
    /// When.
    pub now: DateTime<Utc>,
}

/// A read of a page of a list.
#[derive(Debug)]
pub struct List<F = NoQuery> {
    /// Who reads.
    pub actor: Actor,
    /// The first id in the path; nil where there is none.
    pub id: Uuid,
    /// Checked filters.
    pub filters: F,
    /// Which page, or all in which form.
    pub page: Page,
    /// When.
    pub now: DateTime<Utc>,
}

/// A write that needs no `If-Match`.
pub struct Create<B, Q = NoQuery> {
    /// Who writes.
    pub actor: Actor,
    /// The first id in the path; nil where there is none.
    pub id: Uuid,
    /// The second id in the path; nil where there is none.
    pub sub_id: Uuid,
    /// The frame of the write.
    pub call: Call,
    /// Checked query parameters.
    pub query: Q,
    /// Checked body.
    pub body: B,
}

/// A change or a transition: `If-Match` is required.
pub struct Change<B, Q = NoQuery> {
    /// Who writes.
    pub actor: Actor,
    /// The first id in the path.
    pub id: Uuid,
    /// The second id in the path; nil where there is none.
    pub sub_id: Uuid,
    /// The frame of the write.
    pub call: Call,
    /// Checked query parameters.
    pub query: Q,
    /// Checked body.
    pub body: B,
}

/// This room's state.
pub(super) fn auth(request: &HttpRequest) -> Result<Arc<Auth>> {
    request
        .app_data::<web::Data<Auth>>()
        .map(|data| data.clone().into_inner())
        .ok_or_else(|| Error::internal("no auth in the app"))
}

/// RFC 6750 2.1: `Authorization: Bearer <b64token>`, once.
fn bearer(request: &HttpRequest) -> Result<&str> {
    let malformed = || {
        let (zh, en) = ("Authorization 应为 Bearer 令牌", "Authorization must be one Bearer token");
        Error::say(Code::Unauthorized, zh, en)
    };
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let value = values.next().ok_or_else(|| Error::new(Code::Unauthorized))?;
    if values.next().is_some() {
        return Err(malformed());
    }
    let text = value.to_str().map_err(|_| malformed())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(malformed)?;
    let token = token.trim_matches(' ');
    let clean = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
    let well_formed =
        scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.bytes().all(clean);
    if well_formed { Ok(token) } else { Err(malformed()) }
}

/// 401, then the path.
pub(super) async fn who(request: &HttpRequest, auth: &Auth) -> Result<(Actor, Ids, DateTime<Utc>)> {
    let token = bearer(request)?;
    let now = auth.journal.clock.now();
    let claims = auth.tokens.verify(token, now)?;
    let actor = auth.sessions.actor(&claims, now).await?;
    let ids = ids(request)?;
    let city = request.match_info().get("city_code");
    if city.is_some_and(|city| tokens::parse_city(city) != Some(actor.city)) {
        return Err(Error::not_found());
    }
    Ok((actor, ids, now))
}

/// The ids in the path, in order.
#[derive(Clone, Copy, Default)]
pub(super) struct Ids {
    pub(super) first: Uuid,
    pub(super) second: Uuid,
}

/// Path segments called `id` or `…_id`; one that is no id names nothing.
pub(super) fn ids(request: &HttpRequest) -> Result<Ids> {
    let segments =
        request.match_info().iter().filter(|(name, _)| *name == "id" || name.ends_with("_id")).map(
            |(_, text)| {
                let id = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
                id.ok_or_else(Error::not_found)
            },
        );
    let found: Vec<Uuid> = segments.collect::<Result<_>>()?;
    let at = |n: usize| found.get(n).copied().unwrap_or_default();
    Ok(Ids { first: at(0), second: at(1) })
}

/// The idempotency key with the hash of what it came with.
pub(super) fn idempotency(request: &HttpRequest, bytes: &[u8]) -> Result<Option<IdempotencyKey>> {
    let key = headers::idempotency_key(request)?;
    Ok(key.map(|key| IdempotencyKey { key, request_hash: headers::request_hash(request, bytes) }))
}

/// What a write reads of a request.
pub(super) struct Written<B, Q> {
    pub(super) idempotency: Option<IdempotencyKey>,
    pub(super) if_match: IfMatch,
    pub(super) query: Q,
    pub(super) body: B,
}

/// 406, 413 and 415, 400, 428 where `precondition`, 422.
pub(super) async fn written<B, Q>(
    request: &HttpRequest,
    payload: &mut web::Payload,
    precondition: bool,
) -> Result<Written<B, Q>>
where
    B: ToSchema + DeserializeOwned,
    Q: IntoParams + DeserializeOwned + 'static,
{
    accept::json(request)?;
    let bytes = body::collect(request, payload).await?;
    let query = query::read::<Q>(request)?;
    let idempotency = idempotency(request, &bytes)?;
    let seen = headers::if_match(request)?;
    // A body that is no JSON is refused before a missing precondition, a wrong shape after it.
    let body = match body::read::<B>(request, &bytes) {
        Err(error) if error.code != Code::Invalid => return Err(error),
        shaped => shaped,
    };
    let if_match = match (precondition, seen) {
        (false, _) => IfMatch::None,
        (true, Some(None)) => IfMatch::Any,
        (true, Some(Some(version))) => IfMatch::Version(version),
        (true, None) => return Err(Error::new(Code::PreconditionRequired)),
    };
    Ok(Written { idempotency, if_match, query, body: body? })
}

impl<Q: IntoParams + DeserializeOwned + 'static> FromRequest for Read<Q> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let auth = auth(&request)?;
            let (actor, ids, now) = who(&request, &auth).await?;
            actor.needs("read")?;
            accept::json(&request)?;
            let query = query::read::<Q>(&request)?;
            Ok(Self { actor, id: ids.first, sub_id: ids.second, query, now })
        })
    }
}

impl<F: IntoParams + DeserializeOwned + 'static> FromRequest for List<F> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let auth = auth(&request)?;
            let (actor, ids, now) = who(&request, &auth).await?;
            actor.needs("read")?;
            let form = accept::list(&request)?;
            let (filters, page) = query::read_list::<F>(&request, form)?;
            Ok(Self { actor, id: ids.first, filters, page, now })
        })
    }
}

macro_rules! write_extractor {
    ($name:ident, $precondition:literal) => {
        impl<B, Q> FromRequest for $name<B, Q>
        where
            B: ToSchema + DeserializeOwned + 'static,
            Q: IntoParams + DeserializeOwned + 'static,
        {
            type Error = Problem;
            type Future = Extracting<Self>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let request = request.clone();
                let payload = web::Payload::from_request(&request, payload);
                Box::pin(async move {
                    let auth = auth(&request)?;
                    let (actor, ids, now) = who(&request, &auth).await?;
                    actor.needs("write")?;
                    let mut payload = payload.await.map_err(Error::internal)?;
                    let written = written::<B, Q>(&request, &mut payload, $precondition).await?;
                    let call = actor.call(
                        headers::request_id(&request),
                        written.idempotency,
                        written.if_match,
                        now,
                        auth.journal.ids.clone(),
                    );
                    Ok(Self {
                        actor,
                        id: ids.first,
                        sub_id: ids.second,
                        call,
                        query: written.query,
                        body: written.body,
                    })
                })
            }
        }
    };
}

write_extractor!(Create, false);
write_extractor!(Change, true);

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_bearer_token_is_read_as_rfc_6750_says() {
        let read = |value: &str| {
            let request = TestRequest::default().insert_header(("Authorization", value));
            bearer(&request.to_http_request()).map(str::to_owned)
        };
        assert_eq!(read("Bearer abc.def-_~+/=").unwrap(), "abc.def-_~+/=");
        assert_eq!(read("bearer abc").unwrap(), "abc");
        for wrong in ["Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer ä"] {
            let error = read(wrong).unwrap_err();
            assert!(error.code == Code::Unauthorized && error.detail.is_some(), "{wrong}");
        }
        let missing = bearer(&TestRequest::default().to_http_request()).unwrap_err();
        assert!(missing.detail.is_none(), "a missing token is no invalid token");
    }

    #[test]
    fn a_path_segment_that_is_no_id_names_nothing() {
        let id = "0192f0c1-2345-7abc-8def-0123456789ab";
        let read = |segment: &'static str| {
            let request = TestRequest::default().param("issue_id", segment).to_http_request();
            ids(&request).map(|ids| (ids.first, ids.second))
        };
        assert_eq!(read(id).unwrap(), (id.parse().unwrap(), Uuid::nil()));
        for wrong in
            ["1", "0192f0c123457abc8def0123456789ab", "{0192f0c1-2345-7abc-8def-0123456789ab}"]
        {
            assert_eq!(read(wrong).unwrap_err().code, Code::NotFound);
        }
        let other = TestRequest::default().param("list", "reasons").to_http_request();
        assert_eq!(ids(&other).unwrap().first, Uuid::nil());
    }
}
