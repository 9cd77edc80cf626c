//! Values that a request may have: the document's examples, else what its schemas allow. It makes no guess where a
//! wrong one would only bring an error of the server, as for a text in a path.

use super::document::{ApiDocument, as_text};
use serde_json::{Map, Value, json};

/// How deep a body is made.
const DEEPEST: usize = 8;

/// The numbers that are asked where a schema sets no bound: few, since a number is often an id, and small tables have
/// the first ones too.
const USUAL: (i64, i64) = (1, 10);

/// The most numbers that are asked where a schema sets only one bound.
const WIDTH: i64 = 99;

/// What a parameter may be.
#[derive(Debug, PartialEq)]
pub(super) enum Sample {
    /// A whole number between these, both included.
    Number(i64, i64),
    /// One of these texts; never empty.
    Texts(Vec<String>),
}

/// The values of a parameter; none for one that can be left out and has no example.
///
/// # Errors
/// Why one that is needed has none.
pub(super) fn of_parameter(
    document: &ApiDocument,
    parameter: &Value,
    name: &str,
    required: bool,
    in_path: bool,
) -> Result<Option<Sample>, String> {
    let schema = match parameter.get("schema") {
        Some(schema) => view(document, schema)?,
        None => json!({}),
    };
    if let Some(texts) = examples(document, parameter)?.or_else(|| examples_of_schema(&schema)) {
        return Ok(Some(Sample::Texts(texts)));
    }
    if !required {
        return Ok(None);
    }
    let needs = |why: &str| format!("the parameter `{name}` needs an example: {why}");
    let sample = match type_of(&schema).as_str() {
        "integer" | "number" => {
            let (low, high) = bounds(&schema);
            Sample::Number(low, high)
        }
        "boolean" => Sample::Texts(vec!["true".to_owned(), "false".to_owned()]),
        "array" => {
            let item = schema
                .get("items")
                .map(|items| view(document, items))
                .transpose()?;
            let texts = item.as_ref().and_then(examples_of_schema);
            Sample::Texts(texts.ok_or_else(|| needs("it is a list"))?)
        }
        "object" => return Err(needs("it is an object")),
        _ if in_path => return Err(needs("the service would not find a made-up text")),
        _ => Sample::Texts(vec![text(&schema).map_err(|why| needs(&why))?]),
    };
    Ok(Some(sample))
}

/// An example of a body, from the content of its media type.
///
/// # Errors
/// Why none can be made.
pub(super) fn of_body(document: &ApiDocument, content: &Value) -> Result<Value, String> {
    if let Some(example) = content.get("example") {
        return Ok(example.clone());
    }
    let named = content.get("examples").and_then(Value::as_object);
    for example in named.into_iter().flat_map(Map::values) {
        if let Some(value) = document.resolve(example)?.get("value") {
            return Ok(value.clone());
        }
    }
    match content.get("schema") {
        Some(schema) => {
            made(document, schema, DEEPEST).map_err(|why| format!("its body needs an example: {why}"))
        }
        None => Ok(json!({})),
    }
}

/// A value that a schema allows: what must be there, and no more.
fn made(document: &ApiDocument, schema: &Value, depth: usize) -> Result<Value, String> {
    let schema = view(document, schema)?;
    if let Some(example) = first_example(&schema) {
        return Ok(example);
    }
    if depth == 0 {
        return Err("its schema is too deep".to_owned());
    }
    Ok(match type_of(&schema).as_str() {
        "object" => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let names = schema.get("required").and_then(Value::as_array);
            let names: Vec<&str> = names.into_iter().flatten().filter_map(Value::as_str).collect();
            let mut object = Map::new();
            for (name, property) in properties.into_iter().flatten() {
                let seen = view(document, property)?;
                let is_given = seen.get("readOnly") == Some(&Value::Bool(true));
                if names.contains(&name.as_str()) && !is_given {
                    object.insert(name.clone(), made(document, property, depth - 1)?);
                }
            }
            Value::Object(object)
        }
        "array" => {
            let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).max(1);
            let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
            let each = (0..count.min(100)).map(|_| made(document, &items, depth - 1));
            Value::Array(each.collect::<Result<_, _>>()?)
        }
        "integer" => json!(bounds(&schema).0),
        "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(true),
        "null" => Value::Null,
        "string" => json!(text(&schema)?),
        _ => json!({}),
    })
}

/// A schema with its references followed, and what it is made of put together: all of `allOf`, the first that is not
/// `null` of `oneOf` and `anyOf`.
fn view(document: &ApiDocument, schema: &Value) -> Result<Value, String> {
    let schema = document.resolve(schema)?;
    let parts = |key: &str| schema.get(key).and_then(Value::as_array);
    let mut all: Vec<Value> = Vec::new();
    for part in parts("allOf").into_iter().flatten() {
        all.push(view(document, part)?);
    }
    for choices in [parts("oneOf"), parts("anyOf")].into_iter().flatten() {
        for choice in choices {
            let seen = view(document, choice)?;
            if type_of(&seen) != "null" {
                all.push(seen);
                break;
            }
        }
    }
    let mut whole = schema.as_object().cloned().unwrap_or_default();
    for part in all {
        for (key, value) in part.as_object().into_iter().flatten() {
            merge(&mut whole, key, value);
        }
    }
    Ok(Value::Object(whole))
}

/// Adds a keyword of a part: properties and requirements add up, of others the first stands.
fn merge(whole: &mut Map<String, Value>, key: &str, value: &Value) {
    match (whole.get_mut(key), value) {
        (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => {
            for (name, property) in more {
                known.entry(name.clone()).or_insert_with(|| property.clone());
            }
        }
        (Some(Value::Array(known)), Value::Array(more)) if key == "required" => {
            known.extend(more.iter().cloned())
        }
        (Some(_), _) => {}
        (None, value) => drop(whole.insert(key.to_owned(), value.clone())),
    }
}

/// The type of a schema: of several the first that is not `null`; by what it has where it names none.
fn type_of(schema: &Value) -> String {
    let named = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().map(as_text).find(|name| name != "null"),
        Some(one) => Some(as_text(one)),
        None => None,
    };
    named.unwrap_or_else(|| {
        let has = |key: &str| schema.get(key).is_some();
        let kind = match (has("properties"), has("items")) {
            (true, _) => "object",
            (false, true) => "array",
            (false, false) => "",
        };
        kind.to_owned()
    })
}

/// The whole numbers that a schema allows, at most a hundred of them.
fn bounds(schema: &Value) -> (i64, i64) {
    let whole = |key: &str| schema.get(key).and_then(Value::as_f64);
    // Version 3.0 says with a truth value that a bound itself is no value; 3.1 has a bound of its own for that.
    let is_open = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let low = whole("minimum").map(|low| low.ceil() as i64 + i64::from(is_open("exclusiveMinimum")));
    let low = low.or(whole("exclusiveMinimum").map(|low| low.floor() as i64 + 1));
    let high = whole("maximum").map(|high| high.floor() as i64 - i64::from(is_open("exclusiveMaximum")));
    let high = high.or(whole("exclusiveMaximum").map(|high| high.ceil() as i64 - 1));
    match (low, high) {
        (None, None) => USUAL,
        (Some(low), None) => (low, low.saturating_add(WIDTH)),
        (None, Some(high)) => (USUAL.0.min(high), high.min(USUAL.1).max(USUAL.0.min(high))),
        (Some(low), Some(high)) => (low, high.min(low.saturating_add(WIDTH)).max(low)),
    }
}

/// A text that a schema allows.
fn text(schema: &Value) -> Result<String, String> {
    if schema.get("pattern").is_some() {
        return Err("its pattern cannot be made up".to_owned());
    }
    let known = match schema.get("format").map(as_text).as_deref() {
        Some("date") => "2026-01-15",
        Some("date-time") => "2026-01-15T12:00:00Z",
        Some("time") => "12:00:00Z",
        Some("email") => "someone@example.org",
        Some("uuid") => "00000000-0000-4000-8000-000000000001",
        Some("uri" | "url") => "https://example.org/",
        Some("hostname") => "example.org",
        Some("ipv4") => "192.0.2.1",
        _ => "text",
    };
    let length = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_u64)
            .map(|length| length as usize)
    };
    let fewest = length("minLength").unwrap_or(0);
    let mut text: String = known
        .chars()
        .take(length("maxLength").unwrap_or(usize::MAX))
        .collect();
    while text.chars().count() < fewest {
        text.push('x');
    }
    Ok(text)
}

/// The examples of a parameter itself, as texts.
fn examples(document: &ApiDocument, parameter: &Value) -> Result<Option<Vec<String>>, String> {
    if let Some(example) = parameter.get("example") {
        return Ok(scalars(std::slice::from_ref(example)));
    }
    let named = parameter.get("examples").and_then(Value::as_object);
    let mut all = Vec::new();
    for example in named.into_iter().flat_map(Map::values) {
        all.extend(document.resolve(example)?.get("value").cloned());
    }
    Ok(scalars(&all))
}

/// The examples of a schema as texts: its own, its default, or the values that it lists.
fn examples_of_schema(schema: &Value) -> Option<Vec<String>> {
    let one = |key: &str| {
        schema
            .get(key)
            .and_then(|value| scalars(std::slice::from_ref(value)))
    };
    let list = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .and_then(|values| scalars(values))
    };
    one("example")
        .or_else(|| list("examples"))
        .or_else(|| one("const"))
        .or_else(|| list("enum"))
        .or_else(|| one("default"))
}

/// The first example of a schema, of any form.
fn first_example(schema: &Value) -> Option<Value> {
    let first = |key: &str| schema.get(key)?.as_array()?.first().cloned();
    let own = |key: &str| schema.get(key).cloned();
    own("example")
        .or_else(|| first("examples"))
        .or_else(|| own("const"))
        .or_else(|| first("enum"))
        .or_else(|| own("default"))
}

/// The values that are scalars, as texts; none without one.
fn scalars(values: &[Value]) -> Option<Vec<String>> {
    let is_scalar = |value: &&Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let texts: Vec<String> = values.iter().filter(is_scalar).map(as_text).collect();
    (!texts.is_empty()).then_some(texts)
}
