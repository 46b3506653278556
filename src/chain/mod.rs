//! The chain: special committee → sector → member → contact (界别群众联系人), the areas they answer
//! for and the posts they hold.
//!
//! - What joins them is dated, `[from, until)` in the city's zone. A link ends, or is voided when it
//!   was a mistake; nothing is deleted.
//! - One at a time: a member's sector, a sector's guiding committee, a post's holder, a member's own
//!   area. A member has several contacts and a contact several members; only the same pair may not
//!   overlap.
//! - `members.sector_id` and `committee_id` say where a member stands today; the links say when.
//! - Names, phones and addresses are in `persons` alone and never in the journal.

pub mod actions;
mod category;
mod routes;
pub mod store;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

pub use category::ContactCategory;
pub use store::{
    ContactRow, MemberRow, Org, committee_of, contact, convener_of, is_contact_of, organization,
    places_of_contact, places_of_member, places_of_organization, sector_of,
};

/// `/v1/committees`, `/v1/sectors`, `/v1/departments`, `/v1/areas`, `/v1/members`, `/v1/contacts`,
/// `/v1/chain`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    use routes::{areas, contacts, coverage, links, members, organizations, tree};
    let committees = scope("/v1/committees").service(organizations::list_committees);
    cfg.service(committees.service(organizations::get_committee));
    let sectors = scope("/v1/sectors").service(organizations::list_sectors);
    cfg.service(sectors.service(organizations::get_sector));
    let departments = scope("/v1/departments").service(organizations::list_departments);
    cfg.service(departments.service(organizations::get_department));
    cfg.service(scope("/v1/areas").service(areas::list_areas).service(areas::get_area));
    cfg.service(
        scope("/v1/members")
            .service(members::list_members)
            .service(members::create_member)
            .service(members::get_member)
            .service(members::update_member)
            .service(members::move_member)
            .service(tree::get_member_chain)
            .service(links::link_contact)
            .service(links::end_contact_link)
            .service(links::void_contact_link),
    );
    cfg.service(
        scope("/v1/contacts")
            .service(contacts::list_contacts)
            .service(contacts::create_contact)
            .service(contacts::get_contact)
            .service(contacts::update_contact),
    );
    cfg.service(
        scope("/v1/chain")
            .service(tree::get_chain)
            .service(coverage::get_chain_coverage)
            .service(coverage::list_uncovered_places)
            .service(coverage::get_contact_quota)
            .service(coverage::set_contact_quota),
    );
}
