//! Assembly only: the list of scopes, the middleware, the OpenAPI document, health.

mod codes;
mod document;
mod examples;
mod fallback;
mod health;
mod links;
mod middleware;
mod server;

pub use document::{document, routes_page};
pub use server::{Running, fill_search, journal, parents, start, timers};

use utoipa_actix_web::service_config::ServiceConfig;

/// Every operation. A path that two scopes could answer stands before the wider scope.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    crate::auth::open_routes(cfg);
    crate::auth::routes(cfg);
    crate::catalogue::routes(cfg);
    crate::handling::routes(cfg);
    crate::scoring::routes(cfg);
    crate::chain::routes(cfg);
    crate::records::routes(cfg);
    crate::plans::routes(cfg);
    crate::issues::routes(cfg);
    crate::reports::routes(cfg);
    crate::integration::routes(cfg);
    health::routes(cfg);
}
