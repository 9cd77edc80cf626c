//! JSON compared as data: the first difference, in one sentence.

use serde_json::Value;
use std::collections::BTreeSet;

/// The first difference between two values, with its JSON pointer; `None` when they are equal as data: the order of an
/// object's members does not count, and `1` equals `1.0`.
pub(crate) fn first_difference(expected: &Value, got: &Value) -> Option<String> {
    difference(expected, got, &mut String::new())
}

fn difference(expected: &Value, got: &Value, at: &mut String) -> Option<String> {
    match (expected, got) {
        (Value::Object(e), Value::Object(g)) => {
            let names: BTreeSet<&String> = e.keys().chain(g.keys()).collect();
            names.into_iter().find_map(|name| {
                let token = name.replace('~', "~0").replace('/', "~1");
                below(at, &token, e.get(name), g.get(name))
            })
        }
        (Value::Array(e), Value::Array(g)) => {
            (0..e.len().max(g.len())).find_map(|i| below(at, &i.to_string(), e.get(i), g.get(i)))
        }
        (Value::Number(e), Value::Number(g)) if e.as_f64() == g.as_f64() => None,
        (e, g) if e == g => None,
        (e, g) => Some(unequal(at, Some(e), Some(g))),
    }
}

fn below(at: &mut String, token: &str, expected: Option<&Value>, got: Option<&Value>) -> Option<String> {
    let length = at.len();
    at.push('/');
    at.push_str(token);
    let found = match (expected, got) {
        (Some(expected), Some(got)) => difference(expected, got, at),
        (expected, got) => Some(unequal(at, expected, got)),
    };
    at.truncate(length);
    found
}

fn unequal(at: &str, expected: Option<&Value>, got: Option<&Value>) -> String {
    let shown = |value: Option<&Value>| match value {
        None => "nothing".to_owned(),
        Some(value) => {
            let text = value.to_string();
            if text.chars().count() > 120 {
                format!("{}…", text.chars().take(120).collect::<String>())
            } else {
                text
            }
        }
    };
    let place = if at.is_empty() {
        "as the whole body".to_owned()
    } else {
        format!("at `{at}`")
    };
    format!("{place}: expected {}, got {}", shown(expected), shown(got))
}

#[cfg(test)]
mod tests {
    use super::first_difference;
    use serde_json::json;

    #[test]
    fn numbers_are_equal_as_numbers_and_names_are_escaped() {
        assert_eq!(first_difference(&json!({"a": 1}), &json!({"a": 1.0})), None);
        assert_eq!(
            first_difference(&json!({"a/b": {"~": 1}}), &json!({"a/b": {"~": 2}})).as_deref(),
            Some("at `/a~1b/~0`: expected 1, got 2")
        );
        assert_eq!(
            first_difference(&json!([]), &json!({})).as_deref(),
            Some("as the whole body: expected [], got {}")
        );
    }
}
