//! The domain: contenders and scenarios, from inside the binary and from folders of the same name beside the brief or
//! in the current directory. A folder adds to the embedded ones and replaces one of the same name. The core parses
//! manifests.

use crate::exit::Failure;
use bakeoff_core::brief::Vocabulary;
use bakeoff_core::contender::{self, Contender};
use bakeoff_core::scenario::{self, Scenario};
use bakeoff_lab::{ContenderSource, SourceFile};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A working copy's installed packages are embedded too; [`ContenderSource`] leaves them out. Patterns that exclude
/// them here would cost every build a regular expression engine.
#[derive(RustEmbed)]
#[folder = "../../contenders"]
struct EmbeddedContenders;

#[derive(RustEmbed)]
#[folder = "../../scenarios"]
struct EmbeddedScenarios;

/// A contender with the files of its folder.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The manifest.
    pub(crate) contender: Contender,
    /// Every file of the folder.
    pub(crate) source: ContenderSource,
}

/// All contenders and scenarios that a brief may name.
#[derive(Debug)]
pub(crate) struct Domain {
    /// By name.
    pub(crate) contenders: BTreeMap<String, Entry>,
    /// By id.
    pub(crate) scenarios: BTreeMap<String, Scenario>,
}

impl Domain {
    /// Reads the embedded folders, then those of the current directory, then those beside the brief.
    ///
    /// # Errors
    /// A manifest or scenario that cannot be read, with file, line and reason.
    pub(crate) fn open(beside: &Path) -> Result<Domain, Failure> {
        let mut domain = Domain {
            contenders: BTreeMap::new(),
            scenarios: BTreeMap::new(),
        };
        domain.add_embedded()?;
        for folder in folders(beside) {
            domain.add_folder(&folder)?;
        }
        Ok(domain)
    }

    /// The words that a brief may use.
    #[must_use]
    pub(crate) fn vocabulary(&self) -> Vocabulary {
        Vocabulary {
            scenarios: self.scenarios.keys().cloned().collect(),
            contenders: self.contenders.keys().cloned().collect(),
            needs: bakeoff_lab::probe::known_needs(),
        }
    }

    fn add_embedded(&mut self) -> Result<(), Failure> {
        let mut folders: BTreeMap<String, Vec<SourceFile>> = BTreeMap::new();
        for path in EmbeddedContenders::iter() {
            let (Some((name, rest)), Some(file)) = (path.split_once('/'), EmbeddedContenders::get(&path))
            else {
                continue;
            };
            let file = SourceFile {
                path: rest.to_owned(),
                bytes: file.data.into_owned(),
            };
            folders.entry(name.to_owned()).or_default().push(file);
        }
        for (name, files) in folders {
            self.add_contender(&format!("contenders/{name}"), &name, ContenderSource::new(files))?;
        }
        // The folder's README is embedded too.
        for path in EmbeddedScenarios::iter().filter(|path| path.ends_with(".toml")) {
            let Some(file) = EmbeddedScenarios::get(&path) else {
                continue;
            };
            self.add_scenario(&format!("scenarios/{path}"), &String::from_utf8_lossy(&file.data))?;
        }
        Ok(())
    }

    fn add_folder(&mut self, base: &Path) -> Result<(), Failure> {
        for folder in listing(&base.join("contenders")) {
            if folder.join("contender.toml").is_file() {
                let name = folder
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                let source = ContenderSource::read(&folder).map_err(|error| unreadable(&folder, &error))?;
                self.add_contender(&folder.display().to_string(), &name, source)?;
            }
        }
        for path in listing(&base.join("scenarios")) {
            if path.extension().is_some_and(|extension| extension == "toml") {
                self.add_scenario(&path.display().to_string(), &read_text(&path)?)?;
            }
        }
        Ok(())
    }

    fn add_contender(&mut self, shown: &str, name: &str, source: ContenderSource) -> Result<(), Failure> {
        let Some(manifest) = source.get("contender.toml") else {
            return Ok(());
        };
        let file = format!("{shown}/contender.toml");
        let contender = contender::parse(&String::from_utf8_lossy(manifest), &file)?;
        if contender.name != name {
            return Err(Failure::usage(
                format!(
                    "`{file}` has the name `{}` but is in the folder `{name}`",
                    contender.name
                ),
                "give both the same name, because a brief refers to the contender by it",
            ));
        }
        self.contenders
            .insert(name.to_owned(), Entry { contender, source });
        Ok(())
    }

    fn add_scenario(&mut self, file: &str, text: &str) -> Result<(), Failure> {
        let scenario = scenario::parse(text, file)?;
        self.scenarios.insert(scenario.id.clone(), scenario);
        Ok(())
    }
}

/// The folders that may add to what is embedded, each once.
fn folders(beside: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in [Path::new("."), beside] {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let known = folders
            .iter()
            .any(|other| other.canonicalize().ok() == folder.canonicalize().ok());
        if !known {
            folders.push(folder.to_owned());
        }
    }
    folders
}

/// The entries of a folder, in the order of names; none if there is no such folder.
fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("cannot read `{}`: {error}", path.display()),
        "does it exist, and may you read it?",
    )
}
