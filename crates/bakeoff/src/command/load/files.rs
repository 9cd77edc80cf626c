//! Texts that an option gives, or the file that it names. Does not know what they are for.

use crate::exit::Failure;
use std::path::Path;

/// The text itself, or of `@FILE` the text of that file.
///
/// # Errors
/// The file cannot be read as text.
pub(crate) fn text_or_file(text: &str) -> Result<String, Failure> {
    text.strip_prefix('@')
        .map_or_else(|| Ok(text.to_owned()), |file| read(Path::new(file)))
}

/// The text of a file that an option names.
///
/// # Errors
/// The file cannot be read as text.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file);
    text.map_err(|error| {
        Failure::usage(
            format!("cannot read `{}`: {error}", file.display()),
            "name a text file that exists",
        )
    })
}
