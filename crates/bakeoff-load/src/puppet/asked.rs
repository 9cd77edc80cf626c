//! The requests that a puppet reads: only as much of HTTP as finds where one ends.

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::time::Duration;

/// A request, and where it stands among the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Its number among all requests of the puppet, from 0.
    pub n: u64,
    /// The number of its connection, from 0.
    pub connection: u64,
    /// Its number on its connection, from 0.
    pub nth: u64,
    /// When it was read, since the puppet's start.
    pub at: Duration,
    /// The method.
    pub method: String,
    /// The request target.
    pub path: String,
    /// The whole head as text.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The value of a header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// Reads the requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Requests {
    unread: Vec<u8>,
    read: u64,
}

/// What came of listening for a while.
pub(super) enum Heard {
    Request(Asked),
    Nothing,
    End,
}

impl Requests {
    /// Waits for the next request as long as the stream's read timeout.
    pub(super) fn next(&mut self, stream: &mut TcpStream) -> io::Result<Heard> {
        let mut piece = [0; 16 * 1024];
        loop {
            if let Some(asked) = self.parse()? {
                return Ok(Heard::Request(asked));
            }
            match stream.read(&mut piece) {
                Ok(0) => return Ok(Heard::End),
                Ok(length) => self.unread.extend_from_slice(&piece[..length]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Ok(Heard::Nothing);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What has come after the last request.
    pub(super) fn take_unread(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.unread)
    }

    fn parse(&mut self) -> io::Result<Option<Asked>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        let parsed = request
            .parse(&self.unread)
            .map_err(|e| io::Error::new(ErrorKind::InvalidData, e))?;
        let httparse::Status::Complete(head) = parsed else {
            return Ok(None);
        };
        let length = request
            .headers
            .iter()
            .find(|h| h.name.eq_ignore_ascii_case("content-length"));
        let length = length
            .and_then(|h| std::str::from_utf8(h.value).ok()?.parse::<usize>().ok())
            .unwrap_or(0);
        if self.unread.len() < head + length {
            return Ok(None);
        }
        let asked = Asked {
            nth: self.read,
            method: request.method.unwrap_or_default().to_owned(),
            path: request.path.unwrap_or_default().to_owned(),
            head: String::from_utf8_lossy(&self.unread[..head]).into_owned(),
            body: self.unread[head..head + length].to_vec(),
            ..Asked::default()
        };
        self.unread.drain(..head + length);
        self.read += 1;
        Ok(Some(asked))
    }
}
