//! Who runs in a trial: a contender, or its twin. The twin is the same contender a second time in every block, and the
//! difference between the two is the run's noise floor. Holds no evidence, and ranks nobody.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a twin's identifier has after the name of its contender.
const TWIN_SUFFIX: &str = "~twin";

/// Who runs in a trial. Serialised as [`Entrant::id`], the form of every store and document so far.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Entrant {
    /// The contender of this name.
    Contender(String),
    /// The contender of this name a second time in the same block: an A/A control.
    Twin(String),
}

impl Entrant {
    /// The contender of this name.
    #[must_use]
    pub fn contender(name: &str) -> Entrant {
        Entrant::Contender(name.to_owned())
    }

    /// The twin of the contender of this name.
    #[must_use]
    pub fn twin_of(name: &str) -> Entrant {
        Entrant::Twin(name.to_owned())
    }

    /// The name of the contender whose code runs, for the twin too.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Entrant::Contender(name) | Entrant::Twin(name) => name,
        }
    }

    /// Whether this is the twin.
    #[must_use]
    pub const fn is_twin(&self) -> bool {
        matches!(self, Entrant::Twin(_))
    }

    /// Whether this is the contender of that name, and not its twin.
    #[must_use]
    pub fn is_contender(&self, name: &str) -> bool {
        !self.is_twin() && self.name() == name
    }

    /// The identifier in stored and machine-readable documents: `node-http`, `node-http~twin`.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Entrant::Contender(name) => name.clone(),
            Entrant::Twin(name) => format!("{name}{TWIN_SUFFIX}"),
        }
    }
}

impl From<Entrant> for String {
    fn from(entrant: Entrant) -> String {
        entrant.id()
    }
}

impl From<String> for Entrant {
    /// Reads an identifier. Every text is one: without the twin's suffix it is a contender's name.
    fn from(id: String) -> Entrant {
        match id.strip_suffix(TWIN_SUFFIX) {
            Some(name) => Entrant::twin_of(name),
            None => Entrant::Contender(id),
        }
    }
}

impl fmt::Display for Entrant {
    /// The form for a terminal: `node-http`, `node-http (twin)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entrant::Contender(name) => f.pad(name),
            Entrant::Twin(name) => f.pad(&format!("{name} (twin)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Entrant;

    #[test]
    fn an_identifier_reads_back_as_the_same_entrant() {
        for (entrant, id) in [
            (Entrant::contender("node-http"), "node-http"),
            (Entrant::twin_of("node-http"), "node-http~twin"),
        ] {
            let json = serde_json::to_string(&entrant).unwrap();
            assert_eq!(json, format!("\"{id}\""));
            assert_eq!(serde_json::from_str::<Entrant>(&json).unwrap(), entrant);
            assert_eq!(entrant.name(), "node-http");
        }
    }

    #[test]
    fn only_the_contender_itself_has_its_name() {
        assert!(Entrant::contender("a").is_contender("a"));
        assert!(!Entrant::contender("b").is_contender("a"));
        assert!(!Entrant::twin_of("a").is_contender("a"));
    }

    #[test]
    fn a_column_is_filled_up_to_its_width() {
        assert_eq!(format!("{:<8}|", Entrant::contender("a")), "a       |");
        assert_eq!(format!("{:<10}|", Entrant::twin_of("a")), "a (twin)  |");
    }
}
