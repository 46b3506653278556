//! `/livez`, `/readyz`, `/metrics`, `/openapi.json` and the pages under `/docs/problems`.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::{Prepared, migrate};
use crate::error::{Code, Result};
use crate::journal::{Journal, lag};
use crate::web::{Problem, language};

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(get_live).service(get_ready).service(get_metrics);
}

/// The process is alive.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
pub struct Alive {
    /// Always `ok`.
    #[schema(max_length = 8)]
    status: &'static str,
}

/// Entries or timers that wait while the workers still keep up with a burst.
const BEHIND: i64 = 10_000;
/// Entries that a consumer may be behind; catching up after a bulk load takes a while.
const FAR_BEHIND: i64 = 1_000_000;

/// What the server needs in order to serve.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"ready": true, "database": true, "migrations": true, "locale": true, "feed_pending": 0, "timers_overdue": 0, "consumers_behind": 0}))]
pub struct Readiness {
    /// The database, its migrations and locale are in order, and feed, timers and consumers keep up:
    /// fewer than 10,000 entries or timers wait, no consumer is a million entries behind.
    ready: bool,
    /// The database answers.
    database: bool,
    /// Every migration of this binary has run.
    migrations: bool,
    /// UTF-8 and C.UTF-8, on which search and order rely.
    locale: bool,
    /// Committed entries that wait for a position in the feed.
    #[schema(minimum = 0)]
    feed_pending: i64,
    /// Timers that are due and have not fired.
    #[schema(minimum = 0)]
    timers_overdue: i64,
    /// Entries that the slowest consumer has not seen.
    #[schema(minimum = 0)]
    consumers_behind: i64,
}

/// Is the process alive?
///
/// Answers without the database. For a process supervisor.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Alive", body = Alive)))]
#[get("/livez")]
pub async fn get_live() -> HttpResponse {
    HttpResponse::Ok().json(Alive { status: "ok" })
}

/// Can it serve?
///
/// Looks at the database, its migrations and locale, and how far feed, timers and consumers lag.
/// For a load balancer: 503 until all is well.
#[utoipa::path(tag = "operations", responses(
    (status = 200, description = "Ready", body = Readiness),
    (status = 503, description = "Not ready", body = Readiness)))]
#[get("/readyz")]
pub async fn get_ready(journal: Data<Journal>) -> HttpResponse {
    let readiness = examine(&journal).await.unwrap_or_else(|error| {
        log::warn!("not ready: {error}");
        Readiness {
            ready: false,
            database: false,
            migrations: false,
            locale: false,
            feed_pending: 0,
            timers_overdue: 0,
            consumers_behind: 0,
        }
    });
    let ok = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(ok).json(readiness)
}

#[derive(QueryableByName)]
struct Base {
    #[diesel(sql_type = BigInt)]
    steps: i64,
    #[diesel(sql_type = Text)]
    encoding: String,
    #[diesel(sql_type = Text)]
    locale: String,
}

async fn examine(journal: &Journal) -> Result<Readiness> {
    let conn = journal.db.read().await?;
    let base: Base = Prepared(diesel::sql_query(
        "SELECT (SELECT count(*) FROM __diesel_schema_migrations) AS steps, \
         pg_encoding_to_char(encoding)::text AS encoding, datcollate::text AS locale \
         FROM pg_database WHERE datname = current_database()",
    ))
    .get_result(&mut &*conn)
    .await?;
    let lag = lag(&conn, journal.clock.now()).await?;
    let migrations = base.steps >= migrate::steps()?;
    let locale = base.encoding == "UTF8" && matches!(base.locale.as_str(), "C.UTF-8" | "C.utf8");
    let slowest = lag.consumers.values().copied().max().unwrap_or(0);
    let keeps_up = lag.pending < BEHIND && lag.timers < BEHIND && slowest < FAR_BEHIND;
    Ok(Readiness {
        ready: migrations && locale && keeps_up,
        database: true,
        migrations,
        locale,
        feed_pending: lag.pending,
        timers_overdue: lag.timers,
        consumers_behind: slowest,
    })
}

/// Figures for Prometheus
///
/// Requests by operation and status, their time, and the lag of feed, timers and consumers. Keep it
/// behind your firewall.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Prometheus text", body = String, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn get_metrics(journal: Data<Journal>, handle: Data<PrometheusHandle>) -> HttpResponse {
    if let Ok(readiness) = examine(&journal).await {
        metrics::gauge!("lianxin_feed_pending").set(readiness.feed_pending as f64);
        metrics::gauge!("lianxin_timers_overdue").set(readiness.timers_overdue as f64);
        metrics::gauge!("lianxin_consumers_behind").set(readiness.consumers_behind as f64);
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
}

/// The document as it is sent: as a tree it takes many times as much memory.
pub(super) struct Document(pub(super) Bytes);

/// The document, as it was when the server started.
pub(super) async fn get_document(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// A page about one problem code.
pub(super) async fn get_problem(
    request: HttpRequest,
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    let code = Code::ALL
        .iter()
        .find(|known| known.as_str() == code.as_str())
        .ok_or_else(crate::error::Error::not_found)?;
    let (zh, en) = code.title();
    let (first, second) = match language(request.headers()) {
        crate::web::Language::Chinese => (zh, en),
        crate::web::Language::English => (en, zh),
    };
    let body = format!(
        "<!doctype html><meta charset=utf-8><title>{0}</title><h1>{0} · {1}</h1><p>{2}</p><p>{3}</p><p><a href=\"/docs/\">API</a></p>",
        code.as_str(),
        code.status(),
        first,
        second
    );
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(body))
}
