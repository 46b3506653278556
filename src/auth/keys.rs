//! The key that signs access tokens and the secret behind tracking codes. Both are made on the first
//! run, for the owner's eyes only, and never printed.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use aws_lc_rs::{digest, hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::error::{Error, Result};

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// Bytes nobody can guess.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Error::internal("the random source failed"))?;
    Ok(bytes)
}

/// 256 random bits in 43 base64url characters.
pub fn random_word() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// The Ed25519 key that signs access tokens.
pub struct SigningKey {
    pub(super) pkcs8: Vec<u8>,
    pub(super) public: Vec<u8>,
    /// Which key a token names: 16 base64url characters of the public key's SHA-256.
    pub kid: String,
}

impl SigningKey {
    /// From PKCS#8, DER or PEM.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self> {
        let pkcs8 = match std::str::from_utf8(bytes) {
            Ok(text) if text.trim_start().starts_with("-----BEGIN") => {
                let body: String = text.lines().filter(|line| !line.starts_with("---")).collect();
                STANDARD
                    .decode(body.trim())
                    .map_err(|_| Error::internal("the signing key is not PEM"))?
            }
            _ => bytes.to_vec(),
        };
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8)
            .map_err(|_| Error::internal("the signing key is not an Ed25519 key in PKCS#8"))?;
        let public = pair.public_key().as_ref().to_vec();
        let mut kid = URL_SAFE_NO_PAD.encode(sha256(&public));
        kid.truncate(16);
        Ok(Self { pkcs8, public, kid })
    }

    /// A fresh one.
    pub fn generate() -> Result<Self> {
        let pair = Ed25519KeyPair::generate().map_err(|_| Error::internal("no key was made"))?;
        let document = pair.to_pkcs8().map_err(|_| Error::internal("no key was made"))?;
        Self::from_pkcs8(document.as_ref())
    }

    /// What verifies our tokens elsewhere (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Value {
        json!({"keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.kid,
            "x": URL_SAFE_NO_PAD.encode(&self.public),
        }]})
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// What makes a tracking code impossible to guess and possible to derive again.
pub struct ServerSecret(hmac::Key);

impl ServerSecret {
    /// From its bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// HMAC-SHA-256 over the parts, each preceded by its length, so that no two lists of parts
    /// give the same bytes.
    pub fn hmac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }
}

impl fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSecret")
    }
}

/// Both.
#[derive(Debug)]
pub struct Keys {
    /// Signs access tokens.
    pub signing: SigningKey,
    /// Stands behind tracking codes.
    pub secret: ServerSecret,
}

impl Keys {
    /// Reads `<var>/keys`, making what is not there; `signing_key` names a key kept elsewhere.
    pub fn open(var: &Path, signing_key: Option<&Path>) -> Result<Self> {
        let dir = var.join("keys");
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dir)
            .map_err(|e| failed(&dir, &e))?;
        let signing = match signing_key {
            Some(path) => read(path)?,
            None => read_or_make(&dir.join("signing-key.pk8"), || {
                SigningKey::generate().map(|key| key.pkcs8)
            })?,
        };
        let secret =
            read_or_make(&dir.join("server-secret"), || random::<32>().map(|b| b.to_vec()))?;
        let secret: [u8; 32] = secret
            .try_into()
            .map_err(|_| Error::internal("keys/server-secret does not hold 32 bytes"))?;
        Ok(Self { signing: SigningKey::from_pkcs8(&signing)?, secret: ServerSecret::new(&secret) })
    }
}

fn failed(path: &Path, what: &dyn fmt::Display) -> Error {
    Error::internal(format_args!("{}: {what}", path.display()))
}

/// The file's bytes; refused where others than its owner may read it.
fn read(path: &Path) -> Result<Vec<u8>> {
    let mut file = File::open(path).map_err(|e| failed(path, &e))?;
    let mode = file.metadata().map_err(|e| failed(path, &e))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(failed(
            path,
            &format_args!("mode {:o} lets others in; chmod 600 it", mode & 0o777),
        ));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|e| failed(path, &e))?;
    Ok(bytes)
}

/// Two servers that start at once agree: each writes a file of its own, and only the first link to
/// the name holds.
fn read_or_make(path: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    if !path.try_exists().map_err(|e| failed(path, &e))? {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}", URL_SAFE_NO_PAD.encode(random::<9>()?)));
        let own = PathBuf::from(name);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&own)
            .map_err(|e| failed(&own, &e))?;
        let bytes = make()?;
        let linked = file
            .write_all(&bytes)
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::hard_link(&own, path));
        fs::remove_file(&own).map_err(|e| failed(&own, &e))?;
        match linked {
            Err(e) if e.kind() != ErrorKind::AlreadyExists => return Err(failed(path, &e)),
            _ => {}
        }
    }
    read(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("lianxin-{name}-{}", random_word().unwrap()));
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn the_first_run_makes_keys_and_the_second_finds_them() {
        let var = dir("keys");
        let (first, second) = (Keys::open(&var, None).unwrap(), Keys::open(&var, None).unwrap());
        assert_eq!(first.signing.kid, second.signing.kid);
        assert_eq!(first.signing.kid.len(), 16);
        assert_eq!(first.secret.hmac(&[b"a", b"b"]), second.secret.hmac(&[b"a", b"b"]));
        assert_ne!(first.secret.hmac(&[b"a", b"b"]), first.secret.hmac(&[b"ab"]));
        let names = fs::read_dir(var.join("keys")).unwrap().count();
        assert_eq!(names, 2, "nothing else is left behind");
        let mode = fs::metadata(var.join("keys/signing-key.pk8")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(var).unwrap();
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let var = dir("loose");
        Keys::open(&var, None).unwrap();
        let path = var.join("keys/signing-key.pk8");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Keys::open(&var, None).unwrap_err().to_string().contains("chmod 600"));
        assert!(Keys::open(&var, Some(&path)).is_err());
        fs::remove_dir_all(var).unwrap();
    }

    #[test]
    fn pem_is_read_too_and_nothing_secret_is_printed() {
        let key = SigningKey::generate().unwrap();
        let body = STANDARD.encode(&key.pkcs8);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let again = SigningKey::from_pkcs8(pem.as_bytes()).unwrap();
        assert_eq!(again.kid, key.kid);
        assert_eq!(format!("{again:?}"), format!("SigningKey {{ kid: {:?}, .. }}", key.kid));
    }
}
