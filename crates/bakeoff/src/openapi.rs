//! A brief and scenarios from an OpenAPI document: one scenario for each operation, with requests from its examples and
//! schemas, and responses held to its schemas. It sends nothing. The document is read as data and not as a type: one
//! that breaks the standard in a place that matters to nobody is still a document.

mod document;
mod example;
mod json_schema;
mod name;
mod operation;
mod written;

use crate::exit::Failure;
use document::ApiDocument;
use std::collections::BTreeSet;
use std::path::Path;

/// What a document becomes.
#[derive(Debug)]
pub(crate) struct Api {
    /// The name of the brief.
    pub(crate) name: String,
    /// What the document calls itself.
    pub(crate) title: String,
    /// The path of its first server, without a slash at the end; empty where it has none.
    pub(crate) base: String,
    /// Whether operations that are asked need credentials.
    pub(crate) needs_credentials: bool,
    /// One for each operation that can be asked.
    pub(crate) scenarios: Vec<ApiScenario>,
    /// The operations that are left out, each with the reason.
    pub(crate) left_out: Vec<String>,
}

/// A scenario of a document.
#[derive(Debug)]
pub(crate) struct ApiScenario {
    /// Its id.
    pub(crate) id: String,
    /// The text of its file.
    pub(crate) text: String,
}

impl Api {
    /// Reads a document. `with_writes` is whether operations that may change data are asked too, and `taken` are ids
    /// that mean something else.
    ///
    /// # Errors
    /// A file that is no OpenAPI document of version 3, or one of which no operation can be asked, with the reasons.
    pub(crate) fn read(path: &Path, with_writes: bool, taken: &BTreeSet<String>) -> Result<Api, Failure> {
        let document = ApiDocument::read(path)?;
        let base = document.base_path();
        let (mut scenarios, mut left_out) = (Vec::new(), Vec::new());
        let mut needs_credentials = false;
        let mut ids = taken.clone();
        for operation in operation::all(&document) {
            let name = operation.name();
            if operation.may_change_data() && !with_writes {
                left_out.push(format!("{name}: it may change data (`--writes` asks it too)"));
                continue;
            }
            match operation.request(&document) {
                Ok(request) => {
                    let id = free(&operation.id(), &ids);
                    ids.insert(id.clone());
                    needs_credentials |= operation.needs_credentials(&document);
                    let text = written::scenario(&id, &base, &operation, &request);
                    scenarios.push(ApiScenario { id, text });
                }
                Err(reason) => left_out.push(format!("{name}: {reason}")),
            }
        }
        if scenarios.is_empty() {
            let reasons = match left_out.join("\n  ") {
                none if none.is_empty() => "it has no operation".to_owned(),
                all => format!("\n  {all}"),
            };
            return Err(Failure::usage(
                format!("no operation of `{}` can be asked: {reasons}", path.display()),
                "give examples of what it leaves open, or write scenarios by hand",
            ));
        }
        let title = document.title();
        Ok(Api {
            name: name::kebab(&title, "api"),
            title,
            base,
            needs_credentials,
            scenarios,
            left_out,
        })
    }

    /// The text of a brief that mixes all of its scenarios. `from` is the document's name.
    #[must_use]
    pub(crate) fn brief(&self, from: &str) -> String {
        let ids: Vec<&str> = self
            .scenarios
            .iter()
            .map(|scenario| scenario.id.as_str())
            .collect();
        written::brief(&self.name, &self.title, from, &ids)
    }
}

/// `id`, or the same with a number where it is taken.
fn free(id: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{id}-{number}"));
    let mut all = std::iter::once(id.to_owned()).chain(numbered);
    all.find(|id| !taken.contains(id))
        .unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests;
