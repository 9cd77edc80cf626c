//! The files of a new PostgreSQL cluster. `initdb` takes a second, so the cache keeps its result, and each further
//! cluster is a copy. The superuser's password is kept with it, in a file that only the user can read.

use super::binaries::Binaries;
use super::command;
use crate::error::LabError;
use crate::prepare::install::Installed;
use crate::prepare::{ContenderSource, Folder};
use crate::process::Program;
use nix::unistd::{Gid, Uid, chown};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The superuser.
pub(super) const ADMIN: &str = "lab";

/// A user and a group of the system, as numbers.
pub(super) type UserAndGroup = (u32, u32);

/// The folder with the files, below that of the cache.
const FILES: &str = "data";

/// The file with the superuser's password beside it.
const PASSWORD: &str = "password";

/// Fills the empty folder `data`, which belongs to `user`, with a new cluster, and returns the superuser's password.
/// `cache` and `key` say where the files of an earlier one are kept: a cache that cannot be written costs time and
/// nothing else.
pub(super) fn create(
    binaries: &Binaries,
    (cache, key): (&Path, &str),
    data: &Path,
    user: Option<UserAndGroup>,
    stop: &AtomicBool,
) -> Result<String, LabError> {
    let kept = Folder::open(cache, "postgresql", key, stop).ok();
    if let Some(password) = kept.as_ref().and_then(|kept| copy_of(kept, data, user)) {
        return Ok(password);
    }
    let failed = |error: io::Error| LabError::database(&format!("`{}`: {error}", data.display()));
    let began = Instant::now();
    let password = password()?;
    empty(data).map_err(failed)?;
    initialise(binaries, data, user, &password, stop)?;
    if let Some(kept) = kept {
        let _ = keep(&kept, data, &password, began);
    }
    Ok(password)
}

/// Copies what is kept into `data`, and returns the superuser's password; none where nothing whole is kept.
fn copy_of(kept: &Folder, data: &Path, user: Option<UserAndGroup>) -> Option<String> {
    kept.record()?;
    let password = fs::read_to_string(kept.path().join(PASSWORD)).ok()?;
    copy(&kept.path().join(FILES), data, user).ok()?;
    Some(password)
}

/// Keeps the files of a new cluster that has not started yet.
fn keep(kept: &Folder, data: &Path, password: &str, began: Instant) -> io::Result<()> {
    let files = kept.path().join(FILES);
    kept.clear()?;
    write_secret(&kept.path().join(PASSWORD), password, None)?;
    fs::create_dir(&files)?;
    copy(data, &files, None)?;
    kept.finish(Installed::since(began), 0, None).map(drop)
}

/// Another PostgreSQL, or another release at the same place, needs other files.
pub(super) fn key(binaries: &Binaries) -> String {
    let program = binaries.program("initdb");
    let program = program.canonicalize().unwrap_or(program);
    let data = fs::metadata(&program).ok();
    let changed = data.as_ref().and_then(|data| data.modified().ok());
    let length = data.map(|data| data.len());
    ContenderSource::default().key(&format!("{} {length:?} {changed:?}", program.display()))
}

/// Empties a folder that a failed copy may have filled.
fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Copies all files below a folder into another one that exists, for that user where one is named.
fn copy(from: &Path, to: &Path, user: Option<UserAndGroup>) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            fs::set_permissions(&target, entry.metadata()?.permissions())?;
            copy(&source, &target, user)?;
        } else {
            fs::copy(&source, &target)?;
        }
        if let Some((uid, gid)) = user {
            chown(&target, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
        }
    }
    Ok(())
}

/// 128 random bits from the system, as hexadecimal digits.
pub(super) fn password() -> Result<String, LabError> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .map_err(|error| LabError::database(&format!("`/dev/urandom`: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a password to a file that only its owner can read.
fn write_secret(path: &Path, password: &str, user: Option<UserAndGroup>) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(password.as_bytes())?;
    if let Some((uid, gid)) = user {
        chown(path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
    }
    Ok(())
}

fn initialise(
    binaries: &Binaries,
    data: &Path,
    user: Option<UserAndGroup>,
    password: &str,
    stop: &AtomicBool,
) -> Result<(), LabError> {
    let file = data.with_extension("password");
    write_secret(&file, password, user)
        .map_err(|error| LabError::database(&format!("the password's file: {error}")))?;
    let arguments = [
        OsString::from("--pgdata"),
        data.into(),
        format!("--username={ADMIN}").into(),
        // Plain text over the loopback address: SCRAM would cost contenders milliseconds for each connection.
        "--auth=password".into(),
        "--pwfile".into(),
        file.clone().into(),
        "--encoding=UTF8".into(),
        "--locale=C".into(),
        "--no-sync".into(),
        "--no-instructions".into(),
    ];
    let mut program = Program::new(binaries.program("initdb"), data).arguments(arguments);
    program.user = user;
    let outcome = command::run(&program, "initdb", &LabError::Database, stop);
    let _ = fs::remove_file(file);
    outcome
}
