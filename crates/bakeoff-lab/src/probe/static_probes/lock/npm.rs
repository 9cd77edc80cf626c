//! npm's lock file, version 2 or 3. Only its own fields: `os`, `cpu`, `libc`, install scripts and optional
//! dependencies. It does not run install scripts, so what these would download or compile stays unknown.

use super::lock_reader::LockReader;
use super::npm_range::allows as range_allows;
use super::platform::Platform;
use semver::Version;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A package at one place of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    os: Vec<String>,
    cpu: Vec<String>,
    libc: Vec<String>,
    optional: bool,
    script: bool,
    /// The versions of Node.js that it supports; none where it does not say.
    node: Option<String>,
    optional_dependencies: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Lock {
    #[serde(rename = "lockfileVersion")]
    version: u32,
    packages: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    version: String,
    os: Vec<String>,
    cpu: Vec<String>,
    libc: Vec<String>,
    dev: bool,
    link: bool,
    optional: bool,
    has_install_script: bool,
    /// An object, and in old packages a list.
    engines: serde_json::Value,
    optional_dependencies: BTreeMap<String, String>,
}

/// The reader of `package-lock.json`.
pub(crate) const READER: LockReader = LockReader {
    versions: |text, _| {
        let packages = read(text)?.into_iter();
        Ok(packages.map(|package| (package.name, package.version)).collect())
    },
    installed: |text, platform, _| {
        let packages = read(text)?.into_iter();
        let installed = packages.filter(|package| package.runs_on(platform));
        Ok(installed.map(|package| package.name).collect())
    },
    not_prebuilt: |text, platform, _| Ok(not_prebuilt(&read(text)?, platform)),
    refusal: |text, version| refusal(&read(text).ok()?, version),
};

/// Reads `package-lock.json`.
fn read(text: &str) -> Result<Vec<Package>, String> {
    let lock: Lock =
        serde_json::from_str(text).map_err(|error| format!("the lock file is not npm's: {error}"))?;
    if !(2..=3).contains(&lock.version) {
        return Err(format!(
            "the lock file has version {}, and 2 and 3 are known",
            lock.version
        ));
    }
    let installed = lock
        .packages
        .into_iter()
        .filter(|(path, entry)| !path.is_empty() && !entry.dev && !entry.link);
    Ok(installed.map(|(path, entry)| package(&path, entry)).collect())
}

fn package(path: &str, entry: Entry) -> Package {
    let name = path.rsplit("node_modules/").next().unwrap_or(path);
    Package {
        name: name.to_owned(),
        version: entry.version,
        os: entry.os,
        cpu: entry.cpu,
        libc: entry.libc,
        optional: entry.optional,
        script: entry.has_install_script,
        node: entry
            .engines
            .get("node")
            .and_then(|range| range.as_str())
            .map(str::to_owned),
        optional_dependencies: entry.optional_dependencies.into_keys().collect(),
    }
}

impl Package {
    /// Whether the package allows this platform.
    fn runs_on(&self, platform: &Platform) -> bool {
        let libc = platform.libc.is_none_or(|libc| allows(&self.libc, libc));
        allows(&self.os, platform.os) && allows(&self.cpu, platform.cpu) && libc
    }

    /// Whether it is for some platforms only.
    fn is_native(&self) -> bool {
        !self.os.is_empty() || !self.cpu.is_empty() || !self.libc.is_empty()
    }
}

/// npm's rule: an empty list allows all, `!x` forbids x.
fn allows(list: &[String], word: &str) -> bool {
    let forbidden = list.iter().any(|entry| entry.strip_prefix('!') == Some(word));
    let named = list.iter().any(|entry| entry == word);
    let names = list.iter().any(|entry| !entry.starts_with('!'));
    !forbidden && (named || !names)
}

/// The packages that do not install on a platform, or need a compiler according to the lock.
///
/// A package with an install script, or with optional dependencies that are all for some platforms only, counts as
/// prebuilt where one of these is for the platform.
fn not_prebuilt(packages: &[Package], platform: &Platform) -> Vec<String> {
    let refused = |package: &&Package| {
        if package.optional {
            return false;
        }
        let natives: Vec<&Package> = packages
            .iter()
            .filter(|other| package.optional_dependencies.contains(&other.name) && other.is_native())
            .collect();
        let prebuilt = natives.iter().any(|native| native.runs_on(platform));
        !package.runs_on(platform) || (package.script && !prebuilt) || (!natives.is_empty() && !prebuilt)
    };
    packages
        .iter()
        .filter(refused)
        .map(|package| package.name.clone())
        .collect()
}

/// The packages that do not support a version of Node.js, the first by name. One that is optional may be left out.
fn refusal(packages: &[Package], version: &Version) -> Option<String> {
    let refuses = |package: &&Package| {
        let range = package.node.as_deref().filter(|_| !package.optional);
        range.is_some_and(|range| !range_allows(range, version))
    };
    let mut refusing: Vec<&Package> = packages.iter().filter(refuses).collect();
    refusing.sort_by(|a, b| a.name.cmp(&b.name));
    let first = refusing.first()?;
    let others = match refusing.len() - 1 {
        0 => String::new(),
        1 => ", and another package too".to_owned(),
        several => format!(", and {several} other packages too"),
    };
    let (name, its, range) = (&first.name, &first.version, first.node.as_deref()?);
    Some(format!("{name} {its} needs node {range}{others}"))
}

#[cfg(test)]
mod tests {
    use super::super::platform::PLATFORMS;
    use super::{not_prebuilt, read, refusal};
    use semver::Version;

    const LOCK: &str = r#"{ "lockfileVersion": 3, "packages": {
        "": { "name": "x", "version": "1.0.0" },
        "node_modules/plain": { "version": "1.2.3" },
        "node_modules/plain/node_modules/@scope/inner": { "version": "2.0.0" },
        "node_modules/tester": { "version": "9.9.9", "dev": true },
        "node_modules/picture": { "version": "3.0.0", "hasInstallScript": true,
          "optionalDependencies": { "@picture/linux-x64": "3.0.0", "@picture/win32-x64": "3.0.0" } },
        "node_modules/@picture/linux-x64": { "version": "3.0.0", "optional": true, "os": ["linux"], "cpu": ["x64"], "libc": ["glibc"] },
        "node_modules/@picture/win32-x64": { "version": "3.0.0", "optional": true, "os": ["win32"], "cpu": ["x64"] },
        "node_modules/unix": { "version": "1.0.0", "os": ["!win32"] }
    } }"#;

    #[test]
    fn packages_for_development_are_skipped() {
        let packages = read(LOCK).unwrap();
        let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "@picture/linux-x64",
                "@picture/win32-x64",
                "picture",
                "plain",
                "@scope/inner",
                "unix"
            ]
        );
        assert_eq!(
            packages
                .iter()
                .filter(|package| package.runs_on(&PLATFORMS[0]))
                .count(),
            5
        );
    }

    #[test]
    fn a_package_with_a_script_is_prebuilt_where_a_native_package_exists() {
        let packages = read(LOCK).unwrap();
        let missing: Vec<Vec<String>> = PLATFORMS
            .iter()
            .map(|platform| not_prebuilt(&packages, platform))
            .collect();
        assert_eq!(missing[0], [""; 0], "linux-x64");
        assert_eq!(missing[1], ["picture"], "linux-arm64");
        assert_eq!(missing[2], ["picture"], "linux-x64-musl");
        assert_eq!(missing[5], ["unix"], "windows-x64");
        assert_eq!(missing[6], ["picture", "unix"], "windows-arm64");
    }

    #[test]
    fn packages_say_which_node_they_support() {
        let lock = r#"{ "lockfileVersion": 3, "packages": {
            "": { "name": "x", "engines": { "node": ">=99" } },
            "node_modules/light-my-request": { "version": "6.8.1", "engines": { "node": ">=22" } },
            "node_modules/toad-cache": { "version": "3.7.4", "engines": { "node": ">= 22" } },
            "node_modules/old": { "version": "1.0.0", "engines": ["node >= 0.2.0"] },
            "node_modules/tester": { "version": "9.9.9", "dev": true, "engines": { "node": ">=99" } },
            "node_modules/extra": { "version": "1.0.0", "optional": true, "engines": { "node": ">=99" } }
        } }"#;
        let packages = read(lock).unwrap();
        assert_eq!(
            refusal(&packages, &Version::new(20, 20, 2)).as_deref(),
            Some("light-my-request 6.8.1 needs node >=22, and another package too")
        );
        assert_eq!(refusal(&packages, &Version::new(24, 22, 3)), None);
        assert_eq!(refusal(&read(LOCK).unwrap(), &Version::new(20, 0, 0)), None);
    }

    #[test]
    fn a_text_that_is_no_lock_is_an_error() {
        assert!(read("{}").is_err());
        assert_eq!(
            read(r#"{"lockfileVersion": 1, "packages": {}}"#).unwrap_err(),
            "the lock file has version 1, and 2 and 3 are known"
        );
    }
}
