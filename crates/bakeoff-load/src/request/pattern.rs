//! The pattern of streamed bodies, up and down: byte *i* is *i* modulo 251. Any part of it can be produced or checked
//! from its offset alone, so that no stream is held in memory. Nothing here reads or writes a socket.

/// The pattern repeats after this many bytes: a prime, so that a server that sends the same buffer twice is caught.
const PERIOD: usize = 251;
/// The most bytes that are written at once, and the size of a chunk of an upload.
pub(crate) const PIECE: usize = 64 * 1024;

/// The pattern for a piece and a period more, so that a piece can begin anywhere in it.
static PATTERN: [u8; PIECE + PERIOD] = {
    let mut pattern = [0; PIECE + PERIOD];
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
pub(crate) fn pattern_piece(offset: u64, left: u64) -> &'static [u8] {
    let from = (offset % PERIOD as u64) as usize;
    &PATTERN[from..from + left.min(PIECE as u64) as usize]
}

/// The first offset at which `bytes`, which begin at `offset`, differ from the pattern.
pub(crate) fn first_unlike_pattern(offset: u64, bytes: &[u8]) -> Option<u64> {
    let mut at = offset;
    // Whole pieces are compared first, as one `memcmp`; bytes are counted only where one differs.
    for part in bytes.chunks(PIECE) {
        let expected = pattern_piece(at, part.len() as u64);
        if part != expected {
            let same = part
                .iter()
                .zip(expected)
                .take_while(|(got, expected)| got == expected);
            return Some(at + same.count() as u64);
        }
        at += part.len() as u64;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{first_unlike_pattern, pattern_byte};

    #[test]
    fn the_first_wrong_byte_is_found() {
        let mut bytes: Vec<u8> = (1_000..201_000).map(pattern_byte).collect();
        assert_eq!(first_unlike_pattern(1_000, &bytes), None);
        assert_eq!(first_unlike_pattern(1_001, &bytes), Some(1_001));
        bytes[150_000] ^= 1;
        assert_eq!(first_unlike_pattern(1_000, &bytes), Some(151_000));
    }
}
