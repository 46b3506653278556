//! The chain: special committee → sector → member → contact (界别群众联系人), the areas they answer
//! for and the posts they hold.
//!
//! - What joins them is dated, `[from, until)` in the city's zone. A link ends, or is voided when it
//!   was a mistake; nothing is deleted.
//! - One at a time: a member's sector, a sector's guiding committee, a post's holder, a member's own
//!   area. A member has several contacts and a contact several members; only the same pair may not
//!   overlap.
//! - An organisation ends with its posts and links, but not while members, guided sectors or other
//!   organisations hang on it. What it belongs to never makes a ring, nor do two who write at once.
//! - The post is the fact: who convenes a sector, who sits in the chair meeting. A convener's grant is
//!   the permission and follows the post; other grants are given by hand.
//! - The staff of a county keep their county's own organisations, enter people into them, and read no
//!   other county's. Whom they entered they change by an adjustment, as all the county has.
//! - A link takes effect on its days, past or to come, and a later one stays as it is. An end is
//!   brought forward, never put off. Who leaves takes along what joins them to others.
//! - What stands on a seat in the chair meeting, or on a place in a party branch, lasts no longer.
//! - A body refers only to what its sender sees; the rest is `reference_not_found`.
//! - What an area looks like on a map is drawn or it is its division's; nothing is computed from it.
//! - `members.sector_id` and `committee_id` say where a member stands today; the links say when, and a
//!   timer follows them.
//! - A reported change of job or status is checked by the committee and decided by the liaison centre;
//!   on its day it takes effect for all its members, or for none.
//! - Names, phones and addresses are in `persons` alone and never in the journal: the first phone and the
//!   first address in the row itself, where members and contacts read them, what else there is, typed
//!   and dated, in `contact_points`, and numbers of documents in `person_identifiers`.
//! - A person is apart from the members and contacts they are and from their account. Who was entered
//!   twice is merged: what they are and have is the survivor's, the old id leads there in one step, and
//!   within thirty days all that moved, and nothing else, goes back. Of a chain of merges the last goes
//!   back first.

pub mod actions;
mod category;
mod geometry;
pub mod kinds;
mod routes;
pub mod rules;
pub mod store;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::search::Searched;

pub use actions::{
    APPLY_TIMER, ApplyTimer, GUIDANCE_TIMER, GuidanceTimer, PLACE_TIMER, PlaceTimer,
    sees_adjustment,
};
pub use category::{CATEGORIES, ContactCategory, plain_word};
pub use rules::absent;
pub use store::{
    ContactRow, MemberRow, Org, adjustment, adjustment_items, committee_of, contact, convener_of,
    is_contact_of, is_counterpart_of, member, members_of, organization, places_of_contact,
    places_of_member, sector_of,
};

/// What is found by name here: people, and where they are.
pub const SEARCHED: &[Searched] = &[
    Searched::of("persons", "name"),
    Searched::of("organizations", "name"),
    Searched::of("areas", "name"),
    Searched::of("members", "unit"),
    Searched::of("contacts", "unit"),
];

/// `/v1/organizations`, `/v1/committees`, `/v1/sectors`, `/v1/departments`, `/v1/posts`, `/v1/areas`,
/// `/v1/members`, `/v1/party-links`, `/v1/contacts`, `/v1/persons`, `/v1/chain`, `/v1/adjustments`, and
/// the areas for anybody.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    use routes::{
        adjustments, areas, categories, contacts, coverage, events, history, links, members,
        memberships, party, party_coverage,
    };
    use routes::{public, terms, tree};
    organized(cfg);
    posted(cfg);
    personal(cfg);
    use routes::area_changes as area;
    cfg.service(
        scope("/v1/areas")
            .service(areas::list_areas)
            .service(area::create_area)
            .service(areas::get_area)
            .service(events::list_area_events)
            .service(area::update_area)
            .service(area::end_area)
            .service(area::void_area),
    );
    cfg.service(scope("/public/v1/{city_code}/areas").service(public::list_public_areas));
    cfg.service(
        scope("/v1/party-links")
            .service(party_coverage::get_party_coverage)
            .service(party_coverage::list_party_members)
            .service(party_coverage::list_party_gaps),
    );
    cfg.service(
        scope("/v1/members")
            .service(members::list_members)
            .service(members::create_member)
            .service(members::get_member)
            .service(events::list_member_events)
            .service(members::update_member)
            .service(terms::end_member)
            .service(terms::void_member)
            .service(terms::continue_member)
            .service(memberships::move_member)
            .service(memberships::end_membership)
            .service(memberships::void_membership)
            .service(history::list_member_links)
            .service(tree::get_member_chain)
            .service(links::link_contact)
            .service(links::end_contact_link)
            .service(links::void_contact_link)
            .service(party::list_party_links)
            .service(party::lead_member)
            .service(party::end_party_link)
            .service(party::void_party_link),
    );
    cfg.service(
        scope("/v1/contacts")
            .service(contacts::list_contacts)
            .service(contacts::create_contact)
            .service(contacts::get_contact)
            .service(events::list_contact_events)
            .service(history::list_contact_links)
            .service(contacts::update_contact)
            .service(terms::end_contact)
            .service(terms::void_contact)
            .service(terms::continue_contact),
    );
    cfg.service(
        scope("/v1/chain")
            .service(tree::get_chain)
            .service(coverage::get_chain_coverage)
            .service(coverage::list_uncovered_places)
            .service(coverage::get_contact_quota)
            .service(coverage::set_contact_quota)
            .service(categories::add_contact_category),
    );
    cfg.service(
        scope("/v1/adjustments")
            .service(adjustments::list_adjustments)
            .service(adjustments::report_adjustment)
            .service(adjustments::get_adjustment)
            .service(adjustments::list_adjustment_events)
            .service(adjustments::check_adjustment)
            .service(adjustments::approve_adjustment)
            .service(adjustments::refuse_adjustment)
            .service(adjustments::withdraw_adjustment)
            .service(adjustments::undo_adjustment),
    );
}

/// Organisations, by their own nouns and by kind, and what joins them.
fn organized(cfg: &mut ServiceConfig<'_>) {
    use routes::{any_kind, committees, departments, events, joined, organizations, sectors};
    cfg.service(
        scope("/v1/organizations")
            .service(any_kind::list_organizations)
            .service(any_kind::create_organization)
            .service(any_kind::get_organization)
            .service(events::list_organization_events)
            .service(any_kind::update_organization)
            .service(any_kind::end_organization)
            .service(any_kind::void_organization)
            .service(joined::list_organization_links)
            .service(joined::join_organization)
            .service(joined::end_organization_link)
            .service(joined::void_organization_link),
    );
    cfg.service(
        scope("/v1/committees")
            .service(organizations::list_committees)
            .service(committees::create_committee)
            .service(organizations::get_committee)
            .service(events::list_committee_events)
            .service(committees::update_committee)
            .service(committees::end_committee)
            .service(committees::void_committee),
    );
    cfg.service(
        scope("/v1/sectors")
            .service(organizations::list_sectors)
            .service(sectors::create_sector)
            .service(organizations::get_sector)
            .service(events::list_sector_events)
            .service(sectors::update_sector)
            .service(sectors::guide_sector)
            .service(sectors::end_sector)
            .service(sectors::void_sector),
    );
    cfg.service(
        scope("/v1/departments")
            .service(organizations::list_departments)
            .service(departments::create_department)
            .service(organizations::get_department)
            .service(events::list_department_events)
            .service(departments::update_department)
            .service(departments::end_department)
            .service(departments::void_department),
    );
}

/// Persons apart from what they are.
fn personal(cfg: &mut ServiceConfig<'_>) {
    use routes::{events, merges, personal, persons};
    cfg.service(
        scope("/v1/persons")
            .service(persons::find_persons)
            .service(persons::lists::list_persons)
            .service(persons::lists::list_duplicates)
            .service(persons::get_person)
            .service(events::list_person_events)
            .service(merges::merge_person)
            .service(merges::unmerge_person)
            .service(personal::add_contact_point)
            .service(personal::end_contact_point)
            .service(personal::void_contact_point)
            .service(personal::add_identifier)
            .service(personal::void_identifier),
    );
}

/// Posts and who holds them.
fn posted(cfg: &mut ServiceConfig<'_>) {
    use routes::{events, holders, posts};
    cfg.service(
        scope("/v1/posts")
            .service(posts::list_posts)
            .service(posts::create_post)
            .service(posts::get_post)
            .service(events::list_post_events)
            .service(posts::update_post)
            .service(posts::end_post)
            .service(posts::void_post)
            .service(holders::list_post_holders)
            .service(holders::hold_post)
            .service(holders::end_post_holder)
            .service(holders::void_post_holder),
    );
}
