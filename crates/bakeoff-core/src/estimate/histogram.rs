//! Stored histograms, read as their non-empty buckets. A run keeps thousands of histograms, and nearly all of their
//! buckets are empty, so the V2 form of HdrHistogram is read directly instead of building each one in memory. There
//! is one geometry, 1 µs and three digits, which the load generator records; histograms of another geometry are read
//! by the library and put into these buckets.

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

/// The last bucket that holds a 63-bit value, as the library counts: 2¹¹ of the first power, then 2¹⁰ of each of 52
/// more.
const LAST_BUCKET: u32 = (2 * HALF + 52 * HALF) as u32 - 1;

/// A latency histogram: (bucket, count), buckets rising, counts above 0.
pub type Counts = Vec<(u32, u64)>;

/// The bucket of a value in µs.
#[must_use]
pub fn bucket_of(micros: u64) -> u32 {
    let power = (u64::BITS - micros.leading_zeros()).saturating_sub(HALF_BITS + 1);
    (u64::from(power) * HALF + (micros >> power)) as u32
}

/// The largest value of a bucket, in µs, as HdrHistogram reports it.
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
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder {
            inflate: Decompress::new(true),
            plain: Vec::with_capacity(4 * HALF as usize),
        }
    }
}

impl Decoder {
    /// Reads an HdrHistogram (V2, with or without DEFLATE); none when the bytes are no such histogram.
    pub fn decode(&mut self, bytes: &[u8]) -> Option<Counts> {
        let mut counts = Counts::new();
        let body = self.body(bytes)?;
        let ours = each_bucket(body, |bucket, count| {
            if count > 0 {
                counts.push((bucket, count));
            }
        });
        match ours {
            Some(()) => Some(counts),
            None => by_library(bytes),
        }
    }

    /// Adds an HdrHistogram to sums by bucket, which become longer where it has more; bytes that are no such
    /// histogram add nothing.
    pub fn add_to(&mut self, sums: &mut Vec<u64>, bytes: &[u8]) {
        let Some(body) = self.body(bytes) else { return };
        let added = each_bucket(body, |bucket, count| {
            let bucket = bucket as usize;
            if bucket >= sums.len() {
                sums.resize(bucket + 1, 0);
            }
            sums[bucket] = sums[bucket].wrapping_add(count);
        });
        if added.is_none() {
            each_bucket(body, |bucket, count| {
                sums[bucket as usize] = sums[bucket as usize].wrapping_sub(count);
            });
            for (bucket, count) in by_library(bytes).unwrap_or_default() {
                sums.resize(sums.len().max(bucket as usize + 1), 0);
                sums[bucket as usize] += count;
            }
        }
    }

    /// What comes after the cookie, inflated.
    fn body<'a>(&'a mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let (cookie, rest) = word(bytes)?;
        match cookie {
            COOKIE => Some(rest),
            COMPRESSED_COOKIE => {
                self.inflate(rest)?;
                let (cookie, rest) = word(&self.plain)?;
                (cookie == COOKIE).then_some(rest)
            }
            _ => None,
        }
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

/// Gives each bucket of a V2 histogram in our geometry to `take`, rising, many of them with a count of 0; none when
/// it is another, or broken.
#[inline]
fn each_bucket(body: &[u8], mut take: impl FnMut(u32, u64)) -> Option<()> {
    let payload = payload(body)?;
    let (mut place, mut bucket) = (0, 0_u32);
    while let Some(byte) = payload.get(place) {
        // Nearly all numbers take one byte.
        let number = if byte & 0x80 == 0 {
            place += 1;
            u64::from(*byte)
        } else {
            variable(payload, &mut place)?
        };
        // Zig-zag: an even number is twice the count of a bucket, an odd one tells how many buckets are empty. By
        // masks, since which of the two comes next is hard to foresee.
        let (is_empty, half) = (number & 1, number >> 1);
        let (count, more) = (half & is_empty.wrapping_sub(1), half & is_empty.wrapping_neg());
        if bucket > LAST_BUCKET || more > u64::from(LAST_BUCKET) {
            return None;
        }
        take(bucket, count);
        bucket += 1 + more as u32;
    }
    Some(())
}

/// The payload of a V2 histogram in our geometry, after its cookie.
fn payload(body: &[u8]) -> Option<&[u8]> {
    let head = body.get(..HEAD)?;
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
    body.get(HEAD..)?.get(..length)
}

/// The next number of seven bits a byte, the ninth byte whole.
fn variable(payload: &[u8], place: &mut usize) -> Option<u64> {
    let mut value = 0_u64;
    for bits in 0..9 {
        let byte = *payload.get(*place)?;
        *place += 1;
        if bits == 8 {
            return Some(value | (u64::from(byte) << 56));
        }
        value |= u64::from(byte & 0x7f) << (7 * bits);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

fn word(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*head), rest))
}

/// A histogram of another geometry, in our buckets.
fn by_library(bytes: &[u8]) -> Option<Counts> {
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut &bytes[..]).ok()?;
    let mut counts = Counts::new();
    for step in histogram.iter_recorded() {
        let bucket = bucket_of(step.value_iterated_to());
        match counts.last_mut() {
            Some((last, count)) if *last == bucket => *count += step.count_at_value(),
            _ => counts.push((bucket, step.count_at_value())),
        }
    }
    Some(counts)
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
        let counts = Decoder::default().decode(bytes);
        let mut sums = vec![7, 7];
        Decoder::default().add_to(&mut sums, bytes);
        let added = |(bucket, sum): (u32, u64)| (bucket, if bucket < 2 { sum - 7 } else { sum });
        let sums: Counts = (0..)
            .zip(sums)
            .map(added)
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(counts.clone().unwrap_or_default(), sums);
        counts
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
    fn bytes_that_are_no_histogram_give_none() {
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
