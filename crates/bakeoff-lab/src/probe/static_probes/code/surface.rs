//! The foreign names in a source: its imports, and the members that it uses of imported values, of the results of their
//! calls, and of the parameters of callbacks. Each counts once for all files.
//!
//! A parameter of unknown origin belongs to a framework if its members appear nowhere in the contender's own source (as
//! a key, field, function or text) and are no method of the language's own lists and texts. The same holds for a member
//! of a member: `req.body.price` is the contender's own name. No types are inferred: this is what a reader sees without
//! running anything.

mod import;
mod own;
#[cfg(test)]
mod tests;

pub(super) use own::Own;

use super::grammar::{Grammar, Imports};
use super::source::{Kind, Source, children};
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::Node;

/// A module (empty for a parameter of unknown origin) and a name of it.
pub(super) type Name = (String, String);

/// The foreign names in all sources.
pub(super) fn names(sources: &[Source], own: &Own) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for source in sources {
        let (Some(tree), Kind::Code(grammar)) = (&source.tree, source.kind) else {
            continue;
        };
        let mut file = File {
            source,
            grammar,
            own,
            origins: BTreeMap::new(),
            names: BTreeSet::new(),
        };
        loop {
            let known = (file.origins.len(), file.names.len());
            file.node(tree.root_node());
            if known == (file.origins.len(), file.names.len()) {
                break;
            }
        }
        names.extend(file.names);
    }
    names
}

struct File<'s> {
    source: &'s Source,
    grammar: &'static Grammar,
    own: &'s Own,
    /// Variable to the module of its value.
    origins: BTreeMap<String, String>,
    names: BTreeSet<Name>,
}

impl<'s> File<'s> {
    fn node(&mut self, node: Node<'_>) {
        match node.kind() {
            "import_statement" if self.grammar.imports == Imports::EsModules => {
                self.import_of_javascript(node)
            }
            "import_statement" => self.import_of_python(node),
            "import_from_statement" => self.import_from(node),
            "variable_declarator" => self.bind_value(node, "name", "value"),
            "assignment" => self.bind_value(node, "left", "right"),
            "with_item" | "as_pattern" => self.bind_alias(node),
            "member_expression" => self.member(node, "property"),
            "attribute" => self.member(node, "attribute"),
            "call_expression" | "call" | "new_expression" => self.callbacks(node),
            "formal_parameters" | "parameters" => self.parameters(node),
            _ => {}
        }
        children(node).into_iter().for_each(|child| self.node(child));
    }

    fn text(&self, node: Node<'_>) -> String {
        self.source.at(node).to_owned()
    }

    fn add(&mut self, module: &str, name: &str) {
        self.names.insert((module.to_owned(), name.to_owned()));
    }

    /// The module of a value.
    fn origin(&self, node: Node<'_>) -> Option<String> {
        let inner = match node.kind() {
            "identifier" => return self.origins.get(self.source.at(node)).cloned(),
            "member_expression" | "attribute" => node.child_by_field_name("object"),
            "call_expression" | "call" => {
                let function = node.child_by_field_name("function")?;
                if self.source.at(function) == "require" {
                    return self.module(node.child_by_field_name("arguments")?.named_child(0)?);
                }
                Some(function)
            }
            "new_expression" => node.child_by_field_name("constructor"),
            "await_expression"
            | "await"
            | "parenthesized_expression"
            | "type"
            | "subscript"
            | "generic_type" => node.named_child(0),
            _ => None,
        };
        self.origin(inner?)
    }

    fn bind_value(&mut self, node: Node<'_>, left: &str, right: &str) {
        let (Some(left), Some(right)) = (node.child_by_field_name(left), node.child_by_field_name(right))
        else {
            return;
        };
        if let Some(module) = self.origin(right) {
            if self.source.at(right).starts_with("require(") {
                self.add(&module, &module);
            }
            self.bind_pattern(left, &module);
        }
    }

    /// Records that every variable of a pattern has a value of the module.
    fn bind_pattern(&mut self, pattern: Node<'_>, module: &str) {
        match pattern.kind() {
            "identifier" => {
                self.origins
                    .entry(self.text(pattern))
                    .or_insert_with(|| module.to_owned());
            }
            "shorthand_property_identifier_pattern" => self.bind(pattern, module, Some(pattern)),
            "pair_pattern" => {
                let (key, value) = (
                    pattern.child_by_field_name("key"),
                    pattern.child_by_field_name("value"),
                );
                if let (Some(key), Some(value)) = (key, value) {
                    let key = self.text(key);
                    self.add(module, &key);
                    self.bind_pattern(value, module);
                }
            }
            "object_pattern" | "array_pattern" | "formal_parameters" | "pattern_list" | "tuple_pattern"
            | "as_pattern_target" => {
                children(pattern)
                    .into_iter()
                    .for_each(|child| self.bind_pattern(child, module));
            }
            _ => {}
        }
    }

    /// `with VALUE as NAME`.
    fn bind_alias(&mut self, node: Node<'_>) {
        let (Some(value), Some(alias)) = (node.named_child(0), node.child_by_field_name("alias")) else {
            return;
        };
        if let Some(module) = self.origin(value) {
            self.bind_pattern(alias, &module);
        }
    }

    fn member(&mut self, node: Node<'_>, field: &str) {
        let (Some(object), Some(name)) = (
            node.child_by_field_name("object"),
            node.child_by_field_name(field),
        ) else {
            return;
        };
        let name = self.text(name);
        let nobody_elses = self.own.lacks(&name);
        let is_direct = !["member_expression", "attribute"].contains(&object.kind());
        match self.origin(object) {
            Some(module) if !module.is_empty() && (is_direct || nobody_elses) => self.add(&module, &name),
            Some(module) if nobody_elses => self.add(&module, &name),
            _ => {}
        }
    }

    /// Records that the parameters of a callback have values of the module of the call.
    fn callbacks(&mut self, call: Node<'_>) {
        let callee = call
            .child_by_field_name("function")
            .or_else(|| call.child_by_field_name("constructor"));
        let Some(module) = callee
            .and_then(|callee| self.origin(callee))
            .filter(|module| !module.is_empty())
        else {
            return;
        };
        let Some(arguments) = call.child_by_field_name("arguments") else {
            return;
        };
        for function in children(arguments) {
            match function
                .child_by_field_name("parameters")
                .or_else(|| function.child_by_field_name("parameter"))
            {
                Some(parameters) => self.bind_pattern(parameters, &module),
                None => continue,
            }
        }
    }

    /// Records the module of each parameter's annotation; without one its origin is unknown.
    fn parameters(&mut self, parameters: Node<'_>) {
        for parameter in children(parameters) {
            let annotation = parameter
                .child_by_field_name("type")
                .and_then(|annotation| self.origin(annotation));
            let name = match parameter.kind() {
                "identifier" => parameter,
                "typed_parameter" => match parameter.named_child(0) {
                    Some(name) => name,
                    None => continue,
                },
                "typed_default_parameter" | "default_parameter" => {
                    match parameter.child_by_field_name("name") {
                        Some(name) => name,
                        None => continue,
                    }
                }
                _ => continue,
            };
            let name = self.text(name);
            if !["self", "cls", "this"].contains(&name.as_str()) {
                self.origins
                    .entry(name)
                    .or_insert_with(|| annotation.unwrap_or_default());
            }
        }
    }
}
