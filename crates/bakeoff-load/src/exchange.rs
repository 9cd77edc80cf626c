//! A kept connection on which one request after another is asked, each blocking until its whole answer has come. For
//! single requests and for connections that only stand there; the load itself never blocks.

use crate::body::Upload;
use crate::failure::FailureKind;
use crate::once::Answer;
use crate::streamed::{Following, Streamed, progress};
use crate::target::{Target, Tls};
use crate::tls::Handshakes;
use crate::wire::{AnswerReader, Head, Listener, Malformed};
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A kept connection.
#[derive(Debug)]
pub(crate) struct Exchange {
    way: Way,
    reader: AnswerReader,
    started: Instant,
    /// When a stream last made progress, and how far it has come.
    moved: Instant,
    steps: u64,
    timeout: Duration,
}

/// A request, and how its answer is read.
pub(crate) struct Question<'a> {
    /// The head, and the body unless it is a stream.
    pub(crate) bytes: &'a [u8],
    pub(crate) method: &'a str,
    pub(crate) upload: Option<Upload>,
    pub(crate) following: Option<Following>,
}

/// The way to the server.
#[derive(Debug)]
pub(crate) enum Way {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Way {
    pub(crate) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for Way {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Way {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

impl Exchange {
    pub(crate) fn open(target: &Target, timeout: Duration) -> Result<Self, (FailureKind, String)> {
        let started = Instant::now();
        let broken = |error: io::Error| (FailureKind::Connect, format!("{}: {error}", target.address));
        let socket = TcpStream::connect_timeout(&target.address, timeout).map_err(broken)?;
        socket.set_nodelay(true).map_err(broken)?;
        let way = Way::Plain(socket);
        let mut exchange = Self {
            way,
            reader: AnswerReader::default(),
            started,
            moved: started,
            steps: 0,
            timeout,
        };
        if let Some(tls) = &target.tls {
            exchange
                .encrypt(tls)
                .map_err(|error| broken(io::Error::other(error)))?;
        }
        Ok(exchange)
    }

    fn encrypt(&mut self, tls: &Tls) -> Result<(), String> {
        let handshakes = Handshakes::new(tls).map_err(|error| error.to_string())?;
        let mut session = handshakes.begin().map_err(|error| error.to_string())?;
        let Way::Plain(socket) = &self.way else {
            return Ok(());
        };
        let mut socket = socket.try_clone().map_err(|error| error.to_string())?;
        while session.is_handshaking() {
            let left = self.remaining().map_err(|(_, reason)| reason)?;
            socket
                .set_read_timeout(Some(left))
                .map_err(|error| error.to_string())?;
            session
                .complete_io(&mut socket)
                .map_err(|error| error.to_string())?;
        }
        self.way = Way::Tls(Box::new(StreamOwned::new(session, socket)));
        Ok(())
    }

    /// Asks and reads the whole answer; its time counts from the opening of the connection.
    pub(crate) fn ask(&mut self, request: &[u8], method: &str) -> Result<Answer, (FailureKind, String)> {
        self.put(Question {
            bytes: request,
            method,
            upload: None,
            following: None,
        })
    }

    /// Asks and reads the whole answer, either of which may be a stream.
    pub(crate) fn put(&mut self, question: Question<'_>) -> Result<Answer, (FailureKind, String)> {
        self.reader.begin(question.method);
        // A server may refuse a request before it has read all of it, and then close: what it answered counts.
        let mut upload = question.upload;
        let sent = self.send(question.bytes, upload.as_mut());
        let mut collected = Collected {
            following: question.following,
            ..Collected::default()
        };
        let mut buffer = vec![0; 64 * 1024];
        while !self.reader.is_done() {
            let set = self.way.socket().set_read_timeout(Some(self.remaining()?));
            match set.and_then(|()| self.way.read(&mut buffer)) {
                Ok(0) => self.reader.end().map_err(|malformed| match (&sent, &malformed) {
                    (Err(error), Malformed::Truncated(_)) => {
                        (FailureKind::Reset, format!("while sending: {error}"))
                    }
                    (_, Malformed::Truncated(_)) => (FailureKind::Reset, malformed.to_string()),
                    (_, malformed) => (FailureKind::Protocol, malformed.to_string()),
                })?,
                Ok(length) => {
                    self.take(&buffer[..length], &mut collected)?;
                    if collected
                        .following
                        .as_ref()
                        .is_some_and(|following| following.wrong().is_some())
                    {
                        break;
                    }
                    self.note_progress(upload.as_ref(), collected.following.as_ref());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.read_failure(&error)),
            }
        }
        Ok(collected.answer(self.reader.body_len(), self.started.elapsed()))
    }

    /// Sends the request, and the stream that follows it until an answer comes that the server gives without reading on.
    fn send(&mut self, request: &[u8], upload: Option<&mut Upload>) -> io::Result<()> {
        /// So long without room in the socket, and it is looked whether an answer has come.
        const LOOK: Duration = Duration::from_millis(50);
        self.way.socket().set_write_timeout(self.remaining().ok())?;
        self.way.write_all(request)?;
        self.way.flush()?;
        let Some(upload) = upload else { return Ok(()) };
        self.way.socket().set_write_timeout(Some(LOOK))?;
        while !upload.is_done() {
            match self.way.write(upload.window()) {
                Ok(written) => {
                    upload.advance(written);
                    self.note_progress(Some(upload), None);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if self.remaining().is_err() || self.has_come() {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        self.way.flush()
    }

    /// Whether bytes of an answer, or the end, are there to be read.
    fn has_come(&self) -> bool {
        let socket = self.way.socket();
        let peeked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut [0]));
        // The timeouts of a blocking socket stay as they are.
        let set = socket.set_nonblocking(false);
        set.is_err() || peeked.is_ok()
    }

    fn note_progress(&mut self, upload: Option<&Upload>, following: Option<&Following>) {
        if upload.is_none() && following.is_none() {
            return;
        }
        let steps = progress(upload, self.reader.body_len(), following);
        if steps > self.steps {
            self.steps = steps;
            self.moved = Instant::now();
        }
    }

    /// The way to the server, for something other than requests.
    pub(crate) fn into_way(self) -> Way {
        self.way
    }

    /// Whether the server has neither closed the connection nor sent what nobody asked for.
    pub(crate) fn is_open(&self) -> bool {
        let mut byte = [0];
        let socket = self.way.socket();
        let peeked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut byte));
        matches!(peeked, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn take(&mut self, bytes: &[u8], collected: &mut Collected) -> Result<(), (FailureKind, String)> {
        let protocol = |malformed: Malformed| (FailureKind::Protocol, malformed.to_string());
        let taken = self.reader.read(bytes, collected).map_err(protocol)?;
        if taken < bytes.len() {
            Err(protocol(Malformed::Surplus(bytes.len() - taken)))
        } else {
            Ok(())
        }
    }

    fn remaining(&self) -> Result<Duration, (FailureKind, String)> {
        match self.timeout.checked_sub(self.moved.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(self.late()),
        }
    }

    fn late(&self) -> (FailureKind, String) {
        (
            FailureKind::Timeout,
            format!("no whole answer within {} ms", self.timeout.as_millis()),
        )
    }

    fn read_failure(&mut self, error: &std::io::Error) -> (FailureKind, String) {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => self.late(),
            _ => (FailureKind::Reset, error.to_string()),
        }
    }
}

#[derive(Default)]
struct Collected {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    following: Option<Following>,
}

impl Collected {
    fn answer(self, bytes: u64, elapsed: Duration) -> Answer {
        let streamed = self.following.map(|following| Streamed {
            bytes,
            held: following.finish(),
            spread: following.spread(),
        });
        Answer {
            status: self.status,
            headers: self.headers,
            body: self.body,
            elapsed,
            streamed,
        }
    }
}

impl Listener for Collected {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.status = head.status;
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        self.headers = head
            .headers
            .iter()
            .map(|h| (h.name.to_owned(), text(h.value)))
            .collect();
    }

    fn body(&mut self, bytes: &[u8]) {
        /// What is kept of a stream, to be shown where it is wrong.
        const SHOWN: usize = 1024;
        let mut kept = bytes;
        if let Some(following) = &mut self.following {
            following.take(bytes);
            kept = &bytes[..bytes.len().min(SHOWN.saturating_sub(self.body.len()))];
        }
        self.body.extend_from_slice(kept);
    }
}
