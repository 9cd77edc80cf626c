//! A brief that is being filled in: the text of an example with the user's own values in their places, its comments kept. Each answer is held against the
//! reader of briefs at once, so that what is written in the end is right. Deliberately without priorities: those are an interview of their own.

use super::read;
use crate::exit::Failure;
use crate::interview::prompt;
use bakeoff_core::brief::Brief;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Value};

/// One line of the form.
struct Field {
    /// The way to the value.
    way: &'static [&'static str],
    /// What is asked.
    question: &'static str,
    kind: Kind,
}

/// What an answer is.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Words,
}

const FIELDS: [Field; 9] = [
    Field {
        way: &["name"],
        question: "Its name, in small letters, digits and hyphens",
        kind: Kind::Text,
    },
    Field {
        way: &["load", "peak_rps"],
        question: "Requests a second that one instance must carry at peak",
        kind: Kind::Number,
    },
    Field {
        way: &["load", "slo", "p99_ms"],
        question: "99 of 100 answers must come within so many ms",
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
        question: "How many build it",
        kind: Kind::Number,
    },
    Field {
        way: &["team", "knows"],
        question: "Languages and tools that they know, separated by commas",
        kind: Kind::Words,
    },
    Field {
        way: &["needs", "must"],
        question: "Without what a stack is out, separated by commas",
        kind: Kind::Words,
    },
    Field {
        way: &["needs", "want"],
        question: "What counts besides, separated by commas",
        kind: Kind::Words,
    },
];

/// The text so far.
pub(super) struct Form {
    document: DocumentMut,
    path: PathBuf,
}

impl Form {
    /// An example's text, under a name that fits where it is going to stand.
    ///
    /// # Errors
    /// The example is no brief, which a test rules out.
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

    /// Asks for every field; an answer that is wrong is asked for again.
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

    /// What the text says.
    ///
    /// # Errors
    /// What is wrong with it, with its lines.
    pub(super) fn brief(&self) -> Result<Brief, Failure> {
        read(&self.text(), &self.path).map(|file| file.brief)
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        self.document.to_string()
    }

    /// The document, for what is no single value.
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

    /// Puts an answer in its place; what stood beside the old value, as a comment, stays.
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
