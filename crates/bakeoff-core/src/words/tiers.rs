//! Sentences about what V8's compilers are worth, for computing and for the brief's requests. They compute nothing:
//! [`crate::tiers`] does.

use super::number::{Quantity, list};
use crate::compare::{Change, Direction};
use crate::lookup::Lookup;
use crate::range::Range;
use crate::tiers::{COMPUTING, Figure, Row, Stage, Tiers};

/// Which compilers a stage has, as words for a row.
#[must_use]
pub const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Full => "all compilers",
        Stage::NoTurboFan => "up to Maglev",
        Stage::NoMaglev => "up to Sparkplug",
        Stage::NoSparkplug => "interpreter alone",
        Stage::Jitless => "no machine code",
    }
}

/// What a stage lacks that the one before it has.
const fn step(stage: Stage) -> &'static str {
    match stage {
        Stage::Full => "nothing",
        Stage::NoTurboFan => "TurboFan",
        Stage::NoMaglev => "Maglev",
        Stage::NoSparkplug => "Sparkplug",
        Stage::Jitless => "compiling at all",
    }
}

/// One sentence a metric, and one where they differ; then what is left out.
#[must_use]
pub fn sentences(tiers: &Tiers, facts: &Lookup<'_>) -> Vec<String> {
    let title = facts.title(&tiers.of);
    let mut all: Vec<String> = tiers
        .figures
        .iter()
        .flat_map(|figure| [whole(figure, title), steps(figure)])
        .flatten()
        .collect();
    all.extend(beside_each_other(tiers));
    let left_out: Vec<String> = tiers.figures.iter().flat_map(missing).collect();
    all.extend(left_out);
    if !tiers.other_runtime.is_empty() {
        let names: Vec<&str> = tiers.other_runtime.iter().map(|name| facts.title(name)).collect();
        all.push(format!(
            "{} ran on another runtime than {title} and is left out.",
            list(&names)
        ));
    }
    all
}

/// `2.93 × (2.14 to 3.84)`: three digits, so that an end close to 1 shows on which side it lies.
#[must_use]
pub fn times(change: &Change) -> String {
    let number = |value: f64| Quantity::new(value, "").bare();
    let Range { value, low, high } = change.range;
    format!("{} × ({} to {})", number(value), number(low), number(high))
}

fn what(figure: &Figure) -> &'static str {
    if figure.metric == COMPUTING {
        "For computing"
    } else {
        "For this brief's requests (CPU time a request)"
    }
}

/// All compilers against the last tier that was measured.
fn whole(figure: &Figure, title: &str) -> Option<String> {
    let last = figure.last()?;
    let change = last.to_full?;
    let without = match last.stage {
        Stage::Jitless => "without machine code",
        Stage::NoSparkplug => "with its interpreter alone",
        Stage::Full | Stage::NoTurboFan | Stage::NoMaglev => stage(last.stage),
    };
    let what = what(figure);
    Some(match change.direction {
        Direction::Worse => format!(
            "{what}, {title} {without} takes {} the time that it takes with all of V8's compilers to machine code.",
            times(&change)
        ),
        Direction::Same => format!(
            "{what}, {title} {without} cannot be told apart from {title} with all of V8's compilers to machine code: {}.",
            times(&change)
        ),
        Direction::Better => format!(
            "{what}, {title} {without} is cheaper than with all of V8's compilers to machine code: {}.",
            times(&change)
        ),
    })
}

/// What each step brings.
fn steps(figure: &Figure) -> Option<String> {
    let stepped: Vec<(&Row, Change)> = figure
        .rows
        .iter()
        .filter_map(|row| Some((row, row.to_previous?)))
        .collect();
    if stepped.len() < 2 {
        return None;
    }
    let words = |(row, change): &(&Row, Change)| {
        let step = step(row.stage);
        match change.direction {
            Direction::Worse => format!("{step} is worth {}", times(change)),
            Direction::Same => format!("with and without {step} cannot be told apart: {}", times(change)),
            Direction::Better => format!("without {step} it is cheaper: {}", times(change)),
        }
    };
    let words: Vec<String> = stepped.iter().map(words).collect();
    Some(format!("Step by step: {}.", words.join("; ")))
}

/// That the two are not the same.
fn beside_each_other(tiers: &Tiers) -> Option<String> {
    let [computing, requests] = &tiers.figures[..] else {
        return None;
    };
    let (one, other) = (computing.last()?, requests.last()?);
    let (compute, request) = (one.to_full?.range, other.to_full?.range);
    if one.stage != other.stage {
        return None;
    }
    Some(if compute.low > request.high {
        "Compilers are worth more for computing than for these requests: a request also spends time in the \
         kernel and in native code, which V8 does not compile."
            .to_owned()
    } else if request.low > compute.high {
        "Compilers are worth more for these requests than for the loop that is computed.".to_owned()
    } else {
        "Whether compilers are worth more for computing than for these requests, the intervals do not tell."
            .to_owned()
    })
}

fn missing(figure: &Figure) -> Vec<String> {
    let lacking = figure.rows.iter().filter(|row| row.value.is_none());
    lacking
        .map(|row| {
            let why = row
                .missing
                .as_ref()
                .map_or_else(|| "it was not measured".to_owned(), super::absence::missing);
            format!("{}, {} has no value: {why}.", what(figure), stage(row.stage))
        })
        .collect()
}
