//! `[database]`: the service's own tables and rows, as files of SQL beside the brief, and the names that its programs
//! have fixed. Nobody opens the files here.

use super::reader::{Reader, Section};
use crate::brief::{DatabaseNames, OwnDatabase};
use toml::Spanned;

const KEYS: [&str; 7] = ["schema", "seed", "name", "user", "password", "host", "port"];

/// The longest name that PostgreSQL keeps whole, in bytes.
const LONGEST_NAME: usize = 63;

/// Databases and roles that the lab's own server has already.
const TAKEN: [&str; 4] = ["postgres", "template0", "template1", "lab"];

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Option<OwnDatabase> {
    let section = reader.section(root, "database")?;
    reader.keys(&section, &KEYS);
    reader.require(&section, "schema", "schema = [\"schema.sql\"]");
    let mut scripts = reader.words(&section, "schema");
    scripts.extend(reader.words(&section, "seed"));
    reader.distinct("script", &scripts);
    for script in scripts.iter().filter(|script| script.get_ref().is_empty()) {
        reader.wrong(
            script.span(),
            "the name of a script is empty",
            "write for example `schema = [\"schema.sql\"]`".to_owned(),
        );
    }
    Some(OwnDatabase {
        scripts: scripts.into_iter().map(Spanned::into_inner).collect(),
        fixed: DatabaseNames {
            name: identifier(reader, &section, "name"),
            user: identifier(reader, &section, "user"),
            password: password(reader, &section),
            host: host(reader, &section),
            port: port(reader, &section),
        },
    })
}

/// A name of PostgreSQL that no program must quote in a URL.
fn identifier(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Option<String> {
    let word = reader.word(section, key)?;
    let name = word.get_ref();
    let letter = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    if TAKEN.contains(&name.as_str()) || name.starts_with("pg_") {
        let message = format!("`{name}` is a name that the lab's PostgreSQL server has already");
        reader.wrong(word.span(), message, "give it another name".to_owned());
        return None;
    }
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !begins || !name.chars().all(letter) || name.len() > LONGEST_NAME {
        let message = format!(
            "`{key}` must be at most {LONGEST_NAME} letters, digits, `_` and `-`, and begin with a letter"
        );
        reader.wrong(word.span(), message, None);
        return None;
    }
    Some(word.into_inner())
}

/// A password that stands in a URL as it is.
fn password(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let word = reader.word(section, "password")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if word.get_ref().is_empty() || !word.get_ref().chars().all(plain) {
        let message =
            "`password` must be letters, digits and `-._~`, because it stands in `DATABASE_URL` too";
        reader.wrong(word.span(), message, None);
        return None;
    }
    Some(word.into_inner())
}

/// The name of a host, as programs look it up.
pub(super) fn host(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let word = reader.word(section, "host")?;
    let label = |label: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        !label.is_empty() && label.len() <= 63 && label.chars().all(letter)
    };
    let name = word.get_ref();
    let is_address = name.chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_address || !name.split('.').all(label) {
        let hint = "write for example `host = \"db\"`; an address needs no word".to_owned();
        reader.wrong(word.span(), "`host` must be the name of a host", hint);
        return None;
    }
    Some(word.into_inner())
}

/// A port.
pub(super) fn port(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<u16> {
    let number = reader.whole(section, "port", 1..=u32::from(u16::MAX))?;
    u16::try_from(number).ok()
}
