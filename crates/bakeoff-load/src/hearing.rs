//! What is kept of an answer while it comes: whether its head is right, and as much of its body as somebody will look at.

use crate::check::{check_body, check_head, excerpt};
use crate::expect::Expect;
use crate::failure::FailureKind;
use crate::mix::Look;
use crate::socket::accepts;
use crate::streamed::Following;
use crate::wire::{Familiar, Head, Listener};
use std::collections::BTreeMap;

/// What is kept of the answer while it comes.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    keep: usize,
    status: u16,
    media_type: Option<String>,
    wrong: Option<(FailureKind, String)>,
    body: Vec<u8>,
    following: Option<Box<Following>>,
}

impl Hearing {
    /// The most of a body that is kept for its rules, bytes.
    const SAMPLED: usize = 64 * 1024 * 1024;
    /// The most of a body that is kept as an example of a wrong answer, bytes.
    const EXAMPLE: usize = 256;

    /// Begins the next answer, which is held to `expect`.
    pub(crate) fn begin(&mut self, look: Look, expect: &Expect) {
        self.keep = if look == Look::Into { Self::SAMPLED } else { 0 };
        self.following = match look {
            Look::Into => Following::of(&expect.sampled).map(Box::new),
            Look::Past => None,
        };
        self.wrong = None;
        self.media_type = None;
        self.body.clear();
    }

    /// Whether the body is kept for its rules.
    pub(crate) fn is_sampled(&self) -> bool {
        self.keep == Self::SAMPLED
    }

    /// Listens to an answer that is held to `expect`, and to the opening of a WebSocket if it was asked for with `key`.
    pub(crate) fn listen<'a>(
        &'a mut self,
        expect: &'a Expect,
        key: Option<&'a str>,
        familiar: &'a mut Familiar,
    ) -> Listening<'a> {
        Listening {
            expect,
            key,
            familiar,
            hearing: self,
        }
    }

    /// Takes the next bytes of the body, or the message that stands for it.
    pub(crate) fn take_body(&mut self, bytes: &[u8]) {
        if let Some(following) = &mut self.following {
            return following.take(bytes);
        }
        let room = self.keep.saturating_sub(self.body.len());
        self.body.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The body that is checked as it comes, if it is.
    pub(crate) fn following(&self) -> Option<&Following> {
        self.following.as_deref()
    }

    /// Whether the head was right, as far as it has come.
    pub(crate) fn is_right(&self) -> bool {
        self.wrong.is_none()
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
        if let Some(following) = &self.following {
            return following.finish();
        }
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
    key: Option<&'a str>,
    /// The last head that was right.
    familiar: &'a mut Familiar,
    hearing: &'a mut Hearing,
}

impl Listener for Listening<'_> {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.hearing.status = head.status;
        let header = |name: &str| head.header(name);
        let granted = match self.key {
            Some(key) if head.status == 101 => accepts(key, header),
            _ => Ok(()),
        };
        if let Err(wrong) = granted.and_then(|()| check_head(self.expect, head.status, header)) {
            self.hearing.wrong = Some(wrong);
            self.hearing.keep = Hearing::EXAMPLE;
            self.hearing.following = None;
        } else if self.hearing.is_sampled() {
            let media = head.header("content-type");
            self.hearing.media_type = media.map(|value| String::from_utf8_lossy(value).into_owned());
        }
    }

    fn body(&mut self, bytes: &[u8]) {
        self.hearing.take_body(bytes);
    }

    /// Only heads that were right are remembered, and a body that is looked into needs what its head says.
    fn familiar(&mut self) -> Option<&mut Familiar> {
        let heeded = self.hearing.is_sampled() || self.key.is_some() || !self.hearing.is_right();
        (!heeded).then_some(self.familiar)
    }
}
