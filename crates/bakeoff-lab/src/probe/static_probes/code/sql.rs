//! Recognises texts that are statements of SQL, so that they count by their words and not as one text: what a stack
//! says in SQL, another says in classes of an ORM, which count in full.

use super::source::{Source, children};
use tree_sitter::Node;

/// What each statement that counts begins with, and a word that follows in it. Without that second word `update the
/// item` would be a statement; an empty one is any.
const BEGINNINGS: [(&str, &[&str]); 6] = [
    ("select", &[]),
    ("insert", &["into"]),
    ("update", &["set"]),
    ("delete", &["from"]),
    ("with", &["as"]),
    ("begin", &["transaction", "work", "isolation", "read"]),
];

/// The nodes of the text between quotes.
pub(super) const FRAGMENTS: [&str; 3] = ["string_content", "string_fragment", "multiline_string_fragment"];

/// Whether a node is a text that is a statement, or a run of texts of which the first begins one.
pub(super) fn is_statement(source: &Source, node: Node<'_>) -> bool {
    match node.kind() {
        "string" | "template_string" | "string_literal" => begins_statement(source, node),
        "concatenated_string" => node
            .named_child(0)
            .is_some_and(|first| begins_statement(source, first)),
        "binary_expression" | "binary_operator" => {
            let is_sum = node
                .child_by_field_name("operator")
                .is_some_and(|operator| source.at(operator) == "+");
            let left = node.child_by_field_name("left");
            is_sum && left.is_some_and(|left| is_statement(source, left))
        }
        "parenthesized_expression" => node
            .named_child(0)
            .is_some_and(|inner| is_statement(source, inner)),
        _ => false,
    }
}

/// Whether a quoted text begins with a statement's own words, and not with what is put into it.
fn begins_statement(source: &Source, literal: Node<'_>) -> bool {
    let mut parts = children(literal).into_iter();
    let first = parts.find(|part| part.is_named() && part.kind() != "string_start");
    first
        .filter(|first| FRAGMENTS.contains(&first.kind()))
        .and_then(|first| source.text.get(first.start_byte()..literal.end_byte()))
        .is_some_and(is_sql)
}

fn is_sql(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut words = text
        .trim_start()
        .split(|c: char| !c.is_alphanumeric() && c != '_');
    let first = words.next().unwrap_or_default();
    BEGINNINGS
        .iter()
        .find(|(word, _)| *word == first)
        .is_some_and(|(_, others)| others.is_empty() || words.any(|word| others.contains(&word)))
}

#[cfg(test)]
mod tests {
    use super::is_sql;

    #[test]
    fn statements_are_told_from_sentences() {
        for text in [
            "SELECT 1",
            "select id from items",
            "\n  INSERT INTO items VALUES ($1)",
            "UPDATE items SET a = 1",
            "DELETE FROM items",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "BEGIN ISOLATION LEVEL SERIALIZABLE",
        ] {
            assert!(is_sql(text), "{text}");
        }
        for text in [
            "",
            "items",
            "update the item",
            "with care",
            "selected",
            "delete it",
            "insert coin",
            "begin here",
            "LISTEN sockets",
        ] {
            assert!(!is_sql(text), "{text}");
        }
    }
}
