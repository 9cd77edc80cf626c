//! What a field of copies shows: how its copies differ, and how often replays separate equals. In markdown, so that a
//! document can take it. It measures nothing.

use super::copies::Copies;
use crate::judging::options_of;
use crate::store::Stored;
use bakeoff_core::judge::{JudgeOptions, judge};
use bakeoff_core::range::Range;
use bakeoff_core::stop::Replay;
use bakeoff_core::verdict::Outcome;
use bakeoff_core::words::number::{Quantity, UNKNOWN, with_interval};
use serde_json::{Value, json};

/// The metric of the dearer copy's work.
pub(super) const CPU: &str = "cpu_us_per_request";

/// The share of replays of equals that may choose one.
const MOST_CHOSEN: f64 = 0.05;

/// A probability of being the best that equals should rarely reach, and the share of replays in which one may.
const SURE: (f64, f64) = (0.9, 0.10);

/// The share of replays in which the dearer copy must have the highest CPU time a request.
const LEAST_DEAREST: f64 = 0.95;

/// A copy in the run as it was measured.
#[derive(Debug, Clone, PartialEq)]
struct Copy {
    name: String,
    launches: usize,
    cpu_us: Option<Range>,
    p_best: Option<f64>,
}

/// How often something happened in replays, and how often it may or must.
#[derive(Debug, Clone, PartialEq)]
struct Count {
    what: &'static str,
    times: usize,
    of: usize,
    bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// The whole result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    run: String,
    of: String,
    copies: Vec<Copy>,
    /// The dearer copy's CPU time over the mean of the equal ones.
    dearer_by: Option<f64>,
    counts: Vec<Count>,
    /// Launches of a replay, on average.
    launches: f64,
}

impl Table {
    /// The result of a measured field, and of its replays without and with the dearer copy.
    pub(super) fn new(copies: &Copies, stored: &Stored, equals: &[Replay], with_dearer: &[Replay]) -> Table {
        let rows = measured(copies, stored);
        let counts = counts(equals, with_dearer, &copies.dearer);
        let launches = equals
            .iter()
            .map(|replay| f64::from(replay.launches))
            .sum::<f64>();
        Table {
            run: stored.run.id.clone(),
            of: copies.of.clone(),
            dearer_by: dearer_by(&rows),
            copies: rows,
            counts,
            launches: launches / equals.len().max(1) as f64,
        }
    }

    /// Whether every count is within its bound.
    pub(super) fn holds(&self) -> bool {
        self.counts.iter().all(Count::holds)
    }

    /// Both tables.
    pub(super) fn in_markdown(&self) -> String {
        let copies = self.copies.iter().map(|copy| {
            let cpu = copy.cpu_us.map_or_else(
                || UNKNOWN.to_owned(),
                |range| {
                    let in_table = |value| Quantity::new(value, "µs").in_table();
                    with_interval(range.value, (range.low, range.high), in_table)
                },
            );
            let p_best = copy
                .p_best
                .map_or_else(|| "–".to_owned(), |p| format!("{:.0} %", p * 100.0));
            format!("| {} | {} | {cpu} | {p_best} |", copy.name, copy.launches)
        });
        let counts = self.counts.iter().map(|count| {
            let verdict = if count.holds() { "" } else { "OFF" };
            format!(
                "| {} | {} of {} ({:.1} %) | {} | {verdict} |",
                count.what,
                count.times,
                count.of,
                count.share() * 100.0,
                count.bound.in_words()
            )
        });
        let head = [
            "| copy | launches | CPU time a request | P(best) among the equal ones |",
            "|---|---|---|---|",
        ];
        let counted = ["| in replays | times | allowed | |", "|---|---|---|---|"];
        let lines: Vec<String> = head.map(str::to_owned).into_iter().chain(copies).collect();
        let counts: Vec<String> = counted.map(str::to_owned).into_iter().chain(counts).collect();
        let dearer = self
            .dearer_by
            .map_or_else(|| UNKNOWN.to_owned(), |ratio| format!("{ratio:.3}"));
        format!(
            "run {} of {}: the dearer copy does 20 % more work, and cost {dearer} times the mean of the others\n\n{}\n\n{}\n\n\
             a replay took {:.1} launches on average",
            self.run,
            self.of,
            lines.join("\n"),
            counts.join("\n"),
            self.launches
        )
    }

    /// The same for a program. Schema 1; additions only.
    pub(super) fn as_json(&self) -> Value {
        let copy = |copy: &Copy| json!({ "name": copy.name, "launches": copy.launches, "cpu_us_per_request": copy.cpu_us, "p_best": copy.p_best });
        let count = |count: &Count| json!({ "what": count.what, "times": count.times, "of": count.of, "ok": count.holds() });
        json!({
            "schema": 1,
            "ok": self.holds(),
            "run": self.run,
            "of": self.of,
            "dearer_by": self.dearer_by,
            "copies": self.copies.iter().map(copy).collect::<Vec<_>>(),
            "counts": self.counts.iter().map(count).collect::<Vec<_>>(),
            "launches_of_a_replay": self.launches,
        })
    }
}

impl Count {
    fn share(&self) -> f64 {
        self.times as f64 / self.of.max(1) as f64
    }

    fn holds(&self) -> bool {
        match self.bound {
            Bound::AtMost(share) => self.share() <= share,
            Bound::AtLeast(share) => self.share() >= share,
        }
    }
}

impl Bound {
    fn in_words(self) -> String {
        match self {
            Bound::AtMost(share) => format!("at most {:.0} %", share * 100.0),
            Bound::AtLeast(share) => format!("at least {:.0} %", share * 100.0),
        }
    }
}

fn counts(equals: &[Replay], with_dearer: &[Replay], dearer: &str) -> Vec<Count> {
    let chosen = equals.iter().filter(|replay| replay.outcome == Outcome::Choose);
    let sure = equals.iter().filter(|replay| replay.p_best_of_leader() > SURE.0);
    let found = with_dearer
        .iter()
        .filter(|replay| replay.highest() == Some(dearer));
    vec![
        Count {
            what: "\"choose\" among equal copies",
            times: chosen.count(),
            of: equals.len(),
            bound: Bound::AtMost(MOST_CHOSEN),
        },
        Count {
            what: "a P(best) above 0.9 among equal copies",
            times: sure.count(),
            of: equals.len(),
            bound: Bound::AtMost(SURE.1),
        },
        Count {
            what: "the dearer copy has the highest CPU time a request",
            times: found.count(),
            of: with_dearer.len(),
            bound: Bound::AtLeast(LEAST_DEAREST),
        },
    ]
}

fn measured(copies: &Copies, stored: &Stored) -> Vec<Copy> {
    let Stored { run, brief } = stored;
    let options = JudgeOptions {
        only: copies.equals.clone(),
        ..options_of(run)
    };
    let among_equals = judge(run, brief, &brief.preferences, &options);
    let all = judge(run, brief, &brief.preferences, &options_of(run));
    let row = |name: String| {
        let of_copy = |estimate: &&bakeoff_core::judgement::MetricEstimate| {
            estimate.contender == name && estimate.metric == CPU
        };
        let launches = run
            .launches
            .iter()
            .filter(|launch| launch.entrant.is_contender(&name));
        Copy {
            launches: launches.count(),
            cpu_us: all.metrics.iter().find(of_copy).and_then(|seen| seen.estimate),
            p_best: among_equals.verdict.p_best.get(&name).copied(),
            name,
        }
    };
    copies.all().into_iter().map(row).collect()
}

/// The last row is the dearer copy.
fn dearer_by(rows: &[Copy]) -> Option<f64> {
    let (dearer, equals) = rows.split_last()?;
    let values = equals.iter().filter_map(|copy| Some(copy.cpu_us?.value.ln()));
    let values: Vec<f64> = values.collect();
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    Some(dearer.cpu_us?.value / mean.exp())
}

#[cfg(test)]
mod tests {
    use super::{Replay, counts};
    use bakeoff_core::verdict::Outcome;
    use std::collections::BTreeMap;

    fn replay(outcome: Outcome, p_best: f64, highest: &str) -> Replay {
        let map = |name: &str, value: f64| BTreeMap::from([("a".to_owned(), 0.1), (name.to_owned(), value)]);
        Replay {
            outcome,
            choice: None,
            p_best: map("b", p_best),
            estimates: map(highest, 2.0),
            launches: 9,
            dropped: Vec::new(),
            stop: None,
        }
    }

    #[test]
    fn shares_are_held_against_their_bounds() {
        let calm = vec![replay(Outcome::KeepBoth, 0.5, "dear"); 19];
        let rash = replay(Outcome::Choose, 0.95, "b");
        let one_in_twenty = [calm.clone(), vec![rash.clone()]].concat();
        assert!(
            counts(&one_in_twenty, &one_in_twenty, "dear")
                .iter()
                .all(super::Count::holds)
        );
        let two_in_twenty = [calm, vec![rash.clone(), rash]].concat();
        let held: Vec<bool> = counts(&two_in_twenty, &two_in_twenty, "dear")
            .iter()
            .map(super::Count::holds)
            .collect();
        assert_eq!(held, [false, true, false]);
    }
}
