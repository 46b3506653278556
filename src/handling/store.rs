//! Work orders in the database.

pub mod parents;
pub(super) mod replies;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::routes::views::AssignmentView;
use super::rules::{Card, Kind, State, Urgency};
use crate::db::schema::{assignments, organizations};
use crate::db::{Conn, List, PlaceColumns, Prepared, Sight, SortKey};
use crate::error::{Error, Result};
use crate::page::Page;
use crate::workdays::{self, Due};

/// A row of `assignments`.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = assignments, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns of the table, explained there and in AssignmentView
pub struct AssignmentRow {
    pub city_code: i32,
    pub id: Uuid,
    pub version: i64,
    pub parent_kind: String,
    pub parent_id: Uuid,
    pub round: i16,
    pub kind: String,
    pub state: String,
    pub department_id: Uuid,
    pub urgency: String,
    pub note: Option<String>,
    pub dispatched_at: DateTime<Utc>,
    pub sign_due_at: DateTime<Utc>,
    pub sign_due_on: NaiveDate,
    pub signed_at: Option<DateTime<Utc>>,
    pub signed_by: Option<Uuid>,
    pub amount: i16,
    pub unit: String,
    pub due_at: DateTime<Utc>,
    pub due_on: NaiveDate,
    pub provisional: bool,
    pub first_contact_at: Option<DateTime<Utc>>,
    pub first_contact_due_at: DateTime<Utc>,
    pub replied_at: Option<DateTime<Utc>>,
    pub overdue_at: Option<DateTime<Utc>>,
    pub card: String,
    pub send_backs: i16,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub first_due_at: DateTime<Utc>,
    pub first_replied_at: Option<DateTime<Utc>>,
}

impl AssignmentRow {
    /// Its state, as the machine knows it.
    pub fn state(&self) -> Result<State> {
        State::parse(&self.state).ok_or_else(|| Error::internal("a state that is none"))
    }

    /// The part of its department.
    pub fn kind(&self) -> Result<Kind> {
        Kind::parse(&self.kind).ok_or_else(|| Error::internal("a kind that is none"))
    }

    /// The class that set its durations.
    pub fn urgency(&self) -> Result<Urgency> {
        Urgency::parse(&self.urgency).ok_or_else(|| Error::internal("an urgency that is none"))
    }

    /// Its supervision card.
    pub fn card(&self) -> Result<Card> {
        Card::parse(&self.card).ok_or_else(|| Error::internal("a card that is none"))
    }

    /// By when the reply comes.
    pub fn due(&self) -> Due {
        Due { on: self.due_on, at: self.due_at, provisional: self.provisional }
    }
}

/// A row beside the name of its department.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Listed {
    #[diesel(embed)]
    pub(super) assignment: AssignmentRow,
    #[diesel(sql_type = Text)]
    pub(super) department_name: String,
}

const LISTED: &str = "t.*, (SELECT o.name FROM organizations o WHERE o.city_code = t.city_code \
                      AND o.id = t.department_id) AS department_name";

/// What a list of work orders is narrowed to.
#[derive(Debug, Clone, Default)]
pub(super) struct Narrow {
    pub(super) state: Option<String>,
    pub(super) department_id: Option<Uuid>,
    pub(super) parent_id: Option<Uuid>,
    pub(super) overdue: Option<bool>,
    pub(super) due_before: Option<NaiveDate>,
    pub(super) due_from: Option<NaiveDate>,
    pub(super) due_until: Option<NaiveDate>,
    pub(super) responded: Option<bool>,
    pub(super) signed_on_time: Option<bool>,
    pub(super) replied_on_time: Option<bool>,
    pub(super) sent_back: Option<bool>,
    pub(super) dispatched_from: Option<NaiveDate>,
    pub(super) dispatched_until: Option<NaiveDate>,
    pub(super) taken_back: Option<bool>,
    pub(super) sort: Option<String>,
}

/// A page of what `sight` shows: everything in the city, or what stands with a department.
pub(super) async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    narrow: Narrow,
    page: &Page,
) -> Result<(Vec<Listed>, Option<i64>)> {
    let places = PlaceColumns { department: Some("department_id"), ..PlaceColumns::default() };
    let sort = SortKey::created(narrow.sort.as_deref());
    let mut list = List::new(city, "assignments", LISTED, places, sort)
        .filter("t.state = ?", narrow.state)
        .filter("t.department_id = ?", narrow.department_id)
        .filter("t.parent_id = ?", narrow.parent_id)
        .filter("t.due_on < ?", narrow.due_before)
        .filter("t.first_due_at > ?", narrow.due_from.map(workdays::day_starts_at))
        .filter("t.first_due_at <= ?", narrow.due_until.map(workdays::day_starts_at))
        .filter(RESPONDED, narrow.responded)
        .filter("coalesce(t.signed_at < t.sign_due_at, false) = ?", narrow.signed_on_time)
        .filter("coalesce(t.first_replied_at < t.first_due_at, false) = ?", narrow.replied_on_time)
        .filter("(t.send_backs > 0) = ?", narrow.sent_back)
        .filter("t.dispatched_at >= ?", narrow.dispatched_from.map(workdays::day_starts_at))
        .filter("t.dispatched_at < ?", narrow.dispatched_until.map(workdays::day_starts_at))
        .filter("(t.state IN ('returned', 'recalled')) = ?", narrow.taken_back);
    list = match narrow.overdue {
        Some(true) => list.only(OVERDUE),
        Some(false) => list.only(&format!("NOT {OVERDUE}")),
        None => list,
    };
    list.rows(conn, sight, page).await
}

/// Marked overdue and still not answered.
const OVERDUE: &str = "(t.overdue_at IS NOT NULL AND t.state IN ('pending_sign', 'handling'))";

/// Signed for, and the first contact recorded in time.
const RESPONDED: &str = "(t.signed_at IS NOT NULL \
                         AND coalesce(t.first_contact_at < t.first_contact_due_at, false)) = ?";

/// One work order, as it is now.
pub(super) async fn get(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<AssignmentRow> {
    Ok(assignments::table
        .find((city, id))
        .select(AssignmentRow::as_select())
        .first(&mut conn)
        .await?)
}

/// One work order, locked. Its parent is locked already.
pub(super) async fn lock(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<AssignmentRow> {
    Ok(assignments::table
        .find((city, id))
        .select(AssignmentRow::as_select())
        .for_update()
        .first(&mut conn)
        .await?)
}

/// Adds work orders.
pub(super) async fn insert(mut conn: Conn<'_>, rows: &[AssignmentRow]) -> Result<()> {
    diesel::insert_into(assignments::table)
        .values(rows.to_vec())
        .execute(&mut conn)
        .await
        .map_err(|error| match crate::db::constraint(&error) {
            Some("assignments_one_live_lead") => Error::say(
                crate::error::Code::Duplicate,
                "本轮已有主办或单办的转办单",
                "this round has a live sole or lead work order already",
            ),
            Some("assignments_pkey") => Error::new(crate::error::Code::Duplicate),
            _ => error.into(),
        })?;
    Ok(())
}

/// Stores all that may change in a work order, one version on.
pub(super) async fn update(
    mut conn: Conn<'_>,
    row: &mut AssignmentRow,
    now: DateTime<Utc>,
) -> Result<()> {
    use assignments as a;
    row.version += 1;
    row.updated_at = now;
    let state = (a::version.eq(row.version), a::updated_at.eq(now), a::state.eq(&row.state));
    let signing = (a::signed_at.eq(row.signed_at), a::signed_by.eq(row.signed_by));
    let due =
        (a::due_at.eq(row.due_at), a::due_on.eq(row.due_on), a::provisional.eq(row.provisional));
    let acts = (
        a::first_contact_at.eq(row.first_contact_at),
        a::replied_at.eq(row.replied_at),
        a::first_replied_at.eq(row.first_replied_at),
    );
    let marks = (
        a::overdue_at.eq(row.overdue_at),
        a::card.eq(&row.card),
        a::send_backs.eq(row.send_backs),
        a::reason.eq(&row.reason),
    );
    let target = a::table.find((row.city_code, row.id));
    let update = diesel::update(target).set((state, signing, due, acts, marks));
    Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// Keeps why a reporter was shown: for the auditor, beside the journal entry `entry`.
pub(super) async fn keep_reason(
    mut conn: Conn<'_>,
    row: &AssignmentRow,
    (entry, by, at): (Uuid, Uuid, DateTime<Utc>),
    reason: &str,
) -> Result<()> {
    use crate::db::schema::reveals as r;
    let values = (
        r::city_code.eq(row.city_code),
        r::entry_id.eq(entry),
        r::assignment_id.eq(row.id),
        r::account_id.eq(by),
        r::at.eq(at),
        r::reason.eq(reason),
    );
    diesel::insert_into(r::table).values(values).execute(&mut conn).await?;
    Ok(())
}

/// Names of departments, in no order.
pub(super) async fn department_names(
    mut conn: Conn<'_>,
    city: i32,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>> {
    Ok(organizations::table
        .filter(organizations::city_code.eq(city))
        .filter(organizations::id.eq_any(ids.to_vec()))
        .select((organizations::id, organizations::name))
        .load(&mut conn)
        .await?)
}

/// Which of `ids` are departments on `day`.
pub(super) async fn departments_on(
    mut conn: Conn<'_>,
    city: i32,
    ids: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<Uuid>> {
    Ok(organizations::table
        .filter(organizations::city_code.eq(city))
        .filter(organizations::id.eq_any(ids.to_vec()))
        .filter(organizations::kind.eq("department"))
        .filter(organizations::voided_at.is_null())
        .filter(organizations::during.contains(day))
        .select(organizations::id)
        .load(&mut conn)
        .await?)
}

/// Rows as the API shows them, for the reads of their parent.
pub async fn views(conn: Conn<'_>, rows: Vec<AssignmentRow>) -> Result<Vec<AssignmentView>> {
    let Some(city) = rows.as_slice().first().map(|row| row.city_code) else {
        return Ok(Vec::new());
    };
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.department_id).collect();
    ids.dedup();
    let names = department_names(conn, city, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let name = names.iter().find(|(id, _)| *id == row.department_id);
            AssignmentView::new(row, name.map(|(_, name)| name.clone()).unwrap_or_default())
        })
        .collect()
}
