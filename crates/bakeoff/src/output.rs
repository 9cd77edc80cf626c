//! What commands print. Its `print!` and `println!` stand before those of the standard library, which end the program with a panic once the reader of a pipe
//! has had enough (`bakeoff list metrics | head -3`). Deliberately never an end of the work: a run whose output nobody reads any more goes on.

use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

/// Why output was lost, the first time that it was.
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

/// Ends the output; why it was lost, if it was. A reader that had enough lost nothing.
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
