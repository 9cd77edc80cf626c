//! Findings: faults in plain words, whose they are, with the log's last lines; cautions by kind. Deliberately also the
//! lab's own faults: a reader must see what the instrument did wrong.

use super::mark::{Marks, Named};
use super::prose::Prose;
use crate::document::Document;
use crate::{findings, wording};
use askama::Template;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Owner;
use bakeoff_core::metric::metric;
use bakeoff_core::words::state;

#[derive(Template)]
#[template(path = "findings.html")]
pub(super) struct Findings {
    faults: Vec<FaultRow>,
    cautions: Vec<CautionRow>,
}

impl askama::filters::HtmlSafe for Findings {}

struct FaultRow {
    named: Named,
    owner: &'static str,
    class: &'static str,
    stage: String,
    message: Prose,
    blocks: String,
    log: String,
    lines: String,
}

struct CautionRow {
    id: &'static str,
    example: String,
    count: String,
    weakens: Vec<(Named, String)>,
}

impl Findings {
    pub(super) fn of(document: &Document<'_>, marks: &Marks) -> Self {
        Findings {
            faults: findings::faults(document)
                .iter()
                .map(|finding| fault(document, marks, finding))
                .collect(),
            cautions: findings::cautions(document)
                .iter()
                .map(|group| caution(marks, group))
                .collect(),
        }
    }
}

fn fault(document: &Document<'_>, marks: &Marks, finding: &findings::Finding<'_>) -> FaultRow {
    let fault = finding.fault;
    let blocks: Vec<String> = finding
        .blocks
        .iter()
        .map(|block| (block + 1).to_string())
        .collect();
    FaultRow {
        named: named(document, marks, &finding.entrant),
        owner: state::owner(fault.owner),
        class: match fault.owner {
            Owner::Contender => "contender",
            Owner::Lab => "lab",
            Owner::User => "user",
        },
        stage: fault.at.to_string(),
        message: Prose::of(&fault.message),
        blocks: match blocks.as_slice() {
            [] => String::new(),
            [one] => format!("in block {one}"),
            many => format!("in blocks {}", many.join(", ")),
        },
        lines: wording::plural(fault.log.len(), "last line"),
        log: fault.log.join("\n"),
    }
}

fn caution(marks: &Marks, group: &findings::CautionGroup<'_>) -> CautionRow {
    let title = |id: &&str| metric(id).map_or((*id).to_owned(), |row| row.title.to_lowercase());
    let row = |(name, metrics): (&&str, &Vec<&str>)| {
        (
            Named::of(marks, name),
            metrics.iter().map(title).collect::<Vec<_>>().join(", "),
        )
    };
    CautionRow {
        id: group.id,
        example: group.example.clone(),
        count: wording::plural(group.count(), "number"),
        weakens: group.weakens.iter().map(row).collect(),
    }
}

/// Who ran, as a page shows it; the twin has its contender's mark and a title of its own.
pub(super) fn named(document: &Document<'_>, marks: &Marks, entrant: &Entrant) -> Named {
    Named {
        title: document.entrant_title(entrant),
        ..Named::of(marks, entrant.name())
    }
}
