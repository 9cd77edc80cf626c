//! What the types of a manifest cannot express: words, versions, placeholders, paths. A variant is checked like a
//! contender, with its places below its own table. Looks at no other file.

use super::{Beside, Contender, Prepare, Runtime, Source, Tool};
use crate::diagnostic::{Diagnostic, nearest};
use crate::toml_document::Step::{self, At, Key};
use crate::toml_document::{Document, placeholders};
use std::collections::BTreeMap;

pub(super) type Checked = Result<(), Diagnostic>;

/// The variables of the contract's environment, which the lab sets.
pub const LAB_SETS: [&str; 11] = [
    "HOST",
    "PORT",
    "WORKERS",
    "THREADS",
    "DATABASE_URL",
    "DATABASE_POOL",
    "UPSTREAM_URL",
    "TOKEN_KEY",
    "ACCESS_LOG",
    "TMPDIR",
    "BAKEOFF_ROUTES",
];

/// What stands for a setting in a start command and in the variables of a manifest, besides the runtime's name. A
/// service of the brief adds its name with `_host`, `_port` and `_url`.
pub const PLACEHOLDERS: [&str; 12] = [
    "bin",
    "host",
    "port",
    "workers",
    "threads",
    "database_url",
    "database_host",
    "database_port",
    "database_user",
    "database_password",
    "database_name",
    "upstream_url",
];

/// Whether a placeholder may be that of a service, which a brief names and no manifest knows.
fn is_of_a_service(name: &str) -> bool {
    let ends = ["_host", "_port", "_url"];
    let is_setting = ends
        .iter()
        .any(|end| name.len() > end.len() && name.ends_with(end));
    is_setting && !name.starts_with("database_")
}

/// Checks a contender that was read from a document.
pub(super) struct Check<'d> {
    document: &'d Document<'d>,
    /// The way to the table of which the checked keys are.
    within: Vec<Step<'d>>,
}

impl<'d> Check<'d> {
    /// Of the contender itself.
    pub(super) fn of(document: &'d Document<'d>) -> Check<'d> {
        Check {
            document,
            within: Vec::new(),
        }
    }

    /// Of the variant at that place.
    pub(super) fn of_variant(document: &'d Document<'d>, place: usize) -> Check<'d> {
        Check {
            document,
            within: vec![Key("variant"), At(place)],
        }
    }

    pub(super) fn wrong<T>(
        &self,
        way: &[Step<'_>],
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Result<T, Diagnostic> {
        let mut whole: Vec<Step<'_>> = self.within.clone();
        whole.extend_from_slice(way);
        Err(self
            .document
            .wrong(self.document.span(&whole), message.into(), hint))
    }

    pub(super) fn words(&self, contender: &Contender) -> Checked {
        for (key, word) in [
            ("name", &contender.name),
            ("family", &contender.family),
            ("language", &contender.language),
        ] {
            self.word(key, word)?;
        }
        self.title(&contender.title)?;
        let homepage = &contender.homepage;
        let is_address = homepage.starts_with("https://") || homepage.starts_with("http://");
        if !homepage.is_empty() && !is_address {
            return self.wrong(
                &[Key("homepage")],
                format!("`homepage` must be an address, not `{homepage}`"),
                Some("leave it out for a service without one".to_owned()),
            );
        }
        Ok(())
    }

    /// Whether the manifest says which scenarios it serves.
    pub(super) fn says_what_it_serves(&self) -> bool {
        ["serves", "not_served"]
            .into_iter()
            .any(|key| self.is_written(&[Key("source"), Key(key)]))
    }

    /// A word that names something, also in files and commands.
    pub(super) fn word(&self, key: &str, word: &str) -> Checked {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-+#.".contains(c);
        if word.is_empty() || word.starts_with('.') || !word.chars().all(fits) {
            return self.wrong(
                &[Key(key)],
                format!("`{key}` must be small letters, digits and hyphens"),
                None,
            );
        }
        Ok(())
    }

    pub(super) fn title(&self, title: &str) -> Checked {
        if title.trim().is_empty() {
            return self.wrong(&[Key("title")], "`title` is empty", None);
        }
        Ok(())
    }

    pub(super) fn version(&self, contender: &Contender) -> Checked {
        let Runtime { version, program, .. } = &contender.runtime;
        if let Some(program) = program.as_ref().filter(|program| program.trim().is_empty()) {
            return self.wrong(
                &[Key("runtime"), Key("program")],
                format!("`program` must be the name of a program, not `{program}`"),
                None,
            );
        }
        if version.split(',').all(|part| is_comparison(part.trim())) {
            return Ok(());
        }
        let hint = Some("write for example `>=20` or `>=3.11, <4`".to_owned());
        self.wrong(
            &[Key("runtime"), Key("version")],
            format!("`version` must be a comparison, not `{version}`"),
            hint,
        )
    }

    pub(super) fn prepare(&self, contender: &Contender) -> Checked {
        let prepare = &contender.prepare;
        self.build(prepare)?;
        if !prepare.from_source.is_empty() && prepare.tool != Some(Tool::Python) {
            return self.wrong(
                &[Key("prepare"), Key("from_source")],
                "`from_source` is for `tool = \"python\"`, which installs wheels only",
                Some("remove the line".to_owned()),
            );
        }
        let lock = match prepare.tool {
            Some(tool) => tool.lock_file(),
            None if prepare.commands.is_empty() && !self.is_written(&[Key("prepare"), Key("commands")]) => {
                let hint = Some(
                    "write `tool = \"npm\"`, `tool = \"python\"`, `tool = \"maven\"`, `commands = [[\"make\"]]`, or `commands = []` when there is nothing to install"
                        .to_owned(),
                );
                return self.wrong(
                    &[Key("prepare")],
                    "[prepare] says neither `tool` nor `commands`",
                    hint,
                );
            }
            None => return self.commands("commands", &prepare.commands),
        };
        if !prepare.commands.is_empty() {
            return self.wrong(
                &[Key("prepare"), Key("commands")],
                "[prepare] says both `tool` and `commands`",
                None,
            );
        }
        match &prepare.lock {
            None => self.wrong(
                &[Key("prepare")],
                "[prepare] has no `lock`",
                Some(format!("write `lock = \"{lock}\"`")),
            ),
            Some(path) => self.inside(path, &[Key("prepare"), Key("lock")]),
        }
    }

    /// Whether a key stands in the text: the place of one that does not is that of the table around it.
    fn is_written(&self, way: &[Step<'_>]) -> bool {
        let around = &way[..way.len().saturating_sub(1)];
        self.document.span(way) != self.document.span(around)
    }

    /// Commands that build run with what a tool has installed; nobody runs them where there is no such tool.
    pub(super) fn build(&self, prepare: &Prepare) -> Checked {
        if prepare.build.is_empty() || prepare.tool.is_some_and(Tool::builds) {
            return self.commands("build", &prepare.build);
        }
        let (message, hint) = match prepare.tool {
            None => (
                "`build` needs a `tool`: it runs with the packages that one has installed",
                "write `tool = \"npm\"`, or move these commands to the end of `commands`",
            ),
            Some(_) => (
                "this `tool` runs no `build`: it installs wheels only",
                "remove `build`, or write all steps as `commands` and no `tool`",
            ),
        };
        self.wrong(&[Key("prepare"), Key("build")], message, Some(hint.to_owned()))
    }

    fn commands(&self, key: &str, commands: &[Vec<String>]) -> Checked {
        let mut all = commands.iter();
        match all.position(|command| command.first().is_none_or(String::is_empty)) {
            Some(at) => self.wrong(&[Key("prepare"), Key(key), At(at)], "an empty command", None),
            None => Ok(()),
        }
    }

    pub(super) fn start(&self, contender: &Contender) -> Checked {
        let start = &contender.start;
        self.program(contender, &start.command, &start.env, &[Key("start")])?;
        if start.port == Some(0) {
            let hint = Some("leave it out: the lab chooses a port and says so in `PORT`".to_owned());
            return self.wrong(&[Key("start"), Key("port")], "`port` must be 1 to 65535", hint);
        }
        if let Some(health) = start.health.as_ref().filter(|path| !path.starts_with('/')) {
            return self.wrong(
                &[Key("start"), Key("health")],
                format!("the path `{health}` must begin with `/`"),
                Some("write for example `health = \"/healthz\"`".to_owned()),
            );
        }
        for (at, beside) in start.beside.iter().enumerate() {
            let way = [Key("start"), Key("beside"), At(at)];
            self.beside(&start.beside[..at], &beside.name, &way)?;
            self.program(contender, &beside.command, &beside.env, &way)?;
        }
        Ok(())
    }

    /// The name of a program beside the contender's own: no other has it, and it can be part of a placeholder.
    fn beside(&self, earlier: &[Beside], name: &str, way: &[Step<'_>]) -> Checked {
        let way = [way, &[Key("name")]].concat();
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(letter) {
            let message =
                format!("`{name}` must be small letters, digits and hyphens, and begin with a letter");
            return self.wrong(&way, message, None);
        }
        if earlier.iter().any(|other| other.name == name) || name == "database" {
            let hint = Some("give it another name".to_owned());
            return self.wrong(&way, format!("the name `{name}` stands twice"), hint);
        }
        Ok(())
    }

    /// The command and the variables of a program; `within` is the way to its table.
    fn program(
        &self,
        contender: &Contender,
        command: &[String],
        env: &BTreeMap<String, String>,
        within: &[Step<'_>],
    ) -> Checked {
        let way = |steps: &[Step<'d>]| [within, steps].concat();
        if command.first().is_none_or(String::is_empty) {
            return self.wrong(
                &way(&[Key("command")]),
                "`command` is empty",
                Some("write for example `command = [\"{node}\", \"server.js\"]`".to_owned()),
            );
        }
        let runtime = [contender.runtime.name.as_str()];
        let known = [&runtime, &PLACEHOLDERS[..]].concat();
        for (at, argument) in command.iter().enumerate() {
            let is_unknown = |name: &&str| !known.contains(name) && !is_of_a_service(name);
            if let Some(name) = placeholders(argument).find(is_unknown) {
                let near = nearest(name, known.iter().copied())
                    .map_or_else(String::new, |near| format!("did you mean `{{{near}}}`? "));
                let hint = format!("{near}known are `{{{}}}`", known.join("}`, `{"));
                return self.wrong(
                    &way(&[Key("command"), At(at)]),
                    format!("unknown placeholder `{{{name}}}`"),
                    Some(hint),
                );
            }
        }
        match env.keys().find(|name| LAB_SETS.contains(&name.as_str())) {
            Some(name) => self.wrong(
                &[within, &[Key("env"), Key(name)]].concat(),
                format!("`{name}` is set by the lab, by one rule for all"),
                None,
            ),
            None => Ok(()),
        }
    }

    pub(super) fn paths(&self, contender: &Contender) -> Checked {
        let is_path = |path: &str| path.starts_with('/') && !path.contains([' ', '#']);
        let mut wrong = contender
            .paths
            .iter()
            .filter(|(begin, other)| !is_path(begin) || !is_path(other));
        match wrong.next() {
            Some((begin, other)) => self.wrong(
                &[Key("paths"), Key(begin)],
                format!("`{begin}` and `{other}` must be paths"),
                Some("write for example `\"/items\" = \"/api/v1/items\"`".to_owned()),
            ),
            None => Ok(()),
        }
    }

    pub(super) fn source(&self, contender: &Contender) -> Checked {
        let Source {
            files,
            serves,
            not_served,
            ..
        } = &contender.source;
        if serves.is_some() && !not_served.is_empty() {
            return self.wrong(
                &[Key("source"), Key("not_served")],
                "[source] says both `serves` and `not_served`",
                Some("`serves` lists all that it serves: leave `not_served` out".to_owned()),
            );
        }
        for (at, file) in files.iter().enumerate() {
            let path = &file.path;
            let way = [Key("source"), Key("files"), At(at), Key("path")];
            self.inside(path, &way)?;
            if files[..at].iter().any(|earlier| earlier.path == *path) {
                return self.wrong(&way, format!("the file `{path}` is listed twice"), None);
            }
        }
        Ok(())
    }

    /// A path that stays inside the contender's folder.
    pub(super) fn inside(&self, path: &str, way: &[Step<'_>]) -> Checked {
        let leaves = path.is_empty()
            || path.starts_with('/')
            || path.contains('\\')
            || path.split('/').any(|part| part == "..");
        if leaves {
            self.wrong(
                way,
                format!("the path `{path}` must stay inside the contender's folder"),
                None,
            )
        } else {
            Ok(())
        }
    }
}

/// `>=20`, `3.11`, `<4` and the like.
fn is_comparison(text: &str) -> bool {
    let version = text.trim_start_matches(['>', '<', '=', '~', '^']).trim();
    let operator = text.strip_suffix(version).unwrap_or_default().trim();
    let known = ["", ">=", "<=", ">", "<", "=", "==", "~", "^"].contains(&operator);
    known && version.split('.').count() <= 3 && version.split('.').all(|part| part.parse::<u32>().is_ok())
}
