//! Ids for the documentation: each is there in the demonstration city, where every load is the same.

use serde_json::{Value, json};

const IDS: [(&str, &str); 16] = [
    ("area_id", "01856ad7-b680-78ee-b306-5ac653f7c0a4"),
    ("assignment_id", "018fa81d-8ce0-7000-9929-5a3e37bd1990"),
    ("committee_id", "01856ad7-b680-7003-a6e6-2ef996547d74"),
    ("contact_id", "01856ad7-b680-798b-afc9-10a755642c29"),
    ("department_id", "01856ad7-b680-7069-8ceb-8e193e00dc2a"),
    ("issue_id", "018f9f32-39a0-7001-9e49-ba14a9f2060e"),
    ("link_id", "01856ad7-b680-74c2-81a6-6755b18ab63c"),
    ("member_id", "01856ad7-b680-7619-9aa9-7bc6f8754536"),
    ("owner_id", "01856ad7-b680-7619-9aa9-7bc6f8754536"),
    ("parent_id", "018f9f32-39a0-7001-9e49-ba14a9f2060e"),
    ("plan_id", "018fc355-a100-7090-a86b-f323eb5b8085"),
    ("rule_set_id", "01856ad7-b680-79fb-9120-29a504ec47b3"),
    ("scheme_id", "01856ad7-b680-79f6-b247-823c031b8115"),
    ("sector_id", "01856ad7-b680-7021-bc20-4477c415459e"),
    ("source_visit_id", "018e55a6-3620-706d-875f-e3b2cb390b88"),
    ("visit_id", "019029c8-bda0-7099-af76-4ffed86aac93"),
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
