//! `[[variant]]`: what a contender is like with another setting. Each key overrides the key of the same name in the
//! manifest; what is left out stays as it is. The variant as a contender of its own is made elsewhere.

use super::browser::Browser;
use super::model::Model;
use super::source::CodeFile;
use super::work::{Class, Data, Http};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A contender's other setting.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its own name, as `jitless`.
    pub name: String,
    /// What a reader calls it; none: the contender's title, and the name in brackets.
    #[serde(default)]
    pub title: Option<String>,
    /// One sentence that a reader should know, in place of the contender's.
    #[serde(default)]
    pub remarks: Option<String>,
    /// The programming language.
    #[serde(default)]
    pub language: Option<String>,
    /// What listens on the socket.
    #[serde(default)]
    pub server: Option<String>,
    /// How it runs several things at once.
    #[serde(default)]
    pub model: Option<Model>,
    /// What the framework brings.
    #[serde(default)]
    pub class: Option<Class>,
    /// How it reads and writes its rows.
    #[serde(default)]
    pub data: Data,
    /// How it speaks HTTP.
    #[serde(default)]
    pub http: Http,
    /// Another version of the same runtime.
    #[serde(default)]
    pub runtime: Option<VariantRuntime>,
    /// Other packages.
    #[serde(default)]
    pub prepare: Option<VariantPrepare>,
    /// Another start.
    #[serde(default)]
    pub start: VariantStart,
    /// Other files and scenarios.
    #[serde(default)]
    pub source: VariantSource,
    /// A folder below the contender's whose files are laid over those of the contender.
    #[serde(default)]
    pub folder: Option<String>,
    /// Its own validation in a browser, in place of the contender's; without one, a variant with a folder has none.
    #[serde(default)]
    pub browser: Option<Browser>,
}

/// Another version of the same runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantRuntime {
    /// The versions it needs, as `>=26, <27`.
    pub version: String,
}

/// Other packages, or another build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VariantPrepare {
    /// The lock file in place of the contender's, relative to the folder.
    pub lock: Option<String>,
    /// The commands that build, in place of the contender's.
    pub build: Option<Vec<Vec<String>>>,
}

/// Another start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VariantStart {
    /// The argument list in place of the contender's.
    pub command: Option<Vec<String>>,
    /// Flags of the runtime: they stand behind its placeholder in the argument list.
    pub flags: Vec<String>,
    /// Environment variables besides the contender's, or in place of those of the same name.
    pub env: BTreeMap<String, String>,
}

/// Other files and scenarios.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VariantSource {
    /// The modules written by hand, in place of the contender's list.
    pub files: Option<Vec<CodeFile>>,
    /// Scenarios that it does not serve, in place of the contender's list.
    pub not_served: Option<Vec<String>>,
}

impl Variant {
    /// Whether it has a name and words, and no setting.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        let words_only = Variant {
            name: self.name.clone(),
            title: self.title.clone(),
            remarks: self.remarks.clone(),
            ..Variant::default()
        };
        *self == words_only
    }
}
