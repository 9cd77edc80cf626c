//! What kind of text a file is, told by its ending, and its syntax tree where there is a grammar.
//! Deliberately two languages so far; a third is a grammar, and its words in [`super::complexity`] and
//! [`super::surface`].

use std::path::Path;
use tree_sitter::{Node, Parser, Tree};

/// A language with a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    JavaScript,
    Python,
}

/// How a file is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By its syntax tree.
    Code(Grammar),
    /// A page's template, by words and signs.
    Template,
    /// Settings, by words and signs.
    Settings,
}

impl Kind {
    /// The kind of a file of that name, where one is known.
    pub(super) fn of(file: &str) -> Option<Kind> {
        let ending = Path::new(file).extension()?.to_str()?;
        match ending {
            "js" | "mjs" | "cjs" => Some(Kind::Code(Grammar::JavaScript)),
            "py" => Some(Kind::Code(Grammar::Python)),
            "html" | "ejs" | "eta" | "hbs" | "jinja2" | "j2" | "mako" | "pt" => Some(Kind::Template),
            "ini" | "toml" | "cfg" | "json" | "yaml" | "yml" => Some(Kind::Settings),
            _ => None,
        }
    }
}

/// A text with its tree.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// None where there is no grammar.
    pub(super) tree: Option<Tree>,
}

impl Source {
    pub(super) fn parse(kind: Kind, text: String) -> Source {
        let tree = match kind {
            Kind::Code(grammar) => {
                let mut parser = Parser::new();
                let language = match grammar {
                    Grammar::JavaScript => tree_sitter_javascript::LANGUAGE,
                    Grammar::Python => tree_sitter_python::LANGUAGE,
                };
                parser
                    .set_language(&language.into())
                    .expect("the grammars are built for this version of tree-sitter");
                parser.parse(&text, None)
            }
            Kind::Template | Kind::Settings => None,
        };
        Source { kind, text, tree }
    }

    /// What stands at a node.
    pub(super) fn at(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }
}

/// The children of a node, in their order.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}
