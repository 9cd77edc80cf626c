//! Reads a contender's manifest from a text and checks what its types cannot express. It opens no other file: the lab
//! checks whether the lock file and the sources exist.

use super::Contender;
use super::browser_check;
use super::check::Check;
use super::variant_check;
use crate::diagnostic::Diagnostic;
use crate::toml_document::Document;

/// Reads the manifest in `text`; `file` is its name in errors.
///
/// # Errors
/// The first thing that is wrong, with its line and column.
pub fn parse(text: &str, file: &str) -> Result<Contender, Diagnostic> {
    let document = Document::parse(text, file)?;
    let mut contender: Contender = document.decode()?;
    let check = Check::of(&document);
    contender.source.says_what_it_serves = check.says_what_it_serves();
    check.words(&contender)?;
    check.version(&contender)?;
    check.prepare(&contender)?;
    check.start(&contender)?;
    check.paths(&contender)?;
    check.source(&contender)?;
    browser_check::browser(&check, &contender)?;
    variant_check::all(&document, &contender)?;
    Ok(contender)
}
