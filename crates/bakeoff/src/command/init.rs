//! `bakeoff init [PATH]`: writes a brief, from answers or from a template. Its words and comments are those of the example briefs, so that what it writes explains
//! itself. Deliberately never overwrites.

mod form;
mod priorities;

use crate::brief_file::{BriefFile, DEFAULT};
use crate::exit::{Exit, Failure};
use clap::{Args, ValueEnum};
use form::Form;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Write a brief: asks, or takes a template
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff init\n  bakeoff init shop.toml --template site\n\nAsks on a terminal, or takes one line an answer over a pipe; Enter takes what \
                        stands in brackets."
)]
pub(crate) struct Init {
    /// The file to write; one that is there is never overwritten
    #[arg(default_value = DEFAULT)]
    path: PathBuf,
    /// Ask nothing and write this one
    #[arg(long, value_enum)]
    template: Option<Template>,
}

/// The kinds of backend that there is an example of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Template {
    /// An API with a database
    Api,
    /// A web site with pages made on the server
    Site,
    /// A gateway of a live dashboard
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
            Template::Site => "a web site with pages made on the server",
            Template::Realtime => "a gateway of a live dashboard",
            Template::Data => "a service of a data team",
        }
    }
}

impl Init {
    /// Writes the brief.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        if self.path.exists() {
            return Err(there_already(&self.path));
        }
        let text = match self.template {
            Some(template) => Form::of(template.text(), &self.path)?.text(),
            None => ask(&self.path)?,
        };
        write_new(&self.path, &text)?;
        let shown = self.path.display();
        println!("{shown}");
        eprintln!(
            "written: `{shown}`. `bakeoff plan {shown}` tells what a run would do, `bakeoff run {shown}` does it."
        );
        Ok(Exit::Done)
    }
}

/// The brief that comes of answers on stdin.
fn ask(path: &Path) -> Result<String, Failure> {
    let mut input = io::stdin().lock();
    eprintln!("What is to be built?");
    for (place, template) in Template::ALL.iter().enumerate() {
        eprintln!("  {}: {}", place + 1, template.words());
    }
    let template = loop {
        match crate::interview::prompt(&mut input)?.as_deref() {
            None | Some("") => break Template::Api,
            Some(word) => match chosen(word) {
                Some(template) => break template,
                None => eprintln!("`{word}` is none of 1 to {}", Template::ALL.len()),
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

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => there_already(path),
        _ => Failure::usage(
            format!("cannot write `{}`: {error}", path.display()),
            "name a file in a folder that is there and yours to write",
        ),
    })
}

fn there_already(path: &Path) -> Failure {
    Failure::usage(
        format!("`{}` is there already", path.display()),
        "name another file, or change that one by hand",
    )
}

/// Reads a brief's text as `bakeoff run` would.
fn read(text: &str, path: &Path) -> Result<BriefFile, Failure> {
    let beside = path.parent().unwrap_or(Path::new("."));
    BriefFile::of(path.display().to_string(), text.to_owned(), beside)
}
