//! A contender's manifest, `contender.toml`, as data. The lab installs and starts it.

mod language;
mod parse;
#[cfg(test)]
mod tests;

pub use language::{Hue, LANGUAGES, Language, Tool};
pub use parse::{LAB_SETS, parse};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One stack that could be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contender {
    /// The folder's name, and what a brief calls it.
    pub name: String,
    /// What a reader calls it.
    pub title: String,
    /// Contenders of one family share a hue: `node`, `python`, `java`, …
    pub family: String,
    /// The programming language, in the brief's words.
    pub language: String,
    /// The framework, or none.
    #[serde(default)]
    pub framework: Option<Framework>,
    /// What listens on the socket.
    pub server: String,
    /// The project's page.
    pub homepage: String,
    /// How it runs several things at once.
    pub model: Model,
    /// One sentence that a reader should know.
    #[serde(default)]
    pub remarks: String,
    /// What runs it.
    pub runtime: Runtime,
    /// How it is installed.
    pub prepare: Prepare,
    /// How it is started.
    pub start: Start,
    /// What the learning-curve probes read.
    pub source: Source,
}

/// The framework and the package whose locked version is its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Its name.
    pub name: String,
    /// Its package in the registry.
    pub package: String,
}

/// How a contender runs several things at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// `event-loop`, `threads` or `processes`.
    pub concurrency: Concurrency,
    /// `sync` or `async`.
    pub style: Style,
}

/// What waits while a request waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concurrency {
    /// Nothing: one thread serves all.
    EventLoop,
    /// A thread of a pool.
    Threads,
    /// A process.
    Processes,
}

/// How its handlers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A call returns when the work is done.
    Sync,
    /// A call returns a promise.
    Async,
}

/// What runs a contender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// `node`, `python` or `java`.
    pub name: String,
    /// The versions it needs, as `>=20`.
    pub version: String,
}

/// How a contender is installed: by a tool that the lab knows, or by commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// A tool that the lab knows.
    #[serde(default)]
    pub tool: Option<Tool>,
    /// The lock file, relative to the folder.
    #[serde(default)]
    pub lock: Option<String>,
    /// Commands, run in the prepared folder, when no tool is named.
    #[serde(default)]
    pub commands: Vec<Vec<String>>,
}

/// How a contender is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The argument list, with placeholders.
    pub command: Vec<String>,
    /// Environment variables besides the contract's.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// What is read, and what is not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The modules written by hand, relative to the folder.
    pub files: Vec<String>,
    /// Scenarios of the contract that it does not serve.
    #[serde(default)]
    pub not_served: Vec<String>,
}
