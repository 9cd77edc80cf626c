//! Statements that no weights fit, and the smallest set of them that already contradict each other. It reports and
//! repairs nothing: only the author knows which statement is wrong.

use super::linear::maximise;
use super::statement::{Rule, Statement};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Subsets are looked through up to this size; beyond it the set is one from which nothing can be left out.
const LARGEST_SEARCHED: usize = 4;

/// The smallest set of statements that contradict each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// Their places in the list that was given, rising.
    pub places: Vec<usize>,
    /// Each in words.
    pub statements: Vec<String>,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.statements[..] {
            [one] => write!(f, "no weights fit: {one}"),
            several => write!(f, "no weights fit all of: {}", several.join("; ")),
        }
    }
}

impl std::error::Error for Contradiction {}

/// Whether some weights fit all statements.
pub(super) fn check(names: &[String], statements: &[Statement]) -> Result<(), Contradiction> {
    let everything: Vec<usize> = (0..statements.len()).collect();
    if fits(&everything, statements, names.len()) {
        return Ok(());
    }
    let places = smallest(everything, statements, names.len());
    let words = places
        .iter()
        .map(|place| statements[*place].words(names))
        .collect();
    Err(Contradiction {
        places,
        statements: words,
    })
}

fn smallest(everything: Vec<usize>, statements: &[Statement], criteria: usize) -> Vec<usize> {
    let mut kept = everything.clone();
    for place in everything {
        let without: Vec<usize> = kept.iter().copied().filter(|other| *other != place).collect();
        if !fits(&without, statements, criteria) {
            kept = without;
        }
    }
    let sizes = 1..kept.len().min(LARGEST_SEARCHED + 1);
    sizes
        .into_iter()
        .find_map(|size| subset(size, 0, &mut Vec::new(), statements, criteria))
        .unwrap_or(kept)
}

/// The first subset of `size` statements from place `from` on that does not fit, together with those already `taken`.
fn subset(
    size: usize,
    from: usize,
    taken: &mut Vec<usize>,
    statements: &[Statement],
    criteria: usize,
) -> Option<Vec<usize>> {
    if size == 0 {
        return (!fits(taken, statements, criteria)).then(|| taken.clone());
    }
    for place in from..statements.len() {
        taken.push(place);
        let found = subset(size - 1, place + 1, taken, statements, criteria);
        taken.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

fn fits(places: &[usize], statements: &[Statement], criteria: usize) -> bool {
    let rules: Vec<Rule> = places
        .iter()
        .flat_map(|place| statements[*place].rules(criteria))
        .collect();
    maximise(&vec![0.0; criteria], &rules, criteria).is_some()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::smaa::weights::Statement;

    fn names() -> Vec<String> {
        ["speed", "cost", "team", "growth"].map(str::to_owned).to_vec()
    }

    #[test]
    fn the_smallest_contradicting_set_is_named() {
        let mut statements = Statement::order(&[0, 1, 2], 4);
        statements.push(Statement::Share {
            criterion: 3,
            low: 0.1,
            high: 0.2,
        });
        statements.push(Statement::Share {
            criterion: 2,
            low: 0.4,
            high: 0.5,
        });
        statements.push(Statement::Ratio {
            first: 3,
            second: 2,
            low: 0.1,
            high: 0.9,
        });
        let error = check(&names(), &statements).unwrap_err();
        assert_eq!(error.places, [0, 1, 4]);
        assert_eq!(
            error.to_string(),
            "no weights fit all of: `speed` before `cost`; `cost` before `team`; `team` between 0.4 and 0.5"
        );
    }

    #[test]
    fn a_statement_can_contradict_the_simplex_alone() {
        let error = check(
            &names(),
            &[Statement::Share {
                criterion: 1,
                low: 1.5,
                high: 2.0,
            }],
        )
        .unwrap_err();
        assert_eq!(error.to_string(), "no weights fit: `cost` between 1.5 and 2");
    }

    #[test]
    fn statements_that_fit_are_no_contradiction() {
        let mut statements = Statement::order(&[0, 1], 4);
        statements.push(Statement::Share {
            criterion: 0,
            low: 0.3,
            high: 0.3,
        });
        assert_eq!(check(&names(), &statements), Ok(()));
    }

    #[test]
    fn cycles_of_ratios_are_found() {
        let ratio = |first, second| Statement::Ratio {
            first,
            second,
            low: 2.0,
            high: 3.0,
        };
        let error = check(&names()[..3], &[ratio(0, 1), ratio(1, 2), ratio(2, 0)]);
        assert_eq!(error.unwrap_err().places, [0, 1, 2]);
    }
}
