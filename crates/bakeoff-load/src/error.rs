//! The errors that keep a load from being driven at all. A failed request is no such error but a [`crate::Failure`]
//! in the report.

use std::io;
use thiserror::Error;

/// A load that could not be driven.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The mix has no request with a weight above 0.
    #[error("no request to send: the mix is empty or its weights sum to zero")]
    EmptyMix,
    /// A number of the plan is out of range.
    #[error("`{what}` is {value}: it must be {must}")]
    Plan {
        /// The field.
        what: &'static str,
        /// Its value.
        value: String,
        /// The valid range.
        must: &'static str,
    },
    /// A request of the mix cannot be made.
    #[error("request `{label}`: {reason}")]
    Request {
        /// Its label.
        label: String,
        /// The reason.
        reason: String,
    },
    /// TLS for the target cannot be set up.
    #[error("tls: {0}")]
    Tls(String),
    /// The process may not open that many files.
    #[error(
        "{} connections need {} open files, and the limit is {} (`ulimit -n`)",
        grouped(*connections as u64), grouped(*needed), grouped(*limit)
    )]
    OpenFiles {
        /// The connections.
        connections: usize,
        /// The files that they need, with those that are open anyway.
        needed: u64,
        /// The hard limit of the process.
        limit: u64,
    },
    /// Not all of a number of connections could be opened.
    #[error("connection {opened} of {wanted}: {reason}")]
    Connections {
        /// The number that were opened before.
        opened: usize,
        /// The number that were wanted.
        wanted: usize,
        /// Why the next one could not be opened.
        reason: String,
    },
    /// The operating system refused something that the generator itself needs.
    #[error("{doing}: {source}")]
    System {
        /// The action that was refused.
        doing: &'static str,
        /// The operating system's error.
        source: io::Error,
    },
}

/// A whole number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let begins_group = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if begins_group(at) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl LoadError {
    /// For `map_err`: the operating system refused `doing` something.
    pub(crate) fn system<E: Into<io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::System {
            doing,
            source: source.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (20_000, "20,000"),
            (1_000_064, "1,000,064"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
