//! `bakeoff run --url`: the options that name services which run already, and what they become: addresses, requests,
//! records and a plan. It starts no server.

mod address;

use crate::brief_file::{BriefFile, beside};
use crate::command::load::requests::header;
use crate::command::load::security::Security;
use crate::command::measuring::Measuring;
use crate::domain::shipped_scenarios;
use crate::exit::Failure;
use crate::field::chosen::distinct;
use crate::field::running::of_service;
use crate::interrupt::Interrupt;
use crate::measure::running::{RunningBench, measure_running};
use crate::openapi::Api;
use crate::progress::Screen;
use crate::store::Stored;
use bakeoff_core::brief::Traffic;
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::evidence::{ContenderRecord, Watched};
use bakeoff_core::plan::Plan;
use bakeoff_core::words::number::{count, duration_s, list};
use bakeoff_lab::{RunningService, RunningServices, RunningTerms};
use clap::Args;
use std::path::{Path, PathBuf};

/// Services that run already.
#[derive(Debug, Args)]
#[command(next_help_heading = "Services that run already")]
pub(crate) struct RunningOptions {
    /// Measure the service at URL as it runs now; repeatable, for two and more
    #[arg(long = "url", value_name = "NAME=URL", value_parser = named, conflicts_with_all = ["only", "resume", "skip_changes", "skip_browser", "named"])]
    urls: Vec<(String, String)>,
    /// Take the requests from an OpenAPI document, and hold responses to its schemas [default: the brief's scenarios]
    #[arg(long, value_name = "FILE", requires = "urls")]
    openapi: Option<PathBuf>,
    /// Ask also the operations that may change data: POST, PUT, PATCH, DELETE
    #[arg(long, requires = "openapi")]
    writes: bool,
    /// Count CPU time and memory of this process, and of those that it started, as those of NAME; repeatable
    #[arg(long, value_name = "NAME=PID", value_parser = pid, requires = "urls")]
    pid: Vec<(String, u32)>,
    /// Count CPU time and memory of this container as those of NAME; repeatable
    #[arg(long, value_name = "NAME=ID", value_parser = named, requires = "urls")]
    container: Vec<(String, String)>,
    /// Send this header with every request, such as a token; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header, requires = "urls")]
    headers: Vec<(String, String)>,
    /// Load addresses too that are neither loopback nor private: the hosts are yours
    #[arg(long, requires = "urls")]
    own_host: bool,
    #[command(flatten)]
    security: Security,
}

/// Services that run already, ready to be measured.
pub(crate) struct Services {
    file: BriefFile,
    services: Vec<RunningService>,
    urls: Vec<String>,
    /// What a user should know of the document, each with a word in front.
    notes: Vec<(&'static str, String)>,
    words: Vec<String>,
}

/// What is sent, and under which brief.
struct Requests {
    file: BriefFile,
    /// The path that their paths begin with.
    base: String,
    notes: Vec<(&'static str, String)>,
}

impl RunningOptions {
    /// Whether any was named.
    #[must_use]
    pub(crate) fn are_given(&self) -> bool {
        !self.urls.is_empty()
    }

    /// Finds the services and what to ask of them.
    ///
    /// # Errors
    /// A wrong name, address or document, or a service that does not answer.
    pub(crate) fn open(&self, brief: Option<&Path>) -> Result<Services, Failure> {
        let names: Vec<String> = self.urls.iter().map(|(name, _)| name.clone()).collect();
        distinct("service", &names)?;
        if let [only] = &names[..] {
            return Err(Failure::usage(
                format!("`{only}` is the only service, and a comparison needs two"),
                "name another with `--url NAME=URL`, or the same one under a second name; `bakeoff load URL` loads one alone",
            ));
        }
        let Requests { file, base, notes } = self.requests(brief)?;
        let mut services = Vec::new();
        for (name, url) in &self.urls {
            let mut target = address::target(url, &base, self.own_host, &self.security)?;
            target.headers.extend(self.headers.iter().cloned());
            services.push(RunningService {
                name: name.clone(),
                target,
                watched: self.watched(name)?,
            });
        }
        self.require_known(&names)?;
        Ok(Services {
            file,
            services,
            urls: self
                .urls
                .iter()
                .map(|(_, url)| without_credentials(url))
                .collect(),
            notes,
            words: self.words(),
        })
    }

    /// The requests of the document, or those of the brief.
    fn requests(&self, brief: Option<&Path>) -> Result<Requests, Failure> {
        let Some(document) = &self.openapi else {
            return Ok(Requests {
                file: BriefFile::open(brief)?,
                base: String::new(),
                notes: Vec::new(),
            });
        };
        let api = Api::read(document, self.writes, &shipped_scenarios())?;
        let shown = document.display().to_string();
        let scenarios = api.scenarios.iter();
        let scenarios: Vec<(String, String)> = scenarios
            .map(|scenario| (format!("{shown}, `{}`", scenario.id), scenario.text.clone()))
            .collect();
        let file = match brief {
            None => {
                let text = api.brief(&format!("`{shown}`"));
                BriefFile::with_scenarios(shown, text, beside(Some(document)), &scenarios)?
            }
            Some(_) => {
                let mut file = BriefFile::open_with(brief, &scenarios)?;
                let of = |scenario: &crate::openapi::ApiScenario| Traffic {
                    scenario: scenario.id.clone(),
                    share: 1.0,
                };
                file.brief.traffic = api.scenarios.iter().map(of).collect();
                file
            }
        };
        let mut notes: Vec<_> = api.left_out.into_iter().map(|left| ("left out", left)).collect();
        if api.needs_credentials && self.headers.is_empty() {
            let way = "`-H 'authorization: Bearer …'` sends them";
            notes.push(("note", format!("the document asks for credentials: {way}")));
        }
        Ok(Requests {
            file,
            base: api.base,
            notes,
        })
    }

    /// Whose CPU time and memory count as those of a service.
    fn watched(&self, name: &str) -> Result<Option<Watched>, Failure> {
        let processes = self.pid.iter().filter(|(of, _)| of == name);
        let processes = processes.map(|(_, pid)| Watched::Process(*pid));
        let containers = self.container.iter().filter(|(of, _)| of == name);
        let containers = containers.map(|(_, id)| Watched::Container(id.clone()));
        let mut all = processes.chain(containers);
        match (all.next(), all.next()) {
            (Some(one), Some(other)) => Err(Failure::usage(
                format!("`{name}` has two: {one} and {other}"),
                "name the process that started the others, or their container",
            )),
            (one, _) => Ok(one),
        }
    }

    /// Refuses a process or a container of a service that nobody named.
    fn require_known(&self, names: &[String]) -> Result<(), Failure> {
        let of_processes = self.pid.iter().map(|(name, _)| name);
        let mut all = of_processes.chain(self.container.iter().map(|(name, _)| name));
        let Some(unknown) = all.find(|name| !names.contains(name)) else {
            return Ok(());
        };
        let near = nearest(unknown, names.iter().map(String::as_str));
        let hint = near.map_or_else(
            || format!("the services are {}", list(names)),
            |near| format!("did you mean `{near}`?"),
        );
        Err(Failure::usage(
            format!("no `--url` has the name `{unknown}`"),
            hint,
        ))
    }

    /// The words of the command line that say the same, without the values of headers and without passwords.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
        for (name, url) in &self.urls {
            add("--url", format!("{name}={}", without_credentials(url)));
        }
        if let Some(document) = &self.openapi {
            add("--openapi", document.display().to_string());
        }
        for (name, pid) in &self.pid {
            add("--pid", format!("{name}={pid}"));
        }
        for (name, id) in &self.container {
            add("--container", format!("{name}={id}"));
        }
        for (name, _) in &self.headers {
            add("--header", format!("{name}: …"));
        }
        let flags = [("--writes", self.writes), ("--own-host", self.own_host)];
        words.extend(
            flags
                .into_iter()
                .filter(|(_, is_set)| *is_set)
                .map(|(flag, _)| flag.to_owned()),
        );
        words.extend(self.security.words());
        words
    }
}

impl Services {
    /// The plan that the options of measuring ask for.
    #[must_use]
    pub(crate) fn plan(&self, measuring: &Measuring) -> Plan {
        let names = self.services.iter().map(|service| service.name.clone()).collect();
        let length = (measuring.blocks, measuring.budget);
        let rate_rps = self.file.brief.load.peak_rps;
        let mut plan = Plan::of_running(names, self.words.clone(), length, measuring.seed, rate_rps);
        plan.launch.warm_max_s *= measuring.time_share();
        plan.trial.measure_s *= measuring.time_share();
        plan
    }

    /// What a run would do.
    #[must_use]
    pub(crate) fn in_words(&self, plan: &Plan) -> String {
        let brief = &self.file.brief;
        let services = self.services.iter().zip(&self.urls);
        let services: Vec<String> = services
            .map(|(service, url)| format!("{}: {url}", service.name))
            .collect();
        let requests: Vec<String> = brief
            .traffic
            .iter()
            .map(|part| format!("`{}`", part.scenario))
            .collect();
        let mut lines = vec![format!("{}: {}", brief.name, brief.question)];
        lines.extend(services);
        lines.push(format!(
            "load: {} requests a second within {} ms (p99) over {} connections: {}",
            brief.load.peak_rps,
            brief.load.slo.p99_ms,
            brief.load.connections_at(brief.load.peak_rps),
            list(&requests)
        ));
        lines.extend(self.notes.iter().map(|(word, note)| format!("{word}: {note}")));
        lines.push(format!(
            "this plan: {} of {:.1} s of load at each, and at {} a second time, under another name; about {}",
            count(plan.blocks_of_a_launch() as usize, "block"),
            plan.trial.measure_s,
            plan.twin_of.as_deref().unwrap_or("none"),
            duration_s(plan.budget_s.round())
        ));
        lines.join("\n")
    }

    /// Measures them.
    ///
    /// # Errors
    /// A process that is not there, or a store that cannot be written.
    pub(crate) fn measure(
        &self,
        plan: &Plan,
        results: &Path,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Stored, Failure> {
        for (word, note) in &self.notes {
            screen.say(&format!("{word:<9} {note}"));
        }
        let terms = RunningTerms {
            brief: &self.file.brief,
            scenarios: &self.file.domain.scenarios,
            services: &self.services,
            events: screen,
            stop: interrupt.flag(),
        };
        let mut running = RunningServices::find(terms).map_err(|(name, reason)| {
            Failure::usage(
                format!("`{name}`: {reason}"),
                "`ps -e` lists processes; the id of a container is a long hexadecimal number",
            )
        })?;
        for (service, port) in running.do_not_listen() {
            let watched = service
                .watched
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            screen.say(&format!(
                "note      {}: the {watched} does not listen on port {port}: its CPU time counts, and not that of the \
                 program which does",
                service.name
            ));
        }
        let bench = RunningBench {
            file: &self.file,
            records: self.records(),
            results,
            watch: screen,
            interrupt,
        };
        measure_running(plan, &mut running, bench)
    }

    fn records(&self) -> Vec<ContenderRecord> {
        let services = self.services.iter().zip(&self.urls);
        services
            .map(|(service, url)| of_service(service, url, &self.file.brief))
            .collect()
    }
}

/// A name of small letters, digits and hyphens, and what follows the `=`.
fn named(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, value)| !value.is_empty() && !name.contains([':', '/']))
        .ok_or_else(|| format!("`{text}` has no name: write it like `a={text}`"))?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(fits) {
        return Err(format!("`{name}` is no name: small letters, digits and hyphens"));
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn pid(text: &str) -> Result<(String, u32), String> {
    let (name, value) = named(text)?;
    match value.parse() {
        Ok(pid) if (1..=i32::MAX as u32).contains(&pid) => Ok((name, pid)),
        _ => Err(format!("`{value}` is not the id of a process")),
    }
}

/// A URL without the user and the password that it may have: reports and stores show it.
fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://…@{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{named, pid, without_credentials};

    #[test]
    fn names_stand_before_what_they_name() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(named("a=http://h:1/?x=2"), Ok(pair("a", "http://h:1/?x=2")));
        assert!(
            named("http://h:1/?x=2")
                .unwrap_err()
                .contains("has no name: write it like `a=http")
        );
        assert!(named("A=http://h").unwrap_err().contains("small letters"));
        assert!(named("a=").is_err());
        assert_eq!(pid("a=12"), Ok(("a".to_owned(), 12)));
        assert!(pid("a=0").is_err() && pid("a=x").is_err());
    }

    #[test]
    fn a_password_of_a_url_is_not_shown() {
        for (url, shown) in [
            ("http://me:se@cret@h:1/p@th", "http://…@h:1/p@th"),
            ("me:secret@h", "http://…@h"),
            ("http://h:1/p@th", "http://h:1/p@th"),
        ] {
            assert_eq!(without_credentials(url), shown);
        }
    }
}
