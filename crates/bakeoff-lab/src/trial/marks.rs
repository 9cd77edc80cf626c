//! Readings of a server's CPU time during a load, each beside the number of responses so far: what a request cost, and
//! how many were served a second. Pure: the load takes the readings.

use crate::process::cpu::CpuReading;
use std::time::Instant;

/// How late a tick may be handled, beside what all are, for its reading of CPU time to count.
const LATENESS_S: f64 = 0.02;

/// CPU time of the server at an instant, with the correct responses so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) cpu: CpuReading,
    /// CPU time of the database, in seconds; none where it is not the lab's own.
    pub(super) database_s: Option<f64>,
    pub(super) correct: u64,
    pub(super) at: Instant,
    /// The same instant by the generator's clock, at which the responses were counted, in seconds.
    pub(super) tick_s: f64,
}

/// The first and the last mark whose CPU time was read when its responses were counted: on a busy machine a tick is
/// handled late, and what it reads belongs to later responses too. The outermost ones where no two were in time, as in
/// a load of few ticks.
fn ends_in_time(marks: &[Mark]) -> Option<(&Mark, &Mark)> {
    let (begin, end) = (marks.first()?, marks.last()?);
    let late_s = |mark: &Mark| mark.at.duration_since(begin.at).as_secs_f64() - (mark.tick_s - begin.tick_s);
    let mut usual: Vec<f64> = marks.iter().map(late_s).collect();
    usual.sort_by(f64::total_cmp);
    let usual_s = usual[usual.len() / 2];
    let in_time = |mark: &&Mark| (late_s(mark) - usual_s).abs() <= LATENESS_S;
    let (first, last) = (marks.iter().find(in_time)?, marks.iter().rev().find(in_time)?);
    Some(if last.at > first.at {
        (first, last)
    } else {
        (begin, end)
    })
}

/// CPU time of the tree per correct response between the first and the last mark, in µs.
pub(super) fn cpu_us_per_request(marks: &[Mark]) -> Option<f64> {
    let (first, last) = ends_in_time(marks)?;
    let responses = last.correct.saturating_sub(first.correct);
    (responses > 0).then(|| last.cpu.since_s(&first.cpu) * 1e6 / responses as f64)
}

/// Correct responses a second between the first and the last mark.
pub(super) fn served_rps(marks: &[Mark]) -> Option<f64> {
    let (first, last) = ends_in_time(marks)?;
    let between_s = last.at.duration_since(first.at).as_secs_f64();
    let responses = last.correct.saturating_sub(first.correct);
    (between_s > 0.0).then(|| responses as f64 / between_s)
}

/// CPU time of the database per correct response between the first and the last mark, in µs.
pub(super) fn database_cpu_us_per_request(marks: &[Mark]) -> Option<f64> {
    let (first, last) = ends_in_time(marks)?;
    let responses = last.correct.saturating_sub(first.correct);
    let used_s = last.database_s? - first.database_s?;
    (responses > 0 && used_s > 0.0).then(|| used_s * 1e6 / responses as f64)
}

/// CPU time of the tree, extrapolated from the marks to `seconds`, because the marks do not span the whole load.
pub(super) fn server_cpu_s(marks: &[Mark], seconds: f64) -> f64 {
    let Some((first, last)) = ends_in_time(marks) else {
        return 0.0;
    };
    let between_s = last.at.duration_since(first.at).as_secs_f64();
    if between_s > 0.0 {
        last.cpu.since_s(&first.cpu) * seconds / between_s
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::{CpuReading, Mark, cpu_us_per_request, served_rps};
    use std::time::{Duration, Instant};

    /// Marks every quarter second of a server that takes 0.5 ms for each of 400 requests a second; each tick is handled
    /// so late.
    fn marks(late_s: &[f64]) -> Vec<Mark> {
        let began = Instant::now();
        let mark = |(number, late_s): (u32, &f64)| {
            let tick_s = f64::from(number) * 0.25;
            let at_s = tick_s + late_s;
            Mark {
                cpu: CpuReading {
                    processes_s: at_s * 400.0 * 0.5e-3,
                    cgroup_s: None,
                },
                database_s: None,
                correct: u64::from(number) * 100,
                at: began + Duration::from_secs_f64(at_s),
                tick_s,
            }
        };
        (0..).zip(late_s).map(mark).collect()
    }

    #[test]
    fn responses_count_in_the_time_in_which_they_came() {
        let served = served_rps(&marks(&[0.0; 9])).unwrap();
        assert!((served - 400.0).abs() < 1e-6, "{served}");
        assert_eq!(served_rps(&marks(&[0.0])), None);
    }

    #[test]
    fn a_tick_that_was_handled_late_is_no_end() {
        let cpu_us = |late_s: &[f64]| cpu_us_per_request(&marks(late_s)).unwrap();
        assert!((cpu_us(&[0.0; 9]) - 500.0).abs() < 1e-6);
        let late_at_an_end = [0.0, 0.001, 0.0, 0.0, 0.001, 0.0, 0.0, 0.0, 0.2];
        assert!((cpu_us(&late_at_an_end) - 500.0).abs() < 5.0);
        let late_at_the_begin = [0.24, 0.0, 0.001, 0.0, 0.0, 0.001, 0.0, 0.0, 0.0];
        assert!((cpu_us(&late_at_the_begin) - 500.0).abs() < 5.0);
        // Two ticks tell nothing of which one was late.
        assert!((cpu_us(&[0.0, 0.1]) - 700.0).abs() < 1e-6);
        assert_eq!(cpu_us_per_request(&[]), None);
    }
}
