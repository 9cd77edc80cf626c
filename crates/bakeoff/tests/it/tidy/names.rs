//! The names that a module's production code uses: imports, paths in code, in macros and in attributes, each resolved
//! to where it leads (`crate::…` for the crate's own, `std::…` and the like for others). It does not infer types: a
//! method call names nothing.

use super::modules::{Module, Modules, is_for_tests};
use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemUse, Lit, Meta, UseTree, Visibility};

/// How many imports of imports are followed.
const MOST_STEPS: usize = 8;

/// One name in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Where it leads: `crate::a::B`, `std::time::Instant`, `println!`; an import of all ends with `*`.
    pub(super) path: Vec<String>,
    /// The line of the file, counted from 1.
    pub(super) line: usize,
    /// A `pub use`, in any visibility.
    pub(super) is_reexport: bool,
}

impl Name {
    /// The name as it is written in Rust.
    pub(super) fn text(&self) -> String {
        self.path.join("::")
    }

    /// Whether it is that item, or something within it.
    pub(super) fn is_within(&self, item: &str) -> bool {
        let text = self.text();
        let all = text.strip_suffix("::*").map(|of| format!("{of}::"));
        text == item
            || text.starts_with(&format!("{item}::"))
            || all.is_some_and(|of| item.starts_with(&of) && !item[of.len()..].contains("::"))
    }
}

/// The names of a whole crate.
pub(super) struct Names<'a> {
    modules: &'a Modules,
    /// What each module imports.
    imports: BTreeMap<Vec<String>, Imports>,
}

impl<'a> Names<'a> {
    pub(super) fn read(modules: &'a Modules) -> Names<'a> {
        let imports = modules
            .all()
            .map(|module| (module.path.clone(), Imports::of(module)))
            .collect();
        Names { modules, imports }
    }

    /// All names of a module, without what is compiled for tests only.
    pub(super) fn of(&self, module: &Module) -> Vec<Name> {
        let mut reader = Reader {
            scope: self.scope(module),
            found: Vec::new(),
        };
        for item in &module.items {
            reader.visit_item(item);
        }
        reader.found
    }

    /// The files to which a name leads: the module that it names, and from there along re-exports to where it is
    /// defined.
    pub(super) fn files_of(&self, path: &[String]) -> Vec<&str> {
        let mut files = Vec::new();
        let mut path = path.to_vec();
        for _ in 0..MOST_STEPS {
            if path.first().is_none_or(|first| first != "crate") {
                break;
            }
            let depth = (1..=path.len())
                .rev()
                .find(|end| self.modules.get(&path[1..*end]).is_some());
            let Some((end, module)) = depth.and_then(|end| Some((end, self.modules.get(&path[1..end])?)))
            else {
                break;
            };
            files.push(module.file.as_str());
            let import = path
                .get(end)
                .and_then(|name| self.imports[&module.path].by_name.get(name));
            let Some(import) = import else { break };
            let next: Vec<String> = self.scope(module).resolve(import);
            path = next.into_iter().chain(path[end + 1..].iter().cloned()).collect();
        }
        files
    }

    fn scope(&self, module: &'a Module) -> Scope<'_> {
        Scope {
            modules: self.modules,
            module,
            imports: &self.imports[&module.path],
        }
    }
}

/// What `use` brings into a module: local name → path as it is written.
#[derive(Default)]
struct Imports {
    by_name: BTreeMap<String, Vec<String>>,
}

impl Imports {
    fn of(module: &Module) -> Imports {
        let mut imports = Imports::default();
        imports.collect(module);
        imports
    }

    fn collect(&mut self, module: &Module) {
        struct Finder<'a>(&'a mut Imports);
        impl<'ast> Visit<'ast> for Finder<'_> {
            fn visit_item(&mut self, item: &'ast syn::Item) {
                let inner = matches!(item, syn::Item::Mod(_));
                if !inner && !is_for_tests(attributes(item)) {
                    visit::visit_item(self, item);
                }
            }
            fn visit_item_use(&mut self, item: &'ast ItemUse) {
                for leaf in leaves(item) {
                    self.0.by_name.insert(leaf.name, leaf.path);
                }
            }
        }
        let mut finder = Finder(self);
        module.items.iter().for_each(|item| finder.visit_item(item));
    }
}

/// Where names are looked up.
struct Scope<'a> {
    modules: &'a Modules,
    module: &'a Module,
    imports: &'a Imports,
}

impl Scope<'_> {
    /// Where a path leads.
    fn resolve(&self, path: &[String]) -> Vec<String> {
        self.resolve_within(path, MOST_STEPS)
    }

    fn resolve_within(&self, path: &[String], steps: usize) -> Vec<String> {
        let own = |rest: &[String], up: usize| -> Vec<String> {
            let kept = self.module.path.len().saturating_sub(up);
            let base = self.module.path[..kept].iter().cloned();
            ["crate".to_owned()]
                .into_iter()
                .chain(base)
                .chain(rest.iter().cloned())
                .collect()
        };
        let Some(first) = path.first() else {
            return Vec::new();
        };
        match first.as_str() {
            "crate" => path.to_vec(),
            "self" => self.resolve_after_self(&path[1..], own(&path[1..], 0)),
            "super" => {
                let up = path.iter().take_while(|part| *part == "super").count();
                own(&path[up..], up)
            }
            name if path.len() > 1 && self.has_child(name) => own(path, 0),
            name => match self.imports.by_name.get(name) {
                Some(import) if steps > 0 && import.first() != Some(first) => {
                    let whole: Vec<String> = import.iter().chain(&path[1..]).cloned().collect();
                    self.resolve_within(&whole, steps - 1)
                }
                // `use judge::judge`: the first is the module, since nothing is imported from itself.
                Some(import) if path.len() == 1 && self.has_child(first) => own(import, 0),
                _ => standard(path),
            },
        }
    }

    /// `self::super::x` is `super::x`.
    fn resolve_after_self(&self, rest: &[String], plain: Vec<String>) -> Vec<String> {
        match rest.first().map(String::as_str) {
            Some("super" | "self") => self.resolve(rest),
            _ => plain,
        }
    }

    fn has_child(&self, name: &str) -> bool {
        let child: Vec<String> = self
            .module
            .path
            .iter()
            .cloned()
            .chain([name.to_owned()])
            .collect();
        self.modules.get(&child).is_some()
    }
}

/// `core` and `alloc` are what `std` hands on.
fn standard(path: &[String]) -> Vec<String> {
    let mut path = path.to_vec();
    if path.len() > 1 && (path[0] == "core" || path[0] == "alloc") {
        path[0] = "std".to_owned();
    }
    path
}

/// One name that a `use` brings.
struct Leaf {
    name: String,
    path: Vec<String>,
    span: Span,
}

fn leaves(item: &ItemUse) -> Vec<Leaf> {
    fn walk(tree: &UseTree, before: &[String], found: &mut Vec<Leaf>) {
        let with =
            |name: &syn::Ident| -> Vec<String> { before.iter().cloned().chain([name.to_string()]).collect() };
        match tree {
            UseTree::Path(part) => walk(&part.tree, &with(&part.ident), found),
            UseTree::Group(group) => group.items.iter().for_each(|tree| walk(tree, before, found)),
            UseTree::Glob(star) => found.push(Leaf {
                name: "*".to_owned(),
                path: before.iter().cloned().chain(["*".to_owned()]).collect(),
                span: star.span(),
            }),
            UseTree::Name(name) if name.ident == "self" => found.push(Leaf {
                name: before.last().cloned().unwrap_or_default(),
                path: before.to_vec(),
                span: name.span(),
            }),
            UseTree::Name(name) => found.push(Leaf {
                name: name.ident.to_string(),
                path: with(&name.ident),
                span: name.span(),
            }),
            UseTree::Rename(name) => found.push(Leaf {
                name: name.rename.to_string(),
                path: if name.ident == "self" {
                    before.to_vec()
                } else {
                    with(&name.ident)
                },
                span: name.span(),
            }),
        }
    }
    let mut found = Vec::new();
    walk(&item.tree, &[], &mut found);
    found
}

struct Reader<'a> {
    scope: Scope<'a>,
    found: Vec<Name>,
}

impl Reader<'_> {
    fn note(&mut self, path: &[String], span: Span, is_reexport: bool) {
        self.found.push(Name {
            path: path.to_vec(),
            line: span.start().line,
            is_reexport,
        });
    }

    /// Paths and macros among tokens that no parser has read: the inside of macros and attributes.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            match &trees[at] {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Ident(first) if !follows_a_dot(&trees, at) => {
                    let span = first.span();
                    let mut path = vec![first.to_string()];
                    while let Some(next) = next_part(&trees, at) {
                        path.push(next);
                        at += 3;
                    }
                    if is_punct(trees.get(at + 1), '!') && !is_punct(trees.get(at + 2), '=') {
                        self.note_macro(path, span);
                    } else {
                        let path = self.scope.resolve(&path);
                        self.note(&path, span, false);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn note_macro(&mut self, path: Vec<String>, span: Span) {
        let mut path = self.scope.resolve(&path);
        if let Some(last) = path.last_mut() {
            last.push('!');
        }
        self.note(&path, span, false);
    }
}

fn is_punct(tree: Option<&TokenTree>, sign: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn follows_a_dot(trees: &[TokenTree], at: usize) -> bool {
    // `a..b` is a range, and `b` a name of its own.
    let dot = |back: usize| {
        at.checked_sub(back)
            .is_some_and(|at| is_punct(trees.get(at), '.'))
    };
    dot(1) && !dot(2)
}

/// The part after `::`, where there is one.
fn next_part(trees: &[TokenTree], at: usize) -> Option<String> {
    let joint = matches!(trees.get(at + 1), Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint);
    match trees.get(at + 3) {
        Some(TokenTree::Ident(part)) if joint && is_punct(trees.get(at + 2), ':') => Some(part.to_string()),
        _ => None,
    }
}

fn attributes(item: &syn::Item) -> &[Attribute] {
    use syn::Item;
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        // A module within this one is read as a module of its own.
        if !matches!(item, syn::Item::Mod(_)) && !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_for_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_reexport = !matches!(item.vis, Visibility::Inherited);
        for leaf in leaves(item) {
            let path = match item.leading_colon {
                Some(_) => standard(&leaf.path),
                // What a module imports from a child of its own name is the child's.
                None => self.scope.resolve(&leaf.path),
            };
            self.note(&path, leaf.span, is_reexport);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        let parts = match path.leading_colon {
            Some(_) => standard(&parts),
            None => self.scope.resolve(&parts),
        };
        self.note(&parts, path.span(), false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let parts = call
            .path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        self.note_macro(parts, call.path.span());
        self.read_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => {
                let tokens = list.tokens.clone();
                self.read_literal_paths(&tokens);
                self.read_tokens(tokens);
            }
            // `#[doc = "…"]` is prose; links in it are no code.
            Meta::NameValue(pair) if !pair.path.is_ident("doc") => self.visit_expr(&pair.value),
            _ => {}
        }
    }

    /// `pub(in crate::a)` says who may use an item, and uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

impl Reader<'_> {
    /// Paths in texts, as in `#[serde(with = "crate::times")]`.
    fn read_literal_paths(&mut self, tokens: &TokenStream) {
        for tree in tokens.clone() {
            match tree {
                TokenTree::Group(group) => self.read_literal_paths(&group.stream()),
                TokenTree::Literal(literal) => {
                    let text = match Lit::new(literal.clone()) {
                        Lit::Str(text) => text.value(),
                        _ => continue,
                    };
                    if let Ok(path) = syn::parse_str::<syn::Path>(&text)
                        && path.segments.len() > 1
                    {
                        let parts: Vec<String> =
                            path.segments.iter().map(|part| part.ident.to_string()).collect();
                        let parts = self.scope.resolve(&parts);
                        self.note(&parts, literal.span(), false);
                    }
                }
                _ => {}
            }
        }
    }
}
