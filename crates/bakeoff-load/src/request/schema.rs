//! A JSON Schema that a body is held to: compiled once, shared by all threads of a load.

use jsonschema::Validator;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// A JSON Schema (drafts 4 to 2020-12; without `$schema` the last). It never fetches another document.
#[derive(Clone)]
pub struct Schema {
    text: String,
    compiled: Arc<Result<Validator, String>>,
}

impl Schema {
    /// Compiles the schema of a JSON text. One that cannot be compiled holds for no body, and says why.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            compiled: Arc::new(compile(text)),
        }
    }

    /// Whether it can be compiled.
    ///
    /// # Errors
    /// Why not, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        self.compiled.as_ref().as_ref().map(|_| ()).map_err(Clone::clone)
    }

    /// Holds a body to the schema.
    ///
    /// # Errors
    /// The first place that does not hold, and how; or why the schema is none.
    pub(crate) fn validate(&self, body: &Value) -> Result<(), String> {
        const SHOWN: usize = 200;
        let validator = self.compiled.as_ref().as_ref().map_err(Clone::clone)?;
        let Some(wrong) = validator.iter_errors(body).next() else {
            return Ok(());
        };
        let place = wrong.instance_path().to_string();
        let place = if place.is_empty() {
            "as the whole body".to_owned()
        } else {
            format!("at `{place}`")
        };
        let reason: String = wrong.to_string().chars().take(SHOWN).collect();
        Err(format!("{place}, the schema does not hold: {reason}"))
    }
}

fn compile(text: &str) -> Result<Validator, String> {
    let schema: Value =
        serde_json::from_str(text).map_err(|error| format!("the schema is not JSON: {error}"))?;
    jsonschema::validator_for(&schema).map_err(|error| format!("the schema is none: {error}"))
}

/// Two are equal when their texts are.
impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Schema {}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Schema;
    use serde_json::json;

    #[test]
    fn the_first_place_that_does_not_hold_is_named() {
        let schema = Schema::new(
            r##"{"type":"array","items":{"$ref":"#/$defs/Item"},
                 "$defs":{"Item":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}}}"##,
        );
        assert_eq!(schema.check(), Ok(()));
        assert_eq!(schema.validate(&json!([{"id": 1}])), Ok(()));
        let wrong = schema.validate(&json!([{"id": 1}, {"id": "2"}])).unwrap_err();
        assert!(
            wrong.starts_with("at `/1/id`, the schema does not hold:"),
            "{wrong}"
        );
        let wrong = schema.validate(&json!({})).unwrap_err();
        assert!(wrong.starts_with("as the whole body, "), "{wrong}");
    }

    #[test]
    fn what_is_no_schema_holds_for_nothing_and_fetches_nothing() {
        for (text, reason) in [
            ("{", "the schema is not JSON: "),
            (r#"{"type":"integre"}"#, "the schema is none: "),
            (
                r#"{"$ref":"http://127.0.0.1:1/item.json"}"#,
                "the schema is none: ",
            ),
        ] {
            let schema = Schema::new(text);
            let wrong = schema.check().unwrap_err();
            assert!(wrong.starts_with(reason), "{wrong}");
            assert_eq!(schema.validate(&json!(1)), Err(wrong));
        }
        assert_eq!(Schema::new("{}"), Schema::new("{}"));
    }
}
