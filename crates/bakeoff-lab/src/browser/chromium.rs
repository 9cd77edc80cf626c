//! Finds a Chromium on this machine, and starts it without a window, with a profile of its own and no way to the
//! internet.

use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Supervised};
use crate::runtime::{is_executable, on_path};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The variable that names one.
const VARIABLE: &str = "BAKEOFF_CHROMIUM";

/// Its names on `PATH`.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What the user can do without one.
pub(crate) const WAY_OUT: &str =
    "install Chromium with the system's package manager, or name one in BAKEOFF_CHROMIUM";

/// The time for its version.
const VERSION_LIMIT: Duration = Duration::from_secs(10);

/// The polling interval for its version.
const POLL: Duration = Duration::from_millis(10);

/// A browser of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chromium {
    /// The path of its program.
    pub program: PathBuf,
    /// Its name and version, as it prints them.
    pub version: String,
}

impl Chromium {
    /// Finds one: that of the variable, else the first on `PATH`. Starts it to read its version.
    ///
    /// # Errors
    /// There is none, or it does not start; in words, with the way out.
    pub fn find() -> Result<Chromium, String> {
        let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty());
        let program = match named.map(PathBuf::from) {
            Some(named) => {
                let found = match named.components().count() {
                    1 => named.to_str().and_then(on_path),
                    _ => Some(named.clone()).filter(|path| is_executable(path)),
                };
                found.ok_or_else(|| {
                    format!(
                        "{VARIABLE} names `{}`, which is no program here: {WAY_OUT}",
                        named.display()
                    )
                })?
            }
            None => NAMES
                .into_iter()
                .find_map(on_path)
                .ok_or_else(|| format!("no Chromium on this machine: {WAY_OUT}"))?,
        };
        let version = version_of(&program)?;
        Ok(Chromium { program, version })
    }

    /// Opens a page with an empty profile below `folder`. Dropping what it returns ends all of its processes.
    ///
    /// # Errors
    /// The operating system's reason.
    pub(super) fn open(&self, address: &str, folder: &Path) -> io::Result<Supervised> {
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-extensions".to_owned(),
            "--disable-sync".to_owned(),
            "--no-first-run".to_owned(),
            "--no-default-browser-check".to_owned(),
            // Nothing but this machine has an address, however the page spells it.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
            profile,
        ];
        if nix::unistd::geteuid().is_root() {
            // Its sandbox refuses to start as root.
            arguments.push("--no-sandbox".to_owned());
        }
        arguments.push(address.to_owned());
        Program::new(&self.program, folder)
            .arguments(arguments)
            .start(LabInstance::this())
    }
}

/// What it prints of itself, as `Chromium 143.0.7499.40`.
fn version_of(program: &Path) -> Result<String, String> {
    let shown = program.display();
    let tool = Program::new(program, std::env::temp_dir()).arguments(["--version"]);
    let process = tool
        .start(LabInstance::this())
        .map_err(|error| format!("`{shown}` does not start: {error}: {WAY_OUT}"))?;
    let until = Instant::now() + VERSION_LIMIT;
    while process.exited().is_none() && Instant::now() < until {
        thread::sleep(POLL);
    }
    // The reader of the log may lag behind the end of the process by a moment.
    thread::sleep(POLL);
    let text = process.log().text();
    version_in(&text).ok_or_else(|| format!("`{shown} --version` prints no version: {WAY_OUT}"))
}

/// The words up to the first one with a number; the line may have more behind it.
fn version_in(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.contains("Chrom"))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let last = words.iter().position(is_version)?;
    Some(words[..=last].join(" "))
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn a_version_is_read_from_what_chromium_prints() {
        let printed = "Chromium 143.0.7499.40 built on Debian GNU/Linux 13 (trixie)\n";
        assert_eq!(version_in(printed).as_deref(), Some("Chromium 143.0.7499.40"));
        assert_eq!(
            version_in("warning: x\nGoogle Chrome 143.0.1 \n").as_deref(),
            Some("Google Chrome 143.0.1")
        );
        assert_eq!(version_in("not found"), None);
    }
}
