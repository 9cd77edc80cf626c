//! `[[traffic]]`: the mix of requests. Shares are relative and need not sum to anything.

use super::reader::{Reader, Section, Within};
use crate::brief::Traffic;
use toml::Spanned;
use toml::de::DeValue;

const SHARE: Within = Within {
    holds: |v| (0.0..=1e9).contains(&v),
    words: "a number of 0 or more",
};
const EXAMPLE: &str = "[[traffic]]` with `scenario = \"read-item\"` and `share = 60";

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>, known: &[String]) -> Vec<Traffic> {
    if !reader.require(root, "traffic", EXAMPLE) {
        return Vec::new();
    }
    let Some(entries) = reader.list(
        root,
        "traffic",
        "a list of `[[traffic]]`, two brackets, one for each scenario",
    ) else {
        return Vec::new();
    };
    if entries.is_empty() {
        let span = root.table["traffic"].span();
        reader.wrong(
            span,
            "`traffic` is empty",
            format!("write for example `{EXAMPLE}`"),
        );
    }
    let read: Vec<Entry> = entries.iter().filter_map(|entry| one(reader, entry)).collect();
    let scenarios: Vec<Spanned<String>> = read.iter().filter_map(|entry| entry.scenario.clone()).collect();
    reader.all_known(
        "scenario",
        &scenarios,
        known,
        "`bakeoff list scenarios` shows all",
    );
    reader.distinct("scenario", &scenarios);
    let shares: Vec<&Spanned<f64>> = read.iter().filter_map(|entry| entry.share.as_ref()).collect();
    if let Some(first) = shares
        .first()
        .filter(|_| shares.len() == entries.len() && shares.iter().all(|share| *share.get_ref() == 0.0))
    {
        reader.wrong(
            first.span(),
            "the shares of the traffic sum to zero",
            "give at least one scenario a share above 0".to_owned(),
        );
    }
    read.into_iter()
        .filter_map(|entry| {
            Some(Traffic {
                scenario: entry.scenario?.into_inner(),
                share: entry.share?.into_inner(),
            })
        })
        .collect()
}

struct Entry {
    scenario: Option<Spanned<String>>,
    share: Option<Spanned<f64>>,
}

fn one(reader: &mut Reader<'_>, entry: &Spanned<DeValue<'_>>) -> Option<Entry> {
    let DeValue::Table(table) = entry.get_ref() else {
        return reader.not(
            "each entry of traffic",
            "a table with `scenario` and `share`",
            entry,
        );
    };
    let section = Section {
        name: "[[traffic]]".to_owned(),
        span: entry.span(),
        table,
    };
    reader.keys(&section, &["scenario", "share"]);
    reader.require(&section, "scenario", "scenario = \"read-item\"");
    reader.require(&section, "share", "share = 60");
    Some(Entry {
        scenario: reader.word(&section, "scenario"),
        share: reader.number(&section, "share", &SHARE),
    })
}
