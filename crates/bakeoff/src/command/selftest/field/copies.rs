//! The copies of one contender: their names, their records, their servers, and who of them takes part in a replay. All
//! start from one installed folder, so that nothing but a launch and the dearer copy's work tells them apart.

use crate::domain::Domain;
use crate::exit::Failure;
use bakeoff_core::evidence::ContenderRecord;
use bakeoff_core::stop::Cast;
use bakeoff_lab::{ExtraWork, Prepared};

/// Names of copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copies {
    /// The contender that is copied.
    pub(super) of: String,
    /// The names of the equal copies.
    pub(super) equals: Vec<String>,
    /// The name of the dearer one.
    pub(super) dearer: String,
}

impl Copies {
    /// That number of equal copies, and a dearer one.
    pub(super) fn new(of: &str, equals: u32) -> Copies {
        Copies {
            of: of.to_owned(),
            equals: (1..=equals).map(|number| format!("{of}-{number}")).collect(),
            dearer: format!("{of}-dearer"),
        }
    }

    /// All names, the dearer copy's last.
    pub(super) fn all(&self) -> Vec<String> {
        self.equals.iter().chain([&self.dearer]).cloned().collect()
    }

    /// Adds the copies to the contenders that are known.
    pub(super) fn enter(&self, domain: &mut Domain) {
        let Some(original) = domain.contenders.get(&self.of).cloned() else {
            return;
        };
        for name in self.all() {
            let mut copy = original.clone();
            copy.contender.name.clone_from(&name);
            domain.contenders.insert(name, copy);
        }
    }

    /// The record of each copy: that of the original under another name.
    pub(super) fn records(&self, original: &ContenderRecord) -> Vec<ContenderRecord> {
        let record = |name: String| ContenderRecord {
            title: name.clone(),
            name,
            ..original.clone()
        };
        self.all().into_iter().map(record).collect()
    }

    /// Each copy ready to start; the dearer one hashes that number of bytes before each request.
    ///
    /// # Errors
    /// No work can be added to servers of its language.
    pub(super) fn prepared(
        &self,
        original: &Prepared,
        extra_work: &ExtraWork,
        bytes: u64,
    ) -> Result<Vec<Prepared>, Failure> {
        let equals = self.equals.iter().map(|name| named(original, name));
        let dearer = self.with_work(original, &self.dearer, extra_work, bytes)?;
        Ok(equals.chain([dearer]).collect())
    }

    /// A copy under that name that hashes that number of bytes before each request.
    ///
    /// # Errors
    /// As [`Copies::prepared`].
    pub(super) fn with_work(
        &self,
        original: &Prepared,
        name: &str,
        extra_work: &ExtraWork,
        bytes: u64,
    ) -> Result<Prepared, Failure> {
        extra_work.added_to(&named(original, name), bytes).ok_or_else(|| {
            Failure::usage(
                format!("no work can be added to the servers of `{}`", self.of),
                "name a contender on Node.js, or one on Gunicorn",
            )
        })
    }

    /// Replays of equals alone.
    pub(super) fn equals_only(&self) -> Cast {
        Cast {
            equals: self.equals.clone(),
            playing: self.equals.clone(),
            others: Vec::new(),
        }
    }

    /// Replays in which the dearer copy takes the place of an equal one that has no twin.
    pub(super) fn with_dearer(&self, twin_of: Option<&str>) -> Cast {
        let mut playing = self.equals.clone();
        if let Some(place) = playing.iter().rposition(|name| Some(name.as_str()) != twin_of) {
            playing.remove(place);
        }
        Cast {
            equals: self.equals.clone(),
            playing,
            others: vec![self.dearer.clone()],
        }
    }

    /// Why the original cannot be copied.
    pub(super) fn not_prepared(&self, records: &[ContenderRecord]) -> Failure {
        let faults = records.iter().flat_map(|record| &record.faults);
        let reasons: Vec<&str> = faults.map(|fault| fault.message.as_str()).collect();
        Failure::lab(
            format!("`{}` is not installed: {}", self.of, reasons.join("; ")),
            format!("`bakeoff prepare {}` shows why", self.of),
        )
    }
}

/// The same folder under another name.
pub(super) fn named(original: &Prepared, name: &str) -> Prepared {
    let mut copy = original.clone();
    copy.contender.name = name.to_owned();
    copy
}

#[cfg(test)]
mod tests {
    use super::Copies;

    #[test]
    fn the_dearer_copy_takes_the_place_of_one_without_a_twin() {
        let copies = Copies::new("a", 3);
        assert_eq!(copies.all(), ["a-1", "a-2", "a-3", "a-dearer"]);
        assert_eq!(copies.equals_only().playing, copies.equals);
        assert_eq!(copies.with_dearer(Some("a-3")).playing, ["a-1", "a-3"]);
        let cast = copies.with_dearer(Some("a-1"));
        assert_eq!(cast.playing, ["a-1", "a-2"]);
        assert_eq!((cast.equals.len(), cast.others), (3, vec!["a-dearer".to_owned()]));
    }
}
