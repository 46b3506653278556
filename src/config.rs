//! Every setting, from the environment or the command line. A bad value is named and nothing
//! starts.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// What `serve` needs.
#[derive(Args, Clone)]
pub struct Config {
    /// PostgreSQL 15 or newer, as the serving role: postgres://user:password@host:port/database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_parser = database_url)]
    pub database_url: DatabaseUrl,

    /// Address to listen on; loopback unless told otherwise
    #[arg(long, env = "LIANXIN_LISTEN", default_value = "127.0.0.1:1158")]
    pub listen: SocketAddr,

    /// Folder for what the server keeps beside the database: its keys (mode 0600)
    #[arg(long, env = "LIANXIN_VAR", default_value = "var")]
    pub var: PathBuf,

    /// `iss` of tokens, an address of http:// or https://; that of listening unless told
    #[arg(long, env = "LIANXIN_ISSUER", value_parser = issuer)]
    pub issuer: Option<String>,

    /// `aud` of tokens
    #[arg(long, env = "LIANXIN_AUDIENCE", default_value = "lianxin")]
    pub audience: String,

    /// Ed25519 key in PKCS#8 DER; made under LIANXIN_VAR on first run unless given
    #[arg(long, env = "LIANXIN_SIGNING_KEY", value_parser = readable)]
    pub signing_key: Option<PathBuf>,

    /// Threads that serve requests; the number of cores unless told
    #[arg(long, env = "LIANXIN_WORKERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,

    /// Leave feed, points and timers to the other servers of this database
    #[arg(long, env = "LIANXIN_WITHOUT_WORKERS", default_value_t = false)]
    pub without_workers: bool,

    /// Connections for writes, shared out among the threads that serve, four each at least
    #[arg(long, env = "LIANXIN_WRITE_CONNECTIONS", default_value_t = 16, value_parser = clap::value_parser!(u16).range(2..=500))]
    pub write_connections: u16,

    /// Pipelined connections for reads, shared out among the threads that serve, one each at least
    #[arg(long, env = "LIANXIN_READ_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub read_connections: u16,

    /// Connections for statistics and exports
    #[arg(long, env = "LIANXIN_REPORT_CONNECTIONS", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub report_connections: u16,

    /// Origins that browsers may call from, separated by commas; none unless told
    #[arg(long, env = "LIANXIN_CORS_ORIGINS", default_value = "", value_parser = origins)]
    pub cors_origins: Origins,

    /// Sign-ins and public requests a minute from one address; 0 switches the limit off
    #[arg(long, env = "LIANXIN_RATE_LIMIT", default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub rate_limit: u32,

    /// Whether a proxy of ours stands in front, so that X-Forwarded-For may be believed
    #[arg(long, env = "LIANXIN_BEHIND_PROXY", default_value_t = false)]
    pub behind_proxy: bool,
}

/// Origins of browsers, each `scheme://host[:port]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<String>);

/// Reads origins separated by commas; nothing is none.
pub fn origins(text: &str) -> Result<Origins, String> {
    let given = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    let read = given.map(|one| {
        let host = one.strip_prefix("https://").or_else(|| one.strip_prefix("http://"));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
        let fits = host.is_some_and(|host| !host.is_empty() && host.bytes().all(plain));
        if fits {
            Ok(one.to_owned())
        } else {
            Err(format!("{one:?} is no origin; write https://app.example.cn, without a path"))
        }
    });
    read.collect::<Result<_, _>>().map(Origins)
}

/// Reads an address without a query, as RFC 8414 asks of an issuer.
pub fn issuer(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"?#\"<>".contains(&byte);
    match rest.filter(|rest| !rest.is_empty() && rest.bytes().all(plain)) {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err(format!("{text:?} is no address; write https://lianxin.example.cn")),
    }
}

/// Reads the path of a file that can be opened.
pub fn readable(text: &str) -> Result<PathBuf, String> {
    match std::fs::File::open(text) {
        Ok(_) => Ok(PathBuf::from(text)),
        Err(error) => Err(format!("{text} cannot be read: {error}")),
    }
}

/// A connection string; its password is never printed.
#[derive(Clone)]
pub struct DatabaseUrl(pub String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

/// Refuses what the driver cannot read, without repeating it: it may hold a password.
pub fn database_url(text: &str) -> Result<DatabaseUrl, String> {
    text.parse::<tokio_postgres::Config>()
        .map(|_| DatabaseUrl(text.to_owned()))
        .map_err(|error| format!("not a PostgreSQL connection string ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_named_one_by_one_and_a_wrong_one_is_refused() {
        let both = origins("https://app.example.cn, http://localhost:3000").unwrap();
        assert_eq!(both.0, ["https://app.example.cn", "http://localhost:3000"]);
        assert_eq!(origins("").unwrap(), Origins::default());
        assert_eq!(issuer("https://a.example.cn/").unwrap(), "https://a.example.cn");
        for wrong in ["notaurl", "https://", "https://a.cn/?x=1", "http://a b"] {
            assert!(issuer(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
        for wrong in ["*", "http://a b", "app.example.cn", "https://a.cn/path", "https://"] {
            assert!(origins(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
