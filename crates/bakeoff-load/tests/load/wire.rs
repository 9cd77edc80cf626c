//! The reader of responses comes to the same result for every way to cut the bytes into pieces.

use bakeoff_load::wire::{Head, Malformed, ResponseHandler, ResponseReader};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

#[derive(Debug, Default, PartialEq, Eq)]
struct Collected {
    status: u16,
    body: Vec<u8>,
}

impl ResponseHandler for Collected {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.status = head.status;
    }

    fn body(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }
}

/// The collected response and the number of bytes read; `None` if the reader refused it.
fn read(bytes: &[u8], cuts: &[usize]) -> Option<(Collected, usize, bool)> {
    let (mut reader, mut collected, mut taken) = (ResponseReader::default(), Collected::default(), 0);
    reader.begin("GET");
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    for end in ends {
        if taken < end && !reader.is_done() {
            taken += reader.read(&bytes[taken..end], &mut collected).ok()?;
        }
    }
    let done = reader.is_done();
    // The reader keeps a piece of a head without a line end unparsed, so it may find an error in it only at the end.
    let truncated = |malformed: &Malformed| matches!(malformed, Malformed::Truncated(_));
    let refused = !done && reader.end().is_err_and(|malformed| !truncated(&malformed));
    (!refused).then_some((collected, taken, done))
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

/// A response and its body, with either framing.
fn responses() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
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
    fn a_right_response_is_read_whole((bytes, body) in responses(), cuts in prop::collection::vec(any::<usize>(), 0..6)) {
        let length = bytes.len();
        prop_assert_eq!(read(&bytes, &cuts), Some((Collected { status: 200, body }, length, true)));
    }

    #[test]
    fn a_damaged_response_has_the_same_result_for_every_cut(
        (mut bytes, _) in responses(),
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
