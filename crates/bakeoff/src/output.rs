//! Output of commands. Its `print!` and `println!` replace those of the standard library, which panic when the reader
//! of a pipe has closed it (`bakeoff list metrics | head -3`). A closed pipe does not end the work: a run without a
//! reader continues.

use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

/// The first reason for lost output.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints to stdout.
macro_rules! print {
    ($($words:tt)*) => { $crate::output::put(format_args!($($words)*)) };
}

/// Prints a line to stdout.
macro_rules! println {
    () => { $crate::output::put(format_args!("\n")) };
    ($($words:tt)*) => { $crate::output::put(format_args!("{}\n", format_args!($($words)*))) };
}

pub(crate) fn put(words: fmt::Arguments<'_>) {
    note(io::stdout().lock().write_fmt(words));
}

/// Flushes the output. The error is the reason for lost output; a closed pipe is none.
pub(crate) fn end() -> Result<(), &'static str> {
    note(io::stdout().flush());
    LOST.get().map_or(Ok(()), |why| Err(why))
}

fn note(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}
