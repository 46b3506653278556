//! Access tokens (RFC 9068: signed, ten minutes) and refresh tokens (random words, kept as hashes).

use std::sync::Arc;
use std::time::Duration;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::{SigningKey, random_word, sha256};
use crate::error::{Code, Error, Result};

/// How long an access token holds, in seconds.
pub const ACCESS_SECONDS: i64 = 600;
/// How long a refresh token holds, in days.
pub const REFRESH_DAYS: i64 = 30;
/// The client id in the tokens of people who sign in with their own account.
pub const OWN_CLIENT: &str = "lianxin";

/// What an access token says. Roles are for information: what counts is read from the grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// Account or client.
    pub sub: Uuid,
    /// `lianxin` for people, or the machine itself.
    pub client_id: String,
    /// Seconds since 1970 at which it ends.
    pub exp: i64,
    /// Seconds since 1970 at which it was issued.
    pub iat: i64,
    /// Of this token alone.
    pub jti: Uuid,
    /// The tenant, six digits.
    pub city: String,
    /// The session.
    pub sid: Uuid,
    /// Role words at the time of issue.
    pub roles: Vec<String>,
    /// A machine's scopes, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl Claims {
    /// The tenant.
    pub fn city(&self) -> Option<i32> {
        parse_city(&self.city)
    }

    /// Whether a machine stands behind it.
    pub fn is_client(&self) -> bool {
        self.client_id == client_id_of(&self.city, self.sub)
    }
}

/// `230400.<uuid>`.
pub fn client_id_of(city: impl fmt::Display, id: Uuid) -> String {
    format!("{city}.{id}")
}

/// A six-digit city code.
pub fn parse_city(word: &str) -> Option<i32> {
    let digits = word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten().filter(|code| *code >= 100_000)
}

/// For whom a token is issued.
pub struct Subject<'a> {
    /// The tenant.
    pub city: i32,
    /// Account or client.
    pub id: Uuid,
    /// Whether a machine.
    pub client: bool,
    /// The session.
    pub session: Uuid,
    /// Role words.
    pub roles: Vec<String>,
    /// A machine's scopes.
    pub scopes: Option<&'a [String]>,
}

/// Issues and verifies access tokens.
pub struct Tokens {
    issuer: String,
    audience: String,
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// Claims of tokens that held, by the token's SHA-256, for as long as a token lives.
    verified: Cache<[u8; 32], Arc<Claims>>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A token that does not hold, in two languages.
fn refused(zh: &str, en: &str) -> Error {
    Error::say(Code::Unauthorized, zh, en)
}

impl Tokens {
    /// With our key; `issuer` and `audience` as configured.
    pub fn new(key: &SigningKey, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Checked in `verify` against the call's own time.
        validation.validate_exp = false;
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            kid: key.kid.clone(),
            encoding: EncodingKey::from_ed_der(&key.pkcs8),
            decoding: DecodingKey::from_ed_der(&key.public),
            validation,
            verified: Cache::builder()
                .max_capacity(100_000)
                .time_to_live(Duration::from_secs(ACCESS_SECONDS.unsigned_abs()))
                .build(),
        }
    }

    /// A signed access token.
    pub fn issue(&self, subject: &Subject<'_>, jti: Uuid, now: DateTime<Utc>) -> Result<String> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: subject.id,
            client_id: if subject.client {
                client_id_of(subject.city, subject.id)
            } else {
                OWN_CLIENT.to_owned()
            },
            exp: now.timestamp() + ACCESS_SECONDS,
            iat: now.timestamp(),
            jti,
            city: subject.city.to_string(),
            sid: subject.session,
            roles: subject.roles.clone(),
            scope: subject.scopes.map(|scopes| scopes.join(" ")),
        };
        self.sign(&claims)
    }

    fn sign(&self, claims: &Claims) -> Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).map_err(Error::internal)
    }

    /// What the token says, when it is ours and holds at `now`. A signature is verified once; whether
    /// the token has expired is looked at each time.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>> {
        let key = sha256(token.as_bytes());
        let claims = match self.verified.get(&key) {
            Some(known) => known,
            None => {
                let claims = Arc::new(self.check(token)?);
                self.verified.insert(key, claims.clone());
                claims
            }
        };
        if now.timestamp() >= claims.exp {
            return Err(refused("访问令牌已过期", "the access token has expired"));
        }
        Ok(claims)
    }

    /// What the token says, when its header, signature, issuer and audience are ours.
    fn check(&self, token: &str) -> Result<Claims> {
        let malformed = || refused("访问令牌格式不正确", "the access token is malformed");
        let foreign = || {
            refused("访问令牌不是本系统签发的", "the access token was not issued by this system")
        };
        if token.len() > 8192 {
            return Err(malformed());
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| malformed())?;
        let ours = header.alg == Algorithm::EdDSA
            && header.kid.as_deref() == Some(self.kid.as_str())
            && header.crit.is_none()
            && matches!(header.typ.as_deref(), Some("at+jwt" | "application/at+jwt"));
        if !ours {
            return Err(foreign());
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| foreign())?
            .claims;
        Ok(claims)
    }
}

/// A refresh token: shown once, kept as a hash.
pub struct RefreshToken {
    /// The tenant it carries in itself.
    pub city: i32,
    /// What the client keeps.
    pub word: String,
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken").field("city", &self.city).finish_non_exhaustive()
    }
}

impl RefreshToken {
    /// A fresh one.
    pub fn generate(city: i32) -> Result<Self> {
        Ok(Self { city, word: format!("{city}.{}", random_word()?) })
    }

    /// One of the right form, or none.
    pub fn parse(word: &str) -> Option<Self> {
        let (city, random) = word.split_once('.')?;
        let city = parse_city(city)?;
        let well_formed = random.len() == 43 && URL_SAFE_NO_PAD.decode(random).is_ok();
        well_formed.then(|| Self { city, word: word.to_owned() })
    }

    /// What the database keeps.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.word.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn tokens() -> Tokens {
        Tokens::new(&SigningKey::generate().unwrap(), "https://lianxin", "lianxin-api")
    }

    fn subject() -> Subject<'static> {
        Subject {
            city: 230_400,
            id: Uuid::from_u128(1),
            client: false,
            session: Uuid::from_u128(2),
            roles: vec!["member".into()],
            scopes: None,
        }
    }

    fn words(error: Error) -> String {
        assert_eq!(error.code, Code::Unauthorized);
        error.detail.unwrap().en
    }

    #[test]
    fn a_token_holds_for_ten_minutes_of_the_calls_own_time() {
        let tokens = tokens();
        let token = tokens.issue(&subject(), Uuid::from_u128(3), at(0)).unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        let claims = tokens.verify(&token, at(599)).unwrap();
        assert_eq!((claims.city(), claims.exp - claims.iat), (Some(230_400), 600));
        assert!(!claims.is_client() && claims.scope.is_none());
        assert!(words(tokens.verify(&token, at(606)).unwrap_err()).contains("expired"));
    }

    #[test]
    fn a_machines_token_says_so() {
        let tokens = tokens();
        let scopes = ["events".to_owned(), "issues".to_owned()];
        let subject = Subject { client: true, scopes: Some(&scopes), ..subject() };
        let token = tokens.issue(&subject, Uuid::nil(), at(0)).unwrap();
        let claims = tokens.verify(&token, at(0)).unwrap();
        assert!(claims.is_client());
        assert_eq!(claims.scope.as_deref(), Some("events issues"));
    }

    #[test]
    fn anothers_key_audience_or_type_is_not_ours() {
        let key = SigningKey::generate().unwrap();
        let ours = Tokens::new(&key, "https://lianxin", "lianxin-api");
        let strangers = [
            tokens(),
            Tokens::new(&key, "https://lianxin", "another-api"),
            Tokens::new(&key, "https://elsewhere", "lianxin-api"),
        ];
        for stranger in strangers {
            let token = stranger.issue(&subject(), Uuid::nil(), at(0)).unwrap();
            assert!(words(ours.verify(&token, at(0)).unwrap_err()).contains("not issued"));
        }
        let token = ours.issue(&subject(), Uuid::nil(), at(0)).unwrap();
        let claims = ours.verify(&token, at(0)).unwrap();
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.kid.clone());
        let id_token = jsonwebtoken::encode(&header, &claims, &ours.encoding).unwrap();
        assert!(words(ours.verify(&id_token, at(0)).unwrap_err()).contains("not issued"));
    }

    #[test]
    fn the_algorithm_is_ours_to_choose() {
        let tokens = tokens();
        let token = tokens.issue(&subject(), Uuid::nil(), at(0)).unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        for alg in ["none", "None", "HS256"] {
            let header = format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"{}"}}"#, tokens.kid);
            let header = URL_SAFE_NO_PAD.encode(header);
            assert!(tokens.verify(&format!("{header}.{rest}"), at(0)).is_err(), "{alg}");
            let payload = rest.split_once('.').unwrap().0;
            assert!(tokens.verify(&format!("{header}.{payload}."), at(0)).is_err(), "{alg}");
        }
        assert!(words(tokens.verify("not.a.token", at(0)).unwrap_err()).contains("malformed"));
        let altered = format!("{}A", &token[..token.len() - 1]);
        let altered =
            if altered == token { format!("{}Q", &token[..token.len() - 1]) } else { altered };
        assert!(tokens.verify(&altered, at(0)).is_err());
    }

    #[test]
    fn a_refresh_token_carries_its_city_and_hides_itself() {
        let token = RefreshToken::generate(230_400).unwrap();
        assert_eq!(token.word.len(), 7 + 43);
        let again = RefreshToken::parse(&token.word).unwrap();
        assert_eq!((again.city, again.hash()), (230_400, token.hash()));
        assert!(!format!("{token:?}").contains(&token.word));
        for wrong in ["", "230400", "230400.short", "23040.x", &token.word[1..], &token.word[..49]]
        {
            assert!(RefreshToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
