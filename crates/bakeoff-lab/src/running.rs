//! Services that run already: the operations of a fleet on servers that nobody here starts or stops. A launch is a
//! check and a load that does not count; a trial is the load at the brief's rate; the end of a launch is nothing at
//! all.

use crate::cores;
use crate::error::LabError;
use crate::event::{Event, EventSink, Phase};
use crate::fault::{interrupted, of_contender, of_lab};
use crate::host::{self, Yardstick};
use crate::process::foreign::ForeignTree;
use crate::requests::mix_of;
use crate::trial::gates;
use crate::trial::outside::{self, Outside};
use bakeoff_core::brief::Brief;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, Fault, Host, Launch, LaunchEnd, Obstacle, Stage, Trial, Watched};
use bakeoff_core::metric::{METRICS, Reduce};
use bakeoff_core::scenario::Scenario;
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledTrial};
use bakeoff_load::{Arrivals, FailureKind, LoadReport, Plan, RequestSpec, Target, Tick};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long one request of the check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15);

/// A service that runs already.
#[derive(Debug)]
pub struct RunningService {
    /// The contender's name.
    pub name: String,
    /// Where it is.
    pub target: Target,
    /// Whose CPU time and memory are its own; none where only requests and responses are seen.
    pub watched: Option<Watched>,
}

/// What running services are measured with.
#[derive(Clone, Copy)]
pub struct RunningTerms<'a> {
    /// The brief to measure for.
    pub brief: &'a Brief,
    /// The scenarios that it mixes, by id.
    pub scenarios: &'a BTreeMap<String, Scenario>,
    /// The services.
    pub services: &'a [RunningService],
    /// Receives the events.
    pub events: &'a dyn EventSink,
    /// The user's interrupt.
    pub stop: &'a AtomicBool,
}

/// Services that run already, while they are measured.
pub struct RunningServices<'a> {
    terms: RunningTerms<'a>,
    mix: Vec<RequestSpec>,
    cores: Vec<usize>,
    yardstick: Yardstick,
    host: Host,
    /// By the name of the service.
    trees: BTreeMap<&'a str, ForeignTree>,
}

impl<'a> RunningServices<'a> {
    /// Finds the processes that the user named.
    ///
    /// # Errors
    /// A process or a container that is not there, or that cannot be read: the name of the service and the reason.
    pub fn find(terms: RunningTerms<'a>) -> Result<RunningServices<'a>, (String, String)> {
        let cores = cores::available();
        let split = cores::CoreSplit {
            server: cores.clone(),
            generator: cores.clone(),
        };
        let mut trees = BTreeMap::new();
        for service in terms.services {
            if let Some(watched) = &service.watched {
                let tree = ForeignTree::find(watched).map_err(|reason| (service.name.clone(), reason))?;
                trees.insert(service.name.as_str(), tree);
            }
        }
        let brief = terms.brief;
        Ok(RunningServices {
            mix: mix_of(&brief.traffic, brief.load.peak_rps, terms.scenarios),
            host: host::machine_alone(&split),
            yardstick: Yardstick::default(),
            cores,
            trees,
            terms,
        })
    }

    /// The machine.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The services whose named processes do not listen on the port of their address, with that port: something else
    /// does.
    #[must_use]
    pub fn do_not_listen(&self) -> Vec<(&RunningService, u16)> {
        let services = self.terms.services.iter();
        let elsewhere = services.filter(|service| {
            let address = service.target.address;
            let tree = self.trees.get(service.name.as_str());
            let listens = tree.filter(|_| address.ip().is_loopback());
            listens.and_then(|tree| tree.listens_on(address.port())) == Some(false)
        });
        elsewhere
            .map(|service| (service, service.target.address.port()))
            .collect()
    }

    /// Checks a service with one request of each kind, and drives the load for a while that does not count.
    ///
    /// # Errors
    /// The user interrupted, or there is no such service.
    pub fn launch(&mut self, scheduled: &ScheduledLaunch, at_s: f64) -> Result<Launch, LabError> {
        let planned = &scheduled.planned;
        let entrant = planned.entrant.clone();
        let began = Instant::now();
        let mut launch = Launch {
            at_s,
            ..Launch::new(scheduled.id, planned.round, entrant.clone())
        };
        let outcome = self.check(&entrant, planned.seed, scheduled.budget.warm_max_s, &mut launch);
        self.require_not_interrupted()?;
        launch.seconds = began.elapsed().as_secs_f64();
        if let Err(fault) = outcome {
            self.terms.events.event(Event::FaultFound {
                entrant,
                fault: fault.clone(),
            });
            launch.faults.push(fault);
            launch.end = Some(LaunchEnd::new(EndReason::NeverReady, at_s + launch.seconds));
        }
        Ok(launch)
    }

    /// Runs one trial.
    ///
    /// # Errors
    /// The user interrupted, or there is no such service.
    pub fn trial(&mut self, scheduled: &ScheduledTrial, at_s: f64) -> Result<Trial, LabError> {
        let service = self.service(&scheduled.planned.entrant)?;
        let tree = self.trees.get_mut(service.name.as_str());
        let outside = Outside {
            tree,
            ..outside(&self.terms, &self.mix, &self.cores, &self.yardstick, service)
        };
        let trial = outside::run(outside, scheduled, at_s);
        self.require_not_interrupted()?;
        Ok(trial)
    }

    /// Leaves a service as it is.
    #[must_use]
    pub fn retire(&self, at_s: f64) -> LaunchEnd {
        LaunchEnd::new(EndReason::Retired, at_s)
    }

    fn check(&self, entrant: &Entrant, seed: u64, seconds: f64, launch: &mut Launch) -> Result<(), Fault> {
        let service = self
            .service(entrant)
            .map_err(|error| of_lab(Stage::Trial, error.to_string()))?;
        self.phase(entrant, Phase::Check);
        let outside = outside(&self.terms, &self.mix, &self.cores, &self.yardstick, service);
        for request in self.mix_of_one_each() {
            self.require_correct(service, &request, seed)?;
        }
        self.phase(entrant, Phase::Warm);
        let report = outside::run_in(&outside, seed, seconds)?;
        let wrong = report
            .failures
            .iter()
            .filter(|failure| failure.kind == FailureKind::Check);
        gates::wrong_responses(wrong, "before the first trial", &mut launch.gates);
        Ok(())
    }

    /// Each kind of request, with every body checked.
    fn mix_of_one_each(&self) -> Vec<RequestSpec> {
        let with_all_checks = |request: &RequestSpec| {
            let mut request = request.clone();
            request.expect.sample_share = 1.0;
            request
        };
        self.mix.iter().map(with_all_checks).collect()
    }

    /// Sends one request and holds its response to all that is known of it.
    fn require_correct(
        &self,
        service: &RunningService,
        request: &RequestSpec,
        seed: u64,
    ) -> Result<(), Fault> {
        let plan = Plan {
            arrivals: Arrivals::Constant { rate_rps: 100.0 },
            connections: 1,
            duration: CHECK_TIMEOUT,
            timeout: CHECK_TIMEOUT,
            seed,
            max_requests: Some(1),
            ..Plan::default()
        };
        let stop = self.terms.stop;
        let report = bakeoff_load::run(
            &service.target,
            std::slice::from_ref(request),
            &plan,
            &mut |_: &Tick| {},
            stop,
        )
        .map_err(|error| of_lab(Stage::Load, error.to_string()))?;
        if stop.load(Ordering::Relaxed) {
            return Err(interrupted());
        }
        refused(request, &report).map_or(Ok(()), Err)
    }

    fn service(&self, entrant: &Entrant) -> Result<&'a RunningService, LabError> {
        let mut services = self.terms.services.iter();
        services
            .find(|service| service.name == entrant.name())
            .ok_or_else(|| LabError::NotInstalled(entrant.name().to_owned()))
    }

    fn phase(&self, entrant: &Entrant, phase: Phase) {
        self.terms.events.event(Event::TrialPhase {
            entrant: entrant.clone(),
            phase,
        });
    }

    fn require_not_interrupted(&self) -> Result<(), LabError> {
        if self.terms.stop.load(Ordering::Relaxed) {
            Err(LabError::Interrupted)
        } else {
            Ok(())
        }
    }
}

/// The service as it is driven, without its processes.
fn outside<'o>(
    terms: &RunningTerms<'o>,
    mix: &'o [RequestSpec],
    cores: &'o [usize],
    yardstick: &'o Yardstick,
    service: &'o RunningService,
) -> Outside<'o> {
    Outside {
        brief: terms.brief,
        mix,
        target: &service.target,
        tree: None,
        cores,
        shares_cores: service.target.address.ip().is_loopback() || service.watched.is_some(),
        yardstick,
        events: terms.events,
        stop: terms.stop,
    }
}

/// Why a response was not right, if it was not.
fn refused(request: &RequestSpec, report: &LoadReport) -> Option<Fault> {
    let failure = report.failures.first()?;
    let stage = match failure.kind {
        FailureKind::Check | FailureKind::Status => Stage::Contract,
        FailureKind::Connect
        | FailureKind::Tls
        | FailureKind::Timeout
        | FailureKind::Reset
        | FailureKind::Protocol => Stage::Start,
    };
    Some(of_contender(
        stage,
        format!(
            "`{} {}` (`{}`): {}",
            request.method, request.path, request.label, failure.example
        ),
    ))
}

/// The metrics that cannot be known of a service that runs already, each with the reason.
#[must_use]
pub fn unknown_from_outside(brief: &Brief, watched: Option<&Watched>) -> BTreeMap<String, Obstacle> {
    let of_processes = outside::of_processes(brief);
    let unknown = METRICS.iter().filter(|metric| {
        let is_of_processes = of_processes.iter().any(|id| id == metric.id);
        let is_latency = matches!(metric.reduce, Reduce::ResponseQuantile(_));
        let is_seen = is_latency || is_of_processes && watched.is_some();
        !is_seen
    });
    unknown
        .map(|metric| {
            let wants_process = of_processes.iter().any(|id| id == metric.id);
            (metric.id.to_owned(), Obstacle::FromOutside { wants_process })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::unknown_from_outside;
    use bakeoff_core::brief::{Vocabulary, parse};
    use bakeoff_core::evidence::{Obstacle, Watched};

    #[test]
    fn a_named_process_brings_its_own_figures_and_nothing_else() {
        let words = Vocabulary {
            scenarios: vec!["json".to_owned()],
            ..Vocabulary::default()
        };
        let text = "name = \"x\"\n[load]\npeak_rps = 1\nslo = { p99_ms = 50 }\n[[traffic]]\nscenario = \"json\"\nshare = 1\n";
        let brief = parse(text, "x.toml", &words).unwrap();
        let unknown = unknown_from_outside(&brief, None);
        assert_eq!(
            unknown["cpu_us_per_request"],
            Obstacle::FromOutside { wants_process: true }
        );
        assert_eq!(
            unknown["startup_ms"],
            Obstacle::FromOutside { wants_process: false }
        );
        assert!(!unknown.contains_key("latency_ms_p99"));
        let watched = unknown_from_outside(&brief, Some(&Watched::Process(1)));
        let brought: Vec<&String> = unknown.keys().filter(|id| !watched.contains_key(*id)).collect();
        assert_eq!(
            brought,
            ["cost_per_million", "cpu_us_per_request", "memory_mb_peak"]
        );
    }
}
