//! Launches for fixtures: the evidence of a run whose launches live through many blocks, and what can go wrong in them.

use super::fixture::Fixture;
use super::lottery::Dice;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::estimate::OfLaunch;
use bakeoff_core::evidence::{
    EndReason, Fault, Gate, GateOutcome, GateResult, Launch, LaunchEnd, Owner, SettledLevel, Stage, Trial,
    WakeUp, WarmClass, WarmPhase, WarmUp, WarmWindow,
};
use bakeoff_core::metric::metric;

/// How many launches each entrant has.
const LAUNCHES: u32 = 3;

/// CPU time a request where a trial observed none, in µs.
const TYPICAL_US: f64 = 500.0;

impl Fixture {
    /// The same run with three launches of each entrant, which share the blocks.
    pub(crate) fn with_launches(mut self) -> Fixture {
        let mut dice = Dice::new(11);
        let blocks = self.run.trials.iter().map(|trial| trial.block + 1).max();
        let of_a_launch = blocks.unwrap_or(0).div_ceil(LAUNCHES).max(1);
        for round in 0..LAUNCHES {
            for entrant in self.run.plan.entrants() {
                self.launch(round, of_a_launch, &entrant, &mut dice);
            }
        }
        self.share_the_blocks(of_a_launch);
        self
    }

    /// Gives the trials of an entrant in a round to a launch.
    fn launch(&mut self, round: u32, of_a_launch: u32, entrant: &Entrant, dice: &mut Dice) {
        let id = self.run.launches.len() as u32;
        let is_own = |trial: &&mut Trial| trial.entrant == *entrant && trial.block / of_a_launch == round;
        let mut own: Vec<&mut Trial> = self.run.trials.iter_mut().filter(is_own).collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return;
        };
        let (first_s, last_s) = (first.at_s, last.at_s + last.seconds);
        let level_us = cpu_us(first);
        for trial in &mut own {
            trial.launch = Some(id);
            trial.warm_up = None;
            trial.wake_up = Some(wake_up(level_us));
        }
        let mut launch = Launch::new(id, round, entrant.clone());
        launch.at_s = (first_s - 3.0).max(0.0);
        launch.seconds = 3.0;
        launch.warm_up = Some(warm_up(level_us, dice));
        launch.gates = vec![
            gate(Gate::Contract, "all cases"),
            gate(Gate::SteadyState, "settled"),
        ];
        launch.end = Some(LaunchEnd {
            seconds: 1.5,
            ..LaunchEnd::new(EndReason::Retired, last_s)
        });
        self.run.launches.push(launch);
    }

    /// Says of each estimate which launches its blocks belong to. A probe has its turn once a launch.
    fn share_the_blocks(&mut self, of_a_launch: u32) {
        for estimate in &mut self.judgement.metrics {
            if !metric(&estimate.metric).is_some_and(|metric| metric.exposure.at_rate()) {
                estimate
                    .by_block
                    .retain(|(block, _)| block.is_multiple_of(of_a_launch));
            }
            for &(block, value) in &estimate.by_block {
                let round = block / of_a_launch;
                let mut launches = self.run.launches.iter();
                let own = launches
                    .find(|launch| launch.round == round && launch.entrant.is_contender(&estimate.contender));
                let Some(launch) = own.map(|launch| launch.id) else {
                    continue;
                };
                match estimate.by_launch.iter_mut().find(|of| of.launch == launch) {
                    Some(of) => of.blocks.push((block, value)),
                    None => estimate.by_launch.push(OfLaunch {
                        launch,
                        blocks: vec![(block, value)],
                    }),
                }
            }
            estimate.launches = estimate.by_launch.len() as u32;
        }
    }

    /// A launch of a contender that had not settled when the time for it ended.
    pub(crate) fn leave_cold(&mut self, name: &str, round: u32) {
        for launch in self.launches_of(name).filter(|launch| launch.round == round) {
            if let Some(warm_up) = &mut launch.warm_up {
                warm_up.class = WarmClass::NoSteadyState;
                warm_up.level = None;
                warm_up.requests = None;
            }
            launch.gates.retain(|result| result.gate != Gate::SteadyState);
            launch.gates.push(GateResult {
                gate: Gate::SteadyState,
                outcome: GateOutcome::Failed,
                measured: "changed by 18 % at the pause".to_owned(),
                limit: "one level before and after it".to_owned(),
            });
        }
    }

    /// A trial in which a contender did not come back to its level after its rest.
    pub(crate) fn leave_resting(&mut self, name: &str, block: u32) {
        let trials = self.run.trials.iter_mut();
        let own = trials.filter(|trial| trial.entrant.is_contender(name) && trial.block == block);
        for wake_up in own.filter_map(|trial| trial.wake_up.as_mut()) {
            wake_up.returned = false;
        }
    }

    /// A contender that racing gives no launch from that round on.
    pub(crate) fn drop_from(&mut self, name: &str, round: u32) {
        self.drop_launches(name, round);
        if let Some(advice) = self.run.advice.first_mut() {
            advice.dropped.push(name.to_owned());
        }
        self.judgement.verdict.dropped.push(name.to_owned());
    }

    /// Takes the launches of a contender from that round on away, with their trials.
    pub(crate) fn drop_launches(&mut self, name: &str, round: u32) {
        let launches = self.run.launches.iter();
        let later: Vec<u32> = launches
            .filter(|launch| launch.round >= round && launch.entrant.is_contender(name))
            .map(|launch| launch.id)
            .collect();
        self.run.launches.retain(|launch| !later.contains(&launch.id));
        self.run
            .trials
            .retain(|trial| trial.launch.is_none_or(|launch| !later.contains(&launch)));
    }

    /// A launch of a contender that ended at rest by itself.
    pub(crate) fn die(&mut self, name: &str, round: u32) {
        let own = self.launches_of(name).filter(|launch| launch.round == round);
        for end in own.filter_map(|launch| launch.end.as_mut()) {
            end.reason = EndReason::Died;
            end.faults.push(Fault::new(
                Owner::Contender,
                Stage::Stop,
                "the server ended at rest, without a request",
            ));
        }
    }

    fn launches_of(&mut self, name: &str) -> impl Iterator<Item = &mut Launch> {
        let launches = self.run.launches.iter_mut();
        launches.filter(move |launch| launch.entrant.is_contender(name))
    }
}

fn cpu_us(trial: &Trial) -> f64 {
    let mut seen = trial.observations.iter();
    let own = seen.find(|observation| observation.metric == "cpu_us_per_request");
    own.map_or(TYPICAL_US, |observation| observation.value)
}

fn gate(gate: Gate, measured: &str) -> GateResult {
    GateResult {
        gate,
        outcome: GateOutcome::Passed,
        measured: measured.to_owned(),
        limit: "as the method says".to_owned(),
    }
}

fn window(at_s: f64, cpu_us: f64, phase: WarmPhase) -> WarmWindow {
    WarmWindow {
        at_s,
        cpu_us,
        service_ms_p50: 1.0,
        phase,
        requests: 200,
        compiler_share: None,
    }
}

/// A closed loop that becomes cheaper, then windows at the brief's rate, a pause of 2 s, and windows again.
fn warm_up(level_us: f64, dice: &mut Dice) -> WarmUp {
    // What costs more a request needs longer for as many of them.
    let loop_s = level_us / 200.0;
    let mut noisy = |us: f64| us * (1.0 + 0.05 * dice.normal());
    let mut windows = Vec::new();
    for step in 1..=20 {
        let part = f64::from(step) / 20.0;
        let us = level_us * (1.0 + 6.0 * (-6.0 * part).exp());
        windows.push(window(part * loop_s, noisy(us), WarmPhase::ClosedLoop));
    }
    for (phase, from_s) in [(WarmPhase::AtRate, 0.0), (WarmPhase::AfterPause, 7.0)] {
        for step in 1..=10 {
            let at_s = loop_s + from_s + f64::from(step) * 0.5;
            windows.push(window(at_s, noisy(level_us), phase));
        }
    }
    WarmUp {
        class: WarmClass::Warm,
        windows,
        requests: Some(12_400),
        level: Some(SettledLevel {
            cpu_us: level_us,
            noise: 0.06,
            before_pause_ratio: 0.99,
            rate_rps: 400.0,
        }),
    }
}

fn wake_up(level_us: f64) -> WakeUp {
    WakeUp {
        rested_s: 38.0,
        resting_cores: 0.001,
        paused: false,
        burst_requests: 1500,
        windows: vec![
            window(0.5, level_us * 1.1, WarmPhase::AtRate),
            window(1.0, level_us, WarmPhase::AtRate),
        ],
        returned: true,
    }
}
