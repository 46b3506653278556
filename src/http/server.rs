//! The production start-up, which the tests use too.

use std::net::{SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, PathConfig};
use actix_web::{App, HttpServer};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config as DocsConfig, SwaggerUi};

use super::fallback::{Paths, fallback};
use super::{document, health, middleware};
use crate::auth::{Auth, Cost, Settings as AuthSettings};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, Db};
use crate::error::{Code, Error, Result};
use crate::handling::Parents;
use crate::ids::Ids;
use crate::integration;
use crate::journal::{Journal, TimerHandler};
use crate::web::{Problem, Schemas};

/// Write connections of a thread: an import tells how far it is while its transaction is open, and one
/// that waits for a lock must not hold up all others.
const LEAST_WRITES: usize = 4;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its journal: tests drain it.
    pub journal: Journal,
    /// Ends it gracefully.
    pub handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Waits until the server has ended.
    pub async fn ended(self) -> Result<()> {
        self.task.await.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// The journal with everything that follows its feed and every timer.
pub fn journal(config: &Config, clock: Clock, ids: Ids) -> Result<Journal> {
    let threads = threads(config);
    let db = Db::new(&db::Settings {
        url: config.database_url.0.clone(),
        writes: usize::from(config.write_connections).div_ceil(threads).max(LEAST_WRITES),
        reports: config.report_connections.into(),
        reads: usize::from(config.read_connections).div_ceil(threads),
    })?;
    Ok(Journal::new(db, clock, ids).with_workers(vec![Box::new(crate::scoring::Scorer)], timers()))
}

/// What every kind of timer does; the demonstration uses the same.
pub fn timers() -> Vec<(&'static str, Box<dyn TimerHandler>)> {
    let mut timers = crate::handling::timers(&parents());
    timers.push((crate::issues::CLOCK_TIMER, Box::new(crate::issues::ClockTimer)));
    timers.push((crate::chain::GUIDANCE_TIMER, Box::new(crate::chain::GuidanceTimer)));
    timers.push((crate::chain::PLACE_TIMER, Box::new(crate::chain::PlaceTimer)));
    let tell = crate::handling::tell_centre_of_adjustment;
    timers.push((crate::chain::APPLY_TIMER, Box::new(crate::chain::ApplyTimer { tell })));
    timers.push((crate::plans::CLOSE_TIMER, Box::new(crate::plans::CloseTimer)));
    timers
}

/// Whose assignments departments work on.
pub fn parents() -> Parents {
    Parents::new(vec![Box::new(crate::issues::IssueParent)])
}

/// Starts serving and returns; the workers run on a thread of their own.
pub async fn start(config: &Config) -> Result<Running> {
    let journal = journal(config, Clock::system(), Ids::random())?;
    let listener = TcpListener::bind(config.listen)
        .map_err(|error| Error::internal(format!("LIANXIN_LISTEN={}: {error}", config.listen)))?;
    listener.set_nonblocking(true).map_err(Error::internal)?;
    let address = listener.local_addr().map_err(Error::internal)?;
    let issuer = config.issuer.clone().unwrap_or_else(|| format!("http://{address}"));
    let auth = Data::new(Auth::new(
        journal.clone(),
        &AuthSettings {
            var: config.var.clone(),
            issuer,
            audience: config.audience.clone(),
            signing_key: config.signing_key.clone(),
            argon2: cost()?,
            token_rate_per_minute: Some(config.rate_limit).filter(|rate| *rate > 0),
            behind_proxy: config.behind_proxy,
        },
    )?);
    let document = document()?;
    let schemas = Data::new(Schemas::new(&document)?);
    let paths = Data::new(Paths::new(&document));
    let text = serde_json::to_vec(&document).map_err(Error::internal)?;
    drop(document);
    let document = Data::new(health::Document(text.into()));
    // Hashes a password: not at the same time as the document takes its room.
    auth.start();
    let metrics = Data::new(metrics_handle()?);
    let parents = Data::new(parents());
    let codes = Data::new(super::codes::built_in());
    let wake = integration::Wake::default();
    let wakes = Data::new(wake.clone());
    let (data, origins) = (Data::new(journal.clone()), config.cors_origins.0.clone());
    let threads = threads(config);
    let server = HttpServer::new(move || {
        db::serves_requests();
        // The page would ask a validator elsewhere unless told not to.
        let config = DocsConfig::new(["/openapi.json"]).validator_url("none");
        let docs = SwaggerUi::new("/docs/{_:.*}").config(config);
        App::new()
            .app_data(data.clone())
            .app_data(auth.clone())
            .app_data(schemas.clone())
            .app_data(paths.clone())
            .app_data(metrics.clone())
            .app_data(parents.clone())
            .app_data(codes.clone())
            .app_data(wakes.clone())
            .app_data(document.clone())
            .app_data(
                PathConfig::default()
                    .error_handler(|_, _| Problem(Error::new(Code::NotFound)).into()),
            )
            .wrap(cors(&origins))
            .wrap(from_fn(middleware::around))
            .route("/openapi.json", web::get().to(health::get_document))
            .route("/docs/problems/{code}", web::get().to(health::get_problem))
            .route(
                "/docs",
                web::get().to(async || actix_web::web::Redirect::to("/docs/").permanent()),
            )
            .service(docs)
            .into_utoipa_app()
            .configure(super::routes)
            .into_app()
            .default_service(web::to(fallback))
    })
    .disable_signals()
    .shutdown_timeout(20)
    .workers(threads)
    .listen(listener)
    .map_err(Error::internal)?
    .run();
    let handle = server.handle();
    if !config.without_workers {
        let (workers, imports) = (journal.clone(), journal.clone());
        work("lianxin-workers", async move || workers.work().await)?;
        work("lianxin-imports", async move || integration::work(&imports, &wake).await)?;
        tokio::spawn(keep_search(journal.clone()));
    }
    let task = tokio::spawn(server);
    Ok(Running { address, journal, handle, task })
}

/// Work without end on a thread of its own, so that it never delays a request: the feed, its consumers
/// and the timers; imports.
fn work(name: &'static str, job: impl AsyncFn() + Send + 'static) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::internal)?;
    let again = move || {
        db::owns_connections();
        loop {
            let work = std::panic::AssertUnwindSafe(|| runtime.block_on(job()));
            if std::panic::catch_unwind(work).is_err() {
                log::error!("{name} panicked and begins again");
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    };
    std::thread::Builder::new().name(name.into()).spawn(again).map_err(Error::internal)?;
    Ok(())
}

/// Makes the search keys of names that were written without any, now and every ten minutes.
async fn keep_search(journal: Journal) {
    loop {
        match fill_search(&journal).await {
            Ok(0) => {}
            Ok(made) => log::info!("search: keys of {made} names made"),
            Err(error) => log::warn!("search: {error}"),
        }
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
}

/// Makes the search keys of all names that have none, or those of an earlier name; returns how many.
pub async fn fill_search(journal: &Journal) -> Result<usize> {
    let cities = journal.cities().await?;
    let tables = [crate::chain::SEARCHED, crate::catalogue::SEARCHED].concat();
    db::search::fill(&journal.db, &cities, &tables).await
}

/// Threads that serve requests.
fn threads(config: &Config) -> usize {
    let cores = || std::thread::available_parallelism().map_or(2, usize::from);
    config.workers.map_or_else(cores, usize::from).max(1)
}

/// Password hashing is weak only where tests ask for it.
fn cost() -> Result<Cost> {
    // A release build hashes in full whatever the environment says.
    match std::env::var("LIANXIN_ARGON2") {
        _ if !cfg!(debug_assertions) => Ok(Cost::Full),
        Err(_) => Ok(Cost::Full),
        Ok(word) => {
            Cost::parse(&word).ok_or_else(|| Error::internal("LIANXIN_ARGON2 must be full or test"))
        }
    }
}

fn cors(origins: &[String]) -> Cors {
    let mut cors = Cors::default()
        .allow_any_header()
        .allowed_methods(["GET", "POST", "PATCH", "HEAD"])
        .expose_headers([
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "X-Request-Id",
            "Idempotency-Replayed",
            "RateLimit",
            "RateLimit-Policy",
            "WWW-Authenticate",
        ])
        .max_age(Duration::from_secs(600).as_secs() as usize);
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    cors
}

/// One recorder a process.
fn metrics_handle() -> Result<PrometheusHandle> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new().install_recorder().map_err(Error::internal)?;
    let kept = handle.clone();
    // Samples pile up until somebody folds them, whether or not anybody reads the figures.
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            kept.run_upkeep();
        }
    });
    Ok(HANDLE.get_or_init(|| handle).clone())
}
