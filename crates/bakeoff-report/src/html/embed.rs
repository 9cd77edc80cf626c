//! Data inside a script element: the only place where text enters the page without the escaping of the templates.

use askama::filters::HtmlSafe;
use serde::Serialize;
use std::fmt;

/// JSON that no text in it can end the element of: `<`, `>`, `&` and the line separators are written as escapes.
pub(super) struct Embedded(String);

impl Embedded {
    pub(super) fn of(data: &impl Serialize) -> Result<Self, serde_json::Error> {
        let mut safe = String::new();
        for c in serde_json::to_string(data)?.chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", c as u32)),
                c => safe.push(c),
            }
        }
        Ok(Embedded(safe))
    }
}

impl fmt::Display for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Embedded {}

#[cfg(test)]
mod tests {
    use super::Embedded;

    #[test]
    fn a_text_cannot_end_the_script() {
        let text = Embedded::of(&"</script><!-- & \u{2028}")
            .expect("a string is JSON")
            .to_string();
        assert_eq!(text, r#""\u003c/script\u003e\u003c!-- \u0026 \u2028""#);
    }
}
