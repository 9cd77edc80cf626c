//! The grammars with which source is counted. A grammar has the few facts in which the languages differ; the counting
//! itself knows the node kinds of all of them.

/// A grammar of one language.
#[derive(Debug)]
pub(crate) struct Grammar {
    /// The extensions of its files.
    pub(super) extensions: &'static [&'static str],
    /// The parser of tree-sitter.
    pub(super) parser: fn() -> tree_sitter::Language,
    /// Which outer functions add no nesting to cognitive complexity.
    pub(super) declarations: Declarations,
    /// The form of its import statements.
    pub(super) imports: Imports,
}

/// The outer functions that only declare, and so add no nesting [Campbell, Cognitive Complexity, appendix A].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declarations {
    /// Functions without any control flow of their own, as JavaScript's modules and classes in functions.
    WithoutFlow,
    /// Functions that only define a function and return, as Python's decorators.
    Decorators,
}

/// The form of import statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Imports {
    /// `import x from 'module'`.
    EsModules,
    /// `import module`.
    Dotted,
}

/// JavaScript.
pub(crate) static JAVASCRIPT: Grammar = Grammar {
    extensions: &["js", "mjs", "cjs"],
    parser: || tree_sitter_javascript::LANGUAGE.into(),
    declarations: Declarations::WithoutFlow,
    imports: Imports::EsModules,
};

/// Python.
pub(crate) static PYTHON: Grammar = Grammar {
    extensions: &["py"],
    parser: || tree_sitter_python::LANGUAGE.into(),
    declarations: Declarations::Decorators,
    imports: Imports::Dotted,
};
