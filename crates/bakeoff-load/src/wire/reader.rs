//! Reads one answer from pieces of any size, and says where it ends. The body is handed on as it comes and never
//! collected here.

use super::chunks::Chunks;
use super::familiar::{Familiar, Known};
use super::framing::{AnswersHead, Framing, framing};
use super::malformed::Malformed;
use super::{MAX_BODY, MAX_HEAD, MAX_HEADERS, MAX_INTERIM};
use httparse::{Header, ParserConfig, Response, Status};
use std::mem::MaybeUninit;

/// The head of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Head<'h, 'b> {
    /// The status.
    pub status: u16,
    /// The headers, in their order.
    pub headers: &'h [Header<'b>],
}

impl<'b> Head<'_, 'b> {
    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&'b [u8]> {
        self.headers
            .iter()
            .find(|h| h.name.eq_ignore_ascii_case(name))
            .map(|h| h.value)
    }
}

/// Who hears of an answer's parts as they come.
pub trait Listener {
    /// The head is complete; once an answer.
    fn head(&mut self, head: &Head<'_, '_>);
    /// The next bytes of the body, decoded.
    fn body(&mut self, bytes: &[u8]);
    /// Where the last head is remembered, for whoever wants to hear of a head only when it differs from that; the head that is
    /// remembered is one that [`Listener::head`] was called with.
    fn familiar(&mut self) -> Option<&mut Familiar> {
        None
    }
}

/// Reads one answer after another; allocates only for heads that come in more than one piece.
#[derive(Debug, Default)]
pub struct AnswerReader {
    state: State,
    answers_head: AnswersHead,
    switching: Switching,
    keep_alive: bool,
    interim: u32,
    body: u64,
    partial: Vec<u8>,
}

/// Whether the request asked to switch protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Switching {
    #[default]
    Unasked,
    Asked,
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Head,
    Length(u64),
    Chunked(Chunks),
    UntilClose,
    Done,
}

impl AnswerReader {
    /// Begins the next answer, the one to a request of this method.
    pub fn begin(&mut self, method: &str) {
        self.state = State::Head;
        self.answers_head = if method == "HEAD" {
            AnswersHead::Yes
        } else {
            AnswersHead::No
        };
        self.switching = Switching::Unasked;
        self.keep_alive = false;
        self.interim = 0;
        self.body = 0;
        self.partial.clear();
    }

    /// Begins the next answer, the one to a `GET` that asks to switch protocols: a `101` ends it, and what follows is not HTTP.
    pub fn begin_switching(&mut self) {
        self.begin("GET");
        self.switching = Switching::Asked;
    }

    /// Reads on; returns how many of the bytes belong to this answer. Fewer than all means that it is done.
    pub fn read(&mut self, bytes: &[u8], listener: &mut impl Listener) -> Result<usize, Malformed> {
        let mut at = 0;
        while self.state == State::Head && at < bytes.len() {
            at += self.read_head(&bytes[at..], listener)?;
        }
        let rest = &bytes[at..];
        match &mut self.state {
            State::Head | State::Done => return Ok(at),
            State::Length(left) => {
                let take = (*left).min(rest.len() as u64);
                *left -= take;
                self.body += take;
                listener.body(&rest[..take as usize]);
                at += take as usize;
                if *left == 0 {
                    self.state = State::Done;
                }
            }
            State::Chunked(chunks) => {
                let body = &mut self.body;
                at += chunks.read(rest, |data| {
                    *body += data.len() as u64;
                    listener.body(data);
                })?;
                if *chunks == Chunks::Done {
                    self.state = State::Done;
                }
            }
            State::UntilClose => {
                self.body += rest.len() as u64;
                listener.body(rest);
                at = bytes.len();
            }
        }
        if self.body > MAX_BODY {
            Err(Malformed::BodyTooLong(MAX_BODY))
        } else {
            Ok(at)
        }
    }

    /// The connection has ended: the answer is complete only if its body runs until then.
    pub fn end(&mut self) -> Result<(), Malformed> {
        let place = match self.state {
            State::Done => return Ok(()),
            State::UntilClose => {
                self.state = State::Done;
                return Ok(());
            }
            State::Head if self.has_begun() => {
                self.complain_of_partial()?;
                "within the head".to_owned()
            }
            State::Head => "before the answer began".to_owned(),
            State::Length(left) => format!("{left} bytes before the end of the body"),
            State::Chunked(_) => format!("within the chunks, after {} bytes of body", self.body),
        };
        Err(Malformed::Truncated(place))
    }

    /// Whether the answer is complete.
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Whether the answer switched protocols, as the request asked.
    pub fn has_switched(&self) -> bool {
        self.switching == Switching::Done
    }

    /// Whether any byte of the answer has come.
    pub fn has_begun(&self) -> bool {
        self.state != State::Head || !self.partial.is_empty() || self.interim > 0
    }

    /// Whether the connection may be used again after this answer.
    pub fn keeps_alive(&self) -> bool {
        self.keep_alive
    }

    /// Bytes of body so far, decoded.
    pub fn body_len(&self) -> u64 {
        self.body
    }

    fn read_head(&mut self, bytes: &[u8], listener: &mut impl Listener) -> Result<usize, Malformed> {
        let before = self.partial.len();
        if before == 0 {
            if let Some((known, length)) = listener.familiar().and_then(|it| it.recognise(bytes)) {
                (self.state, self.keep_alive) = (known.state, known.keep_alive);
                return Ok(length);
            }
            if let Some(length) = self.parse_head(bytes, listener)? {
                self.let_remember(&bytes[..length], listener);
                return Ok(length);
            }
            self.partial.extend_from_slice(bytes);
        } else {
            self.partial.extend_from_slice(bytes);
            // A head ends with a line, so that without a line end there is nothing new to find.
            if bytes.contains(&b'\n') {
                let partial = std::mem::take(&mut self.partial);
                let parsed = self.parse_head(&partial, listener);
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

    /// A head that ends the interim answers is remembered; one that switches protocols is heard each time.
    fn let_remember(&self, head: &[u8], listener: &mut impl Listener) {
        if self.state == State::Head || self.has_switched() {
            return;
        }
        if let Some(familiar) = listener.familiar() {
            let known = Known {
                state: self.state,
                keep_alive: self.keep_alive,
            };
            familiar.remember(head, known);
        }
    }

    /// Says what is wrong with a head that never ended, beside that: a piece without a line end is kept unparsed.
    fn complain_of_partial(&mut self) -> Result<(), Malformed> {
        let partial = std::mem::take(&mut self.partial);
        let parsed = self.parse_head(&partial, &mut Deaf);
        self.partial = partial;
        parsed.map(|_| ())
    }

    /// Parses a head; `None` when it is not complete.
    fn parse_head(&mut self, bytes: &[u8], listener: &mut impl Listener) -> Result<Option<usize>, Malformed> {
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
            Err(error) => return Err(Malformed::Head(format!("{error}, in {}", beginning(bytes)))),
        };
        let status = response.code.unwrap_or_default();
        let head = Head {
            status,
            headers: response.headers,
        };
        let (framing, keep_alive) = framing(&head, response.version.unwrap_or_default(), self.answers_head)?;
        match status {
            0..=99 => return Err(Malformed::Head(format!("status {status:03}"))),
            101 if self.switching != Switching::Asked => return Err(Malformed::Switching),
            101 => {
                self.state = State::Done;
                self.switching = Switching::Done;
                listener.head(&head);
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
            Framing::Nothing | Framing::Length(0) => State::Done,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Chunked(Chunks::START),
            Framing::UntilClose => State::UntilClose,
        };
        listener.head(&head);
        Ok(Some(length))
    }
}

/// Hears nothing.
struct Deaf;

impl Listener for Deaf {
    fn head(&mut self, _: &Head<'_, '_>) {}

    fn body(&mut self, _: &[u8]) {}
}

fn beginning(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(60)];
    format!("`{}`", String::from_utf8_lossy(shown).escape_debug())
}
