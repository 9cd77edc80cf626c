//! The list of runtimes: what this machine has, how long each is supported, who takes it, and why another is not taken.
//! The lab searches and chooses.

use crate::domain::{Domain, Entry};
use bakeoff_core::contender::Contender;
use bakeoff_core::words::number::{count, list};
use bakeoff_core::words::table;
use bakeoff_lab::{Found, Runtime, Runtimes, Standing, Unavailable};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A cell without a value.
const NOT_KNOWN: &str = "not known";

/// The runtimes of this machine, and what would help where they do not suffice.
pub(super) struct RuntimeList {
    rows: Vec<Row>,
    hints: Vec<String>,
}

/// A program that was found.
struct Row {
    name: String,
    version: Option<String>,
    /// Where its release line stands; none for what cannot be started.
    standing: Option<Standing>,
    found_in: String,
    program: String,
    taken_by: Vec<String>,
    /// Whether every contender for a runtime of that name takes it.
    by_all: bool,
    /// Why no contender takes it.
    why_not: Option<String>,
}

/// What each contender takes, and each variant that takes another runtime than its contender.
struct Choices<'c> {
    all: Vec<Choice<'c>>,
}

/// What a contender takes.
struct Choice<'c> {
    contender: &'c Contender,
    taken: Result<&'c Runtime, Unavailable>,
}

impl RuntimeList {
    /// Of these runtimes, as the contenders of a domain choose among them.
    pub(super) fn of(domain: &Domain, runtimes: &Runtimes) -> RuntimeList {
        let choices = Choices::of(domain, runtimes);
        let all = runtimes.found();
        let mut found: Vec<&Found> = all.iter().collect();
        // Languages in their own order, in each the newest first, and at its end what cannot be started.
        found.sort_by_cached_key(|found| {
            let version = found.outcome.as_ref().ok().map(|runtime| &runtime.version);
            (
                all.iter().position(|first| first.name == found.name),
                version.is_none(),
                version.map(|version| Reverse(version.clone())),
            )
        });
        let rows = found.into_iter().map(|found| Row::of(found, &choices, runtimes));
        RuntimeList {
            rows: rows.collect(),
            hints: choices.hints(runtimes),
        }
    }

    /// As a table, with what would help below it.
    pub(super) fn in_words(&self) -> String {
        let header = ["name", "version", "support", "found in", "program", "taken"];
        let rows: Vec<Vec<String>> = self.rows.iter().map(Row::cells).collect();
        let hints = self.hints.iter().map(|hint| format!("\nhint: {hint}"));
        format!("{}{}", table::aligned(&header, &rows), hints.collect::<String>())
    }

    /// As one object for each row.
    pub(super) fn to_json(&self) -> Value {
        self.rows.iter().map(Row::to_json).collect()
    }
}

impl Row {
    fn of(found: &Found, choices: &Choices<'_>, runtimes: &Runtimes) -> Row {
        let started = found.outcome.as_ref();
        let taken_by = started.map_or_else(|_| Vec::new(), |runtime| choices.takers_of(runtime));
        let why_not = match started {
            Err(reason) => Some(format!("cannot be started: {reason}")),
            Ok(_) if !taken_by.is_empty() => None,
            Ok(runtime) => runtimes.why_not(runtime).or_else(|| {
                let why = match choices.count(&found.name) {
                    0 => "no contender needs it",
                    _ => "no contender can use it",
                };
                Some(why.to_owned())
            }),
        };
        Row {
            name: found.name.clone(),
            version: started.ok().map(|runtime| runtime.version.to_string()),
            standing: started.ok().map(|runtime| runtimes.standing(runtime)),
            found_in: found.place.clone(),
            program: found.path().display().to_string(),
            taken_by,
            by_all: started.is_ok_and(|runtime| choices.all_take(runtime)),
            why_not,
        }
    }

    fn support(&self) -> String {
        let standing = self.standing.as_ref();
        standing.map_or_else(|| NOT_KNOWN.to_owned(), ToString::to_string)
    }

    fn cells(&self) -> Vec<String> {
        let taken = self.why_not.as_ref().map_or_else(
            || format!("by {}{}", self.takers(), self.caution()),
            |why| format!("no: {why}"),
        );
        vec![
            self.name.clone(),
            self.version.clone().unwrap_or_else(|| NOT_KNOWN.to_owned()),
            self.support(),
            self.found_in.clone(),
            self.program.clone(),
            taken,
        ]
    }

    fn takers(&self) -> String {
        let taken_by = self.taken_by.len();
        if self.by_all && taken_by > 1 {
            format!("all {}", count(taken_by, "contender"))
        } else {
            list(&self.taken_by)
        }
    }

    fn caution(&self) -> &'static str {
        if self.standing.as_ref().is_some_and(Standing::is_old) {
            ", with a caution"
        } else {
            ""
        }
    }

    fn to_json(&self) -> Value {
        let ends = self.standing.as_ref().and_then(Standing::ends);
        json!({
            "name": self.name,
            "version": self.version,
            "support": self.support(),
            "support_ends": ends.map(|day| day.to_string()),
            "found_in": self.found_in,
            "program": self.program,
            "taken_by": self.taken_by,
            "why_not": self.why_not,
        })
    }
}

impl<'c> Choices<'c> {
    fn of(domain: &'c Domain, runtimes: &'c Runtimes) -> Choices<'c> {
        let choice = |entry: &'c Entry| Choice {
            contender: &entry.contender,
            taken: runtimes.choose(&entry.contender, &entry.source),
        };
        let mut all = Vec::new();
        for entry in domain.without_variants() {
            let own = choice(entry);
            let variants = domain.variants_of(&own.contender.name).map(choice);
            let others: Vec<Choice<'c>> = variants.filter(|other| other.taken != own.taken).collect();
            all.push(own);
            all.extend(others);
        }
        Choices { all }
    }

    /// The contenders that need a runtime of that name.
    fn of_runtime(&self, runtime: &str) -> impl Iterator<Item = &Choice<'c>> {
        let all = self.all.iter();
        all.filter(move |choice| choice.contender.runtime.name == runtime && !choice.is_variant())
    }

    fn count(&self, runtime: &str) -> usize {
        self.of_runtime(runtime).count()
    }

    fn all_take(&self, runtime: &Runtime) -> bool {
        self.of_runtime(&runtime.name).all(|choice| choice.takes(runtime))
    }

    fn takers_of(&self, runtime: &Runtime) -> Vec<String> {
        let takers = self.all.iter().filter(|choice| choice.takes(runtime));
        takers.map(|choice| choice.contender.name.clone()).collect()
    }

    /// What helps contenders that cannot run here, and those that run on an old runtime.
    fn hints(&self, runtimes: &Runtimes) -> Vec<String> {
        let mut missing: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut old: BTreeSet<&str> = BTreeSet::new();
        for choice in &self.all {
            let contender = choice.contender;
            match &choice.taken {
                Err(lack) => {
                    let words = format!("{lack}; {}", lack.how_to_install);
                    missing.entry(words).or_default().push(&contender.name);
                }
                Ok(runtime) if runtimes.standing(runtime).is_old() => {
                    old.insert(&contender.runtime.name);
                }
                Ok(_) => (),
            }
        }
        let missing = missing
            .iter()
            .map(|(words, names)| format!("{}: {words}", list(names)));
        let old = old
            .iter()
            .map(|name| format!("a supported {name}: {}", runtimes.way_out(name)));
        missing.chain(old).collect()
    }
}

impl Choice<'_> {
    fn is_variant(&self) -> bool {
        self.contender.variant_of.is_some()
    }

    fn takes(&self, runtime: &Runtime) -> bool {
        self.taken.as_ref().is_ok_and(|taken| *taken == runtime)
    }
}

#[cfg(test)]
mod tests {
    use super::RuntimeList;
    use crate::domain::Domain;
    use bakeoff_lab::Runtimes;
    use jiff::civil::date;
    use std::path::Path;

    #[test]
    fn a_machine_without_runtimes_has_a_hint_for_each_language() {
        let domain = Domain::open(Path::new("/nowhere")).unwrap();
        let list = RuntimeList::of(&domain, &Runtimes::none(date(2026, 11, 28)));
        let words = list.in_words();
        let lines: Vec<&str> = words.lines().collect();
        assert!(lines[0].starts_with("name  version"), "{words}");
        let about = |name: &str| {
            let is_about = format!("needs {name} ");
            lines.iter().filter(|line| line.contains(&is_about)).count()
        };
        assert!(about("node") > 0 && about("python") > 0, "{words}");
        assert!(
            lines[1..].iter().all(|line| line.starts_with("hint: ")),
            "{words}"
        );
        let has = |name: &str, needs: &str| {
            let mut hints = lines.iter();
            hints.any(|line| line.contains(name) && line.contains(needs))
        };
        assert!(has("node-fastify@node26", "needs node >=26"), "{words}");
        assert!(
            !words.contains("@jitless"),
            "it needs what its contender needs: {words}"
        );
        assert_eq!(list.to_json(), serde_json::json!([]));
    }
}
