//! Sentences about values that cannot be true: what was seen, and the bound that it passes. One sentence for each law,
//! without a full stop, since they stand within other sentences. It holds no threshold: the laws have them.

use super::number::{Quantity, grouped, list, share, with_interval};
use crate::impossible::{Check, ImpossibleTrials, ImpossibleValue};

/// Why an estimate is no evidence, with both numbers.
#[must_use]
pub fn value(found: &ImpossibleValue) -> String {
    let seen = &found.seen;
    let with_range = with_interval(seen.value, (seen.low, seen.high), |value| {
        on_scale(found.check, value)
    });
    format!(
        "cannot be true: {}, {}; this is a fault of the lab",
        law(found.check, &with_range),
        bound(found.check, found.bound)
    )
}

/// Why trials are no evidence, with their number and the worst of them.
#[must_use]
pub fn trials(found: &ImpossibleTrials) -> String {
    format!(
        "cannot be true in {} of {} trials: {}, {}; this is a fault of the lab",
        found.trials,
        found.of,
        law(
            found.check,
            &format!("up to {}", on_scale(found.check, found.worst))
        ),
        bound(found.check, found.bound)
    )
}

/// Which trials are marked, with the worst of them.
#[must_use]
pub fn marked(found: &ImpossibleTrials) -> String {
    let blocks: Vec<String> = found.blocks.iter().map(|block| (block + 1).to_string()).collect();
    let of_blocks = if blocks.len() == 1 { "block" } else { "blocks" };
    format!(
        "{} of {} trials cannot be true ({of_blocks} {}) and count all the same: {}, {}",
        found.trials,
        found.of,
        list(&blocks),
        law(
            found.check,
            &format!("up to {}", on_scale(found.check, found.worst))
        ),
        bound(found.check, found.bound)
    )
}

/// What the law is about, with what was seen.
fn law(check: Check, seen: &str) -> String {
    match check {
        Check::PercentilesInOrder => format!("a higher percentile is {seen} a lower one"),
        Check::SpeedUp => format!("the speed-up is {seen}"),
        Check::CpuTime => format!("CPU time per request × rate is {seen}"),
        Check::LittlesLaw => {
            format!("mean response time × rate is {seen} the mean number of requests in flight")
        }
        Check::Goodput => format!("the goodput is {seen} of the throughput of a closed loop"),
        Check::RateWithinCapacity => format!("the rate is {seen} of the throughput of a closed loop"),
        Check::MemoryUnderLoad => format!("memory under load is {seen} memory without load"),
        Check::RequestsAccounted => {
            format!("the requests that were due and those that are correct, failed or open differ by {seen}")
        }
        Check::GeneratorNotTheLimit => {
            format!(
                "in the closed loop the generator was at {seen} of its own limit, so it was measured and not the server"
            )
        }
        Check::DatabaseNotTheLimit => not_the_limit("database", seen),
        Check::UpstreamNotTheLimit => not_the_limit("upstream", seen),
    }
}

fn not_the_limit(service: &str, seen: &str) -> String {
    format!(
        "in the closed loop the server had time to spare while the {service}'s processors were busy for {seen} of the \
         time, so the {service} was measured and not the server"
    )
}

/// The bound in words.
fn bound(check: Check, bound: f64) -> String {
    let limit = on_scale(check, bound);
    match check {
        Check::PercentilesInOrder | Check::MemoryUnderLoad => {
            format!("and {limit} is the least that is possible")
        }
        Check::LittlesLaw if bound < 1.0 => format!("and {limit} is the least that is possible"),
        Check::RequestsAccounted => "and none may".to_owned(),
        Check::GeneratorNotTheLimit | Check::DatabaseNotTheLimit | Check::UpstreamNotTheLimit => {
            format!("and {limit} is the limit")
        }
        Check::SpeedUp | Check::CpuTime | Check::LittlesLaw | Check::Goodput | Check::RateWithinCapacity => {
            format!("and {limit} is the most that is possible")
        }
    }
}

/// A value on the law's own scale.
fn on_scale(check: Check, value: f64) -> String {
    match check {
        Check::PercentilesInOrder | Check::LittlesLaw | Check::MemoryUnderLoad | Check::SpeedUp => {
            Quantity::new(value, "×").in_table()
        }
        Check::CpuTime => format!("{} processors", Quantity::new(value, "").in_table()),
        Check::Goodput
        | Check::RateWithinCapacity
        | Check::GeneratorNotTheLimit
        | Check::DatabaseNotTheLimit
        | Check::UpstreamNotTheLimit => share(value),
        Check::RequestsAccounted => grouped(value.abs() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::{marked, trials, value};
    use crate::impossible::{Check, ImpossibleTrials, ImpossibleValue};
    use crate::range::Range;

    #[test]
    fn each_law_has_a_sentence_with_both_numbers() {
        let of = |check| {
            value(&ImpossibleValue {
                check,
                seen: Range {
                    value: 2.55,
                    low: 2.4,
                    high: 2.7,
                },
                bound: 2.1,
            })
        };
        assert_eq!(
            of(Check::SpeedUp),
            "cannot be true: the speed-up is 2.55 × (2.40 × to 2.70 ×), and 2.10 × is the most that is possible; this \
             is a fault of the lab"
        );
        assert!(of(Check::CpuTime).contains("is 2.55 processors (2.40 processors to 2.70 processors)"));
        for check in Check::ALL {
            let sentence = of(check);
            assert!(
                sentence.starts_with("cannot be true: ") && !sentence.ends_with('.'),
                "{sentence}"
            );
        }
    }

    #[test]
    fn trials_are_counted_and_marked() {
        let found = ImpossibleTrials {
            check: Check::RequestsAccounted,
            trials: 2,
            blocks: vec![0, 4],
            of: 6,
            worst: -12.0,
            bound: 0.0,
        };
        assert_eq!(
            trials(&found),
            "cannot be true in 2 of 6 trials: the requests that were due and those that are correct, failed or open \
             differ by up to 12, and none may; this is a fault of the lab"
        );
        assert!(
            marked(&found)
                .starts_with("2 of 6 trials cannot be true (blocks 1 and 5) and count all the same: ")
        );
    }
}
