//! A schema of the document as a JSON Schema that stands alone: what it refers to becomes part of it, and what version
//! 3.0 writes in its own way is written as JSON Schema does.

use super::document::ApiDocument;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most schemas that one may refer to.
const MOST_SCHEMAS: usize = 1_000;

/// The schema of a response's body.
///
/// # Errors
/// A reference that leads nowhere.
pub(super) fn of_response(document: &ApiDocument, schema: &Value) -> Result<Value, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut root = converted(document, schema, &mut names);
    let mut definitions = Map::new();
    // Each may refer to further ones.
    while let Some((reference, name)) = names.iter().find(|(_, name)| !definitions.contains_key(*name)) {
        if definitions.len() >= MOST_SCHEMAS {
            return Err(format!("it refers to more than {MOST_SCHEMAS} schemas"));
        }
        let (reference, name) = (reference.clone(), name.clone());
        let definition = converted(document, document.at(&reference)?, &mut names);
        definitions.insert(name, definition);
    }
    if let Value::Object(root) = &mut root {
        root.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        if !definitions.is_empty() {
            root.insert("$defs".to_owned(), Value::Object(definitions));
        }
    }
    Ok(root)
}

/// A schema with references into `$defs`; `names` collects them, by what they refer to.
fn converted(document: &ApiDocument, schema: &Value, names: &mut BTreeMap<String, String>) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let count = names.len();
        let last = reference.rsplit('/').next().unwrap_or_default();
        let name = names
            .entry(reference.to_owned())
            .or_insert_with(|| format!("{last}-{count}"));
        return json!({ "$ref": format!("#/$defs/{}", name.replace('~', "~0")) });
    }
    let mut whole = Map::new();
    for (key, value) in schema {
        let value = match (key.as_str(), value) {
            // Names of properties are no keywords.
            (
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas",
                Value::Object(all),
            ) => {
                let each = all.iter();
                let each = each.map(|(name, one)| (name.clone(), converted(document, one, names)));
                Value::Object(each.collect())
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(all)) => {
                Value::Array(all.iter().map(|one| converted(document, one, names)).collect())
            }
            (
                "items"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "additionalProperties"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems",
                one,
            ) => converted(document, one, names),
            // Values, which may look like schemas, and words for people.
            (
                "example" | "examples" | "default" | "description" | "discriminator" | "xml" | "externalDocs",
                _,
            ) => {
                continue;
            }
            (_, other) => other.clone(),
        };
        whole.insert(key.clone(), value);
    }
    without_write_only(&mut whole);
    if document.is_version_3_0() {
        as_json_schema(whole)
    } else {
        Value::Object(whole)
    }
}

/// A response need not have what only requests have.
fn without_write_only(schema: &mut Map<String, Value>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let is_write_only = |property: &Value| property.get("writeOnly") == Some(&Value::Bool(true));
    let written: Vec<String> = properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| is_write_only(property))
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| {
            !written
                .iter()
                .any(|written| Some(written.as_str()) == name.as_str())
        });
    }
}

/// Version 3.0: `nullable`, and bounds that a truth value opens.
fn as_json_schema(mut schema: Map<String, Value>) -> Value {
    for (open, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(Value::Bool(is_open)) = schema.get(open).cloned() {
            schema.remove(open);
            if is_open && let Some(value) = schema.remove(bound) {
                schema.insert(open.to_owned(), value);
            }
        }
    }
    match schema.remove("nullable") {
        Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, Value::Object(schema)] }),
        _ => Value::Object(schema),
    }
}
