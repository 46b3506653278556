//! What anybody reads of the chain: which sector answers for which area.

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::day_of;
use crate::auth::PublicList;
use crate::chain::geometry::Geometry;
use crate::chain::store::{self, PublicAreaRow};
use crate::db::Conn;
use crate::error::Result;
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};

/// A responsibility area of a sector (界别责任区). No person is named.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicAreaView {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    #[schema(max_length = 200, example = "经济界别责任区")]
    pub name: String,
    /// The sector that answers for it.
    #[schema(max_length = 200, example = "经济界")]
    pub sector: String,
    /// What it covers.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403001")]
    pub division_code: String,
    /// What that is called.
    #[schema(max_length = 200, example = "育才街道")]
    pub division: String,
    /// What it looks like on a map; null: the same as its division.
    #[schema(required = true)]
    pub geometry: Option<Geometry>,
    /// Its first day.
    #[schema(example = "2023-01-01")]
    pub from: NaiveDate,
    /// The day after its last, where that is known.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
}

impl From<PublicAreaRow> for PublicAreaView {
    fn from(row: PublicAreaRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            sector: row.sector,
            division_code: row.division_code.to_string(),
            division: row.division_name,
            geometry: row.geometry,
            from: row.from_on,
            until: row.until_on,
        }
    }
}

/// Which areas.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PublicAreaFilter {
    /// Areas on this day; today unless told.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// Of exactly this division.
    #[param(max_length = 12, pattern = "^[1-9][0-9]{5,11}$", example = "230403001")]
    pub division_code: Option<String>,
}

/// List the sectors' areas
///
/// The published table of which sector (界别) of the city answers for which area, on a day, today unless
/// told. Without an account; no person is named.
#[utoipa::path(tag = "public",
    params(("city_code" = String, Path, description = "The city", pattern = "^[0-9]{6}$"),
        PublicAreaFilter, ListQuery),
    responses((status = 200, description = "A page of areas", body = Listing<PublicAreaView>)))]
#[get("")]
pub async fn list_public_areas(
    journal: Data<Journal>,
    request: PublicList<PublicAreaFilter>,
) -> Result<ListAnswer, Problem> {
    let PublicList { city, filters, page, now } = request;
    let division = filters.division_code.and_then(|code| code.parse().ok());
    let on = day_of(filters.as_of, now);
    let key = |row: &PublicAreaRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::public_areas(conn, city, division, on, page).await?;
        Ok(page.listing(rows, total, key, PublicAreaView::from))
    };
    Ok(journal.db.list(page, read).await?)
}
