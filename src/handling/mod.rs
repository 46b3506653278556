//! Work orders (转办单): what a department was asked to do within one round of an issue, by when, and
//! what it answered. Also the notices that tell people what to do.
//!
//! A work order belongs to a parent, known here only by [`Parent`]. Every action locks the parent
//! first and then the work order, and bumps both versions, so that of two departments that reply at
//! once exactly one is the last.
//!
//! - The day of dispatch is day zero of the reply clock: a late sign-in gains no time.
//! - The first contact with the reporter counts; later ones do not move it.
//! - One draft of a reply stands at a time, and only the head of the department signs it.
//! - A card goes up by time and down when the work order ends.

pub mod actions;
mod notices;
mod parent;
mod round;
mod routes;
pub mod rules;
mod store;
mod timers;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

pub use notices::{Audience, notify, tell_centre_of_adjustment};
pub use parent::{Parent, ParentRef, ParentState, Parents, ReporterView};
pub use round::{DepartmentOrder, check_departments, open_round, pass, recall_all, send_back};
pub use routes::views::AssignmentView;
pub use rules::{Card, ContactMode, Kind, ResultClass, State, Urgency};
pub use store::parents::{
    Brief, PublicReply, authors, briefs_of, department_ids_of, departments_of, of_parent,
    public_replies,
};
pub use store::{AssignmentRow, views};
pub use timers::timers;

/// Under the root: `/v1/assignments` and `/v1/me/notices`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(
        scope("/v1/assignments")
            .service(routes::list_assignments)
            .service(routes::get_assignment)
            .service(routes::get_assignment_deadline)
            .service(routes::actions::sign_in_assignment)
            .service(routes::actions::record_assignment_contact)
            .service(routes::actions::draft_assignment_reply)
            .service(routes::actions::reply_to_assignment)
            .service(routes::actions::reveal_assignment_reporter),
    );
    cfg.service(scope("/v1/me/notices").service(notices::routes::list_notices));
}
