//! What a city configures, and the division codes that all cities share.
//!
//! - A code list is either built in (it comes from a room's rules and is the same in every city) or
//!   the city's own. Built-in lists are injected by the assembly as [`BuiltInCodes`], because the
//!   rooms they come from stand above this one.
//! - A year of working days is known or not; past the last known year deadlines are provisional.
//! - A division's code begins with its parent's: 230403 lies in 230400, and the county of any longer
//!   code is its first six digits.

pub mod actions;
mod calendar;
mod routes;
mod store;

use chrono::{DateTime, NaiveDate, Utc};
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::search::Searched;
use crate::error::{self, Error, Fault, Result};
use crate::workdays::local_date;

pub use calendar::Calendar;
pub use routes::{Code, CodeList};
pub use store::{
    CityCodeRow, DivisionRow, city_code, city_codes, city_of, county_of, day_table, division,
    division_in, divisions_of, divisions_of_codes, insert_city_code,
};

/// What is found by name here.
pub const SEARCHED: &[Searched] = &[Searched {
    table: "divisions",
    key: "code",
    key_type: "bigint",
    name: "name",
    tenant: false,
}];

/// The code lists of the program itself, put into the app's data by the assembly.
#[derive(Debug, Clone, Default)]
pub struct BuiltInCodes(pub Vec<CodeList>);

impl CodeList {
    /// A built-in list from `(code, Chinese, English)`.
    pub fn built_in(
        list: &str,
        codes: impl IntoIterator<Item = (&'static str, &'static str, &'static str)>,
    ) -> Self {
        let codes = codes.into_iter().map(|(code, zh, en)| Code {
            code: code.into(),
            label_zh: zh.into(),
            label_en: en.into(),
            note_zh: None,
            note_en: None,
        });
        Self { list: list.to_owned(), source: "built_in".into(), codes: codes.collect() }
    }
}

/// What is published beside something in force begins today or later: what has been used is not
/// ended in the past.
pub fn successor_from(from: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    if from >= local_date(now) {
        return Ok(());
    }
    let (zh, en) = ("已有同类施行,须自今天或以后起", "one is in force: from today or later");
    Err(Error::because(error::Code::Overlap, Fault::new("/from", "not_meaningful", zh, en)))
}

/// `/v1/codes`, `/v1/divisions`, `/v1/workdays`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(scope("/v1/codes").service(routes::list_codes));
    cfg.service(
        scope("/v1/divisions").service(routes::list_divisions).service(routes::get_division),
    );
    cfg.service(scope("/v1/workdays").service(routes::get_workdays));
}
