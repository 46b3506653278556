//! The committees' adjustments, told to the program: reported and checked by the staff, approved by the
//! liaison centre, in effect by their timers.

use uuid::Uuid;

use super::adjustments::{Adjustment, Change};
use super::cast::call;
use super::load::Stage;
use super::raised::ids;
use crate::chain::actions::{self, NewAdjustment};
use crate::chain::rules::adjustments::{Reason, Wanted};
use crate::error::Result;

/// Tells adjustment number `number`, in one transaction; returns its id.
pub(super) async fn tell(stage: &Stage<'_>, number: usize) -> Result<Uuid> {
    let told = &stage.story.adjustments[number];
    let ids = ids(60_000, number);
    let (_, staff) = &stage.cast.conveners[told.sector];
    let frame = call(staff, told.reported_at, &ids);
    stage
        .journal
        .transaction(&frame, async |tx| {
            let id = actions::report_adjustment(tx, staff, report(stage, told)).await?.id;
            let frame = call(staff, told.checked_at, &ids);
            actions::check_adjustment(&mut tx.framed(&frame), staff, id).await?;
            let centre = &stage.cast.liaison;
            let frame = call(centre, told.approved_at, &ids);
            actions::approve_adjustment(&mut tx.framed(&frame), centre, id).await?;
            let rest = call(centre, stage.closes, &ids);
            stage.journal.fire_of(&mut tx.framed(&rest), &[id]).await?;
            Ok(id)
        })
        .await
}

fn report(stage: &Stage<'_>, told: &Adjustment) -> NewAdjustment {
    let founded = stage.founded;
    let item = |change: &Change| {
        let wanted = Wanted {
            sector_id: change.to_sector.map(|sector| founded.sectors[sector]),
            ends_term: false,
            end: vec![founded.contacts[change.end]],
            link: vec![founded.contacts[change.link]],
        };
        (founded.members[change.member], wanted)
    };
    NewAdjustment {
        id: None,
        from: told.from,
        reason: Reason::ContactsSharedAnew,
        note: None,
        items: told.changes.iter().map(item).collect(),
    }
}
