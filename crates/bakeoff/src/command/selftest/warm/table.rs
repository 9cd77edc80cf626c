//! The table of `bakeoff selftest --warm`, in markdown, so that a document can take it, and as JSON. It compares
//! nothing.

use super::ratio::{Compared, Figure, Finding};
use bakeoff_core::words::number::count;
use serde_json::{Value, json};

impl Compared {
    /// What was found of it, as progress.
    pub(super) fn in_a_line(&self) -> String {
        let figures: Vec<String> = self
            .figures
            .iter()
            .map(|figure| format!("{} {}", figure.name, cell(figure)))
            .collect();
        format!("compared  {}: {}", self.name, figures.join(", "))
    }
}

/// Every contender with its figures.
pub(super) struct Table(pub(super) Vec<Compared>);

impl Table {
    /// The worst finding; too wide when nothing was compared.
    pub(super) fn finding(&self) -> Finding {
        let figures = self.0.iter().flat_map(|compared| &compared.figures);
        figures.map(Figure::finding).max().unwrap_or(Finding::TooWide)
    }

    /// A row for each contender, and what follows from all.
    pub(super) fn in_markdown(&self) -> String {
        let names: Vec<&str> = self.0.first().map_or_else(Vec::new, |compared| {
            compared.figures.iter().map(|figure| figure.name).collect()
        });
        let head = format!(
            "| contender | runtime | launches, turns | {} |",
            names.join(" | ")
        );
        let rule = format!("|---|---|---|{}", "---|".repeat(names.len()));
        let rows = self.0.iter().map(|compared| {
            let figures: Vec<String> = compared.figures.iter().map(cell).collect();
            format!(
                "| {} | {} | {}, {} | {} |",
                compared.name,
                compared.runtime,
                compared.launches,
                compared.turns,
                figures.join(" | ")
            )
        });
        let rows: Vec<String> = [head, rule].into_iter().chain(rows).collect();
        format!("{}\n\n{}", rows.join("\n"), self.in_a_sentence())
    }

    /// The sentence under the table.
    fn in_a_sentence(&self) -> String {
        let figures = self.0.iter().flat_map(|compared| &compared.figures);
        let number = |wanted: Finding| {
            figures
                .clone()
                .filter(|figure| figure.finding() == wanted)
                .count()
        };
        let (beyond, wide) = (number(Finding::Beyond), number(Finding::TooWide));
        let all = figures.clone().count();
        match self.finding() {
            Finding::Within => format!(
                "just warmed ÷ two minutes old: all {} within the tolerance",
                count(all, "ratio")
            ),
            Finding::Beyond => format!(
                "{beyond} of {} are OFF: the warm-up does not warm",
                count(all, "ratio")
            ),
            Finding::TooWide => format!(
                "{wide} of {} have intervals too wide to tell: the machine is too noisy",
                count(all, "ratio")
            ),
        }
    }

    /// The same for a program. Schema 1; additions only.
    pub(super) fn as_json(&self) -> Value {
        let figure = |figure: &Figure| {
            json!({
                "figure": figure.name,
                "ratio": figure.ratio.value,
                "low": figure.ratio.low,
                "high": figure.ratio.high,
                "tolerance": figure.tolerance,
                "finding": word(figure.finding()),
            })
        };
        let compared = |compared: &Compared| {
            json!({
                "contender": compared.name,
                "runtime": compared.runtime,
                "launches": compared.launches,
                "turns": compared.turns,
                "figures": compared.figures.iter().map(figure).collect::<Vec<_>>(),
            })
        };
        json!({
            "schema": 1,
            "ok": self.finding() == Finding::Within,
            "contenders": self.0.iter().map(compared).collect::<Vec<_>>(),
        })
    }
}

/// A ratio with its interval, marked when it is not within its tolerance.
fn cell(figure: &Figure) -> String {
    let ratio = figure.ratio;
    let mark = match figure.finding() {
        Finding::Within => "",
        Finding::TooWide => " too wide",
        Finding::Beyond => " OFF",
    };
    format!("{:.2} ({:.2} to {:.2}){mark}", ratio.value, ratio.low, ratio.high)
}

fn word(finding: Finding) -> &'static str {
    match finding {
        Finding::Within => "within",
        Finding::TooWide => "too-wide",
        Finding::Beyond => "beyond",
    }
}

#[cfg(test)]
mod tests {
    use super::super::ratio::{Compared, Figure, Finding};
    use super::Table;
    use bakeoff_core::range::Range;

    fn compared(name: &str, figures: &[(f64, f64)]) -> Compared {
        let figure = |(low, high): &(f64, f64)| Figure {
            name: "p50",
            ratio: Range {
                low: *low,
                value: f64::midpoint(*low, *high),
                high: *high,
            },
            tolerance: 1.15,
        };
        Compared {
            name: name.to_owned(),
            runtime: "node 24.1.0".to_owned(),
            launches: 1,
            turns: 8,
            figures: figures.iter().map(figure).collect(),
        }
    }

    #[test]
    fn each_ratio_has_its_interval_and_the_worst_decides() {
        let table = Table(vec![
            compared("a", &[(0.98, 1.06)]),
            compared("b", &[(1.30, 1.50)]),
        ]);
        insta::assert_snapshot!(table.in_markdown(), @r"
        | contender | runtime | launches, turns | p50 |
        |---|---|---|---|
        | a | node 24.1.0 | 1, 8 | 1.02 (0.98 to 1.06) |
        | b | node 24.1.0 | 1, 8 | 1.40 (1.30 to 1.50) OFF |

        1 of 2 ratios are OFF: the warm-up does not warm
        ");
        assert_eq!(table.finding(), Finding::Beyond);
        assert_eq!(
            table.as_json()["contenders"][1]["figures"][0]["finding"],
            "beyond"
        );
        let wide = Table(vec![
            compared("a", &[(0.98, 1.06)]),
            compared("b", &[(1.00, 1.30)]),
        ]);
        assert_eq!(
            (wide.finding(), wide.as_json()["ok"].as_bool()),
            (Finding::TooWide, Some(false))
        );
        let well = Table(vec![compared("a", &[(0.98, 1.06)])]);
        assert!(well.in_markdown().ends_with("all 1 ratio within the tolerance"));
        assert_eq!(Table(Vec::new()).finding(), Finding::TooWide);
    }
}
