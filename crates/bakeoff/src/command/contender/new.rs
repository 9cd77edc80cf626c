//! `bakeoff contender new NAME`: a folder with a small service that runs, from a template, and around it what it needs
//! to be measured: scenarios and a brief, where there are none yet. It overwrites nothing.

use crate::exit::{Exit, Failure};
use crate::interview::prompt;
use bakeoff_core::diagnostic::nearest;
use clap::Args;
use rust_embed::RustEmbed;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// The example of the repository, of which each contender is a template.
#[derive(RustEmbed)]
#[folder = "../../examples/hello"]
struct Example;

/// What the names of the example's contenders begin with.
const PREFIX: &str = "hello-";

/// The brief of the example.
const BRIEF: &str = "hello.toml";

/// Write a folder with a small service that runs, to be replaced by yours
#[derive(Debug, Args)]
#[command(
    after_help = "It serves four small scenarios, which are written beside it with a brief, where there are none.\n\n\
                  Examples:\n  bakeoff contender new mine --template express\n  bakeoff contender new ours --template go\n  \
                  bakeoff check --brief bakeoff.toml mine\n  bakeoff run"
)]
pub(crate) struct New {
    /// Its name: the folder below `contenders`, and what a brief calls it
    name: String,
    /// The stack that it begins with; without it you are asked
    #[arg(long)]
    template: Option<String>,
    /// What a reader calls it [default: the name]
    #[arg(long)]
    title: Option<String>,
}

impl New {
    /// Writes the files.
    ///
    /// # Errors
    /// A name that cannot be one, an unknown template, or a folder that exists.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        self.check_name()?;
        let folder = Path::new("contenders").join(&self.name);
        if folder.exists() {
            return Err(Failure::usage(
                format!("`{}` exists already", folder.display()),
                "take another name, or edit what is there",
            ));
        }
        let templates = templates();
        let template = match &self.template {
            Some(template) => known(template, &templates)?,
            None => ask(&templates)?,
        };
        let written = self.write(&folder, &template)?;
        written.iter().for_each(|path| println!("{}", path.display()));
        eprintln!(
            "written: `{}` serves the scenarios in `scenarios`. Replace both by yours; `bakeoff check {}` holds it to \
             them, `bakeoff contender lock {}` renews its lock file, and `bakeoff run` compares it when there are two.",
            folder.display(),
            self.name,
            self.name
        );
        Ok(Exit::Done)
    }

    fn check_name(&self) -> Result<(), Failure> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.starts_with(|c: char| c.is_ascii_lowercase()) && self.name.chars().all(fits) {
            return Ok(());
        }
        Err(Failure::usage(
            format!("`{}` cannot name a contender", self.name),
            "a name has small letters, digits and hyphens, and begins with a letter",
        ))
    }

    /// Writes the contender, and the scenarios and the brief where there are none; returns what was written.
    fn write(&self, folder: &Path, template: &str) -> Result<Vec<PathBuf>, Failure> {
        let own = format!("contenders/{PREFIX}{template}/");
        let has_scenarios = Path::new("scenarios").exists();
        let mut written = Vec::new();
        for path in Example::iter() {
            let to = if let Some(rest) = path.strip_prefix(&own) {
                folder.join(rest)
            } else if path.starts_with("scenarios/") && !has_scenarios {
                PathBuf::from(path.as_ref())
            } else if path == BRIEF && !Path::new(crate::brief_file::DEFAULT).exists() {
                PathBuf::from(crate::brief_file::DEFAULT)
            } else {
                continue;
            };
            let Some(file) = Example::get(&path) else {
                continue;
            };
            let text = self.adapted(&String::from_utf8_lossy(&file.data), template, &path);
            write_file(&to, &text)?;
            written.push(to);
        }
        written.sort();
        Ok(written)
    }

    /// A file of the template with the name of the new contender.
    fn adapted(&self, text: &str, template: &str, path: &str) -> String {
        let title = self.title.as_ref().unwrap_or(&self.name);
        let lines = text.lines().map(|line| {
            if path.ends_with("contender.toml") && line.starts_with("title = ") {
                return format!("title = {title:?}\n");
            }
            format!("{}\n", line.replace(&format!("{PREFIX}{template}"), &self.name))
        });
        lines.collect()
    }
}

/// The names of the templates.
fn templates() -> BTreeSet<String> {
    let folders = Example::iter().filter_map(|path| {
        let rest = path.strip_prefix("contenders/")?.strip_prefix(PREFIX)?;
        Some(rest.split_once('/')?.0.to_owned())
    });
    folders.collect()
}

fn known(template: &str, templates: &BTreeSet<String>) -> Result<String, Failure> {
    if templates.contains(template) {
        return Ok(template.to_owned());
    }
    let near = nearest(template, templates.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    Err(Failure::usage(
        format!("there is no template `{template}`"),
        format!("{near}{}", listed(templates)),
    ))
}

fn listed(templates: &BTreeSet<String>) -> String {
    let names: Vec<String> = templates.iter().map(|name| format!("`{name}`")).collect();
    format!("the templates are {}", names.join(", "))
}

/// Asks on a terminal.
fn ask(templates: &BTreeSet<String>) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage("no template is named", listed(templates)));
    }
    let mut input = io::stdin().lock();
    eprintln!("Which stack does it begin with? {}", listed(templates));
    loop {
        match prompt(&mut input)? {
            None => return Err(Failure::usage("no template is named", listed(templates))),
            Some(word) => match known(&word, templates) {
                Ok(template) => return Ok(template),
                Err(failure) => eprintln!("{failure}"),
            },
        }
    }
}

fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| {
            Failure::usage(
                format!("cannot write `{}`: {error}", path.display()),
                "call it in a folder that you may write",
            )
        })
}
