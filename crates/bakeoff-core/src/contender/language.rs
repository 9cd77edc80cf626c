//! The languages that bakeoff knows, the part without processes: the tools in manifests, and the hue in reports. The
//! lab has a row of the same id for everything that it runs.

use serde::{Deserialize, Serialize};

/// A language, by the id of its runtime and family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// The name of its runtime and family in manifests.
    pub id: &'static str,
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
    row("node", Hue::Greens),
    row("python", Hue::Blues),
    row("java", Hue::Greys),
    row("kotlin", Hue::Greys),
    row("go", Hue::Greys),
    row("rust", Hue::Greys),
    row("dotnet", Hue::Greys),
    row("csharp", Hue::Greys),
    row("c", Hue::Greys),
    row("cpp", Hue::Greys),
    row("compiled", Hue::Greys),
];

const fn row(id: &'static str, hue: Hue) -> Language {
    Language { id, hue }
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
}

impl Tool {
    /// Every tool.
    pub const ALL: [Tool; 2] = [Tool::Npm, Tool::Python];

    /// The usual name of its lock file.
    #[must_use]
    pub const fn lock_file(self) -> &'static str {
        match self {
            Tool::Npm => "package-lock.json",
            Tool::Python => "requirements.lock",
        }
    }
}
