//! Everything that ever joined a member to others, as one list.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::Text;
use uuid::Uuid;

use super::links::{STANDING, columns};
use super::{AREA, CONTACT, Count, Joins, LinkRow, POST, SECTOR, first, load};
use crate::db::{Bind, Conn};
use crate::error::Result;
use crate::page::{Key, Page};

/// The kinds of a member's links, and where they are.
const KINDS: [(&str, Joins); 4] =
    [("sector", SECTOR), ("contact", CONTACT), ("post", POST), ("area", AREA)];

/// A link of a member of any kind.
#[derive(Debug, Clone, QueryableByName)]
pub struct MemberLink {
    /// sector, contact, post or area
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The link.
    #[diesel(embed)]
    pub link: LinkRow,
}

/// A page of a member's links, the latest beginning first; voided ones only where no day is given.
pub async fn links_of_member(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    (kind, on): (Option<&str>, Option<NaiveDate>),
    page: &Page,
) -> Result<(Vec<MemberLink>, Option<i64>)> {
    let mut binds: Vec<Bind> = vec![city.into(), member.into()];
    binds.extend(on.map(Bind::Day));
    let standing = if on.is_some() { format!(" AND {STANDING}") } else { String::new() };
    let wanted = KINDS.iter().filter(|(word, _)| kind.is_none_or(|kind| kind == *word));
    let all = wanted.map(|(word, joins)| {
        let (Joins { table, of, .. }, columns) = (joins, columns(*joins));
        format!(
            "SELECT '{word}' AS kind, {columns} FROM {table} l \
             WHERE l.city_code = $1 AND l.{of} = $2{standing}"
        )
    });
    let all = all.collect::<Vec<_>>().join(" UNION ALL ");
    let total = if page.count {
        let text = format!("SELECT count(*) AS count FROM ({all}) x");
        first::<Count>(conn, &text, binds.clone()).await?.map(|row| row.count)
    } else {
        None
    };
    let mut after = String::new();
    if let Some(Key { at, id }) = page.after {
        binds.extend([Bind::Day(at.date_naive()), Bind::Id(id)]);
        let n = binds.len();
        after = format!("WHERE (x.from_on, x.id) < (${}, ${n})", n - 1);
    }
    binds.push(Bind::Big(i64::from(page.limit) + 1));
    let text = format!(
        "SELECT * FROM ({all}) x {after} ORDER BY x.from_on DESC, x.id DESC LIMIT ${}",
        binds.len()
    );
    Ok((load(conn, &text, binds).await?, total))
}
