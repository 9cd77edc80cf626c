//! What a user states of a measure: its two ends, its scale, and what is known of each value. A `[[criterion]]` of a
//! decision problem and a `[[measure]]` of a brief share this form. The caller knows where the words stand in the
//! text.

mod evidence;

pub(crate) use evidence::read as evidence;

use crate::metric::{Better, Scale};
use crate::smaa::{Evidence, scores_are_numbers};
use crate::value::{Ends, ValueFunction};

/// What is wrong, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// The same evidence, if all scores that it can have through this value function are numbers.
pub(crate) fn with_scores(known: Evidence, value: &ValueFunction) -> Result<Evidence, Wrong> {
    if scores_are_numbers(&known, value) {
        return Ok(known);
    }
    Err(Wrong {
        message: "this reaches scores that are too large to be numbers".to_owned(),
        hint: Some(
            "leave `clip` at `true`, so that values beyond `worst` and `best` score 0 and 1, or write `scale = \"log\"`"
                .to_owned(),
        ),
    })
}

/// A line from value 0 at `worst` to value 1 at `best`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub(crate) better: Better,
    pub(crate) worst: f64,
    pub(crate) best: f64,
    pub(crate) scale: Scale,
    pub(crate) ends: Ends,
}

impl Line {
    /// The value function, or the key that is wrong and why.
    pub(crate) fn value_function(&self) -> Result<ValueFunction, (&'static str, Wrong)> {
        let wrong = |key, message: String, hint: Option<&str>| {
            let hint = hint.map(str::to_owned);
            Err((key, Wrong { message, hint }))
        };
        let (worst, best) = (self.worst, self.best);
        for (name, end) in [("worst", worst), ("best", best)] {
            if !end.is_finite() {
                return wrong(name, format!("`{name}` must be a number, not `{end}`"), None);
            }
            if self.scale == Scale::Log && end <= 0.0 {
                let message = format!("`{name}` must be above 0 on a log scale, not `{end}`");
                return wrong(name, message, Some("write `scale = \"linear\"`"));
            }
        }
        if worst == best {
            let message =
                format!("`worst` and `best` are both `{worst}`, so every value would score the same");
            return wrong("best", message, None);
        }
        let (better, fits) = match self.better {
            Better::Higher => ("higher", best > worst),
            Better::Lower => ("lower", best < worst),
        };
        if !fits {
            let message = format!("`better = \"{better}\"`, but `best` is `{best}` and `worst` is `{worst}`");
            return wrong("best", message, Some("exchange `worst` and `best`"));
        }
        Ok(ValueFunction {
            zero: worst,
            one: best,
            scale: self.scale,
            ends: self.ends,
        })
    }
}
