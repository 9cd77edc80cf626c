//! The shape of files and functions: how long each may be, and what a file opens with.

use super::modules::is_for_tests;
use super::tree::{assert_none, files, is_test};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The most lines of a source file, its unit tests included; tables of cases in files of tests may be longer.
const MOST_LINES: usize = 400;

/// The most lines of a function, from its signature to its last brace.
const MOST_LINES_OF_A_FUNCTION: usize = 70;

/// The functions of a text that are too long, as (line, name, lines); tests are free.
fn long_functions(text: &str) -> Vec<(usize, String, usize)> {
    struct Finder(Vec<(usize, String, usize)>);
    impl Finder {
        fn look(&mut self, attributes: &[syn::Attribute], signature: &syn::Signature, block: &syn::Block) {
            let (first, last) = (signature.span().start().line, block.span().end().line);
            let lines = last + 1 - first;
            if !is_for_tests(attributes) && lines > MOST_LINES_OF_A_FUNCTION {
                self.0.push((first, signature.ident.to_string(), lines));
            }
        }
    }
    impl<'ast> Visit<'ast> for Finder {
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            if !is_for_tests(&item.attrs) {
                visit::visit_item_mod(self, item);
            }
        }
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            self.look(&item.attrs, &item.sig, &item.block);
            visit::visit_item_fn(self, item);
        }
        fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
            self.look(&item.attrs, &item.sig, &item.block);
            visit::visit_impl_item_fn(self, item);
        }
    }
    let mut finder = Finder(Vec::new());
    finder.visit_file(&syn::parse_file(text).unwrap());
    finder.0
}

fn says_what_it_is(text: &str) -> bool {
    text.starts_with("//!")
}

/// The lines of a source file that has too many; files of tests are free.
fn too_many_lines(path: &str, text: &str) -> Option<usize> {
    let lines = text.lines().count();
    (!is_test(path) && lines > MOST_LINES).then_some(lines)
}

#[test]
fn every_module_says_what_it_is() {
    let silent = files("crates", &[".rs"])
        .into_iter()
        .filter(|(_, text)| !says_what_it_is(text));
    assert_none(
        silent.map(|(path, _)| path).collect(),
        "every module opens with `//!`",
    );
}

#[test]
fn no_file_is_a_room_for_everything() {
    let long = files("crates", &[".rs"])
        .into_iter()
        .filter_map(|(path, text)| Some(format!("{path}: {} lines", too_many_lines(&path, &text)?)));
    assert_none(long.collect(), "a file has one idea, and at most 400 lines");
}

#[test]
fn no_function_is_a_chapter() {
    let long = files("crates", &[".rs"])
        .into_iter()
        .filter(|(path, _)| path.contains("/src/") && !is_test(path))
        .flat_map(|(path, text)| {
            let long = long_functions(&text).into_iter();
            long.map(|(line, name, lines)| format!("{path}:{line}: `{name}` has {lines} lines"))
                .collect::<Vec<_>>()
        });
    assert_none(long.collect(), "a function has at most 70 lines");
}

#[test]
fn a_long_function_is_found_and_a_long_test_is_not() {
    let body = "    g();\n".repeat(69);
    let free = format!("fn f() {{\n{body}}}\n");
    assert_eq!(long_functions(&free), [(1, "f".to_owned(), 71)]);
    assert_eq!(
        long_functions(&format!("impl S {{\n{free}}}")),
        [(2, "f".to_owned(), 71)]
    );
    assert_eq!(long_functions(&format!("#[test]\n{free}")), []);
    assert_eq!(
        long_functions(&format!("#[cfg(test)]\nmod tests {{\n{free}}}")),
        []
    );
    assert_eq!(long_functions("fn f() {\n    g();\n}"), []);
}

#[test]
fn a_silent_file_and_a_long_one_are_found() {
    assert!(says_what_it_is("//! One idea.\n\nfn f() {}\n"));
    assert!(!says_what_it_is("// One idea.\n\nfn f() {}\n"));
    assert!(!says_what_it_is("use std::fs;\n//! One idea.\n"));
    let most = "\n".repeat(MOST_LINES);
    let source = "crates/bakeoff-core/src/judge.rs";
    assert_eq!(too_many_lines(source, &most), None);
    assert_eq!(too_many_lines(source, &format!("{most}\n")), Some(MOST_LINES + 1));
    assert_eq!(
        too_many_lines("crates/bakeoff/tests/it/tidy.rs", &format!("{most}\n")),
        None
    );
}
