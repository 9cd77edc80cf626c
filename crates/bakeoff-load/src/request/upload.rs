//! The body of an upload: the pattern, produced in small pieces as the socket takes them, so that no upload is ever
//! held in memory. This module knows how far an upload has come; it does not write to sockets.

use crate::request::pattern::{PIECE, pattern_piece};
use crate::request::spec::Coding;

/// A streamed body on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Upload {
    at: u64,
    end: u64,
    coding: Coding,
    /// The bytes between the data: the end of a chunk, and the size of the next.
    chunk_line: ChunkLine,
}

/// A few bytes, of which those from `from` to `to` are still to be written. An array keeps [`Upload`] free of
/// allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ChunkLine {
    bytes: [u8; 16],
    from: u8,
    to: u8,
}

impl ChunkLine {
    const NOTHING: Self = Self {
        bytes: [0; 16],
        from: 0,
        to: 0,
    };

    fn of(text: &[u8]) -> Self {
        let mut chunk_line = Self::NOTHING;
        chunk_line.bytes[..text.len()].copy_from_slice(text);
        chunk_line.to = text.len() as u8;
        chunk_line
    }

    fn left(&self) -> &[u8] {
        &self.bytes[usize::from(self.from)..usize::from(self.to)]
    }
}

impl Upload {
    pub(crate) fn new(bytes: u64, coding: Coding) -> Self {
        let mut upload = Self {
            at: 0,
            end: bytes,
            coding,
            chunk_line: ChunkLine::NOTHING,
        };
        if coding == Coding::Chunked {
            upload.chunk_line = match bytes {
                0 => ChunkLine::of(b"0\r\n\r\n"),
                _ => upload.size(""),
            };
        }
        upload
    }

    /// The next bytes to write; empty at the end.
    pub(crate) fn next_piece(&self) -> &[u8] {
        match self.chunk_line.left() {
            [] => pattern_piece(self.at, self.chunk_end() - self.at),
            chunk_line => chunk_line,
        }
    }

    /// Notes that `written` bytes of the piece have been written.
    pub(crate) fn advance(&mut self, written: usize) {
        if !self.chunk_line.left().is_empty() {
            self.chunk_line.from += written as u8;
            return;
        }
        let chunk_end = self.chunk_end();
        self.at += written as u64;
        if self.coding == Coding::Chunked && self.at == chunk_end {
            self.chunk_line = if self.at == self.end {
                ChunkLine::of(b"\r\n0\r\n\r\n")
            } else {
                self.size("\r\n")
            };
        }
    }

    /// Whether all has been written.
    pub(crate) fn is_done(&self) -> bool {
        self.at == self.end && self.chunk_line.left().is_empty()
    }

    /// The bytes of the pattern that have been written.
    pub(crate) fn written(&self) -> u64 {
        self.at
    }

    fn chunk_end(&self) -> u64 {
        let whole = self.at / PIECE as u64 * PIECE as u64;
        (whole + PIECE as u64).min(self.end)
    }

    /// The line with the size of the chunk that begins here.
    fn size(&self, before: &str) -> ChunkLine {
        use std::io::Write as _;
        let mut line = ChunkLine::NOTHING;
        let mut room = &mut line.bytes[..];
        let length = room.len();
        write!(room, "{before}{:x}\r\n", self.chunk_end() - self.at).expect("a chunk's size has few digits");
        line.to = (length - room.len()) as u8;
        line
    }
}

#[cfg(test)]
mod tests {
    use super::{Coding, PIECE, Upload};
    use crate::request::pattern::{first_unlike_pattern, pattern_byte};

    /// All bytes that are written when the socket takes at most `most` bytes at once.
    fn written(bytes: u64, coding: Coding, most: usize) -> Vec<u8> {
        let mut upload = Upload::new(bytes, coding);
        let mut out = Vec::new();
        while !upload.is_done() {
            let piece = upload.next_piece();
            let taken = piece.len().min(most);
            assert!(taken > 0, "an upload that is not done has bytes to write");
            out.extend_from_slice(&piece[..taken]);
            upload.advance(taken);
        }
        assert_eq!((upload.written(), upload.next_piece()), (bytes, &[][..]));
        out
    }

    #[test]
    fn an_upload_is_the_pattern_for_every_size_of_write() {
        for bytes in [0, 1, 250, 251, 252, 65_536, 200_000] {
            let expected: Vec<u8> = (0..bytes).map(pattern_byte).collect();
            for most in [1, 250, 4_096, usize::MAX] {
                assert!(
                    written(bytes, Coding::Length, most) == expected,
                    "{bytes} bytes, {most} at once"
                );
            }
            assert_eq!(first_unlike_pattern(0, &expected), None);
        }
    }

    #[test]
    fn chunks_begin_with_their_size() {
        assert_eq!(written(0, Coding::Chunked, 3), b"0\r\n\r\n");
        assert_eq!(written(3, Coding::Chunked, 2), b"3\r\n\0\x01\x02\r\n0\r\n\r\n");
        let two = written(PIECE as u64 + 1, Coding::Chunked, 1_000);
        assert!(two.starts_with(b"10000\r\n\0\x01"));
        let last = pattern_byte(PIECE as u64);
        assert!(two.ends_with(&[b"\r\n1\r\n", &[last][..], b"\r\n0\r\n\r\n"].concat()));
        assert_eq!(two.len(), 7 + PIECE + 2 + 3 + 1 + 2 + 5);
    }
}
