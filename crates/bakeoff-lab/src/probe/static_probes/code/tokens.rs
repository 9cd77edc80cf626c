//! Counts the tokens of a source: the leaves of its syntax tree. Without tokens that mean nothing: comments,
//! docstrings, and JavaScript's optional semicolons. A quoted text is one token, however long.

use super::source::{Kind, Source, children};
use super::template;
use tree_sitter::Node;

pub(super) fn count(source: &Source) -> u64 {
    match (&source.tree, source.kind) {
        (Some(tree), Kind::Code(_)) => leaves(tree.root_node()),
        (_, kind) => template::count(kind, &source.text),
    }
}

fn leaves(node: Node<'_>) -> u64 {
    match node.kind() {
        "comment" | "html_comment" | "hash_bang_line" | ";" => 0,
        "expression_statement" if is_docstring(node) => 0,
        "string" if !is_interpolated(node) => 1,
        "regex" => 1,
        _ if node.child_count() == 0 => u64::from(!node.byte_range().is_empty()),
        _ => children(node).into_iter().map(leaves).sum(),
    }
}

/// A string as a statement of its own is for readers only (`"use strict"` too).
fn is_docstring(statement: Node<'_>) -> bool {
    statement.named_child_count() == 1
        && statement
            .named_child(0)
            .is_some_and(|child| child.kind() == "string")
}

/// A Python text with expressions inside (a template string of JavaScript has a kind of its own).
fn is_interpolated(string: Node<'_>) -> bool {
    children(string)
        .iter()
        .any(|child| child.kind() == "interpolation")
}

#[cfg(test)]
mod tests {
    use super::super::grammar::{Grammar, JAVASCRIPT, PYTHON};
    use super::super::source;
    use super::count;

    fn check(grammar: &'static Grammar, text: &str, expected: u64) {
        assert_eq!(count(&source(grammar, text)), expected, "{text}");
    }

    #[test]
    fn tokens_of_javascript_are_counted() {
        check(&JAVASCRIPT, "", 0);
        check(&JAVASCRIPT, "// nothing\n/* nothing */", 0);
        check(&JAVASCRIPT, "const a = 1;", 4);
        check(&JAVASCRIPT, "const a = 1", 4);
        check(&JAVASCRIPT, "f('a long text', \"b\")", 6);
        check(&JAVASCRIPT, "f(/a+b/g)", 4);
        // ` a ${ b } ` : backtick, a, ${, b, }, backtick
        check(&JAVASCRIPT, "`a${b}`", 6);
        // app . get ( '/x' , ( req , res ) => res . json ( { } ) )
        check(&JAVASCRIPT, "app.get('/x', (req, res) => res.json({}));", 20);
    }

    #[test]
    fn tokens_of_python_are_counted() {
        check(&PYTHON, "", 0);
        check(&PYTHON, "# nothing\n\"\"\"Nothing.\"\"\"\n", 0);
        check(&PYTHON, "a = 1\n", 3);
        // def f ( x ) : return x + 1
        check(&PYTHON, "def f(x):\n    \"\"\"Doc.\"\"\"\n    return x + 1\n", 10);
        check(&PYTHON, "f('a', \"b\")\n", 6);
    }

    #[test]
    fn layout_does_not_change_the_count() {
        check(&JAVASCRIPT, "if (a) {\n\n  b()\n}", 9);
        check(&JAVASCRIPT, "if(a){b();}", 9);
    }
}
