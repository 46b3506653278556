//! The chain as a whole, and one member's place in it.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::areas::AreaView;
use super::links::LinkView;
use super::{AsOf, day_of};
use crate::auth::{Noun, Read, policy};
use crate::chain::store::{self, MemberRow, Pair};
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::web::{Answer, Problem};

/// A member's place in the chain on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberChainView {
    /// The member.
    pub member_id: Uuid,
    /// The sector they belong to.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// The member who convenes it.
    #[schema(required = true)]
    pub convener_id: Option<Uuid>,
    /// The committee that guides it.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// The areas they answer for.
    #[schema(max_items = 1000)]
    pub areas: Vec<AreaView>,
    /// The contacts linked to them.
    #[schema(max_items = 1000)]
    pub contacts: Vec<LinkView>,
}

/// Get a member's chain
///
/// Upwards the sector, its convener and its committee; downwards the areas and the contacts, on that
/// day. For whoever sees the member.
#[utoipa::path(tag = "chain", params(("member_id" = Uuid, Path, description = "The member"), AsOf),
    responses((status = 200, description = "The member's chain", body = MemberChainView)))]
#[get("/{member_id}/chain")]
pub async fn get_member_chain(
    journal: Data<Journal>,
    request: Read<AsOf>,
) -> Result<Answer, Problem> {
    let Read { actor, id, query, now, .. } = request;
    let (city, on) = (actor.city, day_of(query.as_of, now));
    let conn = journal.db.read().await?;
    let seen = |row: &MemberRow| policy::sees(&actor, Noun::Member, &row.places());
    let there = |row: &MemberRow| query.shows(row.from_on, row.until_on);
    let row = store::member(&conn, city, id).await?.filter(seen).filter(there);
    let row = row.ok_or_else(Error::not_found)?;
    let sector_id = store::sector_of(&conn, city, id, on).await?;
    let (mut convener_id, mut committee_id) = (None, None);
    if let Some(sector) = sector_id {
        convener_id = store::convener_of(&conn, city, sector, on).await?;
        committee_id = store::committee_of(&conn, city, sector, on).await?;
    }
    let areas = store::areas_of_member(&conn, city, id, on).await?;
    let areas = areas.into_iter().map(AreaView::from).collect();
    let contacts = store::contacts_of_member(&conn, city, id, on).await?;
    let contacts = contacts.into_iter().map(LinkView::from).collect();
    let member_id = id;
    let view = MemberChainView { member_id, sector_id, convener_id, committee_id, areas, contacts };
    Ok(Answer::ok(row.version, &view)?)
}

/// A sector in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectorNode {
    /// The sector.
    pub id: Uuid,
    /// Its stable word.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "economy")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200, example = "经济界")]
    pub name: String,
    /// The member who convenes it.
    #[schema(required = true)]
    pub convener_id: Option<Uuid>,
    /// Its members.
    #[schema(minimum = 0, example = 21)]
    pub members: i64,
    /// Its members' different contacts.
    #[schema(minimum = 0, example = 18)]
    pub contacts: i64,
}

/// A committee in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommitteeNode {
    /// The committee.
    pub id: Uuid,
    /// Its stable word.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "economy")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200, example = "经济委员会")]
    pub name: String,
    /// The sectors it guides.
    #[schema(max_items = 200)]
    pub sectors: Vec<SectorNode>,
}

/// The chain of a city on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainView {
    /// Committees with their sectors.
    #[schema(max_items = 200)]
    pub committees: Vec<CommitteeNode>,
    /// Sectors that no committee guides.
    #[schema(max_items = 200)]
    pub unguided: Vec<SectorNode>,
}

/// Get the chain
///
/// Committee → sector → how many members and contacts, on that day. Any account may read it: it holds
/// counts and no person.
#[utoipa::path(tag = "chain", params(AsOf),
    responses((status = 200, description = "The chain", body = ChainView)))]
#[get("")]
pub async fn get_chain(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let (city, on) = (request.actor.city, day_of(request.query.as_of, request.now));
    let conn = journal.db.read().await?;
    let seen = |org: &store::Org| policy::reads_county(&request.actor, org.county_code);
    let mut committees = store::all_organizations(&conn, city, "committee", on).await?;
    let mut sectors = store::all_organizations(&conn, city, "sector", on).await?;
    committees.retain(seen);
    sectors.retain(seen);
    let guided = Pair::map(store::guidances(&conn, city, on).await?);
    let convened = Pair::map(store::conveners(&conn, city, on).await?);
    let tally = |rows: Vec<store::Tally>| rows.into_iter().map(|t| (t.of, t.count)).collect();
    let members: HashMap<Uuid, i64> = tally(store::count_members(&conn, city, on).await?);
    let contacts: HashMap<Uuid, i64> = tally(store::count_contacts(&conn, city, on).await?);
    let under = |committee: Option<Uuid>| {
        let here = sectors.iter().filter(|s| guided.get(&s.id).copied() == committee);
        let node = here.map(|sector| SectorNode {
            id: sector.id,
            code: sector.code.clone(),
            name: sector.name.clone(),
            convener_id: convened.get(&sector.id).copied(),
            members: members.get(&sector.id).copied().unwrap_or(0),
            contacts: contacts.get(&sector.id).copied().unwrap_or(0),
        });
        node.collect()
    };
    let node = |committee: store::Org| CommitteeNode {
        sectors: under(Some(committee.id)),
        id: committee.id,
        code: committee.code,
        name: committee.name,
    };
    let unguided = under(None);
    let committees = committees.into_iter().map(node).collect();
    Ok(Answer::plain(&ChainView { committees, unguided })?)
}
