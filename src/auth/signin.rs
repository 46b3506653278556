//! The token endpoint's rules (RFC 6749): its form, its errors, its three grants, its rate limit.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{self, Query};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use super::actions::{self, Refreshed};
use super::keys::sha256;
use super::tokens::{self, RefreshToken, Subject};
use super::{Auth, Password, store, today};
use crate::error::{Code, Error, Result};

/// The form is small; more is not read.
const MAX_FORM: usize = 16 * 1024;
/// Parameters we know; the standard's others have no meaning here.
const KNOWN: [&str; 7] =
    ["grant_type", "username", "password", "refresh_token", "client_id", "client_secret", "scope"];

/// Why there is no token.
#[derive(Debug)]
pub(super) enum Refusal {
    /// As RFC 6749 5.2 says it; `basic` when the client used HTTP Basic.
    Oauth {
        /// The standard's word.
        error: &'static str,
        /// For the developer.
        description: &'static str,
        /// Whether to challenge with `Basic`.
        basic: bool,
    },
    /// Our own failure.
    Problem(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

fn refuse(error: &'static str, description: &'static str) -> Refusal {
    Refusal::Oauth { error, description, basic: false }
}

/// What is granted.
pub(super) struct Granted {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) scope: Option<String>,
}

/// The form's parameters, each at most once.
pub(super) struct Form(Vec<(String, String)>);

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Form {
    /// Reads the body.
    pub(super) async fn collect(
        request: &HttpRequest,
        payload: &mut web::Payload,
    ) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(refuse("invalid_request", "send application/x-www-form-urlencoded"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| refuse("invalid_request", "the body was cut short"))?;
            if bytes.len() + chunk.len() > MAX_FORM {
                let (zh, en) = ("请求体最大 16 KiB", "a form may have at most 16 KiB");
                return Err(Error::say(Code::TooLarge, zh, en).into());
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| refuse("invalid_request", "the form is not UTF-8"))?;
        Self::parse(text)
    }

    fn parse(text: &str) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::from_query(text)
            .map_err(|_| refuse("invalid_request", "the form is malformed"))?
            .into_inner();
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !KNOWN.contains(&name.as_str()) {
                return Err(refuse("invalid_request", "a parameter is unknown"));
            }
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(refuse("invalid_request", "a parameter is given more than once"));
            }
        }
        Ok(Self(pairs))
    }

    /// RFC 6749 3.1: a parameter without a value is one that was left out.
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| refuse("invalid_request", "a required parameter is missing"))
    }
}

/// Signs in as the form says.
pub(super) async fn grant(
    auth: &Auth,
    request: &HttpRequest,
    form: &Form,
) -> Result<Granted, Refusal> {
    match form.need("grant_type")? {
        "password" => password(auth, form).await,
        "refresh_token" => refresh(auth, form).await,
        "client_credentials" => client(auth, request, form).await,
        _ => Err(refuse(
            "unsupported_grant_type",
            "one of password, client_credentials, refresh_token",
        )),
    }
}

fn no_scope(form: &Form) -> Result<(), Refusal> {
    match form.get("scope") {
        Some(_) => Err(refuse("invalid_scope", "a person's account has no scopes")),
        None => Ok(()),
    }
}

async fn password(auth: &Auth, form: &Form) -> Result<Granted, Refusal> {
    let (name, typed) = (form.need("username")?, form.need("password")?);
    no_scope(form)?;
    let named = name.split_once('@').and_then(|(username, city)| {
        Some((username, tokens::parse_city(city)?)).filter(|(name, _)| actions::is_username(name))
    });
    // A name that cannot be is looked up as well: the same work, the same answer.
    let (username, city) = named.unwrap_or(("nobody", 100_000));
    let account = {
        let conn = auth.journal.db.read().await?;
        store::find_account_by_name(&conn, city, username).await?
    };
    let account = account.filter(|_| named.is_some());
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let same = auth.passwords.verify(Password::new(typed), stored).await?;
    let account = account
        .filter(|account| same && account.disabled_at.is_none())
        .ok_or_else(|| refuse("invalid_grant", "the name or the password is wrong"))?;
    let id = account.id;
    let opened =
        auth.journal.system(city, "sign-in", async |tx| actions::open_session(tx, id).await);
    let (session, token) = opened.await?;
    issue_to_account(auth, city, id, session, token).await
}

async fn refresh(auth: &Auth, form: &Form) -> Result<Granted, Refusal> {
    let refused = || refuse("invalid_grant", "the refresh token does not hold");
    no_scope(form)?;
    let token = RefreshToken::parse(form.need("refresh_token")?).ok_or_else(refused)?;
    let rotated = auth
        .journal
        .system(token.city, "refresh", async |tx| actions::refresh(tx, &token).await)
        .await?;
    match rotated {
        Refreshed::Rotated { subject, session, token } => {
            issue_to_account(auth, token.city, subject, session, token).await
        }
        Refreshed::Refused => Err(refused()),
    }
}

async fn issue_to_account(
    auth: &Auth,
    city: i32,
    id: Uuid,
    session: Uuid,
    refresh: RefreshToken,
) -> Result<Granted, Refusal> {
    let subject = Subject {
        city,
        id,
        client: false,
        session,
        roles: roles(auth, city, id).await?,
        scopes: None,
    };
    let now = auth.journal.clock.now();
    let access_token = auth.tokens.issue(&subject, auth.journal.ids.next(now), now)?;
    Ok(Granted { access_token, refresh_token: Some(refresh.word), scope: None })
}

async fn roles(auth: &Auth, city: i32, subject: Uuid) -> Result<Vec<String>> {
    let day = today(auth.journal.clock.now());
    let conn = auth.journal.db.read().await?;
    let grants = store::list_grants(&conn, city, subject, day).await?;
    let mut roles: Vec<_> = grants.iter().map(|grant| grant.role).collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(roles.iter().map(|role| role.as_str().to_owned()).collect())
}

async fn client(auth: &Auth, request: &HttpRequest, form: &Form) -> Result<Granted, Refusal> {
    let basic = basic(request)?;
    let in_body = form.get("client_secret").is_some();
    if basic.is_some() && in_body {
        return Err(refuse("invalid_request", "the client signs in in one way, not in two"));
    }
    let wrong = || Refusal::Oauth {
        error: "invalid_client",
        description: "the client or its secret is wrong",
        basic: basic.is_some(),
    };
    let (name, secret) = match &basic {
        Some((name, secret)) => (name.as_str(), secret.as_str()),
        None => {
            (form.get("client_id").ok_or_else(wrong)?, form.get("client_secret").ok_or_else(wrong)?)
        }
    };
    let (city, id) = name.split_once('.').ok_or_else(wrong)?;
    let city = tokens::parse_city(city).ok_or_else(wrong)?;
    let id = Uuid::try_parse(id).map_err(|_| wrong())?;
    let row = {
        let conn = auth.journal.db.read().await?;
        store::find_client(&conn, city, id).await?
    };
    let given = sha256(secret.as_bytes());
    let row = row
        .filter(|row| verify_slices_are_equal(&row.secret_hash, &given).is_ok())
        .filter(|row| row.disabled_at.is_none())
        .ok_or_else(wrong)?;
    let scopes: Vec<String> = match form.get("scope") {
        Some(asked) => asked.split(' ').map(str::to_owned).collect(),
        None => row.scopes.clone(),
    };
    if !scopes.iter().all(|scope| row.scopes.contains(scope)) {
        return Err(refuse("invalid_scope", "the client may not ask for this"));
    }
    let now = auth.journal.clock.now();
    // A machine has no session row: disabling it is what ends its tokens.
    let session = auth.journal.ids.next(now);
    let roles = roles(auth, city, id).await?;
    let subject = Subject { city, id, client: true, session, roles, scopes: Some(&scopes) };
    let access_token = auth.tokens.issue(&subject, auth.journal.ids.next(now), now)?;
    Ok(Granted { access_token, refresh_token: None, scope: Some(scopes.join(" ")) })
}

/// RFC 6749 2.3.1: id and secret, each form-encoded, in HTTP Basic.
fn basic(request: &HttpRequest) -> Result<Option<(String, String)>, Refusal> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let wrong = || Refusal::Oauth {
        error: "invalid_client",
        description: "Authorization must be HTTP Basic",
        basic: true,
    };
    let (scheme, rest) = value.to_str().ok().and_then(|v| v.split_once(' ')).ok_or_else(wrong)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(wrong());
    }
    let text = STANDARD.decode(rest.trim()).ok().and_then(|b| String::from_utf8(b).ok());
    let text = text.ok_or_else(wrong)?;
    let (id, secret) = text.split_once(':').ok_or_else(wrong)?;
    let decode = |word: &str| {
        let pairs = Query::<Vec<(String, String)>>::from_query(&format!("v={word}")).ok()?;
        pairs.into_inner().pop().map(|(_, value)| value)
    };
    Ok(Some((decode(id).ok_or_else(wrong)?, decode(secret).ok_or_else(wrong)?)))
}

type Keyed =
    RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// So many requests of one class a minute from one address.
pub(super) struct Limiter {
    class: &'static str,
    limiter: Keyed,
    rate: NonZeroU32,
    behind_proxy: bool,
}

/// What the limiter says, for the `RateLimit` headers.
pub(super) struct Standing {
    /// Seconds to wait; zero when allowed.
    pub(super) wait: u32,
    /// `RateLimit-Policy`.
    pub(super) policy: String,
    /// `RateLimit`.
    pub(super) limit: String,
}

impl Limiter {
    pub(super) fn new(class: &'static str, rate: u32, behind_proxy: bool) -> Option<Self> {
        let rate = NonZeroU32::new(rate)?;
        let limiter = RateLimiter::keyed(Quota::per_minute(rate))
            .with_middleware::<StateInformationMiddleware>();
        Some(Self { class, limiter, rate, behind_proxy })
    }

    pub(super) fn check(&self, request: &HttpRequest) -> Standing {
        if self.limiter.len() > 100_000 {
            self.limiter.retain_recent();
        }
        let (wait, left) = match self.limiter.check_key(&self.address(request)) {
            Ok(snapshot) => (0, snapshot.remaining_burst_capacity()),
            Err(not_until) => (seconds(not_until.wait_time_from(DefaultClock::default().now())), 0),
        };
        // One more is there after a minute's share; all of them after what was used is.
        let refill = if wait > 0 { wait } else { 60_u32.div_ceil(self.rate.get()) };
        Standing {
            wait,
            policy: format!("\"{}\";q={};w=60", self.class, self.rate),
            limit: format!("\"{}\";r={left};t={refill}", self.class),
        }
    }

    fn address(&self, request: &HttpRequest) -> IpAddr {
        let forwarded = request.headers().get_all("x-forwarded-for").last();
        forwarded
            .filter(|_| self.behind_proxy)
            .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok())
            .or_else(|| request.peer_addr().map(|peer| peer.ip()))
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), network)
    }
}

/// The address itself, or the /64 of an IPv6 one: whoever has one of those has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

fn seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(60).max(1)
}

#[cfg(test)]
#[path = "signin_tests.rs"]
mod tests;
