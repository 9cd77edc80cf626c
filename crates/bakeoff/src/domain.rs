//! The domain: contenders with their variants and patches, scenarios and standard changes, from inside the binary and
//! from folders of the same name beside the brief or in the current directory. A folder adds to the embedded ones and
//! replaces one of the same name. The core parses manifests.

mod asked;
pub(crate) mod claims;
mod entry;
mod folders;

pub(crate) use entry::Entry;

use crate::exit::{Exit, Failure};
use bakeoff_core::brief::Vocabulary;
use bakeoff_core::contender::{self, Contender, Runtime};
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::evidence::OwnClaim;
use bakeoff_core::scenario::{self, Change, Scenario};
use bakeoff_lab::{ContenderSource, Runtimes, SourceFile};
use folders::{folders, listing, read_text, unreadable};
use rust_embed::RustEmbed;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A working copy's installed packages are embedded too; [`ContenderSource`] leaves them out. Patterns that exclude
/// them here would cost every build a regular expression engine.
#[derive(RustEmbed)]
#[folder = "../../contenders"]
struct EmbeddedContenders;

#[derive(RustEmbed)]
#[folder = "../../scenarios"]
struct EmbeddedScenarios;

/// The folder of standard changes below that of scenarios.
const CHANGES: &str = "changes";

/// All contenders and scenarios that a brief may name.
#[derive(Debug)]
pub(crate) struct Domain {
    /// By name, variants by their whole names.
    pub(crate) contenders: BTreeMap<String, Entry>,
    /// By id.
    pub(crate) scenarios: BTreeMap<String, Scenario>,
    /// The folders of the contenders that are the user's own, by their names, without variants.
    own_contenders: BTreeMap<String, PathBuf>,
    /// Why the user's own contenders of these names cannot be read.
    broken: BTreeMap<String, String>,
    /// The ids of the scenarios that come from a folder and replace no embedded one.
    own_scenarios: BTreeSet<String>,
    /// By id.
    pub(crate) changes: BTreeMap<String, Change>,
    /// The manifests as texts, by the name of the contender: name of the file, and what stands in it.
    manifests: BTreeMap<String, (String, String)>,
    /// The changes as texts, in the same way.
    change_files: BTreeMap<String, (String, String)>,
    /// The user's own claims.
    pub(crate) own_claims: Vec<OwnClaim>,
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
            own_contenders: BTreeMap::new(),
            broken: BTreeMap::new(),
            own_scenarios: BTreeSet::new(),
            changes: BTreeMap::new(),
            manifests: BTreeMap::new(),
            change_files: BTreeMap::new(),
            own_claims: Vec::new(),
        };
        domain.add_embedded()?;
        for folder in folders(beside) {
            domain.add_folder(&folder)?;
        }
        domain.check_scenarios()?;
        domain.check_patches()?;
        domain.own_claims = claims::own(
            &folders(beside),
            &claims::names(&domain.contenders, &domain.broken),
        )?;
        Ok(domain)
    }

    /// The folder of one of the user's own contenders, also of a variant; none for those that are inside the program.
    #[must_use]
    pub(crate) fn folder_of(&self, name: &str) -> Option<&Path> {
        let of = name.split('@').next().unwrap_or(name);
        self.own_contenders.get(of).map(PathBuf::as_path)
    }

    /// Why a contender of the user's own cannot be read, if it cannot.
    ///
    /// # Errors
    /// The reason.
    pub(crate) fn require_readable(&self, name: &str) -> Result<(), Failure> {
        let of = name.split('@').next().unwrap_or(name);
        match self.broken.get(of) {
            Some(text) => Err(unreadable_contender(text)),
            None => Ok(()),
        }
    }

    /// Refuses to name all contenders where one of them cannot be read: it would be missing without a word.
    ///
    /// # Errors
    /// The first that cannot be read.
    pub(crate) fn require_all_readable(&self) -> Result<(), Failure> {
        match self.broken.values().next() {
            Some(text) => Err(unreadable_contender(text)),
            None => Ok(()),
        }
    }

    /// Why contenders of the user's own cannot be read.
    pub(crate) fn broken(&self) -> impl Iterator<Item = &str> {
        self.broken.values().map(String::as_str)
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
            contenders: self
                .contenders
                .keys()
                .chain(self.broken.keys())
                .cloned()
                .collect(),
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
            let (shown, text) = (format!("scenarios/{path}"), String::from_utf8_lossy(&file.data));
            match path.split_once('/') {
                Some((CHANGES, _)) => self.add_change(&shown, &text)?,
                _ => drop(self.add_scenario(&shown, &text)?),
            }
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
                // A contender that is still being written must not stop the others.
                match self.add_contender(&folder.display().to_string(), &name, source) {
                    Ok(()) => drop(self.own_contenders.insert(name, folder)),
                    Err(failure) => drop(self.broken.insert(name, failure.text)),
                }
            }
        }
        let scenarios = base.join("scenarios");
        let is_toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
        for path in listing(&scenarios).into_iter().filter(is_toml) {
            let known: BTreeSet<String> = self.scenarios.keys().cloned().collect();
            let id = self.add_scenario(&path.display().to_string(), &read_text(&path)?)?;
            if !known.contains(&id) {
                self.own_scenarios.insert(id);
            }
        }
        for path in listing(&scenarios.join(CHANGES)).into_iter().filter(is_toml) {
            self.add_change(&path.display().to_string(), &read_text(&path)?)?;
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
        require_one_search(&contender, &file)?;
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
        for entry in entry::with_variants(shown, contender, &source)? {
            self.contenders.insert(entry.contender.name.clone(), entry);
        }
        self.manifests.insert(name.to_owned(), (file, text));
        Ok(())
    }

    /// Refuses a manifest or a change that names a scenario which nobody has. Scenarios may come after the contenders,
    /// so it is among the last steps.
    fn check_scenarios(&mut self) -> Result<(), Failure> {
        let known: Vec<&str> = self.scenarios.keys().map(String::as_str).collect();
        let mut broken = Vec::new();
        for (name, (file, text)) in &self.manifests {
            match contender::check_scenarios(text, file, &known) {
                Err(wrong) if self.own_contenders.contains_key(name) => {
                    broken.push((name.clone(), Failure::from(wrong).text));
                }
                checked => checked?,
            }
        }
        for (file, text) in self.change_files.values() {
            scenario::check_scenarios(text, file, &known)?;
        }
        for (name, _) in &broken {
            self.own_contenders.remove(name);
            self.contenders
                .retain(|_, entry| entry.contender.folder_name() != name);
        }
        self.broken.extend(broken);
        Ok(())
    }

    /// Refuses a patch for a change that nobody has: its author has mistyped a name.
    fn check_patches(&self) -> Result<(), Failure> {
        let known: Vec<&str> = self.changes.keys().map(String::as_str).collect();
        for Entry { patches, .. } in self.contenders.values() {
            if let Some(id) = patches.ids().find(|id| !known.contains(id)) {
                let file = patches.file_of(id);
                return Err(unknown_change(&format!("`{file}` is for the "), id, &known));
            }
        }
        Ok(())
    }

    /// The changes of these ids in their order; all when none is named.
    ///
    /// # Errors
    /// An unknown id, with the nearest known one.
    pub(crate) fn changes_of(&self, ids: &[String]) -> Result<Vec<&Change>, Failure> {
        if ids.is_empty() {
            return Ok(self.changes.values().collect());
        }
        let known: Vec<&str> = self.changes.keys().map(String::as_str).collect();
        let find = |id: &String| self.changes.get(id).ok_or_else(|| unknown_change("", id, &known));
        ids.iter().map(find).collect()
    }

    fn add_change(&mut self, file: &str, text: &str) -> Result<(), Failure> {
        let change = scenario::parse_change(text, file)?;
        let id = change.id.clone();
        self.change_files
            .insert(id.clone(), (file.to_owned(), text.to_owned()));
        self.changes.insert(id, change);
        Ok(())
    }

    /// Adds a scenario of the user's own.
    ///
    /// # Errors
    /// What is wrong with it, with its line.
    pub(crate) fn add_own_scenario(&mut self, file: &str, text: &str) -> Result<(), Failure> {
        let id = self.add_scenario(file, text)?;
        self.own_scenarios.insert(id);
        Ok(())
    }

    /// Adds a scenario, and returns its id.
    fn add_scenario(&mut self, file: &str, text: &str) -> Result<String, Failure> {
        let scenario = scenario::parse(text, file)?;
        let id = scenario.id.clone();
        self.scenarios.insert(id.clone(), scenario);
        Ok(id)
    }
}

/// The ids of the scenarios that are inside the program.
#[must_use]
pub(crate) fn shipped_scenarios() -> BTreeSet<String> {
    let files = EmbeddedScenarios::iter();
    files
        .filter_map(|path| path.strip_suffix(".toml").map(str::to_owned))
        .filter(|id| !id.contains('/'))
        .collect()
}

/// The error of a manifest, which already has its place.
fn unreadable_contender(text: &str) -> Failure {
    Failure {
        exit: Exit::Usage,
        text: text.to_owned(),
    }
}

/// Refuses a manifest that says how to find a runtime which bakeoff finds by its own table.
fn require_one_search(contender: &Contender, file: &str) -> Result<(), Failure> {
    let Runtime {
        name,
        program,
        version_arguments,
        ..
    } = &contender.runtime;
    if !Runtimes::knows(name) || program.is_none() && version_arguments.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("`{file}`: bakeoff knows where `{name}` is, and how to ask for its version"),
        "remove `program` and `version_arguments` of [runtime]; `bakeoff list runtimes` shows what is found",
    ))
}

fn unknown_change(what: &str, id: &str, known: &[&str]) -> Failure {
    let near = nearest(id, known.iter().copied());
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    let all: Vec<String> = known.iter().map(|id| format!("`{id}`")).collect();
    Failure::usage(
        format!("{what}unknown change `{id}`"),
        format!("{near}the changes are {}", all.join(", ")),
    )
}

#[cfg(test)]
mod tests;
