//! What a parent's room asks about its work orders.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::AssignmentRow;
use crate::db::Conn;
use crate::db::schema::{assignments, organizations, replies};
use crate::error::{Error, Result};
use crate::handling::rules::{Card, Kind, ResultClass, State};
use crate::journal::feed;

/// Every work order of a parent, by round and age.
pub async fn of_parent(
    mut conn: Conn<'_>,
    city: i32,
    kind: &str,
    id: Uuid,
) -> Result<Vec<AssignmentRow>> {
    Ok(assignments::table
        .filter(assignments::city_code.eq(city))
        .filter(assignments::parent_kind.eq(kind))
        .filter(assignments::parent_id.eq(id))
        .order((assignments::round, assignments::created_at, assignments::id))
        .select(AssignmentRow::as_select())
        .load(&mut conn)
        .await?)
}

/// A work order in short, as its parent shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = IssueAssignment)]
pub struct Brief {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub department_id: Uuid,
    /// Alone, or one of several.
    #[schema(value_type = Kind)]
    pub kind: String,
    /// Where it stands.
    #[schema(value_type = State)]
    pub state: String,
    /// In which round.
    #[schema(minimum = 1, example = 1)]
    pub round: i16,
    /// The last date for the reply.
    pub due_on: NaiveDate,
    /// Its supervision card.
    #[schema(value_type = Card)]
    pub card: String,
    /// When the reply was signed.
    #[schema(required = true)]
    pub replied_at: Option<DateTime<Utc>>,
}

/// SQL for the work orders of a parent as a JSON list of [`Brief`], oldest first, for a statement
/// of the parent's room. `city` and `id` are expressions of that statement; `kind` is a word of ours.
pub fn briefs_of(kind: &str, city: &str, id: &str) -> String {
    format!(
        "(SELECT coalesce(json_agg(json_build_object('id', w.id, \
            'department_id', w.department_id, 'kind', w.kind, 'state', w.state, 'round', w.round, \
            'due_on', w.due_on, 'card', w.card, 'replied_at', w.replied_at) \
            ORDER BY w.round, w.created_at, w.id), '[]')::text FROM assignments w \
            WHERE w.city_code = {city} AND w.parent_kind = '{kind}' AND w.parent_id = {id})"
    )
}

/// SQL for the departments of a parent as an array, like [`briefs_of`].
pub fn department_ids_of(kind: &str, city: &str, id: &str) -> String {
    format!(
        "ARRAY(SELECT DISTINCT w.department_id FROM assignments w WHERE w.city_code = {city} \
         AND w.parent_kind = '{kind}' AND w.parent_id = {id} ORDER BY w.department_id)"
    )
}

/// Departments that a parent has ever been assigned to, each once.
pub async fn departments_of(
    mut conn: Conn<'_>,
    city: i32,
    kind: &str,
    id: Uuid,
) -> Result<Vec<Uuid>> {
    Ok(assignments::table
        .filter(assignments::city_code.eq(city))
        .filter(assignments::parent_kind.eq(kind))
        .filter(assignments::parent_id.eq(id))
        .select(assignments::department_id)
        .distinct()
        .order(assignments::department_id)
        .load(&mut conn)
        .await?)
}

/// Accounts that drafted or signed a reply in a round, each once. As the journal has it: a draft that
/// another replaced is gone from `replies`, whose it was is not.
pub async fn authors(
    conn: Conn<'_>,
    city: i32,
    kind: &str,
    id: Uuid,
    round: i16,
) -> Result<Vec<Uuid>> {
    let orders = of_parent(conn, city, kind, id).await?;
    let of_round = orders.into_iter().filter(|row| row.round == round).map(|row| row.id).collect();
    feed::actors(conn, city, of_round, &["assignment.reply_drafted", "assignment.replied"]).await
}

/// A reply that passed, as the reporter may read it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicReply {
    /// The round it answered.
    #[schema(minimum = 1, example = 1)]
    pub round: i16,
    /// What came of it.
    pub result_class: ResultClass,
    /// The words.
    #[schema(max_length = 4000, example = "路灯已修复。")]
    pub body: String,
    /// By when, for class B.
    #[schema(required = true)]
    pub promised_on: Option<NaiveDate>,
    /// Why not, for class C.
    #[schema(required = true, max_length = 2000)]
    pub reason: Option<String>,
    /// When it was signed.
    pub replied_at: DateTime<Utc>,
    /// Who answered.
    #[schema(max_length = 200, example = "市城管局")]
    pub department: String,
}

/// The replies of a parent that passed, by age. Drafts and those sent back are nobody's business.
pub async fn public_replies(
    mut conn: Conn<'_>,
    city: i32,
    kind: &str,
    id: Uuid,
) -> Result<Vec<PublicReply>> {
    type Said = (String, String, Option<NaiveDate>, Option<String>);
    type Found = (i16, Said, Option<DateTime<Utc>>, DateTime<Utc>, String);
    let of = replies::city_code
        .eq(assignments::city_code)
        .and(replies::assignment_id.eq(assignments::id));
    let by = organizations::city_code
        .eq(assignments::city_code)
        .and(organizations::id.eq(assignments::department_id));
    let rows: Vec<Found> = assignments::table
        .inner_join(replies::table.on(of))
        .inner_join(organizations::table.on(by))
        .filter(assignments::city_code.eq(city))
        .filter(assignments::parent_kind.eq(kind))
        .filter(assignments::parent_id.eq(id))
        .filter(replies::state.eq("passed"))
        .order((replies::signed_at, replies::id))
        .select((
            assignments::round,
            (replies::result_class, replies::body, replies::promised_on, replies::reason),
            replies::signed_at,
            replies::drafted_at,
            organizations::name,
        ))
        .load(&mut conn)
        .await?;
    rows.into_iter()
        .map(|(round, said, signed_at, drafted_at, department)| {
            let (class, body, promised_on, reason) = said;
            let result_class = ResultClass::parse(&class)
                .ok_or_else(|| Error::internal("a result class that is none"))?;
            let replied_at = signed_at.unwrap_or(drafted_at);
            let reply = PublicReply {
                round,
                result_class,
                body,
                promised_on,
                reason,
                replied_at,
                department,
            };
            Ok(reply)
        })
        .collect()
}
