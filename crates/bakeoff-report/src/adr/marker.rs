//! The line by which bakeoff recognises its own records in a folder: the brief that a record answers, and the run. It
//! is an HTML comment, so that no viewer shows it. Names in it are quoted as JSON, without characters that would end
//! the comment.

use crate::document::Document;
use std::fmt;

const BEGINS: &str = "<!-- bakeoff record ";
const ENDS: &str = " -->";

/// The brief that a record answers, and the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordMarker {
    /// The brief's name.
    pub brief: String,
    /// The run's id.
    pub run: String,
}

impl RecordMarker {
    /// Of a document.
    #[must_use]
    pub fn of(document: &Document<'_>) -> RecordMarker {
        RecordMarker {
            brief: document.brief.name.clone(),
            run: document.run.id.clone(),
        }
    }

    /// The marker in a record's text, if it has one.
    #[must_use]
    pub fn find(text: &str) -> Option<RecordMarker> {
        let mut lines = text.lines().rev();
        let inner = lines.find_map(|line| line.trim().strip_prefix(BEGINS)?.strip_suffix(ENDS))?;
        let [brief, run]: [String; 2] = serde_json::from_str(inner).ok()?;
        Some(RecordMarker { brief, run })
    }
}

impl fmt::Display for RecordMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = serde_json::to_string(&[&self.brief, &self.run]).map_err(|_| fmt::Error)?;
        // HTML forbids `--` within a comment, and a brief's name must not end it.
        let safe = quoted
            .replace('-', "\\u002d")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        write!(f, "{BEGINS}{safe}{ENDS}")
    }
}

#[cfg(test)]
mod tests {
    use super::RecordMarker;

    #[test]
    fn a_marker_is_found_again_for_any_name_of_a_brief() {
        for name in ["order-api", "a --> <script>", "\"quoted\" \\ \n line", "größer"] {
            let mark = RecordMarker {
                brief: name.to_owned(),
                run: "2026-11-24T090102Z-order-api".to_owned(),
            };
            let line = mark.to_string();
            assert_eq!(line.matches("--").count(), 2, "{line}");
            assert_eq!(line.lines().count(), 1, "{line}");
            assert_eq!(RecordMarker::find(&format!("# A title\n\n{line}\n")), Some(mark));
        }
        assert_eq!(RecordMarker::find("# 1. Record architecture decisions\n"), None);
        assert_eq!(RecordMarker::find("<!-- bakeoff record nonsense -->"), None);
    }
}
