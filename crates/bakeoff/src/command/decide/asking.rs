//! `bakeoff decide RUN --ask`: the interview about priorities with a stored run, so that the user sees the effect of
//! each answer on the verdict. It measures nothing.

use crate::exit::Failure;
use crate::interview::interview;
use bakeoff_core::brief::{Brief, Preferences};
use bakeoff_core::evidence::Run;
use bakeoff_core::judge::{JudgeOptions, judge};
use bakeoff_core::words::words;
use std::io;

/// Interviews on stdin, a terminal or a pipe.
pub(super) fn ask(run: &Run, brief: &Brief, options: &JudgeOptions) -> Result<Preferences, Failure> {
    let mut chosen = None;
    let mut effect = |preferences: &Preferences| {
        let judgement = judge(run, brief, preferences, options);
        let answer = words(run, brief, &judgement).answer;
        let before = chosen.replace(judgement.verdict.choice.clone());
        match before {
            Some(before) if before != judgement.verdict.choice => {
                format!("this changes the leader: {answer}")
            }
            _ => answer,
        }
    };
    eprintln!("With no priorities: {}", effect(&Preferences::default()));
    interview(brief, run.host.cores, &mut io::stdin().lock(), effect)
}
