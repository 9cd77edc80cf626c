//! Events in words: the only place where an event of the lab becomes a sentence on the screen.

use bakeoff_core::evidence::Owner;
use bakeoff_lab::{Event, Origin, Phase};

/// A part of a trial in a word or two.
pub(super) const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Start => "start",
        Phase::Check => "contract",
        Phase::Warm => "warm up",
        Phase::Rest => "rest",
        Phase::Wake => "wake",
        Phase::Measure => "load",
        Phase::Probe(words) => words,
        Phase::Starts => "additional starts",
        Phase::Stop => "stop",
    }
}

/// What goes on now, until the next thing does.
pub(super) fn passing(event: &Event) -> Option<String> {
    match event {
        Event::Preparing { contender, step } => Some(format!("preparing {contender}: {step}")),
        Event::ServicesStarting => Some("starting the database and the upstream".to_owned()),
        Event::Checking { contender } => Some(format!("checking {contender} against the contract")),
        _ => None,
    }
}

/// What stays on the screen.
pub(super) fn lasting(event: &Event) -> Option<String> {
    match event {
        Event::Prepared {
            contender,
            seconds,
            from: Origin::Installed,
        } => Some(format!("prepared  {contender} in {seconds:.1} s")),
        Event::ServicesStarted { database, seconds } => {
            Some(format!("database  {database}, ready in {seconds:.1} s"))
        }
        Event::Checked {
            contender,
            cases,
            failures: 0,
        } => Some(format!("contract  {contender} passes all {cases} cases")),
        Event::Checked {
            contender,
            cases,
            failures,
        } => Some(format!("contract  {contender} fails {failures} of {cases} cases")),
        Event::FaultFound { entrant, fault } => {
            let whose = match fault.owner {
                Owner::Contender => entrant.name(),
                Owner::Lab => "the lab",
                Owner::User => "this machine's set-up",
            };
            Some(format!(
                "finding   {entrant}, {}: {} (fault of {whose})",
                fault.at, fault.message
            ))
        }
        Event::TrialFinished {
            block,
            entrant,
            seconds,
            cpu_us_per_request,
            latency_ms_p99,
            faults,
        } => {
            let figures = match (cpu_us_per_request, latency_ms_p99) {
                (Some(cpu), Some(p99)) => format!("{cpu:6.0} µs CPU a request, p99 {p99:7.2} ms"),
                _ if *faults > 0 => "no figures: see the findings".to_owned(),
                _ => "no figures".to_owned(),
            };
            Some(format!(
                "block {:2}  {entrant:<22} {figures}  ({seconds:.1} s)",
                block + 1
            ))
        }
        _ => None,
    }
}
