//! Checks the words and numbers of a problem and places each error in its text.

use crate::diagnostic::{Diagnostic, nearest};
use crate::toml_document::{Document, Step};

/// A document, for errors that stand at their place.
pub(super) struct Reader<'d> {
    document: &'d Document<'d>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Reader<'d> {
        Reader { document }
    }

    pub(super) fn wrong(&self, way: &[Step<'_>], message: String, hint: Option<String>) -> Diagnostic {
        self.document.wrong(self.document.span(way), message, hint)
    }

    /// Names that stand once each, at least one, none of them empty.
    pub(super) fn distinct(&self, kind: &str, way: &[Step<'_>], names: &[String]) -> Result<(), Diagnostic> {
        if names.is_empty() {
            let hint = format!("name at least one {kind}");
            return Err(self.wrong(way, format!("there is no {kind}"), Some(hint)));
        }
        for (place, name) in names.iter().enumerate() {
            let here: Vec<Step<'_>> = way.iter().copied().chain([Step::At(place)]).collect();
            if name.trim().is_empty() {
                return Err(self.wrong(&here, format!("the name of an {kind} is empty"), None));
            }
            if names[..place].contains(name) {
                let hint = Some("remove one of the two".to_owned());
                return Err(self.wrong(&here, format!("the {kind} `{name}` is listed twice"), hint));
            }
        }
        Ok(())
    }

    pub(super) fn criteria_named(&self, ids: &[String]) -> Result<(), Diagnostic> {
        if ids.is_empty() {
            let hint = "add a `[[criterion]]` with `id`, `better`, `worst`, `best` and `[criterion.values]`";
            return Err(self.wrong(&[], "there is no criterion".to_owned(), Some(hint.to_owned())));
        }
        for (place, id) in ids.iter().enumerate() {
            if id.trim().is_empty() || ids[..place].contains(id) {
                let way = [Step::Key("criterion"), Step::At(place), Step::Key("id")];
                let message = if id.trim().is_empty() {
                    "the `id` of a criterion is empty".to_owned()
                } else {
                    format!("the criterion `{id}` is listed twice")
                };
                return Err(self.wrong(&way, message, None));
            }
        }
        Ok(())
    }

    pub(super) fn unknown(&self, kind: &str, name: &str, known: &[String], way: &[Step<'_>]) -> Diagnostic {
        let hint = match nearest(name, known.iter().map(String::as_str)) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!(
                "known are {}",
                known
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        self.wrong(way, format!("unknown {kind} `{name}`"), Some(hint))
    }

    pub(super) fn whole(
        &self,
        key: &str,
        given: Option<i64>,
        otherwise: i64,
        least: i64,
        most: i64,
    ) -> Result<i64, Diagnostic> {
        let number = given.unwrap_or(otherwise);
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        let message = format!("`{key}` must be a whole number from {least} to {most}, not `{number}`");
        Err(self.wrong(&[Step::Key(key)], message, None))
    }
}
