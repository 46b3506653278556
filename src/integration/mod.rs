//! For other systems: the feed of what happened, from which a reader can rebuild the state from
//! zero; files of members, contacts, sectors and areas from an office, put into the chain as a whole
//! or not at all, and the same given back. Webhooks come here too.
//!
//! - An import waits, runs and ends: done, refused for what is wrong in the file, or failed. All its
//!   rows are written in one transaction with the word that it is done; its progress by others.
//! - One import of a city runs at a time. A server that stops while one runs loses its lease; another
//!   begins anew.
//! - The file is kept until its import has ended. What is wrong is told by line and column, never by
//!   what the cell says.

mod actions;
mod apply;
mod files;
mod lines;
mod references;
mod routes;
pub mod rules;
mod run;
mod store;

pub use run::{Wake, work};

use references::References;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

/// `/v1/events`, `/v1/imports`, `/v1/import-templates`, `/v1/exports`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    use routes::{events, exports, imports};
    cfg.service(scope("/v1/events").service(events::list_events));
    cfg.service(
        scope("/v1/imports")
            .service(imports::list_imports)
            .service(imports::start_import)
            .service(imports::get_import)
            .service(imports::list_import_errors),
    );
    cfg.service(scope("/v1/import-templates").service(imports::get_import_template));
    cfg.service(
        scope("/v1/exports")
            .service(exports::export_members)
            .service(exports::export_contacts)
            .service(exports::export_sectors)
            .service(exports::export_areas),
    );
}
