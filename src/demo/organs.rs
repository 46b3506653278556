//! What leads the conference and works beside its committees: party group, chair meeting, branches,
//! activity groups, counties' conferences, with their posts, their division of work and the quota of
//! contacts. The liaison centre enters it after the city is founded; all stands since then. Nothing that
//! statistics count is added: who holds a post is one of the members, and a county has no committee or
//! sector of its own.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cast::{call, word};
use super::chain::{self as told, Chain};
use super::data;
use super::found::{Founded, SINCE, in_city};
use super::party;
use super::raised::ids;
use crate::auth::Actor;
use crate::chain::actions::{
    self as chain, Holder, NewArea, NewContactLink, NewOrganization, NewPost, OrganizationChange,
};
use crate::chain::kinds::{LinkKind, OrgKind};
use crate::chain::{MemberRow, Org};
use crate::error::{Error, Result};
use crate::journal::{Journal, Tx};

/// So many contacts each member is to have: every fifth is short of one.
const QUOTA: i16 = 3;
/// To which the city's committees belong.
const CHAIR_MEETING: &str = "chair_meeting/hegang";

/// Completes a city that was founded in full, in one transaction at `at`.
pub async fn organize(journal: &Journal, founded: &Founded, at: DateTime<Utc>) -> Result<()> {
    let centre = founded.accounts.first().ok_or_else(|| Error::internal("no liaison centre"))?;
    let centre = &centre.actor;
    let frame = call(centre, at, &ids(70_000, 0));
    journal
        .transaction(&frame, async |tx| {
            let mut organs = Organs::new(founded, centre)?;
            organs.enter(tx).await?;
            organs.fill(tx).await?;
            organs.join(tx).await?;
            organs.areas(tx).await?;
            let chain = told::build(&data::divisions()?, &data::sectors()?)?;
            organs.party(tx, &chain).await?;
            organs.groups(tx, &chain).await?;
            third_contacts(tx, founded, &chain).await?;
            chain::set_quota(tx, centre, QUOTA, Some(SINCE)).await.map(drop)
        })
        .await
}

/// The member who chairs the conference, where the city is large enough to have them.
pub(super) fn chair(members: &[MemberRow]) -> Result<Option<&MemberRow>> {
    let posts = data::posts()?;
    let post = posts.iter().find(|post| post.organization == CHAIR_MEETING && post.kind == "chair");
    let number = post.and_then(|post| post.member.as_deref());
    Ok(members.iter().find(|row| Some(&*row.number) == number))
}

/// What the files call by kind and code, or by number.
struct Organs<'a> {
    centre: &'a Actor,
    organizations: BTreeMap<String, Uuid>,
    members: BTreeMap<&'a str, Uuid>,
    in_order: &'a [Uuid],
}

impl<'a> Organs<'a> {
    fn new(founded: &'a Founded, centre: &'a Actor) -> Result<Self> {
        let (committees, sectors) = (data::committees()?, data::sectors()?);
        let committees = committees.iter().map(|one| format!("committee/{}", one.code));
        let sectors = sectors.iter().map(|one| format!("sector/{}", one.code));
        let departments = founded.departments.iter();
        let departments = departments.map(|(code, id)| (format!("department/{code}"), *id));
        let organizations = committees.zip(founded.committees.iter().copied());
        let organizations = organizations.chain(sectors.zip(founded.sectors.iter().copied()));
        let members = founded.rows.iter().map(|row| (&*row.number, row.id));
        Ok(Self {
            centre,
            organizations: organizations.chain(departments).collect(),
            members: members.collect(),
            in_order: &founded.members,
        })
    }

    fn id(&self, name: &str) -> Result<Uuid> {
        let found = self.organizations.get(name).or_else(|| self.members.get(name));
        found.copied().ok_or_else(|| Error::internal(format!("no {name} in the city")))
    }

    /// The organisation as it is now: each link makes another version of it.
    async fn organization(&self, tx: &mut Tx<'_>, name: &str) -> Result<Org> {
        chain::organization_for(tx, self.centre, None, self.id(name)?).await
    }

    /// Enters the organisations; the committees come to belong to the chair meeting.
    async fn enter(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        for one in data::organs()? {
            let county = one.county.map(|code| in_city(tx.call.city, code));
            let new = NewOrganization {
                id: None,
                kind: word(&one.kind)?,
                code: &one.code,
                name: &one.name,
                position: one.position,
                parent: one.parent.as_deref().map(|name| self.id(name)).transpose()?,
                county: county.map(i32::try_from).transpose().map_err(Error::internal)?,
                from: SINCE,
            };
            let id = chain::create_organization(tx, new).await?.id;
            self.organizations.insert(format!("{}/{}", one.kind, one.code), id);
        }
        let parent = Some(Some(self.id(CHAIR_MEETING)?));
        for one in data::committees()? {
            let which = (Some(OrgKind::Committee), self.id(&format!("committee/{}", one.code))?);
            let change = OrganizationChange { parent, ..OrganizationChange::default() };
            chain::update_organization(tx, self.centre, which, change).await?;
        }
        Ok(())
    }

    /// Makes the posts; who is to hold them does so, the others stay vacant.
    async fn fill(&self, tx: &mut Tx<'_>) -> Result<()> {
        for one in data::posts()? {
            let owner = self.organization(tx, &one.organization).await?;
            let (id, kind, title) = (None, word(&one.kind)?, &*one.title);
            let new = NewPost { id, kind, title, from: SINCE };
            let mut post = chain::create_post(tx, &owner, new).await?;
            if let Some(number) = &one.member {
                let during = (SINCE, None);
                chain::hold_post(tx, (&mut post, &owner), self.id(number)?, during).await?;
            }
        }
        Ok(())
    }

    /// Counterpart departments of the committees, who of the chair meeting is in charge of them, and who is
    /// in the party group.
    async fn join(&self, tx: &mut Tx<'_>) -> Result<()> {
        for one in data::links()? {
            let owner = self.organization(tx, &one.organization).await?;
            let (kind, other) = (word(&one.kind)?, self.id(&one.other)?);
            chain::join_organization(tx, &owner, kind, other, (SINCE, None)).await?;
        }
        Ok(())
    }

    /// Each sector's activity group has the sector's members.
    async fn groups(&self, tx: &mut Tx<'_>, chain: &Chain) -> Result<()> {
        for (at, sector) in data::sectors()?.into_iter().enumerate() {
            let owner = self.organization(tx, &format!("group/{}", sector.code)).await?;
            let here = chain.members.iter().zip(self.in_order).filter(|(one, _)| one.sector == at);
            for (_, member) in here {
                let (kind, since) = (LinkKind::GroupMember, (SINCE, None));
                chain::join_organization(tx, &owner, kind, *member, since).await?;
            }
        }
        Ok(())
    }

    async fn areas(&self, tx: &mut Tx<'_>) -> Result<()> {
        for one in data::chair_areas()? {
            let (id, name, until) = (None, &*one.name, None);
            let division_code = in_city(tx.call.city, one.division);
            let holder = Holder::ChairMember(self.id(&one.member)?);
            let new =
                NewArea { id, name, division_code, holder, geometry: None, from: SINCE, until };
            chain::create_area(tx, new).await?;
        }
        Ok(())
    }

    async fn party(&self, tx: &mut Tx<'_>, chain: &Chain) -> Result<()> {
        let (committees, sectors, since) = (data::committees()?, data::sectors()?, (SINCE, None));
        for branch in party::branches(chain, &committees, &sectors) {
            let owner = self.organization(tx, &format!("party_branch/{}", branch.code)).await?;
            for member in branch.members {
                let (kind, other) = (LinkKind::BranchMember, self.in_order[member]);
                chain::join_organization(tx, &owner, kind, other, since).await?;
            }
            for (member, outside) in branch.links {
                // As they are now: each link makes another version of them.
                let row = chain::member_for(tx, self.centre, self.in_order[member]).await?;
                chain::lead_member(tx, row, self.in_order[outside], since).await?;
            }
        }
        Ok(())
    }
}

async fn third_contacts(tx: &mut Tx<'_>, founded: &Founded, chain: &Chain) -> Result<()> {
    let new = chain.third_contacts().into_iter().map(|(member, contact)| NewContactLink {
        member: founded.members[member],
        contact: founded.contacts[contact],
        term: (SINCE, None),
    });
    chain::link_contacts(tx, new.collect()).await?.into_iter().try_for_each(|one| one.map(drop))
}
