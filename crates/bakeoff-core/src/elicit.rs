//! Asks what counts for how much, two criteria at a time, by swing weighting [von Winterfeldt & Edwards, Decision Analysis and Behavioral Research, 1986]:
//! not "what is more important?", which nobody can answer, but "which of these two steps matters more?", in the brief's own numbers.
//! Any question may be skipped; whatever was answered is a statement, whatever was not stays open. Deliberately without a
//! terminal: who asks shows the question, takes the answer, and may judge again after each.

use crate::brief::{Brief, Preferences};
use crate::criterion::Criterion;
use crate::metric::metric;
use crate::sentences::number::limit;
use crate::value;

/// "At least as much" as a ratio: the largest factor that is left open.
const AT_MOST: f64 = 1e6;

/// The metrics by which the step of a criterion is told: what a brief's reader knows best.
const TOLD: [(Criterion, [&str; 2]); 6] = [
    (Criterion::Speed, ["latency_ms_p99", "memory_mb_peak"]),
    (Criterion::Scalability, ["connection_kb", "multicore_speedup"]),
    (Criterion::Universality, ["platforms_prebuilt", "targets"]),
    (Criterion::Extensibility, ["needs_covered", "dependencies"]),
    (Criterion::Architecture, ["blocking_ms_p99", "waiting_rps"]),
    (Criterion::LearningCurve, ["contract_tokens", "first_answer_s"]),
];

/// An answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The first step matters more.
    First,
    /// The second step matters more.
    Second,
    /// It stays open where the first criterion stands.
    Skip,
}

/// The questions and what was answered so far. Each criterion finds its place among those before it by halving, so six of them take at most eleven
/// questions.
#[derive(Debug, Clone)]
pub struct Interview {
    /// From the most important to the least.
    ordered: Vec<Criterion>,
    /// Not yet placed, the next one last.
    waiting: Vec<Criterion>,
    /// Where the next one may stand: from, to.
    range: (usize, usize),
}

impl Default for Interview {
    fn default() -> Interview {
        let mut waiting: Vec<Criterion> = Criterion::ALL.into_iter().rev().collect();
        let ordered = waiting.pop().into_iter().collect();
        Interview {
            ordered,
            waiting,
            range: (0, 1),
        }
    }
}

impl Interview {
    /// The two criteria of the next question; none when all are answered.
    #[must_use]
    pub fn question(&self) -> Option<(Criterion, Criterion)> {
        let next = self.waiting.last()?;
        Some((*next, self.ordered[self.middle()]))
    }

    /// Takes the answer to the question; without one it does nothing.
    pub fn answer(&mut self, answer: Answer) {
        let Some((next, _)) = self.question() else { return };
        let middle = self.middle();
        match answer {
            Answer::First => self.range.1 = middle,
            Answer::Second => self.range.0 = middle + 1,
            Answer::Skip => return self.leave_open(),
        }
        if self.range.0 == self.range.1 {
            self.ordered.insert(self.range.0, next);
            self.leave_open();
        }
    }

    /// What was said so far.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        let pairs = self
            .ordered
            .windows(2)
            .map(|pair| (pair[0], pair[1], 1.0, AT_MOST));
        Preferences {
            ratios: pairs.collect(),
            ..Preferences::default()
        }
    }

    fn middle(&self) -> usize {
        usize::midpoint(self.range.0, self.range.1)
    }

    fn leave_open(&mut self) {
        self.waiting.pop();
        self.range = (0, self.ordered.len());
    }
}

/// The question in words, with the brief's own numbers.
#[must_use]
pub fn question(brief: &Brief, host_cores: u32, first: Criterion, second: Criterion) -> String {
    let step = |criterion| format!("{} ({criterion})", step(brief, host_cores, criterion));
    format!("Which step matters more: {}, or {}?", step(first), step(second))
}

/// From what a brief requires to the ideal, in a criterion.
#[must_use]
pub fn step(brief: &Brief, host_cores: u32, criterion: Criterion) -> String {
    let told = TOLD
        .iter()
        .find(|(known, _)| *known == criterion)
        .map_or([""; 2], |(_, told)| *told);
    let steps = told.iter().filter_map(|id| {
        let metric = metric(id)?;
        let ends = value::function(metric, brief, host_cores)?;
        let say = |value| limit(value, metric.unit, &brief.deploy.price.currency);
        Some(format!(
            "{} from {} to {}",
            crate::sentences::within_sentence(metric.title),
            say(ends.zero),
            say(ends.one)
        ))
    });
    steps.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::{Answer, Interview, TOLD, question};
    use crate::criterion::Criterion;
    use crate::judge::priorities;
    use crate::judge::tests::brief;
    use crate::metric::metric;

    fn ask(wanted: &[Criterion], skipped: Criterion) -> (Interview, usize) {
        let mut interview = Interview::default();
        let mut questions = 0;
        while let Some((first, second)) = interview.question() {
            let rank = |criterion| wanted.iter().position(|other| *other == criterion);
            interview.answer(match (first == skipped, rank(first) < rank(second)) {
                (true, _) => Answer::Skip,
                (false, true) => Answer::First,
                (false, false) => Answer::Second,
            });
            questions += 1;
        }
        (interview, questions)
    }

    #[test]
    fn eleven_questions_at_most_put_six_criteria_in_order() {
        let mut wanted = Criterion::ALL;
        for turn in 0..6 {
            wanted.rotate_left(1);
            wanted.swap(turn, 5 - turn);
            let (interview, questions) = ask(&wanted, Criterion::Speed);
            let expected: Vec<Criterion> = wanted.to_vec();
            assert!(questions <= 11);
            assert_eq!(interview.ordered, expected);
        }
    }

    #[test]
    fn what_is_skipped_stays_open() {
        let (interview, _) = ask(&Criterion::ALL, Criterion::Architecture);
        assert!(!interview.ordered.contains(&Criterion::Architecture));
        let region = priorities::region(&interview.preferences()).unwrap();
        let architecture = 4;
        let drawn = region.draw(2_000, 1);
        assert!(drawn.iter().all(|weights| weights[0] >= weights[5]));
        assert!(drawn.iter().any(|weights| weights[architecture] > weights[0]));
        assert!(drawn.iter().any(|weights| weights[architecture] < weights[5]));
    }

    #[test]
    fn the_steps_are_told_with_the_briefs_own_numbers() {
        assert_eq!(
            question(&brief(), 2, Criterion::Speed, Criterion::LearningCurve),
            "Which step matters more: 99th percentile response time from 50 ms to 5 ms and memory under load from 512 MB to 64 MB (speed), \
             or source of the contract from 10,000 tokens to 1,500 tokens and from nothing to the first answer from 120 s to 5 s (learning curve)?"
        );
    }

    #[test]
    fn every_step_is_told_by_metrics_of_its_criterion() {
        for (criterion, told) in TOLD {
            assert!(told.iter().all(|id| metric(id).unwrap().criterion == criterion));
        }
    }
}
