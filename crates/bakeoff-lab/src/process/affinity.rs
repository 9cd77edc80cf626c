//! Moves running processes to other processors, thread by thread, as far as they stand where the lab put them: a thread
//! that chose its own processors keeps them. It starts nothing.

use crate::procfs::Stat;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use std::fs;

/// How often threads are looked for: one that starts while others are moved inherits the old processors.
const ROUNDS: usize = 5;

/// Moves every thread of `members` that is bound to exactly `from` to `to`. Best effort, as all affinity is: a sandbox
/// may refuse.
pub(crate) fn move_threads(members: &[Stat], from: &[usize], to: &[usize]) {
    let (Some(from), Some(to)) = (set_of(from), set_of(to)) else {
        return;
    };
    for _ in 0..ROUNDS {
        let mut moved = false;
        for thread in members.iter().flat_map(|member| threads_of(member.pid)) {
            let is_there = sched_getaffinity(thread).is_ok_and(|now| now == from);
            moved |= is_there && sched_setaffinity(thread, &to).is_ok();
        }
        if !moved {
            return;
        }
    }
}

fn set_of(cores: &[usize]) -> Option<CpuSet> {
    let mut set = CpuSet::new();
    for &core in cores {
        set.set(core).ok()?;
    }
    (!cores.is_empty()).then_some(set)
}

fn threads_of(pid: i32) -> Vec<Pid> {
    let entries = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    entries.filter_map(number).map(Pid::from_raw).collect()
}

#[cfg(test)]
mod tests {
    use super::{move_threads, set_of, threads_of};
    use crate::cores::{available, pin_this_thread};
    use crate::procfs;
    use nix::sched::sched_getaffinity;
    use nix::unistd::{Pid, gettid};

    #[test]
    fn threads_move_together_and_one_that_chose_its_own_processors_stays() {
        let all = available();
        let [first, second, ..] = all[..] else { return };
        let this = procfs::stat(std::process::id() as i32).unwrap();
        assert!(threads_of(this.pid).contains(&gettid()));
        let affinity_after = |bound_to: usize, from: usize, to: usize| {
            let thread = std::thread::spawn(move || {
                pin_this_thread(&[bound_to]);
                move_threads(&[this], &[from], &[to]);
                sched_getaffinity(Pid::from_raw(0)).unwrap()
            });
            thread.join().unwrap()
        };
        assert_eq!(Some(affinity_after(first, first, second)), set_of(&[second]));
        assert_eq!(Some(affinity_after(first, second, first)), set_of(&[first]));
    }
}
