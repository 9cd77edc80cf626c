//! Rates of a Universal Scalability Law with known parameters, and the fit that must find the parameters. Without a
//! server: it tests the arithmetic.

use super::figure::Figure;
use crate::interrupt::Interrupt;
use bakeoff_core::usl::{Law, fit};
use bakeoff_load::LoadError;

/// α = 0.02, β = 0.02, γ = 1 [N. Gunther, Guerrilla Capacity Planning, 2007].
const PLANTED: Law = Law {
    one: 1.0,
    contention: 0.02,
    coherency: 0.02,
};

/// Rates at 1, 2, 4, 6, 8 and 10 at once, to four decimals.
const RATES: [(f64, f64); 6] = [
    (1.0, 1.0),
    (2.0, 1.8868),
    (4.0, 3.0769),
    (6.0, 3.5294),
    (8.0, 3.5398),
    (10.0, 3.3557),
];

/// Fits the law to its rates.
pub(super) fn law(_: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    let found = fit(&RATES).unwrap_or(Law {
        one: f64::NAN,
        contention: f64::NAN,
        coherency: f64::NAN,
    });
    Ok(vec![
        Figure::near("contention α", "", PLANTED.contention, found.contention, 0.0005),
        Figure::near("coherency β", "", PLANTED.coherency, found.coherency, 0.0005),
        Figure::near("rate of one γ", "", PLANTED.one, found.one, 0.001),
        Figure::near("rate of six", "", RATES[3].1, found.rate(6.0), 0.001),
        Figure::near("peak", "", PLANTED.peak(100.0), found.peak(100.0), 0.05),
    ])
}
