//! Sentences about claims: what people say, whether this run supports it, and the numbers that settle it. It settles
//! nothing: [`crate::claim::settle`] does.

use super::absence;
use super::number::{Quantity, count, list, with_interval};
use crate::claim::{
    Against, Answer, Documented, Fits, Holder, Lack, Pair, Reached, Relation, Role, Rule, Side, Tested,
    Verdict,
};
use crate::contender::family_title;
use crate::evidence::Runs;
use crate::lookup::Lookup;
use crate::metric::{Metric, Scale, metric};
use crate::range::Range;
use serde::Serialize;
use std::collections::BTreeSet;

/// A claim and its answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimWords {
    /// Its word.
    pub id: String,
    /// What people say, without a full stop.
    pub sentence: String,
    /// The answer in a word or two.
    pub verdict: String,
    /// What decides it, one sentence a test; where nothing does, what is missing.
    pub because: Vec<String>,
    /// What stands beside it and decides nothing, one sentence a test.
    pub beside: Vec<String>,
    /// The values behind it, one text for each metric.
    pub values: Vec<String>,
    /// What the numbers cannot show; empty where they show all of it.
    pub limits: String,
    /// What to run, or what would settle it; empty where it is settled.
    pub settle: String,
    /// How the sentence is read.
    pub reading: String,
    /// Where it is said.
    pub said: Vec<String>,
}

/// The word for a verdict, as it stands beside a claim.
#[must_use]
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "supported",
        Verdict::Refuted => "refuted",
        Verdict::NotSeparable => "not separable",
        Verdict::NotTested => "not tested",
    }
}

/// An answer in words.
#[must_use]
pub fn claim(answer: &Answer, facts: &Lookup<'_>) -> ClaimWords {
    let claim = &answer.claim;
    let deciding = |role| {
        let tests = answer.tests.iter().filter(move |tested| tested.test.role == role);
        tests.map(|tested| test(tested, facts)).collect::<Vec<_>>()
    };
    let shown = deciding(Role::Shows);
    let is_open = matches!(answer.verdict, Verdict::NotTested | Verdict::NotSeparable);
    ClaimWords {
        id: claim.id.clone(),
        sentence: claim.sentence.clone(),
        verdict: verdict(answer.verdict).to_owned(),
        because: match answer.tests.is_empty() {
            true => vec!["No run can settle it.".to_owned()],
            false => deciding(Role::Decides),
        },
        // A test beside the claim that found nothing shows nothing.
        beside: shown
            .into_iter()
            .zip(
                answer
                    .tests
                    .iter()
                    .filter(|tested| tested.test.role == Role::Shows),
            )
            .filter(|(_, tested)| tested.verdict != Verdict::NotTested)
            .map(|(words, _)| words)
            .collect(),
        values: values(answer, facts),
        limits: claim.limits.clone(),
        settle: if is_open { settle(answer) } else { String::new() },
        reading: claim.reading.clone(),
        said: if claim.said.is_empty() {
            vec!["often repeated".to_owned()]
        } else {
            claim.said.clone()
        },
    }
}

fn settle(answer: &Answer) -> String {
    match answer.verdict {
        Verdict::NotSeparable if answer.tests.iter().any(|tested| !tested.pairs.is_empty()) => {
            "More launches narrow the intervals: `bakeoff run BRIEF --budget 1h`.".to_owned()
        }
        Verdict::NotSeparable if !answer.claim.limits.is_empty() => String::new(),
        _ => answer.claim.settle.clone(),
    }
}

fn test(tested: &Tested, facts: &Lookup<'_>) -> String {
    let found = match &tested.test.rule {
        Rule::Compare {
            metric: id,
            of,
            is,
            than,
        } => metric(id).map_or_else(String::new, |metric| {
            compared(tested, metric, (of, *is, than), facts)
        }),
        Rule::Documented { of, is, .. } => documented(tested, of, *is, facts),
    };
    let mut about = tested.test.about.clone();
    if let Some(first) = about.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let missing = match (found.is_empty(), lacks(tested, facts)) {
        (_, lacks) if lacks.is_empty() => String::new(),
        (true, lacks) => format!("not tested: {lacks}"),
        (false, lacks) => format!("; left out: {lacks}"),
    };
    format!("{about}: {found}{missing}.")
}

type Sides<'r> = (&'r Side, Relation, &'r Against);

fn compared(tested: &Tested, metric: &Metric, (of, is, than): Sides<'_>, facts: &Lookup<'_>) -> String {
    let pairs = &tested.pairs;
    let Some(least) = extreme(pairs, false) else {
        return String::new();
    };
    let most = extreme(pairs, true).unwrap_or(least);
    let (one, other) = match is {
        Relation::Higher => ("higher", "lower"),
        Relation::Lower => ("lower", "higher"),
    };
    let holds = number_of(pairs, Fits::Holds);
    let breaks = number_of(pairs, Fits::Breaks);
    let of_words = side(of, facts);
    if let [pair] = &pairs[..] {
        let how = match pair.fits {
            Fits::Holds => format!("{one} than"),
            Fits::Breaks => format!("{other} than"),
            Fits::Open => "not told apart from".to_owned(),
        };
        let than = other_words(than, pair, metric, facts);
        return format!("{of_words} is {how} {than}: {}", change(pair, metric, facts));
    }
    let kind = if pairs.iter().any(|pair| pair.than.is_some()) {
        "pair"
    } else {
        "stack"
    };
    let than = other_words(than, least, metric, facts);
    let ends = format!(
        "from {} to {}",
        change(least, metric, facts),
        change(most, metric, facts)
    );
    if holds + breaks == 0 {
        return format!(
            "{of_words} cannot be told apart from {than} in any of {}; {ends}",
            count(pairs.len(), kind)
        );
    }
    let opposite = match breaks {
        0 => format!("{other} in none"),
        _ => format!("{other} in {breaks}"),
    };
    format!(
        "{of_words} is {one} than {than} in {holds} of {}, {opposite}; {ends}",
        count(pairs.len(), kind)
    )
}

fn number_of(pairs: &[Pair], fits: Fits) -> usize {
    pairs.iter().filter(|pair| pair.fits == fits).count()
}

fn extreme(pairs: &[Pair], largest: bool) -> Option<&Pair> {
    let by_change = |a: &&Pair, b: &&Pair| a.change.range.value.total_cmp(&b.change.range.value);
    if largest {
        pairs.iter().max_by(by_change)
    } else {
        pairs.iter().min_by(by_change)
    }
}

fn side(side: &Side, facts: &Lookup<'_>) -> String {
    match side {
        Side::Family(family) => family_title(family).to_owned(),
        Side::Contenders(names) => {
            let known: Vec<&str> = names
                .iter()
                .filter(|name| facts.record(name).is_some())
                .map(|name| facts.title(name))
                .collect();
            list(&known)
        }
    }
}

fn other_words(than: &Against, pair: &Pair, metric: &Metric, facts: &Lookup<'_>) -> String {
    match (than, pair.limit) {
        (Against::Side(other), _) => side(other, facts),
        (_, limit) => Quantity::new(limit.unwrap_or(f64::NAN), metric.unit).as_set(),
    }
}

/// `1.3 × (0.98 to 1.6; Litestar against NestJS)`.
fn change(pair: &Pair, metric: &Metric, facts: &Lookup<'_>) -> String {
    let title = |holder: &Holder| facts.title(&holder.contender).to_owned();
    match &pair.than {
        Some(other) => {
            let Range { value, low, high } = pair.change.range;
            let (value, low, high) = match (pair.change.scale, metric.unit) {
                (Scale::Log, _) => (as_ratio(value), plain(low), plain(high)),
                (Scale::Linear, "share") => (
                    format!("{} points", plain(value * 100.0)),
                    plain(low * 100.0),
                    plain(high * 100.0),
                ),
                (Scale::Linear, unit) => {
                    let text = |value: f64| Quantity::new(value, unit).in_prose();
                    (text(value), text(low), text(high))
                }
            };
            format!(
                "{value} ({low} to {high}; {} against {})",
                title(&pair.of),
                title(other)
            )
        }
        None => format!("{} ({})", held(&pair.of, metric), title(&pair.of)),
    }
}

fn as_ratio(value: f64) -> String {
    Quantity::new(value, "×").in_prose()
}

/// A number without a unit.
fn plain(value: f64) -> String {
    Quantity::new(value, "").in_prose()
}

fn held(holder: &Holder, metric: &Metric) -> String {
    let Range { value, low, high } = holder.value;
    with_interval(value, (low, high), |value| {
        Quantity::new(value, metric.unit).in_prose()
    })
}

fn documented(tested: &Tested, of: &Side, is: Documented, facts: &Lookup<'_>) -> String {
    let Some(first) = tested.documented.first() else {
        return String::new();
    };
    let wanted = match is {
        Documented::Yes => Runs::Yes,
        Documented::No => Runs::No,
    };
    let all = tested.documented.len();
    let fitting = tested
        .documented
        .iter()
        .filter(|one| one.reach.runs == wanted)
        .count();
    let Reached { reach, .. } = first;
    let no = if wanted == Runs::No { " not" } else { "" };
    format!(
        "documented: {}, {} ({}, read {}); so it does{no} run there for {fitting} of {all} {} stacks",
        reach.runs.words(),
        reach.remark,
        reach.source,
        reach.looked_up,
        side(of, facts)
    )
}

/// What is missing, each reason once.
fn lacks(tested: &Tested, facts: &Lookup<'_>) -> String {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for lack in &tested.lacks {
        let (why, of) = in_words(lack, facts);
        match found.iter_mut().find(|(other, _)| *other == why) {
            Some((_, titles)) => titles.extend(of),
            None => found.push((why, of.into_iter().collect())),
        }
    }
    let words: Vec<String> = found
        .into_iter()
        .map(|(why, titles)| match titles.is_empty() {
            true => why,
            false => format!("{} ({why})", list(&titles)),
        })
        .collect();
    words.join("; ")
}

fn in_words(lack: &Lack, facts: &Lookup<'_>) -> (String, Option<String>) {
    match lack {
        Lack::NoFamily { family } => (format!("this run has no {} stack", family_title(family)), None),
        Lack::NoContender { contender } => (format!("this run does not have `{contender}`"), None),
        Lack::NoValue { contender, why, .. } => {
            let why = why
                .as_ref()
                .map_or_else(|| "no value".to_owned(), absence::missing);
            (why, Some(facts.title(contender).to_owned()))
        }
        Lack::TooLittle {
            contender,
            has,
            needed,
        } => (
            format!(
                "too little was measured: {} and {}, where an answer needs {} and {}",
                launches(has.launches),
                count(has.blocks as usize, "block"),
                needed.launches,
                needed.blocks
            ),
            Some(facts.title(contender).to_owned()),
        ),
        Lack::NoRatio { contender, .. } => (
            "a value of 0 has no ratio".to_owned(),
            Some(facts.title(contender).to_owned()),
        ),
        Lack::NotDocumented { contender, target } => (
            format!("the table of targets has nothing about `{target}`"),
            Some(facts.title(contender).to_owned()),
        ),
    }
}

/// The values behind the deciding tests, once for each metric.
fn values(answer: &Answer, facts: &Lookup<'_>) -> Vec<String> {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let deciding = answer.tests.iter();
    for tested in deciding.filter(|tested| tested.test.role == Role::Decides) {
        let Rule::Compare { metric: id, .. } = &tested.test.rule else {
            continue;
        };
        let Some(metric) = metric(id) else { continue };
        for holder in tested
            .pairs
            .iter()
            .flat_map(|pair| [Some(&pair.of), pair.than.as_ref()])
            .flatten()
        {
            if !seen.insert((id.clone(), holder.contender.clone())) {
                continue;
            }
            let text = format!(
                "{} {}, n = {}",
                facts.title(&holder.contender),
                held(holder, metric),
                basis(holder)
            );
            match lines.iter_mut().find(|(title, _)| title == metric.title) {
                Some((_, texts)) => texts.push(text),
                None => lines.push((metric.title.to_owned(), vec![text])),
            }
        }
    }
    let line = |(title, texts): (String, Vec<String>)| format!("{title}: {}.", texts.join("; "));
    lines.into_iter().map(line).collect()
}

/// `3 launches`, or `9 blocks` in evidence without launches.
fn basis(holder: &Holder) -> String {
    match holder.launches {
        0 => count(holder.n as usize, "block"),
        number => launches(number),
    }
}

fn launches(number: u32) -> String {
    match number {
        1 => "1 launch".to_owned(),
        _ => format!("{number} launches"),
    }
}
