//! A contender's manifest, `contender.toml`, as data. The lab installs and starts it.

mod browser;
mod browser_check;
mod check;
mod language;
mod model;
mod name;
mod overlay;
mod parse;
mod prepared_start;
mod scenarios;
mod source;
#[cfg(test)]
mod tests;
mod variant;
mod variant_check;
mod work;

pub use browser::Browser;
pub use check::{LAB_SETS, PLACEHOLDERS};
pub use language::{Hue, LANGUAGES, Language, Tool, family_title, is_compiled};
pub use model::{Concurrency, Model, Style};
pub use name::{own_name, unknown, variant_name};
pub use parse::parse;
pub use prepared_start::starts_prepared;
pub use scenarios::check_scenarios;
pub use source::{CodeFile, Role, Source};
pub use variant::{Variant, VariantPrepare, VariantRuntime, VariantSource, VariantStart};
pub use work::{Access, Class, Data, Http, Parser, Proxy, Transactions, Work};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One stack that could be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contender {
    /// The folder's name, and what a brief calls it; of a variant the folder's name, `@` and its own.
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
    /// What the framework brings; none where the manifest does not declare it.
    #[serde(default)]
    pub class: Option<Class>,
    /// What listens on the socket.
    pub server: String,
    /// The project's page; empty where there is none.
    #[serde(default)]
    pub homepage: String,
    /// Whether it runs where nobody names it: a further contender makes every run longer.
    #[serde(default = "yes")]
    pub by_default: bool,
    /// How it runs several things at once.
    pub model: Model,
    /// How it reads and writes its rows, as far as the manifest declares it.
    #[serde(default)]
    pub data: Data,
    /// How it speaks HTTP, as far as the manifest declares it.
    #[serde(default)]
    pub http: Http,
    /// One sentence that a reader should know.
    #[serde(default)]
    pub remarks: String,
    /// What runs it.
    pub runtime: Runtime,
    /// How it is installed.
    pub prepare: Prepare,
    /// How it is started.
    pub start: Start,
    /// Beginnings of paths of scenarios, each with the name that this contender has for it.
    #[serde(default)]
    pub paths: BTreeMap<String, String>,
    /// What the learning-curve probes read.
    pub source: Source,
    /// Its own validation in a browser; none where the manifest does not declare it.
    #[serde(default)]
    pub browser: Option<Browser>,
    /// The same contender with other settings; a variant has none of its own.
    #[serde(default, rename = "variant")]
    pub variants: Vec<Variant>,
    /// The name of the contender of which this is a variant.
    #[serde(skip)]
    pub variant_of: Option<String>,
}

const fn yes() -> bool {
    true
}

impl Contender {
    /// The name of its folder; variants share that of their contender.
    #[must_use]
    pub fn folder_name(&self) -> &str {
        self.variant_of.as_deref().unwrap_or(&self.name)
    }

    /// The flags of its runtime: what stands behind the placeholder of its program and begins with a hyphen.
    #[must_use]
    pub fn runtime_flags(&self) -> Vec<String> {
        let runtime = self.runtime.placeholder();
        let behind = self
            .start
            .command
            .iter()
            .skip_while(|argument| **argument != runtime);
        let flags = behind.skip(1).take_while(|argument| argument.starts_with('-'));
        flags.cloned().collect()
    }

    /// The work of its stack, as the manifest declares it.
    #[must_use]
    pub fn work(&self) -> Work {
        Work {
            class: self.class,
            data: self.data.clone(),
            http: self.http,
        }
    }
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

/// What runs a contender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// `node`, `python`, `bun`, …; any other name is searched as a program of that name.
    pub name: String,
    /// The versions it needs, as `>=20`.
    pub version: String,
    /// The program of a runtime that bakeoff does not know, where it has another name than the runtime.
    #[serde(default)]
    pub program: Option<String>,
    /// The arguments with which that program prints its version; empty for `--version`.
    #[serde(default)]
    pub version_arguments: Vec<String>,
}

impl Runtime {
    /// A runtime of that name, in these versions.
    #[must_use]
    pub fn of(name: &str, version: &str) -> Runtime {
        Runtime {
            name: name.to_owned(),
            version: version.to_owned(),
            program: None,
            version_arguments: Vec::new(),
        }
    }

    /// What stands for its program in a start command, as `{node}`.
    #[must_use]
    pub fn placeholder(&self) -> String {
        format!("{{{}}}", self.name)
    }
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
    /// Packages that the tool may build from their sources, because the registry has no wheels of them.
    #[serde(default)]
    pub from_source: Vec<String>,
    /// Commands that build what the tool has installed, with its development packages; those go afterwards.
    #[serde(default)]
    pub build: Vec<Vec<String>>,
}

impl Prepare {
    /// Whether nothing is installed: the contender needs its runtime alone.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.tool.is_none() && self.commands.is_empty()
    }
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
    /// The path that answers 200 when it is ready; none: that of the scenario `health`.
    #[serde(default)]
    pub health: Option<String>,
    /// The port on which it listens, when its code has it fixed; none: the lab chooses one.
    #[serde(default)]
    pub port: Option<u16>,
    /// Further programs of the contender, which run beside it and belong to it.
    #[serde(default)]
    pub beside: Vec<Beside>,
}

/// A further program of a contender, as a worker of a queue, or the application behind a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Its name: `{NAME_port}` stands for its port in the commands and variables of all programs of the contender.
    pub name: String,
    /// The argument list, with placeholders.
    pub command: Vec<String>,
    /// Environment variables besides the contract's, whose `PORT` is its own.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

impl Beside {
    /// What stands for its port.
    #[must_use]
    pub fn port_placeholder(&self) -> String {
        format!("{}_port", self.name.replace('-', "_"))
    }
}
