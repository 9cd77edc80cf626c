//! A load from plan to report: compiles, opens the connections, starts the threads, and reads off what they recorded.

use crate::clock::{Clock, nanos};
use crate::cores::{Stay, move_to};
use crate::error::LoadError;
use crate::files::own_table;
use crate::interval::{Message, Series, Window};
use crate::limits::allow_open_files;
use crate::mix::Mix;
use crate::pacer::Pacer;
use crate::plan::{Arrivals, Plan};
use crate::recorder::Record;
use crate::report::{LoadReport, Tick};
use crate::request::RequestSpec;
use crate::stream::Dialer;
use crate::summary::summarize;
use crate::target::Target;
use crate::worker::{Job, Worker};
use rustix::thread::set_current_timer_slack;
use std::num::NonZeroU64;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Drives the mix at the target as planned, and reports what came back.
///
/// `watch` hears about four times a second what happens; setting `stop` ends the load within a fiftieth of a second,
/// and the report is of what was measured until then.
///
/// # Errors
/// The plan or the mix cannot be driven, or the operating system refuses what the generator itself needs. A server that
/// fails is no error but a finding: every request that failed is in the report.
pub fn run(
    target: &Target,
    mix: &[RequestSpec],
    plan: &Plan,
    watch: &mut dyn FnMut(&Tick),
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
        stop,
        keep: plan.keep,
    };
    let (record, series, start) = drive_all(&job, plan, watch)?;
    Ok(summarize(&mix, plan, window, record, series.finish(), start))
}

fn check(plan: &Plan) -> Result<(), LoadError> {
    let wrong = |what, value: String, must| Err(LoadError::Plan { what, value, must });
    let longest = Duration::from_secs(366 * 24 * 3600);
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
    Ok(())
}

/// Runs all threads from one start, which is returned as well, while this one merges and shows their intervals.
fn drive_all(
    job: &Job<'_>,
    plan: &Plan,
    watch: &mut dyn FnMut(&Tick),
) -> Result<(Record, Series, Instant), LoadError> {
    let stay = Stay::on(&plan.cores)?;
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
        let go = all_opened.iter().count() == plan.threads;
        let start_at = Instant::now() + Duration::from_millis(2);
        let ahead = start_at.saturating_duration_since(Instant::now());
        start.get_or_init(|| go.then(|| Clock::starting_in(ahead)));
        for message in receiver {
            series.take(message, watch);
        }
        drop(stay);
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

/// A thread that has its connections and waits for the start.
struct Opened;

/// One thread's load: its sockets are opened, used and closed here. `start` is the start of all, or `None` when one of them
/// could not open what it needs.
fn drive_one(
    job: &Job<'_>,
    plan: &Plan,
    thread: usize,
    opened: Sender<Opened>,
    start: &OnceLock<Option<Clock>>,
    sender: &Sender<Message>,
) -> Result<Record, LoadError> {
    own_table();
    let mut worker = open(job, plan, thread)?;
    // The receivers outlive all threads; if they did not, nobody would want to hear.
    drop(opened.send(Opened));
    drop(opened);
    let Some(clock) = start.wait() else {
        return Ok(Record::new(job.mix.kinds().len()));
    };
    worker.start_at(*clock);
    let record = worker.drive(|interval| {
        let interval = Box::new(interval);
        drop(sender.send(Message::Interval { thread, interval }));
    });
    drop(sender.send(Message::Done { thread }));
    record
}

fn open<'a>(job: &'a Job<'a>, plan: &Plan, thread: usize) -> Result<Worker<'a>, LoadError> {
    if let Some(core) = plan.cores.get(thread % plan.cores.len().max(1)) {
        move_to(&[*core])?;
    }
    // Timers are allowed to be 50 µs late by default, to save power.
    set_current_timer_slack(NonZeroU64::new(1)).map_err(LoadError::system("setting the timers' slack"))?;
    let share = |total: u64| {
        let (all, more) = (total / plan.threads as u64, total % plan.threads as u64);
        all + u64::from((thread as u64) < more)
    };
    let pacer = Pacer::new(&plan.arrivals, plan.seed, thread, plan.threads)?;
    let quota = plan.max_requests.map_or(u64::MAX, share);
    let connections = share(plan.connections as u64) as usize;
    Worker::open(job, pacer, quota, connections, Clock::starting_in(Duration::ZERO))
}

impl Arrivals {
    /// Whether requests leave at instants fixed in advance, whatever the answers do.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Closed)
    }
}
