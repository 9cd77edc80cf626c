//! The way to the server: a socket that never blocks, with or without encryption over it. Bytes only, no HTTP.

use crate::error::LoadError;
use crate::target::Target;
use crate::tls::Handshakes;
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
    handshakes: Option<Handshakes>,
}

impl Dialer {
    pub(crate) fn new(target: &Target) -> Result<Self, LoadError> {
        let handshakes = target.tls.as_ref().map(Handshakes::new).transpose()?;
        Ok(Self {
            address: target.address,
            handshakes,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins to connect.
    pub(crate) fn dial(&self) -> io::Result<Stream> {
        let family = match self.address {
            SocketAddr::V4(_) => AddressFamily::INET,
            SocketAddr::V6(_) => AddressFamily::INET6,
        };
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(family, SocketType::STREAM, flags, None)?;
        sockopt::set_tcp_nodelay(&socket, true)?;
        let tls = match &self.handshakes {
            None => None,
            Some(handshakes) => Some(Box::new(handshakes.begin().map_err(tls_error)?)),
        };
        match connect(&socket, &self.address) {
            Ok(()) | Err(Errno::INPROGRESS) => Ok(Stream {
                socket: socket.into(),
                tls,
            }),
            Err(error) => Err(error.into()),
        }
    }
}

/// A connection to the server, perhaps still being made.
#[derive(Debug)]
pub(crate) struct Stream {
    socket: TcpStream,
    tls: Option<Box<ClientConnection>>,
}

/// How far the making of a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Establishing {
    /// Requests can be written.
    Done,
    /// It goes on when the socket is ready for this.
    Waits(EventFlags),
}

impl Stream {
    /// Goes on making the connection, after the socket has become ready.
    pub(crate) fn establish(&mut self) -> io::Result<Establishing> {
        sockopt::socket_error(&self.socket)??;
        match self.socket.peer_addr() {
            Ok(_) => self.shake_hands(),
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(Establishing::Waits(EventFlags::OUT)),
            Err(error) => Err(error),
        }
    }

    fn shake_hands(&mut self) -> io::Result<Establishing> {
        let Some(tls) = &mut self.tls else {
            return Ok(Establishing::Done);
        };
        loop {
            if let Written::Partly = flush(tls, &mut self.socket)? {
                return Ok(Establishing::Waits(EventFlags::OUT));
            }
            if !tls.is_handshaking() {
                return Ok(Establishing::Done);
            }
            match fill(tls, &mut self.socket) {
                Ok(0) => {
                    return Err(io::Error::new(
                        ErrorKind::UnexpectedEof,
                        "the server closed it during the handshake",
                    ));
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Ok(Establishing::Waits(EventFlags::IN));
                }
                // The alert that tells the server why is worth an attempt and no more.
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

    /// Whether a read of `length` bytes into a buffer of `room` may have left bytes behind for which the socket alone would
    /// not wake.
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

    /// Whether bytes that were taken still wait for room in the socket.
    pub(crate) fn holds_unsent(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.wants_write())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Self::read(self, buffer)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::write(self, bytes)
    }

    /// Writes what encryption still holds; a socket of its own holds nothing.
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            None => Ok(()),
            Some(tls) => match flush(tls, &mut self.socket)? {
                Written::Wholly => Ok(()),
                Written::Partly => Err(ErrorKind::WouldBlock.into()),
            },
        }
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

enum Written {
    Wholly,
    Partly,
}

/// Writes what TLS has to say.
fn flush(tls: &mut ClientConnection, socket: &mut TcpStream) -> io::Result<Written> {
    while tls.wants_write() {
        match tls.write_tls(socket) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Written::Partly),
            Err(error) => return Err(error),
        }
    }
    Ok(Written::Wholly)
}

/// Reads what has come for TLS; 0 is the end of the socket.
fn fill(tls: &mut ClientConnection, socket: &mut TcpStream) -> io::Result<usize> {
    let length = tls.read_tls(socket)?;
    tls.process_new_packets().map_err(tls_error)?;
    Ok(length)
}

fn tls_error(error: rustls::Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("tls: {error}"))
}
