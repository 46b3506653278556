//! All counts of a city in one statement, so that they are of one moment; each table is walked once.

pub mod open_work;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;

use crate::db::{Bind, Conn, list::bind_all, sql};
use crate::error::Result;
use crate::scoring::Period;
use crate::workdays::day_starts_at;

/// What is counted over which days.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// What was asked for.
    pub period: Period,
    /// What was due in the period and before today; what is not yet due is nobody's failure.
    pub due_until: NaiveDate,
    /// The chain as it stands on the period's last day, or today if that is earlier.
    pub on: NaiveDate,
}

impl Days {
    /// The days of `period` when it is `today`.
    pub fn of(period: Period, today: NaiveDate) -> Self {
        let last = period.until.pred_opt().unwrap_or(period.until);
        // Never before the period begins: nothing was due in it yet, and the list says so too.
        let due_until = period.until.min(today).max(period.from);
        Self { period, due_until, on: last.min(today) }
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// $1 city, $2 from, $3 until, $4 and $5 the same as instants, $6 due until, $7 on, $8 $6 as an
/// instant. A day's limit is the instant at which the day ends, hence `> … <=` there.
const TEXT: &str = "
SELECT v.code, v.value FROM (
    SELECT count(*) AS total,
        count(*) FILTER (WHERE category = 'key_enterprise') AS key_enterprise,
        count(*) FILTER (WHERE category = 'community') AS community,
        count(*) FILTER (WHERE category = 'village') AS village
    FROM contacts WHERE city_code = $1 AND voided_at IS NULL AND during @> $7
) c CROSS JOIN LATERAL (VALUES ('contacts', c.total), ('contacts_key_enterprise', c.key_enterprise),
    ('contacts_community', c.community), ('contacts_village', c.village)) v(code, value)
UNION ALL
SELECT v.code, v.value FROM (
    SELECT count(*) FILTER (WHERE kind = 'committee') AS committees,
        count(*) FILTER (WHERE kind = 'sector') AS sectors
    FROM organizations WHERE city_code = $1 AND voided_at IS NULL AND during @> $7
) o CROSS JOIN LATERAL (VALUES ('committees', o.committees), ('sectors', o.sectors)) v(code, value)
UNION ALL
SELECT v.code, v.value FROM (
    SELECT coalesce(min(g.sectors), 0) AS fewest, coalesce(max(g.sectors), 0) AS most FROM (
        SELECT count(l.id) AS sectors FROM organizations o
        LEFT JOIN sector_committees l ON l.city_code = o.city_code AND l.committee_id = o.id
            AND l.voided_at IS NULL AND l.during @> $7
        WHERE o.city_code = $1 AND o.kind = 'committee' AND o.voided_at IS NULL AND o.during @> $7
        GROUP BY o.id
    ) g
) s CROSS JOIN LATERAL (VALUES ('sectors_per_committee_min', s.fewest),
    ('sectors_per_committee_max', s.most)) v(code, value)
UNION ALL
SELECT 'members', count(*) FROM members WHERE city_code = $1 AND voided_at IS NULL AND during @> $7
UNION ALL
SELECT v.code, v.value FROM (
    SELECT count(*) AS total,
        count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE form = 'visit') AS visit,
        count(*) FILTER (WHERE form = 'talk') AS talk,
        count(*) FILTER (WHERE form = 'consult') AS consult
    FROM visits WHERE city_code = $1 AND visited_on >= $2 AND visited_on < $3
        AND state IN ('recorded', 'confirmed')
) s CROSS JOIN LATERAL (VALUES ('visits', s.total), ('visits_confirmed', s.confirmed),
    ('visits_visit', s.visit), ('visits_talk', s.talk), ('visits_consult', s.consult)) v(code, value)
UNION ALL
SELECT v.code, v.value FROM (
    SELECT count(*) FILTER (WHERE i.dispatched_at >= $4 AND i.dispatched_at < $5 AND i.state <> 'merged') AS transferred,
        count(*) FILTER (WHERE i.closed_at >= $4 AND i.closed_at < $5 AND i.state = 'closed') AS closed
    FROM issues i WHERE i.city_code = $1 AND i.created_at < $5
) s CROSS JOIN LATERAL (VALUES ('issues_transferred', s.transferred),
    ('issues_closed', s.closed)) v(code, value)
UNION ALL
SELECT 'issues_intake', count(*) FROM issue_clocks
    WHERE city_code = $1 AND step = 'screening' AND sequence = 1 AND started_at >= $4 AND started_at < $5
UNION ALL
SELECT 'issues_accepted', count(*) FROM issue_clocks
    WHERE city_code = $1 AND step = 'dispatch' AND sequence = 1 AND started_at >= $4 AND started_at < $5
UNION ALL
SELECT v.code, v.value FROM (
    SELECT count(*) AS due,
        count(*) FILTER (WHERE signed_at IS NOT NULL AND first_contact_at < first_contact_due_at) AS responded,
        count(*) FILTER (WHERE signed_at < sign_due_at) AS signed,
        count(*) FILTER (WHERE first_replied_at < first_due_at) AS replied,
        count(*) FILTER (WHERE send_backs > 0) AS sent_back
    FROM assignments WHERE city_code = $1 AND first_due_at > $4 AND first_due_at <= $8
        AND state NOT IN ('returned', 'recalled')
) s CROSS JOIN LATERAL (VALUES ('assignments_due', s.due), ('assignments_responded', s.responded),
    ('assignments_signed_on_time', s.signed), ('assignments_replied_on_time', s.replied),
    ('assignments_sent_back', s.sent_back)) v(code, value)
UNION ALL
SELECT v.code, v.value FROM (
    SELECT count(*) AS dispatched, count(*) FILTER (WHERE state = 'returned') AS returned
    FROM assignments WHERE city_code = $1 AND dispatched_at >= $4 AND dispatched_at < $5
) s CROSS JOIN LATERAL (VALUES ('assignments_dispatched', s.dispatched),
    ('assignments_returned', s.returned)) v(code, value)
UNION ALL
SELECT v.code, v.value FROM (
    SELECT count(*) AS ended,
        count(r.answered_at) AS answered,
        count(*) FILTER (WHERE r.answered_at IS NOT NULL AND r.solved) AS solved,
        count(*) FILTER (WHERE r.answered_at IS NOT NULL
            AND r.satisfaction IN ('satisfied', 'basically_satisfied')) AS satisfied,
        count(*) FILTER (WHERE r.answered_at IS NULL AND a.tries >= 2 AND NOT a.reached) AS unreached
    FROM feedback_requests r
    LEFT JOIN (SELECT city_code, request_id, count(*) AS tries, bool_or(reached) AS reached
        FROM feedback_attempts WHERE city_code = $1 GROUP BY city_code, request_id) a
        ON a.city_code = r.city_code AND a.request_id = r.id
    WHERE r.city_code = $1 AND r.window_ends_on >= $2 AND r.window_ends_on < $6
) s CROSS JOIN LATERAL (VALUES ('feedback_ended', s.ended), ('feedback_answered', s.answered),
    ('feedback_solved', s.solved), ('feedback_satisfied', s.satisfied),
    ('feedback_not_reachable', s.unreached),
    ('feedback_pending', s.ended - s.answered - s.unreached)) v(code, value)
UNION ALL
SELECT 'as_of_position', position FROM feed_heads WHERE city_code = $1";

/// Every count by its code, and `as_of_position`.
pub async fn counts(mut conn: Conn<'_>, city: i32, days: &Days) -> Result<BTreeMap<String, i64>> {
    let binds = vec![
        Bind::Int(city),
        Bind::Day(days.period.from),
        Bind::Day(days.period.until),
        Bind::At(days.period.starts_at()),
        Bind::At(days.period.ends_at()),
        Bind::Day(days.due_until),
        Bind::Day(days.on),
        Bind::At(day_starts_at(days.due_until)),
    ];
    let rows: Vec<Counted> = bind_all(sql(TEXT), binds).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.value)).collect())
}
