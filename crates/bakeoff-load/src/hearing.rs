//! What is kept of an answer while it comes: whether its head is right, and as much of its body as somebody will look at.

use crate::check::{check_body, check_head, excerpt};
use crate::expect::Expect;
use crate::failure::FailureKind;
use crate::mix::Look;
use crate::wire::{Head, Listener};
use std::collections::BTreeMap;

/// What is kept of the answer while it comes.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    keep: usize,
    status: u16,
    media_type: Option<String>,
    wrong: Option<(FailureKind, String)>,
    body: Vec<u8>,
}

impl Hearing {
    /// The most of a body that is kept for its rules, bytes.
    const SAMPLED: usize = 64 * 1024 * 1024;
    /// The most of a body that is kept as an example of a wrong answer, bytes.
    const EXAMPLE: usize = 256;

    /// Begins the next answer.
    pub(crate) fn begin(&mut self, look: Look) {
        self.keep = if look == Look::Into { Self::SAMPLED } else { 0 };
        self.wrong = None;
        self.media_type = None;
        self.body.clear();
    }

    /// Whether the body is kept for its rules.
    pub(crate) fn is_sampled(&self) -> bool {
        self.keep == Self::SAMPLED
    }

    /// Listens to an answer that is held to `expect`.
    pub(crate) fn listen<'a>(&'a mut self, expect: &'a Expect) -> Listening<'a> {
        Listening {
            expect,
            hearing: self,
        }
    }

    /// What is wrong with the head, if anything; for a wrong status with the beginning of the body.
    pub(crate) fn take_wrong(&mut self) -> Option<(FailureKind, String)> {
        let (kind, reason) = self.wrong.take()?;
        let reason = match kind {
            FailureKind::Status => format!("{reason}: {}", excerpt(&self.body)),
            _ => reason,
        };
        Some((kind, reason))
    }

    /// Holds the body that was kept to its rules.
    pub(crate) fn check_body(
        &self,
        expect: &Expect,
        bindings: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        check_body(
            expect,
            self.status,
            self.media_type.as_deref(),
            &self.body,
            bindings,
        )
    }
}

/// Hears one answer and holds its head to the rules.
pub(crate) struct Listening<'a> {
    expect: &'a Expect,
    hearing: &'a mut Hearing,
}

impl Listener for Listening<'_> {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.hearing.status = head.status;
        if let Err(wrong) = check_head(self.expect, head.status, |name| head.header(name)) {
            self.hearing.wrong = Some(wrong);
            self.hearing.keep = Hearing::EXAMPLE;
        } else if self.hearing.is_sampled() {
            let media = head.header("content-type");
            self.hearing.media_type = media.map(|value| String::from_utf8_lossy(value).into_owned());
        }
    }

    fn body(&mut self, bytes: &[u8]) {
        let room = self.hearing.keep.saturating_sub(self.hearing.body.len());
        self.hearing
            .body
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}
