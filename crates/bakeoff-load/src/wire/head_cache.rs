//! The head that came last: answers of one kind mostly begin with the same bytes, but for the second in `date`, and the same bytes
//! mean the same again. What is recognised is not parsed a second time.

use crate::wire::framing::ReadStage;

/// What a head says about what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachedHead {
    pub(super) state: ReadStage,
    pub(super) keep_alive: bool,
}

/// One head and what it says. It is good for the answers to requests of one method only.
#[derive(Debug, Default)]
pub struct ResponseHeadCache {
    head: Vec<u8>,
    known: Option<CachedHead>,
}

impl ResponseHeadCache {
    /// What the head at the beginning of `bytes` says, and how long it is, if it is the one that was remembered.
    ///
    /// A head ends where it first can, so that bytes which begin with a whole head have that head and no longer one.
    pub fn lookup(&self, bytes: &[u8]) -> Option<(CachedHead, usize)> {
        let known = self.known?;
        bytes.starts_with(&self.head).then_some((known, self.head.len()))
    }

    /// Remembers a whole head instead of the last one.
    pub fn store(&mut self, head: &[u8], known: CachedHead) {
        self.head.clear();
        self.head.extend_from_slice(head);
        self.known = Some(known);
    }
}

#[cfg(test)]
mod tests {
    use super::ResponseHeadCache;
    use crate::wire::handler::ResponseHandler;
    use crate::wire::head::Head;
    use crate::wire::reader::ResponseReader;

    /// Hears bodies, and counts the heads that were parsed.
    #[derive(Default)]
    struct Counting {
        parsed: usize,
        body: Vec<u8>,
        cache: ResponseHeadCache,
    }

    impl ResponseHandler for Counting {
        fn head(&mut self, _: &Head<'_, '_>) {
            self.parsed += 1;
        }

        fn body(&mut self, bytes: &[u8]) {
            self.body.extend_from_slice(bytes);
        }

        fn head_cache(&mut self) -> Option<&mut ResponseHeadCache> {
            Some(&mut self.cache)
        }
    }

    #[test]
    fn the_same_head_is_parsed_once_and_another_anew() {
        let mut counting = Counting::default();
        for (answer, pieces, parsed) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab", 1, 1),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\ncd", 1, 1),
            // In pieces it is parsed again.
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nef", 2, 2),
            ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nghi", 1, 3),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\njk", 1, 4),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nl\r\n0\r\n\r\n",
                1,
                5,
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nmn\r\n0\r\n\r\n",
                1,
                5,
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx: y\r\n\r\n0\r\n\r\n",
                1,
                6,
            ),
        ] {
            let mut reader = ResponseReader::default();
            reader.begin("GET");
            let mut taken = 0;
            for piece in answer.as_bytes().chunks(answer.len().div_ceil(pieces)) {
                taken += reader.read(piece, &mut counting).unwrap();
            }
            assert_eq!((taken, counting.parsed), (answer.len(), parsed), "{answer:?}");
            assert!(reader.is_done() && reader.keeps_alive(), "{answer:?}");
        }
        assert_eq!(counting.body, b"abcdefghijklmn");
    }

    #[test]
    fn interim_answers_are_not_taken_for_the_answer() {
        let mut counting = Counting::default();
        for _ in 0..2 {
            let answer =
                b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            let mut reader = ResponseReader::default();
            reader.begin("GET");
            assert_eq!(reader.read(answer, &mut counting), Ok(answer.len()));
            assert!(reader.is_done() && !reader.keeps_alive());
        }
        assert_eq!(counting.parsed, 1);
    }
}
