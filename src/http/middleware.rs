//! Around every request: its id, one line in the log, problems rendered in the caller's language,
//! the headers that every answer has, figures for the monitor.

use std::time::Instant;

use actix_cors::CorsError;
use actix_web::body::{BodySize, BoxBody, MessageBody, None as NoBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error as ActixError, HttpMessage, HttpResponse};

use super::fallback::Paths;
use crate::error::{Code, Error};
use crate::journal::Journal;
use crate::web::headers::{RateLimit, RequestId, sane_request_id};
use crate::web::{Problem, language, problem_body};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE: HeaderName = HeaderName::from_static("ratelimit");
const RATE_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Wraps every request.
pub async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let started = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    // The answer to HEAD is that to GET; the server leaves out the body.
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let language = language(request.headers());
    // Handlers and extractors turn their errors into responses; the request is not cloned here,
    // because the router needs it for itself.
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(mut error) = refusal(&response) {
        let others = other_methods(&response).filter(|_| error.code == Code::NotFound);
        if others.is_some() {
            error = Error::new(Code::MethodNotAllowed);
        }
        if let Some(cause) = &error.cause {
            let level =
                if error.code == Code::Internal { log::Level::Error } else { log::Level::Warn };
            log::log!(level, "{id} {}: {cause}", error.code.as_str());
        }
        let body = problem_body(&error, language, &id).to_string();
        response = render(response, &error, body);
        if let Some(methods) = others {
            response.headers_mut().insert(header::ALLOW, methods);
        }
    }
    // Of a whole list, the server would read it all to leave it out.
    if method == Method::HEAD && response.response().body().size() == BodySize::Stream {
        response = response.map_body(|_, _| BoxBody::new(NoBody::new()));
    }
    finish(&mut response, &id);
    report(&response, &method, &id, started);
    Ok(response)
}

fn request_id(request: &ServiceRequest) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    match given.filter(|text| sane_request_id(text)) {
        Some(text) => text.to_owned(),
        None => match request.app_data::<Data<Journal>>() {
            Some(journal) => journal.ids.next(journal.clock.now()).to_string(),
            None => "-".to_owned(),
        },
    }
}

/// The methods of this very path, where it has not the one that was asked for.
fn other_methods(response: &ServiceResponse) -> Option<HeaderValue> {
    let request = response.request();
    let paths = request.app_data::<Data<Paths>>()?;
    HeaderValue::from_str(paths.others(request.path(), request.method())?).ok()
}

/// Our refusal, or what the framework refused, in our words.
fn refusal(response: &ServiceResponse) -> Option<Error> {
    let error = response.response().error();
    if let Some(problem) = error.and_then(|error| error.as_error::<Problem>()) {
        let Problem(seen) = problem;
        return Some(Error {
            code: seen.code,
            detail: seen.detail.clone(),
            faults: seen.faults.clone(),
            state: seen.state.clone(),
            retry_after: seen.retry_after,
            cause: seen.cause.clone(),
        });
    }
    let known = response.headers().get(header::CONTENT_TYPE).is_some();
    let status = response.status();
    if known || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let mut ours = match status.as_u16() {
        // Of these there are several: what the framework found is in its own words.
        400 if error.is_some_and(|error| error.as_error::<CorsError>().is_some()) => {
            let (zh, en) = ("Origin:不允许该来源", "Origin: this origin is not allowed");
            Error::say(Code::Forbidden, zh, en)
        }
        400 => Error::new(Code::BadHeader),
        other => {
            let code = Code::ALL.iter().find(|code| code.status() == other);
            Error::new(code.copied().unwrap_or(Code::Internal))
        }
    };
    ours.cause = error.map(ToString::to_string);
    Some(ours)
}

fn render(response: ServiceResponse, error: &Error, body: String) -> ServiceResponse {
    let kept = response.headers().clone();
    let (request, _) = response.into_parts();
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    answer.content_type("application/problem+json");
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = error.retry_after {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    if error.code == Code::Unauthorized {
        let challenge = match error.detail {
            None => "Bearer realm=\"lianxin\"",
            Some(_) => "Bearer realm=\"lianxin\", error=\"invalid_token\"",
        };
        answer.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    let mut answer = answer.body(body);
    for (name, value) in kept {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            answer.headers_mut().insert(name, value);
        }
    }
    ServiceResponse::new(request, answer)
}

fn finish(response: &mut ServiceResponse, id: &str) {
    let rate = response.request().extensions().get::<RateLimit>().cloned();
    for (name, text) in rate.into_iter().flat_map(|r| [(RATE_POLICY, r.policy), (RATE, r.limit)]) {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .append(header::VARY, HeaderValue::from_static("Authorization, Accept, Accept-Language"));
}

/// One line: id, operation, status, time. The operation is the route's pattern, so that no id, name
/// or code of a person gets into the log.
fn report(response: &ServiceResponse, method: &Method, id: &str, started: Instant) {
    let pattern = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    let status = response.status().as_u16();
    let spent = started.elapsed();
    log::info!("{id} {method} {pattern} {status} {:.1} ms", spent.as_secs_f64() * 1000.0);
    // Not the caller's own words: each would be a series of its own, kept for ever.
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::OPTIONS];
    let method = if known.contains(method) { method.as_str() } else { "OTHER" };
    let operation = format!("{method} {pattern}");
    metrics::counter!("lianxin_requests_total", "operation" => operation.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("lianxin_request_seconds", "operation" => operation)
        .record(spent.as_secs_f64());
}
