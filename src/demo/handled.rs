//! What became of an issue in the ledger: work orders, replies, reviews, what the reporter said. All
//! of one issue's acts in the order of time and in one transaction; timers fire between them.

use chrono::{DateTime, Months, Utc};
use uuid::Uuid;

use super::cast::{Office, call, word};
use super::data::IssueRow;
use super::ledger::{End, Issue};
use super::load::Stage;
use super::raised::ids;
use crate::error::{Error, Result};
use crate::handling::actions::{self as work, Contact, Words};
use crate::handling::{self, ContactMode, ResultClass};
use crate::issues::actions as issues;
use crate::issues::bodies::{
    Answered, AttemptBody, DispatchBody, DispatchOrder, ObjectiveBody, SendBackBody, TrackBody,
};
use crate::issues::rules::{Satisfaction, Shape};
use crate::journal::Tx;
use crate::workdays::local_date;

/// One act; the number is that of a work order, a review or an attempt.
#[derive(Clone, Copy)]
enum Step {
    Dispatch,
    SignIn(usize),
    Contact(usize),
    Draft(usize),
    Reply(usize),
    Review(usize),
    Attempt(usize),
    Answer,
    End(End),
    /// The story is over: what is due by now has fired.
    Rest,
}

/// All acts, in the order of time.
fn line(issue: &Issue, rest: DateTime<Utc>) -> Vec<(DateTime<Utc>, Step)> {
    let mut line: Vec<_> = issue.dispatched_at.map(|at| (at, Step::Dispatch)).into_iter().collect();
    for (number, work) in issue.works.iter().enumerate() {
        line.push((work.signed_at, Step::SignIn(number)));
        line.push((work.first_contact_at, Step::Contact(number)));
        for (drafted, signed) in &work.replies {
            line.push((*drafted, Step::Draft(number)));
            line.push((*signed, Step::Reply(number)));
        }
    }
    line.extend(issue.reviews.iter().enumerate().map(|(n, one)| (one.at, Step::Review(n))));
    line.extend(issue.attempts.iter().enumerate().map(|(n, one)| (one.at, Step::Attempt(n))));
    line.extend(issue.answered_at.map(|at| (at, Step::Answer)));
    line.extend(issue.end.map(|end| match end {
        End::Closed { at } | End::ClosedObjective { at } => (at, Step::End(end)),
        End::ClosedUnreached { at } | End::Tracked { at, .. } => (at, Step::End(end)),
    }));
    line.push((rest, Step::Rest));
    // Stable: acts of one instant stay in the order in which they stand here.
    line.sort_by_key(|(at, _)| *at);
    line
}

/// Tells all that happened to issue number `number`, which the program knows as `id`.
pub(super) async fn tell(stage: &Stage<'_>, number: usize, id: Uuid) -> Result<()> {
    let issue = &stage.story.issues[number];
    let ids = ids(40_000, number);
    let centre = &stage.cast.liaison;
    let frame = call(centre, issue.accepted_at, &ids);
    let all = async |tx: &mut Tx<'_>| {
        let mut scene = Scene { stage, issue, id, orders: Vec::new() };
        for (at, step) in line(issue, stage.closes) {
            let actor = match step {
                Step::SignIn(work) => &scene.office(work)?.receiver,
                Step::Contact(work) | Step::Draft(work) => &scene.office(work)?.handler,
                Step::Reply(work) => &scene.office(work)?.head,
                _ => centre,
            };
            let frame = call(actor, at, &ids);
            scene.act(&mut tx.framed(&frame), step).await?;
        }
        Ok(())
    };
    stage.journal.transaction(&frame, all).await
}

struct Scene<'a> {
    stage: &'a Stage<'a>,
    issue: &'a Issue,
    id: Uuid,
    /// In the order of the departments in the file, once they are given out.
    orders: Vec<Uuid>,
}

impl<'a> Scene<'a> {
    fn row(&self) -> &'a IssueRow {
        &self.stage.story.rows[self.issue.row]
    }

    fn office(&self, work: usize) -> Result<&'a Office> {
        self.stage.cast.office(&self.issue.works[work].department)
    }

    async fn act(&mut self, tx: &mut Tx<'_>, step: Step) -> Result<()> {
        let objects: Vec<Uuid> = self.orders.iter().copied().chain([self.id]).collect();
        self.stage.journal.fire_of(tx, &objects).await?;
        let (centre, id) = (&self.stage.cast.liaison, self.id);
        let parents = &self.stage.parents;
        match step {
            Step::Dispatch => self.dispatch(tx).await?,
            Step::SignIn(n) => {
                work::sign_in(tx, parents, &self.office(n)?.receiver, self.orders[n]).await?;
            }
            Step::Contact(n) => {
                let contact = Contact { at: tx.call.now, mode: ContactMode::Phone, reached: true };
                let handler = &self.office(n)?.handler;
                work::record_contact(tx, parents, handler, self.orders[n], contact).await?;
            }
            Step::Draft(n) => {
                let (handler, words) = (&self.office(n)?.handler, self.words(tx.call.now)?);
                work::draft_reply(tx, parents, handler, self.orders[n], words).await?;
            }
            Step::Reply(n) => {
                work::reply(tx, parents, &self.office(n)?.head, self.orders[n]).await?;
            }
            Step::Review(n) if self.issue.reviews[n].passed => {
                issues::pass(tx, centre, id).await?;
            }
            Step::Review(_) => {
                let reason = "未说明具体措施和完成时限，请补充后重新答复。".to_owned();
                let body = SendBackBody { assignment_ids: None, reason };
                issues::send_back(tx, centre, id, body).await?;
            }
            Step::Attempt(n) => {
                let (at, reached) = (tx.call.now, self.issue.attempts[n].reached);
                let body = AttemptBody { at, mode: ContactMode::Phone, reached };
                issues::log_attempt(tx, centre, id, body).await?;
            }
            Step::Answer => {
                let body = self.answer()?;
                issues::answer_feedback(tx, centre, id, body).await?;
            }
            Step::End(end) => self.end(tx, end).await?,
            Step::Rest => {}
        }
        Ok(())
    }

    async fn dispatch(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let departments: Result<Vec<Uuid>> =
            (0..self.issue.works.len()).map(|work| Ok(self.office(work)?.id)).collect();
        let departments = departments?;
        let shape = if departments.len() == 1 { Shape::Sole } else { Shape::Separate };
        let orders = departments.iter();
        let assignments =
            orders.map(|id| DispatchOrder { department_id: *id, note: None }).collect();
        let body = DispatchBody { shape, assignments };
        issues::dispatch(tx, &self.stage.cast.liaison, self.id, body).await?;
        let made = handling::of_parent(tx.conn, tx.call.city, "issue", self.id).await?;
        for department in departments {
            let order = made.iter().find(|order| order.department_id == department);
            let order = order.ok_or_else(|| Error::internal("a work order was not made"))?;
            self.orders.push(order.id);
        }
        Ok(())
    }

    fn words(&self, now: DateTime<Utc>) -> Result<Words> {
        let result_class: ResultClass = word(&self.row().result_class)?;
        let title = &self.row().title;
        let mut promised_on = None;
        let mut reason = None;
        let body = match result_class {
            ResultClass::A => format!("“{title}”已现场核实并办理完毕，已向反映人说明情况。"),
            ResultClass::B => {
                promised_on = local_date(now).checked_add_months(Months::new(6));
                format!("“{title}”已列入工作计划，将按承诺时限完成并告知反映人。")
            }
            ResultClass::C => {
                reason = Some("受现行政策和条件所限，暂不具备办理条件。".to_owned());
                format!("“{title}”暂不能办理，已向反映人解释原因。")
            }
        };
        let contact_mode = ContactMode::Phone;
        Ok(Words { result_class, body, contact_mode, promised_on, reason })
    }

    fn answer(&self) -> Result<Answered> {
        let row = self.row();
        let satisfaction: Satisfaction = word(row.satisfaction.as_deref().unwrap_or_default())?;
        let unhappy = satisfaction == Satisfaction::Dissatisfied;
        let cause = row.cause.as_deref().filter(|_| unhappy).map(word).transpose()?;
        let solved = !unhappy && row.result_class == "a";
        Ok(Answered { solved, satisfaction, cause, text: None })
    }

    async fn end(&self, tx: &mut Tx<'_>, end: End) -> Result<()> {
        let (centre, id) = (&self.stage.cast.liaison, self.id);
        match end {
            End::Closed { .. } => issues::close(tx, centre, id).await.map(drop),
            End::ClosedObjective { .. } => {
                let reason = "受客观条件限制，待条件具备后再行办理。".to_owned();
                let body = ObjectiveBody { reason };
                issues::close_objective(tx, centre, id, body).await.map(drop)
            }
            End::Tracked { follow_up_on, .. } => {
                issues::track(tx, centre, id, TrackBody { follow_up_on }).await.map(drop)
            }
            // The machine has no such end yet: it stays with the centre, which goes on calling.
            End::ClosedUnreached { .. } => Ok(()),
        }
    }
}
