//! What installing for a need adds to a contender, in packages and bytes: the dated snapshot `data/needs_closure.toml`
//! that ships with the program. The script `data/needs_closure.py` makes it, so that a run needs no network.

use super::snapshot::Cover;
use bakeoff_core::contender::Contender;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The snapshot that ships with the program.
pub(super) static SHIPPED: LazyLock<Closures> = LazyLock::new(|| {
    let text = include_str!("../../../../data/needs_closure.toml");
    toml::from_str(text).expect("a test reads the snapshot that ships")
});

/// A snapshot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closures {
    /// `YYYY-MM-DD`.
    pub(super) date: String,
    /// Where everything was installed, as `linux-x64`.
    pub(super) platform: String,
    /// By family: the bytes of each package, as `name version`, when it is installed.
    pub(super) bytes: BTreeMap<String, BTreeMap<String, u64>>,
    /// By contender or family, by need: the packages that installing for the need adds.
    pub(super) added: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What the needs of a brief add to the packages of the contract.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Added {
    /// How many packages.
    pub(in super::super) packages: usize,
    /// Their installed size.
    pub(in super::super) bytes: u64,
    /// The needs that add some.
    pub(in super::super) needs: Vec<String>,
    /// The platform and the day of the snapshot, as `linux-x64, 2026-11-29`.
    pub(in super::super) snapshot: String,
}

impl Added {
    /// What follows the amount of the contract alone: ` and 14 for pdf, oauth`.
    pub(in super::super) fn beside(&self, amount: &str) -> String {
        if self.needs.is_empty() {
            " and none for the brief's needs".to_owned()
        } else {
            format!(" and {amount} for {}", self.needs.join(", "))
        }
    }
}

impl Closures {
    /// What the covers of a brief's needs add to a contender whose lock installs the packages `locked`, each package
    /// once; or why that is unknown.
    pub(super) fn added(
        &self,
        covers: &[Cover<'_>],
        contender: &Contender,
        locked: &[String],
    ) -> Result<Added, String> {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        let mut needs = Vec::new();
        for cover in covers {
            let packages = self.of_need(cover, contender, locked)?;
            if !packages.is_empty() {
                needs.push(cover.need.to_owned());
            }
            all.extend(packages);
        }
        let bytes = all
            .iter()
            .map(|package| self.bytes_of(package, &contender.family));
        Ok(Added {
            packages: all.len(),
            bytes: bytes.sum::<Result<u64, String>>()?,
            needs,
            snapshot: format!("{}, {}", self.platform, self.date),
        })
    }

    /// The packages that one need adds, as `name version`. A list of the contender's own was made with its lock as the
    /// base; from the family's goes what the lock has.
    fn of_need(
        &self,
        cover: &Cover<'_>,
        contender: &Contender,
        locked: &[String],
    ) -> Result<Vec<&str>, String> {
        let is_locked = |name: &str| locked.iter().any(|locked| locked == name);
        if cover.packages().iter().all(|package| is_locked(package)) {
            return Ok(Vec::new());
        }
        let list = |key: &str| self.added.get(key)?.get(cover.need);
        if let Some(own) = list(&contender.name).or_else(|| list(contender.folder_name())) {
            return Ok(own.iter().map(String::as_str).collect());
        }
        let of_family = list(&contender.family).filter(|_| cover.is_of_family);
        let of_family = of_family.ok_or_else(|| {
            let (need, date) = (cover.need, &self.date);
            format!("the snapshot of {date} does not know what installing for {need} adds")
        })?;
        let packages = of_family.iter().map(String::as_str);
        Ok(packages.filter(|package| !is_locked(name(package))).collect())
    }

    fn bytes_of(&self, package: &str, family: &str) -> Result<u64, String> {
        let bytes = self.bytes.get(family).and_then(|bytes| bytes.get(package));
        let unknown = || {
            format!(
                "the snapshot of {} does not know the size of {package}",
                self.date
            )
        };
        bytes.copied().ok_or_else(unknown)
    }
}

/// The name of `name version`.
pub(super) fn name(package: &str) -> &str {
    package.split(' ').next().unwrap_or(package)
}
