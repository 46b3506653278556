//! Persons who are likely the same. A page is one pass over the numbers, the names and the units of a
//! city, each sorted once: nobody is compared with everybody else. Of any number of people who share
//! something, all but the one entered first are listed, each beside that one.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::persons::number;
use crate::db::{Conn, List, PlaceColumns, Sight, SortKey};
use crate::error::Result;
use crate::page::Page;

/// A person, and who was entered before them and is likely the same.
#[derive(Debug, Clone, QueryableByName)]
pub struct DuplicateRow {
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Their name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// When they were entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// Who has the same number.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub same_phone_as: Option<Uuid>,
    /// Who has the same name and is of the same unit.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub same_name_as: Option<Uuid>,
}

/// Ids are given in time, so the least is who was entered first. Of several that somebody shares
/// numbers with, the first.
const LIKELY: &str = concat!(
    "(WITH numbers AS (SELECT coalesce(p.canonical_id, p.id) AS id, ",
    number!("p.phone"),
    " AS what FROM persons p WHERE p.city_code = $1 AND p.phone IS NOT NULL \
     UNION ALL SELECT c.person_id, ",
    number!("c.value"),
    " FROM contact_points c WHERE c.city_code = $1 AND c.kind IN ('mobile', 'landline') \
     AND c.voided_at IS NULL AND upper_inf(c.during)), \
     units AS (SELECT m.person_id, m.unit FROM members m WHERE m.city_code = $1 \
     AND m.voided_at IS NULL AND m.unit IS NOT NULL UNION ALL SELECT c.person_id, c.unit \
     FROM contacts c WHERE c.city_code = $1 AND c.voided_at IS NULL), \
     by_number AS (SELECT id, first_value(id) OVER (PARTITION BY what ORDER BY id) AS earliest \
     FROM numbers WHERE what <> ''), \
     by_name AS (SELECT p.id, first_value(p.id) OVER (PARTITION BY p.name, u.unit ORDER BY p.id) AS earliest \
     FROM units u JOIN persons p ON p.city_code = $1 AND p.id = u.person_id), \
     pairs AS (SELECT id, earliest AS number, NULL::uuid AS name FROM by_number WHERE earliest <> id \
     UNION ALL SELECT id, NULL, earliest FROM by_name WHERE earliest <> id), \
     likely AS (SELECT id, (array_agg(number ORDER BY number))[1] AS same_phone_as, \
     (array_agg(name ORDER BY name))[1] AS same_name_as FROM pairs GROUP BY id) \
     SELECT p.city_code, p.id, p.name, p.created_at, l.same_phone_as, l.same_name_as \
     FROM likely l JOIN persons p ON p.city_code = $1 AND p.id = l.id)"
);

/// A page of persons who are likely the same as somebody entered before, newest first; `by_phone`: only
/// for a number, or only for name and unit.
pub async fn duplicates(
    conn: Conn<'_>,
    city: i32,
    by_phone: Option<bool>,
    page: &Page,
) -> Result<(Vec<DuplicateRow>, Option<i64>)> {
    let columns = "t.id, t.name, t.created_at, t.same_phone_as, t.same_name_as";
    let sort = SortKey::created(None);
    let list = List::new(city, LIKELY, columns, PlaceColumns::default(), sort);
    let list = match by_phone {
        Some(true) => list.only("t.same_phone_as IS NOT NULL"),
        Some(false) => list.only("t.same_name_as IS NOT NULL"),
        None => list,
    };
    list.rows(conn, &Sight::city(), page).await
}
