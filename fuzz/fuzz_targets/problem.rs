//! Decision problems of any text: an error with its place, or a decision whose numbers are numbers.

#![no_main]

use bakeoff_core::smaa::decide;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut problem = match bakeoff_core::problem::parse(text, "problem.toml") {
        Ok(problem) => problem,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    // A few samples show a number that is none as well as many.
    problem.samples = problem.samples.min(64);
    if problem.alternatives.len() * problem.criteria.len() > 64 {
        return;
    }
    let decision = decide(&problem);
    let first: f64 = decision.ranks.iter().map(|ranks| ranks[0]).sum();
    assert!(
        (first - 1.0).abs() < 1e-6,
        "the first places sum to {first}: {text}"
    );
    for range in &decision.expected_value {
        assert!(
            range.value.is_finite() && range.low.is_finite() && range.high.is_finite(),
            "{text}"
        );
    }
    assert!(
        decision
            .expected_loss
            .iter()
            .all(|loss| loss.is_finite() && *loss >= -1e-6),
        "{text}"
    );
});
