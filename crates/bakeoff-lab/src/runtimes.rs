//! The runtimes of this machine, found by the table of languages, and which of them a contender takes. Where none is
//! supported, bakeoff provides one if it can.

pub(crate) mod choice;
pub(crate) mod found;
mod start;

pub use found::Found;

use crate::event::Event;
use crate::language::{LANGUAGES, Language, of_runtime};
use crate::prepare::{ContenderSource, Providing};
use crate::probe::static_probes::lock;
use crate::runtime::Runtime;
use crate::runtime::places::Surroundings;
use crate::support::{Standing, shipped};
use bakeoff_core::contender::{self, Contender};
use bakeoff_core::words::number::list;
use choice::Terms;
use jiff::civil::Date;
use semver::{Version, VersionReq};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;

/// A number that no release of a line exceeds.
const NEWEST: u64 = 9_999;

/// A runtime that a contender needs and this machine lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("needs {what}: {found}")]
pub struct Unavailable {
    /// Runtime and version, as `node >=20`.
    pub what: String,
    /// What this machine has instead, in words.
    pub found: String,
    /// What the user can do.
    pub how_to_install: String,
}

/// All runtimes of this machine, in the order of the languages and of the places in which they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtimes {
    found: Vec<Found>,
    /// The day that decides which are supported.
    today: Date,
    /// By name and release line, why bakeoff could not provide it.
    not_provided: BTreeMap<(String, String), String>,
}

/// Why the packages of a contender do not support a version; none where they do.
type Refusal<'r> = &'r dyn Fn(&Version) -> Option<String>;

impl Runtimes {
    /// Whether the table of languages has a runtime of that name.
    #[must_use]
    pub fn knows(name: &str) -> bool {
        of_runtime(name).is_some()
    }

    /// Searches the places in which people have runtimes, and the cache for those that bakeoff provided. Starts each to
    /// read its version. `today` decides which are supported.
    #[must_use]
    pub fn find(cache: &Path, today: Date) -> Runtimes {
        let around = Surroundings::of_this_process();
        let all = LANGUAGES
            .iter()
            .flat_map(|language| start::find_all(language, &around, cache));
        Runtimes {
            found: all.collect(),
            ..Runtimes::none(today)
        }
    }

    /// Searches also what these contenders name and no row of the table of languages knows.
    #[must_use]
    pub fn with_those_of<'c>(mut self, contenders: impl Iterator<Item = &'c Contender>) -> Runtimes {
        let around = Surroundings::of_this_process();
        let mut searched: Vec<contender::Runtime> = Vec::new();
        for wanted in contenders.map(|contender| &contender.runtime) {
            let search = contender::Runtime {
                version: String::new(),
                ..wanted.clone()
            };
            if of_runtime(&wanted.name).is_none() && !searched.contains(&search) {
                let found = start::find_unknown(wanted, &around).into_iter();
                self.found.extend(found);
                searched.push(search);
            }
        }
        self
    }

    /// Those of a machine that has none.
    #[must_use]
    pub fn none(today: Date) -> Runtimes {
        Runtimes {
            found: Vec::new(),
            today,
            not_provided: BTreeMap::new(),
        }
    }

    /// The runtime that a contender takes: of those that its manifest and its packages allow, the newest supported one.
    ///
    /// # Errors
    /// What is missing and how to get it.
    pub fn choose(&self, contender: &Contender, source: &ContenderSource) -> Result<&Runtime, Unavailable> {
        self.pick(&contender.runtime, &|version| {
            lock::refusal(contender, source, version)
        })
    }

    /// The runtime with the right name and version, where nothing else decides.
    ///
    /// # Errors
    /// What is missing and how to get it.
    pub fn get(&self, wanted: &contender::Runtime) -> Result<&Runtime, Unavailable> {
        self.pick(wanted, &|_| None)
    }

    /// The runtime of exactly that name and version: what an earlier session measured on.
    ///
    /// # Errors
    /// It is not here any more.
    pub fn same(&self, name: &str, version: &str) -> Result<&Runtime, Unavailable> {
        let mut of_name = self.started(name);
        let same = of_name.find(|(_, runtime)| runtime.version.to_string() == version);
        same.map(|(_, runtime)| runtime).ok_or_else(|| Unavailable {
            what: format!("{name} {version}, on which it was measured before"),
            found: self.here(name),
            how_to_install: "install that version again, or begin a new run".to_owned(),
        })
    }

    /// The runtime of that name that is taken where nothing else decides.
    #[must_use]
    pub fn usual(&self, name: &str) -> Option<&Runtime> {
        let best = self.best_of(name, &VersionReq::STAR, &|_| None);
        best.map(|(_, runtime)| runtime)
    }

    /// Name to version, of each name the usual one.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<String, String> {
        let named = LANGUAGES.iter().filter_map(|language| {
            let runtime = self.usual(language.id)?;
            Some((language.id.to_owned(), runtime.version.to_string()))
        });
        named.collect()
    }

    /// Everything that was found, also what cannot be started.
    #[must_use]
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// How long a runtime is supported.
    #[must_use]
    pub fn standing(&self, runtime: &Runtime) -> Standing {
        self.terms().standing(runtime)
    }

    /// Why a runtime is not the usual one; none for the one that is.
    #[must_use]
    pub fn why_not(&self, runtime: &Runtime) -> Option<String> {
        let usual = self.usual(&runtime.name);
        (usual != Some(runtime)).then(|| choice::why_not(runtime, usual, self.terms()))
    }

    /// Why bakeoff could not provide a runtime of that name, where it tried.
    #[must_use]
    pub fn not_provided(&self, name: &str) -> Option<String> {
        let mut tried = self.not_provided.iter();
        let ((_, line), reason) = tried.find(|((its, _), _)| its == name)?;
        Some(format!("{} {line}: {reason}", title(name)))
    }

    /// What a user can do for a supported runtime of that name.
    #[must_use]
    pub fn way_out(&self, name: &str) -> String {
        self.way_out_to(name, &|_| true)
    }

    /// The same where not every version fits.
    fn way_out_to(&self, name: &str, fits: &dyn Fn(&Version) -> bool) -> String {
        let Some(language) = of_runtime(name) else {
            return format!("install `{name}`");
        };
        let how = language.runtime.how_to_install;
        let subject = shipped().runtime(name);
        let mut lines = subject
            .into_iter()
            .flat_map(|subject| subject.provides_on(self.today));
        let line = lines.find(|line| fits(&newest_of(line)));
        match (language.provision, line) {
            (Some(provision), Some(line)) => format!(
                "{how}; `bakeoff prepare` and `bakeoff run` provide {} {line} {}, where it can be reached",
                title(name),
                provision.origin
            ),
            _ => how.to_owned(),
        }
    }

    /// Provides a runtime for each contender that has none, or only an old one. What cannot be provided stays as it is,
    /// and [`Runtimes::not_provided`] has the reason.
    pub fn provide(&mut self, field: &[(&Contender, &ContenderSource)], how: &Providing<'_>) {
        for (contender, source) in field {
            if how.stop.load(Ordering::Relaxed) {
                return;
            }
            if let Some((language, line)) = self.lacking(contender, source) {
                self.provide_one(language, line, how);
            }
        }
    }

    fn provide_one(&mut self, language: &Language, line: String, how: &Providing<'_>) {
        let title = title(language.id);
        let key = (language.id.to_owned(), line);
        if self.not_provided.contains_key(&key) {
            return;
        }
        match start::provide(language, title, &key.1, how) {
            Ok(found) => {
                let new: Vec<Found> = found
                    .into_iter()
                    .filter(|one| !self.found.contains(one))
                    .collect();
                let started = new.iter().find_map(|one| one.outcome.as_ref().ok());
                if let (Some(runtime), Some(provision)) = (started, language.provision) {
                    how.events.event(Event::RuntimeProvided {
                        runtime: format!("{title} {}", runtime.version),
                        origin: provision.origin.to_owned(),
                    });
                }
                self.found.extend(new);
            }
            Err(fault) => {
                let reason = start::reason_of(&fault);
                how.events.event(Event::RuntimeNotProvided {
                    runtime: format!("{title} {}", key.1),
                    reason: reason.clone(),
                });
                self.not_provided.insert(key, reason);
            }
        }
    }

    /// The language and the release line that should be provided for a contender; none where what the machine has is
    /// supported, or where no line of the table fits.
    fn lacking(
        &self,
        contender: &Contender,
        source: &ContenderSource,
    ) -> Option<(&'static Language, String)> {
        let name = &contender.runtime.name;
        let language = of_runtime(name).filter(|language| language.provision.is_some())?;
        let requirement = requirement(&contender.runtime);
        let refusal = |version: &Version| lock::refusal(contender, source, version);
        let terms = self.terms();
        if let Some((found, runtime)) = self.best_of(name, &requirement, &refusal)
            && !terms.rank(found, runtime).is_old()
        {
            return None;
        }
        let mut lines = shipped().runtime(name)?.provides_on(self.today);
        let line = lines.find(|line| {
            let newest = newest_of(line);
            requirement.matches(&newest) && refusal(&newest).is_none()
        });
        Some((language, line?.to_owned()))
    }

    fn terms(&self) -> Terms<'static> {
        Terms {
            table: shipped(),
            today: self.today,
        }
    }

    /// Those of that name that can be started.
    fn started(&self, name: &str) -> impl Iterator<Item = (&Found, &Runtime)> {
        let of_name = self.found.iter().filter(move |found| found.name == name);
        of_name.filter_map(|found| Some((found, found.outcome.as_ref().ok()?)))
    }

    fn best_of(
        &self,
        name: &str,
        requirement: &VersionReq,
        refusal: Refusal<'_>,
    ) -> Option<(&Found, &Runtime)> {
        let fits = |version: &Version| {
            choice::is_usual(version) && requirement.matches(version) && refusal(version).is_none()
        };
        let fitting = self.started(name).filter(|(_, runtime)| fits(&runtime.version));
        choice::best(fitting, self.terms())
    }

    fn pick(&self, wanted: &contender::Runtime, refusal: Refusal<'_>) -> Result<&Runtime, Unavailable> {
        let requirement = requirement(wanted);
        let best = self.best_of(&wanted.name, &requirement, refusal);
        best.map(|(_, runtime)| runtime).ok_or_else(|| {
            let mut right = self
                .started(&wanted.name)
                .filter(|(_, runtime)| requirement.matches(&runtime.version));
            let packages = right.find_map(|(_, runtime)| refusal(&runtime.version));
            let not_provided = self.not_provided(&wanted.name);
            let not_provided = not_provided.map(|why| format!("bakeoff could not provide {why}"));
            let found = packages.into_iter().chain([self.here(&wanted.name)]);
            Unavailable {
                what: format!("{} {}", wanted.name, wanted.version),
                found: found.chain(not_provided).collect::<Vec<_>>().join("; "),
                how_to_install: self.way_out_to(&wanted.name, &|version| {
                    requirement.matches(version) && refusal(version).is_none()
                }),
            }
        })
    }

    /// The versions of that name, in words.
    fn here(&self, name: &str) -> String {
        let versions: Vec<String> = self
            .started(name)
            .map(|(_, runtime)| runtime.version.to_string())
            .collect();
        let broken = || {
            let mut of_name = self.found.iter().filter(|found| found.name == name);
            of_name.find_map(|found| found.outcome.as_ref().err())
        };
        match (&versions[..], broken()) {
            ([], None) => format!("no `{name}` is on this machine"),
            ([], Some(why)) => format!("the `{name}` of this machine cannot be started: {why}"),
            ([one], _) => format!("only {one} is on this machine"),
            (several, _) => format!("only {} are on this machine", list(several)),
        }
    }
}

/// What a reader calls a runtime.
fn title(name: &str) -> &str {
    shipped()
        .runtime(name)
        .map_or(name, |subject| subject.title.as_str())
}

/// The versions that a manifest allows.
fn requirement(wanted: &contender::Runtime) -> VersionReq {
    VersionReq::parse(&wanted.version).unwrap_or(VersionReq::STAR)
}

/// A version of a line that no release exceeds, as 24.9999.9999 of `24`.
fn newest_of(line: &str) -> Version {
    let mut numbers = line.split('.').map(|part| part.parse().unwrap_or(NEWEST));
    let mut next = || numbers.next().unwrap_or(NEWEST);
    Version::new(next(), next(), next())
}

#[cfg(test)]
mod tests;
