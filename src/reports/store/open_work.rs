//! What members still hold that somebody else must take over: open plans, open issues, the contacts,
//! posts and areas of who leaves, contacts that are given up, posts of a sector that is left.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::{Bind, Conn, Sight, list::bind_all, sql};
use crate::error::Result;
use crate::page::{Key, Page};

/// Something that is held.
#[derive(Debug, Clone, QueryableByName)]
pub struct HeldRow {
    /// plan, issue, contact, post, area or committee
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Of the plan, the issue, the link to the contact, the post, the area or the committee.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Who holds it.
    #[diesel(sql_type = SqlUuid)]
    pub member_id: Uuid,
    /// The contact, of a link.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub contact_id: Option<Uuid>,
    /// The state of a plan or an issue.
    #[diesel(sql_type = Nullable<Text>)]
    pub state: Option<String>,
    /// A plan's last day, an issue's limit, the last day before somebody leaves or gives it up.
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    /// How many others keep in touch with the contact, hold the post, answer for the division after it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub others: Option<i64>,
    /// Since when; of a link the start of its first day (UTC).
    #[diesel(sql_type = Timestamptz)]
    pub since: DateTime<Utc>,
}

/// Whose work, and which of it is in sight.
#[derive(Debug, Clone)]
pub struct Holders<'a> {
    /// The members.
    pub members: Vec<Uuid>,
    /// The day of the change: the first on which it is otherwise.
    pub on: NaiveDate,
    /// The day on which others are counted: that day, or today where it is past.
    pub now: NaiveDate,
    /// Those of them who leave.
    pub leaving: Vec<Uuid>,
    /// Members, and the contacts that they give up though they stay.
    pub given_up: Vec<(Uuid, Uuid)>,
    /// Members who stay, and the sector in which they are from that day on.
    pub seated: Vec<(Uuid, Uuid)>,
    /// Which plans.
    pub plans: &'a Sight,
    /// Which issues.
    pub issues: &'a Sight,
    /// Which members: by them their contacts, posts, areas and committees.
    pub people: &'a Sight,
}

/// The rows of `t` that stand at a place of `sight`. An OR is fine: the members already bound the walk.
fn seen(sight: &Sight, member: &str, binds: &mut Vec<Bind>) -> String {
    if sight.city {
        return "true".into();
    }
    let mut at = |column: &str, places: Bind| {
        binds.push(places);
        format!("{column} = ANY(${})", binds.len())
    };
    let any = [
        at("t.county_code", Bind::Ints(sight.counties.clone())),
        at("t.committee_id", Bind::Ids(sight.committees.clone())),
        at("t.sector_id", Bind::Ids(sight.sectors.clone())),
        at(member, Bind::Ids(sight.members.clone())),
    ];
    format!("({})", any.join(" OR "))
}

/// Plans that are not closed, issues that have not ended.
fn work(holders: &Holders<'_>, binds: &mut Vec<Bind>) -> Vec<String> {
    let plans = seen(holders.plans, "t.member_id", binds);
    let issues = seen(holders.issues, "t.member_id", binds);
    vec![
        format!(
            "SELECT 'plan' AS kind, t.id, t.member_id, NULL::uuid AS contact_id, t.state, \
             (t.period_start + CASE t.period_kind WHEN 'year' THEN interval '1 year' \
              ELSE interval '1 month' END - interval '1 day')::date AS due_on, \
             NULL::bigint AS others, t.created_at AS since FROM plans t \
             WHERE t.city_code = $1 AND t.owner_kind = 'member' AND t.member_id = ANY($2) \
             AND t.state <> 'closed' AND {plans}"
        ),
        format!(
            "SELECT 'issue', t.id, t.member_id, NULL, t.state, t.due_on, NULL, t.created_at \
             FROM issues t WHERE t.city_code = $1 AND t.member_id = ANY($2) AND t.state NOT IN \
             ('closed', 'archived', 'withdrawn', 'rejected', 'merged') AND {issues}"
        ),
    ]
}

/// The contacts of who leaves, and those that are given up, as they stand on the day before, with how
/// many others keep in touch with them from then on.
fn contacts(holders: &Holders<'_>, last: NaiveDate, binds: &mut Vec<Bind>) -> String {
    let seen = seen(holders.people, "t.id", binds);
    let (members, contacts) = holders.given_up.iter().copied().unzip();
    binds.extend([
        Bind::Ids(holders.leaving.clone()),
        Bind::Day(last),
        Bind::Day(holders.now),
        Bind::Ids(members),
        Bind::Ids(contacts),
    ]);
    let n = binds.len();
    let [who, last, on] = [n - 4, n - 3, n - 2];
    let gone = |link: &str| {
        format!(
            "({link}.member_id = ANY(${who}) OR ({link}.member_id, {link}.contact_id) IN \
             (SELECT * FROM unnest(${}::uuid[], ${n}::uuid[])))",
            n - 1
        )
    };
    format!(
        "SELECT 'contact', l.id, l.member_id, l.contact_id, NULL, ${last}::date, \
         (SELECT count(DISTINCT o.member_id) FROM member_contacts o \
          WHERE o.city_code = l.city_code AND o.contact_id = l.contact_id AND NOT {} \
          AND o.voided_at IS NULL AND o.during @> ${on}::date), \
         lower(l.during)::timestamp AT TIME ZONE 'UTC' \
         FROM member_contacts l JOIN members t ON t.city_code = l.city_code AND t.id = l.member_id \
         WHERE l.city_code = $1 AND l.member_id = ANY($2) AND {} AND l.voided_at IS NULL \
         AND l.during @> ${last}::date AND {seen}",
        gone("o"),
        gone("l")
    )
}

/// The posts that who leaves holds on the day before, and those of a sector in which a member is no
/// longer though they hold them still. Any account may read who holds them, but not who is about to leave.
fn posts(holders: &Holders<'_>, last: NaiveDate, binds: &mut Vec<Bind>) -> String {
    let seen = seen(holders.people, "t.id", binds);
    let (members, sectors) = holders.seated.iter().copied().unzip();
    binds.extend([
        Bind::Ids(holders.leaving.clone()),
        Bind::Day(last),
        Bind::Day(holders.now),
        Bind::Ids(members),
        Bind::Ids(sectors),
    ]);
    let n = binds.len();
    let [who, last, on, members] = [n - 4, n - 3, n - 2, n - 1];
    format!(
        "SELECT 'post', h.post_id, h.member_id, NULL, NULL, ${last}::date, \
         (SELECT count(*) FROM post_holders o WHERE o.city_code = h.city_code \
          AND o.post_id = h.post_id AND o.member_id <> h.member_id AND o.voided_at IS NULL \
          AND o.during @> ${on}::date), lower(h.during)::timestamp AT TIME ZONE 'UTC' \
         FROM post_holders h JOIN members t ON t.city_code = h.city_code AND t.id = h.member_id \
         JOIN posts p ON p.city_code = h.city_code AND p.id = h.post_id \
         JOIN organizations g ON g.city_code = p.city_code AND g.id = p.organization_id \
         WHERE h.city_code = $1 AND h.member_id = ANY($2) AND h.voided_at IS NULL AND {seen} \
         AND (h.during @> ${last}::date AND h.member_id = ANY(${who}) \
         OR h.during @> ${on}::date AND g.kind = 'sector' AND EXISTS (SELECT 1 \
         FROM unnest(${members}::uuid[], ${n}::uuid[]) AS s (member_id, sector_id) \
         WHERE s.member_id = h.member_id AND s.sector_id <> g.id))"
    )
}

/// The areas that who leaves answers for on the day before, with how many others answer for the same
/// division from then on.
fn areas(holders: &Holders<'_>, last: NaiveDate, binds: &mut Vec<Bind>) -> String {
    let seen = seen(holders.people, "t.id", binds);
    binds.extend([Bind::Ids(holders.leaving.clone()), Bind::Day(last), Bind::Day(holders.now)]);
    let n = binds.len();
    let [who, last, on] = [n - 2, n - 1, n];
    format!(
        "SELECT 'area', a.id, a.member_id, NULL, NULL, ${last}::date, \
         (SELECT count(*) FROM areas o WHERE o.city_code = a.city_code \
          AND o.division_code = a.division_code AND o.id <> a.id AND o.voided_at IS NULL \
          AND (o.member_id IS NULL OR o.member_id <> ALL(${who})) \
          AND o.during @> ${on}::date), lower(a.during)::timestamp AT TIME ZONE 'UTC' \
         FROM areas a JOIN members t ON t.city_code = a.city_code AND t.id = a.member_id \
         WHERE a.city_code = $1 AND a.member_id = ANY(${who}) \
         AND a.voided_at IS NULL AND a.during @> ${last}::date AND {seen}"
    )
}

/// The committees that who leaves answers for as one of the chair meeting on the day before, with how
/// many others do from then on.
fn committees(holders: &Holders<'_>, last: NaiveDate, binds: &mut Vec<Bind>) -> String {
    let seen = seen(holders.people, "t.id", binds);
    binds.extend([Bind::Ids(holders.leaving.clone()), Bind::Day(last), Bind::Day(holders.now)]);
    let n = binds.len();
    let [who, last, on] = [n - 2, n - 1, n];
    format!(
        "SELECT 'committee', c.committee_id, c.member_id, NULL, NULL, ${last}::date, \
         (SELECT count(*) FROM chair_committees o WHERE o.city_code = c.city_code \
          AND o.committee_id = c.committee_id AND o.member_id <> ALL(${who}) \
          AND o.voided_at IS NULL AND o.during @> ${on}::date), \
         lower(c.during)::timestamp AT TIME ZONE 'UTC' \
         FROM chair_committees c JOIN members t ON t.city_code = c.city_code AND t.id = c.member_id \
         WHERE c.city_code = $1 AND c.member_id = ANY(${who}) \
         AND c.voided_at IS NULL AND c.during @> ${last}::date AND {seen}"
    )
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A page of it, the latest first.
pub async fn open_work(
    mut conn: Conn<'_>,
    city: i32,
    holders: Holders<'_>,
    page: &Page,
) -> Result<(Vec<HeldRow>, Option<i64>)> {
    let mut binds: Vec<Bind> = vec![city.into(), holders.members.clone().into()];
    let mut parts = work(&holders, &mut binds);
    if let Some(last) = holders.on.pred_opt() {
        let parts_of = [contacts, posts, areas, committees];
        parts.extend(parts_of.map(|part| part(&holders, last, &mut binds)));
    }
    let all = parts.join(" UNION ALL ");
    let total = if page.count {
        let text = format!("SELECT count(*) AS count FROM ({all}) x");
        let count: Count = bind_all(sql(text), binds.clone()).get_result(&mut conn).await?;
        Some(count.count)
    } else {
        None
    };
    let mut after = String::new();
    if let Some(Key { at, id }) = page.after {
        binds.extend([Bind::At(at), Bind::Id(id)]);
        let n = binds.len();
        after = format!("WHERE (x.since, x.id) < (${}, ${n})", n - 1);
    }
    binds.push(Bind::Big(i64::from(page.limit) + 1));
    let text = format!(
        "SELECT * FROM ({all}) x {after} ORDER BY x.since DESC, x.id DESC LIMIT ${}",
        binds.len()
    );
    Ok((bind_all(sql(text), binds).load(&mut conn).await?, total))
}
