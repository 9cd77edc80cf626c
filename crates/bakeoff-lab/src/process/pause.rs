//! Pauses a process tree with signals, where no cgroup can freeze it. A parent stops before its children and goes on
//! after them, so that it never sees one of them silent. It does not choose who is paused.

use super::supervised::Supervised;
use crate::procfs::Stat;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::thread;
use std::time::{Duration, Instant};

/// How long a tree may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(1);

/// The polling interval of a tree that stops.
const POLL: Duration = Duration::from_millis(1);

/// The head start of children before their parent goes on, long enough for a worker to show its parent that it lives.
const HEAD_START: Duration = Duration::from_millis(100);

/// Stops every process of the tree, those included that it starts meanwhile; whether all of them stand still.
pub(crate) fn stop_all(process: &Supervised) -> bool {
    let until = Instant::now() + STOP_LIMIT;
    loop {
        let mut running = false;
        for stat in by_generation(&process.members()).into_iter().flatten() {
            if !stat.is_stopped() {
                running = true;
                stop(&stat);
            }
        }
        if !running || Instant::now() >= until {
            return !running;
        }
        thread::sleep(POLL);
    }
}

/// Stops the processes that have children, so that they go on after these when all are thawed at once.
pub(crate) fn stop_parents(process: &Supervised) {
    let members = process.members();
    let has_children = |stat: &&Stat| members.iter().any(|other| other.parent == stat.pid);
    members.iter().filter(has_children).for_each(stop);
}

/// Lets every process of the tree go on, the youngest generation first.
pub(crate) fn continue_all(process: &Supervised) {
    let generations = by_generation(&process.members());
    for (at, generation) in generations.iter().enumerate().rev() {
        for stat in generation {
            send(stat, Signal::SIGCONT);
        }
        if at > 0 {
            thread::sleep(HEAD_START);
        }
    }
}

/// Stops one process.
pub(crate) fn stop(stat: &Stat) {
    send(stat, Signal::SIGSTOP);
}

fn send(stat: &Stat, signal: Signal) {
    // Best effort: it may have ended meanwhile.
    let _ = kill(Pid::from_raw(stat.pid), signal);
}

/// The living members, those without a parent among them first, then their children, and so on.
fn by_generation(members: &[Stat]) -> Vec<Vec<Stat>> {
    let alive: Vec<Stat> = members.iter().filter(|stat| !stat.is_zombie()).copied().collect();
    let is_child_of = |stat: &Stat, parents: &[Stat]| parents.iter().any(|parent| parent.pid == stat.parent);
    let (mut left, first): (Vec<Stat>, Vec<Stat>) =
        alive.iter().copied().partition(|stat| is_child_of(stat, &alive));
    let mut generations = vec![first];
    while let Some(parents) = generations.last().filter(|parents| !parents.is_empty()) {
        let (next, rest): (Vec<Stat>, Vec<Stat>) =
            left.into_iter().partition(|stat| is_child_of(stat, parents));
        left = rest;
        generations.push(next);
    }
    generations.pop();
    generations
}

#[cfg(test)]
mod tests {
    use super::{by_generation, continue_all, stop_all};
    use crate::process::Program;
    use crate::process::lab_instance::LabInstance;
    use crate::procfs::Stat;
    use std::thread;
    use std::time::{Duration, Instant};

    fn stat(pid: i32, parent: i32, state: u8) -> Stat {
        Stat {
            pid,
            parent,
            group: 1,
            state,
            children_ticks: 0,
            start_ticks: 0,
        }
    }

    #[test]
    fn parents_come_before_their_children_in_any_order_of_the_list() {
        let members = [
            stat(9, 7, b'S'),
            stat(7, 5, b'S'),
            stat(5, 1, b'S'),
            stat(6, 5, b'S'),
            stat(8, 5, b'Z'),
        ];
        let numbers: Vec<Vec<i32>> = by_generation(&members)
            .iter()
            .map(|generation| generation.iter().map(|stat| stat.pid).collect())
            .collect();
        assert_eq!(numbers, [vec![5], vec![7, 6], vec![9]]);
        assert_eq!(by_generation(&[]), Vec::<Vec<Stat>>::new());
    }

    #[test]
    fn a_stopped_tree_uses_no_processor_and_goes_on_afterwards() {
        let process = Program::new("/bin/sh", "/")
            .arguments(["-c", "while :; do :; done & while :; do :; done"])
            .start(LabInstance::this())
            .unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while process.members().len() < 2 && Instant::now() < until {
            thread::yield_now();
        }
        assert!(stop_all(&process));
        let stopped_s = process.cpu_s();
        thread::sleep(Duration::from_millis(50));
        assert_eq!(process.cpu_s(), stopped_s);
        continue_all(&process);
        while process.cpu_s() <= stopped_s && Instant::now() < until {
            thread::yield_now();
        }
        assert!(process.cpu_s() > stopped_s);
    }
}
