//! Counts texts without a grammar: templates and settings, by words and signs. A run of letters, digits, `_` and `-` is
//! one token, every other sign except a blank is one; comments do not count. One rule for all template languages, so
//! that none gains by its syntax.

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

pub(super) fn count(kind: Kind, text: &str) -> u64 {
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
pub(super) fn words_and_signs(text: &str) -> u64 {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        let word = c.is_alphanumeric() || c == '_' || c == '-';
        if (word && !in_word) || (!word && !c.is_whitespace()) {
            count += 1;
        }
        in_word = word;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{Kind, count};

    #[test]
    fn words_and_signs_count_and_comments_do_not() {
        for (text, expected) in [
            ("", 0),
            ("<p>Hello</p>", 8),
            ("<li>{{ item.name }}</li>", 14),
            ("<!-- no --> {# no #} <%# no %> {{!-- no --}} {{! no }} yes", 1),
            ("<!-- never closed <p>", 0),
        ] {
            assert_eq!(count(Kind::Template, text), expected, "{text}");
        }
        assert_eq!(count(Kind::Settings, "[server]\n# no\n; no\nport = 80\n"), 6);
    }
}
