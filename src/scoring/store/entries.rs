//! The score ledger.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::{consumer_positions, score_entries};
use crate::db::{Bind, Conn, List, PlaceColumns, Sight, SortKey, list::bind_all, sql};
use crate::error::Result;
use crate::page::Page;
use crate::scoring::Period;

const PLACES: PlaceColumns = PlaceColumns {
    county: Some("county_code"),
    committee: Some("committee_id"),
    sector: Some("sector_id"),
    member: Some("member_id"),
    department: None,
};

/// A whole row of the ledger.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = score_entries)]
pub struct NewEntry {
    pub city_code: i32,
    pub id: Uuid,
    pub rule_set_id: Uuid,
    pub rule_code: String,
    pub member_id: Uuid,
    pub cause_id: Uuid,
    pub sign: i16,
    pub points: i64,
    pub object_kind: String,
    pub object_id: Uuid,
    pub happened_at: DateTime<Utc>,
    pub posted_at: DateTime<Utc>,
    pub reverses_id: Option<Uuid>,
    pub sector_id: Option<Uuid>,
    pub committee_id: Option<Uuid>,
    pub county_code: Option<i32>,
}

/// What a list shows of an entry.
#[derive(Debug, QueryableByName)]
pub struct EntryRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub rule_set_id: Uuid,
    #[diesel(sql_type = Text)]
    pub rule_code: String,
    #[diesel(sql_type = SqlUuid)]
    pub member_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub cause_id: Uuid,
    #[diesel(sql_type = BigInt)]
    pub points: i64,
    #[diesel(sql_type = Text)]
    pub object_kind: String,
    #[diesel(sql_type = SqlUuid)]
    pub object_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub happened_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub posted_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub reverses_id: Option<Uuid>,
}

/// An entry with its rule, category and rule set.
#[derive(Debug, Clone, QueryableByName)]
pub struct ExplainedRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub rule_set_id: Uuid,
    #[diesel(sql_type = Text)]
    pub rule_set_name: String,
    #[diesel(sql_type = Text)]
    pub category: String,
    #[diesel(sql_type = Text)]
    pub category_zh: String,
    #[diesel(sql_type = Text)]
    pub category_en: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub category_cap: Option<i64>,
    #[diesel(sql_type = Text)]
    pub rule_code: String,
    #[diesel(sql_type = Text)]
    pub rule_zh: String,
    #[diesel(sql_type = Text)]
    pub rule_en: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub rule_cap: Option<i64>,
    #[diesel(sql_type = Text)]
    pub cause_kind: String,
    #[diesel(sql_type = BigInt)]
    pub points: i64,
    #[diesel(sql_type = SqlUuid)]
    pub cause_id: Uuid,
    #[diesel(sql_type = Text)]
    pub object_kind: String,
    #[diesel(sql_type = SqlUuid)]
    pub object_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub happened_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub posted_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub reverses_id: Option<Uuid>,
}

/// Posts an entry; the same rule, cause, member and sign is posted once.
pub async fn post(mut conn: Conn<'_>, entry: NewEntry) -> Result<()> {
    let insert = diesel::insert_into(score_entries::table).values(entry).on_conflict_do_nothing();
    insert.execute(&mut conn).await?;
    Ok(())
}

/// What an object gave and nothing has taken back.
pub async fn standing(mut conn: Conn<'_>, city: i32, object_id: Uuid) -> Result<Vec<NewEntry>> {
    use score_entries::dsl as s;
    let (given, back) = diesel::alias!(score_entries as given, score_entries as back);
    let taken = back.filter(
        back.field(s::city_code)
            .eq(city)
            .and(back.field(s::reverses_id).eq(given.field(s::id).nullable())),
    );
    let rows = given
        .filter(given.field(s::city_code).eq(city))
        .filter(given.field(s::object_id).eq(object_id))
        .filter(given.field(s::sign).eq(1))
        .filter(diesel::dsl::not(diesel::dsl::exists(taken)))
        .order(given.field(s::id))
        .select(given.fields(s::score_entries::all_columns()))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// A page of the ledger, newest first.
pub async fn list(
    conn: Conn<'_>,
    city: i32,
    sight: &Sight,
    wanted: (Option<Uuid>, Option<String>),
    during: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    page: &Page,
) -> Result<(Vec<EntryRow>, Option<i64>)> {
    const COLUMNS: &str = "t.id, t.rule_set_id, t.rule_code, t.member_id, t.cause_id, t.points, \
        t.object_kind, t.object_id, t.happened_at, t.posted_at, t.reverses_id";
    let newest = SortKey { column: "happened_at", descending: true };
    List::new(city, "score_entries", COLUMNS, PLACES, newest)
        .filter("t.member_id = ?", wanted.0)
        .filter("t.rule_code = ?", wanted.1)
        .filter("t.happened_at >= ?", during.0)
        .filter("t.happened_at < ?", during.1)
        .rows(conn, sight, page)
        .await
}

/// All entries of a member in a period with their rules, oldest first.
pub async fn explained(
    mut conn: Conn<'_>,
    city: i32,
    member_id: Uuid,
    period: &Period,
) -> Result<Vec<ExplainedRow>> {
    const TEXT: &str = "SELECT e.id, e.rule_set_id, s.name AS rule_set_name, \
        c.code AS category, c.label_zh AS category_zh, c.label_en AS category_en, c.cap AS category_cap, \
        r.code AS rule_code, r.label_zh AS rule_zh, r.label_en AS rule_en, r.cap AS rule_cap, \
        j.kind AS cause_kind, e.points, e.cause_id, e.object_kind, e.object_id, e.happened_at, \
        e.posted_at, e.reverses_id \
        FROM score_entries e \
        JOIN rules r ON r.city_code = e.city_code AND r.rule_set_id = e.rule_set_id AND r.code = e.rule_code \
        JOIN rule_categories c ON c.city_code = r.city_code AND c.rule_set_id = r.rule_set_id AND c.code = r.category \
        JOIN rule_sets s ON s.city_code = e.city_code AND s.id = e.rule_set_id \
        JOIN journal j ON j.city_code = e.city_code AND j.id = e.cause_id \
        WHERE e.city_code = $1 AND e.member_id = $2 AND e.happened_at >= $3 AND e.happened_at < $4 \
        ORDER BY e.happened_at, e.id";
    let binds = vec![
        Bind::Int(city),
        Bind::Id(member_id),
        Bind::At(period.starts_at()),
        Bind::At(period.ends_at()),
    ];
    Ok(bind_all(sql(TEXT), binds).load(&mut conn).await?)
}

/// Up to where the feed has been scored.
pub async fn scored_until(mut conn: Conn<'_>, city: i32, consumer: &str) -> Result<i64> {
    let position: Option<i64> = consumer_positions::table
        .find((city, consumer))
        .select(consumer_positions::position)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(position.unwrap_or(0))
}
