//! Imports: the names that a file imports from modules, and the variables for them. Without the contender's own
//! modules.

use super::File;
use crate::probe::static_probes::code::source::children;
use tree_sitter::Node;

impl File<'_> {
    pub(super) fn import_of_javascript(&mut self, node: Node<'_>) {
        let Some(module) = node
            .child_by_field_name("source")
            .and_then(|source| self.module(source))
        else {
            return;
        };
        let Some(clause) = children(node)
            .into_iter()
            .find(|child| child.kind() == "import_clause")
        else {
            return self.add(&module, &module);
        };
        for part in children(clause) {
            match part.kind() {
                "identifier" => self.bind(part, &module, None),
                "namespace_import" => children(part)
                    .into_iter()
                    .filter(|child| child.kind() == "identifier")
                    .for_each(|name| self.bind(name, &module, None)),
                "named_imports" => {
                    for specifier in children(part)
                        .into_iter()
                        .filter(|child| child.kind() == "import_specifier")
                    {
                        let Some(name) = specifier.child_by_field_name("name") else {
                            continue;
                        };
                        self.bind(
                            specifier.child_by_field_name("alias").unwrap_or(name),
                            &module,
                            Some(name),
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// The distribution or standard module at the beginning of a dotted path, unless it is the contender's own.
    pub(super) fn top(&self, path: &str) -> Option<String> {
        let top = path.split('.').next().unwrap_or_default();
        (!self.own.has_package(top) && top != "__future__").then(|| top.to_owned())
    }

    /// The module in a quoted text, unless it is the contender's own.
    pub(super) fn module(&self, quoted: Node<'_>) -> Option<String> {
        let module = self
            .source
            .at(quoted)
            .trim_matches(['"', '\'', '`'])
            .trim_start_matches("node:")
            .to_owned();
        (!module.is_empty() && !module.starts_with(['.', '/', '#'])).then_some(module)
    }

    /// Records that a variable has a name of a module, or the whole module.
    pub(super) fn bind(&mut self, variable: Node<'_>, module: &str, name: Option<Node<'_>>) {
        let name = name.map_or_else(|| module.to_owned(), |name| self.text(name));
        self.add(module, &name);
        self.origins.insert(self.text(variable), module.to_owned());
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
        let Some(from) = node
            .child_by_field_name("module_name")
            .filter(|from| from.kind() == "dotted_name")
        else {
            return;
        };
        let Some(top) = self.top(self.source.at(from)) else {
            return;
        };
        let mut cursor = node.walk();
        let imported: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
        for part in imported {
            let name = part.child_by_field_name("name").unwrap_or(part);
            self.bind(
                part.child_by_field_name("alias").unwrap_or(part),
                &top,
                Some(name),
            );
        }
    }
}
