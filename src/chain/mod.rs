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
pub mod store;

pub use store::{
    ContactRow, MemberRow, Org, convener_of, is_contact_of, organization, places_of_member,
    sector_of,
};
