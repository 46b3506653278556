//! Keyset lists limited by what the caller may see. A list over several places is a union of
//! indexed walks, one a place, never an OR (which reads far more rows than it returns).

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Conn, Prepared, sql};
use crate::error::Result;
use crate::page::{Key, Page};

/// The places a caller sees; nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// The whole city.
    pub city: bool,
    /// Counties, by six-digit code.
    pub counties: Vec<i32>,
    /// Special committees.
    pub committees: Vec<Uuid>,
    /// Sectors.
    pub sectors: Vec<Uuid>,
    /// Members.
    pub members: Vec<Uuid>,
    /// Departments.
    pub departments: Vec<Uuid>,
}

impl Sight {
    /// Everything in the city.
    pub fn city() -> Self {
        Self { city: true, ..Self::default() }
    }
}

/// Which column of a table names which place, or which condition on a row `t` says that it stands at
/// the place `?`; none: that kind of place sees no row.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlaceColumns {
    /// integer.
    pub county: Option<&'static str>,
    /// uuid.
    pub committee: Option<&'static str>,
    /// uuid.
    pub sector: Option<&'static str>,
    /// uuid.
    pub member: Option<&'static str>,
    /// uuid.
    pub department: Option<&'static str>,
}

/// That a row stands, by this column or condition, at `place`.
fn stands(column: &str, place: &str) -> String {
    if column.contains('?') { column.replace('?', place) } else { format!("t.{column} = {place}") }
}

/// A bound value.
#[derive(Debug, Clone)]
pub enum Bind {
    /// smallint
    Small(i16),
    /// integer
    Int(i32),
    /// bigint
    Big(i64),
    /// boolean
    Bool(bool),
    /// text
    Text(String),
    /// uuid
    Id(Uuid),
    /// timestamptz
    At(DateTime<Utc>),
    /// date
    Day(NaiveDate),
    /// uuid[]
    Ids(Vec<Uuid>),
    /// integer[]
    Ints(Vec<i32>),
    /// text[]
    Texts(Vec<String>),
    /// date[]
    Days(Vec<Option<NaiveDate>>),
    /// bigint[]
    Bigs(Vec<i64>),
}

macro_rules! from {
    ($($kind:ident $type:ty,)*) => {
        $(impl From<$type> for Bind { fn from(value: $type) -> Self { Bind::$kind(value) } })*
    };
}
from! { Small i16, Int i32, Big i64, Bool bool, Text String, Id Uuid, At DateTime<Utc>, Day NaiveDate, Ids Vec<Uuid>, Ints Vec<i32>, }

/// Binds `values` in order.
pub fn bind_all<'a>(
    mut query: BoxedSqlQuery<'a, Pg, SqlQuery>,
    values: Vec<Bind>,
) -> Prepared<BoxedSqlQuery<'a, Pg, SqlQuery>> {
    for value in values {
        query = match value {
            Bind::Small(v) => query.bind::<SmallInt, _>(v),
            Bind::Int(v) => query.bind::<Integer, _>(v),
            Bind::Big(v) => query.bind::<BigInt, _>(v),
            Bind::Bool(v) => query.bind::<Bool, _>(v),
            Bind::Text(v) => query.bind::<Text, _>(v),
            Bind::Id(v) => query.bind::<SqlUuid, _>(v),
            Bind::At(v) => query.bind::<Timestamptz, _>(v),
            Bind::Day(v) => query.bind::<Date, _>(v),
            Bind::Ids(v) => query.bind::<Array<SqlUuid>, _>(v),
            Bind::Ints(v) => query.bind::<Array<Integer>, _>(v),
            Bind::Texts(v) => query.bind::<Array<Text>, _>(v),
            Bind::Days(v) => query.bind::<Array<Nullable<Date>>, _>(v),
            Bind::Bigs(v) => query.bind::<Array<BigInt>, _>(v),
        };
    }
    Prepared(query)
}

/// The instant a list is sorted by; ties are broken by id.
#[derive(Debug, Clone, Copy)]
pub struct SortKey {
    /// A timestamptz column that is never null.
    pub column: &'static str,
    /// Newest first.
    pub descending: bool,
}

impl SortKey {
    /// `created_at`, or `-created_at` for newest first, which is the default.
    pub fn created(sort: Option<&str>) -> Self {
        Self { column: "created_at", descending: sort != Some("created_at") }
    }
}

/// A list in the making. Column names come from code, values are bound.
pub struct List {
    table: &'static str,
    columns: &'static str,
    places: PlaceColumns,
    sort: SortKey,
    conditions: String,
    binds: Vec<Bind>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl List {
    /// Rows of `table` in `city`, as `columns`, which must include `id` and the sort column.
    pub fn new(
        city: i32,
        table: &'static str,
        columns: &'static str,
        places: PlaceColumns,
        sort: SortKey,
    ) -> Self {
        let conditions = "t.city_code = $1".to_owned();
        Self { table, columns, places, sort, conditions, binds: vec![Bind::Int(city)] }
    }

    /// Adds a condition in which `?` stands for `value`.
    pub fn filter(mut self, condition: &str, value: Option<impl Into<Bind>>) -> Self {
        if let Some(value) = value {
            self.binds.push(value.into());
            let place = format!("${}", self.binds.len());
            self.conditions.push_str(" AND ");
            self.conditions.push_str(&condition.replace('?', &place));
        }
        self
    }

    /// Adds a condition without a value.
    pub fn only(mut self, condition: &str) -> Self {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
        self
    }

    fn places_of(&self, sight: &Sight) -> Vec<(&'static str, Bind, &'static str)> {
        let ids = |column: Option<&'static str>, ids: &[Uuid]| {
            column
                .filter(|_| !ids.is_empty())
                .map(|column| (column, Bind::Ids(ids.to_vec()), "uuid[]"))
        };
        let counties = (self.places.county)
            .filter(|_| !sight.counties.is_empty())
            .map(|column| (column, Bind::Ints(sight.counties.clone()), "int[]"));
        [
            counties,
            ids(self.places.committee, &sight.committees),
            ids(self.places.sector, &sight.sectors),
            ids(self.places.member, &sight.members),
            ids(self.places.department, &sight.departments),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Up to `limit + 1` rows after the cursor, and the total where it was asked for.
    pub async fn rows<R>(
        mut self,
        conn: Conn<'_>,
        sight: &Sight,
        page: &Page,
    ) -> Result<(Vec<R>, Option<i64>)>
    where
        R: QueryableByName<Pg> + Send + 'static,
    {
        let total = if page.count { Some(self.count(conn, sight).await?) } else { None };
        let places = self.places_of(sight);
        if !sight.city && places.is_empty() {
            return Ok((Vec::new(), total));
        }
        let (direction, than) = if self.sort.descending { ("DESC", "<") } else { ("ASC", ">") };
        let sort = self.sort.column;
        if let Some(Key { at, id }) = page.after {
            self.binds.push(at.into());
            let at = self.binds.len();
            self.binds.push(id.into());
            self.conditions.push_str(&format!(" AND (t.{sort}, t.id) {than} (${at}, ${})", at + 1));
        }
        self.binds.push(Bind::Big(i64::from(page.limit) + 1));
        let limit = self.binds.len();
        let (table, columns, conditions) = (self.table, self.columns, &self.conditions);
        let order = format!("ORDER BY {sort} {direction}, id {direction} LIMIT ${limit}");
        let text = if sight.city {
            format!("SELECT {columns} FROM {table} t WHERE {conditions} {order}")
        } else {
            let mut walks = Vec::new();
            for (column, values, kind) in places {
                self.binds.push(values);
                let (n, here) = (self.binds.len(), stands(column, "p.place"));
                walks.push(format!(
                    "SELECT x.* FROM unnest(${n}::{kind}) p(place) CROSS JOIN LATERAL (SELECT {columns} \
                     FROM {table} t WHERE {conditions} AND {here} {order}) x"
                ));
            }
            let walks = walks.join(" UNION ALL ");
            format!(
                "SELECT * FROM (SELECT DISTINCT ON ({sort}, id) * FROM ({walks}) u \
                 ORDER BY {sort} {direction}, id {direction}) d {order}"
            )
        };
        let mut conn = conn;
        let rows = bind_all(sql(text), self.binds).load(&mut conn).await?;
        Ok((rows, total))
    }

    async fn count(&self, mut conn: Conn<'_>, sight: &Sight) -> Result<i64> {
        let mut binds = self.binds.clone();
        let mut seen = Vec::new();
        for (column, values, kind) in self.places_of(sight) {
            binds.push(values);
            seen.push(stands(column, &format!("ANY(${}::{kind})", binds.len())));
        }
        let seen = if sight.city { "true".into() } else { seen.join(" OR ") };
        if seen.is_empty() {
            return Ok(0);
        }
        let text = format!(
            "SELECT count(*) AS count FROM {} t WHERE {} AND ({seen})",
            self.table, self.conditions
        );
        let count: Count = bind_all(sql(text), binds).get_result(&mut conn).await?;
        Ok(count.count)
    }
}
