//! `[source]`: which files the code probes read, what each is for, and which scenarios are not served. An entry of
//! `files` is a path, or a table with more about the file.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What is read, and what is not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The modules written by hand.
    pub files: Vec<CodeFile>,
    /// The only scenarios that it serves, in place of `not_served`.
    #[serde(default)]
    pub serves: Option<Vec<String>>,
    /// Scenarios that it does not serve.
    #[serde(default)]
    pub not_served: Vec<String>,
    /// Whether the manifest says what it serves, by `serves` or by `not_served`, be it that nothing is left out.
    #[serde(skip)]
    pub says_what_it_serves: bool,
    /// What can be asked of it at most, as the brief limits it; none: everything.
    #[serde(skip)]
    pub asked_at_most: Option<BTreeSet<String>>,
}

impl Source {
    /// Whether it does not serve a scenario, or is not asked for it here.
    #[must_use]
    pub fn lacks(&self, scenario: &str) -> bool {
        self.says_no_to(scenario) || !self.is_asked(scenario)
    }

    /// Whether the manifest says that it does not serve a scenario.
    #[must_use]
    pub fn says_no_to(&self, scenario: &str) -> bool {
        let is = |name: &String| name == scenario;
        match &self.serves {
            Some(serves) => !serves.iter().any(is),
            None => self.not_served.iter().any(is),
        }
    }

    /// Whether the brief lets it be asked for a scenario.
    #[must_use]
    pub fn is_asked(&self, scenario: &str) -> bool {
        self.asked_at_most
            .as_ref()
            .is_none_or(|asked| asked.contains(scenario))
    }

    /// The paths of its files, relative to the folder.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.files.iter().map(|file| file.path.clone()).collect()
    }
}

/// A file of the contender's own code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeFile {
    /// Its path, relative to the folder.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// The scenarios that it serves; empty: all.
    pub serves: Vec<String>,
}

/// What a file of code is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The service itself: handlers, rules, tables, pages, settings.
    #[default]
    Application,
    /// Code that stands for what frameworks bring: routing, parsing, an engine for validation, the form of errors,
    /// draining, supervision, a server of sockets.
    Plumbing,
}

/// The table form of an entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    path: String,
    #[serde(default)]
    role: Role,
    #[serde(default)]
    serves: Vec<String>,
}

impl<'de> Deserialize<'de> for CodeFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CodeFile, D::Error> {
        deserializer.deserialize_any(PathOrTable)
    }
}

/// Reads both forms. Serde's own way for that, `untagged`, would say only that neither fits.
struct PathOrTable;

impl<'de> Visitor<'de> for PathOrTable {
    type Value = CodeFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path, or a table with `path`, `role` and `serves`")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<CodeFile, E> {
        Ok(CodeFile {
            path: path.to_owned(),
            role: Role::default(),
            serves: Vec::new(),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CodeFile, A::Error> {
        let Table { path, role, serves } = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(CodeFile { path, role, serves })
    }
}
