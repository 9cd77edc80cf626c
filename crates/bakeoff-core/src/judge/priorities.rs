//! From the brief's preferences to the region of weights that fits them. Priorities that the brief does not state
//! stay open.

use crate::brief::Preferences;
use crate::smaa::{Contradiction, Region, Statement};

/// The weights of `criteria` (ids) that fit preferences. A criterion that is not among them counts as not named.
///
/// # Errors
/// When none do: the smallest set of statements that contradict each other.
pub fn region(preferences: &Preferences, criteria: &[String]) -> Result<Region, Contradiction> {
    Region::new(criteria.to_vec(), &statements(preferences, criteria))
}

/// The mean share of each criterion, in the order of the region: exact where it has a closed form, else of 8,192 draws.
#[must_use]
pub fn mean_shares(region: &Region) -> Vec<f64> {
    const DRAWS: usize = 8_192;
    region.exact_mean().unwrap_or_else(|| {
        let drawn = region.draw(DRAWS, 1);
        let mean = |place: usize| drawn.iter().map(|weights| weights[place]).sum::<f64>() / DRAWS as f64;
        (0..region.names().len()).map(mean).collect()
    })
}

fn statements(preferences: &Preferences, criteria: &[String]) -> Vec<Statement> {
    let place = |id: &String| criteria.iter().position(|known| known == id);
    let order: Vec<usize> = preferences.order.iter().filter_map(place).collect();
    let ratios = preferences
        .ratios
        .iter()
        .filter_map(|(first, second, low, high)| {
            Some(Statement::Ratio {
                first: place(first)?,
                second: place(second)?,
                low: *low,
                high: *high,
            })
        });
    let shares = preferences.intervals.iter().filter_map(|(id, [low, high])| {
        Some(Statement::Share {
            criterion: place(id)?,
            low: *low,
            high: *high,
        })
    });
    let exact = preferences.weights.as_ref().map(|weights| {
        let weight = |id: &String| weights.get(id).copied().unwrap_or(0.0);
        Statement::Exact(criteria.iter().map(weight).collect())
    });
    Statement::order(&order, criteria.len())
        .into_iter()
        .chain(ratios)
        .chain(shares)
        .chain(exact)
        .collect()
}
