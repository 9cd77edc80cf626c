//! `http_conformance`: the share of requirements of the HTTP, URI and JSON standards that a running contender meets. A
//! row says what is required; its requests are drawn by the trial's seed, so that no program can be written for them.
//! The probe judges no taste: where a standard allows several responses, each of them is right.

mod answer;
mod client;
mod connection;
mod draw;
mod fields;
mod framing;
mod hostile;
mod json;
mod kind;
mod messages;
mod methods;
mod request;
mod service;
#[cfg(test)]
mod tests;
mod unmet;

pub use kind::ConformanceKind;

use crate::probe::kit::{Context, NoEvidence};
use bakeoff_core::evidence::Observation;
use bakeoff_load::Target;
use client::Client;
use draw::Draw;
use service::Service;
use std::time::Duration;
use unmet::Unmet;

/// The longest wait for one response.
const WAIT: Duration = Duration::from_secs(2);

/// The same for a server that has let several requests wait that long.
const SHORT_WAIT: Duration = Duration::from_millis(250);

/// The number of waits after which the shorter one applies.
const MOST_WAITS: usize = 5;

/// All kinds, by standard.
pub fn conformance_kinds() -> impl Iterator<Item = &'static ConformanceKind> {
    [
        methods::KINDS,
        fields::KINDS,
        messages::KINDS,
        framing::KINDS,
        json::KINDS,
        hostile::KINDS,
    ]
    .into_iter()
    .flatten()
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let source = &context.prepared.contender.source;
    let scenarios = context.lab.config.scenarios.values();
    // The requirements concern routes that hold the shipped contract's rules.
    let served = scenarios.filter(|scenario| scenario.common_rules && !source.lacks(&scenario.id));
    let service = Service::new(served);
    let mut tally = Tally::default();
    for kind in conformance_kinds() {
        if context.lab.interrupted() {
            return Err("interrupted".into());
        }
        tally.ask(kind, &service, context.server.target(), context.seed);
    }
    // Some of the requests have created items.
    let restored = context.server.restore_rows(context.lab);
    restored.map_err(|fault| fault.message)?;
    if tally.asked == 0 {
        return Err("the contender serves nothing that a requirement is about".into());
    }
    Ok(vec![tally.observation()])
}

/// What came of all kinds so far.
#[derive(Debug, Default)]
struct Tally {
    asked: usize,
    /// Title and what came.
    wrong: Vec<(&'static str, String)>,
    /// Requests without a response in time.
    waits: usize,
}

impl Tally {
    /// Sends one kind's requests, unless the contender does not serve what it is about. A server that serves no more
    /// afterwards has it wrong.
    fn ask(&mut self, kind: &'static ConformanceKind, service: &Service<'_>, target: &Target, seed: u64) {
        if !kind.scenarios.iter().all(|scenario| service.serves(scenario)) {
            return;
        }
        let wait = if self.waits < MOST_WAITS { WAIT } else { SHORT_WAIT };
        let mut client = Client::new(service, target, Draw::new(seed, kind.id), wait);
        let came = match ((kind.ask)(&mut client), client.is_healthy()) {
            (Err(Unmet::NotOffered), Ok(())) => return,
            (Ok(()), Ok(())) => None,
            (Ok(()) | Err(Unmet::NotOffered), Err(unmet)) | (Err(unmet), _) => Some(unmet),
        };
        self.asked += 1;
        match came {
            Some(Unmet::Late(came)) => {
                self.waits += 1;
                self.wrong.push((kind.title, came));
            }
            Some(Unmet::Wrong(came)) => self.wrong.push((kind.title, came)),
            Some(Unmet::NotOffered) | None => {}
        }
    }

    fn observation(&self) -> Observation {
        let right = self.asked - self.wrong.len();
        Observation {
            note: Some(self.note()),
            ..Observation::new("http_conformance", right as f64 / self.asked as f64)
        }
    }

    fn note(&self) -> String {
        let wrong: Vec<String> = self
            .wrong
            .iter()
            .map(|(title, came)| format!("{title}: {came}"))
            .collect();
        if wrong.is_empty() {
            format!("all {} requirements are met", self.asked)
        } else {
            format!("{} of {} wrong. {}", wrong.len(), self.asked, wrong.join("; "))
        }
    }
}
