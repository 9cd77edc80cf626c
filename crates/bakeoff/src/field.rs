//! The field: the contenders of a run, in order, each with its runtime, its record and its part. Installs nothing: the
//! machine's runtimes show which contenders can run here.

pub(crate) mod chosen;
pub(crate) mod running;

use crate::domain::{Domain, Entry};
use crate::exit::Failure;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::{Concurrency, Contender, Style};
use bakeoff_core::evidence::{ContenderRecord, Fault, Owner, Part, Run, Stage, Status};
use bakeoff_lab::{
    BrowserSubject, ChangeSubject, Chromium, Runtime, Runtimes, Unavailable, probe, support_of,
};
use chosen::Chosen;
use std::collections::BTreeMap;

/// The smallest number of contenders that can be compared.
const MIN_CONTENDERS: usize = 2;

/// The contenders of a run that this machine can run, and the records of all.
#[derive(Debug)]
pub(crate) struct Field {
    /// Those that can run here, in the order of the brief.
    pub(crate) entries: Vec<Runnable>,
    /// One for each contender of the field, also those that cannot run here.
    pub(crate) records: Vec<ContenderRecord>,
    need: Need,
}

/// A contender with the runtime that it takes on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Runnable {
    /// Its manifest and its files.
    pub(crate) entry: Entry,
    /// What runs it.
    pub(crate) runtime: Runtime,
}

impl Runnable {
    /// The contender with its patches.
    #[must_use]
    pub(crate) fn change_subject(&self) -> ChangeSubject<'_> {
        let Entry {
            contender,
            source,
            patches,
        } = &self.entry;
        ChangeSubject {
            contender,
            source,
            patches,
            runtime: &self.runtime,
        }
    }

    /// The contender for a browser of this machine, or for the reason why there is none.
    #[must_use]
    pub(crate) fn browser_subject<'r>(&'r self, browser: &'r Result<Chromium, String>) -> BrowserSubject<'r> {
        BrowserSubject {
            contender: &self.entry.contender,
            source: &self.entry.source,
            runtime: &self.runtime,
            browser,
        }
    }
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
        Ok(Field::of(&chosen::of_run(domain, brief, only)?, runtimes))
    }

    /// The field of these contenders on this machine, each on the runtime that it takes.
    #[must_use]
    pub(crate) fn of(chosen: &[Chosen<'_>], runtimes: &Runtimes) -> Field {
        let choose = |entry: &Entry| runtimes.choose(&entry.contender, &entry.source);
        Field::with(chosen, runtimes, Need::Two, choose)
    }

    /// The field of a run that goes on: its contenders, all of which it needs, each on the runtime that it was measured
    /// on before. Another version would mix two stacks under one name.
    ///
    /// # Errors
    /// An unknown name.
    pub(crate) fn whole(domain: &Domain, run: &Run, runtimes: &Runtimes) -> Result<Field, Failure> {
        let same = |entry: &Entry| {
            let of_name = |record: &&ContenderRecord| record.name == entry.contender.name;
            let recorded = run.contenders.iter().find(of_name);
            match recorded.and_then(|record| record.runtime.rsplit_once(' ')) {
                Some((name, version)) => runtimes.same(name, version),
                None => runtimes.choose(&entry.contender, &entry.source),
            }
        };
        let chosen = chosen::of_names(domain, &run.plan.contenders)?;
        Ok(Field::with(&chosen, runtimes, Need::All, same))
    }

    /// Says of each contender what it does not serve of what the brief asks for. What it does not serve elsewhere does
    /// not concern this field, unless its manifest names it.
    pub(crate) fn say_what_is_not_served(&mut self, domain: &Domain, brief: &Brief) {
        for record in &mut self.records {
            let entry = domain.contenders.get(&record.name);
            let Some(source) = entry.map(|entry| &entry.contender.source) else {
                continue;
            };
            let refused = domain.asked_by(brief).map(|scenario| scenario.id.as_str());
            let refused =
                refused.filter(|id| source.says_no_to(id) && !source.not_served.iter().any(|no| no == id));
            let refused: Vec<String> = refused.map(str::to_owned).collect();
            record.not_served.extend(refused);
        }
    }

    fn with<'r>(
        chosen: &[Chosen<'_>],
        runtimes: &Runtimes,
        need: Need,
        choose: impl Fn(&Entry) -> Result<&'r Runtime, Unavailable>,
    ) -> Field {
        let mut field = Field {
            entries: Vec::new(),
            records: Vec::new(),
            need,
        };
        for Chosen { entry, part } in chosen {
            let runtime = choose(entry);
            let mut record = blank(entry, *part, runtime.as_ref().ok().copied(), runtimes);
            match runtime {
                Ok(runtime) => field.entries.push(Runnable {
                    entry: (*entry).clone(),
                    runtime: runtime.clone(),
                }),
                Err(unavailable) => make_unavailable(&mut record, &unavailable),
            }
            field.records.push(record);
        }
        field
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

/// The record of a contender before anything ran: what its folder shows, and what is known of its runtime.
fn blank(entry: &Entry, part: Part, runtime: Option<&Runtime>, runtimes: &Runtimes) -> ContenderRecord {
    let Entry {
        contender, source, ..
    } = entry;
    let versions = probe::locked_versions(contender, source, runtime.map(|found| &found.version));
    let framework_version = contender.framework.as_ref().and_then(|framework| {
        let version = versions.get(&framework.package)?;
        Some((framework, version.as_str()))
    });
    let not_provided = runtimes.not_provided(&contender.runtime.name);
    let support = runtime.map_or_else(Vec::new, |found| {
        support_of(found, framework_version, not_provided.as_deref())
    });
    let runtime = runtime.map_or_else(
        || format!("{} {}", contender.runtime.name, contender.runtime.version),
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
        support,
        status: Status::Ready,
        running: None,
        not_served: contender.source.not_served.clone(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        platforms: Vec::new(),
        reach: Vec::new(),
        flags: Some(contender.runtime_flags()),
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
