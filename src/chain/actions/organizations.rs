//! Organisations, who guides whom, posts and areas. Not in the API yet: the demonstration and tests
//! set them up.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::{county_in_city, refused, today};
use crate::chain::store::{self, days};
use crate::error::{Fault, Result, check};
use crate::journal::{Entry, Places, Tx};

/// An organisation to enter.
#[derive(Debug, Clone)]
pub struct NewOrganization<'a> {
    /// committee, sector, department, …
    pub kind: &'a str,
    /// The stable word.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its place among its kind.
    pub position: i16,
    /// What it belongs to.
    pub parent: Option<Uuid>,
    /// None at city level.
    pub county: Option<i32>,
    /// Since when.
    pub from: NaiveDate,
}

/// Enters an organisation; returns its id.
pub async fn create_organization(tx: &mut Tx<'_>, new: NewOrganization<'_>) -> Result<Uuid> {
    let id = tx.call.id();
    let row = store::NewOrgRow {
        city_code: tx.call.city,
        id,
        kind: new.kind.to_owned(),
        code: new.code.to_owned(),
        name: new.name.to_owned(),
        parent_id: new.parent,
        county_code: new.county,
        position: new.position,
        during: days(new.from, None),
        version: 1,
        created_at: tx.call.now,
    };
    store::insert_organization(tx.conn, row).await.map_err(refused)?;
    let after = json!({ "kind": new.kind, "code": new.code, "from": new.from });
    let places = Places { county: new.county, ..Places::default() };
    journal_organization(tx, "organization.created", id, 1, places, after).await?;
    Ok(id)
}

/// `committee` guides `sector` from `from`; who did before, does no longer.
pub async fn guide_sector(
    tx: &mut Tx<'_>,
    sector: Uuid,
    committee: Uuid,
    from: NaiveDate,
) -> Result<()> {
    let city = tx.call.city;
    let mut faults = Vec::new();
    for (kind, id, pointer) in
        [("sector", sector, "/sector_id"), ("committee", committee, "/committee_id")]
    {
        if store::organization(tx.conn, city, kind, id).await?.is_none() {
            faults.push(Fault::reference(pointer, "组织", kind));
        }
    }
    check(faults)?;
    store::end_guidance(tx.conn, city, sector, from).await.map_err(refused)?;
    let link = tx.call.id();
    store::insert_guidance(tx.conn, city, link, (sector, committee), from)
        .await
        .map_err(refused)?;
    if from <= today(tx) {
        store::place_sector(tx.conn, city, sector, committee).await?;
    }
    let version = store::touch_organization(tx.conn, city, sector).await?;
    let places = Places { sector: Some(sector), committee: Some(committee), ..Places::default() };
    let after = json!({ "committee_id": committee, "from": from });
    journal_organization(tx, "sector.guided", sector, version, places, after).await
}

/// Makes a post of an organisation; returns its id.
pub async fn create_post(
    tx: &mut Tx<'_>,
    organization: Uuid,
    kind: &str,
    title: &str,
) -> Result<Uuid> {
    let (city, id) = (tx.call.city, tx.call.id());
    store::insert_post(tx.conn, city, id, organization, (kind, title)).await.map_err(refused)?;
    let version = store::touch_organization(tx.conn, city, organization).await?;
    let after = json!({ "post_id": id, "kind": kind });
    let kind = "organization.post_created";
    journal_organization(tx, kind, organization, version, Places::default(), after).await?;
    Ok(id)
}

/// `member` holds `post` from `from`.
pub async fn hold_post(tx: &mut Tx<'_>, post: Uuid, member: Uuid, from: NaiveDate) -> Result<()> {
    let (city, id) = (tx.call.city, tx.call.id());
    let organization = store::post_organization(tx.conn, city, post).await?;
    let places = store::places_of_member(tx.conn, city, member).await?;
    let mut faults = Vec::new();
    if organization.is_none() {
        faults.push(Fault::reference("/post_id", "职务", "post"));
    }
    if places.is_none() {
        faults.push(Fault::reference("/member_id", "委员", "member"));
    }
    let (Some(organization), Some(places)) = (organization, places) else { return check(faults) };
    store::insert_holder(tx.conn, city, id, (post, member), from).await.map_err(refused)?;
    let version = store::touch_organization(tx.conn, city, organization).await?;
    let after = json!({ "post_id": post, "member_id": member, "from": from });
    journal_organization(tx, "organization.post_held", organization, version, places, after).await
}

async fn journal_organization(
    tx: &mut Tx<'_>,
    kind: &'static str,
    object_id: Uuid,
    version: i64,
    places: Places,
    after: serde_json::Value,
) -> Result<()> {
    let object_kind = "organization";
    let entry =
        Entry { kind, object_kind, object_id, version, places, before: None, after: Some(after) };
    tx.journal(entry).await.map(drop)
}

/// Who answers for an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A sector.
    Sector(Uuid),
    /// A member: one area at a time.
    Member(Uuid),
    /// A member of the chair meeting.
    ChairMember(Uuid),
}

/// Makes a responsibility area; returns its id.
pub async fn create_area(
    tx: &mut Tx<'_>,
    name: &str,
    division_code: i64,
    holder: Holder,
    from: NaiveDate,
) -> Result<Uuid> {
    let mut faults = Vec::new();
    let county = county_in_city(tx, division_code, &mut faults).await?;
    check(faults)?;
    let (holder_kind, sector_id, member_id) = match holder {
        Holder::Sector(id) => ("sector", Some(id), None),
        Holder::Member(id) => ("member", None, Some(id)),
        Holder::ChairMember(id) => ("chair_member", None, Some(id)),
    };
    let id = tx.call.id();
    let row = store::NewAreaRow {
        city_code: tx.call.city,
        id,
        name: name.to_owned(),
        division_code,
        county_code: Some(county),
        holder_kind: holder_kind.to_owned(),
        sector_id,
        member_id,
        during: days(from, None),
        version: 1,
        created_at: tx.call.now,
    };
    store::insert_area(tx.conn, row).await.map_err(refused)?;
    let places =
        Places { county: Some(county), sector: sector_id, member: member_id, ..Places::default() };
    let after = json!({ "division_code": division_code.to_string(), "holder_kind": holder_kind,
        "sector_id": sector_id, "member_id": member_id, "from": from });
    let (kind, object_kind) = ("area.created", "area");
    let (before, after) = (None, Some(after));
    let object_id = id;
    tx.journal(Entry { kind, object_kind, object_id, version: 1, places, before, after }).await?;
    Ok(id)
}
