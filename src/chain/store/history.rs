//! Pages of dated links: the whole history, or what stood on a day.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::Text;
use uuid::Uuid;

use super::links::STANDING;
use super::{AREA, CONTACT, Count, HOLDING, LinkRow, PARTY_LINK, Relation, SECTOR, first, load};
use crate::chain::kinds::LinkKind;
use crate::db::{Bind, Conn};
use crate::error::Result;
use crate::page::{Key, Page};

/// A link with its kind.
#[derive(Debug, Clone, QueryableByName)]
pub struct KindRow {
    /// Which kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The link.
    #[diesel(embed)]
    pub link: LinkRow,
}

/// The kinds of a member's links, and where they are.
const OF_MEMBER: [(&str, Relation); 7] = [
    ("sector", SECTOR),
    ("contact", CONTACT),
    ("post", HOLDING.mirrored()),
    ("area", AREA),
    ("chair_committee", Relation::of_kind(LinkKind::ChairMember).mirrored()),
    (GROUP, Relation::of_kind(LinkKind::GroupMember).mirrored()),
    (BRANCH, Relation::of_kind(LinkKind::BranchMember).mirrored()),
];
/// A member's party branch and groups, which not all read who see the member.
const BRANCH: &str = "branch";
const GROUP: &str = "group";

/// A page of a member's links, the latest beginning first; voided ones only where no day is given, and
/// those to party branches and groups only `with_branches`.
pub async fn links_of_member(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    (kind, on): (Option<&str>, Option<NaiveDate>),
    with_branches: bool,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let asked = |word: &str| kind.is_none_or(|kind| kind == word);
    let read = |word: &str| asked(word) && (with_branches || ![BRANCH, GROUP].contains(&word));
    let wanted: Vec<_> = OF_MEMBER.into_iter().filter(|(word, _)| read(word)).collect();
    if wanted.is_empty() {
        return Ok((Vec::new(), page.count.then_some(0)));
    }
    walk(conn, city, &wanted, member, on, page).await
}

/// A page of the links that have `of` at their first end, the latest beginning first: the whole
/// history, or what stood on a day.
pub async fn links(
    conn: Conn<'_>,
    city: i32,
    relation: Relation,
    of: Uuid,
    on: Option<NaiveDate>,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    walk(conn, city, &[("", relation)], of, on, page).await
}

/// The same for the party links of a member, at either end.
pub async fn party_links(
    conn: Conn<'_>,
    city: i32,
    member: Uuid,
    on: Option<NaiveDate>,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let parts = [("", PARTY_LINK), ("", PARTY_LINK.turned())];
    walk(conn, city, &parts, member, on, page).await
}

/// The same for all kinds of links of an organisation, at either end, or for one kind. A link names
/// the same organisation first, whichever end it is read from.
pub async fn links_of_organization(
    conn: Conn<'_>,
    city: i32,
    organization: Uuid,
    (kind, on): (Option<LinkKind>, Option<NaiveDate>),
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let wanted = LinkKind::ALL.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one));
    let both = wanted.flat_map(|kind| {
        let relation = Relation::of_kind(kind);
        [(kind.as_str(), relation), (kind.as_str(), relation.turned())]
    });
    walk(conn, city, &both.collect::<Vec<_>>(), organization, on, page).await
}

async fn walk(
    conn: Conn<'_>,
    city: i32,
    parts: &[(&'static str, Relation)],
    of: Uuid,
    on: Option<NaiveDate>,
    page: &Page,
) -> Result<(Vec<KindRow>, Option<i64>)> {
    let mut binds: Vec<Bind> = vec![city.into(), of.into()];
    let mut only = String::new();
    if let Some(on) = on {
        binds.push(on.into());
        only = format!(" AND {STANDING}");
    }
    let walks = parts.iter().map(|(kind, relation)| {
        let (columns, table, by) = (relation.columns(), relation.table, relation.by);
        format!(
            "SELECT '{kind}'::text AS kind, {columns} FROM {table} l \
             WHERE l.city_code = $1 AND l.{by} = $2{only}"
        )
    });
    let walks = walks.collect::<Vec<_>>().join(" UNION ALL ");
    let total = if page.count {
        let text = format!("SELECT count(*) AS count FROM ({walks}) u");
        first::<Count>(conn, &text, binds.clone()).await?.map(|row| row.count)
    } else {
        None
    };
    let mut after = String::new();
    if let Some(Key { at, id }) = page.after {
        binds.extend([Bind::Day(at.date_naive()), Bind::Id(id)]);
        let n = binds.len();
        after = format!(" WHERE (u.from_on, u.id) < (${}, ${n})", n - 1);
    }
    binds.push(Bind::Big(i64::from(page.limit) + 1));
    let text = format!(
        "SELECT * FROM ({walks}) u{after} ORDER BY u.from_on DESC, u.id DESC LIMIT ${}",
        binds.len()
    );
    Ok((load(conn, &text, binds).await?, total))
}
