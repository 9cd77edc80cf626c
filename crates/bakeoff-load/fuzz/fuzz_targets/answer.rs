//! The reader of answers, fed anything: `cargo +nightly fuzz run answer` (in `crates/bakeoff-load`).
//!
//! The first byte says how the others are cut into pieces. However they are cut, the reader must come to the same end: the
//! same status, the same body, the same number of bytes taken, and the same kind of complaint.

#![no_main]

use bakeoff_load::wire::{AnswerReader, Head, Listener, Malformed};
use libfuzzer_sys::fuzz_target;
use std::mem::{Discriminant, discriminant};

#[derive(Debug, Default, PartialEq, Eq)]
struct Heard {
    statuses: Vec<u16>,
    headers: usize,
    body: Vec<u8>,
}

impl Listener for Heard {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.statuses.push(head.status);
        self.headers += head.headers.len();
    }

    fn body(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }
}

#[derive(Debug, PartialEq, Eq)]
struct End {
    heard: Heard,
    taken: usize,
    done: bool,
    complaint: Option<Discriminant<Malformed>>,
}

/// What was asked.
#[derive(Clone, Copy)]
enum Asked {
    Get,
    Head,
    WebSocket,
}

fn read<'b>(asked: Asked, pieces: impl Iterator<Item = &'b [u8]>) -> End {
    let (mut reader, mut heard, mut taken) = (AnswerReader::default(), Heard::default(), 0);
    match asked {
        Asked::Get => reader.begin("GET"),
        Asked::Head => reader.begin("HEAD"),
        Asked::WebSocket => reader.begin_switching(),
    }
    let mut complaint = None;
    for piece in pieces {
        match reader.read(piece, &mut heard) {
            Ok(length) => {
                assert!(length <= piece.len(), "no more is taken than was given");
                assert!(length == piece.len() || reader.is_done(), "what is left over follows an end");
                taken += length;
            }
            Err(malformed) => complaint = Some(discriminant(&malformed)),
        }
        if complaint.is_some() || reader.is_done() {
            break;
        }
    }
    assert_eq!(heard.body.len() as u64, reader.body_len());
    assert!(heard.statuses.len() <= 1, "an answer has one head");
    let done = reader.is_done();
    // Pieces may delay a complaint until the end, but not change it; what was taken before it depends on them.
    let complaint = complaint.or_else(|| reader.end().err().map(|malformed| discriminant(&malformed)));
    if complaint.is_some() {
        (heard, taken) = (Heard::default(), 0);
    }
    End { heard, taken, done, complaint }
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, bytes)) = data.split_first() else { return };
    let asked = [Asked::Get, Asked::Head, Asked::WebSocket, Asked::Get][usize::from(cut & 3)];
    let whole = read(asked, std::iter::once(bytes));
    let cut_up = read(asked, bytes.chunks(1 + usize::from(cut >> 2)));
    assert_eq!(whole, cut_up);
});
