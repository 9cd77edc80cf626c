//! What V8's compilers are worth: a contender of Node.js beside its variants that run with fewer of them, step by step.
//! Pure, from a judged run; it has no statistic of its own ([`crate::compare`]) and no words ([`crate::words::tiers`]).
//!
//! V8 runs bytecode in its interpreter Ignition; Sparkplug translates it to machine code as it is, Maglev and TurboFan
//! optimise what runs often [v8.dev/blog/sparkplug, v8.dev/blog/maglev]. `--jitless` makes no machine code at all, not
//! for regular expressions either, and takes WebAssembly away.

use crate::compare::{Change, Direction, within};
use crate::evidence::{ContenderRecord, Run};
use crate::judgement::{Judgement, Missing};
use crate::lookup::Lookup;
use crate::metric::metric;
use crate::range::Range;
use serde::Serialize;

/// The metric of computing alone.
pub const COMPUTING: &str = "compute_ms";

/// The metric of the brief's requests.
pub const REQUESTS: &str = "cpu_us_per_request";

/// How much of V8 compiles, from all of it to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// All compilers.
    Full,
    /// Without TurboFan: Maglev is the last compiler.
    NoTurboFan,
    /// Without TurboFan and Maglev: Sparkplug is the only compiler.
    NoMaglev,
    /// The interpreter alone, without a compiler of JavaScript.
    NoSparkplug,
    /// No machine code is made at all.
    Jitless,
}

/// The flags that take something of V8 away, in each spelling that it accepts, and whose flag each is.
const FLAGS: [(&str, Stage); 6] = [
    ("--no-turbofan", Stage::NoTurboFan),
    ("--no-opt", Stage::NoTurboFan),
    ("--noopt", Stage::NoTurboFan),
    ("--no-maglev", Stage::NoMaglev),
    ("--no-sparkplug", Stage::NoSparkplug),
    ("--jitless", Stage::Jitless),
];

impl Stage {
    /// The stage that these flags of the runtime make; none where they do more, or take away a compiler and leave a
    /// higher one.
    #[must_use]
    pub fn of_flags(flags: &[String]) -> Option<Stage> {
        let mut off: Vec<Stage> = Vec::new();
        for flag in flags {
            let (_, stage) = FLAGS.iter().find(|(known, _)| known == flag)?;
            off.push(*stage);
        }
        let Some(last) = off.iter().max().copied() else {
            return Some(Stage::Full);
        };
        let compilers = [Stage::NoTurboFan, Stage::NoMaglev, Stage::NoSparkplug];
        let higher = compilers.into_iter().filter(|stage| *stage < last);
        let all_higher_are_off = higher.into_iter().all(|stage| off.contains(&stage));
        (last == Stage::Jitless || all_higher_are_off).then_some(last)
    }
}

/// A contender and its variants with fewer compilers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tiers {
    /// The contender that has all of them.
    pub of: String,
    /// The runtime of all.
    pub runtime: String,
    /// Who has which, the most compilers first; at least two.
    pub tiers: Vec<Tier>,
    /// What they are worth, one figure a metric that two tiers have a value of.
    pub figures: Vec<Figure>,
    /// Variants of the same contender that run on another runtime, which is another comparison.
    pub other_runtime: Vec<String>,
}

/// Who has which compilers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// The contender or variant.
    pub contender: String,
    /// Its stage.
    pub stage: Stage,
}

/// The tiers on one metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The metric's id.
    pub metric: String,
    /// One for each tier, in their order.
    pub rows: Vec<Row>,
}

/// A tier on a metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Whose.
    pub contender: String,
    /// Its stage.
    pub stage: Stage,
    /// Value and 95 % interval, in the metric's unit.
    pub value: Option<Range>,
    /// Launches that it rests on; 0 in evidence without launches.
    pub launches: u32,
    /// Blocks that it rests on.
    pub n: u32,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// Times the value with all compilers, with the interval that holds at 95 % for all comparisons of the figure
    /// together; none for that tier itself.
    pub to_full: Option<Change>,
    /// The same over the nearest tier before it that has a value.
    pub to_previous: Option<Change>,
}

impl Figure {
    /// Whether a tier with fewer compilers is beyond doubt the cheaper one of two neighbours or than all compilers.
    #[must_use]
    pub fn contradicts(&self) -> bool {
        let changes = self.rows.iter().flat_map(|row| [row.to_full, row.to_previous]);
        changes
            .flatten()
            .any(|change| change.direction == Direction::Better)
    }

    /// The last tier that has a value and a ratio to all compilers.
    #[must_use]
    pub fn last(&self) -> Option<&Row> {
        self.rows.iter().rev().find(|row| row.to_full.is_some())
    }
}

/// One for each contender of which the run holds two tiers or more, in the order of the run.
#[must_use]
pub fn tiers(run: &Run, judgement: &Judgement, brief: &crate::brief::Brief) -> Vec<Tiers> {
    let facts = Lookup {
        run,
        judgement,
        brief,
    };
    let bases = run.contenders.iter().filter(|record| record.variant_of.is_none());
    bases.filter_map(|base| of_contender(base, &facts)).collect()
}

fn of_contender(base: &ContenderRecord, facts: &Lookup<'_>) -> Option<Tiers> {
    if stage(base) != Some(Stage::Full) {
        return None;
    }
    let variants = facts.run.contenders.iter();
    let variants = variants.filter(|record| record.variant_of.as_deref() == Some(&base.name));
    let staged = variants.filter_map(|record| {
        let stage = stage(record).filter(|stage| *stage != Stage::Full)?;
        Some((record, stage))
    });
    let (same, other): (Vec<_>, Vec<_>) = staged.partition(|(record, _)| record.runtime == base.runtime);
    let tier = |record: &ContenderRecord, stage| Tier {
        contender: record.name.clone(),
        stage,
    };
    let mut tiers = vec![tier(base, Stage::Full)];
    tiers.extend(same.into_iter().map(|(record, stage)| tier(record, stage)));
    tiers.sort_by_key(|tier| tier.stage);
    tiers.dedup_by_key(|tier| tier.stage);
    (tiers.len() > 1).then(|| Tiers {
        of: base.name.clone(),
        runtime: base.runtime.clone(),
        figures: [COMPUTING, REQUESTS]
            .into_iter()
            .filter_map(|id| figure(id, &tiers, facts))
            .collect(),
        tiers,
        other_runtime: other.into_iter().map(|(record, _)| record.name.clone()).collect(),
    })
}

/// The stage of a record of Node.js that has no other setting; none in runs that did not record flags.
fn stage(record: &ContenderRecord) -> Option<Stage> {
    let is_node = record.family == "node";
    let flags = record.flags.as_ref().filter(|_| is_node)?;
    Stage::of_flags(flags)
}

fn figure(id: &str, tiers: &[Tier], facts: &Lookup<'_>) -> Option<Figure> {
    let metric = metric(id)?;
    let known = |name: &str| facts.estimate(name, id).filter(|one| one.estimate.is_some());
    let valued: Vec<&str> = tiers
        .iter()
        .map(|tier| tier.contender.as_str())
        .filter(|name| known(name).is_some())
        .collect();
    if valued.len() < 2 {
        return None;
    }
    // Each but the first with the first, and with the one before it; for the second that is one comparison.
    let count = 2 * (valued.len() - 1) - 1;
    let change = |than: Option<&str>, name: &str| {
        let (other, one) = (known(than?)?, known(name)?);
        within::change(metric, other, one, count, facts.judgement)
    };
    let full = tiers.first().map(|tier| tier.contender.as_str());
    let row = |tier: &Tier| {
        let name = tier.contender.as_str();
        let estimate = facts.estimate(name, id);
        let place = valued.iter().position(|valued| *valued == name);
        let previous = place.and_then(|place| Some(valued[place.checked_sub(1)?]));
        Row {
            contender: name.to_owned(),
            stage: tier.stage,
            value: estimate.and_then(|estimate| estimate.estimate),
            launches: estimate.map_or(0, |estimate| estimate.launches),
            n: estimate.map_or(0, |estimate| estimate.n),
            missing: estimate.and_then(|estimate| estimate.missing.clone()),
            to_full: change(full.filter(|full| *full != name), name),
            to_previous: change(previous, name),
        }
    };
    Some(Figure {
        metric: id.to_owned(),
        rows: tiers.iter().map(row).collect(),
    })
}

#[cfg(test)]
mod tests;
