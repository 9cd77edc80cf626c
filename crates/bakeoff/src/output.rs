//! Output of commands. Its `print!` and `println!` replace those of the standard library, which panic when the reader
//! of a pipe has closed it (`bakeoff list metrics | head -3`). A closed pipe does not end the work: a run without a
//! reader continues.

use std::fmt;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use terminal_size::{Width, terminal_size_of};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter, fill};

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

/// Prints words for people to stdout, whose lines fit the terminal. Documents and data are printed as they are.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::output::put(format_args!("{}\n", $crate::output::fitted(&format!($($words)*), $crate::output::columns())))
    };
}

pub(crate) fn put(words: fmt::Arguments<'_>) {
    note(io::stdout().lock().write_fmt(words));
}

/// The columns of the terminal behind stdout, or those that `COLUMNS` names; `None` where the text goes into a file
/// or a pipe.
pub(crate) fn columns() -> Option<usize> {
    columns_of(io::stdout())
}

/// The same of stderr.
pub(crate) fn columns_of_errors() -> Option<usize> {
    columns_of(io::stderr())
}

fn columns_of(stream: impl AsFd) -> Option<usize> {
    /// No text is broken into less, however narrow the terminal says it is.
    const NARROWEST: usize = 20;
    let named = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse::<usize>().ok());
    let columns = named.filter(|&columns| columns > 0).or_else(|| {
        let (Width(columns), _) = terminal_size_of(stream)?;
        Some(usize::from(columns))
    });
    columns.map(|columns| columns.max(NARROWEST))
}

/// A text whose lines are at most `columns` wide: broken at words, and continued under their text. A word that is
/// longer, such as a path, stays whole, so that it can be copied.
pub(crate) fn fitted(text: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns else {
        return text.to_owned();
    };
    let mut lines = Vec::new();
    for line in text.split('\n') {
        if display_width(line) <= columns {
            lines.push(line.to_owned());
            continue;
        }
        let begin = line.len() - line.trim_start().len();
        let indent = " ".repeat(begin.min(columns / 2));
        let options = Options::new(columns)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        lines.push(fill(line, options));
    }
    lines.join("\n")
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

#[cfg(test)]
mod tests {
    use super::fitted;
    use textwrap::core::display_width;

    #[test]
    fn lines_fit_any_terminal_and_lose_nothing() {
        let text = "error: the server’s certificate is signed by no authority\n  · 日本語のとても長い一行、空白はありません、まだ続きます\n\nhint: x\n";
        for columns in [20, 40, 57, 80, 200] {
            let fitted = fitted(text, Some(columns));
            assert!(
                fitted.lines().all(|line| display_width(line) <= columns),
                "{columns}: {fitted}"
            );
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(bare(&fitted), bare(text), "{columns}");
            assert!(fitted.ends_with("x\n"));
        }
        assert_eq!(fitted(text, None), text);
    }
}
