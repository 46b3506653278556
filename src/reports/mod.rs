//! Figures over all rooms: the only place that reads other rooms' tables. Each figure is a count of
//! rows, or two counts as a rate, and names the list that shows those rows. Also what members still
//! hold when they move or leave, across rooms.

mod figures;
mod routes;
mod store;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

/// `/v1/statistics`, `/v1/open-work`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(scope("/v1/statistics").service(routes::get_statistics));
    cfg.service(scope("/v1/open-work").service(routes::open_work::list_open_work));
}
