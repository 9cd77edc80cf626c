//! A load from plan to report: compiles the mix, starts the threads, which open their connections, lets them all
//! start at once, and merges their records. The work of one thread is in [`crate::engine::worker`].

pub use crate::engine::interval::Watcher;
use crate::engine::interval::{Series, ThreadUpdate, Window};
use crate::engine::recorder::Record;
use crate::engine::summary::summarize;
use crate::engine::worker::{Job, Worker};
use crate::error::LoadError;
use crate::net::clock::{Clock, nanos};
use crate::net::cores::{AffinityGuard, pin_thread};
use crate::net::open_files::{allow_open_files, use_private_file_table};
use crate::net::stream::Dialer;
use crate::net::target::Target;
use crate::pace::pacer::Pacer;
use crate::plan::Plan;
use crate::report::{LoadReport, Tick};
use crate::request::mix::Mix;
use crate::request::spec::RequestSpec;
use rustix::thread::set_current_timer_slack;
use std::num::NonZeroU64;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Drives the mix at the target as planned, and reports what came back.
///
/// `on_tick` is called about four times a second with live figures; setting `stop` ends the load within a fiftieth of a
/// second, and the report covers the time until then.
///
/// # Errors
/// The plan or the mix cannot be driven, or the operating system refuses something that the generator itself needs. A
/// server that fails is a finding and no error: every failed request is in the report.
pub fn run(
    target: &Target,
    mix: &[RequestSpec],
    plan: &Plan,
    mut on_tick: &mut dyn FnMut(&Tick),
    stop: &AtomicBool,
) -> Result<LoadReport, LoadError> {
    run_watched(target, mix, plan, &mut on_tick, stop)
}

/// As [`run`], with a watcher that sees each second too.
///
/// # Errors
/// As [`run`].
pub fn run_watched(
    target: &Target,
    mix: &[RequestSpec],
    plan: &Plan,
    watcher: &mut dyn Watcher,
    stop: &AtomicBool,
) -> Result<LoadReport, LoadError> {
    check(plan)?;
    let mix = Mix::compile(target, mix, plan.seed)?;
    let dialer = Dialer::new(target)?;
    allow_open_files(plan.connections)?;
    let begin_ns = nanos(plan.warm);
    let window = Window {
        begin_ns,
        end_ns: begin_ns.saturating_add(nanos(plan.duration)),
    };
    let job = Job {
        dialer: &dialer,
        mix: &mix,
        window,
        timeout_ns: nanos(plan.timeout),
        deadline_ns: plan.deadline.map(nanos),
        stop,
        keep: plan.keep,
        departures: plan.departures,
    };
    let (record, series, start) = drive_all(&job, plan, watcher)?;
    let series = series.finish(watcher);
    Ok(summarize(&mix, plan, window, record, series, start))
}

fn check(plan: &Plan) -> Result<(), LoadError> {
    let wrong = |what, value: String, must| Err(LoadError::Plan { what, value, must });
    let longest = Plan::WITHOUT_LIMIT;
    if plan.threads == 0 || plan.threads > 1024 {
        return wrong("threads", plan.threads.to_string(), "from 1 to 1024");
    }
    if plan.connections < plan.threads {
        return wrong(
            "connections",
            plan.connections.to_string(),
            "at least one a thread",
        );
    }
    if plan.duration.is_zero() || plan.duration > longest {
        return wrong(
            "duration",
            format!("{:?}", plan.duration),
            "above 0 and at most a year",
        );
    }
    if plan.warm > longest {
        return wrong("warm", format!("{:?}", plan.warm), "at most a year");
    }
    if plan.timeout.is_zero() || plan.timeout > longest {
        return wrong(
            "timeout",
            format!("{:?}", plan.timeout),
            "above 0 and at most a year",
        );
    }
    if let Some(deadline) = plan.deadline {
        if deadline.is_zero() || deadline > plan.timeout {
            let value = format!("{deadline:?}");
            return wrong("deadline", value, "above 0 and at most the timeout");
        }
        if !plan.arrivals.is_open() {
            let value = format!("{deadline:?}");
            return wrong(
                "deadline",
                value,
                "left out: in a closed loop nothing is due by the clock",
            );
        }
    }
    Ok(())
}

/// Runs all threads from one start, which is returned too; meanwhile this thread merges their intervals for the
/// display.
fn drive_all(
    job: &Job<'_>,
    plan: &Plan,
    watcher: &mut dyn Watcher,
) -> Result<(Record, Series, Instant), LoadError> {
    let affinity = AffinityGuard::pin(&plan.cores)?;
    let mut series = Series::new(plan.threads);
    let (opened, all_opened) = channel();
    let (sender, receiver) = channel();
    let start = OnceLock::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.threads)
            .map(|thread| {
                let (opened, start, sender) = (opened.clone(), &start, sender.clone());
                scope.spawn(move || drive_one(job, plan, thread, opened, start, &sender))
            })
            .collect();
        drop((opened, sender));
        // Ends when every thread has either opened its connections or dropped its sender in an error.
        let go = all_opened.iter().count() == plan.threads;
        // The start lies ahead by more than waking a thread takes, so that no thread begins late.
        let start_at = Instant::now() + Duration::from_millis(2);
        let ahead = start_at.saturating_duration_since(Instant::now());
        start.get_or_init(|| go.then(|| Clock::starting_in(ahead)));
        for update in receiver {
            series.take(update, watcher);
        }
        drop(affinity);
        let mut merged: Option<Record> = None;
        for thread in threads {
            let record = thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            match &mut merged {
                Some(merged) => merged.add(record),
                None => merged = Some(record),
            }
        }
        let merged = merged.expect("there is at least one thread");
        Ok((merged, series, start_at))
    })
}

/// A thread has its connections and waits for the start.
struct Opened;

/// One thread's load: its sockets are opened, used and closed on this thread. `start` is the start of all threads, or
/// `None` when one of them could not open what it needs.
fn drive_one(
    job: &Job<'_>,
    plan: &Plan,
    thread: usize,
    opened: Sender<Opened>,
    start: &OnceLock<Option<Clock>>,
    sender: &Sender<ThreadUpdate>,
) -> Result<Record, LoadError> {
    use_private_file_table();
    let mut worker = open(job, plan, thread)?;
    // The receivers outlive all threads; without a receiver the updates would serve no purpose.
    drop(opened.send(Opened));
    drop(opened);
    let Some(clock) = start.wait() else {
        return Ok(Record::new(job.mix.kinds().len()));
    };
    worker.start_at(*clock);
    let record = worker.drive(|interval| {
        let interval = Box::new(interval);
        drop(sender.send(ThreadUpdate::Interval { thread, interval }));
    });
    drop(sender.send(ThreadUpdate::Done { thread }));
    record
}

fn open<'a>(job: &'a Job<'a>, plan: &Plan, thread: usize) -> Result<Worker<'a>, LoadError> {
    if let Some(core) = plan.cores.get(thread % plan.cores.len().max(1)) {
        pin_thread(&[*core])?;
    }
    // By default the kernel may fire timers 50 µs late, to save power; that would be lag.
    set_current_timer_slack(NonZeroU64::new(1)).map_err(LoadError::system("setting the timers' slack"))?;
    let share = |total: u64| {
        let (all, more) = (total / plan.threads as u64, total % plan.threads as u64);
        all + u64::from((thread as u64) < more)
    };
    let pacer = Pacer::new(&plan.arrivals, plan.departures, plan.seed, thread, plan.threads)?;
    let quota = plan.max_requests.map_or(u64::MAX, share);
    let connections = share(plan.connections as u64) as usize;
    Worker::open(job, pacer, quota, connections, Clock::starting_in(Duration::ZERO))
}
