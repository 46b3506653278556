//! Refusals as RFC 9457 problem documents, in the caller's language.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use crate::error::{Code, Error, Words};

/// A language we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 中文, where nothing is asked.
    Chinese,
    /// English.
    English,
}

/// What handlers fail with. The middleware turns it into a document, because only there are the
/// request's id and language known.
#[derive(Debug)]
pub struct Problem(pub Error);

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The language asked for: the first of zh and en by quality (RFC 9110 12.5.4).
pub fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best = (0.0_f32, Language::Chinese);
    for part in asked.unwrap_or_default().split(',') {
        let mut pieces = part.trim().split(';');
        let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let quality = pieces
            .find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        let spoken = match tag.split('-').next() {
            Some("zh") => Language::Chinese,
            Some("en") => Language::English,
            _ => continue,
        };
        if quality > best.0 {
            best = (quality, spoken);
        }
    }
    best.1
}

fn pick(words: &Words, language: Language) -> &str {
    match language {
        Language::Chinese => &words.zh,
        Language::English => &words.en,
    }
}

/// A sentence of its own, or that of its only fault.
fn said(error: &Error) -> Option<&Words> {
    let only = || match &error.faults[..] {
        [fault] => Some(&fault.detail),
        _ => None,
    };
    error.detail.as_ref().or_else(only)
}

/// The document. A 500 says nothing beyond the request's id.
pub fn problem_body(error: &Error, language: Language, request_id: &str) -> Value {
    let (zh, en) = error.code.title();
    let title = if language == Language::Chinese { zh } else { en };
    let mut body = json!({
        "type": format!("/docs/problems/{}", error.code.as_str()),
        "title": title,
        "status": error.code.status(),
        "code": error.code.as_str(),
        "detail": said(error).map_or(title, |words| pick(words, language)),
        "instance": format!("urn:request:{request_id}"),
        "errors": error.faults.iter().map(|fault| json!({
            "pointer": fault.pointer,
            "code": fault.code,
            "detail": pick(&fault.detail, language),
        })).collect::<Vec<_>>(),
    });
    if error.code == Code::Internal {
        body["errors"] = json!([]);
        body["detail"] = json!(title);
    }
    if let Some((state, allowed)) = &error.state {
        body["state"] = json!(state);
        body["allowed_actions"] = json!(allowed);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn chinese_is_spoken_unless_english_is_asked_for() {
        let ask = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            language(&headers)
        };
        assert_eq!(language(&HeaderMap::new()), Language::Chinese);
        assert_eq!(ask("en"), Language::English);
        assert_eq!(ask("en-GB;q=0.5, zh-CN;q=0.9"), Language::Chinese);
        assert_eq!(ask("fr, en;q=0.1"), Language::English);
        assert_eq!(ask(";;q=x,,"), Language::Chinese);
    }
}
