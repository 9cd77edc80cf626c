//! What a cache keeps: a folder for each installed contender and each provided runtime, with the day on which it was
//! last used, and its removal. A folder that a bakeoff uses at the moment stays.

use jiff::Timestamp;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The folder below the cache, as [`super::folder`] makes it.
const PREPARED: &str = "prepared";

/// One folder of a cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name: the contender's or the runtime's, and a key.
    pub name: String,
    /// Its size in bytes, without what other folders share with it.
    pub bytes: u64,
    /// When it was last used; none where the file system does not say.
    pub used: Option<Timestamp>,
}

/// What a cache keeps, the largest first.
///
/// # Errors
/// The cache cannot be read.
pub fn kept_in(cache: &Path) -> io::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for folder in folders(cache)? {
        kept.push(Kept {
            bytes: size(&folder)?,
            used: used(&folder),
            name: name_of(&folder),
        });
    }
    kept.sort_by(|one, other| other.bytes.cmp(&one.bytes).then(one.name.cmp(&other.name)));
    Ok(kept)
}

/// Removes what was not used since that instant, and returns it. What another bakeoff works on stays.
///
/// # Errors
/// A folder cannot be removed.
pub fn prune(cache: &Path, since: Timestamp) -> io::Result<Vec<Kept>> {
    let mut removed = Vec::new();
    for one in kept_in(cache)? {
        let folder = cache.join(PREPARED).join(&one.name);
        let lock = lock_of(&folder);
        if one.used.is_some_and(|used| used > since) {
            continue;
        }
        let held = File::open(&lock);
        if held.as_ref().is_ok_and(|file| file.try_lock().is_err()) {
            continue;
        }
        fs::remove_dir_all(&folder)?;
        match fs::remove_file(&lock) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => removed.push(one),
        }
    }
    Ok(removed)
}

fn folders(cache: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(cache.join(PREPARED)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

fn name_of(folder: &Path) -> String {
    folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.with_file_name(format!("{}.lock", name_of(folder)))
}

/// Each use opens the lock file anew, which sets its time.
fn used(folder: &Path) -> Option<Timestamp> {
    let data = fs::metadata(lock_of(folder)).or_else(|_| fs::metadata(folder));
    Timestamp::try_from(data.ok()?.modified().ok()?).ok()
}

/// The bytes of all files below a folder; links are not followed.
fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        bytes += if data.is_dir() {
            size(&entry.path())?
        } else {
            data.len()
        };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{kept_in, prune};
    use crate::prepare::folder::Folder;
    use jiff::Timestamp;
    use std::fs;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn what_is_old_goes_and_what_is_used_stays() {
        let cache = tempfile::tempdir().unwrap();
        assert_eq!(kept_in(cache.path()).unwrap(), []);
        let open = |name: &str| Folder::open(cache.path(), name, "k", &AtomicBool::new(false)).unwrap();
        for (name, bytes) in [("small", 10), ("large", 1_000), ("held", 5)] {
            let folder = open(name);
            folder.clear().unwrap();
            fs::write(folder.path().join("file"), vec![0; bytes]).unwrap();
        }
        let names = || -> Vec<String> {
            let kept = kept_in(cache.path()).unwrap();
            kept.into_iter().map(|one| one.name).collect()
        };
        assert_eq!(names(), ["large-k", "small-k", "held-k"]);
        assert_eq!(prune(cache.path(), Timestamp::UNIX_EPOCH).unwrap(), []);
        let _held = open("held");
        let removed = prune(cache.path(), Timestamp::MAX).unwrap();
        assert_eq!(removed.iter().map(|one| one.bytes).sum::<u64>(), 1_010);
        assert_eq!(names(), ["held-k"]);
        assert!(!cache.path().join("prepared/small-k.lock").exists());
    }
}
