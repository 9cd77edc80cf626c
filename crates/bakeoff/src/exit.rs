//! The exit codes of the program, and the errors that lead to them. No other file knows the numbers.

use bakeoff_core::diagnostic::Diagnostic;
use bakeoff_lab::LabError;
use std::fmt;
use std::path::Path;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done.
    Done,
    /// 1: a limit or a comparison failed.
    LimitFailed,
    /// 2: a bad brief, or bad usage.
    Usage,
    /// 3: the lab failed; the evidence is kept.
    LabFailed,
    /// 4: not decided, because too little was measured.
    Undecided,
    /// 130: interrupted; the evidence is kept.
    Interrupted,
}

impl Exit {
    /// The exit codes in `bakeoff --help`.
    pub(crate) const HELP: &str = "Exit codes: 0 done, also when the answer is to keep both or that none fits · 1 a limit or comparison failed · \
                            2 bad brief or usage · 3 the lab failed (evidence kept) · 4 not decided: too little was measured · \
                            130 interrupted (evidence kept)";

    /// The number for the shell.
    #[must_use]
    pub(crate) const fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::LimitFailed => 1,
            Exit::Usage => 2,
            Exit::LabFailed => 3,
            Exit::Undecided => 4,
            Exit::Interrupted => 130,
        }
    }
}

/// An error that ends the program, with its exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// The text for stderr, `error: …` included.
    pub(crate) text: String,
}

impl Failure {
    /// An error in the user's input: message and hint.
    #[must_use]
    pub(crate) fn usage(message: impl fmt::Display, hint: impl fmt::Display) -> Failure {
        Failure {
            exit: Exit::Usage,
            text: format!("error: {message}\nhint: {hint}"),
        }
    }

    /// A failure of the machine or of a service: message and hint.
    #[must_use]
    pub(crate) fn lab(message: impl fmt::Display, hint: impl fmt::Display) -> Failure {
        Failure {
            exit: Exit::LabFailed,
            text: format!("error: {message}\nhint: {hint}"),
        }
    }

    /// What a lab could not do, or the user's interrupt of it.
    #[must_use]
    pub(crate) fn of_lab(error: LabError) -> Failure {
        match error {
            LabError::Interrupted => Failure::interrupted(),
            other => Failure::lab(other, "`bakeoff doctor` lists what this machine lacks"),
        }
    }

    /// The store at `path` cannot be opened, read or written; `what` is what cannot be done with it.
    #[must_use]
    pub(crate) fn store(path: &Path, what: &str, error: &dyn fmt::Display) -> Failure {
        Failure::lab(
            format!("the store `{}` {what}: {error}", path.display()),
            "everything stored so far is kept, and `bakeoff run BRIEF --resume` continues from there; is the disk full, or the folder not writable?",
        )
    }

    /// The user interrupted before there was a run.
    #[must_use]
    pub(crate) fn interrupted() -> Failure {
        Failure {
            exit: Exit::Interrupted,
            text: "interrupted; what was installed is kept, and the same command goes on from there"
                .to_owned(),
        }
    }

    /// Errors of a document, with their places.
    #[must_use]
    pub(crate) fn diagnostics(diagnostics: &[Diagnostic]) -> Failure {
        let texts: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        Failure {
            exit: Exit::Usage,
            text: texts.join("\n\n"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure::diagnostics(&[diagnostic])
    }
}
