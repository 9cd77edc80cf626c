//! How long runtimes and frameworks are supported, by a dated table that ships with the program. It compares with a day
//! that the caller names, and reads no clock.

mod read;
mod table;

pub use table::Standing;
pub(crate) use table::SupportTable;

use crate::runtime::Runtime;
use bakeoff_core::contender::Framework;
use bakeoff_core::evidence::{Support, SupportedPart};
use std::sync::LazyLock;

/// The table's name in errors.
const FILE: &str = "crates/bakeoff-lab/data/support.toml";

static SHIPPED: LazyLock<SupportTable> = LazyLock::new(|| {
    read::parse(include_str!("../data/support.toml"), FILE).expect("a test reads the table that ships")
});

/// The table that ships with the program.
pub(crate) fn shipped() -> &'static SupportTable {
    &SHIPPED
}

/// What the shipped table says of a contender's runtime and of its framework's locked version; nothing of what it does
/// not know. `not_provided` is why bakeoff did not provide a better runtime, where it tried.
#[must_use]
pub fn support_of(
    runtime: &Runtime,
    framework: Option<(&Framework, &str)>,
    not_provided: Option<&str>,
) -> Vec<Support> {
    let table = shipped();
    let version = runtime.version.to_string();
    let of_runtime = table.runtime(&runtime.name).map(|subject| Support {
        older_than: subject.wanted_above(&runtime.version).map(str::to_owned),
        not_provided: not_provided.map(str::to_owned),
        ..subject.support(SupportedPart::Runtime, &version, table.date())
    });
    let of_framework = framework.and_then(|(framework, version)| {
        let subject = table.framework(&framework.package)?;
        Some(subject.support(SupportedPart::Framework, version, table.date()))
    });
    of_runtime.into_iter().chain(of_framework).collect()
}

#[cfg(test)]
mod tests {
    use super::{shipped, support_of};
    use crate::runtime::Runtime;
    use bakeoff_core::contender::{self, Framework};
    use bakeoff_core::evidence::{Caution, SupportedPart};
    use semver::Version;
    use std::fs;
    use std::path::Path;

    fn runtime(name: &str, version: Version) -> Runtime {
        Runtime {
            name: name.to_owned(),
            program: "/usr/bin/it".into(),
            version,
        }
    }

    #[test]
    fn a_stack_gets_the_lines_of_its_runtime_and_of_its_framework() {
        let django = Framework {
            name: "Django".to_owned(),
            package: "django".to_owned(),
        };
        let python = runtime("python", Version::new(3, 11, 7));
        let support = support_of(&python, Some((&django, "5.2.19")), Some("`uv` is not on PATH"));
        let [python, django] = &support[..] else {
            panic!("{support:?}");
        };
        assert_eq!(
            (python.part, django.part),
            (SupportedPart::Runtime, SupportedPart::Framework)
        );
        assert_eq!(python.what, "Python 3.11.7");
        assert_eq!(python.older_than.as_deref(), Some("3.12"));
        assert_eq!(python.ends.as_deref(), Some("2027-10-31"));
        assert_eq!(python.not_provided.as_deref(), Some("`uv` is not on PATH"));
        assert_eq!(
            (django.what.as_str(), django.line.as_deref()),
            ("Django 5.2.19", Some("5.2"))
        );
        assert_eq!(django.ends.as_deref(), Some("2028-04-30"));
    }

    #[test]
    fn an_ended_runtime_is_a_caution_and_a_living_one_is_none() {
        let id = |version| {
            let support = support_of(&runtime("node", version), None, None);
            support[0].caution_on("2026-11-28").as_ref().map(Caution::id)
        };
        assert_eq!(id(Version::new(20, 20, 2)), Some("runtime-ended"));
        assert_eq!(id(Version::new(25, 9, 0)), Some("runtime-ended"));
        assert_eq!(id(Version::new(24, 22, 3)), None);
        assert_eq!(id(Version::new(99, 0, 0)), None, "the table does not know it");
    }

    #[test]
    fn what_the_table_does_not_know_has_no_entry() {
        let odd = Framework {
            name: "Odd".to_owned(),
            package: "odd".to_owned(),
        };
        assert_eq!(
            support_of(
                &runtime("crystal", Version::new(1, 4, 5)),
                Some((&odd, "1.0.0")),
                None
            ),
            []
        );
    }

    #[test]
    fn every_shipped_contender_has_a_runtime_and_a_framework_in_the_table() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contenders");
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let Ok(text) = fs::read_to_string(entry.path().join("contender.toml")) else {
                continue;
            };
            let contender = contender::parse(&text, "contender.toml").unwrap();
            let name = &contender.name;
            assert!(shipped().runtime(&contender.runtime.name).is_some(), "{name}");
            if let Some(framework) = &contender.framework {
                assert!(
                    shipped().framework(&framework.package).is_some(),
                    "{name}: `{}` has no entry in data/support.toml",
                    framework.package
                );
            }
        }
    }
}
