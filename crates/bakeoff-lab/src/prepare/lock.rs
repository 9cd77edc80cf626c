//! Makes the lock file of a contender from the packages that it names, by the tool of its manifest: npm writes
//! `package-lock.json` beside `package.json`, and `uv` writes every version with its hashes from `requirements.in` or
//! `requirements.txt`. Where `uv` is not installed it comes from the registry, into the cache. For Java, Maven resolves
//! `pom.xml` and the lab writes every jar with its SHA-256. It installs nothing into the contender.

use super::install::Steps;
use super::provide::Providing;
use super::{environment_in_cache, maven, npm, python};
use crate::fault::{of_lab, of_user};
use crate::probe::static_probes::lock::maven::{Jar, Scope};
use crate::probe::static_probes::lock::wheels;
use crate::runtime::{Runtime, on_path};
use bakeoff_core::contender::{Contender, Tool};
use bakeoff_core::evidence::{Fault, Stage};
use std::fs;
use std::path::{Path, PathBuf};

/// The release of `uv` that is used where the machine has none.
const UV: &str = "uv==0.13.9";

/// The release of `pip` that is asked for the wheels of the locked packages.
const PIP: &str = "pip==25.3";

/// The script that asks it.
const WHEELS_SCRIPT: &str = include_str!("../../data/wheels.py");

/// What was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Locked {
    /// The lock file.
    pub lock: PathBuf,
    /// The snapshot of the packages' wheels beside it, or the fault that kept it from being made; none where a lock
    /// file itself says for which platforms its packages are.
    pub wheels: Option<Result<PathBuf, Fault>>,
}

/// The files that name the packages of a Python contender, the preferred one first.
const REQUIREMENTS: [&str; 2] = ["requirements.in", "requirements.txt"];

/// Writes the lock file that a manifest names into the contender's own folder, and where it does not say for which
/// platforms its packages are built, a snapshot of that beside it.
///
/// # Errors
/// A fault of the user: no tool, no list of packages, no network.
pub fn make_lock(
    contender: &Contender,
    folder: &Path,
    runtime: &Runtime,
    how: &Providing<'_>,
) -> Result<Locked, Fault> {
    let steps = Steps {
        subject: &contender.name,
        folder,
        variables: vec![("PATH".to_owned(), runtime.path_with_it_first())],
        events: how.events,
        stop: how.stop,
    };
    let lock = contender.prepare.lock.as_deref();
    match (contender.prepare.tool, lock) {
        (Some(Tool::Npm), _) => {
            must_exist(folder, &["package.json"])?;
            let npm = runtime
                .find_beside_it("npm")
                .ok_or_else(|| of_user(Stage::Prepare, "`npm` is not on PATH: install it beside Node.js"))?;
            let arguments = [&["install"][..], npm::LOCK_ONLY].concat();
            steps.run("npm install --package-lock-only", &npm, &arguments, None)?;
            Ok(Locked {
                lock: folder.join(Tool::Npm.lock_file()),
                wheels: None,
            })
        }
        (Some(Tool::Python), Some(lock)) => {
            compile(&steps, contender, lock, runtime, how)?;
            let wheels = snapshot_of_wheels(&steps, Path::new(lock), runtime, how);
            Ok(Locked {
                lock: folder.join(lock),
                wheels: Some(wheels.map(|wheels| folder.join(wheels))),
            })
        }
        (Some(Tool::Maven), Some(lock)) => {
            must_exist(folder, &["pom.xml"])?;
            let jars = resolved(&steps, how.cache)?;
            Ok(Locked {
                lock: write_jars(&folder.join(lock), &jars)?,
                wheels: None,
            })
        }
        _ => Err(of_user(
            Stage::Prepare,
            "its manifest names no `tool`: its own commands install it, and no lock file is read",
        )),
    }
}

/// Writes every version with its hashes, by `uv`.
fn compile(
    steps: &Steps<'_>,
    contender: &Contender,
    lock: &str,
    runtime: &Runtime,
    how: &Providing<'_>,
) -> Result<(), Fault> {
    let from = must_exist(steps.folder, &REQUIREMENTS)?;
    let uv = match on_path("uv") {
        Some(uv) => uv,
        None => environment_in_cache(how.cache, UV, runtime, how.events, how.stop)?
            .join(python::ENVIRONMENT)
            .join("bin/uv"),
    };
    let version = lowest(contender, runtime);
    let arguments = [
        "pip",
        "compile",
        "--universal",
        "--python-version",
        &version,
        "--generate-hashes",
        "--no-annotate",
        "--no-header",
        "--no-emit-index-url",
        "--quiet",
        from,
        "-o",
        lock,
    ];
    steps.run("uv pip compile", &uv, &arguments, None)
}

/// Writes which platforms the locked packages have wheels for, by what `pip` considers; `lock` and what is returned are
/// relative to the contender's folder.
fn snapshot_of_wheels(
    steps: &Steps<'_>,
    lock: &Path,
    runtime: &Runtime,
    how: &Providing<'_>,
) -> Result<PathBuf, Fault> {
    let python = environment_in_cache(how.cache, PIP, runtime, how.events, how.stop)?
        .join(python::ENVIRONMENT)
        .join("bin/python");
    let out = lock.with_file_name(wheels::FILE);
    let arguments = [
        "-c".as_ref(),
        WHEELS_SCRIPT.as_ref(),
        out.as_os_str(),
        lock.as_os_str(),
    ];
    steps.run("wheels of the locked packages", &python, &arguments, None)?;
    Ok(out)
}

/// The jars that Maven resolves for `pom.xml`: those that the service needs, then those of its tests alone.
fn resolved(steps: &Steps<'_>, cache: &Path) -> Result<Vec<Jar>, Fault> {
    let mut jars: Vec<Jar> = Vec::new();
    for (scope, word) in [(Scope::Runtime, "runtime"), (Scope::Test, "test")] {
        let into = cache.join(format!("lock-{}-{word}", std::process::id()));
        let arguments = [
            format!("{}:copy-dependencies", maven::PLUGIN),
            format!("-DincludeScope={word}"),
            "-Dmdep.useRepositoryLayout=true".to_owned(),
            format!("-DoutputDirectory={}", into.display()),
        ];
        let quiet = maven::QUIET.map(str::to_owned);
        let ran = steps.run(
            "mvn dependency:copy-dependencies",
            &maven::maven()?,
            &[&quiet[..], &arguments].concat(),
            None,
        );
        let found = ran.and_then(|()| jars_below(&into, scope));
        let _ = fs::remove_dir_all(&into);
        let is_new = |jar: &Jar| !jars.iter().any(|earlier| earlier.file() == jar.file());
        let new: Vec<Jar> = found?.into_iter().filter(is_new).collect();
        jars.extend(new);
    }
    Ok(jars)
}

/// The jars of a folder that is laid out as Maven's repository: `org/postgresql/postgresql/42.7.14/…jar`.
fn jars_below(folder: &Path, scope: Scope) -> Result<Vec<Jar>, Fault> {
    let mut jars = Vec::new();
    let mut due = vec![folder.to_owned()];
    while let Some(below) = due.pop() {
        for path in fs::read_dir(&below)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .map(|entry| entry.path())
        {
            if path.is_dir() {
                due.push(path);
            } else if path.extension().is_some_and(|end| end == "jar") {
                jars.push(jar_at(folder, &path, scope)?);
            }
        }
    }
    jars.sort_by(|one, other| (&one.group, &one.artifact).cmp(&(&other.group, &other.artifact)));
    Ok(jars)
}

fn jar_at(folder: &Path, path: &Path, scope: Scope) -> Result<Jar, Fault> {
    let failed = |reason: String| of_lab(Stage::Prepare, format!("`{}`: {reason}", path.display()));
    let place = path
        .strip_prefix(folder)
        .unwrap_or(path)
        .to_string_lossy()
        .into_owned();
    let mut parts: Vec<&str> = place.split('/').collect();
    let (Some(file), Some(version), Some(artifact)) = (parts.pop(), parts.pop(), parts.pop()) else {
        return Err(failed("it lies at no place of a repository".to_owned()));
    };
    let rest = file.strip_prefix(&format!("{artifact}-{version}"));
    let rest = rest.and_then(|rest| rest.strip_suffix(".jar"));
    let classifier = rest.ok_or_else(|| failed(format!("it is no file of {artifact} {version}")))?;
    Ok(Jar {
        group: parts.join("."),
        artifact: artifact.to_owned(),
        version: version.to_owned(),
        classifier: classifier.strip_prefix('-').map(str::to_owned),
        scope,
        sha256: maven::checksum(path).map_err(|error| failed(error.to_string()))?,
    })
}

fn write_jars(lock: &Path, jars: &[Jar]) -> Result<PathBuf, Fault> {
    let mut text =
        "# Written by `bakeoff contender lock`: every jar, what needs it, and its SHA-256.\n".to_owned();
    for jar in jars {
        text.push_str(&jar.line());
        text.push('\n');
    }
    fs::write(lock, text)
        .map_err(|error| of_user(Stage::Prepare, format!("`{}`: {error}", lock.display())))?;
    Ok(lock.to_owned())
}

/// The first of these files that a folder has.
fn must_exist<'n>(folder: &Path, names: &[&'n str]) -> Result<&'n str, Fault> {
    let mut found = names.iter().filter(|name| folder.join(name).is_file());
    found.next().copied().ok_or_else(|| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "there is no {} in `{}`: name the packages that it needs there",
            names.join(" or "),
            folder.display()
        );
        of_user(Stage::Prepare, message)
    })
}

/// The oldest Python that the manifest allows, as `3.11`; that of the runtime where it says none.
fn lowest(contender: &Contender, runtime: &Runtime) -> String {
    let wanted = semver::VersionReq::parse(&contender.runtime.version).unwrap_or_default();
    let lower = wanted.comparators.iter().find_map(|one| match one.op {
        semver::Op::Less | semver::Op::LessEq | semver::Op::Wildcard => None,
        _ => Some((one.major, one.minor?)),
    });
    let (major, minor) = lower.unwrap_or((runtime.version.major, runtime.version.minor));
    format!("{major}.{minor}")
}

#[cfg(test)]
mod tests {
    use super::{lowest, must_exist};
    use crate::runtime::Runtime;
    use bakeoff_core::contender;
    use semver::Version;

    #[test]
    fn the_oldest_python_of_a_manifest_is_what_is_resolved_for() {
        let manifest = include_str!("../../../../contenders/python-flask/contender.toml");
        let mut contender = contender::parse(manifest, "contender.toml").unwrap();
        let runtime = Runtime {
            name: "python".to_owned(),
            program: "/usr/bin/python3".into(),
            version: Version::new(3, 13, 1),
        };
        for (wanted, expected) in [
            (">=3.11", "3.11"),
            (">=3.12, <4", "3.12"),
            (">=3", "3.13"),
            ("<4", "3.13"),
        ] {
            contender.runtime.version = wanted.to_owned();
            assert_eq!(lowest(&contender, &runtime), expected, "{wanted}");
        }
    }

    #[test]
    fn a_missing_list_of_packages_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let fault = must_exist(folder.path(), &["requirements.in", "requirements.txt"]).unwrap_err();
        assert!(
            fault
                .message
                .contains("no `requirements.in` or `requirements.txt` in"),
            "{}",
            fault.message
        );
        std::fs::write(folder.path().join("requirements.txt"), "flask").unwrap();
        let found = must_exist(folder.path(), &["requirements.in", "requirements.txt"]);
        assert_eq!(found, Ok("requirements.txt"));
    }
}
