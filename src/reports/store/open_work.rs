//! What members still hold that somebody else must take over: open plans, open issues, and the
//! contacts of who leaves.

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
    /// plan, issue or contact
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Of the plan, the issue or the link to the contact.
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
    /// A plan's last day, an issue's limit, a leaving member's last day.
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    /// How many other members keep in touch with the contact after that day.
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
    /// Those of them who leave, and before which day.
    pub leaving: Option<(Vec<Uuid>, NaiveDate)>,
    /// Which plans.
    pub plans: &'a Sight,
    /// Which issues.
    pub issues: &'a Sight,
    /// Which contacts, by their members.
    pub contacts: &'a Sight,
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

/// The contacts of who leaves on the last day, with how many others keep in touch with them after it.
fn contacts(holders: &Holders<'_>, binds: &mut Vec<Bind>) -> Option<String> {
    let (leaving, until) = holders.leaving.clone()?;
    let last = until.pred_opt()?;
    let seen = seen(holders.contacts, "t.id", binds);
    binds.extend([Bind::Ids(leaving), Bind::Day(last), Bind::Day(until)]);
    let n = binds.len();
    let (who, last, until) = (n - 2, n - 1, n);
    Some(format!(
        "SELECT 'contact', l.id, l.member_id, l.contact_id, NULL, ${last}::date, \
         (SELECT count(DISTINCT o.member_id) FROM member_contacts o \
          WHERE o.city_code = l.city_code AND o.contact_id = l.contact_id \
          AND o.member_id <> ALL(${who}) AND o.voided_at IS NULL AND o.during @> ${until}::date), \
         lower(l.during)::timestamp AT TIME ZONE 'UTC' \
         FROM member_contacts l JOIN members t ON t.city_code = l.city_code AND t.id = l.member_id \
         WHERE l.city_code = $1 AND l.member_id = ANY(${who}) AND l.voided_at IS NULL \
         AND l.during @> ${last}::date AND {seen}"
    ))
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
    parts.extend(contacts(&holders, &mut binds));
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
