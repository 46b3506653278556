//! Bodies: read within limits, checked against their own schema, every fault named at once.

use std::collections::HashSet;

use actix_web::web::{Bytes, BytesMut, Data, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::Schemas;
use super::faults::{faults_of, one_each};
use crate::error::{Code, Error, Fault, Result};

/// Bytes we read of a body.
pub const MAX_BODY: usize = 1024 * 1024;
/// Arrays and objects inside one another.
pub const MAX_DEPTH: usize = 32;
/// Values of a body, more or less: every comma and bracket begins one. Each may be a fault of its own.
pub const MAX_VALUES: usize = 10_000;
/// Faults that are told of a body at once.
pub const MAX_FAULTS: usize = 100;

/// Reads the payload: 415 unless it is JSON (or nothing), 413 over [`MAX_BODY`].
pub async fn collect(request: &HttpRequest, payload: &mut Payload) -> Result<Bytes> {
    let bytes = bytes(request, payload, MAX_BODY).await?;
    let kind = request.content_type();
    let known = ["application/json", "application/merge-patch+json"];
    let charset = request.encoding().is_ok_and(|encoding| encoding.name() == "UTF-8");
    if !(bytes.is_empty() || charset && known.iter().any(|one| kind.eq_ignore_ascii_case(one))) {
        return Err(Error::say(
            Code::UnsupportedMediaType,
            "请使用 Content-Type: application/json",
            "send Content-Type: application/json",
        ));
    }
    Ok(bytes)
}

/// Reads a file: 415 unless its type is one of `kinds`, 413 over `most` bytes. Returns which of them.
pub async fn collect_file(
    request: &HttpRequest,
    payload: &mut Payload,
    kinds: &[&str],
    most: usize,
) -> Result<(usize, Bytes)> {
    let bytes = bytes(request, payload, most).await?;
    let kind = request.content_type();
    let found = kinds.iter().position(|known| kind.eq_ignore_ascii_case(known));
    let found = found.ok_or_else(|| {
        let known = kinds.join(", ");
        let (zh, en) = (format!("Content-Type 应为其一:{known}"), format!("send one of {known}"));
        Error::say(Code::UnsupportedMediaType, zh, en)
    })?;
    Ok((found, bytes))
}

/// The payload, unless it has more than `most` bytes.
async fn bytes(request: &HttpRequest, payload: &mut Payload, most: usize) -> Result<Bytes> {
    let declared = request
        .headers()
        .get(actix_web::http::header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            Error::say(Code::NotJson, "请求体读取中断", "the body was cut short").with_cause(error)
        })?;
        if bytes.len() + chunk.len() > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn too_large(most: usize) -> Error {
    let most = most / 1024 / 1024;
    let (zh, en) =
        (format!("请求体最大 {most} MiB"), format!("a body may have at most {most} MiB"));
    Error::say(Code::TooLarge, zh, en)
}

/// Checks `bytes` against the schema of `T` and reads them. An empty body reads as `{}`.
pub fn read<T: ToSchema + DeserializeOwned>(request: &HttpRequest, bytes: &[u8]) -> Result<T> {
    let schemas = request
        .app_data::<Data<Schemas>>()
        .ok_or_else(|| Error::internal("no schemas in the app"))?;
    let mut value =
        if bytes.is_empty() { Value::Object(Default::default()) } else { parse(bytes)? };
    let mut faults = Vec::new();
    find_control_characters(&value, "", &mut faults);
    check(schemas, &T::name(), &value, faults)?;
    whole_numbers(&mut value);
    serde_json::from_value(value).map_err(|error| {
        Error::invalid(vec![Fault::new("", "wrong_format", "内容有误", error.to_string())])
    })
}

/// JSON in UTF-8, not nested too deeply, of at most [`MAX_VALUES`].
pub fn parse(bytes: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Error::say(
            Code::NotUtf8,
            format!("第 {at} 字节处不是 UTF-8"),
            format!("not UTF-8 at byte {at}"),
        )
    })?;
    let (mut depth, mut values) = (0_usize, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        values += usize::from(!in_text && matches!(byte, b',' | b'[' | b'{'));
        if values > MAX_VALUES {
            let (zh, en) = (
                format!("请求体最多 {MAX_VALUES} 个值"),
                format!("a body may have at most {MAX_VALUES} values"),
            );
            return Err(Error::say(Code::TooLarge, zh, en));
        }
        if depth > MAX_DEPTH {
            return Err(Error::say(
                Code::TooDeep,
                format!("最多嵌套 {MAX_DEPTH} 层"),
                format!("at most {MAX_DEPTH} levels"),
            ));
        }
    }
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::say(
            Code::NotJson,
            format!("第 {line} 行第 {column} 列起不是合法的 JSON"),
            format!("not JSON at line {line}, column {column}"),
        )
    })
}

/// Writes 24.0 as 24: JSON Schema calls both an integer, serde only the second.
fn whole_numbers(value: &mut Value) {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            let whole = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() <= EXACT);
            // Exact below 2^53, so nothing is lost.
            #[allow(clippy::cast_possible_truncation)]
            if let Some(whole) = whole {
                *value = Value::from(whole as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Object(fields) => fields.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

/// Names every text that holds a control character other than line feed and tab: no field of ours
/// has a use for one, and PostgreSQL keeps no NUL. Patterns of single fields need not repeat it.
fn find_control_characters(value: &Value, at: &str, faults: &mut Vec<Fault>) {
    let is_one = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    match value {
        Value::String(text) if text.contains(is_one) => {
            let (zh, en) = ("不可含控制字符", "no control characters");
            faults.push(Fault::new(at, "wrong_format", zh, en));
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                find_control_characters(item, &format!("{at}/{n}"), faults);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                find_control_characters(field, &format!("{at}/{name}"), faults);
            }
        }
        _ => {}
    }
}

fn check(schemas: &Schemas, name: &str, value: &Value, more: Vec<Fault>) -> Result<()> {
    let mut faults: Vec<Fault> = Vec::new();
    for error in schemas.body(name)?.iter_errors(value) {
        faults.extend(faults_of(&error, value));
    }
    let known: HashSet<String> = faults.iter().map(|fault| fault.pointer.clone()).collect();
    faults.extend(more.into_iter().filter(|fault| !known.contains(&fault.pointer)));
    let mut faults = one_each(faults);
    faults.truncate(MAX_FAULTS);
    crate::error::check(faults)
}
