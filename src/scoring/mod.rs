//! Members' points (履职积分): rule sets that a city publishes for a period, and a ledger of entries
//! that follow from what happened.
//!
//! A rule set is `draft`, then `published` for good; two published ones never overlap in time. The
//! [`Scorer`] follows the journal's feed and posts one entry per rule, cause and member; an entry
//! never changes, and what was a mistake is taken back by an entry of its own. Caps cut sums, not
//! entries, so a total is made when it is asked for, and always equals the lines that explain it.

pub mod actions;
mod consumer;
mod explain;
mod period;
mod routes;
pub mod rules;
mod store;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

pub use consumer::Scorer;
pub use period::{Period, PeriodQuery};
pub use routes::rule_sets::RuleSetDraft;

/// `/v1/rule-sets` and `/v1/scores`, and a member's score under `/v1/members`: the assembly must
/// register this room before the one that owns that scope.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    member_score(cfg);
    cfg.service(
        scope("/v1/rule-sets")
            .service(routes::rule_sets::list_rule_sets)
            .service(routes::rule_sets::create_rule_set)
            .service(routes::rule_sets::publish_rule_set)
            .service(routes::rule_sets::get_rule_set),
    );
    cfg.service(scope("/v1/scores").service(routes::scores::list_scores));
}

/// Whole paths, because a scope of another room would otherwise swallow them.
fn member_score(cfg: &mut ServiceConfig<'_>) {
    cfg.service(routes::scores::explain_member_score);
    cfg.service(routes::scores::get_member_score);
}

#[cfg(test)]
mod routing_tests;
