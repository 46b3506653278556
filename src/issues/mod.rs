//! What people raise (民生台账): from a draft or a letter from the public, over screening, the
//! ledger, the departments' work orders and the review of their replies, to what the person says
//! of it in the end.
//!
//! Invariants: every action locks the issue's row first, then its work orders; what is not in
//! [`rules::TRANSITIONS`] is refused; ledger numbers have no gap within a year of acceptance; a
//! visit that an issue came from stays its source for good; who reported it is known only to the
//! liaison centre and to whoever wrote it down.

pub mod actions;
mod parent;
mod routes;
pub mod rules;
mod store;

pub use routes::{bodies, views};

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

pub use parent::{ClockTimer, IssueParent};
pub use store::issues::Row;

/// The kind of timer by which a clock of the liaison centre runs out.
pub const CLOCK_TIMER: &str = "issue_clock";

/// Under the root: `/v1/issues`, and what anybody does without an account.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    use routes::{public, transitions as to};
    cfg.service(
        scope("/v1/issues")
            .service(routes::list_issues)
            .service(routes::create_issue)
            .service(routes::get_issue)
            .service(routes::update_issue)
            .service(routes::list_issue_events)
            .service(to::submit_issue)
            .service(to::reject_issue)
            .service(to::accept_issue)
            .service(to::dispatch_issue)
            .service(to::send_back_issue)
            .service(to::pass_issue)
            .service(to::answer_issue_feedback)
            .service(to::log_issue_attempt)
            .service(to::close_issue)
            .service(to::track_issue)
            .service(to::close_issue_objective)
            .service(to::withdraw_issue),
    );
    cfg.service(scope("/v1/feedbacks").service(routes::feedbacks::list_feedbacks));
    cfg.service(
        scope("/public/v1/{city_code}/issues")
            .service(public::intake_issue)
            .service(public::track_public_issue)
            .service(public::answer_public_feedback)
            .service(public::withdraw_public_issue),
    );
}
