//! The threads of a process by name, with their CPU time. For shares only: a thread that ends takes its time with it,
//! so a sum over threads is no CPU time of a process.

use super::machine::TICKS_PER_S;
use std::fs;

/// The threads whose names begin with one of `names`, each with its CPU time so far in seconds.
pub(crate) fn cpu_s_by_thread(pid: i32, names: &[&str]) -> Vec<(i32, f64)> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let of_thread = |thread: fs::DirEntry| {
        let number = thread.file_name().to_str()?.parse().ok()?;
        let name = fs::read_to_string(thread.path().join("comm")).ok()?;
        let named = names.iter().any(|start| name.starts_with(start));
        let stat = named.then(|| fs::read_to_string(thread.path().join("stat")).ok())??;
        Some((number, cpu_s(&stat)?))
    };
    threads.filter_map(of_thread).collect()
}

/// User and system time in a `stat` file of a thread, in seconds.
fn cpu_s(stat: &str) -> Option<f64> {
    // The name stands in parentheses and may hold blanks, so fields are counted from the last parenthesis: the state is
    // field 3, the times are fields 14 and 15.
    let fields: Vec<&str> = stat.get(stat.rfind(')')? + 2..)?.split(' ').collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(14)? + ticks(15)?) / TICKS_PER_S)
}

#[cfg(test)]
mod tests {
    use super::{cpu_s, cpu_s_by_thread};
    use std::thread;

    #[test]
    fn both_times_count_and_a_name_with_blanks_shifts_no_field() {
        let text = "42 (C2 CompilerThre) S 7 40 40 0 -1 4194560 0 0 0 0 150 25 0 0 20 0 9 0 987\n";
        assert_eq!(cpu_s(text), Some(1.75));
        assert_eq!(cpu_s("42 (x"), None);
    }

    #[test]
    fn only_threads_of_that_name_are_found() {
        let own = std::process::id() as i32;
        let named = thread::Builder::new().name("C2 CompilerThread0".to_owned());
        let found = named.spawn(move || cpu_s_by_thread(own, &["C2 CompilerThre"]).len());
        assert_eq!(found.unwrap().join().unwrap(), 1);
        assert_eq!(cpu_s_by_thread(own, &["no such thread"]), []);
        assert_eq!(cpu_s_by_thread(own, &[]), []);
    }
}
