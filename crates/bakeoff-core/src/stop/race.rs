//! Racing: which contenders can no longer become the choice, so that their time goes to those that can [F-race:
//! Birattari et al., GECCO 2002; OCBA: Chen et al., Discrete Event Dynamic Systems 10, 2000]. Looks at the judge's
//! samples and margins, never at ranks alone. Does not stop a run.

use crate::evidence::{Part, Run};
use crate::judge::Rival;
use crate::margin::Margin;
use crate::plan::{MIN_LAUNCHES, StopRule};
use std::collections::BTreeSet;

/// A contender stays in the race while its probability of being the best is at least this.
pub const RACED_OUT_P_BEST: f64 = 0.05;

/// A contender stays in the race while the leader beats it, by the evidence alone, with a probability below this.
pub const RACED_OUT_AHEAD: f64 = 0.99;

/// How many of those that may still be chosen always stay: a leader without a rival would be compared with nobody.
const STAY: usize = 2;

/// The contenders that get no further launch: those that `earlier` advice has dropped, and those that this evidence
/// drops.
///
/// Two things must hold for each. The leader beats it almost surely by the evidence alone, so that no measuring is
/// likely to turn the two round; and it is hardly ever the best under any priorities that the brief leaves open. Or a
/// veto has removed it beyond its interval. Never the best two, never a reference, which races against nobody, and
/// never before two launches of it count.
pub(super) fn dropped(run: &Run, rivals: &[Rival], earlier: &BTreeSet<String>) -> Vec<String> {
    let mut dropped = earlier.clone();
    // Where nobody fits, more evidence decides whether that is so.
    if run.plan.stop_rule == StopRule::Settled && !rivals.is_empty() {
        let fits = |name: &str| rivals.iter().any(|rival| rival.contender == name);
        let raced_out = rivals.iter().skip(STAY).filter(|rival| is_raced_out(rival));
        let raced_out = raced_out.map(|rival| rival.contender.as_str());
        let vetoed = run
            .plan
            .contenders
            .iter()
            .map(String::as_str)
            .filter(|name| !fits(name) && !is_reference(run, name));
        let new = raced_out
            .chain(vetoed)
            .filter(|name| launches_that_count(run, name) >= MIN_LAUNCHES);
        dropped.extend(new.map(str::to_owned));
    }
    dropped.into_iter().collect()
}

/// The contenders that the advice of a run has dropped so far.
pub(super) fn dropped_so_far(run: &Run) -> BTreeSet<String> {
    let advice = run.advice.iter();
    advice.flat_map(|advice| &advice.dropped).cloned().collect()
}

fn is_reference(run: &Run, name: &str) -> bool {
    let mut records = run.contenders.iter();
    records.any(|record| record.name == name && record.part == Part::Reference)
}

fn is_raced_out(rival: &Rival) -> bool {
    let is_behind = |margin: &Margin| margin.probability_ahead() >= RACED_OUT_AHEAD;
    rival.p_best < RACED_OUT_P_BEST && rival.margin.as_ref().is_some_and(is_behind)
}

/// The launches of a contender in which a load ran.
fn launches_that_count(run: &Run, name: &str) -> u32 {
    let own = run.trials.iter().filter(|trial| trial.entrant.is_contender(name));
    let launches: BTreeSet<u32> = own
        .filter(|trial| trial.load.is_some())
        .filter_map(|trial| trial.launch)
        .collect();
    launches.len() as u32
}

#[cfg(test)]
mod tests {
    use super::{dropped, dropped_so_far};
    use crate::evidence::{Advice, Next, Part, Run, Why};
    use crate::fixture::Fixture;
    use crate::judge::Rival;
    use crate::margin::Margin;
    use crate::plan::StopRule;
    use std::collections::BTreeSet;

    fn run(launches: u32) -> Run {
        let names = [("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0)];
        Fixture::new(&names).launches(launches).blocks(2 * launches).run()
    }

    /// A rival that lies `lead` behind, of which nothing but noise of 0.01 is unknown.
    fn rival(name: &str, p_best: f64, lead: Option<f64>) -> Rival {
        let margin = |lead| Margin {
            lead,
            noise: 0.01,
            noise_of_load: 0.01,
            noise_of_launches: 0.007,
            missing: 0.0,
            blocks: 4.0,
            launches: 2.0,
            round_s: 100.0,
            block_s: 30.0,
            load_block_s: 20.0,
        };
        Rival {
            contender: name.to_owned(),
            p_best,
            margin: lead.map(margin),
        }
    }

    fn none() -> BTreeSet<String> {
        BTreeSet::new()
    }

    #[test]
    fn who_is_far_behind_and_hardly_ever_the_best_is_dropped_and_the_best_two_stay() {
        let rivals = [
            rival("a", 0.9, None),
            rival("b", 0.01, Some(0.1)),
            rival("c", 0.01, Some(0.1)),
            rival("d", 0.01, Some(0.01)),
        ];
        assert_eq!(
            dropped(&run(2), &rivals, &none()),
            ["c"],
            "b is the second, and d is near"
        );
        let favourite = [
            rivals[0].clone(),
            rivals[1].clone(),
            rival("c", 0.2, Some(0.1)),
            rivals[3].clone(),
        ];
        assert!(
            dropped(&run(2), &favourite, &none()).is_empty(),
            "c is the best under other priorities"
        );
    }

    #[test]
    fn nobody_is_dropped_before_two_launches_nor_where_all_blocks_are_wanted() {
        let rivals = [
            rival("a", 0.9, None),
            rival("b", 0.05, Some(0.02)),
            rival("c", 0.01, Some(0.5)),
            rival("d", 0.01, Some(0.5)),
        ];
        assert!(dropped(&run(1), &rivals, &none()).is_empty());
        assert_eq!(dropped(&run(2), &rivals, &none()), ["c", "d"]);
        let mut all_blocks = run(2);
        all_blocks.plan.stop_rule = StopRule::AllBlocks;
        assert!(dropped(&all_blocks, &rivals, &none()).is_empty());
    }

    #[test]
    fn a_veto_drops_a_contender_unless_everybody_has_one() {
        let rivals = [rival("a", 0.6, None), rival("b", 0.4, Some(0.001))];
        assert_eq!(dropped(&run(2), &rivals, &none()), ["c", "d"]);
        assert!(dropped(&run(2), &[], &none()).is_empty());
    }

    #[test]
    fn a_reference_is_measured_to_the_end() {
        let mut run = run(2);
        run.contenders[2].part = Part::Reference;
        let rivals = [rival("a", 0.6, None), rival("b", 0.4, Some(0.001))];
        assert_eq!(dropped(&run, &rivals, &none()), ["d"]);
    }

    #[test]
    fn who_was_dropped_stays_so() {
        let mut run = run(3);
        let advice = Advice::unweighed(2, 4, Next::GoOn, Why::Unfinished { rounds: 2, of: 3 });
        run.advice.push(Advice {
            dropped: vec!["c".to_owned()],
            ..advice
        });
        let rivals = [
            rival("a", 0.4, None),
            rival("b", 0.3, Some(0.0)),
            rival("c", 0.2, Some(0.001)),
            rival("d", 0.1, Some(0.001)),
        ];
        assert_eq!(dropped(&run, &rivals, &dropped_so_far(&run)), ["c"]);
    }
}
