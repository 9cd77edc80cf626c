//! The names that a file of JavaScript or TypeScript binds itself, in whichever scope: one of these is no global of the
//! language. Generous: a name that one function binds counts as bound in all of the file.

use crate::probe::static_probes::code::source::{Source, children};
use std::collections::BTreeSet;
use tree_sitter::Node;

/// All names that a file binds.
pub(super) fn of(source: &Source) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(tree) = &source.tree {
        collect(source, tree.root_node(), &mut names);
    }
    names
}

/// The names in a pattern: what `const` and a parameter bind.
pub(super) fn of_pattern(source: &Source, pattern: Node<'_>, names: &mut BTreeSet<String>) {
    let inner = match pattern.kind() {
        "identifier" | "type_identifier" | "shorthand_property_identifier_pattern" => {
            names.insert(source.at(pattern).to_owned());
            return;
        }
        "object_pattern" | "array_pattern" | "formal_parameters" | "pattern_list" | "tuple_pattern" => {
            for child in children(pattern) {
                of_pattern(source, child, names);
            }
            return;
        }
        "pair_pattern" => pattern.child_by_field_name("value"),
        "assignment_pattern" | "object_assignment_pattern" => pattern.child_by_field_name("left"),
        "required_parameter" | "optional_parameter" => pattern.child_by_field_name("pattern"),
        "rest_pattern" => pattern.named_child(0),
        _ => None,
    };
    if let Some(inner) = inner {
        of_pattern(source, inner, names);
    }
}

fn collect(source: &Source, node: Node<'_>, names: &mut BTreeSet<String>) {
    let bound = match node.kind() {
        "import_clause" | "namespace_import" => children(node)
            .into_iter()
            .find(|child| child.kind() == "identifier"),
        "import_specifier" => node
            .child_by_field_name("alias")
            .or_else(|| node.child_by_field_name("name")),
        "formal_parameters" => Some(node),
        "arrow_function" | "catch_clause" => node.child_by_field_name("parameter"),
        "for_in_statement" => node.child_by_field_name("left"),
        "variable_declarator"
        | "function_declaration"
        | "function_expression"
        | "generator_function"
        | "generator_function_declaration"
        | "class"
        | "class_declaration"
        | "abstract_class_declaration"
        | "interface_declaration"
        | "type_alias_declaration"
        | "enum_declaration"
        | "type_parameter" => node.child_by_field_name("name"),
        _ => None,
    };
    if let Some(bound) = bound {
        of_pattern(source, bound, names);
    }
    for child in children(node) {
        collect(source, child, names);
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::probe::static_probes::code::source_at;

    #[test]
    fn every_form_of_binding_is_found() {
        for (text, expected) in [
            ("import a, { b as c, d } from 'x'", vec!["a", "c", "d"]),
            ("import * as a from 'x'", vec!["a"]),
            ("const { a, b: [c], d = 1, ...e } = f()", vec!["a", "c", "d", "e"]),
            (
                "function a(b, { c } = {}, ...d) { return e }",
                vec!["a", "b", "c", "d"],
            ),
            ("for (const a of b) try { c() } catch (d) { e() }", vec!["a", "d"]),
            ("f((a) => a, b => b)", vec!["a", "b"]),
            (
                "class A<B> { c(d: E, private f?: G) {} }",
                vec!["A", "B", "d", "f"],
            ),
            ("type A = B; interface C { d: E }", vec!["A", "C"]),
        ] {
            let found: Vec<String> = of(&source_at("a.ts", text)).into_iter().collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
