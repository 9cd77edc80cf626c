//! What a request carries besides its head: a text, or a long stream that is made as the socket takes it and never held.

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text, a template.
    Text(String),
    /// [The pattern](pattern_byte), so many bytes of it, written from a small window as the socket takes them.
    Pattern {
        /// How many.
        bytes: u64,
        /// How its end is told.
        coding: Coding,
    },
    /// No body, but the text message, a template, that is sent once the request has been granted a WebSocket (RFC 6455). The
    /// message that comes back is the answer, to which length and body rules apply; the status is that of the opening.
    Message(String),
}

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// By `Content-Length`.
    Length,
    /// By chunks of 64 KiB.
    Chunked,
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// After so many bytes the pattern begins anew: a prime, so that no buffer of a usual size repeats it.
const PERIOD: usize = 251;
/// The most bytes that are written at once, and the size of a chunk.
const WINDOW: usize = 64 * 1024;

/// The pattern for more than a window, so that a window can begin anywhere in it.
static PATTERN: [u8; WINDOW + PERIOD] = {
    let mut pattern = [0; WINDOW + PERIOD];
    let mut at = 0;
    while at < pattern.len() {
        pattern[at] = (at % PERIOD) as u8;
        at += 1;
    }
    pattern
};

/// The byte of the pattern at an offset: the offset modulo 251.
pub const fn pattern_byte(offset: u64) -> u8 {
    (offset % PERIOD as u64) as u8
}

/// The pattern from an offset on, at most 64 KiB of it and at most `left`.
pub(crate) fn pattern_window(offset: u64, left: u64) -> &'static [u8] {
    let from = (offset % PERIOD as u64) as usize;
    &PATTERN[from..from + left.min(WINDOW as u64) as usize]
}

/// The first offset at which `bytes`, which stand at `offset`, are not the pattern.
pub(crate) fn first_unlike_pattern(offset: u64, bytes: &[u8]) -> Option<u64> {
    let mut at = offset;
    for piece in bytes.chunks(WINDOW) {
        let expected = pattern_window(at, piece.len() as u64);
        if piece != expected {
            let same = piece
                .iter()
                .zip(expected)
                .take_while(|(got, expected)| got == expected);
            return Some(at + same.count() as u64);
        }
        at += piece.len() as u64;
    }
    None
}

/// A streamed body that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Upload {
    at: u64,
    end: u64,
    coding: Coding,
    /// What stands between the data: the ends and the sizes of chunks.
    aside: Aside,
}

/// A few bytes, from `from` to `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Aside {
    bytes: [u8; 16],
    from: u8,
    to: u8,
}

impl Aside {
    const NOTHING: Self = Self {
        bytes: [0; 16],
        from: 0,
        to: 0,
    };

    fn of(text: &[u8]) -> Self {
        let mut aside = Self::NOTHING;
        aside.bytes[..text.len()].copy_from_slice(text);
        aside.to = text.len() as u8;
        aside
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
            aside: Aside::NOTHING,
        };
        if coding == Coding::Chunked {
            upload.aside = match bytes {
                0 => Aside::of(b"0\r\n\r\n"),
                _ => upload.size(""),
            };
        }
        upload
    }

    /// The next bytes to be written; empty when all have been.
    pub(crate) fn window(&self) -> &[u8] {
        match self.aside.left() {
            [] => pattern_window(self.at, self.chunk_end() - self.at),
            aside => aside,
        }
    }

    /// So many bytes of the window have been written.
    pub(crate) fn advance(&mut self, written: usize) {
        if !self.aside.left().is_empty() {
            self.aside.from += written as u8;
            return;
        }
        let chunk_end = self.chunk_end();
        self.at += written as u64;
        if self.coding == Coding::Chunked && self.at == chunk_end {
            self.aside = if self.at == self.end {
                Aside::of(b"\r\n0\r\n\r\n")
            } else {
                self.size("\r\n")
            };
        }
    }

    /// Whether all has been written.
    pub(crate) fn is_done(&self) -> bool {
        self.at == self.end && self.aside.left().is_empty()
    }

    /// How much of the pattern has been written, bytes.
    pub(crate) fn written(&self) -> u64 {
        self.at
    }

    fn chunk_end(&self) -> u64 {
        let whole = self.at / WINDOW as u64 * WINDOW as u64;
        (whole + WINDOW as u64).min(self.end)
    }

    /// The line that tells the size of the chunk that begins here.
    fn size(&self, before: &str) -> Aside {
        use std::io::Write as _;
        let mut line = Aside::NOTHING;
        let mut room = &mut line.bytes[..];
        let length = room.len();
        write!(room, "{before}{:x}\r\n", self.chunk_end() - self.at).expect("a chunk's size has few digits");
        line.to = (length - room.len()) as u8;
        line
    }
}

#[cfg(test)]
mod tests {
    use super::{Coding, Upload, WINDOW, first_unlike_pattern, pattern_byte};

    /// Everything that is written when the socket takes at most `most` bytes at once.
    fn written(bytes: u64, coding: Coding, most: usize) -> Vec<u8> {
        let mut upload = Upload::new(bytes, coding);
        let mut out = Vec::new();
        while !upload.is_done() {
            let window = upload.window();
            let taken = window.len().min(most);
            assert!(taken > 0, "an upload that is not done has bytes to write");
            out.extend_from_slice(&window[..taken]);
            upload.advance(taken);
        }
        assert_eq!((upload.written(), upload.window()), (bytes, &[][..]));
        out
    }

    #[test]
    fn a_body_is_the_pattern_however_it_is_taken() {
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
    fn chunks_are_told_by_their_size() {
        assert_eq!(written(0, Coding::Chunked, 3), b"0\r\n\r\n");
        assert_eq!(written(3, Coding::Chunked, 2), b"3\r\n\0\x01\x02\r\n0\r\n\r\n");
        let two = written(WINDOW as u64 + 1, Coding::Chunked, 1_000);
        assert!(two.starts_with(b"10000\r\n\0\x01"));
        let last = pattern_byte(WINDOW as u64);
        assert!(two.ends_with(&[b"\r\n1\r\n", &[last][..], b"\r\n0\r\n\r\n"].concat()));
        assert_eq!(two.len(), 7 + WINDOW + 2 + 3 + 1 + 2 + 5);
    }

    #[test]
    fn the_first_wrong_byte_is_found() {
        let mut bytes: Vec<u8> = (1_000..201_000).map(pattern_byte).collect();
        assert_eq!(first_unlike_pattern(1_000, &bytes), None);
        assert_eq!(first_unlike_pattern(1_001, &bytes), Some(1_001));
        bytes[150_000] ^= 1;
        assert_eq!(first_unlike_pattern(1_000, &bytes), Some(151_000));
    }
}
