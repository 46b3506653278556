//! The one statement that reads all that a walk may change.

use chrono::NaiveDate;

/// Tables that join two things: which no two rows of stand on one day, and the two.
const LINKS: &[(&str, &str, &str, &str)] = &[
    ("member_sectors", "member_id::text", "member_id", "sector_id"),
    ("member_contacts", "member_id::text || contact_id", "member_id", "contact_id"),
    ("sector_committees", "sector_id::text", "sector_id", "committee_id"),
    (
        "committee_departments",
        "committee_id::text || department_id",
        "committee_id",
        "department_id",
    ),
    ("chair_committees", "committee_id::text || member_id", "committee_id", "member_id"),
    ("branch_members", "member_id::text", "branch_id", "member_id"),
    ("party_links", "party_member_id::text || member_id", "party_member_id", "member_id"),
    ("post_holders", "post_id::text", "post_id", "member_id"),
    ("posts", "id::text", "organization_id", "id"),
    (
        "areas",
        "holder_kind || coalesce(sector_id, member_id) || \
         CASE holder_kind WHEN 'member' THEN '' ELSE division_code::text END",
        "coalesce(sector_id, member_id)",
        "id",
    ),
];

/// Tables of what has a term and a version: its kind and where it stands.
const THINGS: &[(&str, &str, &str)] = &[
    ("members", "'member'", "sector_id, committee_id"),
    ("contacts", "'contact'", "NULL, NULL"),
    ("organizations", "kind", "NULL, NULL"),
    ("posts", "'post'", "NULL, NULL"),
    ("areas", "'area'", "NULL, NULL"),
];

/// What else has versions that the journal tells of, and how many at first it does not: a person is
/// entered with the member or the contact who they are.
const TOLD: &[(&str, i64)] = &[("persons", 1), ("adjustments", 0), ("grants", 0)];

/// What else a refusal leaves as it was.
const KEPT: &[&str] = &["adjustment_items", "timers", "accounts"];

/// Days are counted from `start`.
pub fn read(start: NaiveDate) -> String {
    let days = format!(
        "lower(during) - DATE '{start}' AS from, coalesce(upper(during) - DATE '{start}', 1000000) AS until"
    );
    let links = LINKS.iter().map(|(table, line, of, other)| {
        format!(
            "SELECT '{table}' AS table, {line} AS line, id, {of} AS of, {other} AS other, {days}, \
             voided_at IS NOT NULL AS voided FROM {table}"
        )
    });
    let things = THINGS.iter().map(|(table, kind, stands)| {
        let stands = stands.split(", ").zip(["sector_id", "committee_id"]);
        let stands: Vec<_> = stands.map(|(of, name)| format!("{of}::uuid AS {name}")).collect();
        format!(
            "SELECT {kind} AS kind, id, {days}, voided_at IS NOT NULL AS voided, version, {} FROM {table}",
            stands.join(", ")
        )
    });
    let named = || THINGS.iter().map(|(table, ..)| (*table, 0)).chain(TOLD.iter().copied());
    let told = named().map(|(table, unsaid)| {
        format!("SELECT city_code, id, version, {unsaid} AS unsaid FROM {table}")
    });
    let linked = LINKS.iter().map(|(table, ..)| *table);
    let linked = linked.filter(|table| !named().any(|(named, _)| named == *table));
    let digests =
        named().map(|(table, _)| table).chain(linked).chain(KEPT.iter().copied()).map(|table| {
            format!("(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t)")
        });
    let convenes = format!(
        "SELECT a.member_id AS member, g.place_id AS sector, {days} FROM grants g \
         JOIN accounts a ON a.city_code = g.city_code AND a.id = g.subject_id \
         WHERE g.role = 'convener' AND g.voided_at IS NULL AND a.member_id IS NOT NULL"
    );
    // What an account was given behind the API nothing tells of.
    let untold = format!(
        "SELECT o.id FROM ({}) o WHERE (o.version - unsaid, o.version - unsaid) <> \
         (SELECT count(*), count(*) FILTER (WHERE object_version <= o.version) FROM journal j \
         WHERE j.city_code = o.city_code AND j.object_id = o.id) \
         AND o.id NOT IN (SELECT g.id FROM grants g JOIN accounts a ON a.id = g.subject_id \
         WHERE a.username = 'reporter')",
        union(told)
    );
    let rows = |text: String| format!("(SELECT coalesce(json_agg(r), '[]') FROM ({text}) r)");
    let ids = |text: String| format!("(SELECT coalesce(json_agg(r.id), '[]') FROM ({text}) r)");
    format!(
        "SELECT json_build_object('links', {}, 'things', {}, 'convenes', {}, 'accounts', {}, \
         'untold', {}, 'entries', (SELECT count(*) FROM journal), 'digest', concat({}))::text",
        rows(union(links)),
        rows(union(things)),
        rows(convenes),
        ids("SELECT member_id AS id FROM accounts WHERE member_id IS NOT NULL".into()),
        ids(untold),
        digests.collect::<Vec<_>>().join(", ")
    )
}

fn union(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(" UNION ALL ")
}
