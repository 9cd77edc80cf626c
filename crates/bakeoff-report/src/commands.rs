//! The commands with which a reader repeats a run or its judgement. Each needs the run and nothing else.

use crate::document::Document;
use bakeoff_core::plan::{BudgetRule, StopRule};

/// Measures the same again: brief, contenders, seed, blocks, and the budget where the user set one.
pub(crate) fn repeat(document: &Document<'_>) -> String {
    let plan = &document.run.plan;
    let budget = match plan.budget_rule {
        BudgetRule::FullAnswer => String::new(),
        BudgetRule::Given => format!(" --budget {}s", plan.budget_s.round()),
    };
    let count = match plan.blocks_of_a_launch() {
        // Plans of earlier versions have blocks and no rounds.
        0 => plan.blocks.len(),
        of_a_launch => of_a_launch as usize,
    };
    let blocks = match plan.stop_rule {
        StopRule::Settled => String::new(),
        StopRule::AllBlocks => format!(" --blocks {count}"),
    };
    format!("{}{budget}{blocks}", measure_fully(document))
}

/// Measures a full answer: the same brief, contenders and seed without a budget of the user's.
pub(crate) fn measure_fully(document: &Document<'_>) -> String {
    let run = document.run;
    let only = match run.plan.only.join(",") {
        nothing if nothing.is_empty() => nothing,
        names => format!(" --only {}", shell_word(&names)),
    };
    let words = |of: &[String]| -> Vec<String> { of.iter().map(|word| shell_word(word)).collect() };
    // A brief that was made from an OpenAPI document has the document's name, which the words have too.
    let is_made = run
        .plan
        .services
        .windows(2)
        .any(|pair| pair == ["--openapi", run.brief_path.as_str()]);
    let brief = if is_made {
        None
    } else {
        Some(shell_word(&run.brief_path))
    };
    let words: Vec<String> = brief
        .into_iter()
        .chain(words(&run.plan.services))
        .chain(words(&run.plan.compared))
        .collect();
    format!("bakeoff run {}{only} --seed {}", words.join(" "), run.plan.seed)
}

/// Judges the stored run again.
pub(crate) fn decide(document: &Document<'_>) -> String {
    format!("bakeoff decide {}", shell_word(&document.run.id))
}

/// The path of a run's page.
pub(crate) fn report_path(document: &Document<'_>) -> String {
    let path = document.results.join("runs").join(&document.run.id);
    path.join("report.html").display().to_string()
}

/// A text as one word of a POSIX shell, on one line.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@~+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let one_line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("'{}'", one_line.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_strange_path_stays_one_word() {
        assert_eq!(shell_word("briefs/order-api.toml"), "briefs/order-api.toml");
        assert_eq!(shell_word("my brief's.toml"), r"'my brief'\''s.toml'");
        assert_eq!(shell_word("a\nb"), "'a b'");
    }
}
