//! `bakeoff list`: all names that commands and briefs accept, and the runtimes of this machine, one line each. The
//! paragraph is in `explain`.

mod runtimes;

use crate::brief_file::beside;
use crate::domain::claims::ledger;
use crate::domain::{Domain, Entry};
use crate::exit::{Exit, Failure};
use crate::machine;
use crate::results::ResultsFolder;
use crate::store::Store;
use bakeoff_core::contender::{Access, Class, Contender, Parser, Work};
use bakeoff_core::metric::METRICS;
use bakeoff_core::words::table;
use bakeoff_core::words::work::NOT_DECLARED;
use clap::{Args, ValueEnum};
use runtimes::RuntimeList;
use serde_json::{Value, json};
use std::path::PathBuf;

/// List contenders, variants, scenarios, metrics, claims, runs or the runtimes of this machine
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff list contenders\n  bakeoff list runtimes\n  bakeoff list metrics --json"
)]
pub(crate) struct List {
    /// The kind of names
    what: What,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// With the contenders and scenarios beside this brief
    #[arg(long, value_name = "BRIEF")]
    brief: Option<PathBuf>,
    #[command(flatten)]
    results: ResultsFolder,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Contenders,
    Variants,
    Scenarios,
    Metrics,
    Claims,
    Runs,
    Runtimes,
}

/// A list in both of its forms.
struct Listing {
    header: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl List {
    /// The names that can be used here, with a warning for each contender that cannot be read.
    fn domain(&self) -> Result<Domain, Failure> {
        let domain = Domain::open(beside(self.brief.as_deref()))?;
        domain.broken().for_each(|why| eprintln!("{why}"));
        Ok(domain)
    }

    /// Prints the list.
    ///
    /// # Errors
    /// A manifest or a store that cannot be read.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let domain = || self.domain();
        let printed = match self.what {
            What::Contenders => self.shown(&contenders(&domain()?)),
            What::Variants => self.shown(&variants(&domain()?)),
            What::Scenarios => self.shown(&scenarios(&domain()?)),
            What::Metrics => self.shown(&metrics()),
            What::Claims => self.shown(&claims(&domain()?)?),
            What::Runs => self.shown(&runs(&Store::existing(&self.results.path)?)?),
            What::Runtimes => {
                let domain = domain()?;
                let list = RuntimeList::of(&domain, &machine::runtimes(&domain));
                if self.json {
                    format!("{:#}", list.to_json())
                } else {
                    list.in_words()
                }
            }
        };
        println!("{printed}");
        Ok(Exit::Done)
    }

    fn shown(&self, listing: &Listing) -> String {
        if self.json {
            format!("{:#}", listing.to_json())
        } else {
            table::aligned(listing.header, &listing.rows)
        }
    }
}

impl Listing {
    fn to_json(&self) -> Value {
        let object = |row: &Vec<String>| -> Value {
            self.header
                .iter()
                .zip(row)
                .map(|(key, cell)| ((*key).to_owned(), json!(cell)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        self.rows.iter().map(object).collect()
    }
}

fn contenders(domain: &Domain) -> Listing {
    let row = |entry: &Entry| {
        let contender = &entry.contender;
        let framework = contender
            .framework
            .as_ref()
            .map_or("none", |framework| framework.name.as_str());
        let [class, data, parser] = declared(contender);
        vec![
            contender.name.clone(),
            contender.language.clone(),
            framework.to_owned(),
            class.to_owned(),
            data.to_owned(),
            parser.to_owned(),
            contender.server.clone(),
            contender.homepage.clone(),
        ]
    };
    Listing {
        header: &[
            "name",
            "language",
            "framework",
            "class",
            "data",
            "parser",
            "server",
            "homepage",
        ],
        rows: domain.without_variants().map(row).collect(),
    }
}

/// Class, data access and HTTP parser, in the words of the manifest.
fn declared(contender: &Contender) -> [&'static str; 3] {
    let Work { class, data, http } = contender.work();
    [
        class.map(Class::id),
        data.access.map(Access::id),
        http.parser.map(Parser::id),
    ]
    .map(|word| word.unwrap_or(NOT_DECLARED))
}

fn variants(domain: &Domain) -> Listing {
    let row = |entry: &Entry| {
        let contender = &entry.contender;
        let [class, data, parser] = declared(contender);
        vec![
            contender.name.clone(),
            contender.title.clone(),
            format!("{} {}", contender.runtime.name, contender.runtime.version),
            class.to_owned(),
            data.to_owned(),
            parser.to_owned(),
            contender.source.not_served.join(", "),
            contender.remarks.clone(),
        ]
    };
    let variants = domain
        .without_variants()
        .flat_map(|entry| domain.variants_of(&entry.contender.name));
    Listing {
        header: &[
            "name",
            "title",
            "runtime",
            "class",
            "data",
            "parser",
            "not_served",
            "remarks",
        ],
        rows: variants.map(row).collect(),
    }
}

fn scenarios(domain: &Domain) -> Listing {
    let row = |scenario: &bakeoff_core::scenario::Scenario| {
        let request = format!("{} {}", scenario.request.method, scenario.request.path);
        vec![
            scenario.id.clone(),
            request,
            scenario.cases.len().to_string(),
            scenario.title.clone(),
        ]
    };
    Listing {
        header: &["id", "request", "cases", "title"],
        rows: domain.scenarios.values().map(row).collect(),
    }
}

fn claims(domain: &Domain) -> Result<Listing, Failure> {
    let rows = ledger(&domain.own_claims)?.into_iter();
    Ok(Listing {
        header: &["id", "sentence"],
        rows: rows.map(|claim| vec![claim.id, claim.sentence]).collect(),
    })
}

fn metrics() -> Listing {
    let row = |metric: &bakeoff_core::metric::Metric| {
        let better = match metric.better {
            bakeoff_core::metric::Better::Lower => "lower",
            bakeoff_core::metric::Better::Higher => "higher",
        };
        vec![
            metric.id,
            metric.criterion.id(),
            metric.unit,
            better,
            metric.sentence,
        ]
        .into_iter()
        .map(str::to_owned)
        .collect()
    };
    Listing {
        header: &["id", "criterion", "unit", "better", "sentence"],
        rows: METRICS
            .iter()
            .filter(|metric| !metric.is_of_earlier_versions())
            .map(row)
            .collect(),
    }
}

fn runs(store: &Store) -> Result<Listing, Failure> {
    let row = |run: crate::store::RunLine| {
        let finished = run.finished.unwrap_or_else(|| "not finished".to_owned());
        vec![
            run.id,
            run.brief,
            run.started,
            finished,
            run.launches.to_string(),
            run.trials.to_string(),
        ]
    };
    Ok(Listing {
        header: &["id", "brief", "started", "finished", "launches", "trials"],
        rows: store.runs()?.into_iter().map(row).collect(),
    })
}
