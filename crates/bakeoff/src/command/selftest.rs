//! `bakeoff selftest`: measures fake servers whose behaviour is known exactly, and prints the known value beside the
//! measured one. A figure outside its tolerance means that measurements here and now are unreliable; it does not find
//! the reason.

mod example;
mod faults;
mod field;
mod figure;
mod latency;
mod proof;
mod running;
mod scalability;
mod stage;
mod statistics;
mod streams;
mod warm;

use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use bakeoff_core::words::table;
use clap::Args;
use clap::builder::PossibleValuesParser;
use figure::Figure;
use proof::{PROOFS, Proof, Proved};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Measure fake servers with known results and compare
#[derive(Debug, Args)]
#[command(after_help = proof::help())]
pub(crate) struct Selftest {
    /// Run only this test; repeatable
    #[arg(long, value_name = "NAME", conflicts_with = "statistics", value_parser = PossibleValuesParser::new(PROOFS.iter().map(|proof| proof.name)), hide_possible_values = true)]
    only: Vec<String>,
    /// The brief of --field and --warm [default: the example brief `order-api`]
    #[arg(long, value_name = "BRIEF")]
    brief: Option<PathBuf>,
    #[command(flatten)]
    field: field::FieldOfCopies,
    #[command(flatten)]
    warm: warm::WarmServers,
    #[command(flatten)]
    running: running::RunningServers,
    #[command(flatten)]
    statistics: statistics::Statistics,
}

impl Selftest {
    /// Runs the proofs and prints known and measured values.
    ///
    /// # Errors
    /// A fake server or a load cannot be started.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let brief = self.brief.as_deref();
        let of_copies = self.field.run(brief, &self.statistics);
        let of_warm = || self.warm.run(brief, &self.statistics);
        let of_running = || self.running.run(self.statistics.seed, self.statistics.json);
        let done = of_copies.or_else(of_warm).or_else(of_running);
        if let Some(done) = done.or_else(|| self.statistics.run()) {
            return done;
        }
        let interrupt = Interrupt::listen()?;
        let chosen = PROOFS
            .iter()
            .filter(|proof| self.only.is_empty() || self.only.iter().any(|name| name == proof.name));
        let mut proved = Vec::new();
        for proof in chosen {
            if interrupt.requested() {
                break;
            }
            eprintln!("{} … {}", proof.name, proof.about);
            let result = proof.run(&interrupt);
            proved.push(result.map_err(|reason| {
                Failure::lab(
                    format!("`{}`: {reason}", proof.name),
                    "`bakeoff doctor` lists what this machine can do",
                )
            })?);
        }
        if self.statistics.json {
            println!("{:#}", json(&proved));
        } else {
            say!("{}", text(&proved));
        }
        Ok(match proved.iter().all(Proved::holds) {
            _ if interrupt.requested() => Exit::Interrupted,
            true => Exit::Done,
            false => Exit::LimitFailed,
        })
    }
}

fn text(proved: &[Proved]) -> String {
    let rows: Vec<Vec<String>> = proved
        .iter()
        .flat_map(|proved| proved.figures.iter().map(move |figure| row(proved.proof, figure)))
        .collect();
    let header = ["test", "figure", "known", "measured", "tolerance", ""];
    let figures = proved.iter().flat_map(|proved| &proved.figures);
    let off = figures.filter(|figure| !figure.holds()).count();
    let last = match off {
        0 => format!("{} figures, all within tolerance", rows.len()),
        off => format!(
            "{off} of {} figures are OFF: measurements here and now are unreliable",
            rows.len()
        ),
    };
    format!("{}\n\n{last}", table::aligned(&header, &rows))
}

fn row(proof: &Proof, figure: &Figure) -> Vec<String> {
    std::iter::once(proof.name.to_owned())
        .chain(figure.row())
        .collect()
}

/// Schema 1; additions only.
fn json(proved: &[Proved]) -> Value {
    let figures: Vec<Value> = proved
        .iter()
        .flat_map(|proved| {
            proved.figures.iter().map(move |figure| {
                json!({
                    "proof": proved.proof.name,
                    "figure": figure.name,
                    "unit": figure.unit,
                    "planted": figure.planted,
                    "reported": figure.reported,
                    "below": figure.below,
                    "above": figure.above,
                    "attempts": proved.attempts,
                    "ok": figure.holds(),
                })
            })
        })
        .collect();
    json!({ "schema": 1, "ok": proved.iter().all(Proved::holds), "figures": figures })
}

#[cfg(test)]
mod tests {
    use super::figure::Figure;
    use super::proof::{PROOFS, Proved};
    use super::{json, text};

    fn proved(reported: f64) -> Proved {
        Proved {
            proof: &PROOFS[0],
            figures: vec![Figure::near("p50", "ms", 1.0, reported, 0.1)],
            attempts: 1,
        }
    }

    #[test]
    fn the_known_value_is_beside_the_measured_one() {
        insta::assert_snapshot!(text(&[proved(1.0421), proved(1.2)]), @r"
        test     figure  known  measured  tolerance
        latency  p50     1 ms   1.042 ms  ±0.1 ms    ok
        latency  p50     1 ms   1.2 ms    ±0.1 ms    OFF

        1 of 2 figures are OFF: measurements here and now are unreliable
        ");
        let off = json(&[proved(1.2)]);
        assert_eq!(
            (&off["ok"], &off["figures"][0]["ok"]),
            (&false.into(), &false.into())
        );
        assert_eq!(json(&[proved(1.0)])["ok"], true);
    }

    #[test]
    fn proofs_have_names_of_their_own() {
        for (at, proof) in PROOFS.iter().enumerate() {
            assert!(
                PROOFS[..at].iter().all(|other| other.name != proof.name),
                "{}",
                proof.name
            );
        }
    }
}
