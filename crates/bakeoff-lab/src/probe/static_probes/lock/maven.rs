//! `maven.lock`: every jar with its coordinates, its use and its SHA-256, one on a line. A jar is byte code, which runs
//! on every platform, except one whose classifier names an operating system. No resolver: the lock lists every jar.

use super::lock_reader::LockReader;
use super::platform::Platform;

/// What needs a jar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The service.
    Runtime,
    /// Its tests alone.
    Test,
}

/// A locked jar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Jar {
    /// Its group, as `org.postgresql`.
    pub(crate) group: String,
    /// Its name within the group.
    pub(crate) artifact: String,
    /// Its version.
    pub(crate) version: String,
    /// What tells it from other jars of the same artifact; mostly none.
    pub(crate) classifier: Option<String>,
    /// What needs it.
    pub(crate) scope: Scope,
    /// Its SHA-256, 64 lower hexadecimal digits.
    pub(crate) sha256: String,
}

impl Jar {
    /// The name of its file, as Maven copies it.
    pub(crate) fn file(&self) -> String {
        let classifier = self.classifier.as_ref();
        let classifier = classifier.map_or_else(String::new, |text| format!("-{text}"));
        format!("{}-{}{classifier}.jar", self.artifact, self.version)
    }

    /// Its line in a lock file.
    pub(crate) fn line(&self) -> String {
        let classifier = self.classifier.as_ref();
        let classifier = classifier.map_or_else(String::new, |text| format!(":{text}"));
        let scope = match self.scope {
            Scope::Runtime => "runtime",
            Scope::Test => "test",
        };
        format!(
            "{}:{}:{}{classifier} {scope} sha256:{}",
            self.group, self.artifact, self.version, self.sha256
        )
    }

    /// `org.postgresql:postgresql`, as people name it.
    fn name(&self) -> String {
        format!("{}:{}", self.group, self.artifact)
    }

    /// Whether it runs on a platform.
    fn runs_on(&self, platform: &Platform) -> bool {
        let Some(classifier) = &self.classifier else {
            return true;
        };
        let names = |os: &str| {
            let words: &[&str] = match os {
                "linux" => &["linux"],
                "darwin" => &["osx", "macos", "mac"],
                _ => &["windows", "win"],
            };
            classifier.split(['-', '_']).any(|part| words.contains(&part))
        };
        let of_any = ["linux", "darwin", "win32"].into_iter().any(names);
        let has = |words: &[&str]| words.iter().any(|word| classifier.contains(word));
        let arm = has(&["aarch64", "aarch_64", "arm64"]) == (platform.cpu == "arm64");
        let libc = has(&["musl"]) == (platform.libc == Some("musl"));
        !of_any || (names(platform.os) && arm && libc)
    }
}

/// The reader of `maven.lock`.
pub(crate) const READER: LockReader = LockReader {
    versions: |text, _| {
        let jars = read(text)?.into_iter().filter(|jar| jar.scope == Scope::Runtime);
        Ok(jars.map(|jar| (jar.name(), jar.version)).collect())
    },
    installed: |text, _, _| {
        let jars = read(text)?.into_iter().filter(|jar| jar.scope == Scope::Runtime);
        Ok(jars.map(|jar| jar.name()).collect())
    },
    not_prebuilt: |text, platform, _| {
        let jars = read(text)?.into_iter().filter(|jar| jar.scope == Scope::Runtime);
        Ok(jars
            .filter(|jar| !jar.runs_on(platform))
            .map(|jar| jar.name())
            .collect())
    },
    // The release for which classes were compiled stands in the jars: the compiler and the start show it.
    refusal: |_, _| None,
};

/// Reads the jars of a lock file.
///
/// # Errors
/// The line that is no jar, or two jars of one file name.
pub(crate) fn read(text: &str) -> Result<Vec<Jar>, String> {
    let mut jars: Vec<Jar> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let jar = jar(line).ok_or_else(|| {
            let at = at + 1;
            format!("line {at} is not `group:artifact:version runtime|test sha256:…`; `bakeoff contender lock` writes it")
        })?;
        if jars.iter().any(|earlier| earlier.file() == jar.file()) {
            return Err(format!("line {}: `{}` is listed twice", at + 1, jar.file()));
        }
        jars.push(jar);
    }
    Ok(jars)
}

fn jar(line: &str) -> Option<Jar> {
    let mut words = line.split_whitespace();
    let (coordinates, scope, sum) = (words.next()?, words.next()?, words.next()?);
    let mut parts = coordinates.split(':').map(str::to_owned);
    let sha256 = sum.strip_prefix("sha256:")?;
    let jar = Jar {
        group: parts.next()?,
        artifact: parts.next()?,
        version: parts.next()?,
        classifier: parts.next(),
        scope: match scope {
            "runtime" => Scope::Runtime,
            "test" => Scope::Test,
            _ => return None,
        },
        sha256: sha256.to_owned(),
    };
    let is_word = |word: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
        !word.is_empty() && word.chars().all(fits)
    };
    let is_sum = sha256.len() == 64 && sha256.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let words_fit = [
        Some(&jar.group),
        Some(&jar.artifact),
        Some(&jar.version),
        jar.classifier.as_ref(),
    ];
    let fits = words_fit.into_iter().flatten().all(|word| is_word(word));
    (fits && is_sum && words.next().is_none() && parts.next().is_none()).then_some(jar)
}

#[cfg(test)]
mod tests {
    use super::super::platform::PLATFORMS;
    use super::{READER, read};
    use std::path::Path;

    const SUM: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn lock() -> String {
        format!(
            "# made by a tool\norg.postgresql:postgresql:42.7.14 runtime sha256:{SUM}\n\
             io.netty:netty-tcnative:2.0.7:linux-x86_64 runtime sha256:{SUM}\n\
             org.junit.jupiter:junit-jupiter:6.0.3 test sha256:{SUM}\n"
        )
    }

    #[test]
    fn jars_are_read_and_written_as_they_were() {
        let text = lock();
        let jars = read(&text).unwrap();
        let lines: Vec<String> = jars.iter().map(super::Jar::line).collect();
        assert_eq!(lines, text.lines().skip(1).collect::<Vec<_>>());
        assert_eq!(jars[0].file(), "postgresql-42.7.14.jar");
        assert_eq!(jars[1].file(), "netty-tcnative-2.0.7-linux-x86_64.jar");
    }

    #[test]
    fn tests_are_not_installed_and_native_jars_run_on_their_platform_alone() {
        let text = lock();
        let versions = (READER.versions)(&text, None).unwrap();
        assert_eq!(versions["org.postgresql:postgresql"], "42.7.14");
        let installed = (READER.installed)(&text, &PLATFORMS[0], Path::new("/")).unwrap();
        assert_eq!(
            installed,
            ["org.postgresql:postgresql", "io.netty:netty-tcnative"]
        );
        for platform in PLATFORMS {
            let missing = (READER.not_prebuilt)(&text, platform, std::path::Path::new("")).unwrap();
            let expected: &[&str] = match platform.name {
                "linux-x64" => &[],
                _ => &["io.netty:netty-tcnative"],
            };
            assert_eq!(missing, expected, "{}", platform.name);
        }
    }

    #[test]
    fn a_line_that_is_no_jar_is_named() {
        for (line, wanted) in [
            ("a:b runtime sha256:00", "line 1 is not"),
            ("a:b:1 compile sha256:00", "line 1 is not"),
            ("a:b:1</version> runtime sha256:00", "line 1 is not"),
        ] {
            let reason = read(&line.replace("00", SUM)).unwrap_err();
            assert!(reason.contains(wanted), "{reason}");
        }
        let twice = format!("a:b:1 runtime sha256:{SUM}\nc:b:1 test sha256:{SUM}\n");
        assert_eq!(read(&twice).unwrap_err(), "line 2: `b-1.jar` is listed twice");
    }
}
