//! A brief during the interview: the text of an example, its comments kept, with the values of the user. The reader of
//! briefs checks each answer at once, so the finished brief is valid. Priorities have an interview of their own.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::interview::prompt;
use bakeoff_core::brief::Brief;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Value};

/// One line of the form.
struct Field {
    /// The keys that lead to the value.
    way: &'static [&'static str],
    /// The question to the user.
    question: &'static str,
    kind: Kind,
}

/// The type of an answer.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Words,
}

const FIELDS: [Field; 9] = [
    Field {
        way: &["name"],
        question: "Name of the brief (lower-case letters, digits, hyphens)",
        kind: Kind::Text,
    },
    Field {
        way: &["load", "peak_rps"],
        question: "Requests per second that one instance must serve at peak",
        kind: Kind::Number,
    },
    Field {
        way: &["load", "slo", "p99_ms"],
        question: "Maximum response time of 99 in 100 requests, in ms",
        kind: Kind::Number,
    },
    Field {
        way: &["load", "cores"],
        question: "Processors of one instance",
        kind: Kind::Number,
    },
    Field {
        way: &["load", "memory_mb"],
        question: "Memory of one instance, in MB",
        kind: Kind::Number,
    },
    Field {
        way: &["team", "people"],
        question: "People in the team",
        kind: Kind::Number,
    },
    Field {
        way: &["team", "knows"],
        question: "Languages and tools that the team knows, separated by commas",
        kind: Kind::Words,
    },
    Field {
        way: &["needs", "must"],
        question: "Features that a stack must have, separated by commas",
        kind: Kind::Words,
    },
    Field {
        way: &["needs", "want"],
        question: "Features that a stack should have, separated by commas",
        kind: Kind::Words,
    },
];

/// The text so far.
pub(super) struct Form {
    document: DocumentMut,
    path: PathBuf,
}

impl Form {
    /// The text of an example, named after the new file.
    ///
    /// # Errors
    /// An invalid example, which a test rules out.
    pub(super) fn of(example: &str, path: &Path) -> Result<Form, Failure> {
        let document = example
            .parse()
            .map_err(|error| Failure::lab(format!("the example cannot be read: {error}"), "report this"))?;
        let mut form = Form {
            document,
            path: path.to_owned(),
        };
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if let Some(name) = stem.filter(|stem| stem != "bakeoff") {
            let before = form.document.clone();
            form.set(&FIELDS[0], &name);
            if form.brief().is_err() {
                form.document = before;
            }
        }
        form.brief()?;
        Ok(form)
    }

    /// Asks for every field, and again after an invalid answer.
    ///
    /// # Errors
    /// The terminal cannot be read.
    pub(super) fn ask(&mut self, input: &mut impl BufRead) -> Result<(), Failure> {
        for field in &FIELDS {
            loop {
                eprintln!("{} [{}]", field.question, self.shown(field));
                let Some(answer) = prompt(input)? else {
                    return Ok(());
                };
                if answer.is_empty() {
                    break;
                }
                let before = self.document.clone();
                self.set(field, &answer);
                match self.brief() {
                    Ok(_) => break,
                    Err(failure) => {
                        eprintln!("{failure}");
                        self.document = before;
                    }
                }
            }
        }
        Ok(())
    }

    /// The brief of the text.
    ///
    /// # Errors
    /// Its errors, with their lines.
    pub(super) fn brief(&self) -> Result<Brief, Failure> {
        let beside = self.path.parent().unwrap_or(Path::new("."));
        BriefFile::of(self.path.display().to_string(), self.text(), beside).map(|file| file.brief)
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        self.document.to_string()
    }

    /// The document, for tables.
    pub(super) fn document(&mut self) -> &mut DocumentMut {
        &mut self.document
    }

    fn shown(&self, field: &Field) -> String {
        let mut item = Some(self.document.as_item());
        for key in field.way {
            item = item.and_then(|item| item.get(key));
        }
        match item.and_then(Item::as_value) {
            Some(Value::Array(list)) => {
                let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                words.join(", ")
            }
            Some(Value::String(text)) => text.value().clone(),
            Some(other) => other.clone().decorated("", "").to_string(),
            None => String::new(),
        }
    }

    /// Sets a value and keeps the comment beside it.
    fn set(&mut self, field: &Field, answer: &str) {
        let mut value = match field.kind {
            Kind::Text => Value::from(answer),
            Kind::Number => match (answer.parse::<i64>(), answer.parse::<f64>()) {
                (Ok(whole), _) => Value::from(whole),
                (_, Ok(number)) => Value::from(number),
                _ => Value::from(answer),
            },
            Kind::Words => {
                let words = answer.split(',').map(str::trim).filter(|word| !word.is_empty());
                Value::Array(words.collect::<Array>())
            }
        };
        let (last, way) = field.way.split_last().unwrap_or((&"", &[]));
        let mut item = self.document.as_item_mut();
        for key in way {
            item = &mut item[*key];
        }
        if let Some(old) = item.get(last).and_then(Item::as_value) {
            *value.decor_mut() = old.decor().clone();
        }
        item[*last] = Item::Value(value);
    }
}
