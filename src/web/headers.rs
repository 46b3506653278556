//! Request headers that every operation reads in the same way.

use actix_web::HttpRequest;
use aws_lc_rs::digest;

use crate::error::{Code, Error, Result};

/// The caller's `X-Request-Id`, if the middleware found it sane, else the one it made.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// What a limit says of this request (IETF draft 10), kept in the request for the answer's headers.
#[derive(Debug, Clone)]
pub struct RateLimit {
    /// `RateLimit-Policy`.
    pub policy: String,
    /// `RateLimit`.
    pub limit: String,
}

/// The request's id.
pub fn request_id(request: &HttpRequest) -> String {
    use actix_web::HttpMessage;
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// A sane id: up to 64 of `A–Z a–z 0–9 - _ . :`.
pub fn sane_request_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

fn bad(name: &str, zh: &str, en: &str) -> Error {
    Error::say(Code::BadHeader, format!("{name}:{zh}"), format!("{name}: {en}"))
}

/// One header's text, refused when doubled or not ASCII.
fn single<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>> {
    let mut values = request.headers().get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(bad(name, "重复", "given more than once"));
    }
    value.to_str().map(Some).map_err(|_| bad(name, "不是 ASCII 文本", "not ASCII text"))
}

/// `Idempotency-Key`, bare or quoted, 1–255 visible ASCII characters.
pub fn idempotency_key(request: &HttpRequest) -> Result<Option<String>> {
    let Some(text) = single(request, "idempotency-key")? else { return Ok(None) };
    let key = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    if !(1..=255).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(bad(
            "Idempotency-Key",
            "应为 1–255 个可见 ASCII 字符",
            "must be 1 to 255 visible ASCII characters",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// What makes two requests the same: method, path and body. Not `If-Match`: who retries may have
/// read the object again meanwhile.
pub fn request_hash(request: &HttpRequest, body: &[u8]) -> Vec<u8> {
    let mut hash = digest::Context::new(&digest::SHA256);
    let path = request.uri().path_and_query().map_or("", |p| p.as_str());
    for part in [request.method().as_str().as_bytes(), path.as_bytes(), body] {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finish().as_ref().to_vec()
}

/// `If-Match`: `None` when absent, `Some(None)` for `*`, else the version before the dot. A list of
/// tags is refused: an object has one version.
pub fn if_match(request: &HttpRequest) -> Result<Option<Option<i64>>> {
    let Some(text) = single(request, "if-match")? else { return Ok(None) };
    if text == "*" {
        return Ok(Some(None));
    }
    text.strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .map(|t| t.split_once('.').unwrap_or((t, "")))
        .filter(|(_, hash)| hash.bytes().all(|b| b.is_ascii_hexdigit()))
        .and_then(|(version, _)| version.parse::<i64>().ok())
        .map(|version| Some(Some(version)))
        .ok_or_else(|| {
            bad(
                "If-Match",
                "应为 * 或读取时得到的 ETag",
                "must be * or the ETag you read, for example \"3.5f2b6c0a9d1e4f87\"",
            )
        })
}
