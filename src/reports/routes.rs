//! Statistics; other reports stand in files of their own.

pub mod open_work;

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::figures::{Figure, figures};
use super::store::{self, Days};
use crate::auth::{Noun, Read, policy};
use crate::error::Error;
use crate::journal::Journal;
use crate::scoring::{Period, PeriodQuery};
use crate::web::{Answer, Problem};
use crate::workdays::local_date;

/// The figures of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// Each figure with the query that lists its rows.
    #[schema(max_items = 100)]
    pub figures: Vec<Figure>,
    /// The newest position of the feed at the moment of the count.
    #[schema(minimum = 0)]
    pub as_of_position: i64,
}

/// Count the city's work
///
/// Who stands in the chain on the period's last day (or today), what was done in the period, and
/// the three rates with what belongs beside them. Rates count what was due in the period and before
/// today; nobody who was not reached counts as satisfied. All of one moment. For whoever holds a
/// role over the whole city.
#[utoipa::path(tag = "statistics", params(PeriodQuery), responses((status = 200, description = "The figures", body = Statistics)))]
#[get("")]
pub async fn get_statistics(
    journal: Data<Journal>,
    request: Read<PeriodQuery>,
) -> Result<Answer, Problem> {
    let Read { actor, query, now, .. } = request;
    // The city's figures are for who sees all of its rows.
    if !policy::sight(&actor, Noun::Statistics).city {
        return Err(Error::forbidden().into());
    }
    let period = Period::read(&query, now)?;
    let days = Days::of(period, local_date(now));
    let conn = journal.db.report().await?;
    let counts = store::counts(&conn, actor.city, &days).await?;
    let as_of_position = counts.get("as_of_position").copied().unwrap_or(0);
    let figures = figures(&counts, &days);
    let Period { from, until } = period;
    Ok(Answer::plain(&Statistics { from, until, figures, as_of_position })?)
}
