//! For other systems: the feed of what happened, from which a reader can rebuild the state from
//! zero. Webhooks and imports come here too.

mod routes;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

/// `/v1/events`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(scope("/v1/events").service(routes::list_events));
}
