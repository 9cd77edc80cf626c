//! Why a load could not be driven at all. A request that fails is not an error of this kind but a
//! [`crate::Failure`] in the report.

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
        /// What would be right.
        must: &'static str,
    },
    /// A request of the mix cannot be made.
    #[error("request `{label}`: {reason}")]
    Request {
        /// Which one.
        label: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The encryption that the target asks for cannot be set up.
    #[error("tls: {0}")]
    Tls(String),
    /// Idle connections could not be opened.
    #[error("connection {opened} of {wanted}: {reason}")]
    Idle {
        /// How many were open before.
        opened: usize,
        /// How many were wanted.
        wanted: usize,
        /// What happened to the next one.
        reason: String,
    },
    /// The operating system refused something that the generator itself needs.
    #[error("{doing}: {source}")]
    System {
        /// What was being done.
        doing: &'static str,
        /// The operating system's word.
        source: io::Error,
    },
}

impl LoadError {
    /// For `map_err`: the operating system refused while `doing`.
    pub(crate) fn system<E: Into<io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::System {
            doing,
            source: source.into(),
        }
    }
}
