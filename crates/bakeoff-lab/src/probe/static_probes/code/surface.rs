//! The names that a reader of a contender's source must know, each once for all files: those of packages and of the
//! language's modules, those of the contender's own files that another of its files imports, and the globals of the
//! language.
//!
//! Of a package count its imports, and the members that are used of imported values, of the results of their calls, of
//! fields that hold one, and of the parameters of callbacks. A parameter of unknown origin belongs to a framework if
//! its members appear nowhere in the contender's own source (as a key, field, function or text) and are no method of
//! the language's own lists and texts. The same holds for a member of a member: `req.body.price` is the contender's own
//! name. Of a global count its name and the members that are used of it, as of an import.
//!
//! No types are inferred: this is what a reader sees without running anything. So keys and keyword arguments that are
//! passed to a package do not count: `Pool({ max: 10 })` has a name of the package where `object({ price: 10 })` and
//! `render(title="Items")` have the contender's own, and a syntax tree does not tell which.

mod bind;
mod bindings;
mod import;
mod java;
mod modules;
mod own;
#[cfg(test)]
mod tests;

use super::grammar::{Grammar, Imports};
use super::source::{Kind, Source, children};
use modules::{Modules, Target};
use own::Own;
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::Node;

/// A module (empty for a parameter of unknown origin) and a name of it.
type Name = (String, String);

/// The names in all sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Surface {
    /// By package or module of the language.
    pub(super) of_packages: BTreeSet<Name>,
    /// By the contender's own module.
    pub(super) own: BTreeSet<Name>,
    /// By global: itself, and its members.
    pub(super) globals: BTreeSet<Name>,
}

impl Surface {
    /// The number of all names.
    pub(super) fn len(&self) -> usize {
        self.of_packages.len() + self.own.len() + self.globals.len()
    }

    /// The packages and modules of the language that have a name in it.
    pub(super) fn packages(&self) -> Vec<&str> {
        let modules = self.of_packages.iter().map(|(module, _)| module.as_str());
        let distinct: BTreeSet<&str> = modules.filter(|module| !module.is_empty()).collect();
        distinct.into_iter().collect()
    }

    fn extend(&mut self, other: Surface) {
        self.of_packages.extend(other.of_packages);
        self.own.extend(other.own);
        self.globals.extend(other.globals);
    }
}

/// The names in all sources; `files` are the paths of all files in the manifest.
pub(super) fn of(sources: &[Source], files: &[String]) -> Surface {
    let (own, modules) = (Own::of(sources, files), Modules::of(sources));
    let mut surface = Surface::default();
    for source in sources {
        if let (Some(tree), Kind::Code(grammar)) = (&source.tree, source.kind) {
            let file = File::new(source, grammar, &own, &modules);
            surface.extend(file.read(tree.root_node()));
        }
    }
    surface
}

struct File<'s> {
    source: &'s Source,
    grammar: &'static Grammar,
    own: &'s Own,
    modules: &'s Modules,
    /// The globals of the language that the file does not bind itself.
    globals: BTreeSet<&'static str>,
    /// Variable, or field as `this.log`, to the module of its value.
    origins: BTreeMap<String, String>,
    /// Variable to the contender's own module that it stands for.
    namespaces: BTreeMap<String, String>,
    found: Surface,
}

impl<'s> File<'s> {
    fn new(source: &'s Source, grammar: &'static Grammar, own: &'s Own, modules: &'s Modules) -> File<'s> {
        let bound = bindings::of(source);
        let globals = grammar.globals.split_whitespace();
        File {
            source,
            grammar,
            own,
            modules,
            globals: globals.filter(|name| !bound.contains(*name)).collect(),
            origins: BTreeMap::new(),
            namespaces: BTreeMap::new(),
            found: Surface::default(),
        }
    }

    /// Reads until nothing new is found: a variable may be used above the place that says what it is.
    fn read(mut self, root: Node<'_>) -> Surface {
        loop {
            let known = (self.origins.len(), self.namespaces.len(), self.found.len());
            self.node(root);
            if known == (self.origins.len(), self.namespaces.len(), self.found.len()) {
                return self.found;
            }
        }
    }

    fn node(&mut self, node: Node<'_>) {
        match node.kind() {
            _ if self.grammar.imports == Imports::Packages => self.node_of_java(node),
            "import_statement" if self.grammar.imports == Imports::EsModules => {
                self.import_of_javascript(node)
            }
            "import_statement" => self.import_of_python(node),
            "import_from_statement" => self.import_from(node),
            "export_statement" => self.export_from(node),
            "variable_declarator" => self.bind_value(node, "name", "value"),
            "assignment" | "assignment_expression" => self.bind_value(node, "left", "right"),
            "with_item" | "as_pattern" => self.bind_alias(node),
            "public_field_definition" | "field_definition" => self.bind_field(node),
            "member_expression" => self.member(node, "property"),
            "attribute" => self.member(node, "attribute"),
            "call_expression" | "call" | "new_expression" => self.callbacks(node),
            "formal_parameters" | "parameters" => self.parameters(node),
            "identifier" | "type_identifier" | "shorthand_property_identifier" => self.global(node),
            _ => {}
        }
        children(node).into_iter().for_each(|child| self.node(child));
    }

    fn text(&self, node: Node<'_>) -> String {
        self.source.at(node).to_owned()
    }

    /// Records a name of a package.
    fn add(&mut self, module: &str, name: &str) {
        self.found
            .of_packages
            .insert((module.to_owned(), name.to_owned()));
    }

    /// Records a name of the contender's own module.
    fn add_own(&mut self, module: &str, name: &str) {
        self.found.own.insert((module.to_owned(), name.to_owned()));
    }

    /// Records a global of the language.
    fn global(&mut self, node: Node<'_>) {
        let name = self.source.at(node);
        if self.globals.contains(name) {
            let name = name.to_owned();
            self.found.globals.insert((name.clone(), name));
        }
    }

    /// The module of a value, or of a type.
    fn origin(&self, node: Node<'_>) -> Option<String> {
        let inner = match node.kind() {
            "identifier" | "type_identifier" => return self.origins.get(self.source.at(node)).cloned(),
            "member_expression" | "attribute" if self.is_held(node) => {
                return self.origins.get(self.source.at(node)).cloned();
            }
            "member_expression" | "attribute" => node.child_by_field_name("object"),
            "nested_type_identifier" => node.child_by_field_name("module"),
            "method_invocation"
            | "field_access"
            | "object_creation_expression"
            | "cast_expression"
            | "method_reference"
            | "scoped_type_identifier"
            | "array_access" => of_java(node),
            "call_expression" | "call" => {
                if let Some(target) = self.loaded(node) {
                    return package(target);
                }
                node.child_by_field_name("function")
            }
            "new_expression" => node.child_by_field_name("constructor"),
            "as_expression" | "satisfies_expression" | "union_type" | "intersection_type" => {
                return children(node).into_iter().find_map(|part| self.origin(part));
            }
            "binary_operator" if node.parent().is_some_and(|parent| parent.kind() == "type") => {
                node.child_by_field_name("left")
            }
            "await_expression"
            | "await"
            | "parenthesized_expression"
            | "non_null_expression"
            | "type"
            | "type_annotation"
            | "array_type"
            | "readonly_type"
            | "parenthesized_type"
            | "subscript"
            | "generic_type" => node.named_child(0),
            _ => None,
        };
        self.origin(inner?)
    }

    /// Where `require('x')` and `import('x')` lead, also behind `await`.
    fn loaded(&self, value: Node<'_>) -> Option<Target> {
        match value.kind() {
            "await_expression" | "parenthesized_expression" => self.loaded(value.named_child(0)?),
            "call_expression" => {
                let function = self.source.at(value.child_by_field_name("function")?);
                let specifier = value.child_by_field_name("arguments")?.named_child(0)?;
                let loads = ["require", "import"].contains(&function) && specifier.kind() == "string";
                loads.then(|| self.target(specifier)).flatten()
            }
            _ => None,
        }
    }

    /// Where the quoted specifier of an import leads.
    fn target(&self, quoted: Node<'_>) -> Option<Target> {
        self.modules.target(&self.source.path, self.source.at(quoted))
    }

    /// Whether a member is a field of the object itself whose value is known: `this.log`, `self.log`.
    fn is_held(&self, member: Node<'_>) -> bool {
        self.origins.contains_key(self.source.at(member))
    }

    fn member(&mut self, node: Node<'_>, field: &str) {
        let (Some(object), Some(name)) = (
            node.child_by_field_name("object"),
            node.child_by_field_name(field),
        ) else {
            return;
        };
        let (variable, name) = (self.text(object), self.text(name));
        if self.globals.contains(variable.as_str()) {
            self.found.globals.insert((variable, name));
            return;
        }
        if let Some(module) = self.namespaces.get(&variable).cloned() {
            if self.modules.export(&module, &name) {
                self.add_own(&module, &name);
            }
            return;
        }
        let nobody_elses = self.own.lacks(&name);
        let is_member = ["member_expression", "attribute", "field_access"].contains(&object.kind());
        let is_direct = !is_member || self.is_held(object);
        match self.origin(object) {
            Some(module) if !module.is_empty() && (is_direct || nobody_elses) => self.add(&module, &name),
            Some(module) if nobody_elses => self.add(&module, &name),
            _ => {}
        }
    }
}

/// The part of an expression or a type of Java that shows where its value comes from.
fn of_java(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "object_creation_expression" | "cast_expression" => node.child_by_field_name("type"),
        "array_access" => node.child_by_field_name("array"),
        "method_reference" | "scoped_type_identifier" => node.named_child(0),
        _ => node.child_by_field_name("object"),
    }
}

/// The package to which an import leads.
fn package(target: Target) -> Option<String> {
    match target {
        Target::Package(module) => Some(module),
        Target::Own(_) => None,
    }
}
