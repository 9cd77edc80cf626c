//! What the types of a manifest cannot express: words, versions, placeholders, paths. A variant is checked like a
//! contender, with its places below its own table. Looks at no other file.

use super::{Contender, Prepare, Source, Tool};
use crate::diagnostic::{Diagnostic, nearest};
use crate::toml_document::Step::{self, At, Key};
use crate::toml_document::{Document, placeholders};

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
        if !contender.homepage.starts_with("https://") && !contender.homepage.starts_with("http://") {
            return self.wrong(
                &[Key("homepage")],
                format!("`homepage` must be an address, not `{}`", contender.homepage),
                None,
            );
        }
        Ok(())
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
        let version = &contender.runtime.version;
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
        let lock = match prepare.tool {
            Some(tool) => tool.lock_file(),
            None if prepare.commands.is_empty() && !self.is_written(&[Key("prepare"), Key("commands")]) => {
                let hint = Some(
                    "write `tool = \"npm\"`, `tool = \"python\"`, `commands = [[\"make\"]]`, or `commands = []` when there is nothing to install"
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
    fn build(&self, prepare: &Prepare) -> Checked {
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
        if start.command.first().is_none_or(String::is_empty) {
            return self.wrong(
                &[Key("start"), Key("command")],
                "`command` is empty",
                Some("write for example `command = [\"{node}\", \"server.js\"]`".to_owned()),
            );
        }
        let known = [
            contender.runtime.name.as_str(),
            "bin",
            "host",
            "port",
            "workers",
            "threads",
        ];
        for (at, argument) in start.command.iter().enumerate() {
            if let Some(name) = placeholders(argument).find(|name| !known.contains(name)) {
                let near = nearest(name, known)
                    .map_or_else(String::new, |near| format!("did you mean `{{{near}}}`? "));
                let hint = format!("{near}known are `{{{}}}`", known.join("}`, `{"));
                return self.wrong(
                    &[Key("start"), Key("command"), At(at)],
                    format!("unknown placeholder `{{{name}}}`"),
                    Some(hint),
                );
            }
        }
        match start.env.keys().find(|name| LAB_SETS.contains(&name.as_str())) {
            Some(name) => self.wrong(
                &[Key("start"), Key("env"), Key(name)],
                format!("`{name}` is set by the lab, by one rule for all"),
                None,
            ),
            None => Ok(()),
        }
    }

    pub(super) fn source(&self, contender: &Contender) -> Checked {
        let Source { files, .. } = &contender.source;
        if files.is_empty() {
            return self.wrong(
                &[Key("source"), Key("files")],
                "`files` names no source, so nothing could be counted",
                None,
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
