//! A requirements file with pinned and hashed packages. No resolver: the lock lists every package.

use super::lock_reader::LockReader;
use super::marker;
use super::platform::Platform;
use super::wheels::{self, Wheels};
use crate::probe::static_probes::python_environment::python_minor;

/// The minor version of the oldest CPython that a contender may need.
const OLDEST_MINOR: u32 = 11;

/// A pinned package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pin {
    /// In the registry's normal form: small letters, hyphens.
    pub(super) name: String,
    pub(super) version: String,
    marker: Option<String>,
}

/// The reader of requirements files.
pub(crate) const READER: LockReader = LockReader {
    versions: |text, runtime| {
        let minor = runtime.and_then(|version| u32::try_from(version.minor).ok());
        let is_installed = |pin: &Pin| match (Platform::here(), minor) {
            (Some(here), Some(minor)) => pin.needed_on(here, minor),
            _ => true,
        };
        let pins = read(text).into_iter().filter(is_installed);
        Ok(pins.map(|pin| (pin.name, pin.version)).collect())
    },
    installed: |text, platform, prepared| {
        let minor = python_minor(prepared).unwrap_or(OLDEST_MINOR);
        let pins = read(text).into_iter();
        let installed = pins.filter(|pin| pin.needed_on(platform, minor));
        Ok(installed.map(|pin| pin.name).collect())
    },
    not_prebuilt: |text, platform, folder| {
        let pins = read(text);
        match wheels::beside(folder)? {
            Some(own) => not_prebuilt(&pins, platform, &own),
            None => not_prebuilt(&pins, platform, wheels::shipped()),
        }
    },
    // A requirements file has nothing about interpreters: the install shows it.
    refusal: |_, _| None,
};

/// Reads the pins; skips hashes, comments and options.
pub(super) fn read(text: &str) -> Vec<Pin> {
    text.lines().filter_map(pin).collect()
}

fn pin(line: &str) -> Option<Pin> {
    let line = line.split(" #").next().unwrap_or(line);
    let line = line
        .split(" --")
        .next()
        .unwrap_or(line)
        .trim_end_matches('\\')
        .trim_end();
    if line.is_empty() || line.starts_with([' ', '\t', '#', '-']) {
        return None;
    }
    let (requirement, marker) = match line.split_once(';') {
        Some((requirement, marker)) => (requirement, Some(marker.trim().to_owned())),
        None => (line, None),
    };
    let (name, version) = requirement.split_once("==")?;
    let version = version.split_whitespace().next()?;
    let name = name.split('[').next().unwrap_or(name);
    Some(Pin {
        name: normal(name.trim()),
        version: version.to_owned(),
        marker,
    })
}

/// A name as the registry compares it (PEP 503).
fn normal(name: &str) -> String {
    name.split(['-', '_', '.'])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .to_lowercase()
}

impl Pin {
    /// Whether it is installed on a platform with CPython 3.`minor`.
    fn needed_on(&self, platform: &Platform, minor: u32) -> bool {
        self.marker
            .as_deref()
            .is_none_or(|marker| marker::holds(marker, platform, minor))
    }
}

/// The packages without a wheel for a platform, or the reason why that is unknown.
fn not_prebuilt(pins: &[Pin], platform: &Platform, wheels: &Wheels) -> Result<Vec<String>, String> {
    let mut missing = Vec::new();
    for pin in pins.iter().filter(|pin| pin.needed_on(platform, OLDEST_MINOR)) {
        let key = format!("{}=={}", pin.name, pin.version);
        let tags = wheels
            .wheels
            .get(&key)
            .ok_or_else(|| {
                format!(
                    "the snapshot of wheels of {} does not have `{key}`; `bakeoff contender lock` makes one for a \
                     contender of yours",
                    wheels.date
                )
            })?;
        if !tags.iter().any(|tag| platform.takes(tag)) {
            missing.push(pin.name.clone());
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::super::platform::PLATFORMS;
    use super::super::wheels::Wheels;
    use super::{READER, not_prebuilt, read};
    use semver::Version;

    const LOCK: &str = "# made by a tool\n--require-hashes\nFlask==3.1.3 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via me\n\
        psycopg_binary[x]==3.3.9 ; implementation_name != 'pypy' \\\n    --hash=sha256:02\ntzdata==2026.6 ; sys_platform == 'win32' --hash=sha256:03\n";

    #[test]
    fn pins_are_read() {
        let pins = read(LOCK);
        let names: Vec<(&str, &str)> = pins
            .iter()
            .map(|pin| (pin.name.as_str(), pin.version.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                ("flask", "3.1.3"),
                ("psycopg-binary", "3.3.9"),
                ("tzdata", "2026.6")
            ]
        );
        assert_eq!(
            pins.iter().filter(|pin| pin.needed_on(&PLATFORMS[0], 11)).count(),
            2
        );
        assert_eq!(
            pins.iter().filter(|pin| pin.needed_on(&PLATFORMS[5], 11)).count(),
            3
        );
    }

    #[test]
    fn the_interpreter_decides_between_two_pins_of_a_package() {
        let lock = "django==5.2.19 ; python_version < '3.12'\ndjango==6.1.3 ; python_version >= '3.12'\n";
        let django = |runtime: Option<&Version>| (READER.versions)(lock, runtime).unwrap()["django"].clone();
        assert_eq!(django(Some(&Version::new(3, 11, 7))), "5.2.19");
        assert_eq!(django(Some(&Version::new(3, 13, 0))), "6.1.3");
    }

    #[test]
    fn a_platform_without_a_wheel_names_the_package() {
        let wheels = Wheels::of(
            "date = \"2026-11-24\"\n[wheels]\n\"flask==3.1.3\" = [\"any\"]\n\"tzdata==2026.6\" = [\"any\"]\n\
             \"psycopg-binary==3.3.9\" = [\"manylinux_2_17_x86_64\", \"win_amd64\"]\n",
        );
        let pins = read(LOCK);
        assert_eq!(not_prebuilt(&pins, &PLATFORMS[0], &wheels), Ok(vec![]));
        assert_eq!(
            not_prebuilt(&pins, &PLATFORMS[1], &wheels),
            Ok(vec!["psycopg-binary".to_owned()])
        );
        assert_eq!(not_prebuilt(&pins, &PLATFORMS[5], &wheels), Ok(vec![]));
        let unknown = not_prebuilt(&read("new==1.0\n"), &PLATFORMS[0], &wheels);
        assert_eq!(
            unknown,
            Err(
                "the snapshot of wheels of 2026-11-24 does not have `new==1.0`; `bakeoff contender lock` makes one \
                 for a contender of yours"
                    .to_owned()
            )
        );
    }
}
