//! The OpenAPI document: collected from the handlers, then completed with what holds for all of
//! them: security, problems, response headers, the default form of text.

use actix_web::App;
use serde_json::{Map, Value, json};
use utoipa_actix_web::AppExt;

use super::codes::meanings;
use crate::error::{Code, Error, Result, SHAPES};
use crate::web::closed_sets;
use crate::web::faults::{NOT_BLANK, ONE_LINE, TEXT, UUID_V7};

/// Short forms that handlers write, and what is meant: the same without control characters.
const TEXTS: [(&str, &str); 2] = [(r"\S", NOT_BLANK), (r"^\S(.*\S)?$", ONE_LINE)];
const PROBLEM: &str = "application/problem+json";
const CSV: &str = "The whole list, without limit, cursor and count: a header row, then a row each \
    (RFC 4180, UTF-8). `Accept: text/csv; bom=true` puts a byte order mark first.";
const NDJSON: &str = "The whole list, without limit, cursor and count: a row of `data` a line.";

/// The finished document.
pub fn document() -> Result<Value> {
    let (_, collected) = App::new().into_utoipa_app().configure(super::routes).split_for_parts();
    let mut doc = serde_json::to_value(&collected).map_err(Error::internal)?;
    doc["openapi"] = json!("3.1.0");
    doc["info"] = json!({
        "title": "lianxin 连心",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The 1158 work of a Chinese political consultative conference: members keep in touch with the people of their sector, carry what they hear to the departments that can act, and are scored for it. Start with `POST /oauth/token`, then `GET /v1/me`.",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        "contact": { "name": "lianxin", "url": "https://github.com/lianxin/lianxin" },
    });
    doc["servers"] = json!([{ "url": "/", "description": "This server" }]);
    doc["tags"] = tags();
    for (path, item) in object(&mut doc["paths"])? {
        let path = path.clone();
        for (method, operation) in object(item)? {
            complete(&path, method, operation);
            super::examples::add(operation);
        }
    }
    super::links::add(&mut doc);
    let components = object(&mut doc["components"])?;
    components.insert(
        "securitySchemes".into(),
        json!({
            "oauth": { "type": "oauth2", "description": "How a token is had.", "flows": {
            "password": { "tokenUrl": "/oauth/token", "refreshUrl": "/oauth/token", "scopes": {} },
            "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": {} } } },
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "An access token of POST /oauth/token, ten minutes long." },
        }),
    );
    components.insert("responses".into(), responses());
    components.insert("headers".into(), headers());
    let schemas = object(components.entry("schemas").or_insert(json!({})))?;
    schemas.insert("Problem".into(), problem_schema());
    schemas.values_mut().for_each(plain_text);
    closed_sets(&mut doc);
    own_ids(&mut doc);
    doc["security"] = json!([{ "bearer": [] }, { "oauth": [] }]);
    only_what_is_used(&mut doc);
    super::examples::answers(&mut doc);
    bodies_that_may_be_missing(&mut doc);
    whole_lists(&mut doc);
    Ok(doc)
}

/// What every list that is paged also answers as a whole.
fn whole_lists(doc: &mut Value) {
    let items = doc["paths"].as_object_mut().into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
    for (_, operation) in operations.filter(|(_, operation)| super::links::pages(operation)) {
        let example = &operation["responses"]["200"]["content"]["application/json"]["example"];
        let line = example["data"][0].to_string() + "\n";
        let content = &mut operation["responses"]["200"]["content"];
        let schema = |description| json!({ "type": "string", "description": description });
        content["text/csv"] = json!({ "schema": schema(CSV) });
        content["application/x-ndjson"] = json!({ "schema": schema(NDJSON), "example": line });
    }
}

/// No body reads as one without fields, which does where none is required.
fn bodies_that_may_be_missing(doc: &mut Value) {
    let schemas = doc["components"]["schemas"].clone();
    let items = doc["paths"].as_object_mut().into_iter().flatten();
    for (_, operation) in items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten()) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().and_then(|text| text.rsplit('/').next());
        if name.is_some_and(|name| schemas[name].get("required").is_none()) {
            operation["requestBody"]["required"] = json!(false);
        }
    }
}

/// Leaves out components that nothing refers to, until none is left.
fn only_what_is_used(doc: &mut Value) {
    loop {
        let text = doc.to_string();
        let mut removed = false;
        for kind in ["schemas", "responses"] {
            let all = doc["components"][kind].as_object_mut();
            for map in all.into_iter() {
                let before = map.len();
                map.retain(|name, _| text.contains(&format!("\"#/components/{kind}/{name}\"")));
                removed |= map.len() < before;
            }
        }
        if !removed {
            return;
        }
    }
}

/// The whole API as one page: method, path, operation.
pub fn routes_page(doc: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (path, item) in doc["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            lines.push(format!("{path:<58} {:<6} {name}", method.to_uppercase()));
        }
    }
    lines.sort();
    lines.join("\n") + "\n"
}

fn object(value: &mut Value) -> Result<&mut Map<String, Value>> {
    value.as_object_mut().ok_or_else(|| Error::internal("the OpenAPI document has no such object"))
}

fn tags() -> Value {
    let tags = [
        ("auth", "Tokens, keys and who is calling"),
        ("catalogue", "Codes, divisions and working days"),
        ("chain", "Organisations, posts, members, contacts, persons and areas"),
        ("plans", "1158 schemes and monthly plans"),
        ("visits", "Visits against plans"),
        ("activities", "What committees hold for their members"),
        ("issues", "What people raise, from intake to close"),
        ("assignments", "Work orders to departments and their clocks"),
        ("scores", "Rule sets, points and their explanation"),
        ("statistics", "Figures that come from rows"),
        ("events", "What happened, in order"),
        ("imports", "Files of an office, in and out"),
        ("public", "For people without an account"),
        ("operations", "Health and metrics"),
    ];
    tags.iter()
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect()
}

/// What an operation may answer beside its success, from what it takes.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let open = path.starts_with("/oauth")
        || path.starts_with("/.well-known")
        || path.starts_with("/public")
        || operation["tags"][0] == json!("operations");
    let writes = matches!(method, "post" | "patch" | "put" | "delete");
    let takes_version = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|parameter| parameter["name"] == json!("If-Match")));
    let mut statuses = vec!["500", "503"];
    if operation["tags"][0] != json!("operations") {
        statuses.extend(["400", "406"]);
    }
    if open {
        operation["security"] = json!([]);
    } else {
        statuses.extend(["401", "403"]);
    }
    if path.contains('{') {
        statuses.push("404");
    }
    if writes {
        statuses.extend(["409", "413", "415", "422"]);
    }
    if takes_version {
        statuses.extend(["412", "428"]);
    }
    if path.starts_with("/public") || path.starts_with("/oauth") {
        statuses.push("429");
    }
    for status in statuses {
        if operation["responses"].get(status).is_none() {
            let name = format!("Problem{status}");
            operation["responses"][status] =
                json!({ "$ref": format!("#/components/responses/{name}") });
        }
    }
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        // A refusal that the handler describes without its body.
        let bare = response.get("$ref").is_none() && response.get("content").is_none();
        if status.starts_with('4') && bare {
            let schema = json!({ "$ref": "#/components/schemas/Problem" });
            response["content"] = json!({ PROBLEM: { "schema": schema } });
        }
        if status.starts_with('2') && !open {
            response["headers"]["ETag"] = json!({ "$ref": "#/components/headers/ETag" });
            response["headers"]["X-Request-Id"] =
                json!({ "$ref": "#/components/headers/RequestId" });
            if status == "201" || status == "202" {
                response["headers"]["Location"] =
                    json!({ "$ref": "#/components/headers/Location" });
            }
        }
    }
}

fn headers() -> Value {
    json!({
        "ETag": { "description": "`\"<version>.<hash of the bytes>\"`", "schema": { "type": "string", "pattern": "^\"[0-9]+\\.[0-9a-f]{16}\"$" } },
        "RequestId": { "description": "The id of this request, in our log", "schema": { "type": "string", "minLength": 1, "maxLength": 64 } },
        "Location": { "description": "Where the new thing is", "schema": { "type": "string", "format": "uri-reference" } },
        "RetryAfter": { "description": "Seconds", "schema": { "type": "integer", "minimum": 0 } },
    })
}

fn responses() -> Value {
    let mut all = Map::new();
    for code in Code::ALL {
        let name = format!("Problem{}", code.status());
        let (zh, en) = code.title();
        let body = json!({
            "type": format!("/docs/problems/{}", code.as_str()), "title": zh,
            "status": code.status(), "code": code.as_str(), "detail": zh,
            "instance": "urn:request:01890a5d-ac96-774b-bcce-b302099a8057", "errors": [],
        });
        let response = all.entry(name).or_insert_with(|| {
            json!({ "description": en, "content": { PROBLEM: {
                "schema": { "$ref": "#/components/schemas/Problem" }, "examples": {} } } })
        });
        response["content"][PROBLEM]["examples"][code.as_str()] =
            json!({ "summary": en, "value": body });
        if matches!(code.status(), 429 | 503) {
            response["headers"] =
                json!({ "Retry-After": { "$ref": "#/components/headers/RetryAfter" } });
        }
    }
    Value::Object(all)
}

fn problem_schema() -> Value {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let meanings: Vec<&str> = meanings().into_iter().map(|(code, ..)| code).collect();
    let mut faults: Vec<&str> = SHAPES.iter().map(|(code, ..)| *code).collect();
    faults.extend(&meanings);
    json!({
        "type": "object",
        "description": "RFC 9457 problem document, in Chinese or English by Accept-Language",
        "required": ["type", "title", "status", "code", "detail", "instance", "errors"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "code": { "type": "string", "enum": codes },
            "detail": { "type": "string" },
            "instance": { "type": "string", "format": "uri-reference" },
            "state": { "type": "string", "description": "The present state, with transition_not_allowed" },
            "allowed_actions": { "type": "array", "items": { "type": "string" } },
            "errors": { "type": "array", "description": "All that is wrong at once", "items": {
                "type": "object", "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": { "type": "string", "pattern": "^([/?][\\s\\S]*)?$", "description": "JSON pointer, or ?name of a query parameter" },
                    "code": {
                        "type": "string", "enum": faults, "x-meanings": meanings,
                        "description": "What is wrong; `GET /v1/codes` gives each its sentence. \
                            `x-meanings` are those of a body that fits its schema.",
                    },
                    "detail": { "type": "string" },
                },
            } },
        },
    })
}

/// An id of the caller's own, which only bodies leave optional, is a UUIDv7 (RFC 9562).
fn own_ids(doc: &mut Value) {
    for (_, schema) in doc["components"]["schemas"].as_object_mut().into_iter().flatten() {
        let required = schema["required"].as_array();
        if required.is_none_or(|names| !names.contains(&json!("id")))
            && let Some(Value::Object(id)) = schema.pointer_mut("/properties/id")
        {
            id.insert("pattern".into(), json!(UUID_V7));
        }
    }
}

/// Gives every string without a form of its own the default one, and completes the short forms.
fn plain_text(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(plain_text),
        Value::Object(map) => {
            let is_text = match map.get("type") {
                Some(Value::String(kind)) => kind == "string",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
                _ => false,
            };
            let formed =
                ["pattern", "enum", "format", "const"].iter().any(|key| map.contains_key(*key));
            if is_text && !formed {
                map.insert("pattern".into(), json!(TEXT));
            }
            let short = TEXTS.iter().find(|(short, _)| map.get("pattern") == Some(&json!(short)));
            if let Some((_, whole)) = short {
                map.insert("pattern".into(), json!(whole));
            }
            map.iter_mut()
                .filter(|(key, _)| *key != "example" && *key != "examples")
                .for_each(|(_, v)| plain_text(v));
        }
        _ => {}
    }
}
