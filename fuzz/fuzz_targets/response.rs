//! The reader of responses on arbitrary bytes: `cargo +nightly fuzz run response`.
//!
//! The first byte decides how the others are cut into pieces. For every cut the reader must come to the same result:
//! the same status, the same body, the same number of bytes read, and the same kind of error. So must a reader that
//! has the head of the time before in its cache, and passes on no head when it finds it there.

#![no_main]

use bakeoff_load::wire::{Head, Malformed, ResponseHandler, ResponseHeadCache, ResponseReader};
use libfuzzer_sys::fuzz_target;
use std::mem::{Discriminant, discriminant};

#[derive(Debug, Default)]
struct Collected {
    /// The status of each head, and how many headers it had.
    heads: Vec<(u16, usize)>,
    body: Vec<u8>,
    /// The cache of the head, if there is one.
    head_cache: Option<ResponseHeadCache>,
}

impl ResponseHandler for Collected {
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
    error: Option<Discriminant<Malformed>>,
}

/// The request that was sent.
#[derive(Clone, Copy)]
enum Sent {
    Get,
    Head,
    WebSocket,
}

/// Reads one response, and returns how it ended and the heads that the reader passed on.
fn read<'b>(
    sent: Sent,
    pieces: impl Iterator<Item = &'b [u8]>,
    collected: &mut Collected,
) -> (End, Vec<(u16, usize)>) {
    let (mut reader, mut taken) = (ResponseReader::default(), 0);
    match sent {
        Sent::Get => reader.begin("GET"),
        Sent::Head => reader.begin("HEAD"),
        Sent::WebSocket => reader.begin_upgrade(),
    }
    let mut error = None;
    for piece in pieces {
        match reader.read(piece, collected) {
            Ok(length) => {
                assert!(
                    length <= piece.len(),
                    "the reader reads no more bytes than it got"
                );
                assert!(
                    length == piece.len() || reader.is_done(),
                    "unread bytes follow an end"
                );
                taken += length;
            }
            Err(malformed) => error = Some(discriminant(&malformed)),
        }
        if error.is_some() || reader.is_done() {
            break;
        }
    }
    let (mut heads, mut body) = (
        std::mem::take(&mut collected.heads),
        std::mem::take(&mut collected.body),
    );
    assert_eq!(body.len() as u64, reader.body_len());
    assert!(heads.len() <= 1, "a response has one head");
    let (done, keeps_alive) = (reader.is_done(), reader.keeps_alive());
    // Pieces may delay an error until the end, but not change it; the number of bytes read before it depends on them.
    let error = error.or_else(|| reader.end().err().map(|malformed| discriminant(&malformed)));
    if error.is_some() {
        (heads, body, taken) = (Vec::new(), Vec::new(), 0);
    }
    let end = End {
        body,
        taken,
        done,
        keeps_alive: keeps_alive && error.is_none(),
        error,
    };
    (end, heads)
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, bytes)) = data.split_first() else {
        return;
    };
    let sent = [Sent::Get, Sent::Head, Sent::WebSocket, Sent::Get][usize::from(cut & 3)];
    let whole = read(sent, std::iter::once(bytes), &mut Collected::default());
    let cut_up = read(
        sent,
        bytes.chunks(1 + usize::from(cut >> 2)),
        &mut Collected::default(),
    );
    assert_eq!(whole, cut_up);
    let mut collected = Collected {
        head_cache: Some(ResponseHeadCache::default()),
        ..Collected::default()
    };
    let first = read(sent, std::iter::once(bytes), &mut collected);
    assert_eq!(whole, first);
    let (again, heads) = read(sent, std::iter::once(bytes), &mut collected);
    assert_eq!(whole.0, again);
    assert!(heads.is_empty() || heads == whole.1);
});
