//! `bakeoff init [PATH]`: writes a brief, by interview, from a template, or with its scenarios from an OpenAPI
//! document. It takes the comments of the example briefs, so that the new brief explains itself. It never overwrites a
//! file.

mod form;
mod priorities;

use crate::brief_file::DEFAULT;
use crate::domain::shipped_scenarios;
use crate::exit::{Exit, Failure};
use crate::openapi::Api;
use bakeoff_core::words::number::count;
use clap::{Args, ValueEnum};
use form::Form;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Write a brief, by interview, from a template, or from an OpenAPI document
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff init\n  bakeoff init shop.toml --template site\n  bakeoff init --openapi api.yaml\n\nInterviews on a terminal, or reads one line per answer from a pipe; Enter accepts the \
                        value in brackets."
)]
pub(crate) struct Init {
    /// The file to write; an existing file is never overwritten
    #[arg(default_value = DEFAULT)]
    path: PathBuf,
    /// Write this template without an interview
    #[arg(long, value_enum)]
    template: Option<Template>,
    /// Write the brief and its scenarios from an OpenAPI document, in YAML or JSON
    #[arg(long, value_name = "FILE", conflicts_with = "template")]
    openapi: Option<PathBuf>,
    /// Include the operations that may change data: POST, PUT, PATCH, DELETE
    #[arg(long, requires = "openapi")]
    writes: bool,
}

/// The kinds of backend with an example brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Template {
    /// An API with a database
    Api,
    /// A web site with pages rendered on the server
    Site,
    /// The gateway of a live dashboard
    Realtime,
    /// A service of a data team
    Data,
}

impl Template {
    const ALL: [Template; 4] = [Template::Api, Template::Site, Template::Realtime, Template::Data];

    /// The example brief.
    fn text(self) -> &'static str {
        match self {
            Template::Api => include_str!("../../../../briefs/order-api.toml"),
            Template::Site => include_str!("../../../../briefs/site.toml"),
            Template::Realtime => include_str!("../../../../briefs/realtime.toml"),
            Template::Data => include_str!("../../../../briefs/data.toml"),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Template::Api => "an API with a database",
            Template::Site => "a web site with pages rendered on the server",
            Template::Realtime => "the gateway of a live dashboard",
            Template::Data => "a service of a data team",
        }
    }
}

impl Init {
    /// Writes the brief.
    ///
    /// # Errors
    /// The file exists already, or cannot be written.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        if self.path.exists() {
            return Err(there_already(&self.path));
        }
        if let Some(document) = &self.openapi {
            return from_openapi(document, self.writes, &self.path);
        }
        let text = match self.template {
            Some(template) => Form::of(template.text(), &self.path)?.text(),
            None => ask(&self.path)?,
        };
        write_new(&self.path, &text)?;
        let shown = self.path.display();
        say!("{shown}");
        let word = bakeoff_report::shell_word(&shown.to_string());
        eprintln!(
            "written: `{shown}`. `bakeoff plan {word}` shows what a run would measure, `bakeoff run {word}` measures it."
        );
        Ok(Exit::Done)
    }
}

/// Writes a brief and its scenarios, and prints the files. Nothing is written where one of them exists already.
fn from_openapi(document: &Path, with_writes: bool, path: &Path) -> Result<Exit, Failure> {
    let api = Api::read(document, with_writes, &shipped_scenarios())?;
    let folder = path.parent().unwrap_or(Path::new("")).join("scenarios");
    let scenarios = api.scenarios.iter();
    let mut files: Vec<(PathBuf, String)> = scenarios
        .map(|scenario| {
            (
                folder.join(format!("{}.toml", scenario.id)),
                scenario.text.clone(),
            )
        })
        .collect();
    files.push((path.to_owned(), api.brief(&format!("`{}`", document.display()))));
    if let Some((there, _)) = files.iter().find(|(file, _)| file.exists()) {
        return Err(there_already(there));
    }
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    for (file, text) in &files {
        write_new(file, text)?;
        say!("{}", file.display());
    }
    for left in &api.left_out {
        eprintln!("left out: {left}");
    }
    let word = bakeoff_report::shell_word(&path.display().to_string());
    eprintln!(
        "written: {} and the brief. `bakeoff run {word} --url a=http://… --url b=http://…` measures services that run.",
        count(api.scenarios.len(), "scenario")
    );
    Ok(Exit::Done)
}

/// The brief from an interview on stdin.
fn ask(path: &Path) -> Result<String, Failure> {
    let mut input = io::stdin().lock();
    eprintln!("What do you want to build?");
    for (place, template) in Template::ALL.iter().enumerate() {
        eprintln!("  {}: {}", place + 1, template.words());
    }
    let template = loop {
        match crate::interview::prompt(&mut input)?.as_deref() {
            None | Some("") => break Template::Api,
            Some(word) => match chosen(word) {
                Some(template) => break template,
                None => eprintln!("`{word}` is not a number from 1 to {}", Template::ALL.len()),
            },
        }
    };
    let mut form = Form::of(template.text(), path)?;
    form.ask(&mut input)?;
    priorities::ask(&mut form, &mut input)?;
    Ok(form.text())
}

fn chosen(word: &str) -> Option<Template> {
    let place = word
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    let by_number = place.and_then(|place| Template::ALL.get(place).copied());
    by_number.or_else(|| Template::from_str(word, true).ok())
}

/// Writes a new file.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => there_already(path),
        _ => unwritable(path, &error),
    })
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(
        format!("cannot write `{}`: {error}", path.display()),
        "name a file in an existing folder that you may write",
    )
}

fn there_already(path: &Path) -> Failure {
    Failure::usage(
        format!("`{}` exists already", path.display()),
        "name another file, or edit that one",
    )
}
