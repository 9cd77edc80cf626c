//! What a session that goes on knows of the one before it.

use super::Session;
use crate::brief_file::BriefFile;
use crate::measure::pace::Pace;
use crate::store::Store;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{ContenderRecord, Host, Run, Status, Trial};
use bakeoff_core::plan::{Plan, Turns};
use std::collections::BTreeMap;
use std::path::Path;

const TAKES_S: [f64; 4] = [1.0, 1.0, 1.0, 1.0];

fn record(name: &str) -> ContenderRecord {
    ContenderRecord {
        name: name.to_owned(),
        title: String::new(),
        family: String::new(),
        language: String::new(),
        runtime: String::new(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        versions: BTreeMap::new(),
        status: Status::Ready,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        no_evidence: BTreeMap::new(),
    }
}

fn trial(block: u32, entrant: Entrant, turns: Turns) -> Trial {
    Trial {
        seconds: 4.0,
        turns,
        probes_s: turns.seconds(&TAKES_S),
        ..Trial::new(block, entrant)
    }
}

/// A session of two contenders in whose blocks these probes ran, the last of them in the first contender's trial only.
fn stored(folder: &Path, blocks: &[Turns]) -> Session {
    let brief = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../briefs/order-api.toml");
    let brief = BriefFile::open(Some(&brief)).unwrap().brief;
    let run = Run {
        id: "2026-11-24T090000Z-again".to_owned(),
        version: "0.1.0".to_owned(),
        brief_path: "again.toml".to_owned(),
        brief_text: String::new(),
        brief_sha256: String::new(),
        started: "2026-11-24T09:00:00Z".to_owned(),
        finished: None,
        stop: None,
        host: Host::default(),
        plan: Plan::new(vec!["a".to_owned(), "b".to_owned()], 120.0, 1),
        contenders: vec![record("a"), record("b")],
        trials: Vec::new(),
        advice: Vec::new(),
    };
    let mut session = Session::begin(Store::open(folder).unwrap(), run, brief).unwrap();
    for (block, turns) in (0..).zip(blocks) {
        session
            .add(trial(block, Entrant::contender("a"), *turns))
            .unwrap();
        if block as usize + 1 < blocks.len() {
            session
                .add(trial(block, Entrant::contender("b"), *turns))
                .unwrap();
            let twin = session.run().plan.twin().unwrap();
            session.add(trial(block, twin, Turns::NONE)).unwrap();
        }
    }
    let id = session.run().id.clone();
    drop(session);
    Session::resume(Store::open(folder).unwrap(), &id).unwrap()
}

#[test]
fn probes_go_on_after_the_last_turn_that_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let (three, one) = (Turns { first: 0, count: 3 }, Turns { first: 3, count: 1 });
    let session = stored(folder.path(), &[three, Turns::NONE, one]);
    let blocks = session.run().plan.blocks.clone();
    let ended: Vec<bool> = blocks.iter().map(|block| session.has_ended(block)).collect();
    assert_eq!(ended[..4], [true, true, false, false]);

    let mut pace = Pace::new(&session.run().plan, TAKES_S.to_vec());
    for block in blocks.iter().filter(|block| session.has_ended(block)) {
        pace.spend(session.taken(block));
    }
    assert_eq!(
        pace.next(2).unwrap().first,
        3,
        "the block without probes took no turn"
    );
    assert_eq!(
        session.turns(&blocks[2]),
        Some(one),
        "the rest of a block has the probes that it began with"
    );
    assert_eq!(session.turns(&blocks[3]), None);
    let taken = session.taken(&blocks[0]);
    assert_eq!((taken.block_s, taken.probes_s, taken.trials), (12.0, 6.0, 2));
}
