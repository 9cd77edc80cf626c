//! What variables, fields and parameters hold: by the values that they get, by the calls to which a callback is passed,
//! and by the types that are written beside them.

use super::File;
use super::modules::Target;
use crate::probe::static_probes::code::source::children;
use tree_sitter::Node;

/// Where the names of parameters are those of a type, and of no code.
const SIGNATURES: [&str; 7] = [
    "abstract_method_signature",
    "call_signature",
    "construct_signature",
    "constructor_type",
    "function_signature",
    "function_type",
    "method_signature",
];

impl File<'_> {
    pub(super) fn bind_value(&mut self, node: Node<'_>, left: &str, right: &str) {
        let (Some(left), Some(right)) = (node.child_by_field_name(left), node.child_by_field_name(right))
        else {
            return;
        };
        match self.loaded(right) {
            Some(Target::Own(module)) => return self.bind_own(left, &module),
            Some(Target::Package(module)) => self.add(&module, &module),
            None => {}
        }
        if let Some(module) = self.origin(right) {
            self.bind_pattern(left, &module);
        }
    }

    /// Records that a pattern takes names of the contender's own module, or stands for all of it.
    fn bind_own(&mut self, pattern: Node<'_>, module: &str) {
        if pattern.kind() == "identifier" {
            let variable = self.text(pattern);
            self.namespaces.insert(variable, module.to_owned());
        }
        for part in children(pattern) {
            let name = match part.kind() {
                "shorthand_property_identifier_pattern" => Some(part),
                "pair_pattern" => part.child_by_field_name("key"),
                _ => None,
            };
            if let Some(name) = name {
                let name = self.text(name);
                self.add_own(module, &name);
            }
        }
    }

    /// Records that every variable of a pattern has a value of the module.
    fn bind_pattern(&mut self, pattern: Node<'_>, module: &str) {
        match pattern.kind() {
            "identifier" => self.hold(self.text(pattern), module),
            "member_expression" | "attribute" if self.is_of_itself(pattern) => {
                self.hold(self.text(pattern), module);
            }
            "shorthand_property_identifier_pattern" => {
                let name = self.text(pattern);
                self.add(module, &name);
                self.origins.insert(name, module.to_owned());
            }
            "object_assignment_pattern" => {
                if let Some(left) = pattern.child_by_field_name("left") {
                    self.bind_pattern(left, module);
                }
            }
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
            // A type says better than the call what it is.
            "required_parameter" | "optional_parameter" if pattern.child_by_field_name("type").is_none() => {
                if let Some(inner) = pattern.child_by_field_name("pattern") {
                    self.bind_pattern(inner, module);
                }
            }
            "object_pattern"
            | "array_pattern"
            | "formal_parameters"
            | "inferred_parameters"
            | "pattern_list"
            | "tuple_pattern"
            | "as_pattern_target" => {
                children(pattern)
                    .into_iter()
                    .for_each(|child| self.bind_pattern(child, module));
            }
            _ => {}
        }
    }

    /// Records what a variable or a field holds, unless that is known.
    pub(super) fn hold(&mut self, variable: String, module: &str) {
        self.origins.entry(variable).or_insert_with(|| module.to_owned());
    }

    /// Whether a member is a field of the object itself: `this.log`, `self.log`.
    fn is_of_itself(&self, member: Node<'_>) -> bool {
        member
            .child_by_field_name("object")
            .is_some_and(|object| ["this", "self"].contains(&self.source.at(object)))
    }

    /// A field of a class, by its type or its value.
    pub(super) fn bind_field(&mut self, field: Node<'_>) {
        let name = field
            .child_by_field_name("name")
            .or_else(|| field.child_by_field_name("property"));
        let parts = ["type", "value"].into_iter();
        let origin = parts
            .filter_map(|part| field.child_by_field_name(part))
            .find_map(|part| self.origin(part));
        if let (Some(name), Some(module)) = (name, origin) {
            self.hold(format!("this.{}", self.source.at(name)), &module);
        }
    }

    /// `with VALUE as NAME`.
    pub(super) fn bind_alias(&mut self, node: Node<'_>) {
        let (Some(value), Some(alias)) = (node.named_child(0), node.child_by_field_name("alias")) else {
            return;
        };
        if let Some(module) = self.origin(value) {
            self.bind_pattern(alias, &module);
        }
    }

    /// Records that the parameters of a callback have values of the module of the call.
    pub(super) fn callbacks(&mut self, call: Node<'_>) {
        let callee = ["function", "constructor", "object", "type"]
            .into_iter()
            .find_map(|field| call.child_by_field_name(field));
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

    /// Records the module of each parameter's type. Without a type, and with one that is any, its origin is unknown;
    /// with a type of the contender's own or of the language it is no package's.
    pub(super) fn parameters(&mut self, parameters: Node<'_>) {
        if parameters
            .parent()
            .is_some_and(|parent| SIGNATURES.contains(&parent.kind()))
        {
            return;
        }
        for parameter in children(parameters) {
            let Some(pattern) = pattern_of(parameter) else {
                continue;
            };
            let origin = match parameter.child_by_field_name("type") {
                None => Some(String::new()),
                Some(annotation) => self.of_any(annotation).or_else(|| self.origin(annotation)),
            };
            let Some(module) = origin else { continue };
            let name = self.text(pattern);
            match pattern.kind() {
                "identifier" if ["self", "cls"].contains(&name.as_str()) => {}
                "identifier" => self.hold(name.clone(), &module),
                "object_pattern" if !module.is_empty() => self.bind_pattern(pattern, &module),
                _ => {}
            }
            let is_field = children(parameter)
                .iter()
                .any(|part| ["accessibility_modifier", "readonly"].contains(&part.kind()));
            if is_field {
                self.hold(format!("this.{name}"), &module);
            }
        }
    }

    /// No origin, for a type that says nothing.
    fn of_any(&self, annotation: Node<'_>) -> Option<String> {
        let name = self.source.at(annotation).trim_start_matches([':', ' ']);
        ["any", "unknown", "object", "Any"]
            .contains(&name)
            .then(String::new)
    }
}

/// What a parameter binds.
fn pattern_of(parameter: Node<'_>) -> Option<Node<'_>> {
    match parameter.kind() {
        "identifier" => Some(parameter),
        "typed_parameter" => parameter.named_child(0),
        "typed_default_parameter" | "default_parameter" => parameter.child_by_field_name("name"),
        "required_parameter" | "optional_parameter" => parameter.child_by_field_name("pattern"),
        _ => None,
    }
}
