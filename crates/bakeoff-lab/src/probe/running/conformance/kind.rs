//! The form of a kind of case: what a standard requires of a server, and the requests that show whether it does so. The
//! rows stand in the files beside this one, by standard.

use super::client::Client;
use super::unmet::Asked;

/// One requirement. Its requests are drawn anew each time, so that no program can be written for them.
#[derive(Debug, Clone, Copy)]
pub struct ConformanceKind {
    /// Its name for draws and tests.
    pub id: &'static str,
    /// What the server gets, in a few words.
    pub title: &'static str,
    /// The standard and its section.
    pub standard: &'static str,
    /// The responses that the standard allows.
    pub accepted: &'static str,
    /// The scenarios that the contender must serve.
    pub(super) scenarios: &'static [&'static str],
    /// Sends the requests and compares the responses.
    pub(super) ask: fn(&mut Client<'_>) -> Asked,
}
