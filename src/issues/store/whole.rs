//! An issue with all that belongs to it, read by one statement: what the single read shows and what an
//! answer to a change is made of.

use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::issues::Row;
use crate::db::{Conn, Prepared};
use crate::error::Result;
use crate::handling;

/// The issue and the rows of other tables, those of many as JSON.
#[derive(QueryableByName)]
pub struct Whole {
    /// The issue itself.
    #[diesel(embed)]
    pub issue: Row,
    /// Whether anybody is known to have reported it.
    #[diesel(sql_type = Bool)]
    pub reporter_known: bool,
    /// Their name.
    #[diesel(sql_type = Nullable<Text>)]
    pub reporter_name: Option<String>,
    /// Their phone, in full.
    #[diesel(sql_type = Nullable<Text>)]
    pub reporter_phone: Option<String>,
    /// The contact they are.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub reporter_contact_id: Option<Uuid>,
    /// The visits it came from.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub visits: Vec<Uuid>,
    /// Its work orders, as [`handling::Brief`].
    #[diesel(sql_type = Text)]
    pub assignments: String,
    /// The centre's clocks, oldest first.
    #[diesel(sql_type = Text)]
    pub clocks: String,
    /// What the reporter was asked and said, by round, with the attempts of each.
    #[diesel(sql_type = Text)]
    pub feedback: String,
}

static TEXT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT t.*, \
         r.erased_at IS NULL AND (r.name IS NOT NULL OR r.phone IS NOT NULL \
            OR r.contact_id IS NOT NULL) AS reporter_known, \
         r.name AS reporter_name, r.phone AS reporter_phone, r.contact_id AS reporter_contact_id, \
         ARRAY(SELECT s.source_id FROM issue_sources s WHERE s.city_code = t.city_code \
            AND s.issue_id = t.id AND s.source_kind = 'visit' ORDER BY s.source_id) AS visits, \
         {assignments} AS assignments, \
         (SELECT coalesce(json_agg(json_build_object('step', c.step, 'started_at', c.started_at, \
            'due_on', c.due_on, 'due_at', c.due_at, 'provisional', c.provisional, \
            'ended_at', c.ended_at) ORDER BY c.started_at, c.step, c.sequence), '[]')::text \
            FROM issue_clocks c WHERE c.city_code = t.city_code AND c.issue_id = t.id) AS clocks, \
         (SELECT coalesce(json_agg(json_build_object('round', f.round, 'opened_at', f.opened_at, \
            'window_ends_on', f.window_ends_on, 'answered_at', f.answered_at, 'solved', f.solved, \
            'satisfaction', f.satisfaction, 'cause', f.cause, 'text', f.body, \
            'answered_by', f.answered_by, 'attempts', \
            (SELECT coalesce(json_agg(json_build_object('at', a.at, 'mode', a.mode, \
                'reached', a.reached, 'recorded_by', a.recorded_by) ORDER BY a.at, a.id), '[]') \
                FROM feedback_attempts a WHERE a.city_code = f.city_code \
                AND a.request_id = f.id)) \
            ORDER BY f.round, f.opened_at, f.id), '[]')::text FROM feedback_requests f \
            WHERE f.city_code = t.city_code AND f.issue_id = t.id) AS feedback \
         FROM issues t JOIN reporters r ON r.city_code = t.city_code AND r.id = t.reporter_id \
         WHERE t.city_code = $1 AND t.id = $2",
        assignments = handling::briefs_of("issue", "t.city_code", "t.id"),
    )
});

/// What an action needs to know beside the locked row.
#[derive(QueryableByName)]
pub struct Around {
    /// The visits it came from.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub visits: Vec<Uuid>,
    /// The departments it was ever given to.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub departments: Vec<Uuid>,
}

/// What stands around issue `id`.
pub async fn around(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Around> {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT ARRAY(SELECT s.source_id FROM issue_sources s WHERE s.city_code = $1 \
             AND s.issue_id = $2 AND s.source_kind = 'visit' ORDER BY s.source_id) AS visits, \
             {} AS departments",
            handling::department_ids_of("issue", "$1", "$2")
        )
    });
    let query = diesel::sql_query(TEXT.as_str()).bind::<Integer, _>(city).bind::<SqlUuid, _>(id);
    Ok(Prepared(query).get_result(&mut conn).await?)
}

/// The issue `id` with all that belongs to it, if it is there.
pub async fn find(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Whole>> {
    let query = diesel::sql_query(TEXT.as_str()).bind::<Integer, _>(city).bind::<SqlUuid, _>(id);
    Ok(Prepared(query).get_result(&mut conn).await.optional()?)
}
