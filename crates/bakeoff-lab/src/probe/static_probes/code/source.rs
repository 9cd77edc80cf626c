//! A source file with its syntax tree, where the table of languages has a grammar for it. Counting is elsewhere.

use super::grammar::Grammar;
use crate::language::LANGUAGES;
use std::path::Path;
use tree_sitter::{Node, Parser, Tree};

/// How a file is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// By its syntax tree.
    Code(&'static Grammar),
    /// A template, by words and signs.
    Template,
    /// Settings, by words and signs.
    Settings,
}

impl Kind {
    /// The kind of a file by its extension, if it is known.
    pub(crate) fn of(file: &str) -> Option<Kind> {
        let ending = Path::new(file).extension()?.to_str()?;
        let mut grammars = LANGUAGES.iter().flat_map(|language| language.grammars).copied();
        if let Some(grammar) = grammars.find(|grammar| grammar.extensions.contains(&ending)) {
            return Some(Kind::Code(grammar));
        }
        match ending {
            "html" | "ejs" | "eta" | "hbs" | "jinja2" | "j2" | "mako" | "mustache" | "pt" | "xml" => {
                Some(Kind::Template)
            }
            "ini" | "toml" | "cfg" | "json" | "properties" | "yaml" | "yml" => Some(Kind::Settings),
            _ => None,
        }
    }
}

/// A text with its syntax tree.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its path, relative to the contender's folder.
    pub(super) path: String,
    pub(super) kind: Kind,
    pub(super) text: String,
    /// None without a grammar.
    pub(super) tree: Option<Tree>,
}

impl Source {
    pub(crate) fn parse(path: &str, kind: Kind, text: String) -> Source {
        let tree = match kind {
            Kind::Code(grammar) => {
                let mut parser = Parser::new();
                parser
                    .set_language(&(grammar.parser)())
                    .expect("the grammars are built for this version of tree-sitter");
                parser.parse(&text, None)
            }
            Kind::Template | Kind::Settings => None,
        };
        Source {
            path: path.to_owned(),
            kind,
            text,
            tree,
        }
    }

    /// The text of a node.
    pub(super) fn at(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }
}

/// The children of a node, in order.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}
