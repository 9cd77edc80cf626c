//! The names that are not foreign: the words of the contender's own source, its own packages, and the methods of the
//! language. Generous: a word in any text or key of the source counts as its own.

use crate::probe::static_probes::code::source::{Source, children};
use std::collections::BTreeSet;
use tree_sitter::Node;

/// Methods of the languages' own lists, texts, maps and promises.
const OF_THE_LANGUAGE: &str = "\
    append apply at bind call catch charCodeAt clear concat copy count decode delete encode \
    endswith endsWith entries every extend fill filter finally find findIndex flat flatMap forEach \
    format fromEntries has includes index indexOf insert isdecimal isdigit items join keys length \
    lower map match message name pad padStart pop push reduce remove repeat replace replaceAll \
    reverse shift slice some sort splice split startswith startsWith strip test then title toFixed \
    toISOString toLowerCase toString toUpperCase trim update upper values";

/// Every name that the contender's own source defines or contains in a text.
#[derive(Debug, Default)]
pub(super) struct Own {
    words: BTreeSet<String>,
    /// Its own packages: the top-level folders.
    packages: BTreeSet<String>,
}

impl Own {
    /// Collects them from the sources and the paths of their files.
    pub(super) fn of(sources: &[Source], files: &[String]) -> Own {
        let folder = |file: &String| file.split_once('/').map(|(folder, _)| folder.to_owned());
        let mut own = Own {
            words: BTreeSet::new(),
            packages: files.iter().filter_map(folder).collect(),
        };
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
            "pair"
            | "keyword_argument"
            | "assignment"
            | "function_declaration"
            | "method_declaration"
            | "record_declaration"
            | "formal_parameter"
            | "enum_constant"
            | "method_definition"
            | "function_definition"
            | "class_definition"
            | "class_declaration"
            | "field_definition"
            | "variable_declarator"
            | "abstract_class_declaration"
            | "enum_declaration"
            | "interface_declaration"
            | "method_signature"
            | "property_signature"
            | "public_field_definition"
            | "type_alias_declaration" => {
                for field in ["key", "name", "left", "property"] {
                    if let Some(name) = node.child_by_field_name(field) {
                        self.add_all(source.at(name));
                    }
                }
            }
            "shorthand_property_identifier" => self.add_all(source.at(node)),
            _ => {}
        }
        children(node)
            .into_iter()
            .for_each(|child| self.learn(source, child));
    }

    fn add_all(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        self.words
            .extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    }

    /// Whether a name is neither the source's nor the language's.
    pub(super) fn lacks(&self, name: &str) -> bool {
        !self.words.contains(name) && !OF_THE_LANGUAGE.split_whitespace().any(|word| word == name)
    }

    /// Whether a Python package is the contender's own.
    pub(super) fn has_package(&self, name: &str) -> bool {
        self.packages.contains(name)
    }
}
