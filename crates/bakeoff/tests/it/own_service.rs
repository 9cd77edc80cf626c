//! A service of the user's own, from an empty folder: each test is a recipe that a user could follow. The examples of
//! the repository are the services.

use crate::program::{Place, Said, has_ended, repository};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A place with an example of the repository.
fn example(name: &str) -> Place {
    let place = Place::new();
    copy(&repository().join("examples").join(name), place.path());
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[track_caller]
fn done(said: &Said) {
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
}

fn results(place: &Place) -> Value {
    serde_json::from_str(&place.read(".bakeoff/runs/latest/results.json")).unwrap()
}

/// Own tables and rows, an own health path and own scenarios, in two stacks.
#[test]
fn a_room_booking_service_in_two_stacks_gets_an_answer() {
    let place = example("rooms");
    let names = ["rooms-koa", "rooms-starlette"];
    let checked = place.run(&["check", "--brief", "rooms.toml", "rooms-koa", "rooms-starlette"]);
    done(&checked);
    for name in names {
        let line = format!("{name}: 4 of 4 cases pass");
        assert!(checked.out.contains(&line), "{}", checked.out);
    }
    // Short launches, so that two of each contender and five blocks fit into it.
    let args = ["run", "rooms.toml", "--budget", "100s", "--time-share", "0.05"];
    let run = place.run(&args);
    assert!(has_ended(Some(run.code)), "{}", run.err);
    let results = results(&place);
    let run_of = |name: &str| {
        let mut all = results["contenders"].as_array().unwrap().iter();
        all.find(|record| record["name"] == name).cloned()
    };
    assert_eq!(
        results["contenders"].as_array().unwrap().len(),
        2,
        "nobody else is asked"
    );
    for name in names {
        let record = run_of(name).unwrap();
        assert_eq!(record["status"], "measured", "{record}\n{}", run.err);
        let own = |row: &&Value| row["contender"] == name;
        let rows: Vec<&Value> = results["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .filter(own)
            .collect();
        let criteria = [
            "speed",
            "scalability",
            "universality",
            "extensibility",
            "architecture",
            "learning-curve",
        ];
        let known = criteria.into_iter().filter(|criterion| {
            let mut of = rows.iter().filter(|row| row["criterion"] == *criterion);
            of.any(|row| row["value"].is_number())
        });
        assert!(known.count() >= 5, "{rows:#?}");
        for row in rows.iter().filter(|row| row["missing_kind"] == "not-asked") {
            let why = row["missing"].as_str().unwrap();
            assert!(
                why.starts_with("not asked here: the brief has no scenario `"),
                "{why}"
            );
        }
        // On a slow machine the budget ends before.
        let cpu = rows
            .iter()
            .find(|row| row["metric"] == "cpu_us_per_request")
            .unwrap();
        let is_enough = cpu["launches"].as_u64() >= Some(2) && cpu["n"].as_u64() >= Some(5);
        assert!(
            is_enough || results["stop"] == "budget-spent",
            "{cpu}\n{}",
            run.err
        );
        // The light request of probes is the own one that plays it.
        let row = rows.iter().find(|row| row["metric"] == "connection_kb");
        assert_ne!(row.unwrap()["missing_kind"], "not-asked");
    }
    // No accusation: the database counts statements on tables that bakeoff does not know.
    assert!(!run.err.contains("without asking the database"), "{}", run.err);
    let again = format!("again     bakeoff {}", args[..4].join(" "));
    assert!(
        run.out
            .contains(&again.replace("rooms.toml", "rooms.toml --seed 1")),
        "{}",
        run.out
    );
}

/// Runtimes that no shipped contender uses: two that the npm registry provides, one that the machine has.
#[test]
fn new_contenders_on_bun_deno_and_go_are_made_and_measured() {
    let place = Place::new();
    for template in ["bun", "deno", "go"] {
        let name = format!("on-{template}");
        let said = place.run(&["contender", "new", &name, "--template", template]);
        done(&said);
        assert!(
            said.out.contains(&format!("contenders/{name}/contender.toml")),
            "{}",
            said.out
        );
    }
    assert!(place.path().join("scenarios/hello.toml").is_file());
    let names = "on-bun,on-deno,on-go";
    let run = place.run(&["run", "--budget", "20s", "--time-share", "0.1", "--only", names]);
    assert!(has_ended(Some(run.code)), "{}", run.err);
    let listed = place.run(&["list", "runtimes", "--json"]).json();
    let results = results(&place);
    for record in results["contenders"].as_array().unwrap() {
        let name = record["name"].as_str().unwrap();
        assert_eq!(record["status"], "measured", "{record}\n{}", run.err);
        let runtime = record["runtime"].as_str().unwrap();
        let (of, version) = runtime.split_once(' ').unwrap();
        assert_eq!(name, format!("on-{of}"));
        let mut seen = listed.as_array().unwrap().iter();
        let seen = seen.find(|row| row["name"] == of && row["version"] == version);
        let taken_by = seen.map(|row| row["taken_by"].clone());
        assert_eq!(taken_by, Some(Value::from(vec![name])), "{listed:#}");
        let mut rows = results["metrics"].as_array().unwrap().iter();
        let cpu = rows.find(|row| row["contender"] == name && row["metric"] == "cpu_us_per_request");
        assert!(cpu.unwrap()["n"].as_u64().unwrap_or(0) >= 1, "{cpu:?}");
    }
}

/// From a list of packages to a lock file with hashes, and to a service that runs.
#[test]
fn a_lock_file_is_made_from_a_list_of_packages() {
    let place = Place::new();
    done(&place.run(&[
        "contender",
        "new",
        "ours",
        "--template",
        "flask",
        "--title",
        "Our \"own\" one",
    ]));
    let lock = place.path().join("contenders/ours/requirements.lock");
    fs::remove_file(&lock).unwrap();
    let without = place.run(&["check", "--brief", "bakeoff.toml", "ours"]);
    assert_ne!(without.code, 0);
    assert!(
        without.err.contains("`bakeoff contender lock ours`"),
        "{}",
        without.err
    );
    done(&place.run(&["contender", "lock", "ours"]));
    let text = fs::read_to_string(&lock).unwrap();
    assert!(
        text.contains("flask==") && text.contains("--hash=sha256:"),
        "{text}"
    );
    let wheels = fs::read_to_string(lock.with_file_name("wheels.toml")).unwrap();
    assert!(
        wheels.contains("\"flask==") && wheels.contains("manylinux"),
        "each package with the platforms of its wheels: {wheels}"
    );
    // A contender of the user's own is held to the brief of the folder.
    let checked = place.run(&["check", "ours"]);
    done(&checked);
    assert!(checked.out.contains("ours: 6 of 6 cases pass"), "{}", checked.out);
}

/// Redis, which bakeoff knows, and a database that is not PostgreSQL, by the commands of the brief.
#[test]
fn a_scenario_uses_redis_and_another_one_mariadb() {
    let place = example("visits");
    let checked = place.run(&["check", "--brief", "visits.toml", "visits-node"]);
    done(&checked);
    assert!(
        checked.err.contains("beside it redis and mariadb"),
        "{}",
        checked.err
    );
    assert!(
        checked.out.contains("visits-node: 3 of 3 cases pass"),
        "{}",
        checked.out
    );

    let brief = place.read("visits.toml");
    place.write(
        "visits.toml",
        &brief.replace("name = \"mariadb\"", "name = \"maria\""),
    );
    let unknown = place.run(&["check", "--brief", "visits.toml", "visits-node"]);
    assert_eq!(unknown.code, 2, "{}", unknown.err);
    assert!(
        unknown
            .err
            .contains("the scenario `read-page` needs the service `mariadb`"),
        "{}",
        unknown.err
    );
    place.write(
        "visits.toml",
        &brief.replace("\"mariadbd\"", "\"no-such-server\""),
    );
    let missing = place.run(&["check", "--brief", "visits.toml", "visits-node"]);
    assert_eq!(missing.code, 3, "{}", missing.err);
    assert!(
        missing.err.contains("`no-such-server` is not on PATH"),
        "{}",
        missing.err
    );
}

#[test]
fn the_cache_is_shown_and_pruned() {
    let place = Place::new();
    done(&place.run(&["contender", "new", "mine", "--template", "node"]));
    let cache = place.path().join("cache");
    let run = |args: &[&str]| {
        let output = place.command(args).env("BAKEOFF_CACHE", &cache).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let count = || {
        let shown: Value = serde_json::from_str(&run(&["cache", "--json"])).unwrap();
        shown["kept"].as_array().unwrap().len()
    };
    assert_eq!(count(), 0);
    run(&["prepare", "mine"]);
    let kept = count();
    assert!(kept >= 1);
    assert!(run(&["cache", "prune"]).starts_with("removed 0 folders"));
    assert_eq!(count(), kept, "it was used today");
    assert!(run(&["cache", "prune", "--unused-days", "0"]).starts_with(&format!("removed {kept} folder")));
    assert_eq!(count(), 0);
}

#[test]
fn a_broken_manifest_stops_nobody_else() {
    let place = Place::new();
    done(&place.run(&["contender", "new", "good", "--template", "node"]));
    place.write("contenders/bad/contender.toml", "name = \"bad\"\ntitel = \"x\"\n");
    let named = place.run(&["check", "--brief", "bakeoff.toml", "bad"]);
    assert_eq!(named.code, 2, "{}", named.err);
    assert!(named.err.contains("bad/contender.toml:2:1"), "{}", named.err);
    let all = place.run(&["plan"]);
    assert_eq!(all.code, 2, "it would be missing without a word: {}", all.out);
    // Also one that names a scenario which nobody has.
    let good = place.read("contenders/good/contender.toml");
    let other = good
        .replace("name = \"good\"", "name = \"other\"")
        .replace("[source]", "[source]\nserves = [\"helo\"]");
    place.write("contenders/other/contender.toml", &other);
    let named = place.run(&["check", "other"]);
    assert!(
        named.code == 2 && named.err.contains("did you mean `hello`?"),
        "{}",
        named.err
    );
    let listed = place.run(&["list", "contenders"]);
    done(&listed);
    assert!(
        listed.out.contains("good") && listed.err.contains("bad/contender.toml:2:1"),
        "{}",
        listed.err
    );
    done(&place.run(&["check", "--brief", "bakeoff.toml", "good"]));
}

#[test]
fn names_and_templates_that_cannot_be_are_refused() {
    let place = Place::new();
    for (args, expected) in [
        (
            &["contender", "new", "My Service", "--template", "node"][..],
            "cannot name a contender",
        ),
        (
            &["contender", "new", "mine", "--template", "expres"],
            "did you mean `express`?",
        ),
        (
            &["contender", "new", "mine"],
            "the templates are `bun`, `deno`, `express`",
        ),
        (&["contender", "lock", "node-express"], "is inside the program"),
        (&["contender", "lock", "mine"], "unknown contender `mine`"),
    ] {
        let said = place.run(args);
        assert!(said.code == 2 && said.err.contains(expected), "{}", said.err);
    }
    done(&place.run(&["contender", "new", "mine", "--template", "node"]));
    let twice = place.run(&["contender", "new", "mine", "--template", "go"]);
    assert!(
        twice.code == 2 && twice.err.contains("exists already"),
        "{}",
        twice.err
    );
}
