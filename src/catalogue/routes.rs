//! Reading the catalogue. Every account may.

use actix_web::web::Data;
use actix_web::{HttpRequest, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::BuiltInCodes;
use super::store::{self, CityCodeRow, DivisionRow};
use crate::auth::{List, Read};
use crate::db::Conn;
use crate::error::{self, Error, Fault, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ListAnswer, ListQuery, Problem};
use crate::workdays::DayKind;

/// One code with its labels.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Code {
    /// The stable word.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_.]{0,63}$", example = "urgent")]
    pub code: String,
    /// Chinese.
    #[schema(max_length = 200, example = "紧急")]
    pub label_zh: String,
    /// English.
    #[schema(max_length = 200, example = "Urgent")]
    pub label_en: String,
    /// Where to go instead, in Chinese.
    #[schema(max_length = 500, required = true)]
    pub note_zh: Option<String>,
    /// Where to go instead, in English.
    #[schema(max_length = 500, required = true)]
    pub note_en: Option<String>,
}

/// A list of codes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodeList {
    /// Its name.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "urgency")]
    pub list: String,
    /// `built_in` or `city`.
    #[schema(max_length = 8, pattern = "^(built_in|city)$", example = "built_in")]
    pub source: String,
    /// In order.
    #[schema(max_items = 1000)]
    pub codes: Vec<Code>,
}

/// All code lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodesView {
    /// Built-in lists, then the city's.
    #[schema(max_items = 200)]
    pub data: Vec<CodeList>,
}

/// Which list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CodesQuery {
    /// Only the list of this name.
    #[param(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "issue_category")]
    pub list: Option<String>,
}

/// List codes
///
/// Every code the API speaks, with its Chinese and English label: the lists built into the program
/// and those of your city. Any account may read them.
#[utoipa::path(tag = "catalogue", params(CodesQuery),
    responses((status = 200, description = "The code lists", body = CodesView)))]
#[get("")]
pub async fn list_codes(
    journal: Data<Journal>,
    built_in: Data<BuiltInCodes>,
    request: Read<CodesQuery>,
) -> Result<Answer, Problem> {
    let Read { actor, query, .. } = request;
    let conn = journal.db.read().await?;
    let own = group(store::city_codes(&conn, actor.city).await?);
    let known = |name: &String| built_in.0.iter().chain(&own).any(|list| list.list == *name);
    if query.list.as_ref().is_some_and(|name| !known(name)) {
        return Err(Error::because(
            error::Code::BadQuery,
            Fault::reference("?list", "代码表", "list of codes"),
        )
        .into());
    }
    let wanted = |list: &CodeList| query.list.as_ref().is_none_or(|name| *name == list.list);
    let lists = built_in.0.iter().cloned().chain(own);
    Ok(Answer::plain(&CodesView { data: lists.filter(wanted).collect() })?)
}

/// Rows that stand list by list.
fn group(rows: Vec<CityCodeRow>) -> Vec<CodeList> {
    let mut lists: Vec<CodeList> = Vec::new();
    for row in rows {
        let CityCodeRow { list, code, label_zh, label_en, note_zh, note_en, .. } = row;
        let code = Code { code, label_zh, label_en, note_zh, note_en };
        match lists.last_mut().filter(|last| last.list == list) {
            Some(last) => last.codes.push(code),
            None => lists.push(CodeList { list, source: "city".into(), codes: vec![code] }),
        }
    }
    lists
}

/// An administrative division.
#[derive(Debug, Serialize, ToSchema)]
pub struct DivisionView {
    /// 6, 9 or 12 digits.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 200, example = "工农区")]
    pub name: String,
    /// province, city, county, township or village
    #[schema(
        max_length = 8,
        pattern = "^(province|city|county|township|village)$",
        example = "county"
    )]
    pub level: String,
    /// What it lies in; null for a province.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230400", required = true)]
    pub parent_code: Option<String>,
}

impl From<DivisionRow> for DivisionView {
    fn from(row: DivisionRow) -> Self {
        let parent_code = row.parent_code.map(|code| code.to_string());
        Self { code: row.code.to_string(), name: row.name, level: row.level, parent_code }
    }
}

/// Which divisions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DivisionFilter {
    /// Those that lie directly in this one.
    #[param(max_length = 12, pattern = "^[1-9][0-9]{5,11}$", example = "230400")]
    pub parent_code: Option<String>,
    /// Those of this level: province, city, county, township or village.
    #[param(
        max_length = 8,
        pattern = "^(province|city|county|township|village)$",
        example = "county"
    )]
    pub level: Option<String>,
    /// Part of the name: in Chinese, by pinyin (`hegang`) or by its initials (`hg`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "gnq"
    )]
    pub q: Option<String>,
}

/// List divisions
///
/// Provinces, cities, counties, townships and villages by code. Any account may read them.
#[utoipa::path(tag = "catalogue", params(DivisionFilter, ListQuery),
    responses((status = 200, description = "A page of divisions", body = Listing<DivisionView>)))]
#[get("")]
pub async fn list_divisions(
    journal: Data<Journal>,
    request: List<DivisionFilter>,
) -> Result<ListAnswer, Problem> {
    let List { filters, page, .. } = request;
    let parent = filters.parent_code.and_then(|code| code.parse().ok());
    let key = |row: &DivisionRow| Key::of_code(row.code);
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (level, q) = (filters.level.clone(), filters.q.as_deref());
        let (rows, total) = store::divisions(conn, parent, level, q, page).await?;
        Ok(page.listing(rows, total, key, DivisionView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get a division
///
/// One division by its code. Any account may read it.
#[utoipa::path(tag = "catalogue",
    params(("code" = String, Path, description = "The division's code", pattern = "^[1-9][0-9]{5,11}$", example = "230403")),
    responses((status = 200, description = "The division", body = DivisionView)))]
#[get("/{code}")]
pub async fn get_division(
    journal: Data<Journal>,
    path: HttpRequest,
    _request: Read,
) -> Result<Answer, Problem> {
    let code = path.match_info().query("code");
    let digits = (6..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    let code = code.parse().ok().filter(|_| digits).ok_or_else(Error::not_found)?;
    let conn = journal.db.read().await?;
    let row = store::division(&conn, code).await?.ok_or_else(Error::not_found)?;
    Ok(Answer::plain(&DivisionView::from(row))?)
}

/// A day that differs from Monday to Friday.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkdayView {
    /// Which day.
    #[schema(example = "2026-10-01")]
    pub date: NaiveDate,
    /// `holiday`: a weekday off. `workday`: a weekend day worked.
    #[schema(max_length = 8, pattern = "^(holiday|workday)$", example = "holiday")]
    pub kind: String,
    /// What is celebrated.
    #[schema(max_length = 100, example = "National Day")]
    pub name: String,
}

/// The working days of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkdaysView {
    /// Which year.
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: i16,
    /// Whether the year's table has been imported; if not, deadlines in it are provisional.
    pub known: bool,
    /// Days that differ from Monday to Friday.
    #[schema(max_items = 366)]
    pub days: Vec<WorkdayView>,
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WorkdaysQuery {
    /// The calendar year.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    pub year: i16,
}

/// Get the working days of a year
///
/// The days of a year that differ from Monday to Friday in your city (public holidays and 调休), and
/// whether the year is known at all. Any account may read them.
#[utoipa::path(tag = "catalogue", params(WorkdaysQuery),
    responses((status = 200, description = "The year", body = WorkdaysView)))]
#[get("")]
pub async fn get_workdays(
    journal: Data<Journal>,
    request: Read<WorkdaysQuery>,
) -> Result<Answer, Problem> {
    let (city, year) = (request.actor.city, request.query.year);
    let january =
        |year: i16| NaiveDate::from_ymd_opt(i32::from(year), 1, 1).ok_or_else(Error::not_found);
    let conn = journal.db.read().await?;
    let known = store::known_years(&conn, city).await?.contains(&year);
    let rows = store::workdays(&conn, city, january(year)?, january(year + 1)?).await?;
    let days = rows.into_iter().filter(|row| DayKind::parse(&row.kind).is_some());
    let days = days.map(|r| WorkdayView { date: r.day, kind: r.kind, name: r.name }).collect();
    Ok(Answer::plain(&WorkdaysView { year, known, days })?)
}
