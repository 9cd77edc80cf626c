//! Texts with placeholders: `{name}` is replaced when `name` is bound and left alone otherwise, so that JSON needs no
//! escapes. No expressions, no conditions.

use std::collections::BTreeMap;

/// Replaces `{name}` by the value that `bindings` has for `name`; other braces stay as they are.
pub fn render(template: &str, bindings: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(template.len());
    for segment in segments(template, |name| bindings.contains_key(name)) {
        match segment {
            Segment::Text(text) => out.push_str(text),
            Segment::Placeholder(name) => out.push_str(&bindings[name]),
        }
    }
    out
}

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

/// Splits a template at the placeholders whose name is bound.
pub(crate) fn segments(template: &str, bound: impl Fn(&str) -> bool) -> Vec<Segment<'_>> {
    let mut found = Vec::new();
    let (mut text_from, mut at) = (0, 0);
    while let Some(open) = template[at..].find('{').map(|i| at + i) {
        at = open + 1;
        let Some(close) = template[at..].find(['}', '{']).map(|i| at + i) else {
            break;
        };
        let name = &template[at..close];
        if !template[close..].starts_with('}') || !bound(name) {
            continue;
        }
        if open > text_from {
            found.push(Segment::Text(&template[text_from..open]));
        }
        found.push(Segment::Placeholder(name));
        at = close + 1;
        text_from = at;
    }
    if text_from < template.len() {
        found.push(Segment::Text(&template[text_from..]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::render;
    use std::collections::BTreeMap;

    fn check(template: &str, expected: &str) {
        let bindings: BTreeMap<String, String> = [("id", "42"), ("category", "toys"), ("empty", "")]
            .map(|(k, v)| (k.into(), v.into()))
            .into();
        assert_eq!(render(template, &bindings), expected);
    }

    #[test]
    fn bound_names_are_replaced_and_other_braces_stay() {
        check("", "");
        check("/items/{id}", "/items/42");
        check("{id}{id}", "4242");
        check("a{empty}b", "ab");
        check("{unknown}", "{unknown}");
        check(r#"{"id": {id}, "c": "{category}"}"#, r#"{"id": 42, "c": "toys"}"#);
        check("{{id}}", "{42}");
        check("{id", "{id");
        check("}{id}{", "}42{");
        check("µ{id}µ", "µ42µ");
    }
}
