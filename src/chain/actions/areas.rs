//! Responsibility areas: entered, changed, ended, voided.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::links::why;
use super::{
    against, county_in_city, may_organize, refers_to_member, refers_to_organization, refused,
};
use crate::auth::{Actor, policy};
use crate::catalogue;
use crate::chain::geometry::Geometry;
use crate::chain::kinds::OrgKind;
use crate::chain::rules::organizations::Refusal;
use crate::chain::rules::{self, Term, geometry, grounds};
use crate::chain::store::{self, AreaRow, days};
use crate::error::{Error, Fault, Result, check};
use crate::journal::{Entry, Tx};
use crate::web::Patch;

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

impl Holder {
    /// The holder of a kind: sector, member or chair_member.
    pub fn of(kind: &str, id: Uuid) -> Self {
        match kind {
            "sector" => Self::Sector(id),
            "chair_member" => Self::ChairMember(id),
            _ => Self::Member(id),
        }
    }
}

/// An area to enter.
#[derive(Debug, Clone)]
pub struct NewArea<'a> {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: &'a str,
    /// What it covers.
    pub division_code: i64,
    /// Who answers for it.
    pub holder: Holder,
    /// What it looks like on a map.
    pub geometry: Option<Geometry>,
    /// Since when.
    pub from: NaiveDate,
    /// Until before when; none: as long as its holder.
    pub until: Option<NaiveDate>,
}

/// Loads and locks an area which `actor` may change, in the version they saw.
pub async fn area_for(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<AreaRow> {
    let row = store::lock_area(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)?;
    let holder = Holder::of(&row.holder_kind, row.sector_id.or(row.member_id).unwrap_or(id));
    let (_, county) = held_by(tx, holder).await?.ok_or_else(Error::not_found)?;
    // Every account reads every area; whose holder is another county's is not theirs to keep.
    may_organize(actor, county)?;
    tx.call.expect(row.version)?;
    Ok(row)
}

/// The time of who answers for an area, and the county they belong to; none where there is no such one.
async fn held_by(tx: &Tx<'_>, holder: Holder) -> Result<Option<(Term, Option<i32>)>> {
    let city = tx.call.city;
    match holder {
        Holder::Sector(id) => {
            let found = store::hold_organization(tx.conn, city, id).await?;
            let sector = found.filter(|row| row.kind == OrgKind::Sector.as_str());
            Ok(sector.map(|row| (row.term(), row.county_code)))
        }
        Holder::Member(id) | Holder::ChairMember(id) => {
            let member = store::lock_member(tx.conn, city, id).await?;
            Ok(member.map(|row| ((row.from_on, row.until_on), row.county_code)))
        }
    }
}

/// [`create_area`] for a holder to whom `actor` may give one; whom they do not see is nowhere.
pub async fn create_area_for(tx: &mut Tx<'_>, actor: &Actor, new: NewArea<'_>) -> Result<AreaRow> {
    let at = "/holder_id";
    match new.holder {
        Holder::Sector(id) => refers_to_organization(tx, actor, at, id).await?,
        Holder::Member(id) | Holder::ChairMember(id) => {
            refers_to_member(tx, actor, at, id).await?;
        }
    }
    if let Some((_, county)) = held_by(tx, new.holder).await? {
        may_organize(actor, county)?;
    }
    if !policy::reads_county(actor, Some(catalogue::county_of(new.division_code))) {
        return Err(against(Refusal::AreaOfOtherCounty));
    }
    create_area(tx, new).await
}

/// Enters a responsibility area.
pub async fn create_area(tx: &mut Tx<'_>, new: NewArea<'_>) -> Result<AreaRow> {
    let mut faults = Vec::new();
    let geometry = new.geometry.map(geometry::read).transpose();
    let geometry = geometry.map_err(|wrong| faults.extend(wrong)).ok().flatten();
    let city = tx.call.city;
    let county = county_in_city(tx, new.division_code, &mut faults).await?;
    let found = held_by(tx, new.holder).await?;
    if found.is_none() {
        let (zh, en) = match new.holder {
            Holder::Sector(_) => ("界别", "sector"),
            _ => ("委员", "member"),
        };
        faults.push(Fault::reference("/holder_id", zh, en));
    }
    // A member may answer for another county than their own; a county's sector is that county's.
    let own = found.filter(|_| matches!(new.holder, Holder::Sector(_)));
    let own = own.and_then(|(_, county)| county);
    if faults.is_empty() && own.is_some_and(|own| own != county) {
        faults.push(Refusal::AreaOfOtherCounty.into());
    }
    let mut sides: Vec<Term> = found.iter().map(|(term, _)| *term).collect();
    if let (Holder::ChairMember(id), false) = (new.holder, sides.is_empty()) {
        let ground = store::chair_terms(tx.conn, city, id).await?;
        match grounds::lasts(&ground, new.from) {
            Some(term) => sides.push(term),
            None => {
                let pointer = "/holder_id".into();
                faults.push(Fault { pointer, ..Refusal::NotOfChairMeeting.into() });
            }
        }
    }
    check(faults)?;
    let until = rules::joined(&sides, new.from, new.until).map_err(why)?;
    let (holder_kind, sector_id, member_id) = match new.holder {
        Holder::Sector(id) => ("sector", Some(id), None),
        Holder::Member(id) => ("member", None, Some(id)),
        Holder::ChairMember(id) => ("chair_member", None, Some(id)),
    };
    let id = new.id.unwrap_or_else(|| tx.call.id());
    let row = store::NewAreaRow {
        city_code: city,
        id,
        name: new.name.to_owned(),
        division_code: new.division_code,
        county_code: Some(county),
        holder_kind: holder_kind.to_owned(),
        sector_id,
        member_id,
        geometry,
        during: days(new.from, until),
        version: 1,
        created_at: tx.call.now,
    };
    store::insert_area(tx.conn, row).await.map_err(refused)?;
    let row = store::area(tx.conn, city, id).await?.ok_or_else(Error::not_found)?;
    let after = json!({ "division_code": row.division_code.to_string(),
        "holder_kind": holder_kind, "sector_id": sector_id, "member_id": member_id,
        "geometry": row.geometry, "from": row.from_on, "until": row.until_on });
    journal_area(tx, "area.created", &row, after).await?;
    Ok(row)
}

/// What is new about an area.
#[derive(Debug, Clone, Default)]
pub struct AreaChange {
    /// Its name.
    pub name: Option<String>,
    /// What it looks like on a map.
    pub geometry: Patch<Geometry>,
}

/// Gives an area another name or another geometry.
pub async fn update_area(tx: &mut Tx<'_>, mut row: AreaRow, change: AreaChange) -> Result<AreaRow> {
    let AreaChange { name, geometry } = change;
    row.name = name.unwrap_or(row.name);
    let mut after = json!({ "name": row.name });
    let drawn = match geometry {
        Patch::Value(shape) => Some(Some(geometry::read(shape).map_err(Error::invalid)?)),
        Patch::Null => Some(None),
        Patch::Absent => None,
    };
    if let Some(shape) = drawn {
        after["geometry"] = json!(shape);
        row.geometry = shape;
    }
    save(tx, row, "area.updated", after).await
}

/// Ends an area before `until`.
pub async fn end_area(tx: &mut Tx<'_>, mut row: AreaRow, until: NaiveDate) -> Result<AreaRow> {
    rules::term_ends(row.term(), until).map_err(why)?;
    row.until_on = Some(until);
    save(tx, row, "area.ended", json!({ "until": until })).await
}

/// Voids an area that was entered by mistake; `reason` is a code.
pub async fn void_area(tx: &mut Tx<'_>, mut row: AreaRow, reason: &str) -> Result<AreaRow> {
    row.voided_at = Some(tx.call.now);
    save(tx, row, "area.voided", json!({ "reason": reason })).await
}

/// The areas of a holder who was there from `began` and goes before `until` go with them; those that
/// have not begun by then are voided, all of them where there is no `until`.
pub(super) async fn close_areas(
    tx: &mut Tx<'_>,
    (holder, began): (Uuid, NaiveDate),
    until: Option<NaiveDate>,
    reason: &str,
) -> Result<()> {
    let day = until.unwrap_or(began);
    for row in store::lock_areas_of(tx.conn, tx.call.city, holder, day).await? {
        match until.filter(|until| *until > row.from_on) {
            Some(until) => end_area(tx, row, until).await?,
            None => void_area(tx, row, reason).await?,
        };
    }
    Ok(())
}

async fn save(
    tx: &mut Tx<'_>,
    mut row: AreaRow,
    kind: &'static str,
    after: Value,
) -> Result<AreaRow> {
    row.version += 1;
    store::update_area(tx.conn, tx.call.city, &row).await?;
    journal_area(tx, kind, &row, after).await?;
    Ok(row)
}

async fn journal_area(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &AreaRow,
    after: Value,
) -> Result<()> {
    let (object_kind, places, before, after) = ("area", row.places(), None, Some(after));
    let (object_id, version) = (row.id, row.version);
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(())
}
