//! The interview about priorities on a terminal, or over a pipe: shows the core's questions, reads answers, and shows
//! the effect of each. It writes to stderr, because stdout is for the result. The words about criteria come from the
//! core.

use crate::exit::Failure;
use bakeoff_core::brief::{Brief, Preferences};
use bakeoff_core::elicit::{self, Answer, Interview, Question};
use std::io::{self, BufRead, Write};

/// One line of input.
enum Typed {
    Answer(Answer),
    Enough,
    Unclear,
}

/// Asks until all questions have an answer, or until the user ends it; `effect` describes the effect of the priorities
/// after each answer.
///
/// # Errors
/// The terminal cannot be read.
pub(crate) fn interview(
    brief: &Brief,
    host_cores: u32,
    input: &mut impl BufRead,
    mut effect: impl FnMut(&Preferences) -> String,
) -> Result<Preferences, Failure> {
    let mut interview = Interview::new(&brief.criterion_ids());
    eprintln!("Enter leaves a question open, q ends the interview.");
    while let Some(question) = interview.question() {
        eprintln!("\n{}", elicit::question(brief, host_cores, &question));
        eprintln!("{}", choices(&question));
        let answer = loop {
            let Some(line) = prompt(input)? else {
                return Ok(interview.preferences());
            };
            match typed(&question, &line) {
                Typed::Answer(answer) => break answer,
                Typed::Enough => return Ok(interview.preferences()),
                Typed::Unclear => eprintln!("`{line}` is not an answer. {}", choices(&question)),
            }
        };
        interview.answer(answer);
        eprintln!("→ {}", effect(&interview.preferences()));
    }
    Ok(interview.preferences())
}

/// The next line of input, trimmed; `None` at the end of the input.
///
/// # Errors
/// The terminal cannot be read.
pub(crate) fn prompt(input: &mut impl BufRead) -> Result<Option<String>, Failure> {
    eprint!("> ");
    let unreadable = |error: io::Error| {
        Failure::usage(
            format!("cannot read an answer: {error}"),
            "answer on a terminal, or with one line per answer over a pipe",
        )
    };
    io::stderr().flush().map_err(unreadable)?;
    let mut line = String::new();
    let read = input.read_line(&mut line).map_err(unreadable)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}

fn choices(question: &Question) -> String {
    match question {
        Question::Which { first, second } => format!("  1: {first}   2: {second}"),
        Question::Times { .. } => "  a factor of 1 or more, or a range such as 1.5-3".to_owned(),
    }
}

fn typed(question: &Question, line: &str) -> Typed {
    match (question, line) {
        (_, "") => Typed::Answer(Answer::Skip),
        (_, "q") => Typed::Enough,
        (Question::Which { .. }, "1") => Typed::Answer(Answer::First),
        (Question::Which { .. }, "2") => Typed::Answer(Answer::Second),
        (Question::Which { first, .. }, word) if word == first => Typed::Answer(Answer::First),
        (Question::Which { second, .. }, word) if word == second => Typed::Answer(Answer::Second),
        (Question::Which { .. }, _) => Typed::Unclear,
        (Question::Times { .. }, text) => times(text).map_or(Typed::Unclear, Typed::Answer),
    }
}

/// `3`, or `1.5-3`.
fn times(text: &str) -> Option<Answer> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|n| (1.0..=1e6).contains(n))
    };
    let (low, high) = (number(low)?, number(high)?);
    (low <= high).then_some(Answer::Times(low, high))
}

#[cfg(test)]
mod tests {
    use super::times;
    use bakeoff_core::elicit::Answer;

    #[test]
    fn factors_are_one_number_or_two() {
        assert_eq!(times("3"), Some(Answer::Times(3.0, 3.0)));
        assert_eq!(times("1.5 - 3"), Some(Answer::Times(1.5, 3.0)));
        for wrong in ["0.5", "3-2", "much", "-2", "nan"] {
            assert_eq!(times(wrong), None, "{wrong}");
        }
    }
}
