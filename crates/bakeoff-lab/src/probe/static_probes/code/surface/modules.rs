//! Where an import leads: to a package, or to a module of the contender's own, which is a file that counts. A module is
//! known by its path without the ending.

use super::bindings;
use crate::probe::static_probes::code::source::{Source, children};
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::Node;

/// Where an import leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// To a package, or a module of the language.
    Package(String),
    /// To a module of the contender's own.
    Own(String),
}

/// The contender's own modules, each with what it exports.
#[derive(Debug, Default)]
pub(super) struct Modules {
    exports: BTreeMap<String, BTreeSet<String>>,
}

impl Modules {
    pub(super) fn of(sources: &[Source]) -> Modules {
        let exports = sources.iter().filter_map(|source| {
            let root = source.tree.as_ref()?.root_node();
            Some((name_of(&source.path).to_owned(), exports(source, root)))
        });
        Modules {
            exports: exports.collect(),
        }
    }

    /// Whether a module is one of them.
    pub(super) fn has(&self, module: &str) -> bool {
        self.exports.contains_key(module)
    }

    /// Whether a module exports that name.
    pub(super) fn export(&self, module: &str, name: &str) -> bool {
        self.exports.get(module).is_some_and(|names| names.contains(name))
    }

    /// The module that has a type of that name outside of every other type; none where there is none.
    pub(super) fn of_type(&self, name: &str) -> Option<&str> {
        let mut all = self.exports.iter();
        let found = all.find(|(_, names)| names.contains(name));
        found.map(|(module, _)| module.as_str())
    }

    /// Where a quoted specifier of JavaScript leads; none for an own file that does not count.
    pub(super) fn target(&self, from: &str, quoted: &str) -> Option<Target> {
        let specifier = quoted.trim_matches(['"', '\'', '`']).trim_start_matches("node:");
        if specifier.starts_with('.') {
            return self.by_path(from, specifier).map(Target::Own);
        }
        let is_package = !specifier.is_empty() && !specifier.starts_with(['/', '#']);
        is_package.then(|| Target::Package(specifier.to_owned()))
    }

    fn by_path(&self, from: &str, specifier: &str) -> Option<String> {
        let mut parts = folders_of(from);
        for part in specifier.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                name => parts.push(name),
            }
        }
        let path = parts.join("/");
        let candidates = [without_ending(&path).to_owned(), format!("{path}/index")];
        candidates.into_iter().find(|module| self.has(module))
    }

    /// The module of a dotted path of Python, which begins with dots where it is relative. It may be none of these.
    pub(super) fn by_dots(from: &str, path: &str) -> String {
        let names = path.trim_start_matches('.');
        let dots = path.len() - names.len();
        let mut parts = if dots == 0 { Vec::new() } else { folders_of(from) };
        parts.truncate(parts.len().saturating_sub(dots.saturating_sub(1)));
        parts.extend(names.split('.').filter(|name| !name.is_empty()));
        parts.join("/")
    }
}

/// The folders of a path.
fn folders_of(path: &str) -> Vec<&str> {
    path.rsplit_once('/')
        .map_or_else(Vec::new, |(folder, _)| folder.split('/').collect())
}

/// The module of a file.
fn name_of(path: &str) -> &str {
    let name = without_ending(path);
    name.strip_suffix("/__init__").unwrap_or(name)
}

/// A path without the ending of a program's file.
fn without_ending(path: &str) -> &str {
    let endings = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".py", ".java"];
    endings
        .iter()
        .find_map(|ending| path.strip_suffix(ending))
        .unwrap_or(path)
}

/// What a file offers to others: in JavaScript what it exports, in Python what it defines outside of functions.
fn exports(source: &Source, root: Node<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in children(root) {
        match statement.kind() {
            "export_statement" => exported(source, statement, &mut names),
            "expression_statement" => {
                for assignment in children(statement) {
                    named(source, assignment.child_by_field_name("left"), &mut names);
                }
            }
            "decorated_definition" => {
                let definition = statement.child_by_field_name("definition");
                let name = definition.and_then(|definition| definition.child_by_field_name("name"));
                named(source, name, &mut names);
            }
            "function_definition"
            | "class_definition"
            | "class_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "annotation_type_declaration"
                if statement.kind().ends_with("definition") || source.path.ends_with(".java") =>
            {
                named(source, statement.child_by_field_name("name"), &mut names);
            }
            _ => {}
        }
    }
    names
}

/// What an export statement of JavaScript exports.
fn exported(source: &Source, statement: Node<'_>, names: &mut BTreeSet<String>) {
    let parts = children(statement);
    if parts.iter().any(|part| part.kind() == "default") {
        names.insert("default".to_owned());
        return;
    }
    if let Some(declaration) = statement.child_by_field_name("declaration") {
        named(source, declaration.child_by_field_name("name"), names);
        for declarator in children(declaration) {
            if declarator.kind() == "variable_declarator" {
                named(source, declarator.child_by_field_name("name"), names);
            }
        }
    }
    for clause in parts.into_iter().filter(|part| part.kind() == "export_clause") {
        for specifier in children(clause) {
            let name = specifier
                .child_by_field_name("alias")
                .or_else(|| specifier.child_by_field_name("name"));
            named(source, name, names);
        }
    }
}

fn named(source: &Source, name: Option<Node<'_>>, names: &mut BTreeSet<String>) {
    match name {
        Some(name) if name.kind() == "default" => {
            names.insert("default".to_owned());
        }
        Some(name) => bindings::of_pattern(source, name, names),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Modules, Target};
    use crate::probe::static_probes::code::source_at;

    #[test]
    fn an_import_leads_to_a_package_or_to_a_file_that_counts() {
        let modules = Modules::of(&[
            source_at("src/items/items.service.ts", ""),
            source_at("src/items/index.ts", ""),
            source_at("log.js", ""),
        ]);
        let own = |module: &str| Some(Target::Own(module.to_owned()));
        for (from, specifier, expected) in [
            (
                "src/app.ts",
                "'./items/items.service.js'",
                own("src/items/items.service"),
            ),
            (
                "src/app.ts",
                "'./items/items.service'",
                own("src/items/items.service"),
            ),
            ("src/orders/orders.ts", "\"../items\"", own("src/items/index")),
            ("src/app.ts", "'../log.js'", own("log")),
            ("app.js", "'./log.js'", own("log")),
            ("app.js", "'./many.js'", None),
            ("app.js", "'#own'", None),
            (
                "app.js",
                "'node:fs/promises'",
                Some(Target::Package("fs/promises".to_owned())),
            ),
            (
                "app.js",
                "'@fastify/jwt'",
                Some(Target::Package("@fastify/jwt".to_owned())),
            ),
        ] {
            assert_eq!(modules.target(from, specifier), expected, "{specifier} in {from}");
        }
    }

    #[test]
    fn a_dotted_path_leads_to_a_module() {
        for (from, path, expected) in [
            ("shop/views/items.py", ".", "shop/views"),
            ("shop/views/items.py", ".orders", "shop/views/orders"),
            ("shop/views/items.py", "..models", "shop/models"),
            ("shop/__init__.py", ".models", "shop/models"),
            ("shop/app.py", "shop.models", "shop/models"),
            ("app.py", ".log", "log"),
        ] {
            assert_eq!(Modules::by_dots(from, path), expected, "{path} in {from}");
        }
    }

    #[test]
    fn exports_are_found_in_every_form() {
        let javascript = "
            export const a = 1, { b } = f()
            export function c() {}
            export default class Hidden {}
            const e = 2
            export { e as g, h }
            const hidden = 3";
        let typescript =
            "export interface A { b: C }\nexport type D = E\nexport abstract class F {}\nexport enum G { H }";
        let python = "
a = 1
b: int = 2

@decorated
def c():
    hidden = 3

class D:
    e = 4
";
        for (path, text, expected) in [
            ("a.js", javascript, vec!["a", "b", "c", "default", "g", "h"]),
            ("a.ts", typescript, vec!["A", "D", "F", "G"]),
            ("shop/__init__.py", python, vec!["D", "a", "b", "c"]),
        ] {
            let modules = Modules::of(&[source_at(path, text)]);
            let (module, names) = modules.exports.iter().next().unwrap();
            assert_eq!(module, path.split(['.', '/']).next().unwrap());
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            assert_eq!(names, expected, "{path}");
        }
    }
}
