//! Who used the processor while others should have been measured alone: the CPU time of the launches at rest over a
//! trial or a launch of another. It reads counters before and after, and pauses nobody.

use super::resident::Resident;
use crate::process::Snapshot;
use crate::process::cpu::CpuReading;
use bakeoff_core::evidence::{Gate, GateOutcome, GateResult, WakeUp};
use std::collections::BTreeMap;
use std::time::Instant;

/// The counters of the launches at rest at one instant.
pub(super) struct RestingCounters {
    at: Instant,
    used: BTreeMap<u32, CpuReading>,
}

/// What the launches at rest did meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resting {
    /// The CPU time a second that each used, in processors.
    cores: BTreeMap<u32, f64>,
}

impl RestingCounters {
    /// Reads them with one walk over `/proc`, for all launches but the one whose turn it is.
    pub(super) fn read(residents: &BTreeMap<u32, Resident<'_>>, awake: u32) -> RestingCounters {
        let others = || residents.iter().filter(move |(id, _)| **id != awake);
        let snapshot = others().next().is_some().then(Snapshot::read);
        let used = snapshot
            .iter()
            .flat_map(|snapshot| others().map(move |(id, resident)| (*id, resident.cpu_at(snapshot))));
        RestingCounters {
            at: Instant::now(),
            used: used.collect(),
        }
    }

    /// What was used since then by those that still live.
    pub(super) fn until_now(&self, residents: &BTreeMap<u32, Resident<'_>>, awake: u32) -> Resting {
        let now = RestingCounters::read(residents, awake);
        let seconds = now.at.duration_since(self.at).as_secs_f64().max(1e-9);
        let cores = now.used.iter().filter_map(|(id, used)| {
            let before = self.used.get(id)?;
            Some((*id, used.since_s(before).max(0.0) / seconds))
        });
        Resting {
            cores: cores.collect(),
        }
    }
}

impl Resting {
    /// The CPU time a second of all together, in processors; none when no other launch lived.
    pub(super) fn all_cores(&self) -> Option<f64> {
        (!self.cores.is_empty()).then(|| self.cores.values().sum())
    }

    /// The launches that worked so much that they disturbed others.
    pub(super) fn disturbers(&self) -> Vec<u32> {
        let loud = self
            .cores
            .iter()
            .filter(|(_, cores)| **cores >= WakeUp::DISTURBS_FROM_CORES);
        loud.map(|(id, _)| *id).collect()
    }

    /// The failed check of what they disturbed; none when all rested.
    pub(super) fn failed_check(&self, name: impl Fn(u32) -> String) -> Option<GateResult> {
        let (id, cores) = self.cores.iter().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (*cores >= WakeUp::DISTURBS_FROM_CORES).then(|| GateResult {
            gate: Gate::Quiet,
            outcome: GateOutcome::Failed,
            measured: format!(
                "the server of {}, which should have rested, used {:.0} % of a processor",
                name(*id),
                cores * 100.0
            ),
            limit: format!("below {:.0} %", WakeUp::DISTURBS_FROM_CORES * 100.0),
        })
    }
}

/// Puts a failed check in the place of the one of its gate.
pub(super) fn replace(gates: &mut Vec<GateResult>, failed: GateResult) {
    match gates.iter_mut().find(|result| result.gate == failed.gate) {
        Some(result) => *result = failed,
        None => gates.push(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::{Resting, replace};
    use bakeoff_core::evidence::{Gate, GateOutcome, GateResult};
    use std::collections::BTreeMap;

    #[test]
    fn who_works_at_rest_is_named_and_who_rests_is_not() {
        let resting = Resting {
            cores: BTreeMap::from([(1, 0.001), (2, 0.97), (3, 0.019)]),
        };
        assert_eq!(resting.disturbers(), [2]);
        let failed = resting.failed_check(|id| format!("contender {id}")).unwrap();
        assert!(
            failed.measured.contains("contender 2") && failed.measured.contains("97 %"),
            "{failed:?}"
        );
        let quiet = Resting {
            cores: BTreeMap::from([(1, 0.004)]),
        };
        assert_eq!(quiet.failed_check(|id| id.to_string()), None);
        assert_eq!(quiet.all_cores(), Some(0.004));
        let alone = Resting {
            cores: BTreeMap::new(),
        };
        assert_eq!(
            (alone.all_cores(), alone.failed_check(|id| id.to_string())),
            (None, None)
        );
        let mut gates = vec![GateResult {
            gate: Gate::Quiet,
            outcome: GateOutcome::Passed,
            measured: String::new(),
            limit: String::new(),
        }];
        replace(&mut gates, failed.clone());
        assert_eq!(gates, [failed]);
    }
}
