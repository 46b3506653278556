//! What of the chain is a county's own.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Nullable};
use uuid::Uuid;

use super::{Relation, first};
use crate::db::Conn;
use crate::error::Result;

#[derive(QueryableByName)]
struct County {
    #[diesel(sql_type = Nullable<Integer>)]
    code: Option<i32>,
}

/// The county whose own the sector or the branch is that `relation` joins the member to on `on`; none:
/// one of the city's, or none at all.
pub async fn county_of(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<i32>> {
    let Some(link) = super::link_on(conn, city, relation, member, on).await? else {
        return Ok(None);
    };
    let text = "SELECT county_code AS code FROM organizations WHERE city_code = $1 AND id = $2";
    let found = first::<County>(conn, text, vec![city.into(), link.other_id.into()]).await?;
    Ok(found.and_then(|row| row.code))
}
