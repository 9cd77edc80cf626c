//! The field: the contenders of a run, in order, each with its record and its part. Installs nothing: the runtimes of
//! the machine show which contenders can run here.

use crate::domain::{Domain, Entry};
use crate::exit::Failure;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::{self, Class, Concurrency, Contender, Style};
use bakeoff_core::evidence::{ContenderRecord, Fault, Owner, Part, Stage, Status};
use bakeoff_lab::{Runtimes, Unavailable, probe};
use std::collections::BTreeMap;

/// The smallest number of contenders that can be compared.
const MIN_CONTENDERS: usize = 2;

/// The contenders of a run that this machine can run, and the records of all.
#[derive(Debug)]
pub(crate) struct Field {
    /// Those that can run here, in the order of the brief.
    pub(crate) entries: Vec<Entry>,
    /// One for each contender of the field, also those that cannot run here.
    pub(crate) records: Vec<ContenderRecord>,
    need: Need,
}

/// The contenders of a field that must be able to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Enough to compare.
    Two,
    /// All, since a run that goes on has evidence of each.
    All,
}

impl Field {
    /// The field of a brief on this machine: `only` of the command line, else what the brief says, else all.
    ///
    /// # Errors
    /// An unknown name.
    pub(crate) fn choose(
        domain: &Domain,
        brief: &Brief,
        only: &[String],
        runtimes: &Runtimes,
    ) -> Result<Field, Failure> {
        let chosen = if only.is_empty() {
            of_the_brief(domain, brief)?
        } else {
            named(domain, only)?
        };
        Ok(Field::with(chosen, runtimes))
    }

    /// The field of these names on this machine; all contenders without their variants when none is named.
    ///
    /// # Errors
    /// An unknown name.
    pub(crate) fn of(domain: &Domain, wanted: &[String], runtimes: &Runtimes) -> Result<Field, Failure> {
        let chosen = if wanted.is_empty() {
            unnamed(domain.without_variants())
        } else {
            named(domain, wanted)?
        };
        Ok(Field::with(chosen, runtimes))
    }

    /// The field of every contender and every variant on this machine.
    #[must_use]
    pub(crate) fn everything(domain: &Domain, runtimes: &Runtimes) -> Field {
        Field::with(unnamed(domain.contenders.values()), runtimes)
    }

    fn with(chosen: Vec<Chosen<'_>>, runtimes: &Runtimes) -> Field {
        let mut field = Field {
            entries: Vec::new(),
            records: Vec::new(),
            need: Need::Two,
        };
        for Chosen { entry, part } in chosen {
            let mut record = blank(entry, part, runtimes);
            match runtimes.get(&entry.contender.runtime) {
                Ok(_) => field.entries.push(entry.clone()),
                Err(unavailable) => make_unavailable(&mut record, &unavailable),
            }
            field.records.push(record);
        }
        field
    }

    /// The field of a run that goes on: these contenders, all of which it needs.
    ///
    /// # Errors
    /// An unknown name.
    pub(crate) fn whole(domain: &Domain, names: &[String], runtimes: &Runtimes) -> Result<Field, Failure> {
        let field = Field::of(domain, names, runtimes)?;
        Ok(Field {
            need: Need::All,
            ..field
        })
    }

    /// The names of the contenders that can run, in the order of the brief.
    #[must_use]
    pub(crate) fn ready(&self) -> Vec<String> {
        self.records
            .iter()
            .filter(|record| record.status == Status::Ready)
            .map(|record| record.name.clone())
            .collect()
    }

    /// Whether a contender is one of those that must be enough.
    fn counts(&self, record: &ContenderRecord) -> bool {
        match self.need {
            Need::Two => record.part == Part::Candidate,
            Need::All => true,
        }
    }

    /// Refuses a field of which too few contenders can run.
    ///
    /// # Errors
    /// Too few, with the reason for each that cannot run.
    pub(crate) fn require_enough(&self) -> Result<(), Failure> {
        let counted: Vec<&ContenderRecord> =
            self.records.iter().filter(|record| self.counts(record)).collect();
        let all = counted.len();
        let ready = counted.iter().filter(|record| record.status == Status::Ready);
        let ready = ready.count();
        let (least, who_needs) = match self.need {
            Need::Two => (MIN_CONTENDERS, "a comparison needs two contenders".to_owned()),
            Need::All => (all, format!("the run needs all of its {all} contenders")),
        };
        if ready >= least {
            return Ok(());
        }
        let count = if ready == 0 {
            "none".to_owned()
        } else {
            format!("only {ready}")
        };
        let mut text = format!("{who_needs}, and {count} of {all} can run here");
        for record in &self.records {
            for fault in &record.faults {
                text.push_str(&format!("\n  {}: {}", record.name, fault.message));
            }
        }
        Err(Failure::lab(
            text,
            "`bakeoff doctor` lists what this machine lacks; `bakeoff list contenders` shows all",
        ))
    }
}

/// A contender of the field.
#[derive(Clone, Copy)]
struct Chosen<'d> {
    entry: &'d Entry,
    part: Part,
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
    let find = |name: &String| match domain.contenders.get(name) {
        Some(entry) => Ok(Chosen {
            entry,
            part: Part::Candidate,
        }),
        None => {
            let known: Vec<&str> = domain.contenders.keys().map(String::as_str).collect();
            let (message, hint) = contender::unknown(name, &known);
            Err(Failure::usage(message, hint))
        }
    };
    names.iter().map(find).collect()
}

/// The contenders that a brief names, else all, each followed by those of its variants that the brief wants.
///
/// # Errors
/// An unknown name.
fn of_the_brief<'d>(domain: &'d Domain, brief: &Brief) -> Result<Vec<Chosen<'d>>, Failure> {
    let base = if brief.only.is_empty() {
        unnamed(domain.without_variants())
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

/// The record of a contender before anything ran: what its folder shows.
fn blank(entry: &Entry, part: Part, runtimes: &Runtimes) -> ContenderRecord {
    let Entry { contender, source } = entry;
    let versions = probe::locked_versions(contender, source);
    let runtime = runtimes.get(&contender.runtime).map_or_else(
        |_| format!("{} {}", contender.runtime.name, contender.runtime.version),
        |found| format!("{} {}", found.name, found.version),
    );
    ContenderRecord {
        name: contender.name.clone(),
        variant_of: contender.variant_of.clone(),
        part,
        title: contender.title.clone(),
        family: contender.family.clone(),
        language: contender.language.clone(),
        runtime,
        framework: framework(contender, &versions),
        server: contender.server.clone(),
        model: model(contender),
        homepage: contender.homepage.clone(),
        remarks: contender.remarks.clone(),
        work: contender.work(),
        versions,
        status: Status::Ready,
        not_served: contender.source.not_served.clone(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        no_evidence: BTreeMap::new(),
    }
}

fn framework(contender: &Contender, versions: &BTreeMap<String, String>) -> String {
    let Some(framework) = &contender.framework else {
        return String::new();
    };
    versions.get(&framework.package).map_or_else(
        || framework.name.clone(),
        |version| format!("{} {version}", framework.name),
    )
}

fn model(contender: &Contender) -> String {
    let concurrency = match contender.model.concurrency {
        Concurrency::EventLoop => "event loop",
        Concurrency::Threads => "threads",
        Concurrency::Processes => "processes",
    };
    let style = match contender.model.style {
        Style::Sync => "synchronous",
        Style::Async => "asynchronous",
    };
    format!("{concurrency}, {style}")
}

fn make_unavailable(record: &mut ContenderRecord, unavailable: &Unavailable) {
    record.status = Status::Unavailable;
    let message = format!("unavailable here: {unavailable}; {}", unavailable.how_to_install);
    record
        .faults
        .push(Fault::new(Owner::User, Stage::Runtime, message));
}

#[cfg(test)]
mod tests {
    use super::Field;
    use crate::brief_file::BriefFile;
    use bakeoff_core::evidence::Part;
    use bakeoff_lab::Runtimes;
    use std::path::Path;

    const BRIEF: &str = "name = \"x\"\n[load]\npeak_rps = 1\nslo = { p99_ms = 50 }\n[[traffic]]\nscenario = \"json\"\nshare = 1\n";

    /// The field of a brief with this section, and these names on the command line: names, and who is a reference.
    fn chosen(section: &str, only: &[&str]) -> (Vec<String>, Vec<String>) {
        let file = BriefFile::of("x.toml".to_owned(), format!("{BRIEF}{section}"), Path::new(".")).unwrap();
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let field = Field::choose(&file.domain, &file.brief, &only, &Runtimes::default()).unwrap();
        let references = field
            .records
            .iter()
            .filter(|record| record.part == Part::Reference);
        let references = references.map(|record| record.name.clone()).collect();
        let names = field.records.iter().map(|record| record.name.clone());
        (names.collect(), references)
    }

    #[test]
    fn by_default_all_run_without_variants_and_who_has_no_framework_is_a_reference() {
        let (names, references) = chosen("", &[]);
        assert!(names.iter().any(|name| name == "node-fastify"));
        assert!(names.iter().all(|name| !name.contains('@')), "{names:?}");
        assert_eq!(references, ["node-http"]);
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
        let all = ["node-fastify", "node-fastify@jitless", "node-fastify@node26"];
        let (names, _) = chosen("[contenders.variants]\nnode-fastify = \"all\"\n", &[]);
        let place = names.iter().position(|name| name == all[0]).unwrap();
        assert_eq!(names[place..place + 3], all);
        let section = "[contenders]\nonly = [\"node-fastify\", \"node-fastify@node26\"]\nvariants = { node-fastify = \"all\" }\n";
        assert_eq!(chosen(section, &[]).0, all, "each once");
        let section = "[contenders.variants]\nnode-fastify = [\"node26\"]\n";
        assert!(!chosen(section, &[]).0.contains(&all[1].to_owned()));
    }

    #[test]
    fn an_unknown_variant_leads_to_the_nearest() {
        let file = BriefFile::of("x.toml".to_owned(), BRIEF.to_owned(), Path::new(".")).unwrap();
        let only = ["node-fastify@jitles".to_owned()];
        let failure = Field::choose(&file.domain, &file.brief, &only, &Runtimes::default()).unwrap_err();
        assert!(
            failure.text.contains("unknown variant `node-fastify@jitles`")
                && failure.text.contains("did you mean `node-fastify@jitless`?"),
            "{failure}"
        );
    }
}
