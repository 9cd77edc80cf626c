//! Types steer, texts do not: no code outside its own row or type decides by the text of an id. The rule looks at
//! production code for the suffix of a twin's id, for comparisons with a metric's id, and for lists of metric ids: such
//! facts are columns of the metric's row.

use super::modules::is_for_tests;
use super::tree::{assert_none, files, is_test, sources};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprLit, Lit};

/// The text that marks a twin in stored documents, and the only file that may know it.
const TWIN: (&str, &str) = ("~twin", "bakeoff-core/src/entrant.rs");

/// Rows of metrics, which define the ids.
const ROWS: &str = "bakeoff-core/src/metric/table/";

/// Probes, which write down values under these ids.
const OBSERVERS: &str = "bakeoff-lab/src/probe/";

/// The ids of all metrics, read from their rows.
fn metric_ids() -> BTreeSet<String> {
    let rows = sources("bakeoff-core")
        .into_iter()
        .filter(|(path, _)| path.starts_with("metric/table/"));
    let ids = rows.flat_map(|(_, text)| {
        let ids = text.lines().filter_map(|line| line.trim().strip_prefix("id: \""));
        ids.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect::<Vec<_>>()
    });
    ids.collect()
}

/// Places of a text that steer by an id, as (line, reason).
fn steering(path: &str, text: &str, ids: &BTreeSet<String>) -> Vec<(usize, String)> {
    let mut finder = Finder {
        knows_twins: path.ends_with(TWIN.1),
        ids,
        found: Vec::new(),
    };
    finder.visit_file(&syn::parse_file(text).unwrap());
    finder.found
}

struct Finder<'a> {
    knows_twins: bool,
    ids: &'a BTreeSet<String>,
    found: Vec<(usize, String)>,
}

impl Finder<'_> {
    /// The metric's id that an expression is, if it is one.
    fn id(&self, expression: &Expr) -> Option<(usize, String)> {
        match expression {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => {
                let line = text.span().start().line;
                self.ids.contains(&text.value()).then(|| (line, text.value()))
            }
            Expr::Reference(inner) => self.id(&inner.expr),
            _ => None,
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        if !self.knows_twins && text.value().contains(TWIN.0) {
            self.found
                .push((text.span().start().line, format!("knows `{}`", TWIN.0)));
        }
    }

    fn visit_expr_binary(&mut self, comparison: &'ast syn::ExprBinary) {
        if matches!(comparison.op, BinOp::Eq(_) | BinOp::Ne(_)) {
            let ids = [&comparison.left, &comparison.right].map(|side| self.id(side));
            let found = ids
                .into_iter()
                .flatten()
                .map(|(line, id)| (line, format!("compares with `{id}`")));
            self.found.extend(found);
        }
        visit::visit_expr_binary(self, comparison);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        // A probe's row names the metrics that it observes, and a chart's row those that its line shows.
        if !matches!(&field.member, syn::Member::Named(name) if name == "metrics" || name == "line") {
            visit::visit_field_value(self, field);
        }
    }

    fn visit_expr_array(&mut self, list: &'ast syn::ExprArray) {
        let ids: Vec<(usize, String)> = list.elems.iter().filter_map(|element| self.id(element)).collect();
        if let [(line, first), _, ..] = &ids[..] {
            self.found
                .push((*line, format!("lists {} metrics from `{first}` on", ids.len())));
        }
        visit::visit_expr_array(self, list);
    }
}

#[test]
fn no_code_steers_by_the_text_of_an_id() {
    let ids = metric_ids();
    assert!(ids.len() > 30, "too few ids: {ids:?}");
    let production = files("crates", &[".rs"]).into_iter().filter(|(path, _)| {
        let defines = [ROWS, OBSERVERS, "bakeoff-core/src/fixture"]
            .iter()
            .any(|place| path.contains(place));
        path.contains("/src/") && !is_test(path) && !defines
    });
    let found = production.flat_map(|(path, text)| {
        let found = steering(&path, &text, &ids).into_iter();
        found
            .map(|(line, reason)| format!("{path}:{line}: {reason}"))
            .collect::<Vec<_>>()
    });
    assert_none(found.collect(), "types and columns steer, texts do not");
}

#[test]
fn steering_by_a_text_is_found() {
    let ids = BTreeSet::from(["latency_ms_p99".to_owned(), "startup_ms".to_owned()]);
    let found = |text: &str| steering("crates/x/src/a.rs", text, &ids).len();
    assert_eq!(found("fn f(m: &str) -> bool { m == \"startup_ms\" }"), 1);
    assert_eq!(
        found("const TIMED: [&str; 2] = [\"latency_ms_p99\", \"startup_ms\"];"),
        1
    );
    assert_eq!(found("fn f(n: &str) -> bool { n.ends_with(\"~twin\") }"), 1);
    assert_eq!(
        found("const ROW: Probe = Probe { metrics: &[\"latency_ms_p99\", \"startup_ms\"] };"),
        0
    );
    assert_eq!(found("fn f() { observe(\"startup_ms\", 1.0) }"), 0);
    assert_eq!(
        found("#[cfg(test)] mod tests { fn f(m: &str) -> bool { m == \"startup_ms\" } }"),
        0
    );
    let own = steering(
        "crates/bakeoff-core/src/entrant.rs",
        "const S: &str = \"~twin\";",
        &ids,
    );
    assert_eq!(own, []);
}
