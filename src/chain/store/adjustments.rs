//! Reported changes of job or status, and what each changes for whom.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Count, first, load};
use crate::chain::rules::adjustments::{State, Wanted};
use crate::db::schema::{adjustment_items, adjustments};
use crate::db::{Bind, Conn, Prepared, Sight, constraint};
use crate::error::{Code, Error, Result};
use crate::journal::Places;
use crate::page::{Key, Page};

/// A reported change without its items.
#[derive(Debug, Clone, Queryable, Selectable, QueryableByName, Insertable)]
#[diesel(table_name = adjustments, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns, as the migration argues them
pub struct AdjustmentRow {
    pub city_code: i32,
    pub id: Uuid,
    pub version: i64,
    pub state: String,
    pub from_on: NaiveDate,
    pub reason: String,
    pub note: Option<String>,
    pub committee_id: Uuid,
    pub county_code: Option<i32>,
    pub sector_id: Option<Uuid>,
    pub member_id: Option<Uuid>,
    pub members: i16,
    pub reporter_id: Uuid,
    pub checked_at: Option<DateTime<Utc>>,
    pub checked_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Uuid>,
    pub refusal: Option<String>,
    pub applied_at: Option<DateTime<Utc>>,
    pub failure_code: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl AdjustmentRow {
    /// The places that all its items share.
    pub fn places(&self) -> Places {
        Places {
            county: self.county_code,
            committee: Some(self.committee_id),
            sector: self.sector_id,
            member: self.member_id,
            departments: Vec::new(),
        }
    }

    /// Its state; the table's check knows no other words.
    pub fn state(&self) -> Result<State> {
        State::parse(&self.state).ok_or_else(|| Error::internal("an adjustment in no known state"))
    }
}

/// What changes for one member.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = adjustment_items, check_for_backend(diesel::pg::Pg))]
#[allow(missing_docs)] // the columns, as the migration argues them
pub struct AdjustmentItemRow {
    pub city_code: i32,
    pub adjustment_id: Uuid,
    pub member_id: Uuid,
    pub position: i16,
    pub to_sector_id: Option<Uuid>,
    pub ends_term: bool,
    pub end_contacts: Vec<Uuid>,
    pub link_contacts: Vec<Uuid>,
    pub county_code: Option<i32>,
    pub sector_id: Option<Uuid>,
    pub outcome: String,
    pub failure_code: Option<String>,
    pub member_version: Option<i64>,
}

impl AdjustmentItemRow {
    /// What the rules look at.
    pub fn wanted(&self) -> Wanted {
        Wanted {
            sector_id: self.to_sector_id,
            ends_term: self.ends_term,
            end: self.end_contacts.clone(),
            link: self.link_contacts.clone(),
        }
    }

    /// Where its member stood when it was reported, under the committee of the whole.
    pub fn places(&self, committee: Uuid) -> Places {
        Places {
            county: self.county_code,
            committee: Some(committee),
            sector: self.sector_id,
            member: Some(self.member_id),
            departments: Vec::new(),
        }
    }
}

/// The adjustment of that id.
pub async fn adjustment(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<AdjustmentRow>> {
    let query = adjustments::table.find((city, id)).select(AdjustmentRow::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// [`adjustment`], locked until the end of the transaction.
pub async fn lock_adjustment(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
) -> Result<Option<AdjustmentRow>> {
    let query = adjustments::table.find((city, id)).select(AdjustmentRow::as_select()).for_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// What it changes, in the order in which it was reported.
pub async fn adjustment_items(
    mut conn: Conn<'_>,
    city: i32,
    id: Uuid,
) -> Result<Vec<AdjustmentItemRow>> {
    let query = adjustment_items::table
        .filter(adjustment_items::city_code.eq(city))
        .filter(adjustment_items::adjustment_id.eq(id))
        .order(adjustment_items::position)
        .select(AdjustmentItemRow::as_select());
    Ok(query.load(&mut conn).await?)
}

/// Stores a new one with its items.
pub async fn insert_adjustment(
    mut conn: Conn<'_>,
    row: &AdjustmentRow,
    items: &[AdjustmentItemRow],
) -> Result<()> {
    let inserted = diesel::insert_into(adjustments::table).values(row).execute(&mut conn).await;
    inserted.map_err(|error| match constraint(&error) {
        Some("adjustments_pkey") => Error::new(Code::Duplicate),
        _ => error.into(),
    })?;
    diesel::insert_into(adjustment_items::table).values(items).execute(&mut conn).await?;
    Ok(())
}

/// Stores what may change of one.
pub async fn update_adjustment(mut conn: Conn<'_>, row: &AdjustmentRow) -> Result<()> {
    let update = diesel::update(adjustments::table.find((row.city_code, row.id))).set((
        adjustments::state.eq(&row.state),
        adjustments::checked_at.eq(row.checked_at),
        adjustments::checked_by.eq(row.checked_by),
        adjustments::decided_at.eq(row.decided_at),
        adjustments::decided_by.eq(row.decided_by),
        adjustments::refusal.eq(&row.refusal),
        adjustments::applied_at.eq(row.applied_at),
        adjustments::failure_code.eq(&row.failure_code),
        adjustments::version.eq(row.version),
        adjustments::updated_at.eq(row.updated_at),
    ));
    Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// Stores what became of one item.
pub async fn update_item(mut conn: Conn<'_>, row: &AdjustmentItemRow) -> Result<()> {
    let key = (row.city_code, row.adjustment_id, row.member_id);
    let update = diesel::update(adjustment_items::table.find(key)).set((
        adjustment_items::outcome.eq(&row.outcome),
        adjustment_items::failure_code.eq(&row.failure_code),
        adjustment_items::member_version.eq(row.member_version),
    ));
    Prepared(update).execute(&mut conn).await?;
    Ok(())
}

/// Which adjustments a list holds.
#[derive(Debug, Clone, Default)]
pub struct AdjustmentsWanted {
    /// In this state.
    pub state: Option<String>,
    /// Of this committee.
    pub committee: Option<Uuid>,
    /// About this member.
    pub member: Option<Uuid>,
}

/// A page of adjustments, newest first: those that change somebody of a place in sight, and those that
/// `reporter` reported. The ways to them are walked first, each by its index.
pub async fn adjustments(
    conn: Conn<'_>,
    city: i32,
    wanted: AdjustmentsWanted,
    (sight, reporter): (&Sight, Uuid),
    page: &Page,
) -> Result<(Vec<AdjustmentRow>, Option<i64>)> {
    let mut binds = vec![Bind::Int(city)];
    let mut bind = |value: Bind| {
        binds.push(value);
        format!("${}", binds.len())
    };
    let mut conditions = String::from("t.city_code = $1");
    let items = "SELECT i.adjustment_id FROM adjustment_items i WHERE i.city_code = $1 AND";
    let own = "SELECT a.id FROM adjustments a WHERE a.city_code = $1 AND";
    if !sight.city {
        let walks = [
            (items, "i.county_code = ANY(?)", Bind::Ints(sight.counties.clone())),
            (items, "i.sector_id = ANY(?)", Bind::Ids(sight.sectors.clone())),
            (items, "i.member_id = ANY(?)", Bind::Ids(sight.members.clone())),
            (own, "a.committee_id = ANY(?)", Bind::Ids(sight.committees.clone())),
            (own, "a.reporter_id = ?", Bind::Id(reporter)),
        ];
        let walks =
            walks.map(|(from, at, value)| format!("{from} {}", at.replace('?', &bind(value))));
        conditions.push_str(&format!(" AND t.id IN ({})", walks.join(" UNION ")));
    }
    let about = format!("t.id IN ({items} i.member_id = ?)");
    let filters = [
        ("t.state = ?", wanted.state.map(Bind::Text)),
        ("t.committee_id = ?", wanted.committee.map(Bind::Id)),
        (about.as_str(), wanted.member.map(Bind::Id)),
    ];
    for (condition, value) in filters {
        if let Some(value) = value {
            conditions.push_str(&format!(" AND {}", condition.replace('?', &bind(value))));
        }
    }
    let text = format!("SELECT count(*) AS count FROM adjustments t WHERE {conditions}");
    let total = if page.count {
        first::<Count>(conn, &text, binds.clone()).await?.map(|row| row.count)
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
        "SELECT t.* FROM adjustments t WHERE {conditions} \
         ORDER BY t.created_at DESC, t.id DESC LIMIT ${}",
        binds.len()
    );
    Ok((load(conn, &text, binds).await?, total))
}
