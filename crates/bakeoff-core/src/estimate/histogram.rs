//! Stored histograms, read as the buckets that are not empty. A run keeps thousands of them, nearly all of whose buckets are empty, so the V2 form of
//! HdrHistogram is read directly instead of building each in memory. Deliberately one geometry: 1 µs and three digits, as the
//! load generator records; any other is read by the library and put into these buckets.

use flate2::{Decompress, FlushDecompress, Status};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;

/// Buckets of one power of two: with three digits 1,024, of which the first power has twice as many.
const HALF: u64 = 1024;
const HALF_BITS: u32 = 10;

const COOKIE: u32 = 0x1c84_9313;
const COMPRESSED_COOKIE: u32 = 0x1c84_9314;
/// Bytes of the head after the cookie: payload length, offset, digits, lowest, highest, ratio.
const HEAD: usize = 4 + 4 + 4 + 8 + 8 + 8;

/// A latency histogram: (bucket, count), buckets rising, counts above 0.
pub type Counts = Vec<(u32, u64)>;

/// The bucket of a value in µs.
#[must_use]
pub fn bucket_of(micros: u64) -> u32 {
    let power = (u64::BITS - micros.leading_zeros()).saturating_sub(HALF_BITS + 1);
    (u64::from(power) * HALF + (micros >> power)) as u32
}

/// The largest value of a bucket, in µs: what HdrHistogram tells of it.
#[must_use]
pub fn micros_of(bucket: u32) -> u64 {
    let bucket = u64::from(bucket);
    let power = (bucket / HALF).saturating_sub(1);
    let within = bucket - power * HALF;
    ((within + 1) << power) - 1
}

/// Reads serialised histograms one after the other, with one set of buffers.
#[derive(Debug)]
pub struct Decoder {
    inflate: Decompress,
    plain: Vec<u8>,
    counts: Counts,
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder {
            inflate: Decompress::new(true),
            plain: Vec::with_capacity(4 * HALF as usize),
            counts: Counts::with_capacity(HALF as usize),
        }
    }
}

impl Decoder {
    /// Reads an HdrHistogram (V2, with or without DEFLATE), which stands until the next is read; none when the bytes are no such histogram.
    pub fn decode(&mut self, bytes: &[u8]) -> Option<&[(u32, u64)]> {
        self.counts.clear();
        let (cookie, rest) = word(bytes)?;
        let ours = match cookie {
            COOKIE => counts(rest, &mut self.counts),
            COMPRESSED_COOKIE => {
                self.inflate(rest)?;
                let (cookie, rest) = word(&self.plain)?;
                if cookie != COOKIE {
                    return None;
                }
                counts(rest, &mut self.counts)
            }
            _ => return None,
        };
        if ours.is_none() {
            self.counts.clear();
            by_library(bytes, &mut self.counts)?;
        }
        Some(&self.counts)
    }

    fn inflate(&mut self, rest: &[u8]) -> Option<()> {
        let (length, rest) = word(rest)?;
        let compressed = rest.get(..length as usize)?;
        self.inflate.reset(true);
        self.plain.clear();
        loop {
            let read = usize::try_from(self.inflate.total_in()).ok()?;
            let before = self.plain.len();
            let status =
                self.inflate
                    .decompress_vec(&compressed[read..], &mut self.plain, FlushDecompress::Finish);
            match status.ok()? {
                Status::StreamEnd => return Some(()),
                _ if self.plain.len() == self.plain.capacity() => self.plain.reserve(self.plain.len().max(1)),
                _ if self.plain.len() == before => return None,
                _ => {}
            }
        }
    }
}

/// Adds the buckets of a V2 histogram in our geometry, after its cookie.
fn counts(rest: &[u8], counts: &mut Counts) -> Option<()> {
    let head = rest.get(..HEAD)?;
    let number = |from: usize, to: usize| {
        head[from..to]
            .iter()
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte))
    };
    let (length, offset, digits, lowest) =
        (number(0, 4) as usize, number(4, 8), number(8, 12), number(12, 20));
    if offset != 0 || digits != 3 || lowest > 1 || number(28, 36) != 1.0_f64.to_bits() {
        return None;
    }
    let mut payload = rest.get(HEAD..)?.get(..length)?;
    let mut bucket = 0_u32;
    while !payload.is_empty() {
        let number = zig_zag(variable(&mut payload)?);
        match u64::try_from(number) {
            Ok(0) => bucket = bucket.checked_add(1)?,
            Ok(count) => {
                counts.push((bucket, count));
                bucket = bucket.checked_add(1)?;
            }
            Err(_) => bucket = bucket.checked_add(u32::try_from(number.unsigned_abs()).ok()?)?,
        }
    }
    // A bucket above this holds no 64-bit value.
    (bucket <= bucket_of(u64::MAX >> 1)).then_some(())
}

/// The next number of seven bits a byte, the ninth byte whole.
fn variable(payload: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..9 {
        let (byte, rest) = payload.split_first()?;
        *payload = rest;
        if place == 8 {
            return Some(value | (u64::from(*byte) << 56));
        }
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

fn zig_zag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn word(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*head), rest))
}

/// Adds a histogram of another geometry, in our buckets.
fn by_library(bytes: &[u8], counts: &mut Counts) -> Option<()> {
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut &bytes[..]).ok()?;
    for step in histogram.iter_recorded() {
        let bucket = bucket_of(step.value_iterated_to());
        match counts.last_mut() {
            Some((last, count)) if *last == bucket => *count += step.count_at_value(),
            _ => counts.push((bucket, step.count_at_value())),
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{Counts, Decoder, bucket_of, micros_of};
    use hdrhistogram::Histogram;
    use hdrhistogram::serialization::{Serializer, V2DeflateSerializer, V2Serializer};
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    fn stored(values: &[u64], low: u64, digits: u8) -> [Vec<u8>; 2] {
        let mut histogram = Histogram::<u64>::new_with_bounds(low, 60_000_000, digits).unwrap();
        values.iter().for_each(|value| histogram.record(*value).unwrap());
        let (mut plain, mut deflated) = (Vec::new(), Vec::new());
        V2Serializer::new().serialize(&histogram, &mut plain).unwrap();
        V2DeflateSerializer::new()
            .serialize(&histogram, &mut deflated)
            .unwrap();
        [plain, deflated]
    }

    fn decode(bytes: &[u8]) -> Option<Counts> {
        Decoder::default().decode(bytes).map(<[(u32, u64)]>::to_vec)
    }

    fn by_value(counts: &Counts) -> Vec<(u64, u64)> {
        counts
            .iter()
            .map(|(bucket, count)| (micros_of(*bucket), *count))
            .collect()
    }

    #[test]
    fn a_stored_histogram_is_read_back() {
        for bytes in stored(&[1500, 900, 1500, 59_000_000], 1, 3) {
            let counts = by_value(&decode(&bytes).unwrap());
            assert_eq!(counts[..2], [(900, 1), (1500, 2)]);
            assert_eq!(bucket_of(counts[2].0), bucket_of(59_000_000));
        }
    }

    #[test]
    fn another_geometry_is_read_too() {
        for bytes in stored(&[5_000, 5_001, 40_000], 1, 2) {
            let counts = decode(&bytes).unwrap();
            assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 3);
        }
    }

    #[test]
    fn what_is_no_histogram_is_none() {
        let [plain, deflated] = stored(&[5_000], 1, 3);
        for bytes in [
            &b""[..],
            b"no histogram",
            &plain[..plain.len() - 1],
            &deflated[..20],
            &plain[..30],
        ] {
            assert_eq!(decode(bytes), None);
        }
    }

    proptest! {
        #[test]
        fn buckets_are_those_of_the_library(values in prop::collection::vec(1_u64..60_000_000, 1..200)) {
            let mut histogram = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).unwrap();
            values.iter().for_each(|value| histogram.record(*value).unwrap());
            let want: Vec<(u64, u64)> =
                histogram.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect();
            for bytes in stored(&values, 1, 3) {
                prop_assert_eq!(&by_value(&decode(&bytes).unwrap()), &want);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(0_u8..=255, 0..300)) {
            let mut with_head = 0x1c84_9313_u32.to_be_bytes().to_vec();
            with_head.extend_from_slice(&bytes);
            let _ = (decode(&bytes), decode(&with_head));
        }
    }
}
