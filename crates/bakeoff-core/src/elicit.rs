//! An interview about priorities, by swing weighting [von Winterfeldt & Edwards, Decision Analysis and Behavioral
//! Research, 1986]. It does not ask "what is more important?", which has no meaning without amounts, but which of two
//! improvements matters more, with the brief's own numbers, and then by how much. Every question may be skipped: what
//! was answered becomes a statement, the rest stays open. It has no terminal: the caller shows the question, reads
//! the answer, and may judge again after each.

use crate::brief::{Brief, Preferences, anchors};
use crate::metric::METRICS;
use crate::words::number::{Quantity, list};
use crate::words::title::within_sentence;

/// "At least as much" as a ratio: the largest factor that is left open.
const AT_MOST: f64 = 1e6;

/// A question about two criteria, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Which of the two steps matters more?
    Which {
        /// The first of the two.
        first: String,
        /// The one that it is compared with.
        second: String,
    },
    /// How many times as much does the first step matter?
    Times {
        /// The one that matters more.
        more: String,
        /// The one that matters less.
        less: String,
    },
}

/// An answer to a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// The first step matters more.
    First,
    /// The second step matters more.
    Second,
    /// The first step matters between these two numbers of times as much, each 1 or more.
    Times(f64, f64),
    /// It stays open.
    Skip,
}

/// The questions and the answers so far. Each criterion finds its place among the earlier ones by binary search, so
/// six criteria take at most eleven questions; then come the questions about how much more each one matters.
#[derive(Debug, Clone)]
pub struct Interview {
    /// From the most important to the least.
    ordered: Vec<String>,
    /// Not yet placed, the next one last.
    waiting: Vec<String>,
    /// Where the next one may stand: from, to.
    range: (usize, usize),
    /// Those that were left open.
    open: usize,
    /// How many times each of `ordered` counts as much as the one after it, as far as it was answered.
    times: Vec<(f64, f64)>,
}

impl Interview {
    /// An interview about criteria, by their ids.
    #[must_use]
    pub fn new(criteria: &[String]) -> Interview {
        let mut waiting: Vec<String> = criteria.iter().rev().cloned().collect();
        let ordered = waiting.pop().into_iter().collect();
        Interview {
            ordered,
            waiting,
            range: (0, 1),
            open: 0,
            times: Vec::new(),
        }
    }

    /// The next question; none when all are answered.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        if let Some(next) = self.waiting.last() {
            return Some(Question::Which {
                first: next.clone(),
                second: self.ordered[self.middle()].clone(),
            });
        }
        let pair = self.ordered.get(self.times.len()..self.times.len() + 2)?;
        Some(Question::Times {
            more: pair[0].clone(),
            less: pair[1].clone(),
        })
    }

    /// Takes the answer to the question; one that does not fit the question leaves it open.
    pub fn answer(&mut self, answer: Answer) {
        match self.question() {
            Some(Question::Which { first, .. }) => self.place(first, answer),
            Some(Question::Times { .. }) => self.times.push(match answer {
                Answer::Times(low, high) => (low.max(1.0), high.max(low.max(1.0))),
                _ => (1.0, AT_MOST),
            }),
            None => {}
        }
    }

    fn place(&mut self, next: String, answer: Answer) {
        let middle = self.middle();
        match answer {
            Answer::First => self.range.1 = middle,
            Answer::Second => self.range.0 = middle + 1,
            Answer::Times(..) | Answer::Skip => {
                self.open += 1;
                return self.go_on();
            }
        }
        if self.range.0 == self.range.1 {
            self.ordered.insert(self.range.0, next);
            self.go_on();
        }
    }

    /// What was said so far: an order where nothing else was said, else ratios.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        let said_how_much = self.times.iter().any(|(_, high)| *high < AT_MOST);
        if self.ordered.len() < 2 {
            return Preferences::default();
        }
        if self.waiting.is_empty() && self.open == 0 && !said_how_much {
            return Preferences {
                order: self.ordered.clone(),
                ..Preferences::default()
            };
        }
        let open = (1.0, AT_MOST);
        let pairs = self.ordered.windows(2).enumerate().map(|(place, pair)| {
            let (low, high) = self.times.get(place).copied().unwrap_or(open);
            (pair[0].clone(), pair[1].clone(), low, high)
        });
        Preferences {
            ratios: pairs.collect(),
            ..Preferences::default()
        }
    }

    fn middle(&self) -> usize {
        usize::midpoint(self.range.0, self.range.1)
    }

    fn go_on(&mut self) {
        self.waiting.pop();
        self.range = (0, self.ordered.len());
    }
}

/// The question in words, with the brief's own numbers.
#[must_use]
pub fn question(brief: &Brief, host_cores: u32, question: &Question) -> String {
    match question {
        Question::Which { first, second } => {
            format!(
                "Which improvement matters more: {}, or {}?",
                step(brief, host_cores, first),
                step(brief, host_cores, second)
            )
        }
        Question::Times { more, less } => format!(
            "How many times as important is the improvement of {} as that of {}?",
            words(brief, more),
            words(brief, less)
        ),
    }
}

fn words(brief: &Brief, criterion: &str) -> String {
    let criterion_of_brief = brief.criteria().into_iter().find(|known| known.id == criterion);
    criterion_of_brief.map_or_else(|| criterion.to_owned(), |known| known.words)
}

/// A criterion with its improvement from what the brief requires to the ideal, by the metrics that a reader knows best.
#[must_use]
pub fn step(brief: &Brief, host_cores: u32, criterion: &str) -> String {
    let known = METRICS
        .iter()
        .filter(|metric| metric.interview && metric.criterion.id() == criterion);
    let measured = known.filter_map(|metric| {
        let ends = anchors::value_function(metric, brief, host_cores)?;
        Some((metric.id, ends.zero, ends.one))
    });
    let own = brief.measures.iter().filter(|own| own.criterion == criterion);
    let stated = own.map(|own| (own.id.as_str(), own.worst, own.best));
    let steps: Vec<String> = measured
        .chain(stated)
        .map(|(id, from, to)| {
            let title = within_sentence(brief.title_of(id));
            let [from, to] = [from, to].map(|end| Quantity::new(end, brief.unit_of(id)).as_set());
            format!("{title} from {from} to {to}")
        })
        .collect();
    format!("{} ({})", words(brief, criterion), list(&steps))
}

#[cfg(test)]
mod tests {
    use super::{Answer, Interview, Question, question};
    use crate::criterion::Criterion;
    use crate::fixture::brief;
    use crate::judge::priorities;
    use crate::metric::METRICS;

    fn six() -> Vec<String> {
        Criterion::ALL.map(|criterion| criterion.id().to_owned()).to_vec()
    }

    fn ask(wanted: &[String], skipped: &str) -> (Interview, usize) {
        let mut interview = Interview::new(&six());
        let mut questions = 0;
        while let Some(Question::Which { first, second }) = interview.question() {
            let rank = |criterion: &String| wanted.iter().position(|other| other == criterion);
            interview.answer(match (first == skipped, rank(&first) < rank(&second)) {
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
        let mut wanted = six();
        for turn in 0..6 {
            wanted.rotate_left(1);
            wanted.swap(turn, 5 - turn);
            let (interview, questions) = ask(&wanted, "none");
            assert!(questions <= 11);
            assert_eq!(interview.preferences().order, wanted);
        }
    }

    #[test]
    fn skipped_questions_leave_priorities_open() {
        let (interview, _) = ask(&six(), "architecture");
        let region = priorities::region(&interview.preferences(), &six()).unwrap();
        let architecture = 4;
        let drawn = region.draw(2_000, 1);
        assert!(drawn.iter().all(|weights| weights[0] >= weights[5]));
        assert!(drawn.iter().any(|weights| weights[architecture] > weights[0]));
        assert!(drawn.iter().any(|weights| weights[architecture] < weights[5]));
    }

    #[test]
    fn how_much_more_is_a_ratio() {
        let (mut interview, _) = ask(&six(), "none");
        interview.answer(Answer::Times(2.0, 3.0));
        let ratios = interview.preferences().ratios;
        assert_eq!(
            ratios[0],
            ("speed".to_owned(), "scalability".to_owned(), 2.0, 3.0)
        );
        assert_eq!((ratios.len(), ratios[1].2), (5, 1.0));
        for _ in 0..4 {
            interview.answer(Answer::Skip);
        }
        assert_eq!(interview.question(), None);
    }

    #[test]
    fn questions_have_the_numbers_of_the_brief() {
        let which = Question::Which {
            first: "speed".to_owned(),
            second: "learning-curve".to_owned(),
        };
        assert_eq!(
            question(&brief(), 2, &which),
            "Which improvement matters more: speed (99th percentile response time from 50 ms to 5 ms and memory under load from 512 MB to 64 MB), \
             or learning curve (source code size from 10,000 tokens to 1,500 tokens and time from install to first response from 120 s to 5 s)?"
        );
        let times = Question::Times {
            more: "speed".to_owned(),
            less: "learning-curve".to_owned(),
        };
        assert_eq!(
            question(&brief(), 2, &times),
            "How many times as important is the improvement of speed as that of learning curve?"
        );
    }

    #[test]
    fn two_metrics_describe_each_criterion() {
        for criterion in Criterion::ALL {
            let describe = METRICS
                .iter()
                .filter(|metric| metric.interview && metric.criterion == criterion);
            assert_eq!(describe.count(), 2, "{criterion}");
        }
    }
}
