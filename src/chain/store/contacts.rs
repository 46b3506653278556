//! Contacts, and who sees which of them through the members they are linked to.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::external_ids::{NAMED, ids_column};
use super::{Count, Days, bind_all, days, first, load, sql};
use crate::db::schema::contacts;
use crate::db::{Bind, Conn, Prepared, Sight, portions, search};
use crate::error::Result;
use crate::journal::Places;
use crate::page::{Key, Page};

/// A contact with the person they are.
#[derive(Debug, Clone, QueryableByName)]
pub struct ContactRow {
    /// Their id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The person they are.
    #[diesel(sql_type = SqlUuid)]
    pub person_id: Uuid,
    /// Their number in the city.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// key_enterprise, community or village
    #[diesel(sql_type = Text)]
    pub category: String,
    /// The enterprise, community or village.
    #[diesel(sql_type = Text)]
    pub unit: String,
    /// Where that is.
    #[diesel(sql_type = BigInt)]
    pub division_code: i64,
    /// The county it lies in.
    #[diesel(sql_type = Integer)]
    pub county_code: i32,
    /// Since when.
    #[diesel(sql_type = Date)]
    pub from_on: NaiveDate,
    /// Until before when.
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    /// When they turned out a mistake.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub voided_at: Option<DateTime<Utc>>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    /// The person's name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The person's phone.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    /// The person's address.
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    /// What other systems call it: `scheme:value`.
    #[diesel(sql_type = Array<Text>)]
    pub external_ids: Vec<String>,
}

impl ContactRow {
    /// As it is put into the table.
    pub(in crate::chain) fn inserted(&self, city_code: i32) -> NewContactRow {
        NewContactRow {
            city_code,
            id: self.id,
            person_id: self.person_id,
            number: self.number.clone(),
            category: self.category.clone(),
            unit: self.unit.clone(),
            division_code: self.division_code,
            county_code: self.county_code,
            during: days(self.from_on, self.until_on),
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// Where the contact stands by itself; through links it stands at its members' places too.
    pub fn places(&self) -> Places {
        Places { county: Some(self.county_code), ..Places::default() }
    }
}

pub(super) const COLUMNS: &str = concat!(
    "t.id, t.person_id, t.number, t.category, t.unit, t.division_code, \
    t.county_code, lower(t.during) AS from_on, upper(t.during) AS until_on, t.voided_at, \
    t.version, t.created_at, t.updated_at, p.name, p.phone, p.address, ",
    ids_column!()
);

pub(super) const TABLES: &str =
    "contacts t JOIN persons p ON p.city_code = t.city_code AND p.id = t.person_id";

/// The contact of that id; not a voided one.
pub async fn contact(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<ContactRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

/// [`contact`], locked until the end of the transaction.
pub async fn lock_contact(conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<ContactRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE t.city_code = $1 AND t.id = $2 \
         AND t.voided_at IS NULL FOR UPDATE OF t"
    );
    first(conn, &text, vec![city.into(), id.into()]).await
}

#[derive(QueryableByName)]
struct LinkedPlaces {
    #[diesel(sql_type = SqlUuid)]
    member_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    sector_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    committee_id: Option<Uuid>,
}

/// The links `l` that ended by `today`, a placeholder, and after which nobody has kept in touch with the
/// contact, with the member's sector of the last day and who guides that today: there is where somebody
/// must be found.
pub(super) fn kept_last(today: &str) -> String {
    format!(
        "FROM member_contacts l JOIN member_sectors s ON s.city_code = l.city_code \
         AND s.member_id = l.member_id AND s.voided_at IS NULL \
         AND lower(s.during) < upper(l.during) \
         AND (upper(s.during) IS NULL OR upper(s.during) >= upper(l.during)) \
         LEFT JOIN sector_committees g ON g.city_code = s.city_code AND g.sector_id = s.sector_id \
         AND g.voided_at IS NULL AND g.during @> {today}::date \
         WHERE l.city_code = $1 AND l.voided_at IS NULL AND upper(l.during) <= {today}::date \
         AND EXISTS (SELECT 1 FROM contacts c WHERE c.city_code = l.city_code \
         AND c.id = l.contact_id AND (upper(c.during) IS NULL OR upper(c.during) > {today}::date)) \
         AND NOT EXISTS (SELECT 1 FROM member_contacts n WHERE n.city_code = l.city_code \
         AND n.contact_id = l.contact_id AND n.voided_at IS NULL AND lower(n.during) <= {today}::date \
         AND (upper(n.during) IS NULL OR upper(n.during) > upper(l.during)))"
    )
}

/// Everywhere the contact stands on `on`: in its county, and with each member it is linked to; where
/// nobody is left, with the sector and the committee of who was the last.
pub async fn places_of_contact(
    conn: Conn<'_>,
    city: i32,
    contact: &ContactRow,
    on: NaiveDate,
) -> Result<Vec<Places>> {
    let text = "SELECT m.id AS member_id, m.sector_id, m.committee_id FROM member_contacts l \
        JOIN members m ON m.city_code = l.city_code AND m.id = l.member_id \
        WHERE l.city_code = $1 AND l.contact_id = $2 AND l.voided_at IS NULL AND l.during @> $3";
    let linked: Vec<LinkedPlaces> =
        load(conn, text, vec![city.into(), contact.id.into(), on.into()]).await?;
    let through = linked.into_iter().map(|row| Places {
        member: Some(row.member_id),
        sector: row.sector_id,
        committee: row.committee_id,
        ..contact.places()
    });
    let mut places: Vec<Places> = std::iter::once(contact.places()).chain(through).collect();
    if places.len() == 1 {
        let text = format!(
            "SELECT l.member_id, s.sector_id, g.committee_id {} AND l.contact_id = $3",
            kept_last("$2")
        );
        let last: Vec<LinkedPlaces> =
            load(conn, &text, vec![city.into(), on.into(), contact.id.into()]).await?;
        // Not with the member: theirs it is no more.
        places.extend(last.into_iter().map(|row| Places {
            sector: row.sector_id,
            committee: row.committee_id,
            ..contact.places()
        }));
    }
    Ok(places)
}

/// Which contacts a list holds.
#[derive(Debug, Clone)]
pub struct ContactsWanted {
    /// Contacts, and linked, on this day.
    pub on: NaiveDate,
    /// Of this category.
    pub category: Option<String>,
    /// In this county.
    pub county: Option<i32>,
    /// In exactly this division.
    pub division: Option<i64>,
    /// Linked to this member.
    pub member: Option<Uuid>,
    /// Linked to anybody that day, or to nobody.
    pub linked: Option<bool>,
    /// Whose name or unit has this part.
    pub q: Option<String>,
    /// Called so elsewhere: `scheme:value`.
    pub external: Option<String>,
}

impl ContactsWanted {
    /// All of a day.
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            category: None,
            county: None,
            division: None,
            member: None,
            linked: None,
            q: None,
            external: None,
        }
    }
}

/// A page of contacts, newest first: those of the counties in sight, those linked `today` to members in
/// sight, and those whom a sector in sight kept last and nobody does now. The links are walked first,
/// each by its index.
pub async fn contacts(
    conn: Conn<'_>,
    city: i32,
    wanted: ContactsWanted,
    today: NaiveDate,
    sight: &Sight,
    page: &Page,
) -> Result<(Vec<ContactRow>, Option<i64>)> {
    let mut binds = vec![Bind::Int(city), Bind::Day(today), Bind::Day(wanted.on)];
    let mut bind = |value: Bind| {
        binds.push(value);
        format!("${}", binds.len())
    };
    let linked = "FROM member_contacts l JOIN members m ON m.city_code = l.city_code \
        AND m.id = l.member_id WHERE l.city_code = $1 AND l.voided_at IS NULL AND l.during @>";
    let mut conditions = String::from(
        "t.city_code = $1 AND t.voided_at IS NULL AND t.during @> $3 AND $2::date IS NOT NULL",
    );
    if !sight.city {
        let counties = bind(Bind::Ints(sight.counties.clone()));
        let mut walks = vec![format!(
            "SELECT id FROM contacts WHERE city_code = $1 AND county_code = ANY({counties})"
        )];
        let places = [
            ("l.member_id", &sight.members),
            ("m.sector_id", &sight.sectors),
            ("m.committee_id", &sight.committees),
        ];
        for (column, ids) in places {
            let ids = bind(Bind::Ids(ids.clone()));
            walks.push(format!("SELECT l.contact_id {linked} $2 AND {column} = ANY({ids})"));
        }
        for (column, ids) in
            [("s.sector_id", &sight.sectors), ("g.committee_id", &sight.committees)]
        {
            if !ids.is_empty() {
                let ids = bind(Bind::Ids(ids.clone()));
                let last = kept_last("$2");
                walks.push(format!("SELECT l.contact_id {last} AND {column} = ANY({ids})"));
            }
        }
        conditions.push_str(&format!(" AND t.id IN ({})", walks.join(" UNION ")));
    }
    let found = super::found_people("contacts");
    let filters = [
        ("t.category = ?", wanted.category.map(Bind::Text)),
        ("t.county_code = ?", wanted.county.map(Bind::Int)),
        ("t.division_code = ?", wanted.division.map(Bind::Big)),
        (NAMED, wanted.external.map(Bind::Text)),
        (&found, wanted.q.map(|q| Bind::Text(search::query(city, &q)))),
    ];
    for (condition, value) in filters {
        if let Some(value) = value {
            conditions.push_str(&format!(" AND {}", condition.replace('?', &bind(value))));
        }
    }
    if let Some(is) = wanted.linked {
        let not = if is { "" } else { "NOT " };
        conditions
            .push_str(&format!(" AND {not}EXISTS (SELECT 1 {linked} $3 AND l.contact_id = t.id)"));
    }
    if let Some(member) = wanted.member {
        let member = bind(Bind::Id(member));
        conditions.push_str(&format!(
            " AND t.id IN (SELECT l.contact_id {linked} $3 AND l.member_id = {member})"
        ));
    }
    let counted = binds.clone();
    let text = format!("SELECT count(*) AS count FROM contacts t WHERE {conditions}");
    let total = if page.count {
        first::<Count>(conn, &text, counted).await?.map(|row| row.count)
    } else {
        None
    };
    if let Some(Key { at, id }) = page.after {
        binds.extend([Bind::At(at), Bind::Id(id)]);
        let n = binds.len();
        conditions.push_str(&format!(" AND (t.created_at, t.id) < (${}, ${n})", n - 1));
    }
    binds.push(Bind::Big(i64::from(page.limit) + 1));
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE {conditions} \
         ORDER BY t.created_at DESC, t.id DESC LIMIT ${}",
        binds.len()
    );
    let mut conn = conn;
    Ok((bind_all(sql(text), binds).load(&mut conn).await?, total))
}

/// A contact to enter.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = contacts)]
pub(in crate::chain) struct NewContactRow {
    city_code: i32,
    id: Uuid,
    person_id: Uuid,
    number: String,
    category: String,
    unit: String,
    division_code: i64,
    county_code: i32,
    during: Days,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Adds contacts.
pub(in crate::chain) async fn insert_contacts(
    mut conn: Conn<'_>,
    rows: Vec<NewContactRow>,
) -> QueryResult<()> {
    for portion in portions(rows) {
        let searched = |row: NewContactRow| {
            let search = contacts::search.eq(search::keys(row.city_code, &row.unit));
            (row, search)
        };
        let values: Vec<_> = portion.into_iter().map(searched).collect();
        let insert = diesel::insert_into(contacts::table).values(values);
        Prepared(insert).execute(&mut conn).await?;
    }
    Ok(())
}

/// Writes what of the row may change, as its next version.
pub async fn update_contact(mut conn: Conn<'_>, city: i32, row: &ContactRow) -> QueryResult<()> {
    let update = diesel::update(contacts::table.find((city, row.id))).set((
        contacts::category.eq(row.category.clone()),
        contacts::unit.eq(row.unit.clone()),
        contacts::search.eq(search::keys(city, &row.unit)),
        contacts::division_code.eq(row.division_code),
        contacts::county_code.eq(row.county_code),
        contacts::during.eq(days(row.from_on, row.until_on)),
        contacts::voided_at.eq(row.voided_at),
        contacts::version.eq(row.version),
        contacts::updated_at.eq(row.updated_at),
    ));
    Prepared(update).execute(&mut conn).await.map(drop)
}
