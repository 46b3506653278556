//! Issues, from whoever brings them in up to the ledger.

use uuid::Uuid;

use super::cast::{call, word};
use super::ledger::{Issue, Origin};
use super::load::{SEED, Stage};
use crate::auth::ServerSecret;
use crate::error::Result;
use crate::ids::Ids;
use crate::issues::actions;
use crate::issues::bodies::{AcceptBody, CreateIssueBody, PublicIntakeBody, ReporterBody};
use crate::journal::{Call, CallerKind, Tx};

/// The ids of issue number `number`: its own, so that it comes out the same beside any others.
pub(super) fn ids(phase: u64, number: usize) -> Ids {
    Ids::seeded(SEED + phase + u64::try_from(number).unwrap_or_default())
}

/// Brings issue number `number` in; `visits` are the ids of the visits by their position.
pub(super) async fn take_in(
    stage: &Stage<'_>,
    number: usize,
    visits: &[Option<Uuid>],
) -> Result<Uuid> {
    let issue = &stage.story.issues[number];
    let row = &stage.story.rows[issue.row];
    let ids = ids(20_000, number);
    if row.channel == "public" {
        let body = PublicIntakeBody {
            title: row.title.clone(),
            body: row.body.clone(),
            category: row.category.clone(),
            urgency: Some(word(&row.urgency)?),
            division_code: row.division.to_string(),
            place: None,
            reporter: None,
        };
        let frame = Call {
            actor_kind: CallerKind::Public,
            ..Call::scheduler(stage.founded.city, issue.intake_at, ids, "demo")
        };
        // Nobody holds the tracking codes of a story, so any secret makes them.
        let secret = ServerSecret::new(&[0; 32]);
        let work = async |tx: &mut Tx<'_>| Ok(actions::intake(tx, &secret, body).await?.id);
        return stage.journal.transaction(&frame, work).await;
    }
    let (actor, member_id, reporter, visit) = match issue.origin {
        Origin::Public { member } => {
            let member = stage.founded.members[member];
            (&stage.cast.liaison, Some(member), ReporterBody::default(), None)
        }
        Origin::Member { member, contact, visit } => {
            let reporter = ReporterBody {
                name: Some(stage.story.chain.contacts[contact].name.clone()),
                contact_id: Some(stage.founded.contacts[contact]),
                ..ReporterBody::default()
            };
            let visit = visit.and_then(|position| visits[position]);
            (&stage.cast.members[member], None, reporter, visit)
        }
    };
    let body = CreateIssueBody {
        id: None,
        title: row.title.clone(),
        body: row.body.clone(),
        category: row.category.clone(),
        urgency: word(&row.urgency)?,
        channel: word(&row.channel)?,
        division_code: row.division.to_string(),
        place: None,
        sector_id: None,
        member_id,
        source_visit_id: visit,
        reporter,
    };
    let frame = call(actor, issue.intake_at, &ids);
    let work = async |tx: &mut Tx<'_>| {
        let id = actions::create(tx, actor, body).await?.id;
        actions::submit(tx, actor, id).await?;
        Ok(id)
    };
    stage.journal.transaction(&frame, work).await
}

/// Accepts issue number `number`, which the program knows as `id`. The ledger's numbers follow the
/// order of the calls.
pub(super) async fn accept(stage: &Stage<'_>, number: usize, id: Uuid) -> Result<()> {
    let issue: &Issue = &stage.story.issues[number];
    let row = &stage.story.rows[issue.row];
    let member = match issue.origin {
        Origin::Public { member } | Origin::Member { member, .. } => member,
    };
    let sector = stage.story.chain.members[member].sector;
    let body = AcceptBody {
        category: row.category.clone(),
        urgency: word(&row.urgency)?,
        division_code: None,
        sector_id: (row.channel == "public").then(|| stage.founded.sectors[sector]),
    };
    let centre = &stage.cast.liaison;
    let frame = call(centre, issue.accepted_at, &ids(30_000, number));
    let work = async |tx: &mut Tx<'_>| {
        stage.journal.fire_of(tx, &[id]).await?;
        actions::accept(tx, centre, id, body).await.map(drop)
    };
    stage.journal.transaction(&frame, work).await
}
