//! The tokens of a source: the leaves of its syntax tree. Without tokens that mean nothing: comments,
//! docstrings, and semicolons, which JavaScript leaves to choice. A quoted text is one token, however long, unless it
//! is a statement of SQL: that counts by words and signs, as templates do.

use super::source::{Kind, Source, children};
use super::{sql, template};
use tree_sitter::Node;

/// How many there are.
pub(super) fn count(source: &Source) -> u64 {
    list(source).len() as u64
}

/// All of them, each as often as it stands there.
pub(crate) fn list(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    match (&source.tree, source.kind) {
        (Some(tree), Kind::Code(_)) => leaves(source, tree.root_node(), false, &mut found),
        (_, kind) => found = template::list(kind, &source.text),
    }
    found
}

/// Adds the tokens of a node; `in_sql` within a statement.
fn leaves(source: &Source, node: Node<'_>, in_sql: bool, found: &mut Vec<String>) {
    let in_sql = in_sql || sql::is_statement(source, node);
    let text = || source.at(node);
    match node.kind() {
        "comment" | "line_comment" | "block_comment" | "html_comment" | "hash_bang_line" | ";" => {}
        "expression_statement" if is_docstring(node) => {}
        "string" | "template_string" | "string_literal" if !is_interpolated(node) => {
            if in_sql {
                words(source, node, found);
            } else {
                found.push(text().to_owned());
            }
        }
        "string_content" | "string_fragment" if in_sql => found.extend(template::words_and_signs(text())),
        "string_content" | "regex" => found.push(text().to_owned()),
        _ if node.child_count() == 0 => {
            if !node.byte_range().is_empty() {
                found.push(text().to_owned());
            }
        }
        _ => children(node)
            .into_iter()
            .for_each(|child| leaves(source, child, in_sql, found)),
    }
}

/// Adds the words and signs of a quoted text, without its quotes.
fn words(source: &Source, text: Node<'_>, found: &mut Vec<String>) {
    children(text)
        .into_iter()
        .filter(|part| sql::FRAGMENTS.contains(&part.kind()))
        .for_each(|part| found.extend(template::words_and_signs(source.at(part))));
}

/// A string as a statement of its own is for readers only (`"use strict"` too).
fn is_docstring(statement: Node<'_>) -> bool {
    statement.named_child_count() == 1
        && statement
            .named_child(0)
            .is_some_and(|child| child.kind() == "string")
}

/// A text with expressions inside.
fn is_interpolated(text: Node<'_>) -> bool {
    children(text)
        .iter()
        .any(|child| ["interpolation", "template_substitution"].contains(&child.kind()))
}

#[cfg(test)]
mod tests {
    use super::super::grammar::{Grammar, JAVA, JAVASCRIPT, PYTHON, TYPESCRIPT};
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
        check(&JAVASCRIPT, "f(`a b`)", 4);
        // app . get ( '/x' , ( req , res ) => res . json ( { } ) )
        check(&JAVASCRIPT, "app.get('/x', (req, res) => res.json({}));", 20);
    }

    #[test]
    fn tokens_of_typescript_are_counted() {
        // const a : Map < string , number > = new Map ( )
        check(&TYPESCRIPT, "const a: Map<string, number> = new Map();", 14);
        // @ Get ( ':id' ) in a class: class A { @ Get ( ':id' ) read ( id : string ) : string { return id } }
        let class = "class A { @Get(':id') read(id: string): string { return id } }";
        check(&TYPESCRIPT, class, 21);
        // interface A { b ? : string , c : 1 }
        check(&TYPESCRIPT, "interface A { b?: string, c: 1 }", 12);
        check(&TYPESCRIPT, "interface A { b?: string; c: 1; }", 11);
    }

    #[test]
    fn statements_of_sql_count_by_words_and_signs() {
        // f ( SELECT a , b FROM c WHERE d = $ 1 )
        check(&JAVASCRIPT, "f('SELECT a, b FROM c WHERE d = $1')", 3 + 11);
        check(&TYPESCRIPT, "f(`\n  select a\n  from b`)", 3 + 4);
        check(&JAVASCRIPT, "f('SELECT a ' + 'FROM b')", 3 + 5);
        // f ( ` SELECT ${ x } FROM b ` )
        check(&JAVASCRIPT, "f(`SELECT ${x} FROM b`)", 3 + 8);
        check(&PYTHON, "f(\"SELECT a FROM b WHERE c = %s\")\n", 3 + 9);
        check(&PYTHON, "f(\"INSERT INTO a \" \"VALUES (1)\")\n", 3 + 7);
        check(&PYTHON, "f('update the item')\n", 4);
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
    fn tokens_of_java_are_counted() {
        check(&JAVA, "", 0);
        check(&JAVA, "// nothing\n/** Nothing. */\n", 0);
        // package shop . web
        check(&JAVA, "package shop.web;", 4);
        // class A { int b = 1 }
        check(&JAVA, "class A { int b = 1; }", 8);
        // record A ( @ Min ( 1 ) Integer b ) { }
        check(&JAVA, "record A(@Min(1) Integer b) {}", 13);
        // class A { void f ( ) { g ( "a long text" , 'x' ) } }
        check(&JAVA, "class A { void f() { g(\"a long text\", 'x'); } }", 16);
        // class A { String s = SELECT a FROM b WHERE c = ? }
        check(
            &JAVA,
            "class A { String s = \"SELECT a \" + \"FROM b WHERE c = ?\"; }",
            7 + 9,
        );
        check(
            &JAVA,
            "class A { String s = \"\"\"\n  SELECT a\n  FROM b\"\"\"; }",
            7 + 4,
        );
    }

    #[test]
    fn layout_does_not_change_the_count() {
        check(&JAVASCRIPT, "if (a) {\n\n  b()\n}", 9);
        check(&JAVASCRIPT, "if(a){b();}", 9);
    }
}
