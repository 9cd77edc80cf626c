//! `[[service]]`: the programs that the service needs besides PostgreSQL, by the commands that start them, ask whether
//! they are ready and bring them back before each load. Nobody starts them here.

use super::database::{host, port};
use super::reader::{Reader, Section};
use crate::brief::Service;
use toml::Spanned;
use toml::de::DeValue;

const KEYS: [&str; 9] = [
    "name", "setup", "command", "ready", "seed", "reset", "url", "host", "port",
];

/// Names of what a contender gets from elsewhere.
const TAKEN: [&str; 2] = ["database", "upstream"];

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Vec<Service> {
    let what = "a list of `[[service]]`, two brackets, one for each service";
    let entries = reader.list(root, "service", what).unwrap_or(&[]);
    let mut names = Vec::new();
    let mut services = Vec::new();
    for entry in entries {
        let DeValue::Table(table) = entry.get_ref() else {
            let _: Option<()> = reader.not("each entry of service", "a table", entry);
            continue;
        };
        let section = Section {
            name: "[[service]]".to_owned(),
            span: entry.span(),
            table,
        };
        reader.keys(&section, &KEYS);
        reader.require(&section, "name", "name = \"redis\"");
        let Some(name) = reader.word(&section, "name").filter(|name| fits(reader, name)) else {
            continue;
        };
        services.push(one(reader, &section, name.get_ref()));
        names.push(name);
    }
    reader.distinct("service", &names);
    services
}

/// Whether a word can be the beginning of a variable's name; if not, that is noted.
fn fits(reader: &mut Reader<'_>, name: &Spanned<String>) -> bool {
    let written = name.get_ref();
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = written.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || !written.chars().all(letter) {
        let message =
            format!("`{written}` must be small letters, digits and hyphens, and begin with a letter");
        reader.wrong(name.span(), message, None);
        return false;
    }
    if TAKEN.contains(&written.as_str()) {
        let message = format!("`{written}` is the name of a service that every contender has");
        reader.wrong(name.span(), message, "give it another name".to_owned());
        return false;
    }
    true
}

fn one(reader: &mut Reader<'_>, section: &Section<'_>, name: &str) -> Service {
    let known = Service::known(name);
    if known.is_none() {
        let example = "command = [\"memcached\", \"-l\", \"{host}\", \"-p\", \"{port}\"]";
        reader.require(section, "command", example);
    }
    let usual = known.unwrap_or_default();
    let plain =
        |words: Vec<Spanned<String>>| -> Vec<String> { words.into_iter().map(Spanned::into_inner).collect() };
    let mut words = |key: &str, usual: Vec<String>| {
        let is_written = section.table.contains_key(key);
        let written = plain(reader.words(section, key));
        if is_written { written } else { usual }
    };
    let command = words("command", usual.command);
    let ready = words("ready", usual.ready);
    let mut commands = |key: &str, usual: Vec<Vec<String>>| {
        if section.table.contains_key(key) {
            commands(reader, section, key)
        } else {
            usual
        }
    };
    Service {
        name: name.to_owned(),
        setup: commands("setup", usual.setup),
        seed: commands("seed", usual.seed),
        reset: commands("reset", usual.reset),
        command,
        ready,
        url: reader.word(section, "url").map(Spanned::into_inner).or(usual.url),
        host: host(reader, section),
        port: port(reader, section),
    }
}

/// A list of argument lists.
fn commands(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Vec<Vec<String>> {
    let what = "a list of commands, each a list of texts in quotes";
    let entries = reader.list(section, key, what).unwrap_or(&[]);
    let mut commands = Vec::new();
    for entry in entries {
        let DeValue::Array(words) = entry.get_ref() else {
            let each = format!("each entry of {key}");
            let _: Option<()> = reader.not(&each, "a list of texts in quotes", entry);
            continue;
        };
        let words = words.iter();
        let words = words.filter_map(|word| reader.word_of(&format!("each word of {key}"), word));
        commands.push(words.map(Spanned::into_inner).collect());
    }
    commands
}
