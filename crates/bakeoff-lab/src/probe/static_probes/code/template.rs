//! The tokens of texts without a grammar, templates and settings: words and signs. A run of letters, digits, `_` and
//! `-` is one token, every other sign except a blank is one; comments do not count. One rule for all template
//! languages, so that none gains by its syntax.

use super::source::Kind;

/// Opening and closing of the comments of HTML, Jinja, EJS and Handlebars. A longer opening precedes its own prefix,
/// which would match first.
const TEMPLATE_COMMENTS: [(&str, &str); 5] = [
    ("<!--", "-->"),
    ("{#", "#}"),
    ("<%#", "%>"),
    ("{{!--", "--}}"),
    ("{{!", "}}"),
];

pub(super) fn list(kind: Kind, text: &str) -> Vec<String> {
    match kind {
        Kind::Settings => words_and_signs(&without_lines(text)),
        Kind::Template | Kind::Code(_) => words_and_signs(&without_comments(text)),
    }
}

/// The text without the lines that are comments.
fn without_lines(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with(['#', ';']))
        .collect::<Vec<_>>()
        .join("\n")
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match TEMPLATE_COMMENTS.iter().find(|(open, _)| rest.starts_with(open)) {
            Some((open, close)) => {
                let after = &rest[open.len()..];
                rest = after.find(close).map_or("", |end| &after[end + close.len()..]);
                kept.push(' ');
            }
            None => {
                kept.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    kept
}

/// Words and signs of any text.
pub(super) fn words_and_signs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.chars() {
        let is_word = c.is_alphanumeric() || c == '_' || c == '-';
        match found.last_mut().filter(|_| is_word && in_word) {
            Some(word) => word.push(c),
            None if c.is_whitespace() => {}
            None => found.push(c.to_string()),
        }
        in_word = is_word;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Kind, list};

    #[test]
    fn words_and_signs_count_and_comments_do_not() {
        for (text, expected) in [
            ("", 0),
            ("<p>Hello</p>", 8),
            ("<li>{{ item.name }}</li>", 14),
            ("<!-- no --> {# no #} <%# no %> {{!-- no --}} {{! no }} yes", 1),
            ("<!-- never closed <p>", 0),
        ] {
            assert_eq!(list(Kind::Template, text).len(), expected, "{text}");
        }
        assert_eq!(list(Kind::Settings, "[server]\n# no\n; no\nport = 80\n").len(), 6);
    }
}
