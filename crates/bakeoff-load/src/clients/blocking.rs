//! A connection that blocks: each request waits until its whole response has come. For single requests and for
//! connections that stay idle; the load itself never blocks.

use crate::check::response::Response;
use crate::check::stream::{StreamVerifier, StreamedBody, stream_progress};
use crate::failure::{FailureCause, FailureKind};
use crate::net::target::{Target, Tls};
use crate::net::tls::TlsConnector;
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
        let started = Instant::now();
        let broken = |error: io::Error| (FailureKind::Connect, format!("{}: {error}", target.address));
        let socket = TcpStream::connect_timeout(&target.address, timeout).map_err(broken)?;
        socket.set_nodelay(true).map_err(broken)?;
        let stream = ClientStream::Plain(socket);
        let mut connection = Self {
            stream,
            reader: ResponseReader::default(),
            started,
            moved: started,
            steps: 0,
            timeout,
        };
        if let Some(tls) = &target.tls {
            connection
                .encrypt(tls)
                .map_err(|error| broken(io::Error::other(error)))?;
        }
        Ok(connection)
    }

    fn encrypt(&mut self, tls: &Tls) -> Result<(), String> {
        let connector = TlsConnector::new(tls).map_err(|error| error.to_string())?;
        let mut session = connector.start().map_err(|error| error.to_string())?;
        let ClientStream::Plain(socket) = &self.stream else {
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
        self.stream = ClientStream::Tls(Box::new(StreamOwned::new(session, socket)));
        Ok(())
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
                    (_, malformed) => (FailureKind::Protocol, malformed.to_string()),
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
        let protocol = |malformed: Malformed| (FailureKind::Protocol, malformed.to_string());
        let taken = self.reader.read(bytes, collected).map_err(protocol)?;
        if taken < bytes.len() {
            Err(protocol(Malformed::Surplus(bytes.len() - taken)))
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
            format!("no complete response within {} ms", self.timeout.as_millis()),
        )
    }

    fn read_failure(&mut self, error: &std::io::Error) -> FailureCause {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => self.late(),
            _ => (FailureKind::Reset, error.to_string()),
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
