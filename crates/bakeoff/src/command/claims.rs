//! `bakeoff claims [RUN]`: what people say about the stacks of a stored run, and what the run says about that. It
//! measures nothing and stores nothing; the core settles each claim.

use crate::brief_file::beside;
use crate::domain::{Domain, claims::ledger};
use crate::exit::{Exit, Failure};
use crate::judging::Judged;
use crate::results::ResultsFolder;
use crate::store::Store;
use bakeoff_core::claim::{Answer, Claim, settle};
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::lookup::Lookup;
use bakeoff_core::words::claims::{ClaimWords, claim as in_words};
use clap::Args;
use std::path::Path;

/// Show what people say about the stacks of a stored run, and whether the run supports it
#[derive(Debug, Args)]
#[command(
    after_help = "A claim is supported, refuted, not separable (the evidence does not tell) or not tested (with what to run). A folder `claims/` beside the\n\
                        brief adds claims of your own; a run keeps them as they were when it was measured, and its report shows those.\n\n\
                        Examples:\n  bakeoff claims\n  bakeoff claims latest --only python-slower\n  bakeoff claims --json | jq '.[] | select(.verdict == \"refuted\")'"
)]
pub(crate) struct Claims {
    /// The run: its id, the first characters of it, or `latest`
    #[arg(default_value = "latest")]
    run: String,
    /// Only these claims; `bakeoff list claims` shows all
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    only: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Claims {
    /// Prints the answers.
    ///
    /// # Errors
    /// An unknown run or claim, or a claim of the user's own that cannot be read.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let store = Store::existing(&self.results.path)?;
        let Judged {
            run,
            brief,
            judgement,
        } = Judged::stored(&store, &self.run)?;
        let domain = Domain::open(beside(Some(Path::new(&run.brief_path))))?;
        let ledger = self.asked(ledger(&[&run.claims[..], &domain.own_claims].concat())?)?;
        let facts = Lookup {
            run: &run,
            judgement: &judgement,
            brief: &brief,
        };
        let answers = ledger.iter().map(|claim| settle(claim, &run, &brief, &judgement));
        let answers: Vec<(Answer, ClaimWords)> = answers
            .map(|answer| {
                let words = in_words(&answer, &facts);
                (answer, words)
            })
            .collect();
        if self.json {
            let rows: Vec<_> = answers
                .iter()
                .map(|(answer, words)| bakeoff_report::claim_row(answer, words))
                .collect();
            println!("{:#}", serde_json::json!(rows));
        } else {
            let words: Vec<&ClaimWords> = answers.iter().map(|(_, words)| words).collect();
            say!("{}", bakeoff_report::claims_in_full(&words).trim_end());
        }
        Ok(Exit::Done)
    }

    /// The claims that the user names, or all.
    fn asked(&self, ledger: Vec<Claim>) -> Result<Vec<Claim>, Failure> {
        for id in &self.only {
            if !ledger.iter().any(|claim| claim.id == *id) {
                let near = nearest(id, ledger.iter().map(|claim| claim.id.as_str()));
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                return Err(Failure::usage(
                    format!("unknown claim `{id}`"),
                    format!("{near}`bakeoff list claims` shows all"),
                ));
            }
        }
        let is_asked = |claim: &Claim| self.only.is_empty() || self.only.contains(&claim.id);
        Ok(ledger.into_iter().filter(is_asked).collect())
    }
}
