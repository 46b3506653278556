//! A finished answer: status, entity tag and the very bytes, so that it can be kept and replayed.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use aws_lc_rs::digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::page::Listing;

/// What a handler answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status, 2xx.
    pub status: u16,
    /// `"<version>.<hash of the bytes>"`.
    pub etag: Option<String>,
    /// `Location` of what was made.
    pub location: Option<String>,
    /// JSON.
    pub body: Vec<u8>,
    /// The opaque cursor for `Link: rel="next"`.
    pub next: Option<String>,
    /// Taken from the store of idempotent answers.
    pub replayed: bool,
    /// Carries a secret: never kept.
    pub secret: bool,
}

impl Answer {
    fn new(status: u16, view: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(view).map_err(Error::internal)?;
        Ok(Self {
            status,
            etag: None,
            location: None,
            body,
            next: None,
            replayed: false,
            secret: false,
        })
    }

    /// 200 with the object's version in its entity tag.
    pub fn ok(version: i64, view: &impl Serialize) -> Result<Self> {
        let mut answer = Self::new(200, view)?;
        answer.etag = Some(format!("\"{version}.{}\"", short_hash(&answer.body)));
        Ok(answer)
    }

    /// 201 with `Location`.
    pub fn created(version: i64, location: String, view: &impl Serialize) -> Result<Self> {
        let mut answer = Self::ok(version, view)?;
        answer.status = 201;
        answer.location = Some(location);
        Ok(answer)
    }

    /// The same answer with another body, made from the one it has: for what may be given but not
    /// kept.
    pub fn rewrite<K: DeserializeOwned, V: Serialize>(
        self,
        view: impl FnOnce(K) -> Result<V>,
    ) -> Result<Self> {
        let kept = serde_json::from_slice(&self.body).map_err(Error::internal)?;
        let body = serde_json::to_vec(&view(kept)?).map_err(Error::internal)?;
        Ok(Self { body, ..self })
    }

    /// 200 for what has no version; the tag is the hash of the bytes.
    pub fn plain(view: &impl Serialize) -> Result<Self> {
        Self::ok(0, view)
    }

    /// A page of a list, with `Link: rel="next"`. Handlers answer lists by `Db::list`, which gives
    /// them whole too.
    pub fn list<T: Serialize>(listing: &Listing<T>) -> Result<Self> {
        let mut answer = Self::plain(listing)?;
        answer.next.clone_from(&listing.next);
        Ok(answer)
    }
}

/// Sixteen hex digits of SHA-256.
fn short_hash(bytes: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The request's own URL with another cursor.
fn next_link(request: &HttpRequest, cursor: &str) -> String {
    let kept = request.query_string().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && name != "cursor"
    });
    let mut query: Vec<&str> = kept.collect();
    let cursor = format!("cursor={cursor}");
    query.push(&cursor);
    format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&"))
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        response.content_type("application/json");
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(etag) = &self.etag {
            let seen = request.headers().get(header::IF_NONE_MATCH);
            if request.method().is_safe() && matches_tag(seen, etag) {
                response.insert_header((header::ETAG, etag.as_str()));
                return response.status(StatusCode::NOT_MODIFIED).finish();
            }
            response.insert_header((header::ETAG, etag.as_str()));
        }
        if let Some(location) = &self.location {
            response.insert_header((header::LOCATION, location.as_str()));
        }
        if let Some(cursor) = &self.next {
            response.insert_header((header::LINK, next_link(request, cursor)));
        }
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        response.body(self.body)
    }
}

/// RFC 9110 13.1.2, weak comparison over a list.
fn matches_tag(seen: Option<&HeaderValue>, etag: &str) -> bool {
    seen.and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value.split(',').any(|tag| {
            let tag = tag.trim();
            tag == "*" || tag.trim_start_matches("W/") == etag
        })
    })
}
