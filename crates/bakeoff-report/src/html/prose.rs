//! A sentence of the judgement: words in backticks become code, everything else is text. There is no other markup.

use askama::filters::{Html, HtmlSafe, escape};
use std::fmt;

/// A sentence for the page.
pub(super) struct Prose(String);

impl Prose {
    pub(super) fn of(text: &str) -> Self {
        Prose(text.to_owned())
    }

    /// In characters.
    pub(super) fn length(&self) -> usize {
        self.0.chars().count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.0.split('`').collect();
        let paired = parts.len() % 2 == 1;
        for (i, part) in parts.iter().enumerate() {
            let text = escape(part, Html).map_err(|_| fmt::Error)?;
            match i % 2 {
                1 if paired => write!(f, "<code>{text}</code>")?,
                _ if i > 0 && !paired => write!(f, "`{text}")?,
                _ => write!(f, "{text}")?,
            }
        }
        Ok(())
    }
}

impl HtmlSafe for Prose {}

#[cfg(test)]
mod tests {
    use super::Prose;

    #[test]
    fn backticks_are_code_and_nothing_else_is_markup() {
        assert_eq!(
            Prose::of("for `a<b`, <i>").to_string(),
            "for <code>a&#60;b</code>, &#60;i&#62;"
        );
        assert_eq!(Prose::of("one ` only").to_string(), "one ` only");
    }
}
