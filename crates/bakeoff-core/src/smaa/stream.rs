//! Randomness by name: every unknown of a problem has its own stream, found by the names it belongs to, and every
//! chunk of samples has its own place in the stream. So the result is the same at any number of threads and in any
//! order of the alternatives, and adding or removing an alternative changes no number of another. The generator is
//! ChaCha with 8 rounds.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Samples that are simulated together; a column of them fits into the first cache.
pub(super) const CHUNK: usize = 1024;

/// The root of all streams of a problem.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    root: ChaCha8Rng,
}

impl Streams {
    pub(super) fn new(seed: u64) -> Streams {
        Streams {
            root: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// The stream of what `names` name, at the place of a chunk, which may draw up to 2²⁴ words there.
    pub(super) fn at(&self, names: &[&str], chunk: usize) -> ChaCha8Rng {
        let mut stream = self.root.clone();
        stream.set_stream(key(names));
        stream.set_word_pos((chunk as u128) << 24);
        stream
    }
}

/// FNV-1a over the names, each ended by a byte that no name has.
fn key(names: &[&str]) -> u64 {
    let bytes = names.iter().flat_map(|name| name.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
