//! A whole response that was collected, and the check of all its parts: for the contract and for single requests. The
//! load checks heads and bodies apart, as they come.

use crate::check::body::check_body;
use crate::check::head::{check_head, check_length};
use crate::check::stream::StreamedBody;
use crate::request::expect::Expect;
use std::collections::BTreeMap;
use std::time::Duration;

/// A whole response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers in their order, names as they came, values as text.
    pub headers: Vec<(String, String)>,
    /// The body, decoded; of a stream only the beginning.
    pub body: Vec<u8>,
    /// From just before connecting to the last byte.
    pub elapsed: Duration,
    /// The result for a body that was checked as it came.
    pub streamed: Option<StreamedBody>,
}

impl Response {
    /// The length of the body, bytes.
    pub fn length(&self) -> u64 {
        self.streamed
            .as_ref()
            .map_or(self.body.len() as u64, |streamed| streamed.bytes)
    }

    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
/// Checks a response against all rules.
///
/// # Errors
/// The first rule that does not hold: what was expected, and what came.
pub fn check_response(
    expect: &Expect,
    response: &Response,
    bindings: &BTreeMap<String, String>,
) -> Result<(), String> {
    let find = |name: &str| {
        let mut found = response
            .headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_bytes())
    };
    check_head(expect, response.status, find).map_err(|(_, reason)| reason)?;
    check_length(expect, response.length())?;
    if let Some(streamed) = &response.streamed {
        return streamed.outcome.clone();
    }
    let media = find("content-type").map(String::from_utf8_lossy);
    check_body(
        expect,
        response.status,
        media.as_deref(),
        &response.body,
        bindings,
    )
}

#[cfg(test)]
mod tests;
