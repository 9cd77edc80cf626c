//! The chunked transfer coding: RFC 9112 §7.1, byte by byte, strict about line ends, with limits on extensions and
//! trailers. Trailers are skipped.

use crate::wire::malformed::Malformed;

/// The longest chunk extension, and the longest trailer section, bytes.
const MAX_ASIDE: u32 = 16 * 1024;

/// The reader's place in the coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chunks {
    /// In the size of a chunk.
    Size { value: u64, digits: u8 },
    /// In an extension after the size, up to the line end.
    Extension { size: u64, length: u32 },
    /// After the carriage return of the size's line.
    SizeEnd { size: u64 },
    /// In the data.
    Data { left: u64 },
    /// After the data, before its line end.
    DataReturn,
    /// Within the line end after the data.
    DataEnd,
    /// In the trailers after the last chunk; `line` counts the bytes of the line.
    Trailers { line: u32, length: u32 },
    /// Within a line end of the trailers; `last` when the line was empty.
    TrailersEnd { last: LastLine, length: u32 },
    /// After the last byte.
    Done,
}

/// Whether the trailer line that ends is the empty one, which ends the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastLine {
    No,
    Yes,
}

impl Chunks {
    pub(crate) const START: Self = Self::Size { value: 0, digits: 0 };

    /// Reads the body's part of `bytes`, passes its data to `data`, and returns the number of bytes read.
    pub(crate) fn read(&mut self, bytes: &[u8], mut data: impl FnMut(&[u8])) -> Result<usize, Malformed> {
        let mut at = 0;
        while at < bytes.len() && *self != Self::Done {
            // Data goes on in bulk; only the few bytes between chunks take the state machine's byte by byte way.
            if let Self::Data { left } = *self {
                let take = left.min((bytes.len() - at) as u64);
                data(&bytes[at..at + take as usize]);
                at += take as usize;
                *self = if take == left {
                    Self::DataReturn
                } else {
                    Self::Data { left: left - take }
                };
            } else {
                *self = self.after(bytes[at])?;
                at += 1;
            }
        }
        Ok(at)
    }

    fn after(self, byte: u8) -> Result<Self, Malformed> {
        match (self, byte) {
            (Self::Size { value, digits }, _) => after_size(value, digits, byte),
            (Self::Extension { size, .. }, b'\r') => Ok(Self::SizeEnd { size }),
            (Self::Extension { .. }, b'\n') => Err(Malformed::Chunk("a line feed without a carriage return")),
            (
                Self::Extension {
                    length: MAX_ASIDE, ..
                },
                _,
            ) => Err(Malformed::Chunk("an extension without end")),
            (Self::Extension { size, length }, _) => Ok(Self::Extension {
                size,
                length: length + 1,
            }),
            (Self::SizeEnd { size: 0 }, b'\n') => Ok(Self::Trailers { line: 0, length: 0 }),
            (Self::SizeEnd { size }, b'\n') => Ok(Self::Data { left: size }),
            (Self::SizeEnd { .. }, _) => Err(Malformed::Chunk("a size that does not end its line")),
            (Self::DataReturn, b'\r') => Ok(Self::DataEnd),
            (Self::DataEnd, b'\n') => Ok(Self::START),
            (Self::DataReturn | Self::DataEnd, _) => Err(Malformed::Chunk("data longer than its size")),
            (Self::Trailers { line: 0, length }, b'\r') => Ok(Self::TrailersEnd {
                last: LastLine::Yes,
                length,
            }),
            (Self::Trailers { length, .. }, b'\r') => Ok(Self::TrailersEnd {
                last: LastLine::No,
                length,
            }),
            (Self::Trailers { .. }, b'\n') => Err(Malformed::Chunk("a line feed without a carriage return")),
            (
                Self::Trailers {
                    length: MAX_ASIDE, ..
                },
                _,
            ) => Err(Malformed::Chunk("trailers without end")),
            (Self::Trailers { line, length }, _) => Ok(Self::Trailers {
                line: line + 1,
                length: length + 1,
            }),
            (
                Self::TrailersEnd {
                    last: LastLine::Yes, ..
                },
                b'\n',
            ) => Ok(Self::Done),
            (
                Self::TrailersEnd {
                    last: LastLine::No,
                    length,
                },
                b'\n',
            ) => Ok(Self::Trailers { line: 0, length }),
            (Self::TrailersEnd { .. }, _) => Err(Malformed::Chunk("a carriage return without a line feed")),
            (Self::Data { .. } | Self::Done, _) => {
                unreachable!("data is read in bulk and nothing follows the end")
            }
        }
    }
}

fn after_size(value: u64, digits: u8, byte: u8) -> Result<Chunks, Malformed> {
    const MOST_DIGITS: u8 = 15;
    match (char::from(byte).to_digit(16), byte) {
        (Some(_), _) if digits == MOST_DIGITS => Err(Malformed::Chunk("a size with too many digits")),
        (Some(digit), _) => Ok(Chunks::Size {
            value: value * 16 + u64::from(digit),
            digits: digits + 1,
        }),
        (None, b'\r') if digits > 0 => Ok(Chunks::SizeEnd { size: value }),
        (None, b';' | b' ' | b'\t') if digits > 0 => Ok(Chunks::Extension {
            size: value,
            length: 0,
        }),
        (None, _) => Err(Malformed::Chunk("a size that is no hexadecimal number")),
    }
}
