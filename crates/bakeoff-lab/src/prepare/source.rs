//! The source files of a contender: paths and bytes, from the program itself or from a folder. Without installed files:
//! what `npm` or Python creates is not source.

use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Component, Path};

/// Names that are never source.
const NOT_SOURCE: &[&str] = &["node_modules", "__pycache__", ".venv", ".git", "dist", "target"];

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

    /// The files below a folder, as if it were the contender's; empty where there are none.
    #[must_use]
    pub fn below(&self, folder: &str) -> ContenderSource {
        let beginning = format!("{folder}/");
        ContenderSource::new(self.files.iter().filter_map(|file| {
            let path = file.path.strip_prefix(&beginning)?;
            Some(SourceFile {
                path: path.to_owned(),
                bytes: file.bytes.clone(),
            })
        }))
    }

    /// The same without the files below these folders.
    #[must_use]
    pub fn without(&self, folders: &[&str]) -> ContenderSource {
        let is_below = |path: &str, folder: &str| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let kept = |file: &&SourceFile| !folders.iter().any(|folder| is_below(&file.path, folder));
        ContenderSource::new(self.files.iter().filter(kept).cloned())
    }

    /// The same with the files of `over` laid over them: a file of the same path is replaced.
    #[must_use]
    pub fn with(&self, over: &ContenderSource) -> ContenderSource {
        let kept = self.files.iter().filter(|file| over.get(&file.path).is_none());
        ContenderSource::new(kept.chain(&over.files).cloned())
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
    fn a_folder_is_laid_over_the_files_beside_it() {
        let all = source(&[
            ("app.js", "1"),
            ("server.js", "2"),
            ("variants/ts/app.ts", "3"),
            ("variants/ts/server.js", "4"),
            ("variants/tsx/other.js", "5"),
        ]);
        let own = all.without(&["variants/ts", "variants/tsx"]);
        assert_eq!(own, source(&[("app.js", "1"), ("server.js", "2")]));
        let varied = own.with(&all.below("variants/ts"));
        assert_eq!(
            varied,
            source(&[("app.js", "1"), ("app.ts", "3"), ("server.js", "4")])
        );
        assert!(all.below("variants/t").files().is_empty());
        assert_eq!(own.with(&ContenderSource::default()), own);
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
