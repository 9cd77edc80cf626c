//! Who is in a field, and with which part: by names, by a brief, or all. It knows nothing of the machine.

use crate::domain::{Domain, Entry};
use crate::exit::Failure;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::{self, Class};
use bakeoff_core::evidence::Part;

/// A contender of the field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'d> {
    /// Its manifest and its files.
    pub(crate) entry: &'d Entry,
    /// Whether it can be chosen.
    pub(crate) part: Part,
}

/// Those of a run: `only` of the command line, else what the brief says, else all.
///
/// # Errors
/// An unknown name.
pub(crate) fn of_run<'d>(
    domain: &'d Domain,
    brief: &Brief,
    only: &[String],
) -> Result<Vec<Chosen<'d>>, Failure> {
    if only.is_empty() {
        of_the_brief(domain, brief)
    } else {
        named(domain, only)
    }
}

/// Those of these names; all contenders without their variants when none is named.
///
/// # Errors
/// An unknown name.
pub(crate) fn of_names<'d>(domain: &'d Domain, wanted: &[String]) -> Result<Vec<Chosen<'d>>, Failure> {
    if wanted.is_empty() {
        domain.require_all_readable()?;
        Ok(unnamed(domain.without_variants()))
    } else {
        named(domain, wanted)
    }
}

/// Every contender and every variant.
///
/// # Errors
/// One that cannot be read.
pub(crate) fn everything(domain: &Domain) -> Result<Vec<Chosen<'_>>, Failure> {
    domain.require_all_readable()?;
    Ok(unnamed(domain.contenders.values()))
}

/// Contenders that nobody named: those without a framework are references.
fn unnamed<'d>(entries: impl Iterator<Item = &'d Entry>) -> Vec<Chosen<'d>> {
    let part = |entry: &Entry| match entry.contender.class {
        Some(Class::Platform) => Part::Reference,
        Some(Class::Micro | Class::Fullstack) | None => Part::Candidate,
    };
    entries
        .map(|entry| Chosen {
            entry,
            part: part(entry),
        })
        .collect()
}

/// The entries of these names in their order: who is named is a candidate.
///
/// # Errors
/// An unknown name, with the nearest known one.
fn named<'d>(domain: &'d Domain, names: &[String]) -> Result<Vec<Chosen<'d>>, Failure> {
    distinct("contender", names)?;
    let find = |name: &String| {
        // Also where a shipped contender has the same name.
        domain.require_readable(name)?;
        let part = Part::Candidate;
        match domain.contenders.get(name) {
            Some(entry) => Ok(Chosen { entry, part }),
            None => {
                let known: Vec<&str> = domain.contenders.keys().map(String::as_str).collect();
                let (message, hint) = contender::unknown(name, &known);
                Err(Failure::usage(message, hint))
            }
        }
    };
    names.iter().map(find).collect()
}

/// Names that the user listed, which stand there once each.
///
/// # Errors
/// The first that stands there twice.
pub(crate) fn distinct(kind: &str, names: &[String]) -> Result<(), Failure> {
    let twice = names
        .iter()
        .enumerate()
        .find(|(place, name)| names[..*place].contains(name));
    match twice {
        None => Ok(()),
        Some((_, name)) => Err(Failure::usage(
            format!("the {kind} `{name}` is listed twice"),
            "remove one of the two",
        )),
    }
}

/// The contenders that a brief names, else those that run by default with those that it wants besides. Each is followed
/// by those of its variants that the brief wants.
///
/// # Errors
/// An unknown name.
fn of_the_brief<'d>(domain: &'d Domain, brief: &Brief) -> Result<Vec<Chosen<'d>>, Failure> {
    let base = if brief.only.is_empty() {
        domain.require_all_readable()?;
        unnamed(
            domain
                .without_variants()
                .filter(|entry| is_wanted(entry, brief) && is_asked_for_all(entry, brief)),
        )
    } else {
        named(domain, &brief.only)?
    };
    let mut all: Vec<Chosen<'d>> = Vec::new();
    for chosen in base {
        let name = &chosen.entry.contender.name;
        let part = if brief.candidates.contains(name) {
            Part::Candidate
        } else {
            chosen.part
        };
        let own = Chosen { part, ..chosen };
        let variants = variants_of(domain, brief, name);
        for one in std::iter::once(own).chain(variants) {
            // A brief may name a variant in `only` too.
            let is_new = |other: &Chosen<'_>| other.entry.contender.name != one.entry.contender.name;
            if all.iter().all(is_new) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

/// Whether a contender is of the field of a brief that does not name it all.
fn is_wanted(entry: &Entry, brief: &Brief) -> bool {
    let contender = &entry.contender;
    let is_named = |names: &[String]| names.contains(&contender.name);
    contender.by_default
        || is_named(&brief.also)
        || is_named(&brief.candidates)
        || brief.variants.contains_key(&contender.name)
}

/// Whether a contender can be asked for the whole mix: nobody else's serves a scenario of the user's own.
fn is_asked_for_all(entry: &Entry, brief: &Brief) -> bool {
    let source = &entry.contender.source;
    brief.traffic.iter().all(|part| source.is_asked(&part.scenario))
}

/// The variants of a contender that a brief wants besides it.
fn variants_of<'d>(domain: &'d Domain, brief: &Brief, of: &str) -> Vec<Chosen<'d>> {
    let Some(choice) = brief.variants.get(of) else {
        return Vec::new();
    };
    let wanted = domain.variants_of(of).filter(|entry| {
        let own = contender::own_name(&entry.contender.name, of);
        own.is_some_and(|own| choice.holds(own))
    });
    wanted
        .map(|entry| Chosen {
            entry,
            part: Part::Candidate,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Chosen, of_run};
    use crate::brief_file::BriefFile;
    use bakeoff_core::evidence::Part;
    use std::path::Path;

    const BRIEF: &str = "name = \"x\"\n[load]\npeak_rps = 1\nslo = { p99_ms = 50 }\n[[traffic]]\nscenario = \"json\"\nshare = 1\n";

    /// The field of a brief with this section, and these names on the command line: names, and who is a reference.
    fn chosen(section: &str, only: &[&str]) -> (Vec<String>, Vec<String>) {
        let file = BriefFile::of("x.toml".to_owned(), format!("{BRIEF}{section}"), Path::new(".")).unwrap();
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let all = of_run(&file.domain, &file.brief, &only).unwrap();
        let name = |one: &Chosen<'_>| one.entry.contender.name.clone();
        let references = all.iter().filter(|one| one.part == Part::Reference);
        (all.iter().map(name).collect(), references.map(name).collect())
    }

    #[test]
    fn by_default_all_run_without_variants_and_who_has_no_framework_is_a_reference() {
        let (names, references) = chosen("", &[]);
        assert!(names.iter().any(|name| name == "node-fastify"));
        assert!(names.iter().all(|name| !name.contains('@')), "{names:?}");
        assert_eq!(references, ["node-http"]);
    }

    #[test]
    fn who_does_not_run_by_default_runs_where_a_brief_wants_it_besides_the_others() {
        let (all, _) = chosen("", &[]);
        assert!(all.iter().all(|name| !name.starts_with("java-")), "{all:?}");
        let (more, references) = chosen("[contenders]\nalso = [\"java-spring\", \"java-http\"]\n", &[]);
        assert_eq!(more.len(), all.len() + 2);
        assert_eq!(references, ["java-http", "node-http"]);
        let variants = "[contenders.variants]\njava-spring = [\"aot\"]\n";
        let (names, _) = chosen(variants, &[]);
        let java: Vec<&String> = names.iter().filter(|name| name.starts_with("java-")).collect();
        assert_eq!(java, ["java-spring", "java-spring@aot"]);
    }

    #[test]
    fn who_is_named_is_a_candidate() {
        let none: [&str; 0] = [];
        let (_, references) = chosen("[contenders]\ncandidates = [\"node-http\"]\n", &[]);
        assert_eq!(references, none);
        let section = "[contenders]\nonly = [\"node-http\", \"node-fastify@jitless\"]\n";
        let expected = (
            vec!["node-http".to_owned(), "node-fastify@jitless".to_owned()],
            Vec::new(),
        );
        assert_eq!(chosen(section, &[]), expected);
        assert_eq!(chosen("", &["node-http", "node-fastify@jitless"]), expected);
    }

    #[test]
    fn variants_that_a_brief_wants_stand_behind_their_contender() {
        let all = [
            "node-fastify",
            "node-fastify@drizzle",
            "node-fastify@in-loop",
            "node-fastify@jitless",
            "node-fastify@no-maglev",
            "node-fastify@no-sparkplug",
            "node-fastify@no-turbofan",
            "node-fastify@node26",
            "node-fastify@typescript",
        ];
        let (names, _) = chosen("[contenders.variants]\nnode-fastify = \"all\"\n", &[]);
        let place = names.iter().position(|name| name == all[0]).unwrap();
        assert_eq!(names[place..place + all.len()], all);
        let section = "[contenders]\nonly = [\"node-fastify\", \"node-fastify@node26\"]\nvariants = { node-fastify = \"all\" }\n";
        assert_eq!(chosen(section, &[]).0, all, "each once");
        let section = "[contenders.variants]\nnode-fastify = [\"node26\"]\n";
        assert!(!chosen(section, &[]).0.contains(&all[1].to_owned()));
    }

    #[test]
    fn an_unknown_variant_leads_to_the_nearest() {
        let file = BriefFile::of("x.toml".to_owned(), BRIEF.to_owned(), Path::new(".")).unwrap();
        let only = ["node-fastify@jitles".to_owned()];
        let failure = of_run(&file.domain, &file.brief, &only).unwrap_err();
        assert!(
            failure.text.contains("unknown variant `node-fastify@jitles`")
                && failure.text.contains("did you mean `node-fastify@jitless`?"),
            "{failure}"
        );
    }
}
