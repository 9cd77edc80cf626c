//! Imports: the names that a file takes from packages and from the contender's own files, and the variables for them.

use super::File;
use super::modules::{Modules, Target};
use crate::probe::static_probes::code::source::children;
use tree_sitter::Node;

impl File<'_> {
    pub(super) fn import_of_javascript(&mut self, node: Node<'_>) {
        let Some(target) = node
            .child_by_field_name("source")
            .and_then(|source| self.target(source))
        else {
            return;
        };
        let clause = children(node)
            .into_iter()
            .find(|child| child.kind() == "import_clause");
        let Some(clause) = clause else {
            return self.import_for_effect(&target);
        };
        for part in children(clause) {
            match part.kind() {
                "identifier" => self.bind_default(part, &target),
                "namespace_import" => children(part)
                    .into_iter()
                    .filter(|child| child.kind() == "identifier")
                    .for_each(|variable| self.bind_all(variable, &target)),
                "named_imports" => self.import_names(part, &target),
                _ => {}
            }
        }
    }

    /// `import 'x'`.
    fn import_for_effect(&mut self, target: &Target) {
        if let Target::Package(module) = target {
            self.add(module, module);
        }
    }

    fn import_names(&mut self, names: Node<'_>, target: &Target) {
        for specifier in children(names) {
            if let Some(name) = specifier.child_by_field_name("name") {
                let variable = specifier.child_by_field_name("alias").unwrap_or(name);
                self.bind(variable, target, name);
            }
        }
    }

    /// `export { name } from 'x'`: a name that is handed on is imported too.
    pub(super) fn export_from(&mut self, node: Node<'_>) {
        let target = node
            .child_by_field_name("source")
            .and_then(|source| self.target(source));
        let Some(target) = target else { return };
        let parts = children(node).into_iter();
        for clause in parts.filter(|part| part.kind() == "export_clause") {
            for specifier in children(clause) {
                if let Some(name) = specifier.child_by_field_name("name") {
                    let name = self.text(name);
                    self.add_to(&target, &name);
                }
            }
        }
    }

    fn add_to(&mut self, target: &Target, name: &str) {
        match target {
            Target::Package(module) => self.add(module, name),
            Target::Own(module) => self.add_own(module, name),
        }
    }

    /// Records that a variable has that name of a module.
    fn bind(&mut self, variable: Node<'_>, target: &Target, name: Node<'_>) {
        let (variable, name) = (self.text(variable), self.text(name));
        self.add_to(target, &name);
        if let Target::Package(module) = target {
            self.origins.insert(variable, module.clone());
        }
    }

    /// Records that a variable has what a module exports by default; of a package that is the package.
    fn bind_default(&mut self, variable: Node<'_>, target: &Target) {
        match target {
            Target::Package(_) => self.bind_all(variable, target),
            Target::Own(module) => self.add_own(module, "default"),
        }
    }

    /// Records that a variable stands for a whole module.
    fn bind_all(&mut self, variable: Node<'_>, target: &Target) {
        let variable = self.text(variable);
        match target {
            Target::Package(module) => {
                self.add(module, module);
                self.origins.insert(variable, module.clone());
            }
            Target::Own(module) => {
                self.namespaces.insert(variable, module.clone());
            }
        }
    }

    /// The distribution or standard module at the beginning of a dotted path, unless it is the contender's own.
    fn top(&self, path: &str) -> Option<String> {
        let top = path.split('.').next().unwrap_or_default();
        let is_own = top.is_empty() || self.own.has_package(top) || self.modules.has(top);
        (!is_own && top != "__future__").then(|| top.to_owned())
    }

    pub(super) fn import_of_python(&mut self, node: Node<'_>) {
        for part in children(node) {
            let (path, variable) = match part.kind() {
                "dotted_name" => (self.text(part), None),
                "aliased_import" => {
                    let path = part
                        .child_by_field_name("name")
                        .map(|name| self.text(name))
                        .unwrap_or_default();
                    (
                        path,
                        part.child_by_field_name("alias").map(|alias| self.text(alias)),
                    )
                }
                _ => continue,
            };
            let Some(top) = self.top(&path) else { continue };
            self.add(&top, &path);
            self.origins.insert(variable.unwrap_or_else(|| top.clone()), top);
        }
    }

    pub(super) fn import_from(&mut self, node: Node<'_>) {
        let Some(from) = node.child_by_field_name("module_name") else {
            return;
        };
        let path = self.text(from);
        let package = self.top(&path).map(Target::Package);
        let own = || Modules::by_dots(&self.source.path, &path);
        let target = package.unwrap_or_else(|| Target::Own(own()));
        let mut cursor = node.walk();
        let imported: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
        for part in imported {
            let name = part.child_by_field_name("name").unwrap_or(part);
            let variable = part.child_by_field_name("alias").unwrap_or(part);
            match &target {
                Target::Package(_) => self.bind(variable, &target, name),
                Target::Own(module) => self.bind_from_own(variable, module, name),
            }
        }
    }

    /// `from .module import name`, where the name may be a module itself. Only modules that count have names.
    fn bind_from_own(&mut self, variable: Node<'_>, module: &str, name: Node<'_>) {
        let (variable, name) = (self.text(variable), self.text(name));
        let inner = if module.is_empty() {
            name.clone()
        } else {
            format!("{module}/{name}")
        };
        if self.modules.has(&inner) {
            self.namespaces.insert(variable, inner);
        } else if self.modules.has(module) {
            self.add_own(module, &name);
        }
    }
}
