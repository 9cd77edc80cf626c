//! The reader of answers comes to the same end however the bytes are cut.

use bakeoff_load::wire::{Head, Malformed, ResponseHandler, ResponseReader};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

#[derive(Debug, Default, PartialEq, Eq)]
struct Heard {
    status: u16,
    body: Vec<u8>,
}

impl ResponseHandler for Heard {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.status = head.status;
    }

    fn body(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }
}

/// What was heard and how much was taken, or that it was refused.
fn read(bytes: &[u8], cuts: &[usize]) -> Option<(Heard, usize, bool)> {
    let (mut reader, mut heard, mut taken) = (ResponseReader::default(), Heard::default(), 0);
    reader.begin("GET");
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    for end in ends {
        if taken < end && !reader.is_done() {
            taken += reader.read(&bytes[taken..end], &mut heard).ok()?;
        }
    }
    let done = reader.is_done();
    // A piece of a head without a line end is kept unparsed, so that what is wrong with it may be told with the end only.
    let truncated = |malformed: &Malformed| matches!(malformed, Malformed::Truncated(_));
    let refused = !done && reader.end().is_err_and(|malformed| !truncated(&malformed));
    (!refused).then_some((heard, taken, done))
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

/// An answer with its body, framed in one of the ways.
fn answers() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let interim = prop_oneof![Just(""), Just("HTTP/1.1 100 Continue\r\n\r\n")];
    (interim, bodies(), any::<bool>(), 1_usize..50).prop_map(|(interim, body, chunked, size)| {
        let mut bytes = format!("{interim}HTTP/1.1 200 OK\r\nx: y\r\n").into_bytes();
        if chunked {
            bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            for chunk in body.chunks(size) {
                bytes.extend_from_slice(format!("{:x};a=b\r\n", chunk.len()).as_bytes());
                bytes.extend_from_slice(chunk);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\ntrailer: z\r\n\r\n");
        } else {
            bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
            bytes.extend_from_slice(&body);
        }
        (bytes, body)
    })
}

proptest! {
    #[test]
    fn a_right_answer_is_read_whole((bytes, body) in answers(), cuts in prop::collection::vec(any::<usize>(), 0..6)) {
        let length = bytes.len();
        prop_assert_eq!(read(&bytes, &cuts), Some((Heard { status: 200, body }, length, true)));
    }

    #[test]
    fn a_damaged_answer_ends_alike_however_it_is_cut(
        (mut bytes, _) in answers(),
        damage in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4),
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        for (place, value) in damage {
            let place = place % bytes.len();
            bytes[place] = value;
        }
        prop_assert_eq!(read(&bytes, &cuts), read(&bytes, &[]));
    }
}
