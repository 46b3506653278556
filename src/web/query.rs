//! Query strings: known parameters once each, read by their documented type, all faults at once.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::Schemas;
use super::faults::{faults_of, one_each};
use super::params::ListQuery;
use super::schemas::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::page::{DEFAULT_LIMIT, Form, Page};

/// Reads the query string as `Q`.
pub fn read<Q: IntoParams + DeserializeOwned + 'static>(request: &HttpRequest) -> Result<Q> {
    let mut faults = Vec::new();
    let (found, rest) = pick::<Q>(request, pairs(request)?, &mut faults)?;
    faults.extend(rest.into_iter().map(|(name, _)| unknown(&name)));
    refuse(faults)?;
    from_map(found)
}

/// Reads filters `F` and the page beside them. A whole list has no pages: what asks for one is
/// refused.
pub fn read_list<F: IntoParams + DeserializeOwned + 'static>(
    request: &HttpRequest,
    form: Form,
) -> Result<(F, Page)> {
    let mut faults = Vec::new();
    let (filters, rest) = pick::<F>(request, pairs(request)?, &mut faults)?;
    let (page, rest) = pick::<ListQuery>(request, rest, &mut faults)?;
    faults.extend(rest.into_iter().map(|(name, _)| unknown(&name)));
    if form != Form::Json {
        faults.extend(page.keys().map(|name| paged(name)));
    }
    refuse(faults)?;
    let query_hash = hash(request.path(), &filters);
    let list: ListQuery = from_map(page)?;
    let after =
        list.cursor.as_deref().map(|text| Page::read_cursor(text, query_hash)).transpose()?;
    let page = Page {
        limit: list.limit.unwrap_or(DEFAULT_LIMIT),
        after,
        count: list.count.is_some(),
        query_hash,
        form,
    };
    Ok((from_map(filters)?, page))
}

type Pairs = Vec<(String, String)>;

fn unknown(name: &str) -> Fault {
    Fault::new(format!("?{name}"), "unknown_parameter", "未知参数", "not a parameter here")
}

fn paged(name: &str) -> Fault {
    let (zh, en) = ("CSV 与 NDJSON 为整个清单,不可分页", "CSV and NDJSON hold the whole list");
    Fault::new(format!("?{name}"), "not_allowed", zh, en)
}

fn refuse(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error { faults: one_each(faults), ..Error::new(Code::BadQuery) })
}

fn from_map<Q: DeserializeOwned>(map: Map<String, Value>) -> Result<Q> {
    serde_json::from_value(Value::Object(map))
        .map_err(|error| Error::say(Code::BadQuery, "查询参数有误", error.to_string()))
}

/// All pairs of the query string, decoded; doubled names are refused.
fn pairs(request: &HttpRequest) -> Result<Pairs> {
    let decoded =
        actix_web::web::Query::<Pairs>::from_query(request.query_string()).map_err(|_| {
            Error::say(Code::BadQuery, "查询串不是合法的 URL 编码", "not a valid query string")
        })?;
    let pairs = decoded.into_inner();
    let doubled = pairs
        .iter()
        .enumerate()
        .filter(|(i, (name, _))| pairs[..*i].iter().any(|(earlier, _)| earlier == name));
    refuse(
        doubled
            .map(|(_, (name, _))| {
                Fault::new(format!("?{name}"), "doubled_parameter", "参数重复", "given twice")
            })
            .collect(),
    )?;
    Ok(pairs)
}

/// Takes the parameters of `Q` out of `pairs`, checked; the rest is for somebody else.
fn pick<Q: IntoParams + 'static>(
    request: &HttpRequest,
    pairs: Pairs,
    faults: &mut Vec<Fault>,
) -> Result<(Map<String, Value>, Pairs)> {
    let schemas = request
        .app_data::<Data<Schemas>>()
        .ok_or_else(|| Error::internal("no schemas in the app"))?;
    let parameters = schemas.query::<Q>()?;
    let (mut found, mut rest) = (Map::new(), Vec::new());
    for (name, text) in pairs {
        let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) else {
            rest.push((name, text));
            continue;
        };
        let value = match parameter.kind {
            Kind::Integer => text.parse::<i64>().map_or(Value::String(text), Value::from),
            Kind::Boolean => text.parse::<bool>().map_or(Value::String(text), Value::from),
            Kind::Text => Value::String(text),
        };
        for error in parameter.validator.iter_errors(&value) {
            faults.extend(
                faults_of(&error, &value)
                    .into_iter()
                    .map(|fault| Fault { pointer: format!("?{name}"), ..fault }),
            );
        }
        if value.as_str().is_some_and(|text| text.contains('\0')) {
            faults.push(Fault::new(format!("?{name}"), "wrong_format", "不可含 NUL", "no NUL"));
        }
        found.insert(name, value);
    }
    faults.extend(backwards(&found));
    for parameter in parameters.iter().filter(|p| p.required && !found.contains_key(&p.name)) {
        faults.push(Fault::new(format!("?{}", parameter.name), "required", "必填", "required"));
    }
    Ok((found, rest))
}

/// Names every `until` that is before its `from`. One that is the same asks for nothing and gets it.
fn backwards(found: &Map<String, Value>) -> Vec<Fault> {
    let text = |name: &str| found.get(name).and_then(Value::as_str);
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let at = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    let wrong = |name: &&String| {
        let start = name.strip_suffix("until").map(|stem| format!("{stem}from"));
        let ends = (start.as_deref().and_then(text), text(name));
        let (Some(from), Some(until)) = ends else { return false };
        match (day(from), day(until), at(from), at(until)) {
            (Some(from), Some(until), ..) => until < from,
            (_, _, Some(from), Some(until)) => until < from,
            _ => false,
        }
    };
    let fault = |name: &String| {
        let (zh, en) = ("不得早于起始", "must not be before its beginning");
        Fault::new(format!("?{name}"), "until_not_after_from", zh, en)
    };
    found.keys().filter(wrong).map(fault).collect()
}

/// FNV-1a over path and filters: binds a cursor to its query, not a secret.
fn hash(path: &str, filters: &Map<String, Value>) -> u64 {
    let text = format!("{path}?{}", Value::Object(filters.clone()));
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
