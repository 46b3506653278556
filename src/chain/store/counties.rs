//! What of the chain is a county's own.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Nullable};
use uuid::Uuid;

use super::{Relation, SECTOR, first};
use crate::chain::kinds::LinkKind;
use crate::db::Conn;
use crate::error::Result;

#[derive(QueryableByName)]
struct County {
    #[diesel(sql_type = Nullable<Integer>)]
    code: Option<i32>,
}

/// The county whose own sector the member sits in on `on`; none: a sector of the city's, or none at all.
pub async fn county_of_sector(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<i32>> {
    county_of(conn, city, SECTOR, member, on).await
}

/// The same of the party branch that the member is in.
pub async fn county_of_branch(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: NaiveDate,
) -> Result<Option<i32>> {
    let branches = Relation::of_kind(LinkKind::BranchMember).mirrored();
    county_of(conn, city, branches, member, on).await
}

async fn county_of(
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
