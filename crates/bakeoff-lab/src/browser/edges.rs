//! Request bodies at the edges of JSON, derived from a right one: where parsers, languages and validators differ, as
//! RFC 8259 and I-JSON (RFC 7493) warn. The contract says nothing of most of them, so only the two sides are compared.

use serde_json::{Map, Value};

/// Numbers in spellings that languages read differently.
const NUMBERS: [&str; 5] = ["9007199254740993", "1.0", "1e2", "-0", "NaN"];

/// Half of a surrogate pair, as JSON writes it.
pub(super) const HALF_A_PAIR: &str = r"\ud800";

/// Texts that not every language can hold.
const TEXTS: [(&str, &str); 2] = [
    (r#""\u0000""#, "a NUL"),
    (r#""\ud800""#, "half of a surrogate pair"),
];

/// Each edge of a right body with its words; none where the body is no JSON object.
pub(super) fn of(right: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(right) else {
        return Vec::new();
    };
    let mut edges = Vec::new();
    for (name, value) in &fields {
        let mut add = |spelt: &str, words: String| edges.push((words, with(&fields, name, spelt)));
        match value {
            Value::Number(_) => {
                NUMBERS
                    .iter()
                    .for_each(|spelt| add(spelt, format!("`{name}` is `{spelt}`")));
            }
            Value::String(_) => TEXTS
                .iter()
                .for_each(|(spelt, words)| add(spelt, format!("`{name}` is {words}"))),
            _ => {}
        }
    }
    let inside = right.trim_start().trim_start_matches('{');
    if let Some(first) = fields.keys().next() {
        edges.push((
            format!("`{first}` is there twice, first as null"),
            format!("{{{}: null, {inside}", Value::from(first.as_str())),
        ));
    }
    edges.push((
        "a field `__proto__`".to_owned(),
        format!("{{\"__proto__\": {{\"x\": 1}}, {inside}"),
    ));
    edges.push((
        "a byte order mark before it".to_owned(),
        format!("\u{feff}{right}"),
    ));
    edges
}

/// The body with one field in another spelling.
fn with(fields: &Map<String, Value>, changed: &str, spelt: &str) -> String {
    let one = |(name, value): (&String, &Value)| {
        let value = match name == changed {
            true => spelt.to_owned(),
            false => value.to_string(),
        };
        format!("{}: {value}", Value::from(name.as_str()))
    };
    let all: Vec<String> = fields.iter().map(one).collect();
    format!("{{{}}}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn each_field_is_spelt_at_the_edge_and_the_others_stay() {
        let edges = of(r#"{"name": "Kite", "stock": 3}"#);
        let of_words = |words: &str| {
            let found = edges.iter().find(|(of, _)| of == words);
            found.map(|(_, body)| body.as_str())
        };
        assert_eq!(
            of_words("`stock` is `9007199254740993`"),
            Some(r#"{"name": "Kite", "stock": 9007199254740993}"#)
        );
        assert_eq!(
            of_words("`name` is half of a surrogate pair"),
            Some(r#"{"name": "\ud800", "stock": 3}"#)
        );
        assert_eq!(
            of_words("`name` is there twice, first as null"),
            Some(r#"{"name": null, "name": "Kite", "stock": 3}"#)
        );
        assert_eq!(
            of_words("a field `__proto__`"),
            Some(r#"{"__proto__": {"x": 1}, "name": "Kite", "stock": 3}"#)
        );
        assert_eq!(edges.len(), 5 + 2 + 3);
        assert!(of("[1]").is_empty() && of("a=1").is_empty());
    }
}
