//! The proofs, one row each: what is planted, and the function that plants it and reads off what the instrument says.

use super::figure::Figure;
use super::{faults, latency, scalability, streams};
use crate::interrupt::Interrupt;
use bakeoff_load::LoadError;

/// One proof.
#[derive(Debug)]
pub(crate) struct Proof {
    /// What `--only` calls it.
    pub(crate) name: &'static str,
    /// What is planted, in a line.
    pub(crate) about: &'static str,
    /// Plants it and reads off the figures.
    prove: fn(&Interrupt) -> Result<Vec<Figure>, LoadError>,
}

/// A proof and its figures.
#[derive(Debug)]
pub(crate) struct Proved {
    pub(crate) proof: &'static Proof,
    pub(crate) figures: Vec<Figure>,
    /// How often it was run: a busy machine makes latencies longer than planted, and nothing makes them shorter, so that a figure counts
    /// when one of three attempts has it.
    pub(crate) attempts: usize,
}

impl Proved {
    /// Whether every figure is within its tolerance.
    pub(crate) fn holds(&self) -> bool {
        self.figures.iter().all(Figure::holds)
    }
}

/// All proofs, in the order in which they are run.
pub(crate) const PROOFS: [Proof; 13] = [
    Proof {
        name: "latency",
        about: "every answer after 1 ms",
        prove: latency::constant,
    },
    Proof {
        name: "stall",
        about: "answers after 1 ms, then a stall that is nearly as long: the worked example of G. Tene, made short",
        prove: latency::stall,
    },
    Proof {
        name: "queue",
        about: "one connection that is asked twice as fast as it answers: response n = S + n(S − I)",
        prove: latency::queue,
    },
    Proof {
        name: "status",
        about: "one answer of five is a 500",
        prove: faults::statuses,
    },
    Proof {
        name: "body",
        about: "one answer of ten has a wrong body",
        prove: faults::bodies,
    },
    Proof {
        name: "reset",
        about: "one connection of ten is reset within the answer",
        prove: faults::resets,
    },
    Proof {
        name: "drip",
        about: "one answer of ten comes byte by byte, too slowly",
        prove: faults::drips,
    },
    Proof {
        name: "length",
        about: "one `content-length` of ten is too long, one too short",
        prove: faults::lengths,
    },
    Proof {
        name: "refusal",
        about: "every connection is closed after one answer",
        prove: faults::refusals,
    },
    Proof {
        name: "stream",
        about: "one download of ten has a wrong byte, one stands still",
        prove: streams::downloads,
    },
    Proof {
        name: "events",
        about: "one stream of events of ten leaves one out",
        prove: streams::events,
    },
    Proof {
        name: "socket",
        about: "one WebSocket of ten answers wrong, one grants what was not asked for",
        prove: streams::sockets,
    },
    Proof {
        name: "law",
        about: "rates of a known Universal Scalability Law, which is to be found in them",
        prove: scalability::law,
    },
];

impl Proof {
    /// Runs it, up to three times.
    ///
    /// # Errors
    /// The instrument cannot be started.
    pub(crate) fn run(&'static self, interrupt: &Interrupt) -> Result<Proved, LoadError> {
        const ATTEMPTS: usize = 3;
        let mut attempts = 1;
        loop {
            let proved = Proved {
                proof: self,
                figures: (self.prove)(interrupt)?,
                attempts,
            };
            if proved.holds() || attempts == ATTEMPTS || interrupt.asked() {
                return Ok(proved);
            }
            attempts += 1;
        }
    }
}

/// The end of `--help`: the proofs by name.
pub(crate) fn help() -> String {
    let mut text = "Proofs:\n".to_owned();
    for proof in &PROOFS {
        text.push_str(&format!("  {:8} {}\n", proof.name, proof.about));
    }
    text.push_str(
        "\nA figure that is off is measured again, twice at most: a busy machine makes latencies longer, and nothing makes them shorter.\n\n\
         Examples:\n  bakeoff selftest                               all proofs, less than a minute\n  bakeoff selftest --only stall --json\n  \
         bakeoff selftest --statistics                  how often planted differences are found; eight minutes\n  \
         bakeoff selftest --statistics --anew --sessions 20   every session measured anew: hours\n\n\
         Exit codes: 0 all as planted · 1 one is off · 3 the instrument cannot be started · 130 interrupted",
    );
    text
}
