//! Validators made from our own OpenAPI document: what is documented is what is checked.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;

use crate::error::{Error, Result};

/// One query parameter.
pub struct Parameter {
    /// Its name in the URL.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// `integer`, `boolean` or `string`.
    pub kind: Kind,
    /// Checks its value.
    pub validator: Validator,
}

/// How the text of a parameter is read before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// As it stands.
    Text,
}

/// All validators of one assembly.
pub struct Schemas {
    components: Value,
    bodies: HashMap<String, Validator>,
    queries: RwLock<HashMap<TypeId, Arc<Vec<Parameter>>>>,
}

/// A validator that carries only the components its schema reaches: all of them in each would fill
/// hundreds of megabytes.
fn build(schema: &Value, components: &Value) -> Result<Validator> {
    let mut reached = Map::new();
    reach(schema, components, &mut reached);
    let root = json!({ "allOf": [schema], "components": { "schemas": reached } });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&root)
        .map_err(|error| Error::internal(format!("schema: {error}")))
}

/// Adds the components that `schema` refers to, and those that they refer to.
fn reach(schema: &Value, components: &Value, reached: &mut Map<String, Value>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(|to| to.as_str()?.strip_prefix(SCHEMAS));
            if let Some(name) = name.filter(|name| !reached.contains_key(*name)) {
                let found = components["schemas"][name].clone();
                reached.insert(name.to_owned(), found.clone());
                reach(&found, components, reached);
            }
            fields.values().for_each(|field| reach(field, components, reached));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, components, reached)),
        _ => {}
    }
}

const SCHEMAS: &str = "#/components/schemas/";

impl Schemas {
    /// Compiles every request body of `document`, the finished OpenAPI document.
    pub fn new(document: &Value) -> Result<Self> {
        let components = document["components"].clone();
        let mut bodies = HashMap::new();
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        for (_, operation) in operations {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            let name = body["$ref"].as_str().and_then(|to| to.strip_prefix(SCHEMAS));
            if let Some(name) = name.filter(|name| !bodies.contains_key(*name)) {
                bodies.insert(name.to_owned(), build(body, &components)?);
            }
        }
        Ok(Self { components, bodies, queries: RwLock::default() })
    }

    /// The validator of a body type by its component's name.
    pub fn body(&self, name: &str) -> Result<&Validator> {
        self.bodies.get(name).ok_or_else(|| Error::internal(format!("no schema for {name}")))
    }

    /// The query parameters of `Q`, compiled on first use.
    pub fn query<Q: IntoParams + 'static>(&self) -> Result<Arc<Vec<Parameter>>> {
        let key = TypeId::of::<Q>();
        let known = self.queries.read().map_err(Error::internal)?.get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut parameters = Vec::new();
        for parameter in Q::into_params(|| Some(ParameterIn::Query)) {
            let mut schema = serde_json::to_value(&parameter.schema).map_err(Error::internal)?;
            closed_sets(&mut schema);
            parameters.push(Parameter {
                name: parameter.name.clone(),
                required: parameter.required == utoipa::openapi::Required::True,
                kind: kind(&schema),
                validator: build(&schema, &self.components)?,
            });
        }
        let parameters = Arc::new(parameters);
        self.queries.write().map_err(Error::internal)?.insert(key, parameters.clone());
        Ok(parameters)
    }
}

fn kind(schema: &Value) -> Kind {
    let says = |word: &str| match &schema["type"] {
        Value::String(one) => one == word,
        Value::Array(several) => several.iter().any(|one| one == word),
        _ => false,
    };
    if says("integer") {
        Kind::Integer
    } else if says("boolean") {
        Kind::Boolean
    } else {
        Kind::Text
    }
}

/// Turns the short form `^(a|b)$` that handlers write for a closed set of words into `enum`, which
/// generated clients understand.
pub fn closed_sets(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(closed_sets),
        Value::Object(map) => {
            let set = map.get("pattern").and_then(Value::as_str).and_then(words_of);
            if let Some(mut words) = set {
                if map.get("type").is_some_and(|kind| kind.is_array()) {
                    words.push(Value::Null);
                }
                for bound in ["pattern", "minLength", "maxLength"] {
                    map.remove(bound);
                }
                map.insert("enum".into(), Value::Array(words));
            }
            map.values_mut().for_each(closed_sets);
        }
        _ => {}
    }
}

fn words_of(pattern: &str) -> Option<Vec<Value>> {
    let inner = pattern.strip_prefix("^(")?.strip_suffix(")$")?;
    let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '|';
    inner.chars().all(plain).then(|| inner.split('|').map(Value::from).collect())
}
