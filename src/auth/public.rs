//! Extractors of operations without an account, under `/public/v1/{city_code}`.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Extracting, Ids, NoQuery, auth, ids, written};
use super::{Auth, store, tokens};
use crate::error::{Code, Error, Result};
use crate::journal::{Call, CallerKind, IfMatch};
use crate::page::Page;
use crate::web::{Problem, accept, headers, query};

/// A read by anybody.
#[derive(Debug)]
pub struct PublicRead<Q = NoQuery> {
    /// The tenant in the path.
    pub city: i32,
    /// The first id in the path; nil where there is none.
    pub id: Uuid,
    /// Checked query parameters.
    pub query: Q,
    /// When.
    pub now: DateTime<Utc>,
}

/// A read of a page of a list by anybody.
#[derive(Debug)]
pub struct PublicList<F = NoQuery> {
    /// The tenant in the path.
    pub city: i32,
    /// Checked filters.
    pub filters: F,
    /// Which page.
    pub page: Page,
    /// When.
    pub now: DateTime<Utc>,
}

/// A write by anybody; needs no `If-Match`.
pub struct PublicWrite<B, Q = NoQuery> {
    /// The tenant in the path.
    pub city: i32,
    /// The first id in the path; nil where there is none.
    pub id: Uuid,
    /// The frame of the write.
    pub call: Call,
    /// Checked query parameters.
    pub query: Q,
    /// Checked body.
    pub body: B,
}

/// The city in the path, 404 unless it is one of ours. Cities are never taken away, so one that was
/// found stays found.
async fn city(request: &HttpRequest, auth: &Auth) -> Result<(i32, Ids)> {
    let word = request.match_info().get("city_code").unwrap_or_default();
    let city = tokens::parse_city(word).ok_or_else(Error::not_found)?;
    if !auth.cities.contains_key(&city) {
        let conn = auth.journal.db.read().await?;
        if !store::city_exists(&conn, city).await? {
            return Err(Error::not_found());
        }
        auth.cities.insert(city, ());
    }
    Ok((city, ids(request)?))
}

/// 429 once an address has used its share; what is left is told with every answer.
fn slow_down(request: &HttpRequest, auth: &Auth) -> Result<()> {
    let Some(limiter) = &auth.public_limiter else { return Ok(()) };
    let standing = limiter.check(request);
    let (policy, limit, wait) = (standing.policy, standing.limit, standing.wait);
    request.extensions_mut().insert(headers::RateLimit { policy, limit });
    if wait == 0 {
        return Ok(());
    }
    Err(Error { retry_after: Some(wait), ..Error::new(Code::TooMany) })
}

impl<Q: IntoParams + DeserializeOwned + 'static> FromRequest for PublicRead<Q> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let auth = auth(&request)?;
            let (city, ids) = city(&request, &auth).await?;
            accept::json(&request)?;
            let query = query::read::<Q>(&request)?;
            Ok(Self { city, id: ids.first, query, now: auth.journal.clock.now() })
        })
    }
}

impl<F: IntoParams + DeserializeOwned + 'static> FromRequest for PublicList<F> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let auth = auth(&request)?;
            slow_down(&request, &auth)?;
            let (city, _) = city(&request, &auth).await?;
            let form = accept::list(&request)?;
            let (filters, page) = query::read_list::<F>(&request, form)?;
            Ok(Self { city, filters, page, now: auth.journal.clock.now() })
        })
    }
}

impl<B, Q> FromRequest for PublicWrite<B, Q>
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
            slow_down(&request, &auth)?;
            let (city, ids) = city(&request, &auth).await?;
            let mut payload = payload.await.map_err(Error::internal)?;
            let written = written::<B, Q>(&request, &mut payload, false).await?;
            let call = Call {
                city,
                actor_id: None,
                actor_kind: CallerKind::Public,
                on_behalf_of: None,
                request_id: headers::request_id(&request),
                idempotency: written.idempotency,
                if_match: IfMatch::None,
                now: auth.journal.clock.now(),
                ids: auth.journal.ids.clone(),
            };
            Ok(Self { city, id: ids.first, call, query: written.query, body: written.body })
        })
    }
}
