//! Why a requirement was not met, in a few words for the note.

use bakeoff_load::wire::Malformed;
use std::time::Duration;
use thiserror::Error;

/// Why no response came.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum Broken {
    /// There is no connection.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The server has closed the connection before the first byte of a response.
    #[error("closed without a response")]
    Closed,
    /// The response did not come, or not to its end, before the deadline.
    #[error("no response in {} ms", .0.as_millis())]
    Late(Duration),
    /// The bytes are no response.
    #[error("{0}")]
    Malformed(Malformed),
}

/// What came of comparing a response with a requirement.
pub(super) type Asked = Result<(), Unmet>;

/// Why a requirement was not met.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    /// What came.
    Wrong(String),
    /// What did not come in time.
    Late(String),
    /// It is about something that this server does not offer.
    NotOffered,
}

impl Unmet {
    /// With words before it.
    pub(super) fn after(self, words: &str) -> Unmet {
        match self {
            Unmet::Wrong(came) => Unmet::Wrong(format!("{words} {came}")),
            Unmet::Late(came) => Unmet::Late(format!("{words} {came}")),
            Unmet::NotOffered => Unmet::NotOffered,
        }
    }

    /// A response that has the right status and is not right.
    pub(super) fn wrong(came: &str) -> Unmet {
        Unmet::Wrong(came.to_owned())
    }
}

impl From<Broken> for Unmet {
    fn from(broken: Broken) -> Unmet {
        match broken {
            Broken::Late(_) => Unmet::Late(broken.to_string()),
            Broken::Unreachable(_) | Broken::Closed | Broken::Malformed(_) => {
                Unmet::Wrong(broken.to_string())
            }
        }
    }
}
