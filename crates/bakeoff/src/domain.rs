//! The domain: contenders with their variants, and scenarios, from inside the binary and from folders of the same name
//! beside the brief or in the current directory. A folder adds to the embedded ones and replaces one of the same name.
//! The core parses manifests.

use crate::exit::Failure;
use bakeoff_core::brief::Vocabulary;
use bakeoff_core::contender::{self, Contender, Variant};
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

/// A contender or a variant, with its files.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The manifest; of a variant with the variant's keys laid over it.
    pub(crate) contender: Contender,
    /// Every file of the folder; of a variant with its own folder laid over it.
    pub(crate) source: ContenderSource,
}

/// All contenders and scenarios that a brief may name.
#[derive(Debug)]
pub(crate) struct Domain {
    /// By name, variants by their whole names.
    pub(crate) contenders: BTreeMap<String, Entry>,
    /// By id.
    pub(crate) scenarios: BTreeMap<String, Scenario>,
    /// The manifests as texts, by the name of the contender: name of the file, and what stands in it.
    manifests: BTreeMap<String, (String, String)>,
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
            manifests: BTreeMap::new(),
        };
        domain.add_embedded()?;
        for folder in folders(beside) {
            domain.add_folder(&folder)?;
        }
        domain.check_scenarios()?;
        Ok(domain)
    }

    /// The contenders without their variants, in the order of their names.
    pub(crate) fn without_variants(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.contenders.values();
        entries.filter(|entry| entry.contender.variant_of.is_none())
    }

    /// The variants of that contender, in the order of their names.
    pub(crate) fn variants_of<'d>(&'d self, contender: &str) -> impl Iterator<Item = &'d Entry> {
        let entries = self.contenders.values();
        entries.filter(move |entry| entry.contender.variant_of.as_deref() == Some(contender))
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
        let text = String::from_utf8_lossy(manifest).into_owned();
        let contender = contender::parse(&text, &file)?;
        if contender.name != name {
            return Err(Failure::usage(
                format!(
                    "`{file}` has the name `{}` but is in the folder `{name}`",
                    contender.name
                ),
                "give both the same name, because a brief refers to the contender by it",
            ));
        }
        // A folder that replaces an embedded one has variants of its own.
        self.contenders
            .retain(|_, entry| entry.contender.variant_of.as_deref() != Some(name));
        for entry in with_variants(&file, contender, &source)? {
            self.contenders.insert(entry.contender.name.clone(), entry);
        }
        self.manifests.insert(name.to_owned(), (file, text));
        Ok(())
    }

    /// Refuses a manifest that names a scenario which nobody has. Scenarios may come after the contenders, so it is the
    /// last step.
    fn check_scenarios(&self) -> Result<(), Failure> {
        let known: Vec<&str> = self.scenarios.keys().map(String::as_str).collect();
        for (file, text) in self.manifests.values() {
            contender::check_scenarios(text, file, &known)?;
        }
        Ok(())
    }

    fn add_scenario(&mut self, file: &str, text: &str) -> Result<(), Failure> {
        let scenario = scenario::parse(text, file)?;
        self.scenarios.insert(scenario.id.clone(), scenario);
        Ok(())
    }
}

/// A contender and its variants. What is laid over the files for a variant is not the contender's own. A variant
/// without a folder has the very same files, so one install serves both.
///
/// # Errors
/// A variant's folder without files.
fn with_variants(file: &str, contender: Contender, whole: &ContenderSource) -> Result<Vec<Entry>, Failure> {
    let folders: Vec<&str> = contender
        .variants
        .iter()
        .filter_map(|variant| variant.folder.as_deref())
        .collect();
    let own = whole.without(&folders);
    let mut entries = Vec::new();
    for (variant, varied) in contender.variants.iter().zip(contender.varied()) {
        entries.push(Entry {
            source: source_of(file, variant, &own, whole)?,
            contender: varied,
        });
    }
    entries.push(Entry {
        contender,
        source: own,
    });
    Ok(entries)
}

fn source_of(
    file: &str,
    variant: &Variant,
    own: &ContenderSource,
    whole: &ContenderSource,
) -> Result<ContenderSource, Failure> {
    let Some(folder) = &variant.folder else {
        return Ok(own.clone());
    };
    let over = whole.below(folder);
    if over.files().is_empty() {
        return Err(Failure::usage(
            format!(
                "`{file}`: the variant `{}` has the folder `{folder}`, which has no files",
                variant.name
            ),
            "put the files of the variant there, or remove the line `folder`",
        ));
    }
    Ok(own.with(&over))
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
