//! What handling asks of an issue and tells it, and the timer of the centre's clocks.

use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::actions::{Opened, all_replied};
use super::rules::{ResultClass, State};
use super::store::{clocks, issues, reporters};
use crate::chain;
use crate::db::Conn;
use crate::error::Result;
use crate::handling::{self, Audience, Parent, ParentState, ReporterView};
use crate::journal::{Places, Timer, TimerHandler, Tx};

/// Issues, as the parent of work orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct IssueParent;

impl Parent for IssueParent {
    fn kind(&self) -> &'static str {
        "issue"
    }

    fn lock<'a>(&'a self, tx: &'a mut Tx<'_>, id: Uuid) -> LocalBoxFuture<'a, Result<ParentState>> {
        Box::pin(async move {
            let Opened { row, places, .. } = Opened::lock(tx, id).await?;
            Ok(ParentState {
                version: row.version,
                round: row.round,
                urgency: row.urgency()?,
                places,
                live: row.state()? == State::InHandling,
            })
        })
    }

    fn places<'a>(
        &'a self,
        conn: Conn<'a>,
        city: i32,
        id: Uuid,
    ) -> LocalBoxFuture<'a, Result<Places>> {
        Box::pin(async move {
            let row = issues::find(conn, city, id).await?;
            Ok(row.map(|row| row.places(Vec::new())).unwrap_or_default())
        })
    }

    fn touch<'a>(&'a self, tx: &'a mut Tx<'_>, id: Uuid) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move { issues::touch(tx.conn, tx.call.city, id, tx.call.now).await })
    }

    fn all_replied<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        id: Uuid,
        class: ResultClass,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(all_replied(tx, id, class))
    }

    fn reporter<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        id: Uuid,
    ) -> LocalBoxFuture<'a, Result<Option<ReporterView>>> {
        Box::pin(async move {
            let city = tx.call.city;
            let Some(row) = issues::find(tx.conn, city, id).await? else { return Ok(None) };
            let reporter = reporters::find(tx.conn, city, row.reporter_id).await?;
            let Some(one) = reporter.filter(|one| one.erased_at.is_none()) else {
                return Ok(None);
            };
            // What was not said is known of the contact that they are.
            let contact = match one.contact_id {
                Some(id) => chain::contact(tx.conn, city, id).await?,
                None => None,
            };
            let (mut name, mut phone, mut address) = (one.name, one.phone, one.address);
            if let Some(contact) = contact {
                name = name.or(Some(contact.name));
                phone = phone.or(contact.phone);
                address = address.or(contact.address);
            }
            let reachable = name.is_some() || phone.is_some() || address.is_some();
            Ok(reachable.then_some(ReporterView { name, phone, address }))
        })
    }
}

/// T1 and T6: a clock of the centre's is over. A clock that was stopped meanwhile tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClockTimer;

impl TimerHandler for ClockTimer {
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (city, id) = (tx.call.city, timer.object_id);
            let all = clocks::list(tx.conn, city, id).await?;
            let over =
                |clock: &&clocks::Row| clock.ended_at.is_none() && clock.due_at <= timer.due_at;
            let Some(clock) = all.iter().find(over) else { return Ok(()) };
            let (to, on) = (Audience::LiaisonCentre, Some(clock.due_on));
            handling::notify(tx, "issue_clock_over", to, None, "issue", id, on, timer.id).await
        })
    }
}
