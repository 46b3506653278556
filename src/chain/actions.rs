//! What people do to the chain. These take plain values and ask nobody's rights, so that the
//! demonstration can use them; the handlers first load what is changed with `*_for`, which asks.

mod adjustments;
mod areas;
mod categories;
mod contact_links;
mod contacts;
mod goings_on;
mod grounds;
mod guidances;
mod keeping;
mod links;
mod members;
mod memberships;
mod merges;
mod organizations;
mod party;
mod persons;
mod placing;
mod posts;
mod quotas;
mod references;
mod relations;
mod several;
mod terms;
mod upserts;

use chrono::NaiveDate;
use diesel::result::Error as DieselError;
use uuid::Uuid;

pub use adjustments::*;
pub use areas::*;
pub use categories::{NewCategory, add_category};
pub use contact_links::*;
pub use contacts::*;
pub use goings_on::*;
pub use guidances::*;
pub use keeping::*;
pub use members::*;
pub use memberships::*;
pub use merges::*;
pub use organizations::*;
pub use party::*;
pub use persons::*;
pub use placing::*;
pub use posts::*;
pub use quotas::set_quota;
pub use references::*;
pub use relations::*;
pub use several::{Each, database_refuses, fatal};
pub use terms::*;
pub use upserts::*;

use super::rules::organizations::Refusal;
use super::store;
use crate::auth::{Actor, Noun, policy};
use crate::catalogue;
use crate::error::{Code, Error, Fault, Result};
use crate::journal::{Places, Tx};
use crate::workdays::local_date;

/// A person as the chain knows them.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
}

/// Who keeps the organisations of a place: the staff of a county only their own county's.
pub const ORGANIZERS: &[&str] = &["admin", "liaison_centre", "county_staff"];

/// 403 unless the actor keeps organisations of that county, or of the city.
pub fn may_organize(actor: &Actor, county: Option<i32>) -> Result<()> {
    let places = Places { county, ..Places::default() };
    policy::require(actor, Noun::Catalogue, &places, ORGANIZERS)
}

/// The same for what is there; 404 where the actor does not read that county's organisations.
fn organizes(actor: &Actor, county: Option<i32>) -> Result<()> {
    if !policy::reads_county(actor, county) {
        return Err(Error::not_found());
    }
    may_organize(actor, county)
}

/// A refusal: of the body where it points into it, else by the state of things.
fn against(refusal: Refusal) -> Error {
    let body = !refusal.pointer().is_empty();
    Error::because(if body { Code::Invalid } else { Code::TransitionNotAllowed }, refusal)
}

/// Today in the city, by the write's clock.
fn today(tx: &Tx<'_>) -> NaiveDate {
    local_date(tx.call.now)
}

/// Dates that overlap and numbers that are taken, in the client's words.
fn refused(error: DieselError) -> Error {
    match crate::db::constraint(&error) {
        Some("member_contacts_no_overlap") => Error::say(
            Code::Overlap,
            "该委员与该联系人在这段时间已有联系",
            "the member and the contact are linked during some of these days already",
        ),
        Some("member_sectors_one_at_a_time") => Error::say(
            Code::Overlap,
            "委员同一时间只能属于一个界别",
            "a member belongs to one sector at a time",
        ),
        Some("sector_committees_one_at_a_time") => Error::say(
            Code::Overlap,
            "一个界别同一时间只由一个专委会联系指导",
            "one committee guides a sector at a time",
        ),
        Some("post_holders_one_at_a_time") => {
            Error::say(Code::Overlap, "该职务已有人担任", "somebody holds the post already")
        }
        Some(
            "committee_departments_no_overlap"
            | "chair_committees_no_overlap"
            | "party_links_no_overlap"
            | "group_members_no_overlap",
        ) => Error::say(
            Code::Overlap,
            "二者在这段时间已有联系",
            "the two are linked during some of these days already",
        ),
        Some("branch_members_one_at_a_time") => Error::say(
            Code::Overlap,
            "委员同一时间只属于一个党支部",
            "a member is in one party branch at a time",
        ),
        Some("organizations_conference_one_at_a_time") => Error::say(
            Code::Overlap,
            "该县(区)这段时间已有政协组织",
            "the county has a conference during some of these days already",
        ),
        Some(
            "areas_sector_no_overlap"
            | "areas_member_one_at_a_time"
            | "areas_chair_member_no_overlap",
        ) => Error::say(Code::Overlap, "责任区日期重叠", "the dates of the areas overlap"),
        Some("members_number" | "contacts_number") => number_taken(),
        Some("organizations_code_one_at_a_time") => {
            taken("/code", "代码已被使用", "the code is taken")
        }
        Some(name) if name.ends_with("_pkey") => {
            Error::say(Code::Duplicate, "标识已被使用", "the id is taken")
        }
        _ => error.into(),
    }
}

fn number_taken() -> Error {
    taken("/number", "编号已被使用", "the number is taken")
}

/// 409 at the field.
fn taken(pointer: &str, zh: &str, en: &str) -> Error {
    Error::because(Code::Duplicate, Fault::new(pointer, "taken", zh, en))
}

/// Adds persons; returns their ids in the same order.
async fn enter_persons(tx: &mut Tx<'_>, persons: Vec<NewPerson>) -> Result<Vec<Uuid>> {
    let row = |person: NewPerson| store::PersonRow {
        city_code: tx.call.city,
        id: tx.call.id(),
        name: person.name,
        phone: person.phone,
        address: person.address,
        version: 1,
        created_at: tx.call.now,
    };
    let rows: Vec<_> = persons.into_iter().map(row).collect();
    let ids = rows.iter().map(|row| row.id).collect();
    store::insert_persons(tx.conn, rows).await.map_err(refused)?;
    Ok(ids)
}

/// The county of a division of this city; a fault where it is not of this city or wider than a
/// county.
async fn county_in_city(tx: &Tx<'_>, code: i64, faults: &mut Vec<Fault>) -> Result<i32> {
    let found = catalogue::division(tx.conn, code).await?;
    faults.extend(out_of_place(tx.call.city, code, found.is_some()));
    Ok(catalogue::county_of(code))
}

/// What is wrong with a division, which is there or not, as the place of a contact of `city`.
fn out_of_place(city: i32, code: i64, is_there: bool) -> Option<Fault> {
    if !is_there {
        return Some(Fault::reference("/division_code", "行政区划", "division"));
    }
    let (zh, en) = ("应为本市某县(区)或其下的区划", "must lie in a county of this city");
    let outside = catalogue::city_of(code) != city || catalogue::county_of(code) == city;
    outside.then(|| Fault::new("/division_code", "not_meaningful", zh, en))
}

/// Whether a value is new, for the journal: never the value itself.
fn changed(is: bool) -> Option<&'static str> {
    is.then_some("changed")
}
