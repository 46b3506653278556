//! Persons listed, and found by a name, an identifier or a phone. Who was merged is found as who they
//! became, by what they had too.

use uuid::Uuid;

use super::persons::{PERSON, Person, ids, number};
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey, search};
use crate::error::Result;
use crate::page::Page;

/// A page of persons who are merged into nobody; `q`: whose name, or that of somebody who was merged into
/// them, has this part.
pub async fn persons(
    conn: Conn<'_>,
    city: i32,
    q: Option<String>,
    sort: Option<&str>,
    page: &Page,
) -> Result<(Vec<Person>, Option<i64>)> {
    let found = format!(
        "t.id = ANY(ARRAY(SELECT coalesce(s.canonical_id, s.id) FROM persons s \
         WHERE s.city_code = $1 AND {}))",
        search::matches("s")
    );
    List::new(city, "persons", PERSON, PlaceColumns::default(), SortKey::created(sort))
        .filter(&found, q.map(|q| search::query(city, &q)))
        .only("t.canonical_id IS NULL")
        .rows(conn, &Sight::city(), page)
        .await
}

/// Whom an identifier belongs to.
pub async fn find_by_identifier(
    conn: Conn<'_>,
    city: i32,
    scheme: &str,
    value: String,
) -> Result<Vec<Uuid>> {
    let text = "SELECT t.person_id AS id FROM person_identifiers t WHERE t.city_code = $1 \
        AND t.scheme = $2 AND t.value = $3 AND t.voided_at IS NULL";
    ids(conn, text, vec![city.into(), Bind::Text(scheme.to_owned()), Bind::Text(value)]).await
}

/// Who has a phone of that number without an end, by id; at most `most`.
pub async fn find_by_phone(
    conn: Conn<'_>,
    city: i32,
    phone: String,
    most: i64,
) -> Result<Vec<Uuid>> {
    let text = concat!(
        "SELECT coalesce(t.canonical_id, t.id) AS id FROM persons t WHERE t.city_code = $1 \
         AND t.phone IS NOT NULL AND $2 ~ '[0-9]' AND ",
        number!("t.phone"),
        " = ",
        number!("$2"),
        " UNION SELECT c.person_id FROM contact_points c WHERE c.city_code = $1 \
         AND c.kind IN ('mobile', 'landline') AND c.voided_at IS NULL AND upper_inf(c.during) AND ",
        number!("c.value"),
        " = ",
        number!("$2"),
        " ORDER BY 1 LIMIT $3"
    );
    ids(conn, text, vec![city.into(), Bind::Text(phone), most.into()]).await
}
