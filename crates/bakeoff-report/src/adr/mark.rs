//! The line by which a record of ours is known again in a folder of records: which brief it answers, and by which run. An HTML comment, so that no viewer
//! shows it. Deliberately nothing of it is anybody's text as it stands: quoted as JSON, without what would end the comment.

use crate::document::Document;
use std::fmt;

const BEGINS: &str = "<!-- bakeoff record ";
const ENDS: &str = " -->";

/// Which brief a record answers, and by which run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The brief's name.
    pub brief: String,
    /// The run's id.
    pub run: String,
}

impl Mark {
    /// Of a document.
    #[must_use]
    pub fn of(document: &Document<'_>) -> Mark {
        Mark {
            brief: document.brief.name.clone(),
            run: document.run.id.clone(),
        }
    }

    /// The mark in a record's text, if it has one.
    #[must_use]
    pub fn find(text: &str) -> Option<Mark> {
        let mut lines = text.lines().rev();
        let inner = lines.find_map(|line| line.trim().strip_prefix(BEGINS)?.strip_suffix(ENDS))?;
        let [brief, run]: [String; 2] = serde_json::from_str(inner).ok()?;
        Some(Mark { brief, run })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = serde_json::to_string(&[&self.brief, &self.run]).map_err(|_| fmt::Error)?;
        // No comment may hold `--`, and no brief is to end one.
        let safe = quoted
            .replace('-', "\\u002d")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        write!(f, "{BEGINS}{safe}{ENDS}")
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;

    #[test]
    fn a_mark_is_found_again_whatever_the_brief_is_called() {
        for name in ["order-api", "a --> <script>", "\"quoted\" \\ \n line", "größer"] {
            let mark = Mark {
                brief: name.to_owned(),
                run: "2026-11-24T090102Z-order-api".to_owned(),
            };
            let line = mark.to_string();
            assert_eq!(line.matches("--").count(), 2, "{line}");
            assert_eq!(line.lines().count(), 1, "{line}");
            assert_eq!(Mark::find(&format!("# A title\n\n{line}\n")), Some(mark));
        }
        assert_eq!(Mark::find("# 1. Record architecture decisions\n"), None);
        assert_eq!(Mark::find("<!-- bakeoff record nonsense -->"), None);
    }
}
