//! The requests that a scripted server reads: only as much of HTTP as it takes to find where a request ends.

use crate::request::pattern::first_unlike_pattern;
use crate::wire::chunks::Chunks;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::time::Duration;

/// A request, and its place among the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceivedRequest {
    /// Its number among all requests of the server, from 0.
    pub n: u64,
    /// The number of its connection, from 0.
    pub connection: u64,
    /// Its number on its connection, from 0.
    pub nth: u64,
    /// When it was read, since the server's start.
    pub at: Duration,
    /// The method.
    pub method: String,
    /// The request target.
    pub path: String,
    /// The whole head as text.
    pub head: String,
    /// The first megabyte of the body.
    pub body: Vec<u8>,
    /// The length of the whole body, bytes.
    pub body_len: u64,
    /// The first offset at which the body is not [the pattern](crate::pattern_byte).
    pub unlike_pattern: Option<u64>,
}

impl ReceivedRequest {
    /// Adds the next bytes of the body.
    fn take(&mut self, bytes: &[u8]) {
        const KEPT: usize = 1024 * 1024;
        if self.unlike_pattern.is_none() {
            self.unlike_pattern = first_unlike_pattern(self.body_len, bytes);
        }
        self.body_len += bytes.len() as u64;
        let room = KEPT.saturating_sub(self.body.len());
        self.body.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

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
    /// A request whose body is still coming, and the rest of that body.
    coming: Option<(ReceivedRequest, BodyLeft)>,
}

/// The rest of a body.
#[derive(Debug, Clone, Copy)]
enum BodyLeft {
    Length(u64),
    Chunked(Chunks),
}

/// The outcome of waiting for a request for a while.
pub(super) enum ReadOutcome {
    Request(ReceivedRequest),
    Nothing,
    End,
}

impl Requests {
    /// Waits for the next request as long as the stream's read timeout.
    pub(super) fn next(&mut self, stream: &mut TcpStream) -> io::Result<ReadOutcome> {
        let mut piece = [0; 16 * 1024];
        loop {
            if let Some(request) = self.parse()? {
                return Ok(ReadOutcome::Request(request));
            }
            match stream.read(&mut piece) {
                Ok(0) => return Ok(ReadOutcome::End),
                Ok(length) => self.unread.extend_from_slice(&piece[..length]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Ok(ReadOutcome::Nothing);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The bytes that came after the last request.
    pub(super) fn take_unread(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.unread)
    }

    fn parse(&mut self) -> io::Result<Option<ReceivedRequest>> {
        if self.coming.is_none() {
            self.coming = self.parse_head()?;
        }
        let Some((request, left)) = &mut self.coming else {
            return Ok(None);
        };
        let (taken, is_done) = match left {
            BodyLeft::Length(left) => {
                let take = (*left).min(self.unread.len() as u64) as usize;
                request.take(&self.unread[..take]);
                *left -= take as u64;
                (take, *left == 0)
            }
            BodyLeft::Chunked(chunks) => {
                let taken = chunks.read(&self.unread, |data| request.take(data));
                (taken.map_err(io::Error::other)?, *chunks == Chunks::Done)
            }
        };
        self.unread.drain(..taken);
        if !is_done {
            return Ok(None);
        }
        self.read += 1;
        Ok(self.coming.take().map(|(request, _)| request))
    }

    fn parse_head(&mut self) -> io::Result<Option<(ReceivedRequest, BodyLeft)>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut parser = httparse::Request::new(&mut headers);
        let parsed = parser
            .parse(&self.unread)
            .map_err(|e| io::Error::new(ErrorKind::InvalidData, e))?;
        let httparse::Status::Complete(head) = parsed else {
            return Ok(None);
        };
        let request = ReceivedRequest {
            nth: self.read,
            method: parser.method.unwrap_or_default().to_owned(),
            path: parser.path.unwrap_or_default().to_owned(),
            head: String::from_utf8_lossy(&self.unread[..head]).into_owned(),
            ..ReceivedRequest::default()
        };
        self.unread.drain(..head);
        let length = request
            .header("content-length")
            .and_then(|length| length.parse().ok());
        let left = match request.header("transfer-encoding") {
            Some(_) => BodyLeft::Chunked(Chunks::START),
            None => BodyLeft::Length(length.unwrap_or(0)),
        };
        Ok(Some((request, left)))
    }
}
