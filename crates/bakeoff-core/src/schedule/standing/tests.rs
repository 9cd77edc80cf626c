//! Which launches and trials put an entrant out, and what its record says then.

use super::{has_failed, status_after};
use crate::entrant::Entrant;
use crate::evidence::{EndReason, Fault, Launch, LaunchEnd, LoadSummary, Owner, Run, Stage, Status, Trial};
use crate::fixture::Fixture;

fn trial(launch: u32, load: Option<LoadSummary>, fault: Option<(Owner, Stage)>) -> Trial {
    let fault = fault.map(|(owner, stage)| Fault::new(owner, stage, ""));
    Trial {
        at_s: f64::from(launch),
        load,
        faults: fault.into_iter().collect(),
        launch: Some(launch),
        ..Trial::new(0, Entrant::contender("a"))
    }
}

/// A launch with this end, and a fault of this owner at it.
fn launch(id: u32, reason: Option<EndReason>, owner: Option<Owner>) -> Launch {
    let faults = owner.map(|owner| Fault::new(owner, Stage::Start, ""));
    let end = reason.map(|reason| LaunchEnd {
        faults: faults.into_iter().collect(),
        ..LaunchEnd::new(reason, f64::from(id) + 0.5)
    });
    Launch {
        end,
        ..Launch::new(id, 0, Entrant::contender("a"))
    }
}

fn is_out(launches: &[Launch], trials: &[Trial]) -> bool {
    let launches: Vec<(&Launch, Option<&LaunchEnd>)> = launches
        .iter()
        .map(|launch| (launch, launch.end.as_ref()))
        .collect();
    has_failed(&Entrant::contender("a"), &launches, trials)
}

#[test]
fn two_launches_that_fail_in_a_row_put_an_entrant_out() {
    let good = |id| launch(id, Some(EndReason::Retired), None);
    let bad = |id| launch(id, Some(EndReason::NeverReady), Some(Owner::Contender));
    let silent = |id| launch(id, Some(EndReason::Died), None);
    let restless = |id| launch(id, Some(EndReason::DoesNotRest), None);
    let ours = |id| launch(id, Some(EndReason::Died), Some(Owner::Lab));
    let cut_off = |id| launch(id, Some(EndReason::SessionEnded), None);
    let living = |id| launch(id, None, None);
    let of_next_round = |launch| Launch { round: 1, ..launch };
    let cases: [(&[Launch], bool); 10] = [
        (&[], false),
        (&[bad(0)], false),
        (&[bad(0), bad(1)], true),
        (&[bad(0), living(1)], false),
        (&[silent(0), restless(1)], true),
        (&[bad(0), good(1), bad(2)], false),
        (&[ours(0), ours(1), ours(2)], false),
        (&[bad(0), ours(1), cut_off(2), bad(3)], true),
        (&[cut_off(0), cut_off(1)], false),
        // It was not made again, and so would have been retired.
        (&[bad(0), cut_off(1), of_next_round(bad(2))], false),
    ];
    for (launches, expected) in cases {
        assert_eq!(is_out(launches, &[]), expected, "{launches:?}");
    }
}

#[test]
fn a_server_that_dies_in_a_trial_of_the_labs_making_has_not_failed() {
    let died = [
        launch(0, Some(EndReason::Died), None),
        launch(1, Some(EndReason::Died), None),
    ];
    let of_lab = |id| trial(id, None, Some((Owner::Lab, Stage::Database)));
    assert!(!is_out(&died, &[of_lab(0), of_lab(1)]));
    let own = |id| trial(id, None, Some((Owner::Contender, Stage::Load)));
    assert!(is_out(&died, &[own(0), own(1)]));
    // What the lab did to a trial is no reason for a death at rest, in another server's trial.
    let at_rest = |at_s| Trial {
        at_s,
        entrant: Entrant::contender("b"),
        ..trial(7, Some(LoadSummary::default()), None)
    };
    assert!(is_out(&died, &[of_lab(0), at_rest(0.2), of_lab(1), at_rest(1.2)]));
}

#[test]
fn two_trials_that_fail_in_a_row_put_an_entrant_out_even_if_its_server_lives() {
    let living = [launch(0, None, None)];
    let good = || trial(0, Some(LoadSummary::default()), None);
    let bad = || trial(0, None, Some((Owner::Contender, Stage::Load)));
    assert!(!is_out(&living, &[bad()]));
    assert!(is_out(&living, &[good(), bad(), bad()]));
    assert!(!is_out(&living, &[bad(), good(), bad()]));
}

#[test]
fn the_status_follows_from_launches_and_trials() {
    let run = |launches: Vec<Launch>, trials: Vec<Trial>| Run {
        launches,
        trials,
        ..Fixture::new(&[("a", 1.0)]).run()
    };
    let good = || trial(0, Some(LoadSummary::default()), None);
    let wrong = || trial(0, None, Some((Owner::Contender, Stage::Contract)));
    let dead = || trial(0, None, Some((Owner::Contender, Stage::Start)));
    let status = |launches, trials| status_after(&run(launches, trials), "a");
    assert_eq!(status(Vec::new(), vec![good(), dead()]), Some(Status::Measured));
    assert_eq!(status(Vec::new(), vec![wrong()]), Some(Status::ContractFailed));
    assert_eq!(status(Vec::new(), vec![dead()]), Some(Status::Failed));
    assert_eq!(status(Vec::new(), Vec::new()), None);
    assert_eq!(status(vec![launch(0, None, None)], Vec::new()), None);
    let mut broken = launch(0, Some(EndReason::NeverReady), None);
    broken.faults = vec![Fault::new(Owner::Contender, Stage::Contract, "wrong")];
    assert_eq!(status(vec![broken], Vec::new()), Some(Status::ContractFailed));
    let never = launch(0, Some(EndReason::NeverReady), Some(Owner::Contender));
    assert_eq!(status(vec![never], Vec::new()), Some(Status::Failed));
}
