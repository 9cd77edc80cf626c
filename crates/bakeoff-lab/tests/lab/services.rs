//! The services of contenders: the database starts with its rows, and disappears with the lab.

use crate::bench::{
    Bench, LOAD_ONLY, launch_of, live_once, pids_with, planned, processes_with, trial_of_launch, value,
};
use bakeoff_core::evidence::{EndReason, Fault, FaultAt, Owner, Stage};
use bakeoff_lab::{Config, Event, Fleet, Lab, LabError, Phase, Script};
use postgres::{Client, NoTls};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn an_interrupt_stops_the_opening_of_a_lab() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    bench.stop.store(true, Ordering::Relaxed);
    assert_eq!(Lab::open(bench.config()).err(), Some(LabError::Interrupted));
}

#[test]
fn a_database_has_a_name_and_disappears_with_its_lab() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let lab = Lab::open(bench.config()).unwrap();
    assert!(
        lab.host().database.starts_with("PostgreSQL "),
        "{}",
        lab.host().database
    );
    let started = bench
        .record
        .0
        .lock()
        .unwrap()
        .iter()
        .any(|(_, event)| matches!(event, Event::ServicesStarted { .. }));
    assert!(started);
    let folder = std::env::temp_dir().join("bakeoff-run-");
    let mark = format!("-{}-", std::process::id());
    let ours = || -> Vec<String> {
        processes_with(&folder.display().to_string())
            .into_iter()
            .filter(|command| command.contains(&mark))
            .collect()
    };
    let named = std::env::var_os("DATABASE_URL").is_some();
    assert_eq!(
        ours().is_empty(),
        named,
        "a cluster of our own runs when no database is named"
    );
    drop(lab);
    assert!(
        ours().iter().all(|command| !command.contains("postgres -D")) || other_labs_run(),
        "{:?}",
        ours()
    );
}

/// What a schema may have that is hard to fill a second time.
const HARD: &str = r#"
CREATE TABLE "Room" (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name  text NOT NULL,
  label text GENERATED ALWAYS AS (upper(name)) STORED
);
CREATE TABLE booking (
  id     serial PRIMARY KEY,
  room   integer NOT NULL REFERENCES "Room",
  parent integer REFERENCES booking,
  day    date NOT NULL
);
-- Two tables that refer to each other, each before the other in some order.
CREATE TABLE a_team (id integer PRIMARY KEY, lead integer NOT NULL);
CREATE TABLE person (id integer PRIMARY KEY, team integer NOT NULL REFERENCES a_team DEFERRABLE);
ALTER TABLE a_team ADD FOREIGN KEY (lead) REFERENCES person DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE event (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE SCHEMA billing;
CREATE TABLE billing.invoice (id bigint PRIMARY KEY, "Σ" numeric(10, 2));
CREATE TABLE audit (what text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES ('booked'); RETURN NEW; END $$;
CREATE TRIGGER noted AFTER INSERT ON booking FOR EACH ROW EXECUTE FUNCTION noted();
"#;

const ROWS: &str = r#"
INSERT INTO "Room" (name) SELECT 'room ' || n FROM generate_series(1, 3) AS n;
INSERT INTO booking (room, day) SELECT 1 + n % 3, date '2026-01-01' + n FROM generate_series(1, 100) AS n;
BEGIN; INSERT INTO a_team VALUES (1, 7); INSERT INTO person VALUES (7, 1); COMMIT;
INSERT INTO event VALUES ('2026-05-01', 'x'), ('2026-06-01', NULL);
INSERT INTO billing.invoice VALUES (9007199254740993, 12.50);
CREATE MATERIALIZED VIEW busy AS SELECT room, count(*) FROM booking GROUP BY room;
"#;

fn scripts(schema: &str) -> [Script; 2] {
    [("schema.sql", schema), ("rows.sql", ROWS)].map(|(file, sql)| Script {
        file: file.to_owned(),
        sql: sql.to_owned(),
    })
}

#[test]
fn a_brief_has_its_own_tables_and_each_launch_its_own_rows() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let scripts = scripts(HARD);
    let lab = Lab::open(Config {
        own_rows: Some(&scripts),
        ..bench.config()
    })
    .unwrap();
    let seen = lab.with_database(|url| {
        let mut client = Client::connect(url, NoTls).unwrap();
        let mut text = |sql: &str| -> String { client.query_one(sql, &[]).unwrap().get(0) };
        let counts = [
            "SELECT count(*) || ' ' || min(label) FROM \"Room\"",
            "SELECT count(*) || ' ' || max(day) FROM booking",
            "SELECT (SELECT lead FROM a_team) || ' ' || (SELECT team FROM person)",
            "SELECT string_agg(coalesce(what, '-'), ',' ORDER BY at) FROM event",
            "SELECT id || ' ' || \"Σ\" FROM billing.invoice",
            // The trigger ran a hundred times, when the rows were made, and not when they were restored.
            "SELECT count(*)::text FROM audit",
            "SELECT sum(count)::text FROM busy",
            // A row that comes in gets the next number.
            "INSERT INTO booking (room, day) VALUES (1, '2026-12-01') RETURNING id::text",
            "INSERT INTO \"Room\" (name) VALUES ('new') RETURNING id::text",
        ];
        counts.map(&mut text)
    });
    assert_eq!(
        seen.unwrap(),
        [
            "3 ROOM 1",
            "100 2026-04-11",
            "7 1",
            "x,-",
            "9007199254740993 12.50",
            "100",
            "100",
            "101",
            "4"
        ]
    );
    let items = lab.with_database(|url| {
        let mut client = Client::connect(url, NoTls).unwrap();
        client.query("SELECT FROM items", &[]).is_err()
    });
    assert!(items.unwrap(), "the contract's tables are there too");
}

#[test]
fn an_error_in_a_script_has_its_file_and_line() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let wrong = scripts("CREATE TABLE a (id integer);\nCREATE TABLE b (id intger);\n");
    let refused = Lab::open(Config {
        own_rows: Some(&wrong),
        ..bench.config()
    });
    let words = refused.err().unwrap().to_string();
    assert!(
        words.contains("`schema.sql:2`: type \"intger\" does not exist"),
        "{words}"
    );
}

/// Other tests of this process may have a lab of their own open at the same time.
fn other_labs_run() -> bool {
    std::env::var_os("NEXTEST").is_none()
}

#[test]
fn a_killed_database_is_the_labs_fault_and_restarts() {
    if std::env::var_os("DATABASE_URL").is_some() {
        // Somebody's server is not ours to kill, nor to start again.
        return;
    }
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let prepared = bench.fake("orphan");
    let killed = AtomicBool::new(false);
    let watch = |event: Event| {
        let measuring = matches!(
            event,
            Event::TrialPhase {
                phase: Phase::Measure,
                ..
            }
        );
        if measuring && !killed.swap(true, Ordering::Relaxed) {
            kill_the_database_of("server.py orphan");
        }
    };
    let lab = Lab::open(Config {
        events: &watch,
        ..bench.config()
    })
    .unwrap();
    let planned = planned("fake-orphan", 0);
    let mut fleet = Fleet::new(&lab, std::slice::from_ref(&prepared));
    let launch = fleet.launch(&launch_of(0, &planned), 0.0).unwrap();
    assert!(launch.is_alive(), "{launch:#?}");
    let trial = fleet
        .trial(&trial_of_launch(0, &planned, &LOAD_ONLY), 2.0)
        .unwrap();
    assert_eq!(
        at(&trial.faults),
        [(Owner::Lab, Stage::Database.into())],
        "{trial:#?}"
    );
    // Its connections are gone, so it is not what had become warm any more.
    let ends = fleet.ended_at_rest(4.0);
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].1.reason, EndReason::Died);
    assert_eq!(
        at(&ends[0].1.faults),
        [(Owner::Lab, Stage::Database.into())],
        "{ends:#?}"
    );
    let next = live_once(&lab, &prepared, &planned, &LOAD_ONLY).unwrap();
    assert_eq!(next.faults, [], "{:#?}", next.faults);
    assert!(value(&next, "cpu_us_per_request").is_some());
}

fn at(faults: &[Fault]) -> Vec<(Owner, FaultAt)> {
    faults
        .iter()
        .map(|fault| (fault.owner, fault.at.clone()))
        .collect()
}

/// Kills the database of this test's contender, and no other.
fn kill_the_database_of(contender: &str) {
    let server = pids_with(contender)[0];
    let environment = std::fs::read_to_string(format!("/proc/{server}/environ")).unwrap();
    let url = environment
        .split('\0')
        .find_map(|entry| entry.strip_prefix("DATABASE_URL="))
        .unwrap();
    let port = url
        .rsplit_once(':')
        .and_then(|(_, rest)| rest.split('/').next())
        .unwrap();
    let postgres = pids_with(&format!("-p {port} -c listen_addresses"))[0];
    let killed = std::process::Command::new("kill")
        .args(["-9", &postgres.to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
}
