//! Every contender of this repository holds the whole contract and passes the tests that it ships. Those run as its
//! README says: `npm test` or `python -m pytest`, with the development packages of the lock files and a database that
//! has the contract's tables. `BAKEOFF_TEST_CONTENDERS` names those to run, as `"python-django
//! node-fastify@typescript"`; without it all contenders run, and the variants with tests of their own.

use crate::bench::Bench;
use crate::shipped::{self, Shipped, packages};
use bakeoff_core::contender::Tool;
use bakeoff_core::evidence::Tier;
use bakeoff_lab::contract::case::CaseResult;
use bakeoff_lab::{Config, Lab, Prepared, ResourceLimits, TierChoice};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// Test suites at the same time: while one waits, another computes.
const AT_ONCE: usize = 2;

/// A contender that serves all but what WSGI cannot has more cases than this.
const LEAST_CASES: usize = 200;

/// The last lines of an output that a failure quotes.
const QUOTED_LINES: usize = 60;

/// Where the development packages of Python go, beside the installed environment of a run.
const TEST_PACKAGES: &str = ".test-packages";

#[test]
fn every_contender_passes_its_own_tests_and_the_contract() {
    let shipped = shipped::all();
    let lacking: Vec<&str> = shipped
        .iter()
        .filter(|one| one.contender.variant_of.is_none() && !has_tests(one))
        .map(Shipped::name)
        .collect();
    assert!(lacking.is_empty(), "contenders without tests: {lacking:?}");
    let wanted = std::env::var("BAKEOFF_TEST_CONTENDERS").unwrap_or_default();
    let is_wanted =
        |one: &&Shipped| wanted.trim().is_empty() || wanted.split_whitespace().any(|name| name == one.name());
    let tested: Vec<&Shipped> = shipped
        .iter()
        .filter(|one| has_tests(one))
        .filter(is_wanted)
        .collect();
    assert!(!tested.is_empty(), "no contender of `{wanted}` has tests");

    let bench = Bench::new(&[("json", 1.0)], 100.0);
    // Without a namespace of its own: the test suites are started from here.
    let config = Config {
        isolation: TierChoice::Exactly(Tier::T0),
        limits: ResourceLimits::for_this_machine(1),
        ..bench.config()
    };
    let lab = Lab::open(config).unwrap();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(one) = tested.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = one.prepare().and_then(|prepared| {
                        run(&lab, one, &prepared)?;
                        check(&lab, &prepared)
                    });
                    failures.lock().unwrap().extend(outcome.err());
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Whether it ships tests; of a variant those in its own folder count.
fn has_tests(one: &Shipped) -> bool {
    let mut files = one.own.files().iter();
    files.any(|file| file.path.starts_with("test/") || file.path.starts_with("tests/"))
}

/// Installs what the tests need beside the contender, and runs them.
fn run(lab: &Lab<'_>, one: &Shipped, prepared: &Prepared) -> Result<(), String> {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    one.write_to(folder.path());
    let suite = Suite {
        name: one.name(),
        prepared,
        folder: folder.path(),
    };
    let mut tests = match one.contender.prepare.tool {
        Some(Tool::Npm) => suite.npm(),
        Some(Tool::Python) => suite.pytest(),
        Some(Tool::Maven) => suite.junit(),
        None => Err(format!("{}: nobody knows how to run its tests", one.name())),
    }?;
    let installed_s = began.elapsed().as_secs_f64();
    let output = lab.with_database(|url| {
        tests.env("DATABASE_URL", url);
        suite.output_of(&mut tests)
    });
    let output = output.unwrap()?;
    let passed = passed(&output).filter(|passed| *passed > 0);
    let passed = passed.ok_or_else(|| suite.failure("no test passed", &output))?;
    let ran_s = began.elapsed().as_secs_f64() - installed_s;
    println!(
        "{}: {passed} tests pass on {} {}, {installed_s:.1} s to install, {ran_s:.1} s to run",
        one.name(),
        prepared.runtime.name,
        prepared.runtime.version
    );
    Ok(())
}

/// Holds the contender to every case of the contract.
fn check(lab: &Lab<'_>, prepared: &Prepared) -> Result<(), String> {
    let name = &prepared.contender.name;
    let began = Instant::now();
    let checked = lab.check(prepared).map_err(|error| format!("{name}: {error}"))?;
    if let Some(fault) = checked.fault {
        return Err(format!("{name}: {fault:#?}"));
    }
    let broken: Vec<&CaseResult> = checked
        .cases
        .iter()
        .filter(|case| case.failure.is_some())
        .collect();
    if !broken.is_empty() || checked.cases.len() < LEAST_CASES {
        return Err(format!(
            "{name}: {} cases, of which these fail: {broken:#?}",
            checked.cases.len()
        ));
    }
    println!(
        "{name}: {} cases in {:.1} s",
        checked.cases.len(),
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// A copy of a contender whose tests run.
struct Suite<'s> {
    name: &'s str,
    prepared: &'s Prepared,
    folder: &'s Path,
}

impl Suite<'_> {
    /// `npm test`, with the packages of a run, or with the development packages besides where it names any.
    fn npm(&self) -> Result<Command, String> {
        let manifest = fs::read(self.folder.join("package.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        if manifest.get("devDependencies").is_some() {
            let arguments = [
                "ci",
                "--include=dev",
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
            ];
            self.output_of(self.command(&self.npm_program()).args(arguments))?;
        } else {
            self.link_packages();
        }
        let mut tests = self.command(&self.npm_program());
        tests.arg("test");
        Ok(tests)
    }

    /// `python -m pytest`, with the packages of a run and those of `requirements-test.lock`.
    fn pytest(&self) -> Result<Command, String> {
        self.link_packages();
        let python = self.folder.join(".venv/bin/python");
        let uv = on_path("uv");
        let mut install = match &uv {
            Some(uv) => {
                let mut install = self.command(uv);
                install.args(["pip", "install", "--python"]).arg(&python);
                install
            }
            None => {
                let mut install = self.command(&python);
                install.args([
                    "-m",
                    "pip",
                    "install",
                    "--disable-pip-version-check",
                    "--no-input",
                ]);
                install
            }
        };
        let wheels = ["--require-hashes", "--only-binary", ":all:", "--no-deps"];
        install
            .args(wheels)
            .args(["--target", TEST_PACKAGES, "-r", "requirements-test.lock"]);
        self.output_of(&mut install).map_err(|reason| match uv {
            None if reason.contains("No module named pip") => {
                format!("{reason}\ninstall `uv`, which made this environment")
            }
            _ => reason,
        })?;
        let mut tests = self.command(&python);
        tests
            .args(["-m", "pytest"])
            .env("PYTHONPATH", self.folder.join(TEST_PACKAGES));
        Ok(tests)
    }

    /// JUnit's console, with the jars of a run and those of `maven.lock` that are for tests alone.
    fn junit(&self) -> Result<Command, String> {
        self.link_packages();
        symlink(self.prepared.folder.join("app.jar"), self.folder.join("app.jar")).unwrap();
        let lock = fs::read_to_string(self.folder.join("maven.lock")).unwrap();
        let mut locked = lock.lines().filter(|line| line.contains(" test "));
        let project: String = locked.clone().filter_map(test_dependency).collect();
        assert!(
            locked.next().is_some(),
            "{}: no jar of its lock is for tests",
            self.name
        );
        fs::write(
            self.folder.join("tests.xml"),
            format!("{PROJECT}{project}</dependencies></project>"),
        )
        .unwrap();
        let copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
        let output = format!("-DoutputDirectory={}", self.folder.join(TEST_PACKAGES).display());
        let quiet = ["--batch-mode", "--quiet", "--no-transfer-progress"];
        let mut install = self.command(Path::new("mvn"));
        self.output_of(install.args(quiet).args(["--file", "tests.xml", copy, &output]))?;
        self.checksums(&lock)?;
        let class_path = format!("app.jar:lib/*:{TEST_PACKAGES}/*");
        let mut compile = self.command(&self.prepared.runtime.program.with_file_name("javac"));
        let compile = compile.args([
            "-proc:none",
            "-parameters",
            "-d",
            "test-classes",
            "-cp",
            &class_path,
        ]);
        self.output_of(compile.args(test_sources(&self.folder.join("test"))))?;
        let mut tests = self.command(&self.prepared.runtime.program);
        let console = "org.junit.platform.console.ConsoleLauncher";
        tests.args(["-cp", &format!("test-classes:{class_path}"), console, "execute"]);
        tests.args([
            "--scan-classpath=test-classes",
            "--details=tree",
            "--disable-banner",
            "--disable-ansi-colors",
        ]);
        let scratch = self.folder.join(".tmp");
        tests.env("TOKEN_KEY", "a key of the tests that is long enough for HS256");
        tests.env("ACCESS_LOG", scratch.join("access.log"));
        Ok(tests)
    }

    /// Holds the jars for tests against the sums of the lock.
    fn checksums(&self, lock: &str) -> Result<(), String> {
        for line in lock.lines().filter(|line| line.contains(" test ")) {
            let (jar, sum) = line.split_once(" test sha256:").unwrap();
            let mut parts = jar.split(':').skip(1);
            let file = format!("{}-{}.jar", parts.next().unwrap(), parts.next().unwrap());
            let bytes = fs::read(self.folder.join(TEST_PACKAGES).join(&file));
            let bytes = bytes.map_err(|error| format!("{}: `{file}`: {error}", self.name))?;
            let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
            let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, sum, "{}: `{file}`", self.name);
        }
        Ok(())
    }

    fn link_packages(&self) {
        let packages = packages(self.prepared);
        symlink(self.prepared.folder.join(packages), self.folder.join(packages)).unwrap();
    }

    /// The `npm` beside the runtime, else the one on `PATH`.
    fn npm_program(&self) -> PathBuf {
        let beside = self.prepared.runtime.program.with_file_name("npm");
        if beside.exists() {
            beside
        } else {
            PathBuf::from("npm")
        }
    }

    /// A command in the folder of the copy, whose scripts find the runtime of the contender. What it writes into the
    /// temporary folder goes with the copy.
    fn command(&self, program: &Path) -> Command {
        let temporary = self.folder.join(".tmp");
        fs::create_dir_all(&temporary).unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.folder)
            .env("PATH", self.path())
            .env("TMPDIR", temporary)
            .env("NO_COLOR", "1");
        command
    }

    /// `PATH` with the folder of the runtime first.
    fn path(&self) -> OsString {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = self.prepared.runtime.program.parent().map(Path::to_owned);
        std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path))).unwrap()
    }

    /// What a command printed when it succeeded.
    fn output_of(&self, command: &mut Command) -> Result<String, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = command.output();
        let output = output.map_err(|error| {
            format!(
                "{}: `{program}` does not start: {error}; install it and run this test again",
                self.name
            )
        })?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        let arguments = command.get_args().map(|argument| argument.to_string_lossy());
        let arguments = arguments.collect::<Vec<_>>().join(" ");
        Err(self.failure(&format!("`{program} {arguments}`: {}", output.status), &text))
    }

    fn failure(&self, reason: &str, output: &str) -> String {
        let lines: Vec<&str> = output.lines().collect();
        let last = &lines[lines.len().saturating_sub(QUOTED_LINES)..];
        format!("{}: {reason}\n{}", self.name, last.join("\n"))
    }
}

/// The beginning of a project for Maven.
const PROJECT: &str = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
    <groupId>bakeoff</groupId><artifactId>tests</artifactId><version>1</version><dependencies>";

/// A jar of a lock file as a dependency without what it needs in turn.
fn test_dependency(line: &str) -> Option<String> {
    let mut parts = line.split_whitespace().next()?.split(':');
    Some(format!(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version><exclusions><exclusion>\
         <groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>",
        parts.next()?,
        parts.next()?,
        parts.next()?
    ))
}

fn test_sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let each = |path: PathBuf| {
        if path.is_dir() {
            test_sources(&path)
        } else {
            vec![path]
        }
    };
    let files = entries.flat_map(each);
    files
        .filter(|path| path.extension().is_some_and(|end| end == "java"))
        .collect()
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// The number of tests that passed, as `node:test` (`# pass 45`), pytest and vitest (`45 passed`) print it last.
fn passed(output: &str) -> Option<u32> {
    output.lines().rev().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).find_map(|pair| match (pair[0], pair[1]) {
            ("pass", number) => number.parse().ok(),
            (number, "tests") if words.contains(&"successful") => number.parse().ok(),
            (number, "passed" | "passed,") => number.parse().ok(),
            _ => None,
        })
    })
}

#[test]
fn the_number_of_tests_that_passed_is_read_as_each_runner_prints_it() {
    assert_eq!(passed("# tests 46\n# pass 45\n# fail 1\n"), Some(45));
    assert_eq!(passed("ℹ tests 45\nℹ pass 45\nℹ fail 0\n"), Some(45));
    assert_eq!(
        passed("=== 1 failed, 44 passed, 2 warnings in 3.21s ===\n"),
        Some(44)
    );
    assert_eq!(
        passed(" Test Files  1 passed (1)\n      Tests  14 passed (14)\n   Duration  2 s\n"),
        Some(14)
    );
    assert_eq!(
        passed(
            "[        12 tests started         ]\n[        11 tests successful      ]\n[         1 tests failed ]\n"
        ),
        Some(11)
    );
    assert_eq!(passed("nothing was collected\n"), None);
}
