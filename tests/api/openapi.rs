//! The committed document is the one the handlers make, and it is whole.

use serde_json::Value;

fn operations(doc: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (path, item) in doc["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((format!("{} {path}", method.to_uppercase()), operation.clone()));
        }
    }
    all
}

#[test]
fn the_committed_document_is_what_the_handlers_make() {
    let committed: Value =
        serde_json::from_str(&std::fs::read_to_string("openapi/openapi.json").unwrap()).unwrap();
    assert!(committed == lianxin::http::document().unwrap(), "run `make openapi`");
}

#[test]
fn every_operation_says_what_it_is_and_what_it_answers() {
    let doc = lianxin::http::document().unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (name, operation) in operations(&doc) {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{name}: no id"));
        assert!(ids.insert(id.to_owned()), "{name}: {id} twice");
        for key in ["summary", "description"] {
            assert!(operation[key].as_str().is_some_and(|text| text.len() > 5), "{name}: no {key}");
        }
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}: tags");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}: no success");
        for (status, response) in responses {
            let described = response["$ref"].is_string() || response["description"].is_string();
            assert!(described, "{name}: {status} has no description");
        }
    }
}

#[test]
fn every_text_in_a_body_has_a_length() {
    let doc = lianxin::http::document().unwrap();
    let mut bare = Vec::new();
    for (name, operation) in operations(&doc) {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let Some(reference) = body["$ref"].as_str() else { continue };
        let schema = &doc["components"]["schemas"][reference.rsplit('/').next().unwrap()];
        for (field, form) in schema["properties"].as_object().into_iter().flatten() {
            let text = form["type"] == "string" || form["type"][0] == "string";
            let bound = ["maxLength", "format", "enum", "pattern"].iter().any(|key| {
                !form[key].is_null() && (*key != "pattern" || form["maxLength"].is_u64())
            });
            if text && !bound {
                bare.push(format!("{name}: {field}"));
            }
        }
        assert_eq!(
            schema["additionalProperties"],
            Value::Bool(false),
            "{name}: unknown fields pass"
        );
    }
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}
