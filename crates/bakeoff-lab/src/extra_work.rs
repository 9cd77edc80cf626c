//! Makes a copy of a contender dearer by real work: its server hashes bytes before each request. `bakeoff selftest`
//! plants a difference in that way and looks whether the lab finds it. It changes nothing in the contender's folder,
//! and does not know how much a byte costs: that is measured.

use crate::prepare::Prepared;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The variable with the number of bytes.
const BYTES: &str = "BAKEOFF_EXTRA_BYTES";

/// How the servers of a language load code of others.
struct Hook {
    /// The language's id.
    language: &'static str,
    /// The name of the file.
    file: &'static str,
    /// Its text.
    text: &'static str,
    /// The variable that makes a server load it.
    variable: &'static str,
    /// What stands before the path in the variable.
    option: &'static str,
}

const HOOKS: [Hook; 2] = [
    Hook {
        language: "javascript",
        file: "extra_work.cjs",
        text: include_str!("../data/extra_work.cjs"),
        variable: "NODE_OPTIONS",
        option: "--require=",
    },
    // Of Python's servers, Gunicorn calls a function of its settings before each request.
    Hook {
        language: "python",
        file: "extra_work.py",
        text: include_str!("../data/extra_work.py"),
        variable: "GUNICORN_CMD_ARGS",
        option: "--config=",
    },
];

/// The files that servers load, in a folder.
#[derive(Debug)]
pub struct ExtraWork {
    folder: PathBuf,
}

impl ExtraWork {
    /// Writes the files into a folder, which must outlive every server that loads them.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn in_folder(folder: &Path) -> io::Result<ExtraWork> {
        for hook in &HOOKS {
            fs::write(folder.join(hook.file), hook.text)?;
        }
        Ok(ExtraWork {
            folder: folder.to_owned(),
        })
    }

    /// The same contender, whose server hashes that number of bytes before each request; none where its language has no
    /// way to add work.
    #[must_use]
    pub fn added_to(&self, prepared: &Prepared, bytes: u64) -> Option<Prepared> {
        let language = &prepared.contender.language;
        let hook = HOOKS.iter().find(|hook| hook.language == language)?;
        let option = format!("{}{}", hook.option, self.folder.join(hook.file).display());
        let mut prepared = prepared.clone();
        let variables = &mut prepared.contender.start.env;
        let value = match variables.get(hook.variable) {
            Some(own) => format!("{own} {option}"),
            None => option,
        };
        variables.insert(hook.variable.to_owned(), value);
        variables.insert(BYTES.to_owned(), bytes.to_string());
        Some(prepared)
    }
}
