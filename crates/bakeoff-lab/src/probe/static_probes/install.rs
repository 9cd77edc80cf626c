//! `install_mb`: the size of the installed dependencies on disk, with what the brief's needs add, without the runtime,
//! which the machine has already, and without the tool that installed them.

use super::subject::{Subject, counted};
use super::{lock, needs};
use crate::language::packages_of;
use bakeoff_core::evidence::Observation;
use bakeoff_core::words::number::Quantity;
use std::fs;
use std::io;
use std::path::Path;

const BYTES_PER_MB: f64 = 1_000_000.0;

/// What `python -m venv` puts into every environment, and compiled copies, which the interpreter writes at any time.
const NOT_DEPENDENCIES: [&str; 3] = ["pip", "setuptools", "__pycache__"];

pub(super) fn observe(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    if subject.contender.prepare.is_nothing() {
        let added = needs::added(subject, &[])?;
        let note = format!(
            "it needs its runtime alone{} (snapshot of {})",
            added.beside(&in_mb(added.bytes)),
            added.snapshot
        );
        let mb = added.bytes as f64 / BYTES_PER_MB;
        return Ok(vec![counted("install_mb", mb, note)]);
    }
    let packages = subject.contender.prepare.tool.and_then(packages_of);
    let packages = packages.ok_or("its own commands install it, so its dependencies are unknown")?;
    let folder = (packages.installed_in)(subject.prepared_dir)?;
    let bytes = size(&folder).map_err(|error| format!("`{}` cannot be read: {error}", folder.display()))?;
    let added = needs::added(subject, &lock::installed(subject)?)?;
    let note = format!(
        "{} of files in {}{} (snapshot of {})",
        in_mb(bytes),
        shown(&folder),
        added.beside(&in_mb(added.bytes)),
        added.snapshot
    );
    let both = (bytes + added.bytes) as f64 / BYTES_PER_MB;
    Ok(vec![counted("install_mb", both, note)])
}

fn in_mb(bytes: u64) -> String {
    Quantity::new(bytes as f64 / BYTES_PER_MB, "MB").in_table()
}

/// The sum of the sizes of all files below a folder, without following links.
fn size(folder: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if NOT_DEPENDENCIES
            .iter()
            .any(|never| name == *never || name.starts_with(&format!("{never}-")))
            && kind.is_dir()
        {
            continue;
        }
        if kind.is_dir() {
            sum += size(&entry.path())?;
        } else if kind.is_file() {
            sum += entry.metadata()?.len();
        }
    }
    Ok(sum)
}

fn shown(folder: &Path) -> String {
    folder
        .file_name()
        .map_or_else(String::new, |name| format!("`{}`", name.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::size;
    use crate::probe::static_probes::python_environment::{python_minor, site_packages};
    use std::fs;

    #[test]
    fn tools_and_compiled_copies_do_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join(".venv/lib/python3.11/site-packages");
        for (path, length) in [
            ("flask/app.py", 100),
            ("flask/__pycache__/app.pyc", 999),
            ("pip/main.py", 999),
            ("pip-25.0.dist-info/RECORD", 999),
            ("x.pth", 7),
        ] {
            let file = site.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, vec![b'x'; length]).unwrap();
        }
        assert_eq!(site_packages(folder.path()).unwrap(), site);
        assert_eq!(size(&site).unwrap(), 107);
        assert_eq!(python_minor(folder.path()), Some(11));
    }
}
