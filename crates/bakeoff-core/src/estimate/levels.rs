//! The variance of a mean over launches, from two levels: blocks lie apart within a launch, and launches lie apart
//! [Kalibera & Jones, ISMM 2013]. It knows deviations on a scale and no values.
//!
//! With k launches, of which launch l has n_l blocks, the value of a block is μ + λ_l + β_lb; h is the mean of 1/n_l.
//!
//! * **Blocks**: V_B = (W + d_B·r_B²) / (ν_W + d_B), where W is the sum of squares of blocks around the mean of their
//!   launch, ν_W = Σ(n_l − 1), and d_B = max(0, 4 − ν_W).
//! * **Launches**: the variance of the mean of one launch holds both levels, σ_L² + h·σ_B². What is observed of it is
//!   B / (k − 1), where B is the sum of squares of the launches' means around their mean. What is known of it
//!   beforehand is V_0 = r_L² + h·V_B. Together V = (B + d·V_0) / (k − 1 + d) with d = max(0, 5 − k), and the variance
//!   of the mean over launches is V / k.
//!
//! Both are the moderated variance of G. K. Smyth (Statistical Applications in Genetics and Molecular Biology 3(1),
//! 2004), with as many prior degrees of freedom as launches or blocks are missing to five; r_L and r_B are the
//! metric's repeatability at each level.
//!
//! The degrees of freedom are those of F. E. Satterthwaite (Biometrics Bulletin 2(6), 1946): V sums up pieces that are
//! known with k − 1 (what launches show), d (the prior of launches) and ν_B = ν_W + d_B degrees (blocks). With f the
//! share of h·V_B in V_0 they are (k − 1 + d)² / (k − 1 + d·((1 − f)² + f²·d/ν_B)): Smyth's k − 1 + d where launches
//! vary alone, and more where blocks explain how far launches lie apart.
//!
//! With one block a launch there is one level: V = (B + d·r²) / (k − 1 + d) with r² = r_L² + r_B² and k − 1 + d
//! degrees. That is the case of evidence in which each trial was a launch of its own.

use crate::plan::MIN_BLOCKS;

/// What is known of a metric's repeatability before the run: standard deviations on the metric's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Of launches, beyond what their blocks explain.
    pub launch: f64,
    /// Of blocks of a launch.
    pub block: f64,
}

impl Known {
    /// Of tries that are launches of their own.
    #[must_use]
    pub const fn of_tries(deviation: f64) -> Known {
        Known {
            launch: deviation,
            block: 0.0,
        }
    }

    /// The standard deviation of one try in a launch of its own.
    #[must_use]
    pub fn of_a_try(self) -> f64 {
        self.launch.hypot(self.block)
    }
}

/// How far launches and blocks lie apart in the evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Apart {
    /// Launches, at least 1.
    pub(super) launches: usize,
    /// The sum of squares of the launches' means around their mean.
    pub(super) squares_of_launches: f64,
    /// The sum of squares of blocks around the mean of their launch.
    pub(super) squares_of_blocks: f64,
    /// Blocks less launches.
    pub(super) degrees_of_blocks: usize,
    /// The mean over launches of 1 ÷ blocks of the launch.
    pub(super) one_over_blocks: f64,
}

/// The variance of a mean over launches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Variance {
    /// Of the mean over launches.
    pub(super) of_mean: f64,
    /// Its part that more blocks of the same launches would leave.
    pub(super) of_launches: f64,
    /// Its degrees of freedom.
    pub(super) degrees: f64,
}

/// The variance of the mean over `seen`'s launches, where `known` stands in for what is missing.
pub(super) fn variance(seen: &Apart, known: Known) -> Variance {
    let launches = seen.launches as f64;
    if seen.degrees_of_blocks == 0 {
        let (of_a_try, degrees) = of_tries(seen.squares_of_launches, seen.launches, known.of_a_try());
        return Variance {
            of_mean: of_a_try / launches,
            of_launches: of_a_try / launches,
            degrees,
        };
    }
    let (block, degrees_of_block) = of_a_block(seen, known.block);
    let of_blocks = block * seen.one_over_blocks;
    let expected = known.launch.powi(2) + of_blocks;
    let (observed, missing) = (launches - 1.0, (f64::from(MIN_BLOCKS) - launches).max(0.0));
    let all = observed + missing;
    let of_a_launch = (seen.squares_of_launches + missing * expected) / all;
    let share = if expected > 0.0 { of_blocks / expected } else { 0.0 };
    let doubt = (1.0 - share).powi(2) + share.powi(2) * missing / degrees_of_block;
    Variance {
        of_mean: of_a_launch / launches,
        of_launches: (of_a_launch - of_blocks).max(0.0) / launches,
        degrees: all.powi(2) / (observed + missing * doubt),
    }
}

/// The variance of a block around its launch, and its degrees of freedom.
fn of_a_block(seen: &Apart, known: f64) -> (f64, f64) {
    let observed = seen.degrees_of_blocks as f64;
    let missing = (f64::from(MIN_BLOCKS) - 1.0 - observed).max(0.0);
    let all = observed + missing;
    ((seen.squares_of_blocks + missing * known.powi(2)) / all, all)
}

/// The variance of one of `n` tries and its degrees of freedom, from their sum of squares around their mean.
fn of_tries(squares: f64, n: usize, known: f64) -> (f64, f64) {
    let missing = f64::from(MIN_BLOCKS) - n as f64;
    let degrees = n as f64 - 1.0;
    if missing <= 0.0 {
        return (squares / degrees, degrees);
    }
    let all = degrees + missing;
    ((squares + missing * known.powi(2)) / all, all)
}

#[cfg(test)]
mod tests {
    use super::{Apart, Known, Variance, of_tries, variance};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    const KNOWN: Known = Known {
        launch: 0.3,
        block: 0.4,
    };

    fn apart(launches: usize, blocks: usize, squares_of_launches: f64, squares_of_blocks: f64) -> Apart {
        Apart {
            launches,
            squares_of_launches,
            squares_of_blocks,
            degrees_of_blocks: launches * (blocks - 1),
            one_over_blocks: 1.0 / blocks as f64,
        }
    }

    #[track_caller]
    fn check(seen: &Apart, want: Variance) {
        let got = variance(seen, KNOWN);
        for (got, want) in [
            (got.of_mean, want.of_mean),
            (got.of_launches, want.of_launches),
            (got.degrees, want.degrees),
        ] {
            assert!((got - want).abs() < 1e-12, "{got}, not {want}");
        }
    }

    #[test]
    fn one_launch_of_one_block_is_what_is_known() {
        check(
            &apart(1, 1, 0.0, 0.0),
            Variance {
                of_mean: 0.25,
                of_launches: 0.25,
                degrees: 4.0,
            },
        );
    }

    #[test]
    fn blocks_of_one_launch_lessen_their_own_part_only() {
        // Nine blocks with a variance of 0.18: 0.02 of the mean, and 0.09 of the launch, of which nothing was seen.
        let share = 0.02_f64 / 0.11;
        check(
            &apart(1, 9, 0.0, 8.0 * 0.18),
            Variance {
                of_mean: 0.11,
                of_launches: 0.09,
                degrees: 4.0 / ((1.0 - share).powi(2) + share.powi(2) * 4.0 / 8.0),
            },
        );
    }

    #[test]
    fn from_five_launches_on_only_launches_count() {
        // Kalibera & Jones: the variance of the means of launches over their number.
        check(
            &apart(6, 4, 5.0 * 0.08, 18.0 * 0.2),
            Variance {
                of_mean: 0.08 / 6.0,
                of_launches: (0.08 - 0.05) / 6.0,
                degrees: 5.0,
            },
        );
    }

    #[test]
    fn three_launches_of_three_blocks_mix_what_was_seen_and_what_is_known() {
        // Blocks: 6 degrees and 0.3 / 6 = 0.05. Known of a launch: 0.09 + 0.05 / 3. Seen: 0.02 with two degrees.
        let expected = 0.09 + 0.05 / 3.0;
        let share = 0.05 / 3.0 / expected;
        let of_a_launch = (0.04 + 2.0 * expected) / 4.0;
        check(
            &apart(3, 3, 0.04, 0.3),
            Variance {
                of_mean: of_a_launch / 3.0,
                of_launches: (of_a_launch - 0.05 / 3.0) / 3.0,
                degrees: 16.0 / (2.0 + 2.0 * ((1.0 - share).powi(2) + share.powi(2) * 2.0 / 6.0)),
            },
        );
    }

    #[test]
    fn few_blocks_are_filled_up_with_what_is_known() {
        // Two launches of two blocks: two degrees are missing. (0.1 + 2 · 0.16) / 4 = 0.105.
        let expected = 0.09 + 0.105 / 2.0;
        let share = 0.105 / 2.0 / expected;
        check(
            &apart(2, 2, 0.0, 0.1),
            Variance {
                of_mean: 3.0 * expected / 4.0 / 2.0,
                of_launches: (3.0 * expected / 4.0 - 0.105 / 2.0).max(0.0) / 2.0,
                degrees: 16.0 / (1.0 + 3.0 * ((1.0 - share).powi(2) + share.powi(2) * 3.0 / 4.0)),
            },
        );
    }

    proptest! {
        #[test]
        fn one_block_a_launch_is_the_formula_of_tries(n in 1_usize..12, squares in 0.0_f64..10.0, known in 0.0_f64..2.0) {
            let got = variance(&apart(n, 1, squares, 0.0), Known::of_tries(known));
            let (of_a_try, degrees) = of_tries(squares, n, known);
            prop_assert_eq!((got.of_mean, got.degrees), (of_a_try / n as f64, degrees));
        }

        #[test]
        fn degrees_are_at_least_smyths_and_nothing_is_negative(
            launches in 1_usize..9, blocks in 1_usize..9, one in 0.0_f64..1.0, other in 0.0_f64..1.0,
            launch in 0.0_f64..1.0, block in 0.0_f64..1.0,
        ) {
            let got = variance(&apart(launches, blocks, one, other), Known { launch, block });
            let fewest = (launches as f64 - 1.0).max(4.0);
            prop_assert!(got.degrees >= fewest - 1e-9, "{}", got.degrees);
            prop_assert!(0.0 <= got.of_launches && got.of_launches <= got.of_mean + 1e-12);
        }

        #[test]
        fn more_doubt_beforehand_never_narrows(launches in 1_usize..5, blocks in 1_usize..6, more in 0.0_f64..1.0) {
            let seen = apart(launches, blocks, 0.1, 0.1);
            let wider = variance(&seen, Known { launch: KNOWN.launch + more, block: KNOWN.block + more });
            prop_assert!(wider.of_mean >= variance(&seen, KNOWN).of_mean);
        }
    }
}
