//! The reader of responses from pieces of any size: finds the end of each, and passes on head and body as they come.
//! Bodies are never collected here.

use crate::wire::chunks::Chunks;
use crate::wire::head::{Framing, Head, MAX_BODY, ReadStage, ToHeadRequest, framing};
use crate::wire::head_cache::{CachedHead, ResponseHeadCache};
use crate::wire::malformed::Malformed;
use httparse::{Header, ParserConfig, Response, Status};
use std::mem::MaybeUninit;

/// Takes the parts of a response as they come.
pub trait ResponseHandler {
    /// Takes the complete head; called once a response.
    fn head(&mut self, head: &Head<'_, '_>);
    /// Takes the next bytes of the body, decoded.
    fn body(&mut self, bytes: &[u8]);
    /// The cache of the last head. A handler with a cache gets no call of [`ResponseHandler::head`] for a head that
    /// equals the cached one; the cached one was passed to it before.
    fn head_cache(&mut self) -> Option<&mut ResponseHeadCache> {
        None
    }
}

/// The longest head of a response that is read, bytes.
const MAX_HEAD: usize = 64 * 1024;
/// The most headers that a response may have.
const MAX_HEADERS: usize = 100;
/// The most interim responses (100 to 199) before the final one.
const MAX_INTERIM: u32 = 16;

/// Reads one response after another; allocates only for heads that come in more than one piece.
#[derive(Debug, Default)]
pub struct ResponseReader {
    state: ReadStage,
    to_head_request: ToHeadRequest,
    upgrade: Upgrade,
    keep_alive: bool,
    interim: u32,
    body: u64,
    partial: Vec<u8>,
}

/// Whether the request is one to switch protocols, and whether the server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Upgrade {
    #[default]
    NotRequested,
    Requested,
    Done,
}

impl ResponseReader {
    /// Starts the next response, the one to a request with this method.
    pub fn begin(&mut self, method: &str) {
        self.state = ReadStage::Head;
        self.to_head_request = if method == "HEAD" {
            ToHeadRequest::Yes
        } else {
            ToHeadRequest::No
        };
        self.upgrade = Upgrade::NotRequested;
        self.keep_alive = false;
        self.interim = 0;
        self.body = 0;
        self.partial.clear();
    }

    /// Starts the next response, the one to a `GET` that requests another protocol: a `101` ends it, and the bytes
    /// after it are not HTTP.
    pub fn begin_upgrade(&mut self) {
        self.begin("GET");
        self.upgrade = Upgrade::Requested;
    }

    /// Reads the next bytes; returns how many of them belong to this response. Fewer than all means that it is done.
    pub fn read(&mut self, bytes: &[u8], handler: &mut impl ResponseHandler) -> Result<usize, Malformed> {
        let mut at = 0;
        while self.state == ReadStage::Head && at < bytes.len() {
            at += self.read_head(&bytes[at..], handler)?;
        }
        let rest = &bytes[at..];
        match &mut self.state {
            ReadStage::Head | ReadStage::Done => return Ok(at),
            ReadStage::Length(left) => {
                let take = (*left).min(rest.len() as u64);
                *left -= take;
                self.body += take;
                handler.body(&rest[..take as usize]);
                at += take as usize;
                if *left == 0 {
                    self.state = ReadStage::Done;
                }
            }
            ReadStage::Chunked(chunks) => {
                let body = &mut self.body;
                at += chunks.read(rest, |data| {
                    *body += data.len() as u64;
                    handler.body(data);
                })?;
                if *chunks == Chunks::Done {
                    self.state = ReadStage::Done;
                }
            }
            ReadStage::UntilClose => {
                self.body += rest.len() as u64;
                handler.body(rest);
                at = bytes.len();
            }
        }
        if self.body > MAX_BODY {
            Err(Malformed::BodyTooLong(MAX_BODY))
        } else {
            Ok(at)
        }
    }

    /// The connection has ended: the response is complete only if its body runs until then.
    pub fn end(&mut self) -> Result<(), Malformed> {
        let place = match self.state {
            ReadStage::Done => return Ok(()),
            ReadStage::UntilClose => {
                self.state = ReadStage::Done;
                return Ok(());
            }
            ReadStage::Head if self.has_begun() => {
                self.check_partial_head()?;
                "within the head".to_owned()
            }
            ReadStage::Head => "before the response began".to_owned(),
            ReadStage::Length(left) => format!("{left} bytes before the end of the body"),
            ReadStage::Chunked(_) => format!("within the chunks, after {} bytes of body", self.body),
        };
        Err(Malformed::Truncated(place))
    }

    /// Whether the response is complete.
    pub fn is_done(&self) -> bool {
        self.state == ReadStage::Done
    }

    /// Whether the server has switched protocols as requested.
    pub fn has_upgraded(&self) -> bool {
        self.upgrade == Upgrade::Done
    }

    /// Whether any byte of the response has come.
    pub fn has_begun(&self) -> bool {
        self.state != ReadStage::Head || !self.partial.is_empty() || self.interim > 0
    }

    /// Whether the connection may be used again after this response.
    pub fn keeps_alive(&self) -> bool {
        self.keep_alive
    }

    /// The bytes of the body so far, decoded.
    pub fn body_len(&self) -> u64 {
        self.body
    }

    fn read_head(&mut self, bytes: &[u8], handler: &mut impl ResponseHandler) -> Result<usize, Malformed> {
        let before = self.partial.len();
        // The common case: a whole head at the beginning of a read, which needs no copy, and often no parsing.
        if before == 0 {
            if let Some((cached, length)) = handler.head_cache().and_then(|it| it.lookup(bytes)) {
                (self.state, self.keep_alive) = (cached.state, cached.keep_alive);
                return Ok(length);
            }
            if let Some(length) = self.parse_head(bytes, handler)? {
                self.cache_head(&bytes[..length], handler);
                return Ok(length);
            }
            self.partial.extend_from_slice(bytes);
        } else {
            self.partial.extend_from_slice(bytes);
            // Parsing starts over with each piece. A head ends with a line end, so a piece without one cannot
            // complete it, and a server that drips bytes does not make the cost quadratic.
            if bytes.contains(&b'\n') {
                let partial = std::mem::take(&mut self.partial);
                let parsed = self.parse_head(&partial, handler);
                self.partial = partial;
                if let Some(length) = parsed? {
                    self.partial.clear();
                    return Ok(length - before);
                }
            }
        }
        if self.partial.len() > MAX_HEAD {
            Err(Malformed::HeadTooLong(MAX_HEAD))
        } else {
            Ok(bytes.len())
        }
    }

    /// Caches a final head; interim heads and one that switches protocols are handled each time.
    fn cache_head(&self, head: &[u8], handler: &mut impl ResponseHandler) {
        if self.state == ReadStage::Head || self.has_upgraded() {
            return;
        }
        if let Some(head_cache) = handler.head_cache() {
            let cached = CachedHead {
                state: self.state,
                keep_alive: self.keep_alive,
            };
            head_cache.store(head, cached);
        }
    }

    /// The error in a head that never ended, if it has another one than that: its last piece may not have been parsed.
    fn check_partial_head(&mut self) -> Result<(), Malformed> {
        let partial = std::mem::take(&mut self.partial);
        let parsed = self.parse_head(&partial, &mut NullHandler);
        self.partial = partial;
        parsed.map(|_| ())
    }

    /// Parses a head; `None` when it is not complete.
    fn parse_head(
        &mut self,
        bytes: &[u8],
        handler: &mut impl ResponseHandler,
    ) -> Result<Option<usize>, Malformed> {
        let mut headers = [const { MaybeUninit::<Header<'_>>::uninit() }; MAX_HEADERS];
        let mut response = Response::new(&mut []);
        let config = ParserConfig::default();
        let length = match config.parse_response_with_uninit_headers(&mut response, bytes, &mut headers) {
            Ok(Status::Complete(length)) if length > MAX_HEAD => {
                return Err(Malformed::HeadTooLong(MAX_HEAD));
            }
            Ok(Status::Complete(length)) => length,
            Ok(Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => return Err(Malformed::TooManyHeaders(MAX_HEADERS)),
            Err(_) if is_tls(bytes) => return Err(Malformed::Tls),
            Err(error) => return Err(Malformed::Head(format!("{error}, in {}", beginning(bytes)))),
        };
        let status = response.code.unwrap_or_default();
        let head = Head {
            status,
            headers: response.headers,
        };
        let (framing, keep_alive) =
            framing(&head, response.version.unwrap_or_default(), self.to_head_request)?;
        match status {
            0..=99 => return Err(Malformed::Head(format!("status {status:03}"))),
            101 if self.upgrade != Upgrade::Requested => return Err(Malformed::Switching),
            101 => {
                self.state = ReadStage::Done;
                self.upgrade = Upgrade::Done;
                handler.head(&head);
                return Ok(Some(length));
            }
            100..=199 if self.interim == MAX_INTERIM => return Err(Malformed::TooManyInterim(MAX_INTERIM)),
            100..=199 => {
                self.interim += 1;
                return Ok(Some(length));
            }
            _ => {}
        }
        self.keep_alive = keep_alive;
        self.state = match framing {
            Framing::Nothing | Framing::Length(0) => ReadStage::Done,
            Framing::Length(length) => ReadStage::Length(length),
            Framing::Chunked => ReadStage::Chunked(Chunks::START),
            Framing::UntilClose => ReadStage::UntilClose,
        };
        handler.head(&head);
        Ok(Some(length))
    }
}

/// Ignores everything.
struct NullHandler;

impl ResponseHandler for NullHandler {
    fn head(&mut self, _: &Head<'_, '_>) {}

    fn body(&mut self, _: &[u8]) {}
}

/// Whether bytes begin like a record of TLS, an alert or a handshake (RFC 8446, 5.1): control characters, with which no
/// head begins. One byte tells it, so that the pieces in which the bytes come do not matter.
fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x15 | 0x16, ..])
}

/// The first bytes of something that does not parse, for its error message.
fn beginning(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(60)];
    format!("`{}`", String::from_utf8_lossy(shown).escape_debug())
}
