//! `[source]`: which files the code probes read, what each is for, and which scenarios are not served. An entry of
//! `files` is a path, or a table with more about the file.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// What is read, and what is not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The modules written by hand.
    pub files: Vec<CodeFile>,
    /// Scenarios of the contract that it does not serve.
    #[serde(default)]
    pub not_served: Vec<String>,
}

impl Source {
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
