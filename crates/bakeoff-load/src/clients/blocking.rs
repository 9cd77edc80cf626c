//! A connection that blocks: each request waits until its whole response has come. For single requests and for
//! connections that stay idle; the load itself never blocks.

use crate::check::response::Response;
use crate::check::stream::{StreamVerifier, StreamedBody, stream_progress};
use crate::failure::{FailureCause, FailureKind};
use crate::net::stream::{closed_during_handshake, tls_error};
use crate::net::target::{Target, Tls};
use crate::net::tls::TlsConnector;
use crate::net::tls_problem::{TlsProblem, cause_of, tls_problem};
use crate::request::upload::Upload;
use crate::wire::head::Head;
use crate::wire::malformed::Malformed;
use crate::wire::reader::{ResponseHandler, ResponseReader};
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A connection to the server, kept open between requests.
#[derive(Debug)]
pub(crate) struct BlockingConnection {
    stream: ClientStream,
    reader: ResponseReader,
    started: Instant,
    /// When a stream last made progress, and how far it had come.
    moved: Instant,
    steps: u64,
    timeout: Duration,
    tls_problem: Option<TlsProblem>,
}

/// A request, and the check of its response if that is a stream.
pub(crate) struct OutgoingRequest<'a> {
    /// The head, and the body unless it is a stream.
    pub(crate) bytes: &'a [u8],
    pub(crate) method: &'a str,
    pub(crate) upload: Option<Upload>,
    pub(crate) verifier: Option<StreamVerifier>,
}

/// The stream to the server, plain or encrypted.
#[derive(Debug)]
pub(crate) enum ClientStream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl ClientStream {
    pub(crate) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for ClientStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for ClientStream {
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

impl BlockingConnection {
    pub(crate) fn open(target: &Target, timeout: Duration) -> Result<Self, FailureCause> {
        let broken = |error: io::Error| {
            let (kind, reason) = cause_of(&error, FailureKind::Connect);
            (kind, format!("{}: {reason}", target.address))
        };
        let mut connection = Self::connect(target, timeout).map_err(broken)?;
        if let Some(tls) = &target.tls {
            connection.encrypt(tls).map_err(broken)?;
        }
        Ok(connection)
    }

    /// Connects, without encryption.
    pub(crate) fn connect(target: &Target, timeout: Duration) -> io::Result<Self> {
        let started = Instant::now();
        let socket = TcpStream::connect_timeout(&target.address, timeout)?;
        socket.set_nodelay(true)?;
        Ok(Self {
            stream: ClientStream::Plain(socket),
            reader: ResponseReader::default(),
            started,
            moved: started,
            steps: 0,
            timeout,
            tls_problem: None,
        })
    }

    /// Encrypts a connection that [`BlockingConnection::connect`] made.
    pub(crate) fn encrypt(&mut self, tls: &Tls) -> io::Result<()> {
        let connector = TlsConnector::new(tls).map_err(io::Error::other)?;
        let mut session = connector.start().map_err(tls_error)?;
        let ClientStream::Plain(socket) = &self.stream else {
            return Ok(());
        };
        let mut socket = socket.try_clone()?;
        while session.is_handshaking() {
            let left = self.remaining().map_err(|_| ErrorKind::TimedOut);
            let step = left.map_err(io::Error::from).and_then(|left| {
                socket.set_read_timeout(Some(left))?;
                session.complete_io(&mut socket)
            });
            step.map_err(|error| self.handshake_failure(error))?;
        }
        self.stream = ClientStream::Tls(Box::new(StreamOwned::new(session, socket)));
        Ok(())
    }

    /// The failure of a handshake, in which silence and a closed connection are failures of TLS too.
    fn handshake_failure(&self, error: io::Error) -> io::Error {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                let words = format!("no TLS handshake within {}", span(self.timeout));
                io::Error::new(ErrorKind::TimedOut, rustls::Error::General(words))
            }
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                tls_error(closed_during_handshake())
            }
            _ => error,
        }
    }

    /// The problem of TLS that ended the connection, if one did.
    pub(crate) fn tls_problem(&self) -> Option<TlsProblem> {
        self.tls_problem
    }

    /// Sends a request and reads its whole response; the time counts from the opening of the connection.
    pub(crate) fn request(&mut self, request: &[u8], method: &str) -> Result<Response, FailureCause> {
        self.exchange(OutgoingRequest {
            bytes: request,
            method,
            upload: None,
            verifier: None,
        })
    }

    /// Sends a request and reads its whole response, either of which may be a stream.
    pub(crate) fn exchange(&mut self, request: OutgoingRequest<'_>) -> Result<Response, FailureCause> {
        self.reader.begin(request.method);
        // A server may refuse a request before it has read all of it, and then close. The error of sending waits
        // until the response has been read, because a response that came counts more.
        let mut upload = request.upload;
        let sent = self.send(request.bytes, upload.as_mut());
        let mut collected = CollectedResponse {
            verifier: request.verifier,
            ..CollectedResponse::default()
        };
        let mut buffer = vec![0; 64 * 1024];
        while !self.reader.is_done() {
            let set = self.stream.socket().set_read_timeout(Some(self.remaining()?));
            match set.and_then(|()| self.stream.read(&mut buffer)) {
                Ok(0) => self.reader.end().map_err(|malformed| match (&sent, &malformed) {
                    (Err(error), Malformed::Truncated(_)) => {
                        (FailureKind::Reset, format!("while sending: {error}"))
                    }
                    (_, Malformed::Truncated(_)) => (FailureKind::Reset, malformed.to_string()),
                    (_, malformed) => malformed.cause(),
                })?,
                Ok(length) => {
                    self.take(&buffer[..length], &mut collected)?;
                    if collected
                        .verifier
                        .as_ref()
                        .is_some_and(|verifier| verifier.violation().is_some())
                    {
                        break;
                    }
                    self.note_progress(upload.as_ref(), collected.verifier.as_ref());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.read_failure(&error)),
            }
        }
        Ok(collected.response(self.reader.body_len(), self.started.elapsed()))
    }

    /// Sends the request and the stream that follows it; stops early when the server responds without reading on.
    fn send(&mut self, request: &[u8], upload: Option<&mut Upload>) -> io::Result<()> {
        /// After this long without room in the socket, we look whether a response has come.
        const POLL: Duration = Duration::from_millis(50);
        self.stream.socket().set_write_timeout(self.remaining().ok())?;
        self.stream.write_all(request)?;
        self.stream.flush()?;
        let Some(upload) = upload else { return Ok(()) };
        self.stream.socket().set_write_timeout(Some(POLL))?;
        while !upload.is_done() {
            match self.stream.write(upload.next_piece()) {
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
        self.stream.flush()
    }

    /// Whether bytes of a response, or the end of the connection, can be read.
    fn has_come(&self) -> bool {
        let socket = self.stream.socket();
        let peeked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut [0]));
        // Non-blocking mode is only for the peek; the timeouts of the blocking socket survive it.
        let set = socket.set_nonblocking(false);
        set.is_err() || peeked.is_ok()
    }

    fn note_progress(&mut self, upload: Option<&Upload>, verifier: Option<&StreamVerifier>) {
        if upload.is_none() && verifier.is_none() {
            return;
        }
        let steps = stream_progress(upload, self.reader.body_len(), verifier);
        if steps > self.steps {
            self.steps = steps;
            self.moved = Instant::now();
        }
    }

    /// The stream to the server, for another protocol than HTTP.
    pub(crate) fn into_stream(self) -> ClientStream {
        self.stream
    }

    /// Whether the server has neither closed the connection nor sent anything unrequested.
    pub(crate) fn is_open(&self) -> bool {
        let mut byte = [0];
        let socket = self.stream.socket();
        let peeked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut byte));
        matches!(peeked, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn take(&mut self, bytes: &[u8], collected: &mut CollectedResponse) -> Result<(), FailureCause> {
        let taken = self
            .reader
            .read(bytes, collected)
            .map_err(|malformed| malformed.cause())?;
        if taken < bytes.len() {
            Err(Malformed::Surplus(bytes.len() - taken).cause())
        } else {
            Ok(())
        }
    }

    fn remaining(&self) -> Result<Duration, FailureCause> {
        match self.timeout.checked_sub(self.moved.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(self.late()),
        }
    }

    fn late(&self) -> FailureCause {
        (
            FailureKind::Timeout,
            format!("no complete response within {}", span(self.timeout)),
        )
    }

    fn read_failure(&mut self, error: &std::io::Error) -> FailureCause {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => self.late(),
            _ => {
                self.tls_problem = tls_problem(error).map(|(problem, _)| problem);
                cause_of(error, FailureKind::Reset)
            }
        }
    }
}

#[derive(Default)]
struct CollectedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    verifier: Option<StreamVerifier>,
}

impl CollectedResponse {
    fn response(self, bytes: u64, elapsed: Duration) -> Response {
        let streamed = self.verifier.map(|verifier| StreamedBody {
            bytes,
            outcome: verifier.finish(),
            spread: verifier.spread(),
        });
        Response {
            status: self.status,
            headers: self.headers,
            body: self.body,
            elapsed,
            streamed,
        }
    }
}

impl ResponseHandler for CollectedResponse {
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
        /// The beginning of a stream that is kept for error messages.
        const SHOWN: usize = 1024;
        let mut kept = bytes;
        if let Some(verifier) = &mut self.verifier {
            verifier.take(bytes);
            kept = &bytes[..bytes.len().min(SHOWN.saturating_sub(self.body.len()))];
        }
        self.body.extend_from_slice(kept);
    }
}

/// A span as people say it: `5 s`, `100 ms`.
fn span(span: Duration) -> String {
    if span.subsec_millis() == 0 && !span.is_zero() {
        format!("{} s", span.as_secs())
    } else {
        format!("{} ms", span.as_millis())
    }
}
