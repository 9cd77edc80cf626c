//! The names of others that a source uses: what it imports, and the members that it uses of what it imported, of what came out of a call of
//! it, and of what its callbacks are handed. Each is counted once for all files.
//!
//! A parameter of unknown origin belongs to a framework as far as its members are named nowhere in the contender's own source (no key, field,
//! function or text of it) and are no method of the language's own lists and texts. Deliberately no types are inferred: this is what a reader sees
//! without running anything. The same holds for a member of a member: `req.body.price` is a name of the contender's own.

use super::language::{Grammar, Kind, Source, children};
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::Node;

/// A module (empty for a parameter of unknown origin) and a name of it.
pub(super) type Name = (String, String);

/// Methods of the languages' own lists, texts, maps and promises.
const OF_THE_LANGUAGE: &[&str] = &[
    "append", "apply", "at", "bind", "call", "catch", "charCodeAt", "clear", "concat", "copy", "count", "decode", "delete", "encode", "endswith",
    "endsWith", "entries", "every", "extend", "fill", "filter", "finally", "find", "findIndex", "flat", "flatMap", "forEach", "format",
    "fromEntries", "has", "includes", "index", "indexOf", "insert", "isdecimal", "isdigit", "items", "join", "keys", "length", "lower", "map", "match",
    "message", "name", "pad", "padStart", "pop", "push", "reduce", "remove", "repeat", "replace", "replaceAll", "reverse", "shift", "slice", "some",
    "sort", "splice", "split", "startswith", "startsWith", "strip", "test", "then", "title", "toFixed", "toISOString", "toLowerCase", "toString",
    "toUpperCase", "trim", "update", "upper", "values",
];

/// Every name that the contender's own source gives or writes into a text.
#[derive(Debug, Default)]
pub(super) struct Own {
    words: BTreeSet<String>,
    /// Its own packages: the folders at the top.
    packages: BTreeSet<String>,
}

impl Own {
    /// Of the sources and the paths of their files.
    pub(super) fn of(sources: &[Source], files: &[String]) -> Own {
        let folder = |file: &String| file.split_once('/').map(|(folder, _)| folder.to_owned());
        let mut own = Own { words: BTreeSet::new(), packages: files.iter().filter_map(folder).collect() };
        for source in sources {
            if let Some(tree) = &source.tree {
                own.learn(source, tree.root_node());
            }
        }
        own
    }

    fn learn(&mut self, source: &Source, node: Node<'_>) {
        match node.kind() {
            "string_fragment" | "string_content" => self.add_all(source.at(node)),
            "pair" | "keyword_argument" | "assignment" | "function_declaration" | "method_definition" | "function_definition"
            | "class_definition" | "class_declaration" | "field_definition" | "variable_declarator" => {
                for field in ["key", "name", "left", "property"] {
                    if let Some(name) = node.child_by_field_name(field) {
                        self.add_all(source.at(name));
                    }
                }
            }
            "shorthand_property_identifier" => self.add_all(source.at(node)),
            _ => {}
        }
        children(node).into_iter().for_each(|child| self.learn(source, child));
    }

    fn add_all(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        self.words.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    }
}

/// The names of others in all sources.
pub(super) fn names(sources: &[Source], own: &Own) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for source in sources {
        let (Some(tree), Kind::Code(grammar)) = (&source.tree, source.kind) else { continue };
        let mut file = File { source, grammar, own, origins: BTreeMap::new(), names: BTreeSet::new() };
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
    grammar: Grammar,
    own: &'s Own,
    /// Variable to the module that its value comes from.
    origins: BTreeMap<String, String>,
    names: BTreeSet<Name>,
}

impl<'s> File<'s> {
    fn node(&mut self, node: Node<'_>) {
        match node.kind() {
            "import_statement" if self.grammar == Grammar::JavaScript => self.import_of_javascript(node),
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

    fn import_of_javascript(&mut self, node: Node<'_>) {
        let Some(module) = node.child_by_field_name("source").and_then(|source| self.module(source)) else { return };
        let Some(clause) = children(node).into_iter().find(|child| child.kind() == "import_clause") else {
            return self.add(&module, &module);
        };
        for part in children(clause) {
            match part.kind() {
                "identifier" => self.bind(part, &module, None),
                "namespace_import" => children(part).into_iter().filter(|child| child.kind() == "identifier").for_each(|name| self.bind(name, &module, None)),
                "named_imports" => {
                    for specifier in children(part).into_iter().filter(|child| child.kind() == "import_specifier") {
                        let Some(name) = specifier.child_by_field_name("name") else { continue };
                        self.bind(specifier.child_by_field_name("alias").unwrap_or(name), &module, Some(name));
                    }
                }
                _ => {}
            }
        }
    }

    /// The distribution or standard module that a dotted path begins with, when it is not the contender's own.
    fn top(&self, path: &str) -> Option<String> {
        let top = path.split('.').next().unwrap_or_default();
        (!self.own.packages.contains(top) && top != "__future__").then(|| top.to_owned())
    }

    /// The module of a text in quotes, when it is not the contender's own.
    fn module(&self, quoted: Node<'_>) -> Option<String> {
        let module = self.source.at(quoted).trim_matches(['"', '\'', '`']).trim_start_matches("node:").to_owned();
        (!module.is_empty() && !module.starts_with(['.', '/', '#'])).then_some(module)
    }

    /// A variable holds a name of a module, or the whole module.
    fn bind(&mut self, variable: Node<'_>, module: &str, name: Option<Node<'_>>) {
        let name = name.map_or_else(|| module.to_owned(), |name| self.text(name));
        self.add(module, &name);
        self.origins.insert(self.text(variable), module.to_owned());
    }

    fn import_of_python(&mut self, node: Node<'_>) {
        for part in children(node) {
            let (path, variable) = match part.kind() {
                "dotted_name" => (self.text(part), None),
                "aliased_import" => {
                    let path = part.child_by_field_name("name").map(|name| self.text(name)).unwrap_or_default();
                    (path, part.child_by_field_name("alias").map(|alias| self.text(alias)))
                }
                _ => continue,
            };
            let Some(top) = self.top(&path) else { continue };
            self.add(&top, &path);
            self.origins.insert(variable.unwrap_or_else(|| top.clone()), top);
        }
    }

    fn import_from(&mut self, node: Node<'_>) {
        let Some(from) = node.child_by_field_name("module_name").filter(|from| from.kind() == "dotted_name") else { return };
        let Some(top) = self.top(self.source.at(from)) else { return };
        let mut cursor = node.walk();
        let imported: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
        for part in imported {
            let name = part.child_by_field_name("name").unwrap_or(part);
            self.bind(part.child_by_field_name("alias").unwrap_or(part), &top, Some(name));
        }
    }

    /// The module that a value comes from.
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
            "await_expression" | "await" | "parenthesized_expression" | "type" | "subscript" | "generic_type" => node.named_child(0),
            _ => None,
        };
        self.origin(inner?)
    }

    fn bind_value(&mut self, node: Node<'_>, left: &str, right: &str) {
        let (Some(left), Some(right)) = (node.child_by_field_name(left), node.child_by_field_name(right)) else { return };
        if let Some(module) = self.origin(right) {
            if self.source.at(right).starts_with("require(") {
                self.add(&module, &module);
            }
            self.bind_pattern(left, &module);
        }
    }

    /// Every variable of a pattern holds something of the module.
    fn bind_pattern(&mut self, pattern: Node<'_>, module: &str) {
        match pattern.kind() {
            "identifier" => {
                self.origins.entry(self.text(pattern)).or_insert_with(|| module.to_owned());
            }
            "shorthand_property_identifier_pattern" => self.bind(pattern, module, Some(pattern)),
            "pair_pattern" => {
                let (key, value) = (pattern.child_by_field_name("key"), pattern.child_by_field_name("value"));
                if let (Some(key), Some(value)) = (key, value) {
                    let key = self.text(key);
                    self.add(module, &key);
                    self.bind_pattern(value, module);
                }
            }
            "object_pattern" | "array_pattern" | "formal_parameters" | "pattern_list" | "tuple_pattern" | "as_pattern_target" => {
                children(pattern).into_iter().for_each(|child| self.bind_pattern(child, module));
            }
            _ => {}
        }
    }

    /// `with VALUE as NAME`.
    fn bind_alias(&mut self, node: Node<'_>) {
        let (Some(value), Some(alias)) = (node.named_child(0), node.child_by_field_name("alias")) else { return };
        if let Some(module) = self.origin(value) {
            self.bind_pattern(alias, &module);
        }
    }

    fn member(&mut self, node: Node<'_>, field: &str) {
        let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name(field)) else { return };
        let name = self.text(name);
        let nobody_elses = !self.own.words.contains(&name) && !OF_THE_LANGUAGE.contains(&name.as_str());
        let is_direct = !["member_expression", "attribute"].contains(&object.kind());
        match self.origin(object) {
            Some(module) if !module.is_empty() && (is_direct || nobody_elses) => self.add(&module, &name),
            Some(module) if nobody_elses => self.add(&module, &name),
            _ => {}
        }
    }

    /// Functions that are handed to a call get their parameters from where the call comes from.
    fn callbacks(&mut self, call: Node<'_>) {
        let callee = call.child_by_field_name("function").or_else(|| call.child_by_field_name("constructor"));
        let Some(module) = callee.and_then(|callee| self.origin(callee)).filter(|module| !module.is_empty()) else { return };
        let Some(arguments) = call.child_by_field_name("arguments") else { return };
        for function in children(arguments) {
            match function.child_by_field_name("parameters").or_else(|| function.child_by_field_name("parameter")) {
                Some(parameters) => self.bind_pattern(parameters, &module),
                None => continue,
            }
        }
    }

    /// Parameters come from their annotation's module, or from nobody knows where.
    fn parameters(&mut self, parameters: Node<'_>) {
        for parameter in children(parameters) {
            let annotation = parameter.child_by_field_name("type").and_then(|annotation| self.origin(annotation));
            let name = match parameter.kind() {
                "identifier" => parameter,
                "typed_parameter" => match parameter.named_child(0) {
                    Some(name) => name,
                    None => continue,
                },
                "typed_default_parameter" | "default_parameter" => match parameter.child_by_field_name("name") {
                    Some(name) => name,
                    None => continue,
                },
                _ => continue,
            };
            let name = self.text(name);
            if !["self", "cls", "this"].contains(&name.as_str()) {
                self.origins.entry(name).or_insert_with(|| annotation.unwrap_or_default());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::Grammar::{self, JavaScript, Python};
    use super::super::source;
    use super::{Own, names};

    fn check(grammar: Grammar, text: &str, expected: &[&str]) {
        let sources = [source(grammar, text)];
        let found: Vec<String> =
            names(&sources, &Own::of(&sources, &["shop/a.py".to_owned()])).into_iter().map(|(module, name)| format!("{module}.{name}")).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_of_javascript() {
        check(JavaScript, "import express, { Router as R } from 'express'", &["express.Router", "express.express"]);
        check(JavaScript, "const { readFile } = require('node:fs')", &["fs.fs", "fs.readFile"]);
        check(JavaScript, "import x from './own.js'\nx.y()", &[]);
        let app = "
            import express from 'express'
            const app = express()
            app.get('/x', (req, res) => { res.status(200).json({ id: req.params.id }) })
            app.get('/y', (req, res) => res.end())";
        check(JavaScript, app, &["express.end", "express.express", "express.get", "express.json", "express.params", "express.status"]);
    }

    #[test]
    fn a_parameter_of_unknown_origin_counts_by_what_is_nobody_elses() {
        let handler = "
            export async function routes(app, { items }) {
              app.route('/x')
              return items.map((item) => item.price)
            }
            const shape = { price: 1 }";
        check(JavaScript, handler, &[".route"]);
    }

    #[test]
    fn names_of_python() {
        let app = "
from flask import Flask, request as r
import psycopg.rows
import shop.thing
from .own import x

app = Flask(__name__)

@app.get('/x')
def read():
    x.y()
    return r.args.get('a')
";
        check(Python, app, &["flask.Flask", "flask.args", "flask.get", "flask.request", "psycopg.psycopg.rows"]);
        let annotated = "
from fastapi import Request
def handler(request: Request, other):
    other.unknown()
    return request.headers
";
        check(Python, annotated, &[".unknown", "fastapi.Request", "fastapi.headers"]);
    }
}
