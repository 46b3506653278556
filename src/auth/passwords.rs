//! Passwords: Argon2id, off the event loop, a few at a time, and the same work for a name that
//! nobody has.

use std::fmt;
use std::sync::{Arc, OnceLock};

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use tokio::sync::Semaphore;

use super::keys;
use crate::error::{Error, Result};

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cost {
    /// 19 MiB, two passes, one lane: what OWASP asks for.
    #[default]
    Full,
    /// Next to none; for tests, which sign in thousands of times.
    Test,
}

impl Cost {
    /// `full` or `test`, as configured.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "full" => Some(Self::Full),
            "test" => Some(Self::Test),
            _ => None,
        }
    }

    fn argon2(self) -> Result<Argon2<'static>> {
        let params = match self {
            Self::Full => Params::new(19 * 1024, 2, 1, None),
            Self::Test => Params::new(8, 1, 1, None),
        };
        let params = params.map_err(Error::internal)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// A password on its way to be hashed or verified; never printed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// As typed.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// Hashes and verifies. Each running hash takes 19 MiB, so only so many run at once.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    running: Arc<Semaphore>,
    dummy: Arc<OnceLock<String>>,
}

impl Passwords {
    /// With a cost, as many at once as there are processors.
    pub fn new(cost: Cost) -> Self {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Self { cost, running: Arc::new(Semaphore::new(at_once)), dummy: Arc::default() }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: Password) -> Result<String> {
        let cost = self.cost;
        self.aside(move || hash(cost, &password)).await
    }

    /// Whether `password` is the one of `stored`. Without one (nobody has that name) the same work
    /// is done against a hash that no password has, and the answer is no.
    pub async fn verify(&self, password: Password, stored: Option<String>) -> Result<bool> {
        let (cost, dummy) = (self.cost, self.dummy.clone());
        self.aside(move || {
            let known = stored.is_some();
            let stored = match stored {
                Some(stored) => stored,
                None => match dummy.get() {
                    Some(made) => made.clone(),
                    None => {
                        let made = hash(cost, &Password(keys::random_word()?))?;
                        dummy.get_or_init(|| made).clone()
                    }
                },
            };
            let stored = PasswordHash::new(&stored)
                .map_err(|_| Error::internal("a stored password hash is not a PHC string"))?;
            let same = cost.argon2()?.verify_password(password.0.as_bytes(), &stored).is_ok();
            Ok(same && known)
        })
        .await
    }

    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.running.clone().acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(Error::internal)?
    }

    /// Makes the hash that unknown names are compared with, so that the first such sign-in takes
    /// no longer than the next.
    pub async fn warm(&self) -> Result<()> {
        self.verify(Password(String::new()), None).await.map(drop)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// In the calling thread, for the demonstration and the command line.
pub fn hash(cost: Cost, password: &Password) -> Result<String> {
    let salt = keys::random::<16>()?;
    let hash: PasswordHash = cost
        .argon2()?
        .hash_password_with_salt(password.0.as_bytes(), &salt)
        .map_err(Error::internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_password_holds_and_no_other() {
        let passwords = Passwords::new(Cost::Test);
        let stored = passwords.hash(Password::new("鹤岗-1158")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$"));
        let verify = |typed: &str| passwords.verify(Password::new(typed), Some(stored.clone()));
        assert!(verify("鹤岗-1158").await.unwrap());
        assert!(!verify("鹤岗-1159").await.unwrap());
        assert!(!passwords.verify(Password::new("鹤岗-1158"), None).await.unwrap());
        assert_eq!(format!("{:?}", Password::new("secret")), "Password");
    }

    #[test]
    fn the_full_cost_is_what_owasp_asks_for() {
        let params = Cost::Full.argon2().unwrap();
        let params = params.params();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
    }
}
