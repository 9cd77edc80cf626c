//! The modules of one crate, found as the compiler finds them: from the root file along every `mod`, to `name.rs`,
//! `name/mod.rs`, a `#[path]` or a block in the same file. It separates what is compiled for tests only. It does not
//! resolve names.

use std::collections::{BTreeMap, BTreeSet};
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

/// One module: a file, or a block `mod name { … }` within one.
pub(super) struct Module {
    /// The names from the root down; empty for the root itself.
    pub(super) path: Vec<String>,
    /// The file that holds it, relative to the crate's source folder.
    pub(super) file: String,
    /// What it holds, items for tests included.
    pub(super) items: Vec<Item>,
}

/// All modules of one crate.
pub(super) struct Modules {
    by_path: BTreeMap<Vec<String>, Module>,
    /// Files that are compiled for tests only.
    test_files: BTreeSet<String>,
}

impl Modules {
    /// Reads a crate from its files (path relative to the source folder → text), from `lib.rs` or `main.rs` on.
    pub(super) fn read(files: &BTreeMap<String, String>) -> Modules {
        let mut modules = Modules {
            by_path: BTreeMap::new(),
            test_files: BTreeSet::new(),
        };
        let root = ["lib.rs", "main.rs"]
            .into_iter()
            .find(|root| files.contains_key(*root));
        let root = root.expect("a crate has a root file");
        let items = parse(root, &files[root]);
        modules.add(files, Vec::new(), root, "", items);
        modules
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Module> {
        self.by_path.values()
    }

    pub(super) fn get(&self, path: &[String]) -> Option<&Module> {
        self.by_path.get(path)
    }

    /// Files that the root reaches by `mod`, those for tests included.
    pub(super) fn reaches(&self, file: &str) -> bool {
        self.test_files.contains(file) || self.all().any(|module| module.file == file)
    }

    /// Adds a module and what it declares. `folder` is where the files of its children are.
    fn add(
        &mut self,
        files: &BTreeMap<String, String>,
        path: Vec<String>,
        file: &str,
        folder: &str,
        items: Vec<Item>,
    ) {
        for item in &items {
            let Item::Mod(declared) = item else { continue };
            let name = declared.ident.to_string();
            let tests = is_for_tests(&declared.attrs);
            let child: Vec<String> = path.iter().cloned().chain([name.clone()]).collect();
            match &declared.content {
                Some(_) if tests => {}
                Some((_, inner)) => {
                    self.add(files, child, file, &format!("{folder}{name}/"), inner.clone());
                }
                None => {
                    let found = place(files, declared, file, folder);
                    let items = parse(&found.file, &files[&found.file]);
                    if tests || items_are_for_tests(&files[&found.file]) {
                        self.mark_for_tests(files, &found.file, &found.folder, &items);
                    } else {
                        self.add(files, child, &found.file, &found.folder, items);
                    }
                }
            }
        }
        let module = Module {
            path: path.clone(),
            file: file.to_owned(),
            items,
        };
        self.by_path.insert(path, module);
    }

    fn mark_for_tests(&mut self, files: &BTreeMap<String, String>, file: &str, folder: &str, items: &[Item]) {
        self.test_files.insert(file.to_owned());
        for item in items {
            if let Item::Mod(declared @ ItemMod { content: None, .. }) = item {
                let found = place(files, declared, file, folder);
                let inner = parse(&found.file, &files[&found.file]);
                self.mark_for_tests(files, &found.file, &found.folder, &inner);
            }
        }
    }
}

/// Where a declared module is.
struct Place {
    file: String,
    /// Where the files of its children are, with `/` at the end; empty at the root.
    folder: String,
}

fn place(files: &BTreeMap<String, String>, declared: &ItemMod, file: &str, folder: &str) -> Place {
    let name = declared.ident.to_string();
    let below = format!("{folder}{name}/");
    let beside = file.rfind('/').map_or("", |at| &file[..=at]);
    let candidates = match path_attribute(&declared.attrs) {
        Some(given) => {
            let folder = given
                .rfind('/')
                .map_or(String::new(), |at| given[..=at].to_owned());
            vec![(format!("{beside}{given}"), format!("{beside}{folder}"))]
        }
        None => vec![
            (format!("{folder}{name}.rs"), below.clone()),
            (format!("{below}mod.rs"), below),
        ],
    };
    let found = candidates.into_iter().find(|(file, _)| files.contains_key(file));
    let (file, folder) =
        found.unwrap_or_else(|| panic!("`{file}` declares `mod {name};`, and no file holds it"));
    Place { file, folder }
}

fn parse(file: &str, text: &str) -> Vec<Item> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("`{file}` is no Rust: {error}"));
    parsed.items
}

/// Whether the file opens with `#![cfg(test)]`.
fn items_are_for_tests(text: &str) -> bool {
    syn::parse_file(text).is_ok_and(|file| is_for_tests(&file.attrs))
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

/// Whether these attributes keep an item out of every build but that of tests.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        if attribute.path().is_ident("test") {
            return true;
        }
        match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => list
                .parse_args::<Meta>()
                .is_ok_and(|condition| !holds_without_tests(&condition)),
            _ => false,
        }
    })
}

/// Whether a condition can hold where `test` does not.
fn holds_without_tests(condition: &Meta) -> bool {
    let parts = |list: &syn::MetaList| -> Vec<Meta> {
        let parse = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
        list.parse_args_with(parse)
            .map_or_else(|_| Vec::new(), |parts| parts.into_iter().collect())
    };
    match condition {
        Meta::Path(path) => !path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => parts(list).iter().all(holds_without_tests),
        Meta::List(list) if list.path.is_ident("any") => parts(list).iter().any(holds_without_tests),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{CRATES, assert_none, sources};
    use super::{Modules, is_for_tests};
    use std::collections::BTreeMap;

    /// The rules read what the root reaches; a file that no `mod` names would escape them.
    #[test]
    fn every_source_file_is_a_module_of_its_crate() {
        for crate_name in CRATES {
            let lost = lost(&sources(crate_name));
            assert_none(lost, &format!("`{crate_name}` declares no module for"));
        }
    }

    /// The files that the root of a crate does not reach.
    fn lost(files: &BTreeMap<String, String>) -> Vec<String> {
        let modules = Modules::read(files);
        files
            .keys()
            .filter(|file| !modules.reaches(file))
            .cloned()
            .collect()
    }

    #[test]
    fn a_file_that_no_module_declares_is_found() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod deep;"),
            ("a/deep.rs", ""),
            ("b.rs", ""),
        ];
        let files = files.map(|(file, text)| (file.to_owned(), text.to_owned()));
        assert_eq!(lost(&files.into()), ["b.rs"]);
    }

    #[test]
    fn conditions_of_tests_are_known_in_each_form() {
        let cases = [
            ("#[cfg(test)] fn f() {}", true),
            ("#[test] fn f() {}", true),
            ("#[cfg(all(test, unix))] fn f() {}", true),
            ("#[cfg(any(test, feature = \"planted\"))] fn f() {}", false),
            ("#[cfg(not(test))] fn f() {}", false),
            ("#[cfg(unix)] fn f() {}", false),
            ("fn f() {}", false),
        ];
        for (text, expected) in cases {
            let item: syn::ItemFn = syn::parse_str(text).unwrap();
            assert_eq!(is_for_tests(&item.attrs), expected, "{text}");
        }
    }
}
