//! How far party members keep in touch with members outside the party (党员委员联系党外委员).

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::{first, load};
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey};
use crate::error::Result;
use crate::page::Page;

/// Counts of members on a day.
#[derive(Debug, Clone, Copy, Default, QueryableByName)]
pub struct PartyCounts {
    /// In a party branch.
    #[diesel(sql_type = BigInt)]
    pub party_members: i64,
    /// Of those, with somebody outside the party to keep in touch with.
    #[diesel(sql_type = BigInt)]
    pub leading: i64,
    /// In no branch.
    #[diesel(sql_type = BigInt)]
    pub outside: i64,
    /// Of those, with a party member who keeps in touch.
    #[diesel(sql_type = BigInt)]
    pub led: i64,
}

/// A branch with its counts.
#[derive(Debug, Clone, QueryableByName)]
pub struct BranchCounts {
    /// The branch.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its members.
    #[diesel(sql_type = BigInt)]
    pub party_members: i64,
    /// Of those, with somebody outside the party to keep in touch with.
    #[diesel(sql_type = BigInt)]
    pub leading: i64,
    /// Different members outside the party with whom they do.
    #[diesel(sql_type = BigInt)]
    pub led: i64,
}

/// A member, as one outside the party with whom no party member keeps in touch.
#[derive(Debug, Clone, QueryableByName)]
pub struct PartyMemberRow {
    /// The member.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Their number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// None at city level.
    #[diesel(sql_type = Nullable<Integer>)]
    pub county_code: Option<i32>,
    /// Their sector today.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub sector_id: Option<Uuid>,
    /// When they were entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// A member `t` is in a party branch on the day `?`.
const IN_BRANCH: &str = "EXISTS (SELECT 1 FROM branch_members b WHERE b.city_code = t.city_code \
    AND b.member_id = t.id AND b.voided_at IS NULL AND b.during @> ?)";
/// Somebody who is in a party branch that day keeps in touch with `t`.
const LED: &str = "EXISTS (SELECT 1 FROM party_links p JOIN branch_members b \
    ON b.city_code = p.city_code AND b.member_id = p.party_member_id AND b.voided_at IS NULL \
    AND b.during @> ? WHERE p.city_code = t.city_code AND p.member_id = t.id \
    AND p.voided_at IS NULL AND p.during @> ?)";
/// `t` keeps in touch with somebody who is in no party branch that day.
const LEADS: &str = "EXISTS (SELECT 1 FROM party_links p WHERE p.city_code = t.city_code \
    AND p.party_member_id = t.id AND p.voided_at IS NULL AND p.during @> ? \
    AND NOT EXISTS (SELECT 1 FROM branch_members o WHERE o.city_code = p.city_code \
    AND o.member_id = p.member_id AND o.voided_at IS NULL AND o.during @> ?))";

/// Counts over the members of a city, or of some of its counties, on `on`.
pub async fn party_counts(
    conn: Conn<'_>,
    city: i32,
    counties: Option<Vec<i32>>,
    on: NaiveDate,
) -> Result<PartyCounts> {
    let mut binds: Vec<Bind> = vec![city.into(), on.into()];
    let within = if counties.is_some() { " AND t.county_code = ANY($3)" } else { "" };
    binds.extend(counties.map(Bind::Ints));
    let text = format!(
        "SELECT count(*) FILTER (WHERE party) AS party_members, \
         count(*) FILTER (WHERE party AND leads) AS leading, \
         count(*) FILTER (WHERE NOT party) AS outside, \
         count(*) FILTER (WHERE NOT party AND led) AS led \
         FROM (SELECT {IN_BRANCH} AS party, {LEADS} AS leads, {LED} AS led FROM members t \
         WHERE t.city_code = $1 AND t.voided_at IS NULL AND t.during @> $2{within}) x"
    );
    Ok(first(conn, &text.replace('?', "$2"), binds).await?.unwrap_or_default())
}

/// The same for each branch of the city, or of some of its counties, in their order.
pub async fn branch_counts(
    conn: Conn<'_>,
    city: i32,
    counties: Option<Vec<i32>>,
    on: NaiveDate,
) -> Result<Vec<BranchCounts>> {
    let mut binds: Vec<Bind> = vec![city.into(), on.into()];
    let (within, counted) = match counties {
        Some(_) => (
            " AND o.county_code = ANY($3)",
            " AND EXISTS (SELECT 1 FROM members m WHERE m.city_code = b.city_code \
             AND m.id = b.member_id AND m.county_code = ANY($3))",
        ),
        None => ("", ""),
    };
    binds.extend(counties.map(Bind::Ints));
    let text = format!(
        "SELECT o.id, o.name, count(DISTINCT b.member_id) AS party_members, \
         count(DISTINCT p.party_member_id) AS leading, count(DISTINCT p.member_id) AS led \
         FROM organizations o \
         LEFT JOIN branch_members b ON b.city_code = o.city_code AND b.branch_id = o.id \
         AND b.voided_at IS NULL AND b.during @> $2{counted} \
         LEFT JOIN party_links p ON p.city_code = b.city_code AND p.party_member_id = b.member_id \
         AND p.voided_at IS NULL AND p.during @> $2 AND NOT EXISTS (SELECT 1 \
         FROM branch_members i WHERE i.city_code = p.city_code AND i.member_id = p.member_id \
         AND i.voided_at IS NULL AND i.during @> $2) \
         WHERE o.city_code = $1 AND o.kind = 'party_branch' AND o.voided_at IS NULL \
         AND o.during @> $2{within} GROUP BY o.id, o.name, o.position ORDER BY o.position, o.id"
    );
    load(conn, &text, binds).await
}

/// How a member stands to the party on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In a branch.
    PartyMember,
    /// In a branch, and keeps in touch with somebody outside.
    Leading,
    /// In no branch.
    Outside,
    /// In no branch, and somebody of the party keeps in touch with them.
    Led,
}

/// A page of the members in sight who stand so on `on`, or who are in one branch.
pub async fn party_standing(
    conn: Conn<'_>,
    city: i32,
    (standing, branch): (Option<Standing>, Option<Uuid>),
    on: NaiveDate,
    sight: &Sight,
    page: &Page,
) -> Result<(Vec<PartyMemberRow>, Option<i64>)> {
    let condition = standing.map(|standing| match standing {
        Standing::PartyMember => IN_BRANCH.to_owned(),
        Standing::Leading => format!("{IN_BRANCH} AND {LEADS}"),
        Standing::Outside => format!("NOT {IN_BRANCH}"),
        Standing::Led => format!("NOT {IN_BRANCH} AND {LED}"),
    });
    // The day comes first: it is `$2` where the branch is asked.
    List::new(city, "members", COLUMNS, PLACES, SortKey::created(Some("created_at")))
        .filter("t.during @> ?", Some(on))
        .filter(condition.as_deref().unwrap_or_default(), condition.as_ref().map(|_| on))
        .filter(
            "EXISTS (SELECT 1 FROM branch_members i WHERE i.city_code = t.city_code \
             AND i.member_id = t.id AND i.voided_at IS NULL AND i.during @> $2 AND i.branch_id = ?)",
            branch,
        )
        .only("t.voided_at IS NULL")
        .rows(conn, sight, page)
        .await
}

const COLUMNS: &str = "t.id, t.number, t.county_code, t.sector_id, t.created_at";
const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("id"),
    department: None,
};

/// A page of the members outside the party in sight whom nobody of the party keeps in touch with.
pub async fn party_gaps(
    conn: Conn<'_>,
    city: i32,
    on: NaiveDate,
    sight: &Sight,
    page: &Page,
) -> Result<(Vec<PartyMemberRow>, Option<i64>)> {
    List::new(city, "members", COLUMNS, PLACES, SortKey::created(Some("created_at")))
        .filter("t.during @> ?", Some(on))
        .filter(&format!("NOT {IN_BRANCH} AND NOT {LED}"), Some(on))
        .only("t.voided_at IS NULL")
        .rows(conn, sight, page)
        .await
}
