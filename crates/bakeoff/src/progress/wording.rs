//! Events in words: the only place where an event of the lab, a launch or a trial becomes a line on the screen.

use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, Launch, Owner, Run, Trial, WarmClass, WarmUp};
use bakeoff_core::words::number::count;
use bakeoff_lab::{Event, Origin, Phase};

/// A part of a launch or a trial in a word or two.
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
        Event::ChangeStarted {
            contender,
            number,
            of,
            change,
        } => Some(format!("{contender}: change {number} of {of}, {change}")),
        Event::BrowserStep { contender, step } => Some(format!("{contender} in a browser: {step}")),
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
        Event::RuntimeProvided { runtime, origin } => Some(format!("runtime   {runtime} {origin}")),
        Event::RuntimeNotProvided { runtime, reason } => {
            Some(format!("runtime   {runtime} could not be provided: {reason}"))
        }
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
        Event::ChangeFinished {
            contender,
            number,
            of,
            change,
            holds,
            seconds,
        } => {
            let holds = if *holds { "holds" } else { "does not hold" };
            Some(format!(
                "change    {contender}: {number} of {of}, {change}: {holds}  ({seconds:.1} s)"
            ))
        }
        Event::BrowserVisited {
            contender,
            found,
            seconds,
        } => Some(match found {
            Ok(found) => format!("browser   {contender}: {found}  ({seconds:.1} s)"),
            Err(reason) => format!("browser   {contender}: no evidence: {reason}"),
        }),
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
        _ => None,
    }
}

/// What a trial measured, as soon as it has ended; none for another event.
pub(super) fn figures(event: &Event) -> Option<String> {
    let Event::TrialFinished {
        cpu_us_per_request,
        latency_ms_p99,
        faults,
        ..
    } = event
    else {
        return None;
    };
    Some(match (cpu_us_per_request, latency_ms_p99) {
        (Some(cpu), Some(p99)) => format!("{cpu:6.0} µs CPU a request, p99 {p99:7.2} ms"),
        (None, Some(p99)) if *faults == 0 => format!("p99 {p99:7.2} ms"),
        _ if *faults > 0 => "no figures: see the findings".to_owned(),
        _ => "no figures".to_owned(),
    })
}

/// A trial that is stored, with its figures.
pub(super) fn trial(run: &Run, trial: &Trial, figures: &str) -> String {
    let launch = run
        .launches
        .iter()
        .find(|launch| trial.launch == Some(launch.id))
        .map_or_else(String::new, |launch| format!("launch {}: ", launch.round + 1));
    format!(
        "block {:2}  {:<width$} {launch}{figures}  ({:.1} s)",
        trial.block + 1,
        trial.entrant,
        trial.seconds,
        width = width_of_names(run)
    )
}

/// A launch that is stored: whether it is warm, and after what.
pub(super) fn launch(run: &Run, launch: &Launch) -> Option<String> {
    let state = match (&launch.end, &launch.warm_up) {
        (Some(_), _) => "ended before its first trial: see the findings".to_owned(),
        (None, Some(warm_up)) => warmth(warm_up),
        (None, None) => "answers rightly".to_owned(),
    };
    Some(format!(
        "launch {:<2} {:<width$} {state}  ({:.1} s)",
        launch.round + 1,
        launch.entrant,
        launch.seconds,
        width = width_of_names(run)
    ))
}

/// The width of the longest name of a run, so that figures stand below each other.
fn width_of_names(run: &Run) -> usize {
    let plan = &run.plan;
    let twin = plan.twin_of.iter().map(|name| Entrant::twin_of(name));
    let contenders = plan.contenders.iter().map(|name| Entrant::contender(name));
    let widths = contenders
        .chain(twin)
        .map(|entrant| entrant.to_string().chars().count());
    widths.max().unwrap_or(0)
}

/// `warm after 12,400 requests`.
fn warmth(warm_up: &WarmUp) -> String {
    match (warm_up.class, warm_up.requests) {
        (WarmClass::NoSteadyState, _) => "not warm within the limit".to_owned(),
        (_, Some(0)) => "warm from its first request".to_owned(),
        (_, Some(requests)) => format!("warm after {}", count(requests as usize, "request")),
        (_, None) => "warm".to_owned(),
    }
}

/// A launch that ended though its round was not over.
pub(super) fn early_end(_: &Run, launch: &Launch) -> Option<String> {
    let what = match launch.end.as_ref()?.reason {
        EndReason::Died => "ended before its round was over",
        EndReason::DoesNotRest => "uses the processor while it should rest, and cannot be paused",
        EndReason::Retired | EndReason::NeverReady | EndReason::SessionEnded => return None,
    };
    let (number, entrant) = (launch.round + 1, &launch.entrant);
    Some(format!("ended     {entrant}, launch {number}: {what}"))
}

/// What is stored of a run that goes on.
pub(super) fn goes_on(run: &Run) -> String {
    let launches = run.launches.len();
    format!(
        "goes on   {} with {launches} launch{} and {}",
        run.id,
        if launches == 1 { "" } else { "es" },
        count(run.trials.len(), "trial")
    )
}
