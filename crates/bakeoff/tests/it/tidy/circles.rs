//! No circles: within a crate, two files never use each other, directly or by way of others. A file uses another when
//! its production code names something of it. Declaring a child and handing on its items (`mod child; pub use
//! child::Item;`) is no use; a parent's own code that works with a child is one.

use super::modules::{Module, Modules};
use super::names::{Name, Names};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use syn::Item;

/// One use: the place, and the name that stands there.
struct Use {
    line: usize,
    name: String,
}

/// Which file uses which, with the first place of each use.
type Graph = BTreeMap<String, BTreeMap<String, Use>>;

/// The circles of a crate, each as a text that names every step with its place. Empty when there is none.
pub(super) fn circles(modules: &Modules) -> Vec<String> {
    let graph = graph(modules);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for file in graph.keys() {
        if seen.contains(file) {
            continue;
        }
        if let Some(steps) = way_back(&graph, file) {
            // Every file of the same tangle would give a circle of its own; one is enough to begin with.
            let ahead = reachable(&graph, file);
            let tangle = ahead
                .iter()
                .filter(|other| reachable(&graph, other).contains(file));
            let tangle: BTreeSet<String> = tangle.cloned().collect();
            found.push(in_words(&graph, &steps, tangle.len()));
            seen.extend(tangle);
        }
    }
    found
}

fn graph(modules: &Modules) -> Graph {
    let names = Names::read(modules);
    let macros = macros(modules);
    let mut graph: Graph = BTreeMap::new();
    for module in modules.all() {
        let from = graph.entry(module.file.clone()).or_default();
        for name in names.of(module) {
            if hands_on_its_own(module, &name) {
                continue;
            }
            let mut files: Vec<String> = names
                .files_of(&name.path)
                .into_iter()
                .map(str::to_owned)
                .collect();
            files.extend(macros.get(&name.text()).cloned());
            for file in files.into_iter().filter(|file| *file != module.file) {
                from.entry(file).or_insert_with(|| Use {
                    line: name.line,
                    name: name.text(),
                });
            }
        }
    }
    graph
}

/// `pub use child::Item` in the child's own parent, or further up.
fn hands_on_its_own(module: &Module, name: &Name) -> bool {
    let own =
        name.path.first().is_some_and(|first| first == "crate") && name.path[1..].starts_with(&module.path);
    name.is_reexport && own
}

/// The file of each `macro_rules`, by its name with `!`.
fn macros(modules: &Modules) -> BTreeMap<String, String> {
    let defined = modules.all().flat_map(|module| {
        module.items.iter().filter_map(|item| match item {
            Item::Macro(item) => Some((format!("{}!", item.ident.as_ref()?), module.file.clone())),
            _ => None,
        })
    });
    defined.collect()
}

fn reachable(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut queue = VecDeque::from([from.to_owned()]);
    while let Some(file) = queue.pop_front() {
        for next in graph.get(&file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(next.clone()) {
                queue.push_back(next.clone());
            }
        }
    }
    found
}

/// The shortest way from a file back to itself, as the files in order, the first at both ends.
fn way_back(graph: &Graph, file: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<String, String> = BTreeMap::new();
    let mut queue = VecDeque::from([file.to_owned()]);
    while let Some(at) = queue.pop_front() {
        for next in graph.get(&at).into_iter().flat_map(BTreeMap::keys) {
            if next == file {
                let mut steps = vec![file.to_owned(), at.clone()];
                let mut at = at;
                while at != file {
                    at = before[&at].clone();
                    steps.push(at.clone());
                }
                steps.reverse();
                return Some(steps);
            }
            if !before.contains_key(next) {
                before.insert(next.clone(), at.clone());
                queue.push_back(next.clone());
            }
        }
    }
    None
}

fn in_words(graph: &Graph, steps: &[String], tangle: usize) -> String {
    let lines = steps.windows(2).map(|step| {
        let uses = &graph[&step[0]][&step[1]];
        format!("    {}:{} uses {} (`{}`)", step[0], uses.line, step[1], uses.name)
    });
    let lines: Vec<String> = lines.collect();
    format!(
        "a circle of {} files, in a tangle of {tangle}:\n{}",
        steps.len() - 1,
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::super::modules::Modules;
    use super::super::tree::{CRATES, assert_none, sources};
    use super::circles;

    #[test]
    fn no_two_files_of_a_crate_use_each_other() {
        let found = CRATES.into_iter().flat_map(|crate_name| {
            let found = circles(&Modules::read(&sources(crate_name))).into_iter();
            found.map(move |circle| format!("`{crate_name}` has {circle}"))
        });
        assert_none(
            found.collect(),
            "files of one crate must not use each other in a circle",
        );
    }

    /// The circles of a made-up crate of (file, text).
    fn of(files: &[(&str, &str)]) -> Vec<String> {
        let files = files
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
        circles(&Modules::read(&files.collect()))
    }

    /// One crate for each form in which a file can use another; `a.rs` and what it names always use each other.
    #[test]
    fn a_circle_is_found_in_every_form() {
        const A_AND_B: &str = "mod a; mod b;";
        let uses_a = ("b.rs", "pub struct B; fn f(_: crate::a::A) {}");
        let forms: [(&str, &[(&str, &str)]); 22] = [
            (
                "use",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "use crate::b::B; pub struct A;"),
                    uses_a,
                ],
            ),
            (
                "nested groups over lines",
                &[
                    ("lib.rs", A_AND_B),
                    (
                        "a.rs",
                        "use crate::{\n    b::{\n        self as other,\n        deep::C,\n    },\n};\npub struct A;",
                    ),
                    ("b.rs", "pub mod deep { pub struct C; }\nuse crate::a::A;"),
                ],
            ),
            (
                "an inline path",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "pub struct A; fn f() { crate::b::g(); }"),
                    uses_a,
                ],
            ),
            (
                "super",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "use super::b::B; pub struct A;"),
                    uses_a,
                ],
            ),
            (
                "super in a path",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "pub struct A; type T = super::b::B;"),
                    uses_a,
                ],
            ),
            (
                "super of super",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    ("a.rs", "mod deep; fn f() { deep::f(); }"),
                    ("a/deep.rs", "pub fn f() { super::super::b::g(); }"),
                    ("b.rs", "pub fn g() { crate::a::deep::f(); }"),
                ],
            ),
            (
                "a parent's path to its child",
                &[
                    ("lib.rs", "mod a;"),
                    ("a.rs", "mod child; pub struct A; fn f() { child::f(); }"),
                    ("a/child.rs", "use super::A; pub fn f() {}"),
                ],
            ),
            (
                "self",
                &[
                    ("lib.rs", "mod a;"),
                    ("a.rs", "mod child; pub struct A; fn f() { self::child::f(); }"),
                    ("a/child.rs", "use crate::a::A; pub fn f() {}"),
                ],
            ),
            (
                "a name that the parent hands on and uses itself",
                &[
                    ("lib.rs", "mod a;"),
                    (
                        "a.rs",
                        "mod child; pub use child::Child; pub struct A; fn f(_: Child) {}",
                    ),
                    ("a/child.rs", "use super::A; pub struct Child;"),
                ],
            ),
            (
                "a name that a third hands on",
                &[
                    ("lib.rs", "mod a; mod b; pub use a::A;"),
                    ("a.rs", "use crate::b::B; pub struct A;"),
                    ("b.rs", "use crate::A; pub struct B;"),
                ],
            ),
            (
                "the root",
                &[
                    ("lib.rs", "mod a; pub struct Root; fn f() { a::f(); }"),
                    ("a.rs", "use crate::Root; pub fn f() {}"),
                ],
            ),
            (
                "a folder with mod.rs",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    ("a/mod.rs", "mod deep; pub struct A;"),
                    ("a/deep.rs", "use crate::b::B; use super::A;"),
                    ("b.rs", "use crate::a::deep::D; pub struct B;"),
                ],
            ),
            (
                "a path attribute",
                &[
                    ("lib.rs", "mod a; #[path = \"elsewhere/other.rs\"] mod b;"),
                    ("a.rs", "use crate::b::B; pub struct A;"),
                    ("elsewhere/other.rs", "use crate::a::A; pub struct B;"),
                ],
            ),
            (
                "inside a macro",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "pub struct A; fn f() { format!(\"{}\", crate::b::g()); }"),
                    uses_a,
                ],
            ),
            (
                "an attribute",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "pub struct A; #[serde(with = \"crate::b\")] struct S;"),
                    uses_a,
                ],
            ),
            (
                "an attribute's text",
                &[
                    ("lib.rs", A_AND_B),
                    (
                        "a.rs",
                        "pub struct A; struct S { #[serde(default = \"super::b::g\")] s: u8 }",
                    ),
                    uses_a,
                ],
            ),
            (
                "another name",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    (
                        "a.rs",
                        "use crate::b as other; pub struct A; fn f() { other::deep::g(); }",
                    ),
                    ("b.rs", "pub mod deep;"),
                    ("b/deep.rs", "use crate::a::A; pub fn g() {}"),
                ],
            ),
            (
                "within a function",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "pub struct A; fn f() { use crate::b::B; }"),
                    uses_a,
                ],
            ),
            (
                "a block module",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "pub struct A; mod inner { use crate::b::B; }"),
                    uses_a,
                ],
            ),
            (
                "everything of it",
                &[
                    ("lib.rs", A_AND_B),
                    ("a.rs", "use crate::b::*; pub struct A;"),
                    uses_a,
                ],
            ),
            (
                "a macro's definition",
                &[
                    ("lib.rs", "#[macro_use] mod a; mod b;"),
                    ("a.rs", "macro_rules! m { () => { $crate::b::g() } }"),
                    ("b.rs", "pub fn g() { m!(); }"),
                ],
            ),
            (
                "over three",
                &[
                    ("lib.rs", "mod a; mod b; mod c;"),
                    ("a.rs", "use crate::b::B; pub struct A;"),
                    ("b.rs", "use crate::c::C; pub struct B;"),
                    ("c.rs", "impl From<crate::a::A> for C {} pub struct C;"),
                ],
            ),
        ];
        for (form, files) in forms {
            let found = of(files);
            assert_eq!(found.len(), 1, "{form}: {found:?}");
        }
    }

    #[test]
    fn code_without_a_circle_passes() {
        let forms: [(&str, &[(&str, &str)]); 6] = [
            (
                "one way",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    ("a.rs", "use crate::b::B;"),
                    ("b.rs", "pub struct B;"),
                ],
            ),
            (
                "declaring and handing on",
                &[
                    ("lib.rs", "mod a; pub use a::A; pub struct Root;"),
                    ("a.rs", "use crate::Root; pub struct A;"),
                ],
            ),
            (
                "in tests only",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    (
                        "a.rs",
                        "#[cfg(test)] mod tests; pub struct A; #[cfg(test)] use crate::b::B;",
                    ),
                    ("a/tests.rs", "use crate::b::B;"),
                    (
                        "b.rs",
                        "use crate::a::A; pub struct B; #[cfg(test)] mod tests { use crate::a::A; }",
                    ),
                ],
            ),
            (
                "in documentation",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    ("a.rs", "/// See [`crate::b::B`].\npub struct A;"),
                    ("b.rs", "pub struct B(pub(in crate::a) crate::a::A);"),
                ],
            ),
            (
                "a sibling by way of the parent",
                &[
                    ("lib.rs", "mod a;"),
                    ("a.rs", "mod one; mod two; fn f() { one::f(); }"),
                    ("a/one.rs", "pub fn f() { super::two::f(); }"),
                    ("a/two.rs", "pub fn f() {}"),
                ],
            ),
            (
                "another crate's path of the same name",
                &[
                    ("lib.rs", "mod a; mod b;"),
                    ("a.rs", "use ::b::B; pub struct A;"),
                    ("b.rs", "use crate::a::A;"),
                ],
            ),
        ];
        for (form, files) in forms {
            assert_eq!(of(files), Vec::<String>::new(), "{form}");
        }
    }

    #[test]
    fn a_circle_is_told_step_by_step_with_its_lines() {
        let found = of(&[
            ("lib.rs", "mod a;\nmod b;"),
            ("a.rs", "//! A.\n\nuse crate::b::B;\npub struct A;"),
            ("b.rs", "pub struct B;\nfn f(_: crate::a::A) {}"),
        ]);
        let expected = "a circle of 2 files, in a tangle of 2:\n    a.rs:3 uses b.rs (`crate::b::B`)\n    b.rs:2 uses a.rs (`crate::a::A`)";
        assert_eq!(found, [expected]);
    }
}
