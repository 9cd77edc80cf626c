//! What is known of a contender's change: what it costs, and whether it holds. Plain data that a cache keeps.

use bakeoff_core::scenario::Change;
use serde::{Deserialize, Serialize};

/// A change of a contender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOutcome {
    /// The change's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the patch costs; none without a patch that applies.
    pub size: Option<ChangeSize>,
    /// Whether it holds.
    pub state: ChangeState,
}

impl ChangeOutcome {
    /// The outcome of a change, with the size of its patch where that is known.
    pub(super) fn new(change: &Change, size: Option<ChangeSize>, state: ChangeState) -> ChangeOutcome {
        ChangeOutcome {
            id: change.id.clone(),
            title: change.title.clone(),
            size,
            state,
        }
    }
}

/// What a patch costs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSize {
    /// Tokens that it adds and removes, together.
    pub tokens: u64,
    /// Files that it changes, adds or deletes; lock files do not count.
    pub files: u64,
    /// The packages that it adds to the lock file, indirect ones included.
    pub packages: Vec<String>,
}

/// Whether a change holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeState {
    /// Every case holds.
    Holds {
        /// The number of cases.
        cases: usize,
    },
    /// The contender does not do what it should, or the patch does not apply.
    Broken {
        /// Why, in a sentence.
        reason: String,
        /// More about it, line by line: the cases that fail, or the end of a log.
        details: Vec<String>,
    },
    /// There is no patch.
    Missing,
    /// It could not be checked here, and the contender is not the reason.
    NotChecked {
        /// Why, in a sentence.
        reason: String,
    },
}

impl ChangeState {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self, ChangeState::Holds { .. })
    }
}

impl ChangeSize {
    /// `64 tokens in 3 files, adds 2 packages (a, b)`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let some = |number: u64, word: &str| match number {
            1 => format!("1 {word}"),
            number => format!("{number} {word}s"),
        };
        let packages = match self.packages.len() {
            0 => String::new(),
            number => {
                let number = some(number as u64, "package");
                format!(", adds {number} ({})", self.packages.join(", "))
            }
        };
        let (tokens, files) = (some(self.tokens, "token"), some(self.files, "file"));
        format!("{tokens} in {files}{packages}")
    }
}
