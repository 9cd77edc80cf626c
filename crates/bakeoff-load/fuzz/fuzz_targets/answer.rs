//! The reader of answers, fed anything: `cargo +nightly fuzz run answer` (in `crates/bakeoff-load`).
//!
//! The first byte says how the others are cut into pieces. However they are cut, the reader must come to the same end: the
//! same status, the same body, the same number of bytes taken, and the same kind of complaint. So must a reader that remembers
//! the head from the time before, and hears of no head when it recognises that.

#![no_main]

use bakeoff_load::wire::{ResponseReader, ResponseHeadCache, Head, ResponseHandler, Malformed};
use libfuzzer_sys::fuzz_target;
use std::mem::{Discriminant, discriminant};

#[derive(Debug, Default)]
struct Heard {
    /// The status of each head, and how many headers it had.
    heads: Vec<(u16, usize)>,
    body: Vec<u8>,
    /// Where the head is remembered, if it is.
    head_cache: Option<ResponseHeadCache>,
}

impl ResponseHandler for Heard {
    fn head(&mut self, head: &Head<'_, '_>) {
        self.heads.push((head.status, head.headers.len()));
    }

    fn body(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }

    fn head_cache(&mut self) -> Option<&mut ResponseHeadCache> {
        self.head_cache.as_mut()
    }
}

#[derive(Debug, PartialEq, Eq)]
struct End {
    body: Vec<u8>,
    taken: usize,
    done: bool,
    keeps_alive: bool,
    complaint: Option<Discriminant<Malformed>>,
}

/// What was sent.
#[derive(Clone, Copy)]
enum Sent {
    Get,
    Head,
    WebSocket,
}

/// Reads one answer, and says how it ended and of which heads was heard.
fn read<'b>(
    sent: Sent,
    pieces: impl Iterator<Item = &'b [u8]>,
    heard: &mut Heard,
) -> (End, Vec<(u16, usize)>) {
    let (mut reader, mut taken) = (ResponseReader::default(), 0);
    match sent {
        Sent::Get => reader.begin("GET"),
        Sent::Head => reader.begin("HEAD"),
        Sent::WebSocket => reader.begin_upgrade(),
    }
    let mut complaint = None;
    for piece in pieces {
        match reader.read(piece, heard) {
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
    let (mut heads, mut body) = (std::mem::take(&mut heard.heads), std::mem::take(&mut heard.body));
    assert_eq!(body.len() as u64, reader.body_len());
    assert!(heads.len() <= 1, "an answer has one head");
    let (done, keeps_alive) = (reader.is_done(), reader.keeps_alive());
    // Pieces may delay a complaint until the end, but not change it; what was taken before it depends on them.
    let complaint = complaint.or_else(|| reader.end().err().map(|malformed| discriminant(&malformed)));
    if complaint.is_some() {
        (heads, body, taken) = (Vec::new(), Vec::new(), 0);
    }
    let end = End {
        body,
        taken,
        done,
        keeps_alive: keeps_alive && complaint.is_none(),
        complaint,
    };
    (end, heads)
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, bytes)) = data.split_first() else { return };
    let sent = [Sent::Get, Sent::Head, Sent::WebSocket, Sent::Get][usize::from(cut & 3)];
    let whole = read(sent, std::iter::once(bytes), &mut Heard::default());
    let cut_up = read(sent, bytes.chunks(1 + usize::from(cut >> 2)), &mut Heard::default());
    assert_eq!(whole, cut_up);
    let mut heard = Heard {
        head_cache: Some(ResponseHeadCache::default()),
        ..Heard::default()
    };
    let first = read(sent, std::iter::once(bytes), &mut heard);
    assert_eq!(whole, first);
    let (again, heads) = read(sent, std::iter::once(bytes), &mut heard);
    assert_eq!(whole.0, again);
    assert!(heads.is_empty() || heads == whole.1);
});
