//! The threads that a server of threads needs for a brief's mix, by Little's law [J. D. C. Little, Operations Research
//! 9(3), 1961]: requests in the system = arrivals × time in it. Event loops do not use it.

use crate::brief::Brief;
use crate::scenario::Scenario;
use std::collections::BTreeMap;

/// The least threads of a process: what guides recommend for one core where requests hardly wait.
pub const LEAST: u32 = 8;

/// The most threads of a process that the lab asks for.
const MOST: u32 = 256;

/// The room beside what waits on average: arrivals are not even, and a full pool makes everybody wait.
const ROOM: f64 = 2.0;

/// Threads of each of the brief's processes: twice the requests that wait at the peak on average, at least [`LEAST`].
/// What a request waits for by its scenario's own definition is counted; what the processor takes is not, since more
/// threads do not make a processor faster.
#[must_use]
pub fn of_each_process(brief: &Brief, scenarios: &BTreeMap<String, Scenario>) -> u32 {
    let shares: f64 = brief.traffic.iter().map(|part| part.share).sum();
    let waits_ms: f64 = brief
        .traffic
        .iter()
        .filter_map(|part| Some(part.share * scenarios.get(&part.scenario)?.waits_ms))
        .sum();
    if shares <= 0.0 {
        return LEAST;
    }
    let waiting = brief.load.peak_rps * waits_ms / shares / 1e3;
    let of_each = ROOM * waiting / f64::from(brief.load.cores.max(1));
    (of_each.ceil() as u32).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::{LEAST, of_each_process};
    use crate::brief::Brief;
    use crate::fixture::brief;
    use crate::scenario::{Scenario, parse};
    use std::collections::BTreeMap;

    fn scenarios() -> BTreeMap<String, Scenario> {
        let scenario = |id: &str, waits: &str| {
            let text = format!(
                "id = \"{id}\"\ntitle = \"t\"\nsummary = \"s\"\nstatements = 0\n{waits}\
                 [request]\nmethod = \"GET\"\npath = \"/\"\n[answer]\nstatus = 200\n"
            );
            (id.to_owned(), parse(&text, "s.toml").unwrap())
        };
        BTreeMap::from([scenario("wait", "waits_ms = 100\n"), scenario("json", "")])
    }

    fn with(peak_rps: f64, cores: u32, parts: &[(&str, f64)]) -> Brief {
        let mut brief = brief();
        brief.load.peak_rps = peak_rps;
        brief.load.cores = cores;
        let part = brief.traffic[0].clone();
        brief.traffic = parts
            .iter()
            .map(|(scenario, share)| {
                let mut part = part.clone();
                part.scenario = (*scenario).to_owned();
                part.share = *share;
                part
            })
            .collect();
        brief
    }

    #[test]
    fn threads_follow_what_waits_and_not_what_computes() {
        let threads =
            |peak, cores, parts: &[(&str, f64)]| of_each_process(&with(peak, cores, parts), &scenarios());
        assert_eq!(threads(300.0, 1, &[("json", 1.0)]), LEAST);
        // A fifth of 300/s waits for 0.1 s: 6 at a time.
        assert_eq!(threads(300.0, 1, &[("wait", 20.0), ("json", 80.0)]), 12);
        assert_eq!(threads(300.0, 2, &[("wait", 100.0)]), 30);
        assert_eq!(threads(1e6, 1, &[("wait", 1.0)]), 256);
    }
}
