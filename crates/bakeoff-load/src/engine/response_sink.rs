//! The parts of a response that are kept while it comes: whether its head is right, and as much of its body as will be
//! checked or shown.

use crate::check::body::{check_body, excerpt};
use crate::check::head::check_head;
use crate::check::stream::StreamVerifier;
use crate::failure::FailureKind;
use crate::request::expect::Expect;
use crate::request::mix::BodyCheck;
use crate::wire::handshake::accepts;
use crate::wire::head::Head;
use crate::wire::head_cache::ResponseHeadCache;
use crate::wire::reader::ResponseHandler;
use std::collections::BTreeMap;

/// The kept parts of the response that is coming.
#[derive(Debug, Default)]
pub(crate) struct ResponseSink {
    keep: usize,
    status: u16,
    /// Whether the status is right, and not the one whose body is checked.
    other_status: bool,
    media_type: Option<String>,
    wrong: Option<(FailureKind, String)>,
    body: Vec<u8>,
    verifier: Option<Box<StreamVerifier>>,
}

impl ResponseSink {
    /// The most of a sampled body that is kept, bytes.
    const SAMPLED: usize = 64 * 1024 * 1024;
    /// The most of a body that is kept as the example of a wrong status, bytes.
    const EXAMPLE: usize = 256;

    /// Starts the next response, which is checked against `expect`.
    pub(crate) fn begin(&mut self, check: BodyCheck, expect: &Expect) {
        self.keep = if check == BodyCheck::Full {
            Self::SAMPLED
        } else {
            0
        };
        self.verifier = match check {
            BodyCheck::Full => StreamVerifier::for_rules(&expect.sampled).map(Box::new),
            BodyCheck::FramingOnly => None,
        };
        self.wrong = None;
        self.other_status = false;
        self.media_type = None;
        self.body.clear();
    }

    /// Whether the body is kept to be checked.
    pub(crate) fn is_sampled(&self) -> bool {
        self.keep == Self::SAMPLED
    }

    /// The handler for a response that is checked against `expect`, and against the WebSocket handshake if the request
    /// opened one with `key`.
    pub(crate) fn checker<'a>(
        &'a mut self,
        expect: &'a Expect,
        key: Option<&'a str>,
        head_cache: &'a mut ResponseHeadCache,
    ) -> ResponseChecker<'a> {
        ResponseChecker {
            expect,
            key,
            head_cache,
            sink: self,
        }
    }

    /// Takes the next bytes of the body, or the WebSocket message in its place.
    pub(crate) fn take_body(&mut self, bytes: &[u8]) {
        if let Some(verifier) = &mut self.verifier {
            return verifier.take(bytes);
        }
        let room = self.keep.saturating_sub(self.body.len());
        self.body.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The verifier of a body that is checked as it comes.
    pub(crate) fn verifier(&self) -> Option<&StreamVerifier> {
        self.verifier.as_deref()
    }

    /// Whether a right response has another status than [`Expect::body_of`].
    pub(crate) fn has_other_status(&self) -> bool {
        self.other_status
    }

    /// Whether the head is right, as far as it has come.
    pub(crate) fn is_right(&self) -> bool {
        self.wrong.is_none()
    }

    /// The error in the head, if there is one; for a wrong status with the beginning of the body.
    pub(crate) fn take_wrong(&mut self) -> Option<(FailureKind, String)> {
        let (kind, reason) = self.wrong.take()?;
        let reason = match kind {
            FailureKind::Status => format!("{reason}: {}", excerpt(&self.body)),
            _ => reason,
        };
        Some((kind, reason))
    }

    /// Checks the body that was kept.
    pub(crate) fn check_body(
        &self,
        expect: &Expect,
        bindings: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        if let Some(verifier) = &self.verifier {
            return verifier.finish();
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

/// Handles one response: checks its head, and passes its body to the sink.
pub(crate) struct ResponseChecker<'a> {
    expect: &'a Expect,
    key: Option<&'a str>,
    /// The last right head of this kind of request.
    head_cache: &'a mut ResponseHeadCache,
    sink: &'a mut ResponseSink,
}

impl ResponseHandler for ResponseChecker<'_> {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.sink.status = head.status;
        self.sink.other_status = self.expect.body_of.is_some_and(|of| of != head.status);
        let header = |name: &str| head.header(name);
        let granted = match self.key {
            Some(key) if head.status == 101 => accepts(key, header),
            _ => Ok(()),
        };
        if let Err(wrong) = granted.and_then(|()| check_head(self.expect, head.status, header)) {
            self.sink.wrong = Some(wrong);
            self.sink.keep = ResponseSink::EXAMPLE;
            self.sink.verifier = None;
        } else if self.sink.is_sampled() {
            let media = head.header("content-type");
            self.sink.media_type = media.map(|value| String::from_utf8_lossy(value).into_owned());
        }
    }

    fn body(&mut self, bytes: &[u8]) {
        self.sink.take_body(bytes);
    }

    /// Only right heads are cached, so that a hit needs no check; none of another status, so that a hit is none of
    /// these. Sampled bodies and handshakes need the parsed head, so they bypass the cache.
    fn head_cache(&mut self) -> Option<&mut ResponseHeadCache> {
        let is_common = self.sink.is_right() && !self.sink.has_other_status();
        let needs_head = self.sink.is_sampled() || self.key.is_some() || !is_common;
        (!needs_head).then_some(self.head_cache)
    }
}
