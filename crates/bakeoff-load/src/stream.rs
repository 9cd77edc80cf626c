//! The way to the server: a socket that never blocks, with or without encryption over it. Bytes only, no HTTP.

use crate::target::Target;
use rustix::event::epoll::EventFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with, sockopt};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};

/// A connection to the server, perhaps still being made.
#[derive(Debug)]
pub(crate) struct Stream {
    socket: TcpStream,
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
    /// Begins to connect.
    pub(crate) fn connect(target: &Target) -> io::Result<Self> {
        let family = match target.address {
            SocketAddr::V4(_) => AddressFamily::INET,
            SocketAddr::V6(_) => AddressFamily::INET6,
        };
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(family, SocketType::STREAM, flags, None)?;
        sockopt::set_tcp_nodelay(&socket, true)?;
        match connect(&socket, &target.address) {
            Ok(()) | Err(Errno::INPROGRESS) => Ok(Self {
                socket: socket.into(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// Goes on making the connection, after the socket has become ready.
    pub(crate) fn establish(&mut self) -> io::Result<Establishing> {
        sockopt::socket_error(&self.socket)??;
        match self.socket.peer_addr() {
            Ok(_) => Ok(Establishing::Done),
            Err(error) if error.kind() == io::ErrorKind::NotConnected => {
                Ok(Establishing::Waits(EventFlags::OUT))
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.read(buffer)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
