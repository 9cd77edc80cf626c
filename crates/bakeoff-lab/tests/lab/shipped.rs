//! The contenders of this repository as a run has them: manifest, files, the newest supported runtime (provided where
//! this machine has none), and the install in the user's cache, which the program shares.

use crate::bench::{Record, repository, today};
use bakeoff_core::contender::{self, Contender};
use bakeoff_lab::{ContenderSource, Prepared, Providing, Runtimes, prepare};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

/// A contender or a variant.
#[derive(Debug, Clone)]
pub(crate) struct Shipped {
    pub(crate) contender: Contender,
    /// Every file; of a variant with its own folder laid over those of the contender.
    pub(crate) source: ContenderSource,
    /// The files that it does not share: of a variant those of its folder.
    pub(crate) own: ContenderSource,
}

/// Everything that the repository ships, in the order of the folders; variants stand behind their contender.
pub(crate) fn all() -> Vec<Shipped> {
    let folders = fs::read_dir(repository("contenders")).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("contender.toml").is_file());
    folders.sort();
    folders.iter().flat_map(|folder| with_variants(folder)).collect()
}

/// The contender of that name.
pub(crate) fn named(name: &str) -> Shipped {
    let mut all = with_variants(&repository("contenders").join(name));
    all.swap_remove(0)
}

fn with_variants(folder: &Path) -> Vec<Shipped> {
    // Patches for the standard changes are no part of a contender.
    let whole = ContenderSource::read(folder).unwrap().without(&["changes"]);
    let text = fs::read_to_string(folder.join("contender.toml")).unwrap();
    let contender = contender::parse(&text, "contender.toml").unwrap();
    let folders = contender
        .variants
        .iter()
        .filter_map(|variant| variant.folder.as_deref());
    let source = whole.without(&folders.collect::<Vec<_>>());
    let variants = contender.variants.iter().zip(contender.varied());
    let variants = variants.map(|(variant, varied)| {
        let own = variant.folder.as_deref().map(|folder| whole.below(folder));
        let own = own.unwrap_or_default();
        Shipped {
            contender: varied,
            source: source.with(&own),
            own,
        }
    });
    let variants: Vec<Shipped> = variants.collect();
    let base = Shipped {
        contender,
        own: source.clone(),
        source,
    };
    std::iter::once(base).chain(variants).collect()
}

/// The folder of prepared contenders of all tests: nothing of theirs is left in the user's.
pub(crate) fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// The runtimes of this machine, and those that bakeoff provides for the contenders of the repository.
static RUNTIMES: LazyLock<Runtimes> = LazyLock::new(|| {
    let (cache, record, stop) = (cache(), Record::default(), AtomicBool::new(false));
    let mut runtimes = Runtimes::find(&cache, today());
    let all = all();
    let contenders = all.iter().filter(|one| one.contender.variant_of.is_none());
    let field: Vec<_> = contenders.map(|one| (&one.contender, &one.source)).collect();
    let how = Providing {
        cache: &cache,
        events: &record,
        stop: &stop,
    };
    runtimes.provide(&field, &how);
    runtimes
});

pub(crate) fn runtimes() -> &'static Runtimes {
    &RUNTIMES
}

impl Shipped {
    pub(crate) fn name(&self) -> &str {
        &self.contender.name
    }

    /// Installed in the user's cache, or found there.
    ///
    /// # Errors
    /// What is missing and how to get it, or why it does not install.
    pub(crate) fn prepare(&self) -> Result<Prepared, String> {
        let name = self.name();
        let chosen = RUNTIMES.choose(&self.contender, &self.source);
        let runtime = chosen.map_err(|missing| format!("{name} {missing}: {}", missing.how_to_install))?;
        let (record, stop) = (Record::default(), AtomicBool::new(false));
        let prepared = prepare(&self.contender, &self.source, runtime, &cache(), &record, &stop);
        prepared.map_err(|fault| format!("{name}: {}\n{}", fault.message, fault.log.join("\n")))
    }

    /// Writes all its files below `folder`.
    pub(crate) fn write_to(&self, folder: &Path) {
        for file in self.source.files() {
            let path = folder.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.bytes).unwrap();
        }
    }
}

/// The folder of installed packages, by what installs them.
pub(crate) fn packages(prepared: &Prepared) -> &'static str {
    match prepared.contender.prepare.tool.unwrap() {
        contender::Tool::Npm => "node_modules",
        contender::Tool::Python => ".venv",
        contender::Tool::Maven => "lib",
    }
}
