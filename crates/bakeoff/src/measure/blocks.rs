//! Driver zero: runs the plan's blocks here, one trial after the other, and hands what each leaves to the collector. Deliberately knows neither store nor verdict; another
//! engine could run the same blocks elsewhere.

use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::measure::pace::{Pace, Taken};
use crate::measure::session::Session;
use crate::progress::Screen;
use bakeoff_core::evidence::{Caution, Gate, GateOutcome, GateResult, Next, Owner, StopReason, Trial};
use bakeoff_core::plan::{PlannedBlock, PlannedTrial, Probes, TrialShape, Turns, Until};
use bakeoff_lab::{Lab, LabError, Prepared, probe};
use std::time::Instant;

/// So many trials in a row that came to nothing through the lab's own fault end the run.
const LAB_FAULTS_IN_A_ROW: usize = 3;

/// The highest percentile that a brief's service level is about; a trial in which the machine stood still for so long that it cannot be told is disturbed.
const TOLD_QUANTILE: f64 = 0.99;

/// A trial is repeated only when so many times its length is to spare, since a disturbed machine is slow as well.
const REPEAT_RESERVE: f64 = 2.0;

/// How a block ended.
enum Ended {
    Whole,
    Early(StopReason),
}

/// What measuring needs.
struct Driver<'d> {
    lab: &'d Lab<'d>,
    prepared: &'d [Prepared],
    interrupt: &'d Interrupt,
    began: Instant,
    shape: TrialShape,
    screen: &'d Screen,
}

/// Runs the blocks of the session's plan that are not stored yet, within the budget.
///
/// # Errors
/// The store cannot be written.
pub(crate) fn measure_blocks(
    lab: &Lab<'_>,
    prepared: &[Prepared],
    session: &mut Session,
    screen: &Screen,
    interrupt: &Interrupt,
) -> Result<StopReason, Failure> {
    let plan = session.run().plan.clone();
    screen.measuring(&plan, session.run().trials.len(), session.measured_s());
    let takes_s = probe::turns().iter().map(|turn| turn.takes_s).collect();
    let mut pace = Pace::new(&plan, takes_s);
    for block in plan.blocks.iter().filter(|block| session.has_ended(block)) {
        pace.spend(session.taken(block));
    }
    let driver = Driver {
        lab,
        prepared,
        interrupt,
        began: Instant::now(),
        shape: plan.shape,
        screen,
    };
    let mut advised = Probes::Due;
    for block in &plan.blocks {
        if session.has_ended(block) {
            continue;
        }
        let (began, before) = (Instant::now(), session.taken(block));
        let trials = session.in_the_field() as u32;
        let Some(affordable) = pace.next(trials) else {
            return Ok(StopReason::BudgetSpent);
        };
        let turns = session.turns(block).unwrap_or(match advised {
            Probes::Due => affordable,
            Probes::LeftOut => Turns::NONE,
        });
        let spare_s = pace.spare_s(turns, trials);
        if let Ended::Early(reason) = driver.run_block(block, turns, spare_s, session)? {
            return Ok(reason);
        }
        pace.spend(Taken {
            block_s: before.block_s + began.elapsed().as_secs_f64(),
            ..session.taken(block)
        });
        if session.in_the_field() == 0 {
            return Ok(StopReason::Settled(
                "no contender is left in the field".to_owned(),
            ));
        }
        let advice = session.take_advice()?;
        let is_last = block.index as usize + 1 == plan.blocks.len();
        if plan.until == Until::Settled && !is_last {
            if advice.next == Next::Stop {
                return Ok(StopReason::Settled(advice.reason));
            }
            advised = advice.probes;
        }
    }
    Ok(StopReason::PlanDone)
}

impl Driver<'_> {
    fn run_block(
        &self,
        block: &PlannedBlock,
        turns: Turns,
        mut spare_s: f64,
        session: &mut Session,
    ) -> Result<Ended, Failure> {
        let shape = if turns == Turns::NONE {
            self.shape.load_only()
        } else {
            self.shape.with(turns)
        };
        for planned in &block.trials {
            if self.interrupt.asked() {
                return Ok(Ended::Early(StopReason::Interrupted));
            }
            let Some(ready) = self
                .prepared
                .iter()
                .find(|ready| ready.contender.name == planned.entrant.name())
            else {
                continue;
            };
            if session.has(planned) || !session.gets_a_turn(&planned.entrant) {
                continue;
            }
            match self.run_trial(ready, planned, &shape, &mut spare_s, session) {
                Ok(trial) => {
                    session.add(trial)?;
                    self.screen.stored();
                }
                Err(LabError::Interrupted) => return Ok(Ended::Early(StopReason::Interrupted)),
                Err(other) => return Ok(Ended::Early(StopReason::LabFailed(other.to_string()))),
            }
            if let Some(reason) = lab_keeps_failing(&session.run().trials) {
                return Ok(Ended::Early(StopReason::LabFailed(reason)));
            }
        }
        Ok(Ended::Whole)
    }

    /// One trial; a disturbed one is repeated once when there is time to spare, and the second is the one that counts.
    fn run_trial(
        &self,
        ready: &Prepared,
        planned: &PlannedTrial,
        shape: &TrialShape,
        spare_s: &mut f64,
        session: &Session,
    ) -> Result<Trial, LabError> {
        let at_s = || session.measured_s().max(self.began.elapsed().as_secs_f64());
        let trial = self.lab.trial(ready, planned, shape, at_s())?;
        let Some(reason) = disturbance(&trial).filter(|_| *spare_s >= trial.seconds * REPEAT_RESERVE) else {
            return Ok(trial);
        };
        *spare_s -= trial.seconds;
        self.screen.once_more();
        let reached = format!("measured a second time, because the first was disturbed: {reason}");
        let mut again = self.lab.trial(ready, planned, shape, at_s())?;
        again.cautions.push(Caution::Partial { reached });
        Ok(again)
    }
}

/// What the machine, the generator or the lab's own services, and not the contender, did to a trial.
fn disturbance(trial: &Trial) -> Option<String> {
    let missed = |gate: &&GateResult| {
        gate.outcome == GateOutcome::Failed && matches!(gate.gate, Gate::Quiet | Gate::Generator)
    };
    // What another program of the machine did is the user's to mend, and may not happen twice.
    let not_its_own = trial.faults.iter().find(|fault| fault.owner != Owner::Contender);
    let fault = not_its_own.map(|fault| format!("{}: {}", fault.at, fault.message));
    // Where a percentile is the machine's, the sixth gate tells why.
    let hidden = |gate: &&GateResult| {
        gate.gate == Gate::Quiet && trial.environment.quantile_is_unreliable(TOLD_QUANTILE)
    };
    let gate = trial.gates.iter().find(|gate| missed(gate) || hidden(gate));
    fault.or_else(|| gate.map(|gate| format!("{}: {}", gate.gate, gate.measured)))
}

/// The reason of the last of several trials in a row that the lab itself spoilt.
fn lab_keeps_failing(trials: &[Trial]) -> Option<String> {
    let fault_of = |trial: &Trial| {
        let fault = trial.faults.iter().find(|fault| fault.owner == Owner::Lab)?;
        trial.load.is_none().then(|| fault.message.clone())
    };
    let spoilt: Vec<String> = trials
        .iter()
        .rev()
        .map_while(fault_of)
        .take(LAB_FAULTS_IN_A_ROW)
        .collect();
    (spoilt.len() == LAB_FAULTS_IN_A_ROW).then(|| spoilt[0].clone())
}

#[cfg(test)]
mod tests {
    use super::disturbance;
    use bakeoff_core::entrant::Entrant;
    use bakeoff_core::evidence::{Fault, Gate, GateOutcome, GateResult, Owner, Stage, Trial};

    fn trial(fault: Option<Owner>, missed: Option<Gate>) -> Trial {
        let fault = fault.map(|owner| Fault::new(owner, Stage::Database, "ended during the trial"));
        let gate = missed.map(|gate| GateResult {
            gate,
            outcome: GateOutcome::Failed,
            measured: "40 % stolen".to_owned(),
            limit: "below 25 %".to_owned(),
        });
        Trial {
            gates: gate.into_iter().collect(),
            faults: fault.into_iter().collect(),
            ..Trial::new(0, Entrant::contender("a"))
        }
    }

    #[test]
    fn what_the_lab_or_the_machine_spoilt_is_repeated_and_what_the_contender_did_is_not() {
        let spoilt = |fault, missed| disturbance(&trial(fault, missed));
        assert_eq!(
            spoilt(Some(Owner::Lab), None).as_deref(),
            Some("database: ended during the trial")
        );
        assert_eq!(
            spoilt(None, Some(Gate::Quiet)).as_deref(),
            Some("machine quiet: 40 % stolen")
        );
        assert_eq!(
            spoilt(Some(Owner::User), None).as_deref(),
            Some("database: ended during the trial")
        );
        assert_eq!(spoilt(Some(Owner::Contender), None), None);
        assert_eq!(spoilt(None, Some(Gate::RateHeld)), None);
        assert_eq!(spoilt(None, None), None);
        let mut hidden = trial(None, None);
        hidden.gates.push(GateResult {
            gate: Gate::Quiet,
            outcome: GateOutcome::Weak,
            measured: "the machine stood still for 1.8 % of the time, once for 45 ms".to_owned(),
            limit: String::new(),
        });
        for (share, spoilt) in [(0.018, true), (0.004, false)] {
            hidden.environment.stalled_share = Some(share);
            assert_eq!(disturbance(&hidden).is_some(), spoilt, "{share}");
        }
    }
}
