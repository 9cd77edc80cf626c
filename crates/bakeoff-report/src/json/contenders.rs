//! The contenders of `results.json`: what each is, the work that it declares, where it stands, and what failed. Their
//! figures stand elsewhere.

use crate::document::Document;
use crate::field::{FieldRow, Standing, field};
use crate::findings;
use crate::wording;
use bakeoff_core::contender::{Class, Data, Http};
use bakeoff_core::evidence::{Fault, Part, Running, Support};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Contender<'a> {
    name: &'a str,
    title: &'a str,
    family: &'a str,
    class: Option<Class>,
    variant_of: Option<&'a str>,
    part: Part,
    language: &'a str,
    runtime: &'a str,
    /// What the runtime printed of itself; absent where it printed nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    runtime_facts: Vec<&'a str>,
    framework: &'a str,
    server: &'a str,
    /// Where it ran already, in a run of services that did.
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<&'a Running>,
    data: &'a Data,
    http: Http,
    versions: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "<[Support]>::is_empty")]
    support: &'a [Support],
    status: &'static str,
    /// From 1; none for a contender that cannot be chosen.
    rank: Option<usize>,
    faults: Vec<&'a Fault>,
    launches: usize,
    trials: usize,
}

/// Every contender in the order of the field.
pub(super) fn rows<'a>(document: &Document<'a>) -> Vec<Contender<'a>> {
    let run = document.run;
    let one = |row: FieldRow<'a>| {
        let record = row.record?;
        let trials = || {
            run.trials
                .iter()
                .filter(|trial| trial.entrant.is_contender(&record.name))
        };
        let launches = || {
            run.launches
                .iter()
                .filter(|launch| launch.entrant.is_contender(&record.name))
        };
        Some(Contender {
            name: &record.name,
            title: &record.title,
            family: &record.family,
            class: record.work.class,
            variant_of: record.variant_of.as_deref(),
            part: part(document, &record.name),
            language: &record.language,
            runtime: &record.runtime,
            runtime_facts: row.runtime_facts,
            framework: &record.framework,
            server: &record.server,
            running: record.running.as_ref(),
            data: &record.work.data,
            http: record.work.http,
            versions: &record.versions,
            support: &record.support,
            status: wording::status_id(record.status),
            rank: match row.standing {
                Standing::Ranked(rank) => Some(rank),
                Standing::Reference | Standing::Vetoed(_) | Standing::NotMeasured(_) => None,
            },
            faults: record
                .faults
                .iter()
                .chain(launches().flat_map(findings::of_launch))
                .chain(trials().flat_map(|trial| &trial.faults))
                .collect(),
            launches: launches().count(),
            trials: trials().count(),
        })
    };
    field(document).into_iter().filter_map(one).collect()
}

/// A contender's part in this judgement: who is named for it is a candidate.
fn part(document: &Document<'_>, name: &str) -> Part {
    let mut references = document.judgement.verdict.references.iter();
    if references.any(|reference| reference == name) {
        Part::Reference
    } else {
        Part::Candidate
    }
}
