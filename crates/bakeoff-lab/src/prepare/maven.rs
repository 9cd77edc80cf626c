//! Installs Java: the jars of `maven.lock`, which Maven downloads and the lab holds against their SHA-256, and the
//! contender's own classes, which `javac` compiles. Maven gets a project of the lab's own that lists the locked jars,
//! so nothing of the contender's `pom.xml` runs. It resolves no version.

use super::install::{Installed, Installer, run_commands};
use crate::fault::{of_contender, of_lab, of_user};
use crate::probe::static_probes::lock::maven::{Jar, Scope, read};
use crate::runtime::{is_executable, on_path};
use bakeoff_core::evidence::{Fault, Stage};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The folder of the installed jars below the contender's.
pub(crate) const FOLDER: &str = "lib";

/// The contender's own classes and resources.
const JAR: &str = "app.jar";

/// What the lab writes for Maven and `javac`.
const WORK: &str = ".maven";

/// Maven's own plugin that copies jars; its version is part of the install.
pub(super) const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/// The arguments of every call: no colours, no progress, no questions.
pub(super) const QUIET: [&str; 3] = ["--batch-mode", "--quiet", "--no-transfer-progress"];

/// Installs the jars of `lock` that the service needs: from Maven's own repository on this machine, after filling that
/// where it lacks one.
pub(crate) fn install(installer: &Installer<'_>, lock: &str) -> Result<Installed, Fault> {
    let path = installer.folder.join(lock);
    let text = fs::read_to_string(&path).map_err(|error| unwritten(&path, &error))?;
    let jars = read(&text).map_err(|reason| of_contender(Stage::Prepare, format!("`{lock}`: {reason}")))?;
    let jars: Vec<Jar> = jars
        .into_iter()
        .filter(|jar| jar.scope == Scope::Runtime)
        .collect();
    let mut began = Instant::now();
    if download(installer, &jars, FOLDER, true).is_err() {
        download(installer, &jars, FOLDER, false)?;
        // Again, so that the time is that of the install alone.
        let _ = fs::remove_dir_all(installer.folder.join(FOLDER));
        began = Instant::now();
        download(installer, &jars, FOLDER, true)?;
    }
    verify(&installer.folder.join(FOLDER), &jars)
        .map_err(|reason| of_contender(Stage::Prepare, format!("`{lock}`: {reason}")))?;
    Ok(Installed {
        took: began.elapsed(),
        without_network: true,
    })
}

/// Compiles `src/main/java`, packs the classes with `src/main/resources`, and runs the commands that build on it.
pub(crate) fn compile(installer: &Installer<'_>) -> Result<(), Fault> {
    let sources = java_files(&installer.folder.join("src/main/java"));
    if !sources.is_empty() {
        let list = format!("{WORK}/sources");
        write(&installer.folder.join(&list), &argument_file(&sources))?;
        let classes = format!("{WORK}/classes");
        let class_path = format!("{FOLDER}/*");
        let javac = [
            "-proc:none",
            "-parameters",
            "-encoding",
            "UTF-8",
            "-d",
            &classes,
            "-cp",
            &class_path,
        ];
        let list = format!("@{list}");
        installer.run(
            "javac",
            &tool(installer, "javac")?,
            &[&javac[..], &[&list]].concat(),
        )?;
        let mut jar = vec!["--create", "--file", JAR, "-C", &classes, "."];
        if installer.folder.join("src/main/resources").is_dir() {
            jar.extend(["-C", "src/main/resources", "."]);
        }
        installer.run("jar", &tool(installer, "jar")?, &jar)?;
    }
    run_commands(installer, installer.build)
}

/// Maven, as `mvn` on `PATH`.
pub(super) fn maven() -> Result<PathBuf, Fault> {
    on_path("mvn").ok_or_else(|| {
        let message = "`mvn` is not on PATH: install Maven from https://maven.apache.org or with the system's package \
                       manager";
        of_user(Stage::Prepare, message)
    })
}

fn download(installer: &Installer<'_>, jars: &[Jar], into: &str, offline: bool) -> Result<(), Fault> {
    let project = format!("{WORK}/pom.xml");
    write(&installer.folder.join(&project), &project_of(jars))?;
    let goal = format!("{PLUGIN}:copy-dependencies");
    let output = format!("-DoutputDirectory={}", installer.folder.join(into).display());
    let network: &[&str] = if offline { &["--offline"] } else { &[] };
    let arguments = [&QUIET[..], network, &["--file", &project, &goal, &output]].concat();
    fs::create_dir_all(installer.folder.join(into))
        .map_err(|error| unwritten(&installer.folder.join(into), &error))?;
    if jars.is_empty() {
        return Ok(());
    }
    installer.run("mvn dependency:copy-dependencies", &maven()?, &arguments)
}

/// A project that depends on these jars and on nothing that they name in turn.
fn project_of(jars: &[Jar]) -> String {
    let dependency = |jar: &Jar| {
        let classifier = jar.classifier.as_ref();
        let classifier =
            classifier.map_or_else(String::new, |text| format!("<classifier>{text}</classifier>"));
        format!(
            "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version>{classifier}\
             <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>\
             </dependency>\n",
            jar.group, jar.artifact, jar.version
        )
    };
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
         <groupId>bakeoff</groupId><artifactId>locked</artifactId><version>1</version>\n<dependencies>\n{}\
         </dependencies></project>\n",
        jars.iter().map(dependency).collect::<String>()
    )
}

/// Whether a folder has exactly these jars, each with its checksum.
fn verify(folder: &Path, jars: &[Jar]) -> Result<(), String> {
    for jar in jars {
        let file = jar.file();
        let found =
            checksum(&folder.join(&file)).map_err(|error| format!("`{file}` was not installed: {error}"))?;
        if found != jar.sha256 {
            return Err(format!(
                "`{file}` has the SHA-256 {found}, and the lock has {}: it is not the jar that was locked",
                jar.sha256
            ));
        }
    }
    let entries = fs::read_dir(folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !jars.iter().any(|jar| jar.file() == name) {
            return Err(format!("`{name}` was installed, and the lock does not list it"));
        }
    }
    Ok(())
}

/// The SHA-256 of a file, as lower hexadecimal digits.
pub(super) fn checksum(path: &Path) -> io::Result<String> {
    let digest = Sha256::digest(fs::read(path)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The source files below a folder, in the order of their paths.
fn java_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut due = vec![folder.to_owned()];
    while let Some(folder) = due.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                due.push(path);
            } else if path.extension().is_some_and(|end| end == "java") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The paths as `javac` reads them from a file: in quotes, with doubled backslashes.
fn argument_file(paths: &[PathBuf]) -> String {
    let line = |path: &PathBuf| format!("\"{}\"\n", path.display().to_string().replace('\\', "\\\\"));
    paths.iter().map(line).collect()
}

/// A program of the JDK that runs the contender.
fn tool(installer: &Installer<'_>, name: &str) -> Result<PathBuf, Fault> {
    let beside = installer.runtime.program.with_file_name(name);
    if is_executable(&beside) {
        return Ok(beside);
    }
    let message = format!(
        "there is no `{name}` beside `{}`: install a JDK, not a runtime alone",
        installer.runtime.program.display()
    );
    Err(of_user(Stage::Prepare, message))
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &io::Error) -> Fault {
    of_lab(Stage::Prepare, format!("`{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{argument_file, checksum, java_files, project_of, verify};
    use crate::probe::static_probes::lock::maven::read;
    use std::fs;

    /// The SHA-256 of `abc`, from FIPS 180-4.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_jar_with_another_checksum_and_one_that_the_lock_does_not_list_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let jars = read(&format!("org.example:one:1.0 runtime sha256:{ABC}\n")).unwrap();
        let missing = verify(folder.path(), &jars).unwrap_err();
        assert!(
            missing.starts_with("`one-1.0.jar` was not installed"),
            "{missing}"
        );
        fs::write(folder.path().join("one-1.0.jar"), "abc").unwrap();
        assert_eq!(verify(folder.path(), &jars), Ok(()));
        fs::write(folder.path().join("two-1.0.jar"), "x").unwrap();
        let other = verify(folder.path(), &jars).unwrap_err();
        assert_eq!(
            other,
            "`two-1.0.jar` was installed, and the lock does not list it"
        );
        fs::write(folder.path().join("one-1.0.jar"), "abd").unwrap();
        let changed = verify(folder.path(), &jars).unwrap_err();
        assert!(changed.contains("is not the jar that was locked"), "{changed}");
        assert_eq!(checksum(&folder.path().join("two-1.0.jar")).unwrap().len(), 64);
    }

    #[test]
    fn the_project_for_maven_names_each_jar_and_excludes_what_it_needs_in_turn() {
        let text = format!("a:b:1 runtime sha256:{ABC}\na:c:2:linux-x86_64 runtime sha256:{ABC}\n");
        let project = project_of(&read(&text).unwrap());
        assert!(project.contains("<artifactId>b</artifactId><version>1</version><exclusions>"));
        assert!(project.contains("<version>2</version><classifier>linux-x86_64</classifier>"));
        assert_eq!(project.matches("<artifactId>*</artifactId>").count(), 2);
    }

    #[test]
    fn sources_are_listed_in_order_and_in_quotes() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("my shop/web");
        fs::create_dir_all(&below).unwrap();
        for name in ["B.java", "A.java", "note.txt"] {
            fs::write(below.join(name), "").unwrap();
        }
        let files = java_files(folder.path());
        let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap()).collect();
        assert_eq!(names, ["A.java", "B.java"]);
        assert!(argument_file(&files).ends_with("my shop/web/B.java\"\n"));
    }
}
