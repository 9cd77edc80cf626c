//! Settles a claim by a run: pure, from the run and its judgement. It has no statistic of its own: values are compared
//! as two runs are, launch by launch, by [`crate::compare`]. A contender of which less was measured than a verdict
//! needs settles nothing.

use super::answer::{Answer, Fits, Holder, Lack, Pair, Reached, Tested, Verdict};
use super::{Against, Claim, Documented, Relation, Rule, Side, Test};
use crate::brief::Brief;
use crate::compare::{Change, Direction, within};
use crate::evidence::{ContenderRecord, Extent, Part, Reach, Run, Runs};
use crate::judgement::{Judgement, MetricEstimate};
use crate::lookup::Lookup;
use crate::metric::{Better, Exposure, Metric, metric};
use crate::range::Range;

/// What a run answers to a claim.
#[must_use]
pub fn settle(claim: &Claim, run: &Run, brief: &Brief, judgement: &Judgement) -> Answer {
    let facts = Lookup {
        run,
        judgement,
        brief,
    };
    let tests: Vec<Tested> = claim.tests.iter().map(|test| tested(test, &facts)).collect();
    let deciding = tests
        .iter()
        .filter(|tested| tested.test.role == super::Role::Decides);
    Answer {
        claim: claim.clone(),
        verdict: Verdict::of_all(deciding.map(|tested| tested.verdict)),
        tests,
    }
}

fn tested(test: &Test, facts: &Lookup<'_>) -> Tested {
    let mut found = Tested {
        test: test.clone(),
        verdict: Verdict::NotTested,
        pairs: Vec::new(),
        documented: Vec::new(),
        lacks: Vec::new(),
    };
    let fits: Vec<Fits> = match &test.rule {
        Rule::Compare {
            metric: id,
            of,
            is,
            than,
        } => {
            let Some(metric) = metric(id) else { return found };
            compare(&mut found, metric, of, than, *is, facts);
            found.pairs.iter().map(|pair| pair.fits).collect()
        }
        Rule::Documented { target, of, is } => {
            look_up(&mut found, target, of, *is, facts);
            found.documented.iter().map(|reached| reached.fits).collect()
        }
    };
    found.verdict = of_pairs(&fits);
    found
}

/// A general sentence holds when most comparisons hold and none is the other way round; one that is refutes it.
fn of_pairs(all: &[Fits]) -> Verdict {
    let holds = all.iter().filter(|fits| **fits == Fits::Holds).count();
    if all.is_empty() {
        Verdict::NotTested
    } else if all.contains(&Fits::Breaks) {
        Verdict::Refuted
    } else if 2 * holds > all.len() {
        Verdict::Supported
    } else {
        Verdict::NotSeparable
    }
}

fn compare(
    found: &mut Tested,
    metric: &'static Metric,
    of: &Side,
    than: &Against,
    is: Relation,
    facts: &Lookup<'_>,
) {
    let ones = values(found, metric, of, facts);
    match than {
        Against::Side(side) => {
            let others = values(found, metric, side, facts);
            let pairs: Vec<_> = ones
                .iter()
                .flat_map(|one| others.iter().map(move |other| (*one, *other)))
                .filter(|(one, other)| one.contender != other.contender)
                .collect();
            let count = pairs.len();
            for (one, other) in pairs {
                match within::change(metric, other, one, count, facts.judgement) {
                    Some(change) => found
                        .pairs
                        .push(pair(metric, one, Some(other), None, (change, is))),
                    None => found.lacks.push(no_ratio(one, metric)),
                }
            }
        }
        Against::Value(_) | Against::PerCore(_) | Against::ServiceLevel(_) => {
            let limit = limit(than, facts.brief);
            for one in &ones {
                match within::change_from(metric, limit, one, ones.len()) {
                    Some(change) => found
                        .pairs
                        .push(pair(metric, one, None, Some(limit), (change, is))),
                    None => found.lacks.push(no_ratio(one, metric)),
                }
            }
        }
    }
}

/// The value of the claim, in the metric's unit.
fn limit(than: &Against, brief: &Brief) -> f64 {
    match than {
        Against::Side(_) => f64::NAN,
        Against::Value(value) => *value,
        Against::PerCore(value) => value * f64::from(brief.load.cores),
        Against::ServiceLevel(times) => times * brief.load.slo.p99_ms,
    }
}

fn pair(
    metric: &Metric,
    one: &MetricEstimate,
    other: Option<&MetricEstimate>,
    limit: Option<f64>,
    (change, is): (Change, Relation),
) -> Pair {
    Pair {
        of: holder(one),
        than: other.map(holder),
        limit,
        fits: fits(metric, change.direction, is),
        change,
    }
}

fn fits(metric: &Metric, went: Direction, is: Relation) -> Fits {
    let up = match (went, metric.better) {
        (Direction::Same, _) => return Fits::Open,
        (Direction::Better, Better::Higher) | (Direction::Worse, Better::Lower) => Relation::Higher,
        (Direction::Better, Better::Lower) | (Direction::Worse, Better::Higher) => Relation::Lower,
    };
    if up == is { Fits::Holds } else { Fits::Breaks }
}

fn holder(estimate: &MetricEstimate) -> Holder {
    const NOTHING: Range = Range {
        value: 0.0,
        low: 0.0,
        high: 0.0,
    };
    Holder {
        contender: estimate.contender.clone(),
        value: estimate.estimate.unwrap_or(NOTHING),
        n: estimate.n,
        launches: estimate.launches,
    }
}

fn no_ratio(estimate: &MetricEstimate, metric: &Metric) -> Lack {
    Lack::NoRatio {
        contender: estimate.contender.clone(),
        metric: metric.id.to_owned(),
    }
}

/// The estimates of that side; who has none is a lack.
fn values<'a>(
    found: &mut Tested,
    metric: &Metric,
    side: &Side,
    facts: &Lookup<'a>,
) -> Vec<&'a MetricEstimate> {
    let mut values = Vec::new();
    for record in members(found, side, facts) {
        match facts.estimate(&record.name, metric.id) {
            Some(estimate) if estimate.estimate.is_some() => {
                match too_little(record, metric, estimate, facts) {
                    Some(lack) => found.lacks.push(lack),
                    None => values.push(estimate),
                }
            }
            other => found.lacks.push(Lack::NoValue {
                contender: record.name.clone(),
                metric: metric.id.to_owned(),
                why: other.and_then(|estimate| estimate.missing.clone()),
            }),
        }
    }
    values
}

/// The lack of a value of a contender of which less was measured than a verdict needs. What is counted or read needs no
/// launch, and the interval of what a probe observed once has its repeatability.
fn too_little(
    record: &ContenderRecord,
    metric: &Metric,
    estimate: &MetricEstimate,
    facts: &Lookup<'_>,
) -> Option<Lack> {
    let is_counted = match metric.exposure {
        Exposure::InstallTime => true,
        Exposure::Fixed => estimate.launches == 0,
        _ => false,
    };
    if is_counted {
        return None;
    }
    let needed = match &record.running {
        Some(_) => Extent::NEEDED_OF_RUNNING,
        None => Extent::NEEDED,
    };
    let has = facts.run.extent(&record.name);
    (!has.reaches(needed)).then(|| Lack::TooLittle {
        contender: record.name.clone(),
        has,
        needed,
    })
}

/// The contenders of that side; one that the run does not have is a lack.
fn members<'a>(found: &mut Tested, side: &Side, facts: &Lookup<'a>) -> Vec<&'a ContenderRecord> {
    match side {
        Side::Contenders(names) => {
            let (known, unknown): (Vec<&String>, Vec<&String>) =
                names.iter().partition(|name| facts.record(name).is_some());
            let lacks = unknown.into_iter().map(|name| Lack::NoContender {
                contender: name.clone(),
            });
            found.lacks.extend(lacks);
            known.into_iter().filter_map(|name| facts.record(name)).collect()
        }
        Side::Family(family) => {
            let members = of_family(family, facts);
            if members.is_empty() {
                found.lacks.push(Lack::NoFamily {
                    family: family.clone(),
                });
            }
            members
        }
    }
}

fn of_family<'a>(family: &str, facts: &Lookup<'a>) -> Vec<&'a ContenderRecord> {
    let of = |part: Part| -> Vec<&'a ContenderRecord> {
        let records = facts.run.contenders.iter();
        records
            .filter(|record| record.family == family && record.variant_of.is_none() && record.part == part)
            .collect()
    };
    let candidates = of(Part::Candidate);
    if candidates.is_empty() {
        of(Part::Reference)
    } else {
        candidates
    }
}

fn look_up(found: &mut Tested, target: &str, side: &Side, is: Documented, facts: &Lookup<'_>) {
    for record in members(found, side, facts) {
        match record.reach.iter().find(|reach| reach.target == target) {
            Some(reach) => found.documented.push(Reached {
                contender: record.name.clone(),
                reach: reach.clone(),
                fits: documented(reach, is),
            }),
            None => found.lacks.push(Lack::NotDocumented {
                contender: record.name.clone(),
                target: target.to_owned(),
            }),
        }
    }
}

fn documented(reach: &Reach, is: Documented) -> Fits {
    match (reach.runs, is) {
        (Runs::Partial, _) => Fits::Open,
        (Runs::Yes, Documented::Yes) | (Runs::No, Documented::No) => Fits::Holds,
        (Runs::Yes, Documented::No) | (Runs::No, Documented::Yes) => Fits::Breaks,
    }
}
