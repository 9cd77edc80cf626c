//! A cache of the last head: most responses of one kind begin with the same bytes until the second in `date` changes,
//! and the same bytes mean the same again. Comparing them is many times cheaper than parsing them again.

use crate::wire::head::ReadStage;

/// The meaning of a head for the rest of its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachedHead {
    pub(super) state: ReadStage,
    pub(super) keep_alive: bool,
}

/// One head and its meaning. Valid for the responses to requests of one method only: a `HEAD` has no body.
#[derive(Debug, Default)]
pub struct ResponseHeadCache {
    head: Vec<u8>,
    meaning: Option<CachedHead>,
}

impl ResponseHeadCache {
    /// The meaning and the length of the head at the beginning of `bytes`, if it is the cached one.
    ///
    /// A head ends at its first empty line, so that bytes which begin with the cached head have exactly that head.
    pub fn lookup(&self, bytes: &[u8]) -> Option<(CachedHead, usize)> {
        let meaning = self.meaning?;
        bytes
            .starts_with(&self.head)
            .then_some((meaning, self.head.len()))
    }

    /// Replaces the cached head.
    pub fn store(&mut self, head: &[u8], meaning: CachedHead) {
        self.head.clear();
        self.head.extend_from_slice(head);
        self.meaning = Some(meaning);
    }
}

#[cfg(test)]
mod tests {
    use super::ResponseHeadCache;
    use crate::wire::head::Head;
    use crate::wire::reader::{ResponseHandler, ResponseReader};

    /// Collects bodies, and counts the heads that were parsed.
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
        for (response, pieces, parsed) in [
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
            for piece in response.as_bytes().chunks(response.len().div_ceil(pieces)) {
                taken += reader.read(piece, &mut counting).unwrap();
            }
            assert_eq!((taken, counting.parsed), (response.len(), parsed), "{response:?}");
            assert!(reader.is_done() && reader.keeps_alive(), "{response:?}");
        }
        assert_eq!(counting.body, b"abcdefghijklmn");
    }

    #[test]
    fn interim_heads_are_not_cached() {
        let mut counting = Counting::default();
        for _ in 0..2 {
            let response =
                b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            let mut reader = ResponseReader::default();
            reader.begin("GET");
            assert_eq!(reader.read(response, &mut counting), Ok(response.len()));
            assert!(reader.is_done() && !reader.keeps_alive());
        }
        assert_eq!(counting.parsed, 1);
    }
}
