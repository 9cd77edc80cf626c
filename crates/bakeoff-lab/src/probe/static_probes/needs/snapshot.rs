//! What covers which need, by contender or else by family: the dated snapshot `data/needs.toml` that ships with the
//! program. A package in a registry is no proof that it works.

use bakeoff_core::contender::Contender;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The snapshot that ships with the program.
pub(super) static SHIPPED: LazyLock<Snapshot> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../data/needs.toml")).expect("a test reads the snapshot that ships")
});

/// A snapshot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Snapshot {
    /// `YYYY-MM-DD`.
    pub(super) date: String,
    /// Every need that a brief may name.
    pub(super) need: Vec<Need>,
}

/// A need.
#[derive(Debug, Deserialize)]
pub(super) struct Need {
    pub(super) id: String,
    pub(super) title: String,
    /// The scenario of the contract that shows it.
    #[serde(default)]
    pub(super) scenario: Option<String>,
    /// By the name of a contender, a variant or a family.
    #[serde(flatten)]
    pub(super) lines: BTreeMap<String, Line>,
}

/// One line of a need.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Line {
    /// A part of the framework or the runtime.
    BuiltIn {
        level: Level,
        built_in: String,
        #[serde(default)]
        with: Vec<String>,
        source: String,
    },
    /// A package.
    Package {
        level: Level,
        package: String,
        #[serde(default)]
        with: Vec<String>,
        version: String,
        released: String,
        licence: String,
        source: String,
    },
    /// Nothing, and why.
    Nothing {
        level: Level,
        nothing: String,
        source: String,
    },
}

/// How far a need is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "f64")]
pub(super) enum Level {
    /// Nothing healthy that the stack can use.
    Nothing,
    /// A healthy package of others.
    Package,
    /// The framework itself, its own organisation or the runtime.
    Own,
}

impl Level {
    /// 0, 0.5 or 1.
    pub(super) const fn value(self) -> f64 {
        match self {
            Level::Nothing => 0.0,
            Level::Package => 0.5,
            Level::Own => 1.0,
        }
    }
}

impl TryFrom<f64> for Level {
    type Error = String;

    fn try_from(value: f64) -> Result<Level, String> {
        [Level::Nothing, Level::Package, Level::Own]
            .into_iter()
            .find(|level| level.value().total_cmp(&value).is_eq())
            .ok_or_else(|| format!("a level is 0, 0.5 or 1, not {value}"))
    }
}

/// What a contender has for a need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cover<'s> {
    /// The need's word.
    pub(super) need: &'s str,
    line: &'s Line,
    /// Whether the line is the family's, as the contender has none.
    pub(super) is_of_family: bool,
    /// The scenario that shows the need, where the contender does not serve it.
    not_served: Option<&'s str>,
}

impl Snapshot {
    /// Whether it has anything about a family.
    pub(super) fn knows(&self, family: &str) -> bool {
        self.need.iter().any(|need| need.lines.contains_key(family))
    }

    /// What a contender has for a need, or why that is unknown: the line of its whole name, else that of the contender
    /// of which it is a variant, else its family's.
    pub(super) fn cover(&self, id: &str, contender: &Contender) -> Result<Cover<'_>, String> {
        let need = self.need.iter().find(|need| need.id == id);
        let need = need.ok_or_else(|| format!("{id}: not in the snapshot"))?;
        let own = [contender.name.as_str(), contender.folder_name()];
        let own = own.iter().find_map(|name| need.lines.get(*name));
        let line = own.or_else(|| need.lines.get(&contender.family));
        let scenario = need.scenario.as_deref();
        Ok(Cover {
            need: &need.id,
            line: line.ok_or_else(|| format!("{id}: nothing known for {}", need.title))?,
            is_of_family: own.is_none(),
            not_served: scenario.filter(|scenario| serves_not(contender, scenario)),
        })
    }
}

fn serves_not(contender: &Contender, scenario: &str) -> bool {
    contender.source.says_no_to(scenario)
}

impl<'s> Cover<'s> {
    /// How far the need is covered.
    pub(super) fn level(&self) -> Level {
        let (Line::BuiltIn { level, .. } | Line::Package { level, .. } | Line::Nothing { level, .. }) =
            self.line;
        if self.not_served.is_some() {
            Level::Nothing
        } else {
            *level
        }
    }

    /// The packages to install for it; none where the framework or the runtime has all of it, or nothing covers it.
    pub(super) fn packages(&self) -> Vec<&'s str> {
        let (package, with) = match self.line {
            Line::BuiltIn { with, .. } => (None, with),
            Line::Package { package, with, .. } => (Some(package), with),
            Line::Nothing { .. } => return Vec::new(),
        };
        let all = package.into_iter().chain(with).map(String::as_str);
        all.filter(|_| self.level() > Level::Nothing).collect()
    }

    /// `pdf: pdfkit 0.20.2, a package, glued by hand`.
    pub(super) fn in_words(&self) -> String {
        format!("{}: {}", self.need, self.what())
    }

    /// The same with what it rests on.
    pub(super) fn with_source(&self) -> String {
        let from = match self.line {
            Line::Package {
                released,
                licence,
                source,
                ..
            } => format!("{released}, {licence}, {source}"),
            Line::BuiltIn { source, .. } | Line::Nothing { source, .. } => source.clone(),
        };
        format!("{} ({from})", self.in_words())
    }

    fn what(&self) -> String {
        let level = match (self.level(), self.is_of_family) {
            (Level::Own, true) => "in the runtime",
            (Level::Own, false) => "in the framework",
            (Level::Package, _) => "a package, glued by hand",
            (Level::Nothing, _) => return format!("nothing ({})", self.why_nothing()),
        };
        match self.line {
            Line::BuiltIn { built_in, with, .. } => format!("{built_in}{}, {level}", beside(with)),
            Line::Package {
                package,
                with,
                version,
                ..
            } => format!("{package} {version}{}, {level}", beside(with)),
            Line::Nothing { nothing, .. } => nothing.clone(),
        }
    }

    fn why_nothing(&self) -> String {
        match (self.line, self.not_served) {
            (Line::Nothing { nothing, .. }, _) => nothing.clone(),
            (_, Some(scenario)) => format!("its manifest says that it does not serve `{scenario}`"),
            _ => "level 0".to_owned(),
        }
    }
}

fn beside(with: &[String]) -> String {
    if with.is_empty() {
        String::new()
    } else {
        format!(" with {}", with.join(", "))
    }
}
