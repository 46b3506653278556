//! Commands.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::auth::{Cost, Password, passwords};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl, database_url};
use crate::db::{self, Db, migrate};
use crate::error::{Code, Error, Result};
use crate::ids::Ids;
use crate::journal::Journal;
use crate::{demo, http};

/// 连心: a JSON REST API for the 1158 work of a political consultative conference
#[derive(Parser)]
#[command(version, about, after_help = "Start with `make run`; the API describes itself at /docs.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API until SIGINT or SIGTERM, then finish what is running
    Serve(Box<Config>),
    /// Bring the database up to date (as its owner)
    Migrate(Owner),
    /// Load the demonstration city, Hegang 230400, or with --cities many made-up ones in bulk
    Demo(Demo),
    /// Print the OpenAPI document
    Openapi,
    /// Print every operation, one a line
    Routes,
    /// Ask a running server whether it is alive
    Health {
        /// Where it listens
        #[arg(long, env = "LIANXIN_LISTEN", default_value = "127.0.0.1:1158")]
        listen: std::net::SocketAddr,
    },
    /// Accounts: create, disable, list
    #[command(subcommand)]
    Account(Account),
}

#[derive(Args)]
struct Owner {
    /// The owner of the schema; DATABASE_URL unless told
    #[arg(long, env = "LIANXIN_OWNER_URL", hide_env_values = true, value_parser = database_url)]
    owner_url: Option<DatabaseUrl>,
    /// Used where there is no separate owner
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_parser = database_url)]
    database_url: Option<DatabaseUrl>,
}

#[derive(Args)]
struct Demo {
    /// The database to load
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_parser = database_url)]
    database_url: DatabaseUrl,
    /// Where demo-accounts.txt is written (mode 0600)
    #[arg(long, env = "LIANXIN_VAR", default_value = "var")]
    var: PathBuf,
    /// Do nothing where any city exists
    #[arg(long)]
    if_empty: bool,
    /// Instead, make cities 900100, 900200 … in bulk, for benches: a small city of its own each, then
    /// as many rows as asked, by SQL and not by the actions. Accounts go to bulk-accounts.txt
    #[arg(long, conflicts_with = "if_empty", value_parser = clap::value_parser!(u16).range(1..=999))]
    cities: Option<u16>,
    #[command(flatten)]
    bulk: demo::Bulk,
}

#[derive(Subcommand)]
enum Account {
    /// Create an account; the password is read from standard input
    Create {
        #[command(flatten)]
        at: At,
        /// 1–64 of a–z 0–9 . _ -
        username: String,
    },
    /// Lock an account out within two seconds
    Disable {
        #[command(flatten)]
        at: At,
        /// Its name, without the city
        username: String,
    },
    /// List names and whether they are disabled
    List {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Args)]
struct At {
    /// The database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_parser = database_url)]
    database_url: DatabaseUrl,
    /// Six-digit code of the city
    #[arg(long, value_parser = clap::value_parser!(i32).range(100_000..=999_999))]
    city: i32,
}

/// Runs one command; the error is printed by `main`.
pub async fn run() -> Result<()> {
    match Cli::parse().command {
        Command::Serve(config) => serve(&config).await,
        Command::Migrate(owner) => {
            let url = owner
                .owner_url
                .or(owner.database_url)
                .ok_or_else(|| Error::internal("set LIANXIN_OWNER_URL or DATABASE_URL"))?;
            for step in migrate::up(&url.0).await? {
                say(&format!("migrated {step}\n"))?;
            }
            Ok(())
        }
        Command::Demo(Demo { database_url, var, cities: Some(cities), bulk, .. }) => {
            demo::load_bulk(&database_url.0, &var, cities, &bulk).await
        }
        Command::Demo(demo) => {
            let journal = journal(&demo.database_url.0, 8)?;
            if demo.if_empty && !journal.cities().await?.is_empty() {
                return demo::check_finished(&journal).await;
            }
            demo::load(&demo.database_url.0, &demo.var).await
        }
        Command::Openapi => {
            let text = serde_json::to_string_pretty(&http::document()?).map_err(Error::internal)?;
            say(&(text + "\n"))
        }
        Command::Routes => say(&http::routes_page(&http::document()?)),
        Command::Health { listen } => health(listen).await,
        Command::Account(command) => account(command).await,
    }
}

fn say(text: &str) -> Result<()> {
    // A closed pipe (`| head`) is no failure.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::internal(error)),
        _ => Ok(()),
    }
}

async fn serve(config: &Config) -> Result<()> {
    let running = http::start(config).await?;
    let address = running.address;
    log::info!("serving http://{address}, docs at http://{address}/docs/");
    greet(config, &format!("http://{address}"))?;
    let handle = running.handle.clone();
    tokio::spawn(async move {
        let mut terminate =
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(signal) => signal,
                Err(error) => return log::error!("signals: {error}"),
            };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        log::info!("stopping: requests under way are finished");
        handle.stop(true).await;
    });
    running.ended().await
}

/// What a person needs first, where the demonstration city is loaded.
fn greet(config: &Config, base: &str) -> Result<()> {
    let path = config.var.join("demo-accounts.txt");
    let Ok(accounts) = std::fs::read_to_string(&path) else { return Ok(()) };
    // A log that is kept is no place for passwords.
    if !std::io::stdout().is_terminal() && std::env::var_os("LIANXIN_SHOW_ACCOUNTS").is_none() {
        return say(&format!("{base}/docs/ · accounts: {}\n", path.display()));
    }
    let mut first =
        accounts.lines().filter(|line| line.contains('@')).map(|l| l.split_whitespace());
    let (user, password) = match first.next() {
        Some(mut words) => (words.next().unwrap_or_default(), words.next().unwrap_or_default()),
        None => ("", ""),
    };
    say(&format!(
        "\n连心 lianxin  {base}\n  API page   {base}/docs/\n\nAccounts of the demonstration city (name, password, role):\n{accounts}\n\
         A first call, to paste:\n\n  TOKEN=$(curl -s {base}/oauth/token -d grant_type=password -d username={user} -d password={password} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n  \
         curl -s -H \"Authorization: Bearer $TOKEN\" '{base}/v1/issues?limit=2'\n\nCtrl-C stops.\n"
    ))
}

fn journal(url: &str, writes: usize) -> Result<Journal> {
    let db = Db::new(&db::Settings { url: url.to_owned(), writes, reports: 1, reads: 1 })?;
    Ok(Journal::new(db, Clock::system(), Ids::random()))
}

async fn health(listen: std::net::SocketAddr) -> Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut address = listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let mut stream = tokio::net::TcpStream::connect(address).await.map_err(Error::unavailable)?;
    let ask = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(ask).await.map_err(Error::unavailable)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.map_err(Error::unavailable)?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(Error::unavailable("not alive")) }
}

async fn account(command: Account) -> Result<()> {
    match command {
        Account::Create { at, username } => {
            let mut typed = String::new();
            std::io::stdin().read_line(&mut typed).map_err(Error::internal)?;
            let typed = typed.trim_end_matches(['\r', '\n']);
            if typed.chars().count() < 8 {
                return Err(Error::fault(
                    "/password",
                    "密码至少 8 个字符",
                    "a password has at least 8 characters",
                ));
            }
            let hash = passwords::hash(Cost::Full, &Password::new(typed))?;
            let id = journal(&at.database_url.0, 1)?
                .system(at.city, "lianxin account create", async |tx| {
                    crate::auth::actions::create_account(tx, &username, &hash, None, None).await
                })
                .await?;
            say(&format!("{id}\n"))
        }
        Account::Disable { at, username } => {
            let journal = journal(&at.database_url.0, 1)?;
            let found = {
                let conn = journal.db.read().await?;
                crate::auth::store::find_account_by_name(&conn, at.city, &username).await?
            };
            let id = found.ok_or_else(|| Error::new(Code::NotFound))?.id;
            journal
                .system(at.city, "lianxin account disable", async |tx| {
                    crate::auth::actions::disable_account(tx, id).await
                })
                .await
        }
        Account::List { at } => {
            let journal = journal(&at.database_url.0, 1)?;
            let conn = journal.db.read().await?;
            for row in crate::auth::store::list_accounts(&conn, at.city).await? {
                let state = if row.disabled_at.is_some() { "disabled" } else { "enabled" };
                say(&format!("{} {}@{} {state}\n", row.id, row.username, at.city))?;
            }
            Ok(())
        }
    }
}
