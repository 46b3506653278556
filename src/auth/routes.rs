//! Signing in, our public keys, and who one is.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::signin::{self, Form, Refusal, Standing};
use super::tokens::ACCESS_SECONDS;
use super::{Actor, Auth, Read, roles};
use crate::error::{Code, Error};
use crate::web::{Answer, Problem};

/// How to sign in.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "grant_type": "password", "username": "liaison@230400", "password": "lianxin-1158"
}))]
#[serde(deny_unknown_fields)]
#[allow(dead_code)] // documented here, read pair by pair in `signin`
pub struct TokenRequest {
    /// `password`, `client_credentials` or `refresh_token`.
    #[schema(
        min_length = 1,
        max_length = 32,
        pattern = "^(password|client_credentials|refresh_token)$"
    )]
    grant_type: String,
    /// `name@230400`, with `password`.
    #[schema(
        min_length = 8,
        max_length = 71,
        pattern = "^[a-z0-9][a-z0-9._-]{0,63}@[1-9][0-9]{5}$"
    )]
    username: Option<String>,
    /// The account's password.
    #[schema(min_length = 1, max_length = 1024, format = "password", pattern = "^[^\\x00]*$")]
    password: Option<String>,
    /// The refresh token, with `refresh_token`. It is spent by this.
    #[schema(min_length = 50, max_length = 50, pattern = "^[1-9][0-9]{5}\\.[A-Za-z0-9_-]{43}$")]
    refresh_token: Option<String>,
    /// `230400.<uuid>`, with `client_credentials`, unless HTTP Basic carries it.
    #[schema(min_length = 43, max_length = 43, pattern = "^[1-9][0-9]{5}\\.[0-9a-f-]{36}$")]
    client_id: Option<String>,
    /// The client's secret, unless HTTP Basic carries it.
    #[schema(
        min_length = 43,
        max_length = 43,
        format = "password",
        pattern = "^[A-Za-z0-9_-]{43}$"
    )]
    client_secret: Option<String>,
    /// Of the client's scopes, those wanted, separated by spaces; all of them unless told.
    #[schema(min_length = 1, max_length = 1024, pattern = "^[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*$")]
    scope: Option<String>,
}

/// Tokens (RFC 6749 5.1).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTkyIn0.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "expires_in": 600,
    "refresh_token": "230400.bm90LWEtcmVhbC10b2tlbi1qdXN0LWFuLWV4YW1wbGU"
}))]
pub struct TokenResponse {
    /// A signed JWT (RFC 9068).
    #[schema(
        min_length = 1,
        max_length = 8192,
        pattern = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$"
    )]
    access_token: String,
    /// `Bearer`.
    #[schema(min_length = 6, max_length = 6, pattern = "^Bearer$")]
    token_type: &'static str,
    /// Seconds.
    #[schema(minimum = 1, maximum = 600)]
    expires_in: i64,
    /// For the next time; not for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        min_length = 50,
        max_length = 50,
        pattern = "^[1-9][0-9]{5}\\.[A-Za-z0-9_-]{43}$"
    )]
    refresh_token: Option<String>,
    /// A machine's scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 1024, pattern = "^[ -~]*$")]
    scope: Option<String>,
}

/// Why there is no token (RFC 6749 5.2).
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "error": "invalid_grant", "error_description": "the name or the password is wrong"
}))]
pub struct OauthError {
    /// The standard's word.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z_]+$")]
    error: &'static str,
    /// For the developer.
    #[schema(min_length = 1, max_length = 256, pattern = "^[ -~]+$")]
    error_description: &'static str,
}

/// Get a token
///
/// OAuth 2.0 (RFC 6749), form-encoded. People sign in with `password` and stay so with
/// `refresh_token`; each refresh token holds once, for thirty days, and one that comes back after it
/// was spent ends the session. Machines use `client_credentials`, with HTTP Basic or with id and
/// secret in the form. An access token holds for ten minutes.
#[utoipa::path(
    tag = "auth",
    operation_id = "issue_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Tokens", body = TokenResponse),
        (status = 400, description = "The request or the grant does not hold", body = OauthError),
        (status = 401, description = "The client does not hold", body = OauthError),
    ),
    security(()),
)]
#[post("/token")]
pub async fn token(
    request: HttpRequest,
    mut payload: web::Payload,
    auth: web::Data<Auth>,
) -> Result<HttpResponse, Problem> {
    let standing = auth.limiter.as_ref().map(|limiter| limiter.check(&request));
    if let Some(standing) = standing.as_ref().filter(|standing| standing.wait > 0) {
        return Ok(slow_down(standing));
    }
    let granted = match Form::collect(&request, &mut payload).await {
        Ok(form) => signin::grant(&auth, &request, &form).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = match &granted {
        Ok(_) => HttpResponse::Ok(),
        Err(Refusal::Oauth { error: "invalid_client", .. }) => HttpResponse::Unauthorized(),
        Err(_) => HttpResponse::BadRequest(),
    };
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::PRAGMA, "no-cache"));
    if let Some(standing) = &standing {
        rate_headers(&mut response, standing);
    }
    match granted {
        Ok(granted) => Ok(response.json(TokenResponse {
            access_token: granted.access_token,
            token_type: "Bearer",
            expires_in: ACCESS_SECONDS,
            refresh_token: granted.refresh_token,
            scope: granted.scope,
        })),
        Err(Refusal::Problem(error)) => Err(error.into()),
        Err(Refusal::Oauth { error, description, basic }) => {
            if basic {
                response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"lianxin\""));
            }
            Ok(response.json(OauthError { error, error_description: description }))
        }
    }
}

fn rate_headers(response: &mut HttpResponseBuilder, standing: &Standing) {
    response.insert_header(("RateLimit-Policy", standing.policy.as_str()));
    response.insert_header(("RateLimit", standing.limit.as_str()));
}

/// 429; the middleware adds the problem document.
fn slow_down(standing: &Standing) -> HttpResponse {
    let error = Error { retry_after: Some(standing.wait), ..Error::new(Code::TooMany) };
    let mut response = HttpResponse::from_error(Problem(error));
    let mut headers = HttpResponseBuilder::new(StatusCode::TOO_MANY_REQUESTS);
    rate_headers(&mut headers, standing);
    headers.insert_header((header::RETRY_AFTER, standing.wait));
    for (name, value) in headers.finish().headers() {
        if name != header::CONTENT_LENGTH {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    response
}

/// A public key (RFC 7517, RFC 8037).
#[derive(Serialize, ToSchema)]
#[allow(dead_code)] // the document is made in `keys`
pub struct Jwk {
    /// `OKP`.
    #[schema(min_length = 3, max_length = 3, pattern = "^OKP$")]
    kty: String,
    /// `Ed25519`.
    #[schema(min_length = 7, max_length = 7, pattern = "^Ed25519$")]
    crv: String,
    /// `sig`.
    #[serde(rename = "use")]
    #[schema(min_length = 3, max_length = 3, pattern = "^sig$")]
    purpose: String,
    /// `EdDSA`.
    #[schema(min_length = 5, max_length = 5, pattern = "^EdDSA$")]
    alg: String,
    /// Which key a token names.
    #[schema(min_length = 16, max_length = 16, pattern = "^[A-Za-z0-9_-]{16}$")]
    kid: String,
    /// The key.
    #[schema(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{43}$")]
    x: String,
}

/// Our public keys.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"keys": [{
    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "n4bQgYhMfWWaL-qg",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
}]}))]
#[allow(dead_code)] // the document is made in `keys`
pub struct Jwks {
    /// One each.
    #[schema(min_items = 1, max_items = 8)]
    keys: Vec<Jwk>,
}

/// Get the public keys
///
/// The keys that verify our access tokens, as a JSON Web Key Set. Choose by `kid`, and read them
/// again when a token names one that you do not know.
#[utoipa::path(
    tag = "auth",
    operation_id = "get_jwks",
    responses((status = 200, description = "The key set", body = Jwks)),
    security(()),
)]
#[get("/jwks.json")]
pub async fn jwks(auth: web::Data<Auth>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(auth.keys.signing.jwks())
}

/// Who you are.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-2345-7abc-8def-0123456789ab",
    "name": "liaison@230400",
    "kind": "account",
    "city_code": "230400",
    "member_id": null,
    "roles": [{"role": "liaison_centre", "place_kind": "city", "place_id": null, "place_code": null}],
    "scopes": []
}))]
pub struct Me {
    /// Of the account or the client.
    id: Uuid,
    /// `name@230400`, or the client id.
    #[schema(min_length = 1, max_length = 80, pattern = "^[a-z0-9@._-]+$")]
    name: String,
    /// `account` or `client`.
    #[schema(min_length = 6, max_length = 7, pattern = "^(account|client)$")]
    kind: &'static str,
    /// The city.
    #[schema(min_length = 6, max_length = 6, pattern = "^[1-9][0-9]{5}$")]
    city_code: String,
    /// The member this account is.
    #[schema(required)]
    member_id: Option<Uuid>,
    /// What you may be today, and where.
    #[schema(max_items = 1000)]
    roles: Vec<RoleAtPlace>,
    /// A machine's scopes.
    #[schema(max_items = 100)]
    scopes: Vec<String>,
}

/// A role held at a place.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "role": "county_staff", "place_kind": "county", "place_id": null, "place_code": "230403"
}))]
pub struct RoleAtPlace {
    /// The role's word.
    #[schema(min_length = 1, max_length = 32, pattern = "^[a-z_]+$")]
    role: &'static str,
    /// `city`, `county`, `committee`, `sector`, `member` or `department`.
    #[schema(
        min_length = 4,
        max_length = 10,
        pattern = "^(city|county|committee|sector|member|department)$"
    )]
    place_kind: &'static str,
    /// The organisation or the member.
    #[schema(required)]
    place_id: Option<Uuid>,
    /// The county.
    #[schema(required, min_length = 6, max_length = 6, pattern = "^[1-9][0-9]{5}$")]
    place_code: Option<String>,
}

impl From<&roles::Grant> for RoleAtPlace {
    fn from(grant: &roles::Grant) -> Self {
        Self {
            role: grant.role.as_str(),
            place_kind: grant.place.kind(),
            place_id: grant.place.id(),
            place_code: grant.place.code().map(|code| code.to_string()),
        }
    }
}

impl From<Actor> for Me {
    fn from(actor: Actor) -> Self {
        Self {
            id: actor.id,
            name: actor.name,
            kind: actor.kind.as_str(),
            city_code: actor.city.to_string(),
            member_id: actor.member_id,
            roles: actor.grants.iter().map(RoleAtPlace::from).collect(),
            scopes: actor.scopes,
        }
    }
}

/// Who am I
///
/// The account or the client behind the token, with the roles it holds today and where. What a token
/// says about roles is for information; this is what counts.
#[utoipa::path(
    tag = "auth",
    operation_id = "get_me",
    responses((status = 200, description = "Who you are", body = Me)),
)]
#[get("/v1/me")]
pub async fn me(read: Read) -> Result<Answer, Problem> {
    Ok(Answer::plain(&Me::from(read.actor))?)
}
