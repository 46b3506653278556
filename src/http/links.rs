//! Where an answer's id leads: OpenAPI links from what makes a thing, or lists the things that
//! nobody makes here, to every operation on it.

use serde_json::{Map, Value, json};

/// Adds the links of the whole document.
pub fn add(doc: &mut Value) {
    let Some(paths) = doc["paths"].as_object().cloned() else { return };
    for (path, item) in &paths {
        let (method, status, at) = match (item.get("post"), item.get("get")) {
            (Some(post), _) if post["responses"].get("201").is_some() => ("post", "201", ""),
            (None, Some(get)) if pages(get) => ("get", "200", "/data/0"),
            _ => continue,
        };
        let links = links(&paths, path, at);
        if !links.is_empty() {
            doc["paths"][path][method]["responses"][status]["links"] = Value::Object(links);
        }
    }
}

/// Whether an operation answers a list by pages.
pub fn pages(operation: &Value) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.into_iter().flatten().any(|one| one["name"] == json!("cursor"))
}

/// To each operation on one thing of `path`, which stands at `at` in the answer.
fn links(paths: &Map<String, Value>, path: &str, at: &str) -> Map<String, Value> {
    let mut links = Map::new();
    for (target, item) in paths {
        let rest = target.strip_prefix(path).and_then(|rest| rest.strip_prefix("/{"));
        let Some((own, rest)) = rest.and_then(|rest| rest.split_once('}')) else { continue };
        // A second id stands for something inside the thing.
        if rest.contains('{') {
            continue;
        }
        let field = if own.ends_with("_id") { "id" } else { own };
        let mut parameters = Map::new();
        for outer in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            parameters.insert(outer.into(), json!(format!("$request.path.{outer}")));
        }
        parameters.insert(own.into(), json!(format!("$response.body#{at}/{field}")));
        for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
            if let Some(id) = operation["operationId"].as_str() {
                let link = json!({ "operationId": id, "parameters": parameters });
                links.insert(id.into(), link);
            }
        }
    }
    links
}
