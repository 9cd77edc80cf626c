//! A folder of the cache: locked while one process works on it, complete only when its record exists. It is built in
//! its final place, because a virtual environment cannot be moved.

use super::install::Installed;
use crate::fault::{interrupted, of_lab};
use bakeoff_core::evidence::{Fault, Stage};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The file that exists only when the folder is complete.
const RECORD: &str = "prepared.json";

/// The retry interval for a lock that another process holds.
const RETRY: Duration = Duration::from_millis(100);

/// The record of a complete install.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Its duration, in seconds.
    pub(super) install_s: f64,
    /// Its end, RFC 3339, UTC.
    pub(super) installed: String,
    /// The number of other installs that ran at the same time; 0 in records from before they could.
    #[serde(default)]
    pub(super) beside: u32,
    /// What installed the packages, as `uv`; none where commands of the manifest did, and in older records.
    #[serde(default)]
    pub(super) installer: Option<String>,
    /// Whether all packages were on this machine before, so that its duration has no part of the network's.
    #[serde(default)]
    pub(super) without_network: bool,
}

/// A folder of the cache, locked by this process.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Waits for the lock of the folder of `name` and `key`.
    pub(crate) fn open(cache: &Path, name: &str, key: &str, stop: &AtomicBool) -> Result<Folder, Fault> {
        let parent = cache.join("prepared");
        let failed =
            |error: io::Error| of_lab(Stage::Prepare, format!("cache `{}`: {error}", parent.display()));
        fs::create_dir_all(&parent).map_err(failed)?;
        let lock = File::create(parent.join(format!("{name}-{key}.lock"))).map_err(failed)?;
        loop {
            match lock.try_lock() {
                Ok(()) => {
                    return Ok(Folder {
                        path: parent.join(format!("{name}-{key}")),
                        _lock: lock,
                    });
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if stop.load(Ordering::Relaxed) => return Err(interrupted()),
                Err(TryLockError::WouldBlock) => thread::sleep(RETRY),
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The record of a complete install, if there is one.
    pub(crate) fn record(&self) -> Option<Record> {
        serde_json::from_slice(&fs::read(self.path.join(RECORD)).ok()?).ok()
    }

    /// Empties it, also after an interrupted install.
    pub(crate) fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::create_dir_all(&self.path),
        }
    }

    /// Marks it as complete, with a rename as the last step, so that a kill before it leaves no valid record. `beside`
    /// is the number of other installs that ran meanwhile, `installer` what installed the packages.
    pub(crate) fn finish(
        &self,
        installed: Installed,
        beside: u32,
        installer: Option<&str>,
    ) -> io::Result<Record> {
        let end =
            jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).map_err(io::Error::other)?;
        let record = Record {
            install_s: installed.took.as_secs_f64(),
            installed: end.to_string(),
            beside,
            installer: installer.map(str::to_owned),
            without_network: installed.without_network,
        };
        let partial = self.path.join(format!("{RECORD}.partial"));
        fs::write(&partial, serde_json::to_vec_pretty(&record)?)?;
        fs::rename(partial, self.path.join(RECORD))?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;
    use crate::prepare::install::Installed;
    use bakeoff_core::evidence::Stage;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    #[test]
    fn an_unfinished_install_does_not_count() {
        let cache = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(false);
        let open = || Folder::open(cache.path(), "x", "k", &stop).unwrap();
        let first = open();
        first.clear().unwrap();
        std::fs::write(first.path().join("half"), "").unwrap();
        drop(first);
        let second = open();
        assert_eq!(second.record(), None);
        second.clear().unwrap();
        assert!(!second.path().join("half").exists());
        let installed = Installed {
            took: Duration::from_millis(1500),
            without_network: true,
        };
        let record = second.finish(installed, 1, Some("uv")).unwrap();
        drop(second);
        assert_eq!(open().record(), Some(record.clone()));
        assert_eq!((record.install_s, record.beside), (1.5, 1));
        assert_eq!(record.installer.as_deref(), Some("uv"));
    }

    #[test]
    fn a_record_from_before_installers_were_named_is_read() {
        let old = r#"{"install_s": 4.5, "installed": "2026-11-01T10:00:00Z"}"#;
        let record: super::Record = serde_json::from_str(old).unwrap();
        assert_eq!((record.beside, record.installer), (0, None));
        assert!(!record.without_network);
    }

    #[test]
    fn a_second_bakeoff_waits_for_the_lock_until_it_is_interrupted() {
        let cache = tempfile::tempdir().unwrap();
        let _held = Folder::open(cache.path(), "x", "k", &AtomicBool::new(false)).unwrap();
        let fault = Folder::open(cache.path(), "x", "k", &AtomicBool::new(true)).unwrap_err();
        assert!(fault.is_at(Stage::Interrupted), "{fault:?}");
    }
}
