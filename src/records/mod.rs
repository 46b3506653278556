//! What members did: visits, talks and consultations, each recorded against an item of an approved
//! plan; and what committees held for them: activities.
//!
//! `recorded` → `confirmed` by the sector's convener, or `sent_back`; by the committee's staff where
//! the convener visited or recorded it. A record that was a mistake is `voided` and stays.
//! Confirmation gives the member points, voiding takes them back: scoring follows `visit.confirmed`
//! and `visit.voided` in the journal. A visit never changes; what was sent back is recorded anew.
//!
//! An activity is `recorded` by the staff of its committee or the liaison centre, never changes, and is
//! `voided` where it was a mistake. So far there is one kind: a briefing (对口情况通报), given by a
//! department that was the committee's counterpart on that day. A member sees those at which they were.
//!
//! Coverage says how far the plans of a month are carried out. A member counts with the sector in
//! which they stood last in that month, by the dated links of the chain.

pub mod actions;
mod routes;
pub mod rules;
mod store;

pub use routes::{NewActivity, NewVisit, SendBackVisit, VoidActivity, VoidVisit};
pub use rules::{Form, MemberRole};
pub use store::VisitRow;

use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::db::Conn;
use crate::error::Result;
use crate::journal::Places;

/// `/v1/visits`, `/v1/activities` and `/v1/plans/coverage`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(scope("/v1/plans/coverage").service(routes::coverage::get_coverage));
    cfg.service(
        scope("/v1/visits")
            .service(routes::list_visits)
            .service(routes::record_visit)
            .service(routes::get_visit)
            .service(routes::confirm_visit)
            .service(routes::send_back_visit)
            .service(routes::void_visit),
    );
    use routes::activities;
    cfg.service(
        scope("/v1/activities")
            .service(activities::list_activities)
            .service(activities::record_activity)
            .service(activities::get_activity)
            .service(activities::list_activity_events)
            .service(activities::void_activity),
    );
}

/// What an issue takes from the visit it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitSource {
    /// Whose visit.
    pub member_id: Uuid,
    /// Who was met, where that is a contact.
    pub contact_id: Option<Uuid>,
    /// Where the visit stands: decides who sees it.
    pub places: Places,
    /// Where it took place.
    pub division_code: Option<i64>,
}

/// The visit as a source; none where there is none, or it was voided.
pub async fn visit_source(
    conn: Conn<'_>,
    city: i32,
    visit_id: Uuid,
) -> Result<Option<VisitSource>> {
    let row = store::find(conn, city, visit_id).await?;
    let live = row.filter(|row| row.state != rules::State::Voided.as_str());
    Ok(live.map(|row| VisitSource {
        member_id: row.member_id,
        contact_id: row.contact_id,
        places: row.places(),
        division_code: row.division_code,
    }))
}
