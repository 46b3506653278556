//! Accounts, tokens, keys and grants, and the one place that decides who may do what to what.
//!
//! An account or a client signs in and gets an access token for ten minutes; people also get a
//! refresh token, which is spent by use. A request's token is verified against our key, then its
//! account, session and grants are looked up (or found in a cache that is at most two seconds
//! behind), and the handler gets an [`Actor`]. [`policy`] then says which rows the actor's lists
//! hold, which objects are there for it, and which roles it holds over each of them.
//!
//! - A grant is a role at a place, from a day until before another. What does not fit (a member "of
//!   the city") gives nothing.
//! - A refresh token that comes back after it was spent ends its session.
//! - Passwords, secrets and tokens are kept as hashes and never printed or journalled.

pub mod actions;
mod actor;
mod belonging;
mod cache;
mod extract;
mod following;
mod keys;
pub mod passwords;
pub mod policy;
mod public;
mod roles;
mod routes;
mod signin;
pub mod store;
mod tokens;
mod upload;

use std::fmt;
use std::path::PathBuf;

use moka::sync::Cache;
use tokio::task::JoinHandle;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

pub use actor::Actor;
pub use belonging::{has_account, move_accounts};
pub use cache::{Sessions, today};
pub use extract::{Change, Create, List, List as ReadList, NoBody, NoQuery, Read};
pub use following::{continue_following, end_following, let_convene};
pub use keys::{Keys, ServerSecret, SigningKey};
pub use passwords::{Cost, Password, Passwords};
pub use policy::Noun;
pub use public::{PublicList, PublicRead, PublicWrite};
pub use roles::{Grant, Place, Role};
pub use store::{convenes, holds_one_of};
pub use tokens::{Claims, RefreshToken, Subject, Tokens};
pub use upload::Upload;

use crate::error::Result;
use crate::journal::Journal;

/// How this room is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the server keeps its own files; keys go to `keys/` inside.
    pub var: PathBuf,
    /// `iss` of our tokens.
    pub issuer: String,
    /// `aud` of our tokens.
    pub audience: String,
    /// A signing key kept elsewhere.
    pub signing_key: Option<PathBuf>,
    /// How much work a password hash is.
    pub argon2: Cost,
    /// Sign-ins, and apart from them public writes, a minute from one address; none: without limit.
    pub token_rate_per_minute: Option<u32>,
    /// Whether a proxy of ours stands before us, so that the last `X-Forwarded-For` is the
    /// client's address.
    pub behind_proxy: bool,
}

/// What handlers and extractors of this room need, in the app's data.
pub struct Auth {
    /// Where writes go and reads come from.
    pub journal: Journal,
    /// Signing key and server secret.
    pub keys: Keys,
    /// Issues and verifies access tokens.
    pub tokens: Tokens,
    /// Who stands behind a token.
    pub sessions: Sessions,
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    limiter: Option<signin::Limiter>,
    public_limiter: Option<signin::Limiter>,
    cities: Cache<i32, ()>,
}

impl Auth {
    /// Reads or makes the keys.
    pub fn new(journal: Journal, settings: &Settings) -> Result<Self> {
        let keys = Keys::open(&settings.var, settings.signing_key.as_deref())?;
        let tokens = Tokens::new(&keys.signing, &settings.issuer, &settings.audience);
        let limiter = |class| {
            let rate = settings.token_rate_per_minute?;
            signin::Limiter::new(class, rate, settings.behind_proxy)
        };
        Ok(Self {
            sessions: Sessions::new(journal.clone()),
            passwords: Passwords::new(settings.argon2),
            limiter: limiter("token"),
            public_limiter: limiter("public"),
            cities: Cache::builder().max_capacity(10_000).build(),
            journal,
            keys,
            tokens,
        })
    }

    /// Starts polling for changes; what is cached is believed from then on.
    pub fn start(&self) -> JoinHandle<()> {
        let passwords = self.passwords.clone();
        tokio::spawn(async move {
            if let Err(error) = passwords.warm().await {
                log::warn!("password hashing: {error}");
            }
        });
        self.sessions.start()
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// Under `/v1`: `/v1/me`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    // Not a scope: other rooms add to `/v1/me/…`.
    cfg.service(routes::me);
}

/// Outside `/v1`: `/oauth` and `/.well-known`.
pub fn open_routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(scope("/oauth").service(routes::token));
    cfg.service(scope("/.well-known").service(routes::jwks));
}
