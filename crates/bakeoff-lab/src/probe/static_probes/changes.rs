//! `change_tokens` and `change_files`: what the standard changes cost in this stack, on average. Only of changes that
//! hold: a patch that breaks a case shows no price. The checks themselves run elsewhere, and are kept.

use super::subject::{Subject, counted};
use crate::change::{ChangeOutcome, ChangeSize, ChangeState};
use bakeoff_core::evidence::Observation;

/// The least value: the scale of tokens is logarithmic and has no zero.
const LEAST_TOKENS: f64 = 1.0;

pub(super) fn observe(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let outcomes = subject.changes.as_ref().map_err(Clone::clone)?;
    let sizes: Vec<&ChangeSize> = outcomes.iter().map(size_of).collect::<Result<_, String>>()?;
    if sizes.is_empty() {
        return Err("no standard change is defined".to_owned());
    }
    let mean = |of: fn(&ChangeSize) -> u64| {
        let all: u64 = sizes.iter().map(|size| of(size)).sum();
        all as f64 / sizes.len() as f64
    };
    let each = outcomes.iter().zip(&sizes);
    let each: Vec<String> = each
        .map(|(outcome, size)| format!("{}: {}", outcome.title, size.in_words()))
        .collect();
    let note = format!(
        "mean of {} changes, of which every case holds: {}",
        sizes.len(),
        each.join("; ")
    );
    let tokens = mean(|size| size.tokens).max(LEAST_TOKENS);
    Ok(vec![
        counted("change_tokens", tokens, note.clone()),
        counted("change_files", mean(|size| size.files), note),
    ])
}

/// What a change costs that holds, or why that is not known.
fn size_of(outcome: &ChangeOutcome) -> Result<&ChangeSize, String> {
    let id = &outcome.id;
    match (&outcome.state, &outcome.size) {
        (ChangeState::Holds { .. }, Some(size)) => Ok(size),
        (ChangeState::Broken { reason, .. }, _) => Err(format!("its change `{id}` does not hold: {reason}")),
        (ChangeState::NotChecked { reason }, _) => {
            Err(format!("its change `{id}` was not checked: {reason}"))
        }
        (ChangeState::Missing | ChangeState::Holds { .. }, _) => Err(format!("it has no `{id}.patch`")),
    }
}

#[cfg(test)]
mod tests {
    use super::{observe, size_of};
    use crate::change::{ChangeOutcome, ChangeSize, ChangeState};
    use crate::probe::static_probes::subject::Subject;
    use bakeoff_core::brief::{self, Vocabulary};
    use bakeoff_core::contender;
    use std::path::Path;

    const BRIEF: &str = "name = \"x\"\n[load]\npeak_rps = 1\nslo = { p99_ms = 50 }\n[[traffic]]\nscenario = \"json\"\nshare = 1\n";

    const MANIFEST: &str = "name = \"x\"\ntitle = \"X\"\nfamily = \"python\"\nlanguage = \"python\"\nserver = \"x\"\n\
        homepage = \"https://example.org\"\nmodel = { concurrency = \"threads\", style = \"sync\" }\n\
        [runtime]\nname = \"python\"\nversion = \">=3.11\"\n[prepare]\ncommands = []\n\
        [start]\ncommand = [\"{python}\", \"app.py\"]\n[source]\nfiles = [\"app.py\"]\n";

    fn change(id: &str, tokens: u64, files: u64, state: ChangeState) -> ChangeOutcome {
        ChangeOutcome {
            id: id.to_owned(),
            title: id.to_uppercase(),
            size: Some(ChangeSize {
                tokens,
                files,
                packages: Vec::new(),
            }),
            state,
        }
    }

    /// The values of both metrics, and the note.
    fn observed(changes: Result<Vec<ChangeOutcome>, String>) -> Result<(f64, f64, String), String> {
        let vocabulary = Vocabulary {
            scenarios: vec!["json".to_owned()],
            contenders: Vec::new(),
            needs: Vec::new(),
        };
        let found = observe(&Subject {
            contender: &contender::parse(MANIFEST, "contender.toml").unwrap(),
            source_dir: Path::new("/nowhere"),
            prepared_dir: Path::new("/nowhere"),
            brief: &brief::parse(BRIEF, "x.toml", &vocabulary).unwrap(),
            changes: &changes,
            browser: &Err("not visited".to_owned()),
        })?;
        let [tokens, files] = &found[..] else {
            panic!("{found:?}");
        };
        Ok((tokens.value, files.value, tokens.note.clone().unwrap()))
    }

    const HOLDS: ChangeState = ChangeState::Holds { cases: 9 };

    #[test]
    fn the_value_is_the_mean_and_an_empty_patch_counts_nothing() {
        let changes = vec![change("cors", 30, 2, HOLDS), change("openapi", 0, 0, HOLDS)];
        let note = "mean of 2 changes, of which every case holds: CORS: 30 tokens in 2 files; OPENAPI: 0 tokens in 0 files";
        assert_eq!(observed(Ok(changes)), Ok((15.0, 1.0, note.to_owned())));
    }

    #[test]
    fn without_every_change_there_is_no_evidence() {
        let broken = ChangeState::Broken {
            reason: "breaks 1 of 9 cases: `cors`, a preflight is granted".to_owned(),
            details: Vec::new(),
        };
        let changes = vec![change("openapi", 1, 1, HOLDS), change("cors", 3, 1, broken)];
        let expected = "its change `cors` does not hold: breaks 1 of 9 cases: `cors`, a preflight is granted";
        assert_eq!(observed(Ok(changes)), Err(expected.to_owned()));
        assert_eq!(observed(Err("why".to_owned())), Err("why".to_owned()));
        let missing = change("cors", 0, 0, ChangeState::Missing);
        assert_eq!(size_of(&missing), Err("it has no `cors.patch`".to_owned()));
    }
}
