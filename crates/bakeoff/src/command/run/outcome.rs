//! What a run leaves when it ends: the documents of its folder, the summary on stdout, and the exit code.

use crate::exit::{Exit, Failure};
use crate::judging::exit_of;
use crate::results::ResultsFolder;
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{Run, StopReason};
use bakeoff_core::judgement::Judgement;

/// Writes the documents of the run, and prints the summary.
///
/// # Errors
/// A document that cannot be made or written.
pub(super) fn report(
    results: &ResultsFolder,
    run: &Run,
    judgement: &Judgement,
    brief: &Brief,
) -> Result<Exit, Failure> {
    let folder = results.write(run, judgement, brief)?;
    let text = results.render("text", run, judgement, brief)?;
    say!("{}", text.trim_end());
    eprintln!("report: {}", folder.join("report.html").display());
    let way_on = if run.plan.services.is_empty() {
        "; `bakeoff run --resume` continues from here"
    } else {
        // The services may be others by then.
        ""
    };
    match &run.stop {
        Some(StopReason::Interrupted) => {
            eprintln!("interrupted: all finished launches and trials are kept{way_on}");
            Ok(Exit::Interrupted)
        }
        Some(StopReason::LabFailed(reason)) => {
            eprintln!(
                "error: {reason}\nhint: all finished launches and trials are kept{way_on}; `bakeoff doctor` lists what this machine lacks"
            );
            Ok(Exit::LabFailed)
        }
        _ => Ok(exit_of(run, judgement.verdict.outcome)),
    }
}
