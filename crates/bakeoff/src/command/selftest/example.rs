//! The brief of a test with real contenders: the user's, or the example brief. Runs no test.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use std::path::Path;

/// The example brief, as `bakeoff init` writes it.
const EXAMPLE: &str = include_str!("../../../../../briefs/order-api.toml");

/// The brief at `path`, else the example brief.
///
/// # Errors
/// A missing file, or an invalid brief, with its lines.
pub(super) fn open(path: Option<&Path>) -> Result<BriefFile, Failure> {
    match path {
        Some(path) => BriefFile::open(Some(path)),
        None => BriefFile::of("the example brief".to_owned(), EXAMPLE.to_owned(), Path::new(".")),
    }
}
