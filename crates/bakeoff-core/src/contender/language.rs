//! The languages that bakeoff knows, the part without processes: the tools in manifests, titles and hues in reports.
//! The lab has a row of the same id for everything that it runs.

use serde::{Deserialize, Serialize};

/// A language, by the id of its runtime and family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// The name of its runtime and family in manifests.
    pub id: &'static str,
    /// What a reader calls it.
    pub title: &'static str,
    /// The hue of its contenders in reports.
    pub hue: Hue,
}

/// A hue of a report's palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    /// Node.js.
    Greens,
    /// Python.
    Blues,
    /// Compiled languages.
    Greys,
    /// Families without a row.
    Plums,
}

/// Every language with a hue of its own.
pub const LANGUAGES: &[Language] = &[
    row("node", "Node.js", Hue::Greens),
    row("bun", "Bun", Hue::Plums),
    row("deno", "Deno", Hue::Plums),
    row("python", "Python", Hue::Blues),
    row("ruby", "Ruby", Hue::Plums),
    row("php", "PHP", Hue::Plums),
    row("java", "Java", Hue::Greys),
    row("kotlin", "Kotlin", Hue::Greys),
    row("go", "Go", Hue::Greys),
    row("rust", "Rust", Hue::Greys),
    row("dotnet", ".NET", Hue::Greys),
    row("csharp", "C#", Hue::Greys),
    row("c", "C", Hue::Greys),
    row("cpp", "C++", Hue::Greys),
    row("compiled", "Compiled languages", Hue::Greys),
];

const fn row(id: &'static str, title: &'static str, hue: Hue) -> Language {
    Language { id, title, hue }
}

/// What a reader calls a family; its id where no row knows it.
#[must_use]
pub fn family_title(family: &str) -> &str {
    let language = LANGUAGES.iter().find(|language| language.id == family);
    language.map_or(family, |language| language.title)
}

/// Whether a family's language is compiled to machine code, ahead of time or by its runtime, from types that are
/// written down.
#[must_use]
pub fn is_compiled(family: &str) -> bool {
    Hue::of_family(family) == Hue::Greys
}

impl Hue {
    /// The hue of a family.
    #[must_use]
    pub fn of_family(family: &str) -> Hue {
        let language = LANGUAGES.iter().find(|language| language.id == family);
        language.map_or(Hue::Plums, |language| language.hue)
    }
}

/// An installer that the lab knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// `npm ci`.
    Npm,
    /// A virtual environment with hash-checked wheels.
    Python,
    /// Hash-checked jars, by Maven, and `javac`.
    Maven,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Tool; 3] = [Tool::Npm, Tool::Python, Tool::Maven];

    /// The usual name of its lock file.
    #[must_use]
    pub const fn lock_file(self) -> &'static str {
        match self {
            Tool::Npm => "package-lock.json",
            Tool::Python => "requirements.lock",
            Tool::Maven => "maven.lock",
        }
    }

    /// Whether it runs the commands that build what it has installed.
    #[must_use]
    pub const fn builds(self) -> bool {
        match self {
            Tool::Npm | Tool::Maven => true,
            Tool::Python => false,
        }
    }
}
