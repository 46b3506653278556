//! What time does to work orders: the reminder and the yellow card of one that nobody signs for
//! (T2), and the overdue mark (T4).

use futures_util::future::LocalBoxFuture;

use super::notices::{Audience, notify};
use super::parent::{ParentState, Parents};
use super::round::{journal, tell_department};
use super::rules::{Card, State};
use super::store::{self, AssignmentRow};
use crate::error::{Code, Result};
use crate::journal::{Timer, TimerHandler, Tx};

/// The sign-in is late.
pub(super) const UNSIGNED: &str = "assignment.unsigned";
/// The sign-in is a working day late.
pub(super) const YELLOW: &str = "assignment.yellow";
/// The reply is late.
pub(super) const OVERDUE: &str = "assignment.overdue";

/// The handlers of this room's timers, for the assembly.
pub fn timers(parents: &Parents) -> Vec<(&'static str, Box<dyn TimerHandler>)> {
    let handler = |what| Box::new(Late { parents: parents.clone(), what }) as Box<dyn TimerHandler>;
    vec![
        (UNSIGNED, handler(What::Unsigned)),
        (YELLOW, handler(What::Yellow)),
        (OVERDUE, handler(What::Overdue)),
    ]
}

#[derive(Clone, Copy)]
enum What {
    Unsigned,
    Yellow,
    Overdue,
}

struct Late {
    parents: Parents,
    what: What,
}

impl TimerHandler for Late {
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let city = tx.call.city;
            let seen = match store::get(tx.conn, city, timer.object_id).await {
                Err(error) if error.code == Code::NotFound => return Ok(()),
                seen => seen?,
            };
            let parent = self.parents.of(&seen.parent_kind)?.lock(tx, seen.parent_id).await?;
            let row = store::lock(tx.conn, city, timer.object_id).await?;
            match self.what {
                What::Unsigned => unsigned(tx, timer, &row).await,
                What::Yellow => self.yellow(tx, row, &parent).await,
                What::Overdue => self.overdue(tx, row, &parent).await,
            }
        })
    }
}

/// T2, first part: reminds the department. Nothing of the work order changes.
async fn unsigned(tx: &mut Tx<'_>, timer: &Timer, row: &AssignmentRow) -> Result<()> {
    if row.state()? != State::PendingSign {
        return Ok(());
    }
    tell_department(tx, "assignment_unsigned", row, timer.id).await
}

impl Late {
    /// T2, second part: the yellow card.
    async fn yellow(
        &self,
        tx: &mut Tx<'_>,
        mut row: AssignmentRow,
        parent: &ParentState,
    ) -> Result<()> {
        if row.state()? != State::PendingSign || row.card()? != Card::Normal {
            return Ok(());
        }
        row.card = Card::Yellow.as_str().to_owned();
        self.store(tx, &mut row).await?;
        let before = row.state.clone();
        journal(tx, "assignment.carded", &row, &parent.places, Some(&before), None).await?;
        Ok(())
    }

    /// T4: the overdue mark, with a yellow card unless it has a higher one.
    async fn overdue(
        &self,
        tx: &mut Tx<'_>,
        mut row: AssignmentRow,
        parent: &ParentState,
    ) -> Result<()> {
        let open = matches!(row.state()?, State::PendingSign | State::Handling);
        // A reply that was sent back has a later limit and a timer of its own.
        if !open || row.overdue_at.is_some() || row.due_at > tx.call.now {
            return Ok(());
        }
        row.overdue_at = Some(tx.call.now);
        if row.card()? == Card::Normal {
            row.card = Card::Yellow.as_str().to_owned();
        }
        self.store(tx, &mut row).await?;
        let before = row.state.clone();
        let cause =
            journal(tx, "assignment.overdue", &row, &parent.places, Some(&before), None).await?;
        tell_department(tx, "assignment_overdue", &row, cause).await?;
        let (to, on) = (Audience::LiaisonCentre, Some(row.due_on));
        notify(tx, "assignment_overdue", to, None, "assignment", row.id, on, cause).await
    }

    /// Both versions move.
    async fn store(&self, tx: &mut Tx<'_>, row: &mut AssignmentRow) -> Result<()> {
        store::update(tx.conn, row, tx.call.now).await?;
        self.parents.of(&row.parent_kind)?.touch(tx, row.parent_id).await
    }
}
