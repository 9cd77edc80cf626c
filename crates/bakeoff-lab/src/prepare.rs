//! Installs a contender once, into a cache with a key from everything that the result depends on; later runs need no
//! network. Two bakeoffs can run at once, and an interrupted install is repaired. The contender's lock file decides
//! what is installed. Variants that differ in their start alone share one install.

pub(crate) mod browser;
mod cache;
mod folder;
pub(crate) mod install;
mod lock;
pub(crate) mod maven;
pub(crate) mod npm;
pub(crate) mod provide;
pub(crate) mod python;
mod source;

pub use cache::{Kept, kept_in, prune};
pub use lock::{Locked, make_lock};
pub use provide::Providing;
pub use source::{ContenderSource, SourceFile};

use crate::event::{Event, EventSink, Origin};
use crate::fault::{interrupted, of_contender, of_lab};
use crate::language::packages_of;
use crate::runtime::Runtime;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Fault, Stage};
pub(crate) use folder::Folder;
use folder::Record;
use install::{Installed, Installer};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

/// The number of the steps of an install as this program makes them; it grows when they change what is installed.
const STEPS: u32 = 2;

/// The number of installs that run in this process now.
static INSTALLS: AtomicU32 = AtomicU32::new(0);

/// A contender that is ready to start.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Its manifest.
    pub contender: Contender,
    /// The folder with it and its dependencies.
    pub folder: PathBuf,
    /// Its runtime.
    pub runtime: Runtime,
    /// The duration of the install, in this run or an earlier one, in seconds.
    pub install_s: f64,
    /// When it was installed, RFC 3339, UTC.
    pub installed: String,
    /// The number of other installs that ran at the same time, and shared processors and network with it.
    pub beside: u32,
    /// What installed the packages, as `uv`; none where commands of the manifest did.
    pub installer: Option<String>,
    /// Whether all packages were on this machine before the install, so that its time has no part of the network's.
    pub without_network: bool,
    /// Where the installed folder comes from.
    pub from: Origin,
}

impl Prepared {
    /// How it was installed, for a reader of the time that it took.
    #[must_use]
    pub fn install_note(&self) -> String {
        let beside = match self.beside {
            0 => String::new(),
            1 => " beside another install".to_owned(),
            several => format!(" beside {several} other installs"),
        };
        let by = self
            .installer
            .as_ref()
            .map(|installer| format!("by {installer} "));
        let of = if self.without_network {
            ", with all packages on this machine,"
        } else {
            ""
        };
        format!(
            "installed {}{}{of} in {:.1} s{beside}",
            by.unwrap_or_default(),
            self.installed,
            self.install_s
        )
    }
}

/// Installs `contender` from `source` into `cache`, or finds it there. Several may run at the same time.
///
/// # Errors
/// A fault of the contender when its own files do not install, of the user when the machine or the network
/// lacks something, of the lab when the cache cannot be written.
pub fn prepare(
    contender: &Contender,
    source: &ContenderSource,
    runtime: &Runtime,
    cache: &Path,
    events: &dyn EventSink,
    stop: &AtomicBool,
) -> Result<Prepared, Fault> {
    prepare_with(contender, source, runtime, cache, None, events, stop)
}

/// Prepares a changed copy of `original`, whose files are `before`, in a folder of its own below `place`. Where the
/// change leaves the packages as they are, the copy uses those of the original.
///
/// # Errors
/// As [`prepare`].
pub(crate) fn prepare_copy(
    copy: (&Contender, &ContenderSource),
    original: &Prepared,
    before: &ContenderSource,
    place: &Path,
    events: &dyn EventSink,
    stop: &AtomicBool,
) -> Result<Prepared, Fault> {
    let (contender, source) = copy;
    let shared = original.packages_for(contender, source, before);
    let runtime = &original.runtime;
    prepare_with(contender, source, runtime, place, shared.as_ref(), events, stop)
}

fn prepare_with(
    contender: &Contender,
    source: &ContenderSource,
    runtime: &Runtime,
    cache: &Path,
    shared: Option<&SharedPackages>,
    events: &dyn EventSink,
    stop: &AtomicBool,
) -> Result<Prepared, Fault> {
    let key = source.key(&format!(
        "{STEPS} {} {} {:?}",
        runtime.name, runtime.version, contender.prepare
    ));
    // A variant with the same files, packages and runtime has the same key, and so the same folder.
    let folder = Folder::open(cache, contender.folder_name(), &key, stop)?;
    let (record, from) = match folder.record() {
        Some(record) => (record, Origin::Cache),
        None => (
            install_into(&folder, contender, source, runtime, shared, events, stop)?,
            Origin::Installed,
        ),
    };
    let prepared = Prepared {
        contender: contender.clone(),
        folder: folder.path().to_owned(),
        runtime: runtime.clone(),
        install_s: record.install_s,
        installed: record.installed,
        beside: record.beside,
        installer: record.installer,
        without_network: record.without_network,
        from,
    };
    events.event(Event::Prepared {
        contender: contender.name.clone(),
        seconds: prepared.install_s,
        from,
    });
    Ok(prepared)
}

/// A virtual environment in the cache with one package from the registry, for the lab itself; returns its folder.
///
/// # Errors
/// As [`prepare`].
pub(crate) fn environment_in_cache(
    cache: &Path,
    package: &str,
    runtime: &Runtime,
    events: &dyn EventSink,
    stop: &AtomicBool,
) -> Result<PathBuf, Fault> {
    let key = ContenderSource::default().key(&format!("{package} {}", runtime.version));
    let folder = Folder::open(cache, &package.replace("==", "-"), &key, stop)?;
    if folder.record().is_none() {
        let failed = |error| of_lab(Stage::Prepare, format!("`{}`: {error}", folder.path().display()));
        folder.clear().map_err(failed)?;
        let installer = Installer {
            contender: package,
            folder: folder.path(),
            runtime,
            events,
            stop,
            from_source: &[],
            build: &[],
        };
        let began = Instant::now();
        python::install_package(&installer, package)?;
        folder.finish(Installed::since(began), 0, None).map_err(failed)?;
    }
    Ok(folder.path().to_owned())
}

fn install_into(
    folder: &Folder,
    contender: &Contender,
    source: &ContenderSource,
    runtime: &Runtime,
    shared: Option<&SharedPackages>,
    events: &dyn EventSink,
    stop: &AtomicBool,
) -> Result<Record, Fault> {
    folder
        .clear()
        .map_err(|error| of_lab(Stage::Prepare, format!("`{}`: {error}", folder.path().display())))?;
    source
        .write_to(folder.path())
        .map_err(|error| of_lab(Stage::Prepare, format!("`{}`: {error}", folder.path().display())))?;
    let installer = Installer {
        contender: &contender.name,
        folder: folder.path(),
        runtime,
        events,
        stop,
        from_source: &contender.prepare.from_source,
        build: &contender.prepare.build,
    };
    let began = Instant::now();
    let running = Running::begin();
    let packages = contender.prepare.tool.and_then(packages_of);
    let by_tool = match packages {
        Some(_) if let Some(shared) = shared => {
            shared.link_into(folder.path())?;
            None
        }
        Some(packages) => Some((packages.install)(&installer, lock_of(contender, source)?)?),
        None => {
            install::run_commands(&installer, &contender.prepare.commands)?;
            None
        }
    };
    let mut installed = by_tool.unwrap_or_else(|| Installed::since(began));
    if let Some(compile) = packages.and_then(|packages| packages.compile) {
        let began = Instant::now();
        compile(&installer)?;
        installed.took += began.elapsed();
    }
    if stop.load(Ordering::Relaxed) {
        return Err(interrupted());
    }
    folder
        .finish(
            installed,
            running.beside(),
            packages.map(|packages| (packages.installer)()),
        )
        .map_err(|error| of_lab(Stage::Prepare, format!("`{}`: {error}", folder.path().display())))
}

/// The folder of installed packages that another install uses too.
struct SharedPackages {
    folder: PathBuf,
    name: &'static str,
}

impl SharedPackages {
    fn link_into(&self, folder: &Path) -> Result<(), Fault> {
        let link = folder.join(self.name);
        symlink(&self.folder, &link)
            .map_err(|error| of_lab(Stage::Prepare, format!("`{}`: {error}", link.display())))
    }
}

impl Prepared {
    /// Its packages, where another version of its files installs the same ones: by the same tool, from the same lock
    /// file, and without a build, which may write into them.
    fn packages_for(
        &self,
        contender: &Contender,
        source: &ContenderSource,
        before: &ContenderSource,
    ) -> Option<SharedPackages> {
        let prepare = &contender.prepare;
        let name = packages_of(prepare.tool?)?.folder;
        let lock = prepare.lock.as_deref()?;
        let folder = self.folder.join(name);
        let same = *prepare == self.contender.prepare
            && prepare.build.is_empty()
            && source.get(lock) == before.get(lock)
            && folder.is_dir();
        same.then_some(SharedPackages { folder, name })
    }
}

/// An install while it runs.
struct Running {
    others_at_start: u32,
}

impl Running {
    fn begin() -> Running {
        Running {
            others_at_start: INSTALLS.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Other installs at its start or now, whichever are more.
    fn beside(&self) -> u32 {
        let others = INSTALLS.load(Ordering::Relaxed).saturating_sub(1);
        self.others_at_start.max(others)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        INSTALLS.fetch_sub(1, Ordering::Relaxed);
    }
}

fn lock_of<'c>(contender: &'c Contender, source: &ContenderSource) -> Result<&'c str, Fault> {
    let fault = |words: String| of_contender(Stage::Prepare, words);
    let lock = contender.prepare.lock.as_deref();
    let lock = lock.ok_or_else(|| fault("`prepare.lock` is missing: name the lock file".to_owned()))?;
    match source.get(lock) {
        Some(_) => Ok(lock),
        None => Err(fault(format!(
            "there is no `{lock}`: `bakeoff contender lock {}` makes it",
            contender.folder_name()
        ))),
    }
}
