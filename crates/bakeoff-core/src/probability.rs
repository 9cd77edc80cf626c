//! The distributions that the statistics rest on: normal, Student's t and beta, as densities, distribution functions
//! and quantiles in double precision. There is no sampling: a sampler draws a uniform number and takes its quantile.
//!
//! Written here and not taken from a crate, because every stored run must give the same judgement to the last bit
//! with every version of the program: another implementation, or a new version of a crate, would round differently.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// Density of the standard normal at `z`.
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// Probability that a standard normal is at most `z`.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The `p` quantile of the standard normal, `p` in (0, 1).
///
/// M. J. Wichura, Algorithm AS 241, 1988, by way of one Newton step on a rational first guess [P. J. Acklam, 2003].
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let guess = acklam(p);
    let error = normal_cdf(guess) - p;
    let step = error * (2.0 * PI).sqrt() * (0.5 * guess * guess).exp();
    guess - step / (1.0 + 0.5 * guess * step)
}

/// A rational approximation with a relative error under 1.2e-9.
fn acklam(p: f64) -> f64 {
    const LOW: f64 = 0.02425;
    if p < LOW {
        let q = (-2.0 * p.ln()).sqrt();
        return tail(q);
    }
    if p > 1.0 - LOW {
        let q = (-2.0 * (1.0 - p).ln()).sqrt();
        return -tail(q);
    }
    let q = p - 0.5;
    let r = q * q;
    let numerator = horner(
        r,
        &[
            -3.969683028665376e1,
            2.209460984245205e2,
            -2.759285104469687e2,
            1.38357751867269e2,
            -3.066479806614716e1,
            2.506628277459239,
        ],
    );
    let denominator = horner(
        r,
        &[
            -5.447609879822406e1,
            1.615858368580409e2,
            -1.556989798598866e2,
            6.680131188771972e1,
            -1.328068155288572e1,
            1.0,
        ],
    );
    q * numerator / denominator
}

fn tail(q: f64) -> f64 {
    let numerator = horner(
        q,
        &[
            -7.784894002430293e-3,
            -3.223964580411365e-1,
            -2.400758277161838,
            -2.549732539343734,
            4.374664141464968,
            2.938163982698783,
        ],
    );
    let denominator = horner(
        q,
        &[
            7.784695709041462e-3,
            3.224671290700398e-1,
            2.445134137142996,
            3.754408661907416,
            1.0,
        ],
    );
    numerator / denominator
}

fn horner(x: f64, coefficients: &[f64]) -> f64 {
    coefficients
        .iter()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Probability that a beta variate with shapes `a`, `b` above 0 is at most `x`: the regularised incomplete beta
/// function.
///
/// Lentz's continued fraction [Numerical Recipes, 3rd ed., 6.4].
#[must_use]
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front =
        (libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for step in 1..=20_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h
}

/// The `p` quantile of a beta variate with shapes `a`, `b` above 0, `p` in (0, 1): bisection to the last bits.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if beta_cdf(middle, a, b) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Probability that Student's t with `degrees` of freedom is at most `t`.
#[must_use]
pub fn student_cdf(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    let half = if square < degrees {
        0.5 * beta_cdf(square / (degrees + square), 0.5, 0.5 * degrees)
    } else {
        0.5 - 0.5 * beta_cdf(degrees / (degrees + square), 0.5 * degrees, 0.5)
    };
    0.5 + half.copysign(t)
}

/// The `p` quantile of Student's t with `degrees` of freedom, `p` in (0, 1).
///
/// Closed forms for one and two degrees, else Newton steps held inside a bracket, from an expansion about the
/// normal's [Abramowitz & Stegun, 26.7.5].
#[must_use]
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    if p < 0.5 {
        return -student_quantile(1.0 - p, degrees);
    }
    if degrees == 1.0 {
        return (PI * (p - 0.5)).tan();
    }
    if degrees == 2.0 {
        return (2.0 * p - 1.0) * SQRT_2 / (4.0 * p * (1.0 - p)).sqrt();
    }
    let log_scale =
        libm::lgamma(0.5 * (degrees + 1.0)) - libm::lgamma(0.5 * degrees) - 0.5 * (degrees * PI).ln();
    let (mut low, mut high) = (0.0_f64, f64::INFINITY);
    let z = normal_quantile(p);
    let square = z * z;
    let first = z * (square + 1.0) / (4.0 * degrees);
    let mut t = z + first + z * ((5.0 * square + 16.0) * square + 3.0) / (96.0 * degrees * degrees);
    for _ in 0..100 {
        let error = student_cdf(t, degrees) - p;
        if error > 0.0 {
            high = high.min(t);
        } else {
            low = low.max(t);
        }
        let density = (log_scale - 0.5 * (degrees + 1.0) * (t * t / degrees).ln_1p()).exp();
        let newton = t - error / density;
        let next = if low < newton && newton < high {
            newton
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            2.0 * t + 1.0
        };
        // A Newton step squares the error: after one this small nothing is left of it.
        let small = if next == newton { 1e-7 } else { 1e-13 };
        if (next - t).abs() <= small * (1.0 + t.abs()) {
            return next;
        }
        t = next;
    }
    t
}

#[cfg(test)]
mod tests {
    use super::{beta_cdf, beta_quantile, normal_cdf, normal_quantile, student_cdf, student_quantile};

    #[track_caller]
    fn near(got: f64, want: f64, within: f64) {
        assert!(
            (got - want).abs() <= within,
            "{got} is not within {within} of {want}"
        );
    }

    #[test]
    fn the_normal_is_that_of_the_tables() {
        near(normal_cdf(1.959963984540054), 0.975, 1e-15);
        near(normal_quantile(0.975), 1.959963984540054, 1e-13);
        near(normal_quantile(0.5), 0.0, 1e-15);
        near(normal_quantile(1e-10), -6.361340902404056, 1e-11);
    }

    #[test]
    fn student_is_that_of_the_tables() {
        near(student_quantile(0.975, 1.0), 12.706204736174698, 1e-10);
        near(student_quantile(0.975, 2.0), 4.302652729749464, 1e-11);
        near(student_quantile(0.975, 4.0), 2.7764451051977987, 1e-11);
        near(student_quantile(0.975, 9.0), 2.2621571627982053, 1e-11);
        near(student_quantile(0.025, 49.0), -2.009575237129235, 1e-10);
        near(student_cdf(2.0, 3.0), 0.930337015720578, 1e-12);
    }

    #[test]
    fn beta_is_that_of_closed_forms() {
        near(beta_cdf(0.3, 1.0, 1.0), 0.3, 1e-14);
        near(beta_cdf(0.3, 2.0, 1.0), 0.09, 1e-14);
        near(beta_cdf(0.5, 7.5, 7.5), 0.5, 1e-13);
        near(beta_quantile(0.09, 2.0, 1.0), 0.3, 1e-12);
    }

    #[test]
    fn quantiles_invert_distribution_functions() {
        for percent in 1..100 {
            let p = f64::from(percent) / 100.0;
            near(normal_cdf(normal_quantile(p)), p, 1e-14);
            for degrees in [1.0, 2.0, 3.0, 5.0, 12.0, 200.0] {
                near(student_cdf(student_quantile(p, degrees), degrees), p, 1e-12);
            }
            near(beta_cdf(beta_quantile(p, 0.4, 3.0), 0.4, 3.0), p, 1e-12);
        }
    }
}
