//! What people say, and how the article came about: the claims with their answers, the method, the commands that repeat
//! it, and what it does not show.

use super::criteria;
use super::story::{Story, paragraph};
use crate::adr::markdown::{code, inline};
use crate::{claims, commands, findings, wording};
use bakeoff_core::words::number;

/// The claims.
pub(super) fn claims(story: &Story<'_, '_>) -> String {
    let words = claims::words(story.document);
    if words.is_empty() {
        return String::new();
    }
    let mut text = "## What people say\n\n".to_owned();
    text.push_str(&paragraph(
        "Sentences that comparisons repeat, and what this run says about each. A sentence about two families is supported \
         when most pairs of their stacks are apart as it says and none is the other way round, at 95 % for all pairs together.",
    ));
    for claim in &words {
        let mut sentences: Vec<String> = claim.because.clone();
        sentences.extend(
            claim
                .beside
                .iter()
                .map(|sentence| format!("Beside it: {sentence}")),
        );
        sentences.push(claim.limits.clone());
        sentences.push(claim.settle.clone());
        sentences.retain(|sentence| !sentence.is_empty());
        text.push_str(&paragraph(&format!(
            "**“{}”: {}.** {} *(Said: {}.)*",
            inline(&claim.sentence),
            claim.verdict,
            inline(&sentences.join(" ")),
            inline(&claim.said.join("; "))
        )));
    }
    text
}

/// How it was measured, and what it does not show.
pub(super) fn method(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let run = document.run;
    let host = &run.host;
    let mut text = "## How it was measured, and what it does not show\n\n".to_owned();
    text.push_str(&paragraph(&format!(
        "Run {}, {}, by bakeoff {}: {}, seed {}; it stopped because {}. The machine: {}, {}, {} MB of memory, {}; {}. Runtimes: {}.",
        code(&run.id),
        wording::minute(&run.started),
        inline(&run.version),
        wording::extent(run),
        run.plan.seed,
        inline(&wording::stop(run.stop.as_ref())),
        inline(&host.cpu),
        number::count(host.cores as usize, "processor"),
        number::grouped(host.memory_mb),
        inline(&host.os),
        inline(&host.database),
        inline(&number::list(&wording::runtimes(run)))
    )));
    text.push_str("```sh\n");
    text.push_str(&format!("{}\n", commands::repeat(document)));
    text.push_str(&format!(
        "bakeoff report {} --format article\n",
        commands::shell_word(&run.id)
    ));
    text.push_str(&format!(
        "bakeoff report {} --format csv\n```\n\n",
        commands::shell_word(&run.id)
    ));
    text.push_str(&paragraph(
        "The first command measures again, the second writes this article from the stored run to the byte, the third lists \
         every observation behind its numbers.",
    ));
    let cautions = findings::cautions(document);
    let kinds: Vec<String> = cautions
        .iter()
        .map(|group| format!("{} ({})", code(group.id), number::count(group.count(), "number")))
        .collect();
    if !kinds.is_empty() {
        text.push_str(&paragraph(&format!(
            "Some numbers carry a caution, which {} explains: {}.",
            code("bakeoff explain WORD"),
            number::list(&kinds)
        )));
    }
    text.push_str(&criteria::sources(story));
    text.push_str(&paragraph(
        "It is one machine, one brief and one day. Another mix of requests, more processors or another version of a framework \
         can give another answer: measure yours. Nobody was timed while learning a stack, and the size of a community was not \
         counted.",
    ));
    text
}
