//! Who may do what: every operation of the OpenAPI document, as every kind of caller, on objects of
//! their own city; as somebody of another county or city; and as who was, or will be, the liaison
//! centre. The printed table is a snapshot, reviewed as a diff.
//!
//! Changes are sent with a version that never was, so that whoever may is answered 412 (or 409, 422)
//! and nothing changes between two columns: 401, 403 and 404 come before those. Bodies refer to objects of
//! the first city; `ref` says that somebody does not find what they refer to.

use std::collections::BTreeMap;
use std::fmt::Write;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Caller, City};

/// A version that no object has.
const NEVER: &str = "\"987654321.0123456789abcdef\"";

fn example(doc: &Value, operation: &Value) -> Option<Value> {
    let media = operation["requestBody"]["content"].as_object()?.iter().next()?;
    if let Some(example) = media.1.get("example") {
        return Some(example.clone());
    }
    let name = media.1["schema"]["$ref"].as_str()?.rsplit('/').next()?;
    let schema = &doc["components"]["schemas"][name];
    Some(schema.get("example").cloned().unwrap_or_else(|| json!({})))
}

/// The query parameters that must be there, as the document's examples give them.
fn query(operation: &Value, known: &BTreeMap<&str, String>) -> String {
    // One of two must be.
    if operation["operationId"] == "list_open_work" {
        return format!("?adjustment_id={}", known["adjustment_id"]);
    }
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let required = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
    let pairs = required.map(|one| {
        let example = one.get("example").unwrap_or(&one["schema"]["example"]);
        let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        format!("{}={text}", one["name"].as_str().unwrap())
    });
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Whether this operation takes a file: its example is the file.
fn takes_a_file(operation: &Value) -> bool {
    operation["requestBody"]["content"].get("text/csv").is_some()
}

/// Whether this operation takes a JSON body whose example is not checked here.
fn is_form(operation: &Value) -> bool {
    operation["requestBody"]["content"].get("application/x-www-form-urlencoded").is_some()
}

/// Puts what is there in place of what the example makes up, by the name of the field, so that who
/// may not is refused for that and not for a reference that nobody finds.
fn fill(body: &mut Value, objects: &BTreeMap<&str, String>) {
    match body {
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, objects)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match objects.get(name.as_str()) {
                    Some(known) if value.is_string() => *value = json!(known),
                    _ => fill(value, objects),
                }
            }
        }
        _ => {}
    }
}

async fn ask(
    caller: &Caller,
    doc: &Value,
    method: &str,
    path: &str,
    operation: &Value,
    known: &BTreeMap<&str, String>,
) -> String {
    let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let mut body = example(doc, operation).filter(|_| verb != Method::GET);
    body.iter_mut().for_each(|body| fill(body, known));
    let body = if is_form(operation) {
        Some(b"grant_type=password".to_vec())
    } else if takes_a_file(operation) {
        let example = &operation["requestBody"]["content"]["text/csv"]["example"];
        example.as_str().map(|text| text.as_bytes().to_vec())
    } else {
        body.map(|b| b.to_string().into_bytes())
    };
    let kind = match operation {
        form if is_form(form) => "application/x-www-form-urlencoded",
        file if takes_a_file(file) => "text/csv",
        _ => "application/json",
    };
    let headers = [("if-match", NEVER), ("content-type", kind)];
    let headers = if verb == Method::GET { &headers[..0] } else { &headers[..] };
    let path = format!("{path}{}", query(operation, known));
    let reply = caller.send(verb, &path, headers, body).await;
    let status = reply.status.as_u16();
    assert!(status < 500, "{}: {}", reply.asked, String::from_utf8_lossy(&reply.bytes));
    let mut refers = false;
    if status == 422 {
        refers = reply.json()["errors"].to_string().contains("\"reference_not_found\"");
        let faults = reply.json()["errors"].to_string();
        let shape = [
            "wrong_type",
            "\"required\"",
            "unknown_field",
            "wrong_format",
            "too_long",
            "too_short",
        ];
        assert!(
            !shape.iter().any(|code| faults.contains(code)),
            "{}: the example is not valid: {faults}",
            reply.asked
        );
    }
    match status {
        200..=202 => "yes".into(),
        422 if refers => "ref".into(),
        409 | 412 | 422 => "may".into(),
        other => other.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_every_role_as_the_table_says() {
    // given a city with one object of each kind, and callers of every role
    let city = City::start().await;
    let objects = city.one_of_each().await;
    let mut known = objects.0.clone();
    let next = city.month(1);
    known.remove("code");
    known.remove("kind");
    known.extend([
        ("owner_id", city.member_id().to_string()),
        ("period_start", next.to_string()),
        ("planned_on", next.to_string()),
        ("must_visit_code", "villages".to_owned()),
        ("holder_id", city.founded.sectors[0].to_string()),
        ("other_id", known["department_id"].clone()),
    ]);
    let doc = lianxin::http::document().unwrap();
    let mut callers = city.every_role().await;
    callers.push(("county2".into(), city.other_county_staff().await));
    callers.extend(city.of_other_times().await);
    callers.extend(city.foreigners().await);
    // when each asks for everything
    let mut table = format!("{:<46}", "operation");
    for (name, _) in &callers {
        write!(table, "{name:>10}").unwrap();
    }
    table.push('\n');
    for (pattern, item) in doc["paths"].as_object().unwrap() {
        let path = objects.fill(pattern);
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            if matches!(id, "get_metrics" | "get_live" | "get_ready" | "jwks") {
                continue;
            }
            write!(table, "{id:<46}").unwrap();
            for (_, caller) in &callers {
                write!(table, "{:>10}", ask(caller, &doc, method, &path, operation, &known).await)
                    .unwrap();
            }
            table.push('\n');
        }
    }
    // then it is as reviewed
    insta::assert_snapshot!(table);
    city.ended().await;
}
