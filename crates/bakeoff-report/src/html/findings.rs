//! Findings: each fault in plain words with its owner and the last lines of the log, then cautions by kind. Faults of
//! the lab are here too: a reader must see where the instrument itself failed.

use super::palette::{Named, Palette};
use super::prose::Prose;
use crate::document::Document;
use crate::findings;
use askama::Template;
use bakeoff_core::evidence::Owner;
use bakeoff_core::metric::metric;
use bakeoff_core::words::{number, state};

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
    /// The blocks or launches in which it occurred.
    when: String,
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
    pub(super) fn of(document: &Document<'_>, palette: &Palette) -> Self {
        Findings {
            faults: findings::faults(document)
                .iter()
                .map(|finding| fault(document, palette, finding))
                .collect(),
            cautions: findings::cautions(document)
                .iter()
                .map(|group| caution(palette, group))
                .collect(),
        }
    }
}

fn fault(document: &Document<'_>, palette: &Palette, finding: &findings::Finding<'_>) -> FaultRow {
    let fault = finding.fault;
    let blocks = finding.blocks.iter().map(|block| *block as usize + 1);
    let when = [
        numbered("launch", "launches", finding.launches.iter().copied()),
        numbered("block", "blocks", blocks),
    ];
    FaultRow {
        named: Named::of_entrant(document, palette, &finding.entrant),
        owner: state::owner(fault.owner),
        class: match fault.owner {
            Owner::Contender => "contender",
            Owner::Lab => "lab",
            Owner::User => "user",
        },
        stage: fault.at.to_string(),
        message: Prose::of(&fault.message),
        when: when.into_iter().flatten().collect::<Vec<_>>().join(", "),
        lines: number::count(fault.log.len(), "last line"),
        log: fault.log.join("\n"),
    }
}

/// `in block 3`, `in launches 1, 2`; none without a number.
fn numbered(one: &str, many: &str, numbers: impl Iterator<Item = usize>) -> Option<String> {
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    match numbers.as_slice() {
        [] => None,
        [number] => Some(format!("in {one} {number}")),
        numbers => Some(format!("in {many} {}", numbers.join(", "))),
    }
}

fn caution(palette: &Palette, group: &findings::CautionGroup<'_>) -> CautionRow {
    let title = |id: &&str| metric(id).map_or((*id).to_owned(), |row| row.title.to_lowercase());
    let row = |(name, metrics): (&&str, &Vec<&str>)| {
        (
            Named::of(palette, name),
            metrics.iter().map(title).collect::<Vec<_>>().join(", "),
        )
    };
    CautionRow {
        id: group.id,
        example: group.example.clone(),
        count: number::count(group.count(), "number"),
        weakens: group.weakens.iter().map(row).collect(),
    }
}
