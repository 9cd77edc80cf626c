//! The draws of one kind of case in one trial: which path, which number, which letters. The trial's seed determines
//! them, and draws of other kinds do not move them. Knows nothing of HTTP.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;

/// A source of draws.
#[derive(Debug)]
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// The draws of the kind with this id.
    pub(super) fn new(seed: u64, kind: &str) -> Draw {
        let digest = Sha256::new()
            .chain_update(seed.to_le_bytes())
            .chain_update(kind)
            .finalize();
        Draw(ChaCha8Rng::from_seed(digest.into()))
    }

    /// A number, both ends included.
    pub(super) fn number(&mut self, range: RangeInclusive<usize>) -> usize {
        self.0.random_range(range)
    }

    /// One of a list that is not empty.
    pub(super) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.0.random_range(0..of.len())]
    }

    /// True in half of the draws.
    pub(super) fn coin(&mut self) -> bool {
        self.0.random_bool(0.5)
    }

    /// Six to twelve small letters.
    pub(super) fn word(&mut self) -> String {
        let length = self.number(6..=12);
        (0..length)
            .map(|_| char::from(*self.pick(b"abcdefghijklmnopqrstuvwxyz")))
            .collect()
    }

    /// The text with letters in another case than in the text and than in small letters.
    pub(super) fn casing(&mut self, text: &str) -> String {
        loop {
            let drawn: String = text
                .chars()
                .map(|letter| {
                    if self.coin() {
                        letter.to_ascii_uppercase()
                    } else {
                        letter.to_ascii_lowercase()
                    }
                })
                .collect();
            if drawn != text && drawn != text.to_ascii_lowercase() {
                return drawn;
            }
        }
    }

    /// One to four spaces and tabs.
    pub(super) fn blanks(&mut self) -> String {
        let length = self.number(1..=4);
        (0..length).map(|_| *self.pick(&[' ', '\t'])).collect()
    }

    /// The byte percent-encoded, its hexadecimal digits in either case.
    pub(super) fn percent(&mut self, byte: u8) -> String {
        if self.coin() {
            format!("%{byte:02X}")
        } else {
            format!("%{byte:02x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;

    fn many(seed: u64, kind: &str) -> Vec<usize> {
        let mut draw = Draw::new(seed, kind);
        (0..8).map(|_| draw.number(1..=1_000_000)).collect()
    }

    #[test]
    fn the_seed_and_the_kind_determine_the_draws() {
        assert_eq!(many(7, "date"), many(7, "date"));
        assert_ne!(many(7, "date"), many(8, "date"));
        assert_ne!(many(7, "date"), many(7, "head"));
    }

    #[test]
    fn a_drawn_casing_is_the_same_word_and_looks_different() {
        for seed in 0..50 {
            let mut draw = Draw::new(seed, "any");
            let drawn = draw.casing("Content-Type");
            assert!(drawn.eq_ignore_ascii_case("content-type"), "{drawn}");
            assert!(drawn != "Content-Type" && drawn != "content-type", "{drawn}");
            assert!((6..=12).contains(&draw.word().len()));
            assert!(draw.blanks().trim().is_empty());
            assert!(["%6A", "%6a"].contains(&draw.percent(b'j').as_str()));
        }
    }
}
