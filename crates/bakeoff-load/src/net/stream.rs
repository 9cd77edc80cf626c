//! A connection to the server: a socket that never blocks, with or without TLS over it. Bytes only, no HTTP.

use crate::error::LoadError;
use crate::net::target::Target;
use crate::net::tls::TlsConnector;
use rustix::event::epoll::EventFlags;
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, connect, recv, send, socket_with, sockopt,
};
use rustls::ClientConnection;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};

/// Makes connections to one server.
#[derive(Debug)]
pub(crate) struct Dialer {
    address: SocketAddr,
    tls: Option<TlsConnector>,
}

impl Dialer {
    pub(crate) fn new(target: &Target) -> Result<Self, LoadError> {
        let tls = target.tls.as_ref().map(TlsConnector::new).transpose()?;
        Ok(Self {
            address: target.address,
            tls,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins to connect; [`NonblockingStream::establish`] goes on.
    pub(crate) fn dial(&self) -> io::Result<NonblockingStream> {
        let family = match self.address {
            SocketAddr::V4(_) => AddressFamily::INET,
            SocketAddr::V6(_) => AddressFamily::INET6,
        };
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(family, SocketType::STREAM, flags, None)?;
        // A request is one write; Nagle's algorithm would hold back the next for the last one's acknowledgement.
        sockopt::set_tcp_nodelay(&socket, true)?;
        let tls = match &self.tls {
            None => None,
            Some(tls) => Some(Box::new(tls.start().map_err(tls_error)?)),
        };
        match connect(&socket, &self.address) {
            Ok(()) | Err(Errno::INPROGRESS) => Ok(NonblockingStream {
                socket: socket.into(),
                tls,
            }),
            Err(error) => Err(error.into()),
        }
    }
}

/// A connection to the server, perhaps still being made.
#[derive(Debug)]
pub(crate) struct NonblockingStream {
    socket: TcpStream,
    tls: Option<Box<ClientConnection>>,
}

/// How far the making of a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectProgress {
    /// Requests can be written.
    Established,
    /// It goes on when the socket is ready for this.
    WaitsFor(EventFlags),
}

impl NonblockingStream {
    /// Goes on making the connection after the socket has become ready.
    pub(crate) fn establish(&mut self) -> io::Result<ConnectProgress> {
        // A refused connection shows only here: `peer_addr` would report one that is still being made.
        sockopt::socket_error(&self.socket)??;
        match self.socket.peer_addr() {
            Ok(_) => self.shake_hands(),
            Err(error) if error.kind() == ErrorKind::NotConnected => {
                Ok(ConnectProgress::WaitsFor(EventFlags::OUT))
            }
            Err(error) => Err(error),
        }
    }

    fn shake_hands(&mut self) -> io::Result<ConnectProgress> {
        let Some(tls) = &mut self.tls else {
            return Ok(ConnectProgress::Established);
        };
        loop {
            if let Flushed::Partly = flush(tls, &mut self.socket)? {
                return Ok(ConnectProgress::WaitsFor(EventFlags::OUT));
            }
            if !tls.is_handshaking() {
                return Ok(ConnectProgress::Established);
            }
            match fill(tls, &mut self.socket) {
                Ok(0) => return Err(tls_error(closed_during_handshake())),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(ConnectProgress::WaitsFor(EventFlags::IN));
                }
                // The alert with our reason is worth one attempt; a server that does not take it loses it.
                Err(error) => {
                    drop(flush(tls, &mut self.socket));
                    return Err(error);
                }
            }
        }
    }

    /// Reads; 0 is a clean end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else {
            return Ok(retry_on_intr(|| recv(&self.socket, &mut *buffer, RecvFlags::empty()))?.0);
        };
        loop {
            match tls.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    fill(tls, &mut self.socket)?;
                }
                read => return read,
            }
        }
    }

    /// Whether a read of `length` bytes into a buffer of `room` may have left bytes behind for which the socket would
    /// not wake: under TLS, decrypted ones; without, those for which the buffer was too small.
    pub(crate) fn may_hold_more(&self, length: usize, room: usize) -> bool {
        self.tls.is_some() || length == room
    }

    /// Writes as many bytes as there is room for.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else {
            return Ok(retry_on_intr(|| send(&self.socket, bytes, SendFlags::NOSIGNAL))?);
        };
        let taken = tls.writer().write(bytes)?;
        flush(tls, &mut self.socket)?;
        Ok(taken)
    }

    /// Whether TLS still holds bytes that wait for room in the socket.
    pub(crate) fn holds_unsent(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }
}

impl Read for NonblockingStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Self::read(self, buffer)
    }
}

impl Write for NonblockingStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::write(self, bytes)
    }

    /// Writes what TLS still holds; a bare socket holds nothing back.
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            None => Ok(()),
            Some(tls) => match flush(tls, &mut self.socket)? {
                Flushed::Wholly => Ok(()),
                Flushed::Partly => Err(ErrorKind::WouldBlock.into()),
            },
        }
    }
}

impl AsFd for NonblockingStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Whether all bytes that were to be sent have been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flushed {
    Wholly,
    Partly,
}

/// Writes the records that TLS has ready.
fn flush(tls: &mut ClientConnection, socket: &mut TcpStream) -> io::Result<Flushed> {
    while tls.wants_write() {
        match tls.write_tls(socket) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Flushed::Partly),
            Err(error) => return Err(error),
        }
    }
    Ok(Flushed::Wholly)
}

/// Reads and decrypts what has come; 0 is the end of the stream.
fn fill(tls: &mut ClientConnection, socket: &mut TcpStream) -> io::Result<usize> {
    let length = tls.read_tls(socket)?;
    tls.process_new_packets().map_err(tls_error)?;
    Ok(length)
}

/// Whether a read or write on a non-blocking socket has to wait for readiness.
pub(crate) fn would_block(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// The kind `InvalidData` marks what TLS rejects; [`crate::net::tls_problem`] has its words.
pub(crate) fn tls_error(error: rustls::Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

/// The error of a server that says nothing to the end.
pub(crate) fn closed_during_handshake() -> rustls::Error {
    rustls::Error::General("the server closed the connection during the TLS handshake".to_owned())
}
