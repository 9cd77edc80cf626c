//! From the brief's preferences to the region of weights that fits them. Deliberately no weight of its own: what is not said stays open.

use crate::brief::Preferences;
use crate::criterion::Criterion;
use crate::smaa::{Contradiction, Region, Statement};

/// The weights that fit preferences.
///
/// # Errors
/// When none do: the smallest set of statements that contradict each other.
pub fn region(preferences: &Preferences) -> Result<Region, Contradiction> {
    Region::new(names(), &statements(preferences))
}

/// Every weighting of the six criteria.
pub(super) fn everything() -> Region {
    Region::everything(names())
}

fn names() -> Vec<String> {
    Criterion::ALL
        .iter()
        .map(|criterion| criterion.id().to_owned())
        .collect()
}

fn statements(preferences: &Preferences) -> Vec<Statement> {
    let order: Vec<usize> = preferences
        .order
        .iter()
        .map(|criterion| place(*criterion))
        .collect();
    let ratios = preferences
        .ratios
        .iter()
        .map(|(first, second, low, high)| Statement::Ratio {
            first: place(*first),
            second: place(*second),
            low: *low,
            high: *high,
        });
    let shares = preferences
        .intervals
        .iter()
        .map(|(criterion, [low, high])| Statement::Share {
            criterion: place(*criterion),
            low: *low,
            high: *high,
        });
    let exact = preferences.weights.as_ref().map(|weights| {
        let weight = |criterion: &Criterion| weights.get(criterion).copied().unwrap_or(0.0);
        Statement::Exact(Criterion::ALL.iter().map(weight).collect())
    });
    Statement::order(&order, Criterion::ALL.len())
        .into_iter()
        .chain(ratios)
        .chain(shares)
        .chain(exact)
        .collect()
}

/// The criterion's place in [`Criterion::ALL`].
fn place(criterion: Criterion) -> usize {
    Criterion::ALL
        .iter()
        .position(|other| *other == criterion)
        .expect("`ALL` holds every criterion")
}
