//! Java: imports name a package and a type, types of one package need none, and variables have their types beside them.

use super::File;
use crate::probe::static_probes::code::source::children;
use tree_sitter::Node;

impl File<'_> {
    pub(super) fn node_of_java(&mut self, node: Node<'_>) {
        match node.kind() {
            "import_declaration" => self.import_of_java(node),
            "field_declaration" | "local_variable_declaration" => self.declare(node),
            "formal_parameter" | "enhanced_for_statement" | "resource" => self.declare_one(node, "name"),
            "instanceof_expression" => self.declare_one(node, "name"),
            "method_invocation" => {
                self.static_member(node, "name");
                self.member(node, "name");
                self.callbacks(node);
            }
            "object_creation_expression" => self.callbacks(node),
            "field_access" => {
                self.static_member(node, "field");
                self.member(node, "field");
            }
            "identifier" | "type_identifier" => {
                self.global(node);
                self.own_type(node);
            }
            _ => {}
        }
    }

    /// `import a.b.C`, `import static a.b.C.d`, `import a.b.*`. One of the contender's own packages says nothing: its
    /// types count where they are used.
    fn import_of_java(&mut self, node: Node<'_>) {
        let parts = children(node);
        let Some(path) = parts
            .iter()
            .find(|part| ["scoped_identifier", "identifier"].contains(&part.kind()))
        else {
            return;
        };
        let path = self.text(*path);
        if self.is_own_package(&path) {
            return;
        }
        if parts.iter().any(|part| part.kind() == "asterisk") {
            self.add(&path, "*");
            return;
        }
        let (package, name) = path.rsplit_once('.').unwrap_or(("", &path));
        self.add(package, name);
        self.origins.insert(name.to_owned(), package.to_owned());
    }

    /// Whether a path leads to a type of the contender's own, or to a package of one.
    fn is_own_package(&self, path: &str) -> bool {
        let mut rest = path;
        loop {
            let name = rest.rsplit('.').next().unwrap_or(rest);
            let module = self.modules.of_type(name);
            if module.is_some_and(|module| module.ends_with(&rest.replace('.', "/"))) {
                return true;
            }
            match rest.rsplit_once('.') {
                Some((before, _)) => rest = before,
                None => return false,
            }
        }
    }

    /// The variables of a declaration, by its type, and with `var` by their values.
    fn declare(&mut self, node: Node<'_>) {
        let Some(kind) = node.child_by_field_name("type") else {
            return;
        };
        let is_inferred = self.source.at(kind) == "var";
        for declarator in children(node) {
            let (name, value) = (
                declarator.child_by_field_name("name"),
                declarator.child_by_field_name("value"),
            );
            let from = if is_inferred { value } else { Some(kind) };
            if let (Some(name), Some(module)) = (name, from.and_then(|from| self.origin(from))) {
                self.hold(self.text(name), &module);
            }
        }
    }

    fn declare_one(&mut self, node: Node<'_>, field: &str) {
        let kind = ["type", "right"]
            .into_iter()
            .find_map(|part| node.child_by_field_name(part));
        let is_inferred = kind.is_some_and(|kind| self.source.at(kind) == "var");
        let from = if is_inferred {
            node.child_by_field_name("value")
        } else {
            kind
        };
        let name = node.child_by_field_name(field);
        if let (Some(name), Some(module)) = (name, from.and_then(|from| self.origin(from))) {
            self.hold(self.text(name), &module);
        }
    }

    /// A type that another file of the contender has.
    fn own_type(&mut self, node: Node<'_>) {
        let name = self.text(node);
        if let Some(module) = self.module_of_other(&name) {
            self.add_own(&module, &name);
        }
    }

    /// A member that is used of the contender's own type itself: `Validation.of(body)`.
    fn static_member(&mut self, node: Node<'_>, field: &str) {
        let (Some(object), Some(name)) = (
            node.child_by_field_name("object"),
            node.child_by_field_name(field),
        ) else {
            return;
        };
        let (object, name) = (self.text(object), self.text(name));
        if let Some(module) = self.module_of_other(&object) {
            self.add_own(&module, &name);
        }
    }

    /// The module of a type that is not of this file.
    fn module_of_other(&self, name: &str) -> Option<String> {
        let module = self.modules.of_type(name)?;
        let is_here = self.source.path.strip_suffix(".java") == Some(module);
        (!is_here).then(|| module.to_owned())
    }
}
