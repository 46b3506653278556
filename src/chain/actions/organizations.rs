//! Organisations: entered, changed, ended, voided.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::links::why;
use super::{against, areas, guidances, organizes, posts, refers_to_organization, refused};
use crate::auth::Actor;
use crate::catalogue;
use crate::chain::kinds::{LinkKind, OrgKind};
use crate::chain::rules;
use crate::chain::rules::organizations::{Refusal, over};
use crate::chain::store::{self, Org, Relation, days};
use crate::error::{Code, Error, Fault, Result, Words, check};
use crate::journal::{Entry, Places, Tx};

/// An organisation to enter.
#[derive(Debug, Clone)]
pub struct NewOrganization<'a> {
    /// A fresh one unless given.
    pub id: Option<Uuid>,
    /// committee, sector, department, …
    pub kind: OrgKind,
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

/// What is new about an organisation.
#[derive(Debug, Clone, Default)]
pub struct OrganizationChange {
    /// Its name.
    pub name: Option<String>,
    /// Its place among its kind.
    pub position: Option<i16>,
    /// What it belongs to; the inner none: to nothing.
    pub parent: Option<Option<Uuid>>,
}

/// Loads and locks an organisation, of that kind where one is told, which `actor` may change, in the
/// version they saw.
pub async fn organization_for(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Option<OrgKind>,
    id: Uuid,
) -> Result<Org> {
    let found = store::lock_organization(tx.conn, tx.call.city, id).await?;
    let row = found.filter(|row| kind.is_none_or(|kind| kind.as_str() == row.kind));
    let row = row.ok_or_else(Error::not_found)?;
    organizes(actor, row.county_code)?;
    tx.call.expect(row.version)?;
    Ok(row)
}

/// Enters an organisation; it lasts no longer than what it belongs to.
pub async fn create_organization(tx: &mut Tx<'_>, new: NewOrganization<'_>) -> Result<Org> {
    let city = tx.call.city;
    let mut faults = Vec::new();
    if let Some(county) = new.county {
        let code = i64::from(county);
        let known = catalogue::division(tx.conn, code).await?;
        if !known.is_some_and(|d| d.level == "county" && catalogue::city_of(code) == city) {
            faults.push(Fault::reference("/county_code", "本市县(区)", "county of this city"));
        }
    } else if new.kind == OrgKind::CountyConference {
        faults.push(Refusal::CountyMissing.into());
    }
    let parent = match new.parent {
        Some(id) => {
            let parent = store::hold_organization(tx.conn, city, id).await?;
            faults.extend(unfit(new.kind, new.county, parent.as_ref()));
            parent
        }
        None => None,
    };
    check(faults)?;
    let sides: Vec<_> = parent.iter().map(Org::term).collect();
    let until = rules::joined(&sides, new.from, None).map_err(why)?;
    let id = new.id.unwrap_or_else(|| tx.call.id());
    let row = store::NewOrgRow {
        city_code: city,
        id,
        kind: new.kind.as_str().to_owned(),
        code: new.code.to_owned(),
        name: new.name.to_owned(),
        parent_id: new.parent,
        county_code: new.county,
        position: new.position,
        during: days(new.from, until),
        version: 1,
        created_at: tx.call.now,
    };
    store::insert_organization(tx.conn, row).await.map_err(refused)?;
    let after = json!({ "kind": new.kind, "code": new.code, "parent_id": new.parent,
        "county_code": new.county.map(|code| code.to_string()), "from": new.from, "until": until });
    let places = Places { county: new.county, ..Places::default() };
    journal_organization(tx, "organization.created", id, 1, places, after).await?;
    store::any_organization(tx.conn, city, id).await?.ok_or_else(Error::not_found)
}

/// What is wrong with a parent of an organisation of `kind`, if anything.
fn unfit(kind: OrgKind, county: Option<i32>, parent: Option<&Org>) -> Option<Fault> {
    let Some(parent) = parent else {
        return Some(Fault::reference("/parent_id", "上级组织", "organisation"));
    };
    let above = OrgKind::parse(&parent.kind);
    if !above.is_some_and(|above| kind.parents().contains(&above)) {
        return Some(Refusal::WrongParent.into());
    }
    let fits = over(parent.county_code, county);
    (!fits).then(|| Refusal::OtherCounty.into())
}

fn refused_at(pointer: &str, refusal: rules::Refusal) -> Error {
    Error::invalid(vec![Fault { pointer: pointer.into(), ..refusal.into() }])
}

/// Changes name, position or what it belongs to. Where that changes, the whole line above is locked
/// first, so that no ring comes about by two who do so at once.
pub async fn update_organization(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, id): (Option<OrgKind>, Uuid),
    change: OrganizationChange,
) -> Result<Org> {
    let city = tx.call.city;
    let locked = match change.parent.flatten() {
        Some(parent) => store::lock_line(tx.conn, city, id, parent).await?,
        None => Vec::new(),
    };
    let row = organization_for(tx, actor, kind, id).await?;
    if let Some(parent) = change.parent.flatten() {
        refers_to_organization(tx, actor, "/parent_id", parent).await?;
        let above = store::above(tx.conn, city, parent).await?;
        if above.contains(&id) {
            return Err(against(Refusal::UnderItself));
        }
        if above.iter().any(|one| !locked.contains(one)) {
            return Err(Error { retry_after: Some(1), ..Error::new(Code::StillRunning) });
        }
        let parent = store::any_organization(tx.conn, city, parent).await?;
        let own = OrgKind::parse(&row.kind).ok_or_else(|| Error::internal("an unknown kind"))?;
        check(unfit(own, row.county_code, parent.as_ref()).into_iter().collect())?;
        let fits = parent.map_or(Ok(()), |parent| rules::lies_within(parent.term(), row.term()));
        fits.map_err(|refusal| match refusal {
            rules::Refusal::BeforeTerm => refused_at("/parent_id", refusal),
            _ => against(Refusal::ParentEnds),
        })?;
    }
    rewrite(tx, row, change).await
}

/// Writes what is new about an organisation; its place in the tree has been looked at.
pub(super) async fn rewrite(
    tx: &mut Tx<'_>,
    mut row: Org,
    change: OrganizationChange,
) -> Result<Org> {
    let before = json!({ "name": row.name, "position": row.position, "parent_id": row.parent_id });
    row.name = change.name.unwrap_or(row.name);
    row.position = change.position.unwrap_or(row.position);
    row.parent_id = change.parent.unwrap_or(row.parent_id);
    let after = json!({ "name": row.name, "position": row.position, "parent_id": row.parent_id });
    save(tx, row, "organization.updated", Some(before), after).await
}

/// Ends an organisation before `until`. Its posts, its sector's areas and guidance and its committee's
/// departments and chair-meeting members end with it; members, guided sectors and what belongs to it
/// stand in the way.
pub async fn end_organization(tx: &mut Tx<'_>, mut row: Org, until: NaiveDate) -> Result<Org> {
    rules::term_ends(row.term(), until).map_err(why)?;
    free(tx, &row, until).await?;
    let closed = close(tx, &row, Some(until)).await?;
    row.until_on = Some(until);
    let after = json!({ "until": until, "links": closed });
    save(tx, row, "organization.ended", None, after).await
}

/// Voids an organisation that was entered by mistake, with everything that joins it to others;
/// `reason` is a code.
pub async fn void_organization(tx: &mut Tx<'_>, mut row: Org, reason: &str) -> Result<Org> {
    free(tx, &row, row.from_on).await?;
    let closed = close(tx, &row, None).await?;
    row.voided_at = Some(tx.call.now);
    let after = json!({ "reason": reason, "links": closed });
    save(tx, row, "organization.voided", None, after).await
}

/// 409 that names everything that hangs on the organisation on `day` or later, and how much of it.
async fn free(tx: &Tx<'_>, row: &Org, day: NaiveDate) -> Result<()> {
    let found = store::hanging(tx.conn, tx.call.city, row.id, day).await?;
    let all = [
        (Refusal::HasChildren, found.children),
        (Refusal::HasMembers, found.members),
        (Refusal::GuidesSectors, found.sectors),
    ];
    let told = all.into_iter().filter(|(_, count)| *count > 0).map(|(refusal, count)| {
        let (zh, en) = refusal.detail();
        let detail = Words::new(format!("{zh}({count})"), format!("{en} ({count})"));
        Fault { detail, ..refusal.into() }
    });
    let faults: Vec<Fault> = told.collect();
    if faults.is_empty() {
        return Ok(());
    }
    let (zh, en) = ("请先终止或转出其下各项", "end or move first what hangs on it");
    Err(Error { faults, ..Error::say(Code::TransitionNotAllowed, zh, en) })
}

/// Closes what ends with the organisation; returns the ids of the closed links.
async fn close(tx: &mut Tx<'_>, row: &Org, until: Option<NaiveDate>) -> Result<Vec<Uuid>> {
    let (city, now) = (tx.call.city, tx.call.now);
    for post in store::lock_posts_of(tx.conn, city, row.id).await? {
        posts::close_post(tx, post, row, until, None).await?;
    }
    if row.kind == OrgKind::Sector.as_str() {
        areas::close_areas(tx, (row.id, row.from_on), until, "sector_ended").await?;
    }
    let mut closed = Vec::new();
    for kind in LinkKind::ALL {
        for relation in [Relation::of_kind(kind), Relation::of_kind(kind).turned()] {
            let of = (row.id, None);
            let links = store::close_links(tx.conn, city, relation, of, until, now);
            closed.extend(links.await.map_err(refused)?.into_iter().map(|link| link.id));
        }
    }
    if row.kind == OrgKind::Sector.as_str() {
        guidances::follow(tx, row.id).await?;
    }
    Ok(closed)
}

async fn save(
    tx: &mut Tx<'_>,
    mut row: Org,
    kind: &'static str,
    before: Option<Value>,
    after: Value,
) -> Result<Org> {
    row.version += 1;
    store::update_organization(tx.conn, tx.call.city, &row).await.map_err(refused)?;
    let (object_kind, places, after) = ("organization", row.places(), Some(after));
    let (object_id, version) = (row.id, row.version);
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(row)
}

/// Another version of an organisation, for what was joined to it or taken from it; returns it.
pub(super) async fn touch(
    tx: &mut Tx<'_>,
    id: Uuid,
    kind: &'static str,
    places: Places,
    after: Value,
) -> Result<i64> {
    let version = store::touch_organization(tx.conn, tx.call.city, id).await?;
    journal_organization(tx, kind, id, version, places, after).await?;
    Ok(version)
}

pub(super) async fn journal_organization(
    tx: &mut Tx<'_>,
    kind: &'static str,
    object_id: Uuid,
    version: i64,
    places: Places,
    after: Value,
) -> Result<()> {
    let object_kind = "organization";
    let entry =
        Entry { kind, object_kind, object_id, version, places, before: None, after: Some(after) };
    tx.journal(entry).await.map(drop)
}
