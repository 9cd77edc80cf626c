//! What every document is made from. It dereferences to the look-ups of the core, so `document.title(name)` is the same
//! title as in the judgement's sentences.

use bakeoff_core::brief::Brief;
use bakeoff_core::claim::Answer;
use bakeoff_core::evidence::Run;
use bakeoff_core::judgement::Judgement;
use bakeoff_core::lookup::Lookup;
use bakeoff_core::serverless::table::Serverless;
use bakeoff_core::words::Words;
use std::ops::Deref;
use std::path::Path;

/// A run, its judgement under a brief, the brief, and the folder in which the user finds them.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    facts: Lookup<'a>,
    /// The judgement in words.
    pub words: &'a Words,
    /// The results folder, as the user writes its path.
    pub results: &'a Path,
    /// App Engine and Cloud Run, simulated; none where the brief's target is another.
    pub serverless: Option<&'a Serverless>,
    /// What people say, and what the run answers; empty where nobody asks.
    pub claims: &'a [Answer],
}

impl<'a> Document<'a> {
    /// A document of that run.
    #[must_use]
    pub const fn new(
        run: &'a Run,
        judgement: &'a Judgement,
        words: &'a Words,
        brief: &'a Brief,
        results: &'a Path,
    ) -> Self {
        Document {
            facts: Lookup {
                run,
                judgement,
                brief,
            },
            words,
            results,
            serverless: None,
            claims: &[],
        }
    }

    /// The same with what App Engine and Cloud Run would need.
    #[must_use]
    pub const fn with_serverless(self, serverless: Option<&'a Serverless>) -> Self {
        Document { serverless, ..self }
    }

    /// The same with what the run answers to claims.
    #[must_use]
    pub const fn with_claims(self, claims: &'a [Answer]) -> Self {
        Document { claims, ..self }
    }
}

impl<'a> Deref for Document<'a> {
    type Target = Lookup<'a>;

    fn deref(&self) -> &Lookup<'a> {
        &self.facts
    }
}
