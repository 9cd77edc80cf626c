//! A folder of decision records, as teams keep them: the next free number, the record that a new one supersedes, and a
//! new file. It never edits an existing record: the person who accepts the new record marks the old one.

mod numbering;

use crate::exit::Failure;
use crate::results::cannot_make;
use bakeoff_report::{Document, Names, Place, RecordMarker, Style, record, slug};
use numbering::Next;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A new record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its file.
    pub(crate) path: PathBuf,
    /// The file name of the record that it supersedes.
    pub(crate) supersedes: Option<String>,
}

/// An existing record.
struct Kept {
    name: String,
    mark: Option<RecordMarker>,
}

/// Writes the record of a run as a new file of the folder, which is made where it is missing.
///
/// # Errors
/// The folder already has this run's record, or cannot be read or written.
pub(crate) fn add(folder: &Path, document: &Document<'_>, style: &Style) -> Result<Written, Failure> {
    let Folder { names, kept } = read(folder).map_err(|error| cannot("read", folder, &error))?;
    let mark = RecordMarker::of(document);
    if let Some(same) = kept.iter().find(|one| one.mark.as_ref() == Some(&mark)) {
        return Err(Failure::usage(
            format!(
                "`{}` already holds the record of the run `{}`",
                folder.join(&same.name).display(),
                mark.run
            ),
            "bakeoff never edits a record: delete it if it was only a test, or name another folder",
        ));
    }
    let of_the_brief = |one: &&Kept| one.mark.as_ref().is_some_and(|its| its.brief == mark.brief);
    let supersedes = kept.iter().filter(of_the_brief).map(|one| one.name.clone()).max();
    let next = match style.names {
        Names::Numbered => numbering::next(&names),
        Names::Dated => Next::Date { separator: "" },
    };
    let place = Place {
        number: match &next {
            Next::Number { number, .. } => Some(*number),
            Next::Date { .. } => None,
        },
        supersedes: supersedes.clone(),
    };
    let text = record(document, style, place).map_err(|error| cannot_make("adr", &error))?;
    let day: String = document.run.started.chars().take(10).collect();
    let begin = next.beginning(&day);
    let path = write_new(folder, &format!("{begin}-{}", slug(document)), &text)
        .map_err(|error| cannot("write into", folder, &error))?;
    Ok(Written { path, supersedes })
}

fn cannot(what: &str, folder: &Path, error: &io::Error) -> Failure {
    Failure::lab(
        format!("cannot {what} `{}`: {error}", folder.display()),
        "name a folder that you may write",
    )
}

/// What a folder holds.
#[derive(Default)]
struct Folder {
    /// The names of all entries, in their order.
    names: Vec<String>,
    /// Its Markdown files, which may be ours.
    kept: Vec<Kept>,
}

/// The entries of a folder; none if there is no folder.
fn read(folder: &Path) -> io::Result<Folder> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Folder::default()),
        entries => entries?,
    };
    let mut found = Folder::default();
    for entry in entries {
        let entry = entry?;
        // A name that is not UTF-8 may have a number all the same.
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && entry.path().is_file() {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
            let mark = RecordMarker::find(&text);
            found.kept.push(Kept {
                name: name.clone(),
                mark,
            });
        }
        found.names.push(name);
    }
    found.names.sort();
    Ok(found)
}

/// A new file of that name; with a counter behind it if the name is taken.
fn write_new(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut path = folder.join(format!("{name}.md"));
    let mut copy = 1;
    let mut file = loop {
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                copy += 1;
                path = folder.join(format!("{name}-{copy}.md"));
            }
            opened => break opened?,
        }
    };
    file.write_all(text.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::{read, write_new};

    #[test]
    fn existing_files_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("docs/decisions");
        assert!(read(&below).unwrap().names.is_empty());
        let first = write_new(&below, "20261124-a", "one").unwrap();
        let second = write_new(&below, "20261124-a", "two").unwrap();
        assert_eq!(std::fs::read_to_string(first).unwrap(), "one");
        assert_eq!(second.file_name().unwrap(), "20261124-a-2.md");
        assert_eq!(read(&below).unwrap().kept.len(), 2);
    }
}
