//! What an emulated instance showed, as findings: from how a start ended, its log, the kernel's limits and the load.

use super::instance::{Held, Instance};
use bakeoff_core::evidence::Unfit;
use bakeoff_core::serverless::target::Target;
use bakeoff_load::LoadReport;

/// What programs print when they cannot write: Node.js, Python and the C library, Java.
const CANNOT_WRITE: [&str; 3] = ["EROFS", "ead-only file system", "ReadOnlyFileSystemException"];

/// Lines of a log that are searched.
const LINES: usize = 60;

/// The longest line of a log that a finding quotes, in characters.
const LONGEST: usize = 160;

/// What this machine could not emulate, each with its reason.
pub(super) fn not_emulated(held: &Held) -> Vec<String> {
    let mut lacks = Vec::new();
    if !held.processors {
        lacks.push(
            "the share of a processor, since no cgroup with the controller `cpu` can be made here, so starts were not \
             timed"
                .to_owned(),
        );
    }
    if !held.memory {
        lacks.push(
            "the limit of memory, since no cgroup with the controller `memory` can be made here; its memory was read"
                .to_owned(),
        );
    }
    if let Some(reason) = &held.writable {
        lacks.push(format!("a file system that cannot be written: {reason}"));
    }
    lacks
}

/// It ended before its first right answer.
pub(super) fn of_an_exit(instance: &Instance, on: &Target, status: &str) -> Unfit {
    if let Some(unfit) = out_of_memory(instance, on).or_else(|| cannot_write(instance)) {
        return unfit;
    }
    let last = last_line(instance);
    Unfit::DoesNotStart {
        reason: format!("it ended before its first right answer ({status}){last}"),
    }
}

/// It runs, and nothing answers rightly on its port.
pub(super) fn of_silence(instance: &Instance) -> Unfit {
    let address = instance.target.address;
    if std::net::TcpStream::connect(address).is_err() {
        return Unfit::IgnoresPort { port: address.port() };
    }
    cannot_write(instance).unwrap_or_else(|| Unfit::DoesNotStart {
        reason: format!("no right answer in time{}", last_line(instance)),
    })
}

/// What the load showed: failures because nothing can be written, and memory over the class.
pub(super) fn of_requests(
    instance: &Instance,
    on: &Target,
    used_mb: f64,
    report: Option<&LoadReport>,
) -> Vec<Unfit> {
    let fails = report.is_some_and(|report| report.correct < report.planned);
    let read = (used_mb > on.memory_mb).then_some(Unfit::MemoryOverClass {
        needs_mb: Some(used_mb),
        has_mb: on.memory_mb,
    });
    let memory = out_of_memory(instance, on).or(read);
    let writes = cannot_write(instance).filter(|_| fails);
    memory.into_iter().chain(writes).collect()
}

/// The kernel ended processes of it at its limit of memory.
fn out_of_memory(instance: &Instance, on: &Target) -> Option<Unfit> {
    (instance.tree.cgroup.limit_events().killed > 0).then_some(Unfit::MemoryOverClass {
        needs_mb: None,
        has_mb: on.memory_mb,
    })
}

/// Its log says that it could not write.
fn cannot_write(instance: &Instance) -> Option<Unfit> {
    // Where everything can be written such a line is about something else.
    if instance.held.writable.is_some() {
        return None;
    }
    let lines = instance.tree.process.log().last_lines(LINES);
    let line = lines
        .iter()
        .find(|line| CANNOT_WRITE.iter().any(|words| line.contains(words)))?;
    Some(Unfit::WritesOutside {
        seen: format!("`{}`", shortened(line)),
    })
}

fn last_line(instance: &Instance) -> String {
    let lines = instance.tree.process.log().last_lines(LINES);
    let last = lines.iter().rfind(|line| !line.trim().is_empty());
    last.map(|line| format!(": `{}`", shortened(line)))
        .unwrap_or_default()
}

fn shortened(line: &str) -> String {
    let line = line.trim();
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}
