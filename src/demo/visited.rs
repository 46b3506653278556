//! Plans and visits, told to the program: each member's year in one transaction, several members
//! at once.

use uuid::Uuid;

use super::cast::{call, word};
use super::load::{SEED, Stage};
use super::months::{Plan, Visit};
use crate::error::Result;
use crate::ids::Ids;
use crate::journal::Tx;
use crate::plans::rules::PeriodKind;
use crate::plans::{self, ItemRow, NewItem, NewPlan, OwnerKind};
use crate::records::{self, NewVisit};

/// Tells all that member number `member` planned and did; returns (position, id) of the visits.
pub(super) async fn tell(stage: &Stage<'_>, member: usize) -> Result<Vec<(usize, Uuid)>> {
    let ids = Ids::seeded(SEED + 10_000 + u64::try_from(member).unwrap_or_default());
    let actor = &stage.cast.members[member];
    let frame = call(actor, stage.opens, &ids);
    stage
        .journal
        .transaction(&frame, async |tx| {
            let (mut told, mut drafted) = (Vec::new(), Vec::new());
            let plans = stage.story.plans.iter().enumerate();
            for (number, plan) in plans.filter(|(_, plan)| plan.member == member) {
                let (id, items) = tell_plan(stage, tx, &ids, plan).await?;
                drafted.push(id);
                let visits = stage.story.visits.iter().enumerate();
                for (position, visit) in visits.filter(|(_, visit)| visit.plan == number) {
                    let id = tell_visit(stage, tx, &ids, visit, items[visit.item].id).await?;
                    told.push((position, id));
                }
            }
            let rest = call(actor, stage.closes, &ids);
            stage.journal.fire_of(&mut tx.framed(&rest), &drafted).await?;
            Ok(told)
        })
        .await
}

async fn tell_plan(
    stage: &Stage<'_>,
    tx: &mut Tx<'_>,
    ids: &Ids,
    plan: &Plan,
) -> Result<(Uuid, Vec<ItemRow>)> {
    let own = &stage.cast.members[plan.member];
    let items = plan.items.iter().map(|item| NewItem {
        id: None,
        channel_code: item.channel.clone(),
        must_visit_code: Some(item.must_visit.clone()),
        contact_id: item.contact.map(|contact| stage.founded.contacts[contact]),
        planned_on: Some(item.planned_on),
        subject: item.subject.clone(),
    });
    let body = NewPlan {
        id: None,
        owner_kind: OwnerKind::Member,
        owner_id: stage.founded.members[plan.member],
        period_kind: PeriodKind::Month,
        period_start: plan.month,
        note: None,
        items: items.collect(),
    };
    let frame = call(own, plan.created_at, ids);
    let (row, items) = plans::actions::create_plan(&mut tx.framed(&frame), own, body).await?;
    let frame = call(own, plan.submitted_at, ids);
    plans::actions::submit_plan(&mut tx.framed(&frame), own, row.id).await?;
    let decider = stage.cast.decider(plan.member);
    let frame = call(decider, plan.approved_at, ids);
    plans::actions::approve_plan(&mut tx.framed(&frame), decider, row.id).await?;
    Ok((row.id, items))
}

async fn tell_visit(
    stage: &Stage<'_>,
    tx: &mut Tx<'_>,
    ids: &Ids,
    visit: &Visit,
    plan_item_id: Uuid,
) -> Result<Uuid> {
    let own = &stage.cast.members[visit.member];
    let body = NewVisit {
        id: None,
        plan_item_id,
        contact_id: None,
        form: word(&visit.form)?,
        channel_code: None,
        must_visit_code: None,
        member_role: Some(word(&visit.member_role)?),
        started_at: visit.started_at,
        ended_at: Some(visit.ended_at),
        division_code: visit.division.map(|code| code.to_string()),
        place: None,
        summary: visit.summary.clone(),
    };
    let frame = call(own, visit.recorded_at, ids);
    let row = records::actions::record_visit(&mut tx.framed(&frame), own, body).await?;
    if let Some(at) = visit.confirmed_at {
        let decider = stage.cast.decider(visit.member);
        let frame = call(decider, at, ids);
        records::actions::confirm_visit(&mut tx.framed(&frame), decider, row.id).await?;
    }
    Ok(row.id)
}
