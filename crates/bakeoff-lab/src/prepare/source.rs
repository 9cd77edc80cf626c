//! The source files of a contender: paths and bytes, from the program itself or from a folder. Without installed files:
//! what `npm` or Python creates is not source.

use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Component, Path};

/// Names that are never source.
const NOT_SOURCE: &[&str] = &["node_modules", "__pycache__", ".venv", ".git"];

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Its path below the contender's folder, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// All files of a contender, in the order of their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContenderSource {
    files: Vec<SourceFile>,
}

impl ContenderSource {
    /// These files, without those that are never source.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> ContenderSource {
        let mut files: Vec<SourceFile> = files.into_iter().filter(|file| is_source(&file.path)).collect();
        files.sort();
        ContenderSource { files }
    }

    /// The files below a folder.
    ///
    /// # Errors
    /// The operating system's reason, when a file cannot be read.
    pub fn read(folder: &Path) -> io::Result<ContenderSource> {
        let mut files = Vec::new();
        read_below(folder, "", &mut files)?;
        Ok(ContenderSource::new(files))
    }

    /// The files, in the order of their paths.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The content of the file at `path`, if there is one.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.bytes.as_slice())
    }

    /// A key that changes with any path, any byte and `circumstances`: 16 hexadecimal digits of a SHA-256.
    pub(crate) fn key(&self, circumstances: &str) -> String {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        add(circumstances.as_bytes());
        add(format!("{} {}", std::env::consts::OS, std::env::consts::ARCH).as_bytes());
        for file in &self.files {
            add(file.path.as_bytes());
            add(&file.bytes);
        }
        hash.finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Writes all files below `folder`.
    pub(crate) fn write_to(&self, folder: &Path) -> io::Result<()> {
        for file in &self.files {
            let path = folder.join(&file.path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, &file.bytes)?;
        }
        Ok(())
    }
}

/// Whether the path goes downwards only, and through no folder that is never source.
fn is_source(path: &str) -> bool {
    let mut parts = Path::new(path).components().peekable();
    parts.peek().is_some()
        && parts.all(|part| match part {
            Component::Normal(name) => !NOT_SOURCE.iter().any(|never| name == *never),
            _ => false,
        })
}

fn read_below(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if !is_source(&path) {
            continue;
        }
        if entry.path().is_dir() {
            read_below(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(SourceFile {
                path,
                bytes: fs::read(entry.path())?,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ContenderSource, SourceFile};

    fn source(files: &[(&str, &str)]) -> ContenderSource {
        ContenderSource::new(files.iter().map(|(path, text)| SourceFile {
            path: (*path).into(),
            bytes: (*text).into(),
        }))
    }

    #[test]
    fn the_key_depends_on_content_and_circumstances_and_not_on_order() {
        let one = source(&[("a.js", "1"), ("b.js", "2")]);
        assert_eq!(
            one.key("node 20"),
            source(&[("b.js", "2"), ("a.js", "1")]).key("node 20")
        );
        assert_eq!(one.key("node 20").len(), 16);
        for other in [
            source(&[("a.js", "1"), ("b.js", "3")]).key("node 20"),
            source(&[("a.js", "1"), ("c.js", "2")]).key("node 20"),
            source(&[("a.js", "1b"), (".js", "2")]).key("node 20"),
            one.key("node 22"),
        ] {
            assert_ne!(one.key("node 20"), other);
        }
    }

    #[test]
    fn written_files_are_read_back_without_installed_ones() {
        let folder = tempfile::tempdir().unwrap();
        let all = source(&[
            ("app/a.py", "x"),
            ("contender.toml", "y"),
            ("node_modules/m/i.js", "z"),
            ("../e", "e"),
        ]);
        assert_eq!(all.files().len(), 2);
        all.write_to(folder.path()).unwrap();
        std::fs::create_dir(folder.path().join("__pycache__")).unwrap();
        std::fs::write(folder.path().join("__pycache__/a.pyc"), "no").unwrap();
        assert_eq!(ContenderSource::read(folder.path()).unwrap(), all);
        assert_eq!(all.get("app/a.py"), Some(b"x".as_slice()));
    }
}
