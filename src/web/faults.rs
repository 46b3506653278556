//! What a JSON Schema finds wrong, as faults that say what would be right.

use std::collections::BTreeMap;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::error::Fault;

/// Text of any kind: no control characters but line feed and tab.
pub const TEXT: &str = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$";
/// The same, and not blank.
pub const NOT_BLANK: &str = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$";
/// One line without blanks around it.
pub const ONE_LINE: &str = r"^[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f])?$";

/// RFC 9562, version 7.
pub const UUID_V7: &str =
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";

/// What a pattern asks for, in words; every other one is shown as it is.
const WORDS: [(&str, &str, &str); 13] = [
    (UUID_V7, "应为 UUIDv7", "must be a UUIDv7"),
    (TEXT, "不可含控制字符", "no control characters"),
    (NOT_BLANK, "不可为空白", "must not be blank"),
    (ONE_LINE, "应为一行文本,首尾不留空白", "must be one line of text without blanks around it"),
    (
        "^[a-z][a-z0-9_]{0,63}$",
        "应为代码,如 key_enterprise",
        "must be a code such as key_enterprise",
    ),
    ("^[a-z0-9_]{1,40}$", "应为代码,如 water_heating", "must be a code such as water_heating"),
    ("^[0-9]{6,12}$", "应为 6 至 12 位区划代码", "must be a division code of 6 to 12 digits"),
    ("^[1-9][0-9]{5,11}$", "应为 6 至 12 位区划代码", "must be a division code of 6 to 12 digits"),
    ("^[0-9]{6}$", "应为 6 位区划代码", "must be a division code of 6 digits"),
    ("^[1-9][0-9]{5}$", "应为 6 位区划代码", "must be a division code of 6 digits"),
    ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "应为日期,如 2026-03-08", "must be a date such as 2026-03-08"),
    ("^[0-9]{4}-(0[1-9]|1[0-2])$", "应为月份,如 2026-03", "must be a month such as 2026-03"),
    (
        "^[+() -]*([0-9][+() -]*){5,32}$",
        "应为电话号码,如 0468-3355001",
        "must be a phone number such as 0468-3355001",
    ),
];

/// What a format asks for, in words.
const FORMATS: [(&str, &str, &str); 3] = [
    ("date", "应为日期,如 2026-03-08", "must be a date such as 2026-03-08"),
    (
        "date-time",
        "应为带时区的时刻,如 2026-03-08T09:00:00+08:00",
        "must be an instant such as 2026-03-08T09:00:00+08:00",
    ),
    (
        "uuid",
        "应为 UUID,如 01856ad7-b680-7069-8ceb-8e193e00dc2a",
        "must be a UUID such as 01856ad7-b680-7069-8ceb-8e193e00dc2a",
    ),
];

const fn type_word(kind: JsonType) -> (&'static str, &'static str) {
    match kind {
        JsonType::Null => ("null", "null"),
        JsonType::Boolean => ("true 或 false", "true or false"),
        JsonType::Integer => ("整数", "an integer"),
        JsonType::Number => ("数字", "a number"),
        JsonType::String => ("文本", "a string"),
        JsonType::Array => ("数组", "an array"),
        JsonType::Object => ("对象", "an object"),
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unknown<'a>(at: &str, names: impl Iterator<Item = &'a String>) -> Vec<Fault> {
    names
        .map(|name| {
            let pointer = format!("{at}/{}", escaped(name));
            Fault::new(pointer, "unknown_field", "未知字段", "not a field of this body")
        })
        .collect()
}

/// In order of their pointers, each mistake once: what has the wrong type is not told that its length
/// is wrong too, nor what has the wrong length that its form is.
pub fn one_each(mut faults: Vec<Fault>) -> Vec<Fault> {
    let rank = |code: &str| match code {
        "null_not_allowed" | "wrong_type" => 0,
        "too_short" | "too_long" | "not_allowed" => 1,
        "wrong_format" => 2,
        _ => 1,
    };
    faults.sort_by(|a, b| (&a.pointer, rank(a.code)).cmp(&(&b.pointer, rank(b.code))));
    faults.dedup_by(|later, kept| {
        later == kept || later.pointer == kept.pointer && rank(later.code) > rank(kept.code)
    });
    faults
}

/// One schema error of `root` as faults with what would be right.
pub fn faults_of(error: &ValidationError<'_>, root: &Value) -> Vec<Fault> {
    let at = error.instance_path().as_str().to_owned();
    let is_null = error.instance().is_null();
    let one = |code, zh: String, en: String| vec![Fault::new(at.clone(), code, zh, en)];
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unknown(&at, unexpected.iter())
        }
        // A body that has no fields at all: the error tells of one without its name.
        Kind::FalseSchema => match root.pointer(&at) {
            Some(Value::Object(fields)) => unknown(&at, fields.keys()),
            _ => one("unknown_field", "未知字段".into(), "not a field of this body".into()),
        },
        Kind::Required { property } => {
            let name = escaped(property.as_str().unwrap_or_default());
            vec![Fault::new(format!("{at}/{name}"), "required", "必填", "required")]
        }
        Kind::Type { .. } if is_null => {
            one("null_not_allowed", "不可为 null".into(), "null is not allowed here".into())
        }
        Kind::Type { kind } => {
            let kinds: Vec<JsonType> = match kind {
                TypeKind::Single(kind) => vec![*kind],
                TypeKind::Multiple(kinds) => kinds.iter().collect(),
            };
            let words = |pick: fn((&'static str, &'static str)) -> &'static str, or: &str| {
                let all: Vec<_> = kinds.iter().map(|kind| pick(type_word(*kind))).collect();
                all.join(or)
            };
            one(
                "wrong_type",
                format!("应为{}", words(|(zh, _)| zh, "或")),
                format!("must be {}", words(|(_, en)| en, " or ")),
            )
        }
        Kind::Enum { options } => one(
            "not_allowed",
            format!("应为以下之一:{options}"),
            format!("must be one of {options}"),
        ),
        Kind::Constant { expected_value } => one(
            "not_allowed",
            format!("应为 {expected_value}"),
            format!("must be {expected_value}"),
        ),
        Kind::MaxLength { limit } => {
            one("too_long", format!("最多 {limit} 个字符"), format!("at most {limit} characters"))
        }
        Kind::MinLength { limit } => {
            one("too_short", format!("至少 {limit} 个字符"), format!("at least {limit} characters"))
        }
        Kind::MaxItems { limit } => {
            one("too_long", format!("最多 {limit} 项"), format!("at most {limit} items"))
        }
        Kind::MinItems { limit } => {
            one("too_short", format!("至少 {limit} 项"), format!("at least {limit} items"))
        }
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => {
            one("out_of_range", format!("最大 {limit}"), format!("at most {limit}"))
        }
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => {
            one("out_of_range", format!("最小 {limit}"), format!("at least {limit}"))
        }
        Kind::Pattern { pattern } => match WORDS.iter().find(|(known, ..)| known == pattern) {
            Some((_, zh, en)) => one("wrong_format", (*zh).into(), (*en).into()),
            None => {
                one("wrong_format", format!("应符合 {pattern}"), format!("must match {pattern}"))
            }
        },
        Kind::Format { format } => match FORMATS.iter().find(|(known, ..)| known == format) {
            Some((_, zh, en)) => one("wrong_format", (*zh).into(), (*en).into()),
            None => one("wrong_format", format!("应为 {format}"), format!("must be a {format}")),
        },
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => of_forms(error, context, root),
        Kind::UniqueItems => one("not_allowed", "不可重复".into(), "must not repeat".into()),
        _ => one("wrong_format", "内容有误".into(), "not valid".into()),
    }
}

/// What is wrong with what may have one of several forms ("null or the type" is such, too): of the form
/// that its own words say it has. Where they say none, which words would.
fn of_forms(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'_>>],
    root: &Value,
) -> Vec<Fault> {
    type Form<'a> = Vec<ValidationError<'a>>;
    let other_type = |form: &&Form<'_>| {
        let here = |e: &ValidationError<'_>| e.instance_path() == error.instance_path();
        form.iter().any(|e| here(e) && matches!(e.kind(), Kind::Type { .. }))
    };
    let forms: Vec<&Form<'_>> = context.iter().filter(|form| !other_type(form)).collect();
    let depth = |e: &ValidationError<'_>| e.instance_path().as_str().matches('/').count();
    // A word of the form itself or right beneath it; one further in may be wrong in the form that is meant.
    let its_own = |e: &ValidationError<'_>| {
        matches!(e.kind(), Kind::Enum { .. }) && depth(e) <= depth(error) + 1
    };
    let told = |form: &&&Form<'_>| !form.iter().any(its_own);
    let meant = forms.iter().filter(told).min_by_key(|form| form.len());
    let faults = |form: &Form<'_>| form.iter().flat_map(|e| faults_of(e, root)).collect();
    match (meant, forms.as_slice()) {
        (Some(form), _) | (None, [form]) => faults(form),
        (None, []) => match context.first() {
            Some(form) => faults(form),
            None => vec![Fault::new(
                error.instance_path().as_str(),
                "wrong_format",
                "内容有误",
                "not valid",
            )],
        },
        (None, several) => several_words(several),
    }
}

/// The words that each of several forms would have in a place where none of them stands.
fn several_words(forms: &[&Vec<ValidationError<'_>>]) -> Vec<Fault> {
    let mut places: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for error in forms.iter().flat_map(|form| form.iter()) {
        if let Kind::Enum { options } = error.kind() {
            let words = options.as_array().into_iter().flatten().cloned();
            places.entry(error.instance_path().as_str()).or_default().extend(words);
        }
    }
    let one = |(at, words): (&str, Vec<Value>)| {
        let words = Value::Array(words);
        let (zh, en) = (format!("应为以下之一:{words}"), format!("must be one of {words}"));
        Fault::new(at, "not_allowed", zh, en)
    };
    places.into_iter().map(one).collect()
}
