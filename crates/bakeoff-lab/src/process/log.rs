//! The bounded output of a process: the beginning and the end are kept, the middle is counted and dropped, and the
//! process never waits for a reader. In memory, because a flood of output must not fill a disk.

use std::collections::VecDeque;
use std::io::{PipeReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Bytes that are kept of the beginning, and of the end.
const KEPT: usize = 256 * 1024;

/// The longest quoted line, in characters.
const LINE: usize = 500;

/// The output of a process so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
}

impl Log {
    /// Reads the pipe to its end on a thread of its own.
    pub(crate) fn follow(mut from: PipeReader) -> (Log, thread::JoinHandle<()>) {
        let log = Log::default();
        let kept = Arc::clone(&log.kept);
        let reader = thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(&buffer[..count]);
            }
        });
        (log, reader)
    }

    /// The last lines, the newest last, long ones shortened.
    pub(crate) fn last_lines(&self, count: usize) -> Vec<String> {
        let text = self.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(count)..]
            .iter()
            .map(|line| cut(line))
            .collect()
    }

    /// All kept output, with a line for the dropped bytes.
    pub(crate) fn text(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = kept.head.clone();
        if kept.dropped > 0 {
            bytes.extend_from_slice(format!("\n[{} bytes dropped here]\n", kept.dropped).as_bytes());
        }
        bytes.extend(&kept.tail);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Kept {
    fn push(&mut self, mut bytes: &[u8]) {
        let to_head = bytes.len().min(KEPT - self.head.len());
        self.head.extend_from_slice(&bytes[..to_head]);
        bytes = &bytes[to_head..];
        if bytes.len() > KEPT {
            let skipped = bytes.len() - KEPT;
            self.dropped += skipped as u64;
            bytes = &bytes[skipped..];
        }
        let over = (self.tail.len() + bytes.len()).saturating_sub(KEPT);
        self.tail.drain(..over);
        self.dropped += over as u64;
        self.tail.extend(bytes);
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Log};
    use std::io::Write;

    fn log_of(parts: &[&[u8]]) -> Log {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let (log, thread) = Log::follow(reader);
        for part in parts {
            writer.write_all(part).unwrap();
        }
        drop(writer);
        thread.join().unwrap();
        log
    }

    #[test]
    fn the_last_lines_are_the_newest_ones_shortened() {
        let long = "x".repeat(600);
        let log = log_of(&[b"one\n\ntwo\n", long.as_bytes(), b"\nlast"]);
        let lines = log.last_lines(3);
        assert_eq!((lines[0].as_str(), lines[2].as_str()), ("two", "last"));
        assert_eq!(lines[1].chars().count(), 501);
    }

    #[test]
    fn only_the_beginning_and_the_end_of_a_flood_are_kept() {
        let flood = vec![b'.'; KEPT];
        let log = log_of(&[b"begin\n", &flood, &flood, &flood, &flood, b"\nend"]);
        let text = log.text();
        assert!(text.starts_with("begin\n") && text.ends_with("\nend"));
        assert!(text.len() < 2 * KEPT + 100);
        assert!(text.contains("bytes dropped here"));
    }
}
