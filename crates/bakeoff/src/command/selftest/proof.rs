//! The tests of the load generator, one row each: the known behaviour, and the function that starts it and compares.

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
    /// How often it was run: a busy machine makes latencies longer than planted, and nothing makes them shorter, so
    /// that a figure counts when one of three attempts has it.
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
        about: "every response after 1 ms",
        prove: latency::constant,
    },
    Proof {
        name: "stall",
        about: "responses after 1 ms for 5 s, then a stall of 5 s: the worked example of G. Tene, shortened",
        prove: latency::stall,
    },
    Proof {
        name: "queue",
        about: "one connection, requests twice as fast as its responses: response time n = S + n(S − I)",
        prove: latency::queue,
    },
    Proof {
        name: "status",
        about: "1 in 5 responses is a 500",
        prove: faults::statuses,
    },
    Proof {
        name: "body",
        about: "1 in 10 responses has a wrong body",
        prove: faults::bodies,
    },
    Proof {
        name: "reset",
        about: "1 in 10 connections is reset within the response",
        prove: faults::resets,
    },
    Proof {
        name: "drip",
        about: "1 in 10 responses arrives byte by byte, too slowly",
        prove: faults::drips,
    },
    Proof {
        name: "length",
        about: "1 in 10 `content-length` is too long, 1 in 10 too short",
        prove: faults::lengths,
    },
    Proof {
        name: "refusal",
        about: "every connection closes after one response",
        prove: faults::refusals,
    },
    Proof {
        name: "stream",
        about: "1 in 10 downloads has a wrong byte, 1 in 10 stalls",
        prove: streams::downloads,
    },
    Proof {
        name: "events",
        about: "1 in 10 event streams omits an event",
        prove: streams::events,
    },
    Proof {
        name: "socket",
        about: "1 in 10 WebSockets sends a wrong message, 1 in 10 a wrong handshake",
        prove: streams::sockets,
    },
    Proof {
        name: "law",
        about: "rates that follow a known Universal Scalability Law",
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
            if proved.holds() || attempts == ATTEMPTS || interrupt.requested() {
                return Ok(proved);
            }
            attempts += 1;
        }
    }
}

/// The end of `--help`: the tests by name.
pub(crate) fn help() -> String {
    let mut text = "Tests:\n".to_owned();
    for proof in &PROOFS {
        text.push_str(&format!("  {:8} {}\n", proof.name, proof.about));
    }
    text.push_str(
        "\nA test with a figure outside its tolerance runs again, at most twice: a busy machine makes latencies longer, and nothing makes them shorter.\n\n\
         Examples:\n  bakeoff selftest                               all tests, less than a minute\n  bakeoff selftest --only stall --json\n  \
         bakeoff selftest --statistics                  how often a comparison finds known differences; eight minutes\n  \
         bakeoff selftest --statistics --anew --sessions 20   measures every session anew: hours\n  \
         bakeoff selftest --field 4 --of node-fastify   how often a verdict separates equal contenders; half an hour\n  \
         bakeoff selftest --warm node-http,python-flask   just warmed servers against old ones; some minutes each\n  \
         bakeoff selftest --running                     how often a run tells running services apart; half a minute\n\n\
         Exit codes: 0 all within tolerance · 1 a figure is off · 3 the load generator cannot be started · 4 too noisy to tell (--warm, --running) · 130 interrupted",
    );
    text
}
