//! Examples for the documentation. Ids are there in the demonstration city, where every load is the
//! same (`scripts/contract.sh` asks for each); answers are put together from their fields' examples.

use serde_json::{Map, Value, json};

const IDS: [(&str, &str); 27] = [
    ("adjustment_id", "019094f3-6ee0-7000-b1fc-cafbbc24bc91"),
    ("area_id", "01856ad7-b680-78ee-b306-5ac653f7c0a4"),
    ("assignment_id", "018fa81d-8ce0-7000-9929-5a3e37bd1990"),
    ("committee_id", "01856ad7-b680-7003-a6e6-2ef996547d74"),
    ("contact_point_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("contact_id", "01856ad7-b680-798b-afc9-10a755642c29"),
    ("department_id", "01856ad7-b680-7069-8ceb-8e193e00dc2a"),
    ("holding_id", "01856ad7-b680-7933-855b-79e8c514ee9e"),
    ("identifier_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("issue_id", "018f9f32-39a0-7001-9e49-ba14a9f2060e"),
    ("link_id", "01856ad7-b680-74c2-81a6-6755b18ab63c"),
    ("member_id", "01856ad7-b680-7619-9aa9-7bc6f8754536"),
    ("membership_id", "01856ad7-b680-761a-960a-0b1c11ee645d"),
    ("organization_id", "01856ad7-b680-7003-a6e6-2ef996547d74"),
    ("organization_link_id", "01856ad7-b680-7024-b417-977214f15977"),
    ("owner_id", "01856ad7-b680-7619-9aa9-7bc6f8754536"),
    ("parent_id", "018f9f32-39a0-7001-9e49-ba14a9f2060e"),
    ("party_link_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("person_id", "01856ad7-b680-7618-93a5-3923260cd588"),
    ("plan_id", "018fdd15-6d00-709b-ac7d-6dffe79e4c3a"),
    ("plan_item_id", "018fdd15-6d00-709c-8da0-052c1d6911b9"),
    ("post_id", "01856ad7-b680-7930-af6f-f025e03b72ca"),
    ("rule_set_id", "01856ad7-b680-79fb-9120-29a504ec47b3"),
    ("scheme_id", "01856ad7-b680-79f6-b247-823c031b8115"),
    ("sector_id", "01856ad7-b680-7021-bc20-4477c415459e"),
    ("source_visit_id", "018e5acc-9220-7076-9227-f123daf326be"),
    ("visit_id", "019029c8-bda0-70a5-bbf9-0a6748fb007e"),
];

/// Gives the parameters of an operation that have no example one by their name.
pub fn add(operation: &mut Value) {
    // Not by index: that would write `null` where there are none.
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let id = IDS.iter().find(|(known, _)| *known == name).map(|(_, id)| *id);
        if let Some(id) = id.filter(|_| parameter.get("example").is_none()) {
            parameter["example"] = json!(id);
        }
    }
}

/// What stands in a field without an example of its own, by its name.
const TEXTS: [(&str, &str); 26] = [
    ("action", "dispatch"),
    ("address", "鹤岗市工农区"),
    ("body", "三栋前的路灯坏了一周。"),
    ("category", "roads"),
    ("city_code", "230400"),
    ("contact_mode", "phone"),
    ("description", "非官方示例"),
    ("division_code", "230403"),
    ("error", "invalid_grant"),
    ("error_description", "the name or the password is wrong"),
    ("explanation", "已列入明年计划。"),
    ("go_to_en", "Ring 12345."),
    ("go_to_zh", "请拨打12345。"),
    ("label_en", "A visit was confirmed"),
    ("label_zh", "走访经确认"),
    ("name", "member@230400"),
    ("next", "AAAAAY_ab"),
    ("note", "请于三日内联系反映人。"),
    ("phone", "13904680000"),
    ("place", "三栋一单元"),
    ("place_code", "230400"),
    ("role", "member"),
    ("subject", "走访联系群众"),
    ("summary", "了解社区供暖情况。"),
    ("title", "小区路灯不亮"),
    ("unit", "国安社区"),
];
/// Any id, where none is known.
const SOME_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Gives the fields of components an example, and each answer one of its own.
pub fn answers(doc: &mut Value) {
    for (name, schema) in doc["components"]["schemas"].as_object_mut().into_iter().flatten() {
        let whole = name == "Problem" || schema.get("example").is_some();
        fields(name, schema, whole);
    }
    let schemas = doc["components"]["schemas"].clone();
    let operations = doc["paths"].as_object_mut().into_iter().flatten();
    let operations = operations.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
    for (status, response) in operations
        .flat_map(|(_, operation)| operation["responses"].as_object_mut().into_iter().flatten())
    {
        let media = response
            .pointer_mut("/content/application~1json")
            .filter(|media| media.get("example").is_none() && media.get("examples").is_none());
        if let Some(media) = media.filter(|_| status.starts_with('2')) {
            media["example"] = whole(&media["schema"], &schemas, 0);
        }
    }
}

/// Looks for fields in a component's schema, in its parts too.
fn fields(component: &str, schema: &mut Value, whole: bool) {
    let required = schema["required"].clone();
    for (name, field) in
        schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        // An id in a body is the caller's own: no two may give the same.
        let own =
            name == "id" && !required.as_array().is_some_and(|all| all.contains(&json!("id")));
        if !whole
            && !own
            && field.get("example").is_none()
            && let Some(example) = sample(component, name, field)
            && let Some(map) = field.as_object_mut()
        {
            map.insert("example".into(), example);
        }
        // Items of a list that is written out where it stands.
        if let Some(items) = field.get_mut("items") {
            fields(component, items, whole);
        }
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        fields(component, part, whole);
    }
}

fn kind(field: &Value) -> &str {
    match &field["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn sample(component: &str, name: &str, field: &Value) -> Option<Value> {
    if let Some(words) = field.get("enum").and_then(Value::as_array) {
        return words.iter().find(|word| !word.is_null()).cloned();
    }
    match (kind(field), field["format"].as_str().unwrap_or_default()) {
        ("string", "uuid") => Some(json!(id(component, name))),
        ("string", "date") => Some(json!("2026-03-02")),
        ("string", "date-time") => Some(json!("2026-03-02T01:30:00Z")),
        ("string", "") => {
            let known = TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
            let plain = field["pattern"].as_str().is_some_and(|pattern| {
                pattern == crate::web::faults::TEXT || pattern == crate::web::faults::NOT_BLANK
            });
            known.or(plain.then_some("情况属实。")).map(Value::from)
        }
        ("integer", _) => Some(field.get("minimum").cloned().unwrap_or(json!(1))),
        ("boolean", _) => Some(json!(true)),
        _ => None,
    }
}

/// An id that is there: of the field's name, or of what the component is about.
fn id(component: &str, field: &str) -> &'static str {
    let snake: String = component
        .chars()
        .flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
        .collect();
    let stem = |known: &str| format!("_{}", known.trim_end_matches("_id"));
    let named = IDS.iter().find(|(known, _)| *known == field);
    let about = || {
        let fits = IDS.iter().filter(|(known, _)| field == "id" && snake.contains(&stem(known)));
        fits.max_by_key(|(known, _)| known.len())
    };
    named.or_else(about).map_or(SOME_ID, |(_, id)| id)
}

/// An example of a schema, from those of its parts.
fn whole(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if let Some(example) = schema.get("example").or(schema.pointer("/examples/0")) {
        return example.clone();
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return if depth > 16 { Value::Null } else { whole(&schemas[name], schemas, depth + 1) };
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut all = Map::new();
        for part in parts {
            if let Value::Object(fields) = whole(part, schemas, depth) {
                all.extend(fields);
            }
        }
        return Value::Object(all);
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(choices) = choices {
        let some = choices.iter().find(|one| kind(one) != "null" && one["type"] != json!("null"));
        return some.map_or(Value::Null, |one| whole(one, schemas, depth));
    }
    match kind(schema) {
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), whole(field, schemas, depth))).collect()
        }
        "array" if depth > 16 => json!([]),
        "array" => json!([whole(&schema["items"], schemas, depth + 1)]),
        _ => sample("", "", schema).unwrap_or(Value::Null),
    }
}
