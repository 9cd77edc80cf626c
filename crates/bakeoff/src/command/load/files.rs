//! Texts and bytes that an option gives, or the file that it names, and where placeholders in them are drawn.

use crate::exit::Failure;
use bakeoff_load::{Body, BodyRule};
use clap::ValueEnum;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where placeholders such as `{1..100}` are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Placeholders {
    /// In the URL, in headers and in texts; files are sent byte for byte
    #[default]
    Texts,
    /// In files too
    All,
    /// Nowhere: everything is sent as it is written
    None,
}

/// What an option gives: a text, or the file that it names with `@FILE`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    Text(String),
    File(PathBuf),
}

impl Given {
    /// The text itself, or of `@FILE` the file, which is looked for in `folder`.
    pub(crate) fn of(text: &str, folder: &Path) -> Self {
        match text.strip_prefix('@') {
            Some(file) => Self::File(folder.join(file)),
            None => Self::Text(text.to_owned()),
        }
    }

    /// A body to send.
    ///
    /// # Errors
    /// The file cannot be read, or has placeholders to draw and is no text.
    pub(crate) fn body(self, placeholders: Placeholders) -> Result<Body, Failure> {
        Ok(match (self, placeholders) {
            (Self::Text(text), Placeholders::None) => Body::Bytes(text.into_bytes()),
            (Self::Text(text), _) => Body::Text(text),
            (Self::File(file), Placeholders::All) => Body::Text(read(&file)?),
            (Self::File(file), _) => Body::Bytes(read_bytes(&file)?),
        })
    }

    /// The rule for an exact body.
    ///
    /// # Errors
    /// As [`Given::body`].
    pub(crate) fn exact(self, placeholders: Placeholders) -> Result<BodyRule, Failure> {
        Ok(match self.body(placeholders)? {
            Body::Text(text) => BodyRule::Exact(text),
            Body::Bytes(bytes) => BodyRule::Bytes(bytes),
            Body::Pattern { .. } | Body::Message(_) => unreachable!("a text or a file is neither"),
        })
    }

    /// The rule for a body that is compared as JSON data.
    ///
    /// # Errors
    /// The file cannot be read, or is not JSON.
    pub(crate) fn json(self, placeholders: Placeholders) -> Result<BodyRule, Failure> {
        let file = match (self, placeholders) {
            (Self::Text(text), _) => return Ok(BodyRule::Json(text)),
            (Self::File(file), Placeholders::All) => return Ok(BodyRule::Json(read(&file)?)),
            (Self::File(file), _) => file,
        };
        let text = read(&file)?;
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(_) => Ok(BodyRule::Json(without_placeholders(&text))),
            Err(error) => Err(Failure::usage(
                format!("`{}` is not JSON: {error}", file.display()),
                "`--placeholders all` draws placeholders in files before they are compared",
            )),
        }
    }
}

/// The same JSON with the braces of its strings escaped, so that none of them is a placeholder.
fn without_placeholders(json: &str) -> String {
    let (mut out, mut in_string, mut escaped) = (String::with_capacity(json.len()), false, false);
    for c in json.chars() {
        match c {
            '{' if in_string => out.push_str("\\u007b"),
            c => out.push(c),
        }
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    out
}

/// The text of a file that an option names.
///
/// # Errors
/// The file cannot be read, or is no text.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(file)?).map_err(|error| {
        Failure::usage(
            format!(
                "`{}` is no text in UTF-8: byte {} is not",
                file.display(),
                error.utf8_error().valid_up_to() + 1
            ),
            "name a text file; a body is sent byte for byte from any file",
        )
    })
}

fn read_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| {
        Failure::usage(
            format!("cannot read `{}`: {error}", file.display()),
            "name a file that exists and that you may read",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{Given, Placeholders, without_placeholders};
    use bakeoff_load::{Body, BodyRule};
    use std::path::Path;

    #[test]
    fn a_file_is_sent_byte_for_byte_unless_placeholders_are_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = b"{{ name|upper }}\x00\xff{1..9}\r\n";
        std::fs::write(folder.path().join("body"), bytes).unwrap();
        std::fs::write(folder.path().join("text"), "{1..9}").unwrap();
        let given = |text| Given::of(text, folder.path());
        let body = |text, placeholders| given(text).body(placeholders).map_err(|failure| failure.text);
        assert_eq!(
            body("@body", Placeholders::Texts),
            Ok(Body::Bytes(bytes.to_vec()))
        );
        assert_eq!(body("@text", Placeholders::All), Ok(Body::Text("{1..9}".into())));
        assert_eq!(
            body("{1..9}", Placeholders::Texts),
            Ok(Body::Text("{1..9}".into()))
        );
        assert_eq!(
            body("{1..9}", Placeholders::None),
            Ok(Body::Bytes(b"{1..9}".to_vec()))
        );
        assert!(
            body("@body", Placeholders::All)
                .unwrap_err()
                .contains("byte 18 is not")
        );
        assert!(
            body("@nowhere", Placeholders::Texts)
                .unwrap_err()
                .contains("cannot read")
        );
        assert_eq!(
            given("@body").exact(Placeholders::Texts).unwrap(),
            BodyRule::Bytes(bytes.to_vec())
        );
        assert_eq!(Given::of("@a", Path::new("mixes")), Given::File("mixes/a".into()));
    }

    #[test]
    fn json_of_a_file_has_no_placeholders() {
        let json = r#"{"a": "{1..9}", "\"{": [{"b\\": {}}]}"#;
        let literal = without_placeholders(json);
        assert_eq!(literal, r#"{"a": "\u007b1..9}", "\"\u007b": [{"b\\": {}}]}"#);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&literal), value(json));
    }
}
