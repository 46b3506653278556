//! The 1158 method as a city keeps it, and plans against it.
//!
//! A scheme (five channels 五渠道, eight must-visits 八必访) is a dated row that the city owns: it is
//! drafted, and published once it is complete; at most one is in force on any day, and the one that
//! is in force until further notice ends where its successor begins. A plan is a member's month, a
//! committee's month or a party branch's year: `draft` → `submitted` → `approved`, or `sent_back` and
//! submitted again; approved or sent back, it is `closed` with its period. Its codes are those of the
//! scheme in force on the period's first day.
//!
//! Invariants: one plan an owner and period; the owner never decides; an approved plan's items do
//! not change, so visits may point at them; once its period is over, nobody changes a plan.

pub mod actions;
mod routes;
pub mod rules;
mod store;

pub use actions::{CLOSE_TIMER, CloseTimer};
pub use routes::{NewItem, NewLabel, NewPlan, NewScheme, PlanPatch, PublishScheme, SendBackPlan};
pub use rules::OwnerKind;
pub use store::plans::{ItemRow, PlanRow};
pub use store::schemes::{Codes, SchemeRow};

use chrono::NaiveDate;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::db::Conn;
use crate::error::Result;

/// `/v1/schemes` and `/v1/plans`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(
        scope("/v1/schemes")
            .service(routes::schemes::list_schemes)
            .service(routes::schemes::create_scheme)
            .service(routes::schemes::get_scheme)
            .service(routes::schemes::publish_scheme),
    );
    cfg.service(
        scope("/v1/plans")
            .service(routes::plans::list_plans)
            .service(routes::plans::create_plan)
            .service(routes::plans::get_plan)
            .service(routes::plans::update_plan)
            .service(routes::plans::submit_plan)
            .service(routes::plans::approve_plan)
            .service(routes::plans::send_back_plan),
    );
}

/// What a visit is recorded against.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The item.
    pub item: ItemRow,
    /// Its plan.
    pub plan: PlanRow,
    /// The codes of the plan's scheme.
    pub codes: Codes,
}

impl Planned {
    /// Whether the plan is approved; one whose period is over still is.
    pub fn approved(&self) -> bool {
        let stands = [rules::State::Approved, rules::State::Closed];
        stands.iter().any(|state| self.plan.state == state.as_str())
    }

    /// The first date after the plan's period.
    pub fn period_end(&self) -> NaiveDate {
        self.plan.period_end()
    }
}

/// The codes of the scheme in force on `day`; none where no scheme is.
pub async fn codes_on(conn: Conn<'_>, city: i32, day: NaiveDate) -> Result<Codes> {
    match store::schemes::in_force(conn, city, day).await? {
        Some(scheme) => store::schemes::codes(conn, city, scheme.id).await,
        None => Ok(Codes::default()),
    }
}

/// The plan item `id` with its plan and its scheme's codes.
pub async fn planned(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Planned>> {
    let Some((item, plan)) = store::plans::find_item(conn, city, id).await? else {
        return Ok(None);
    };
    let codes = store::schemes::codes(conn, city, plan.scheme_id).await?;
    Ok(Some(Planned { item, plan, codes }))
}
