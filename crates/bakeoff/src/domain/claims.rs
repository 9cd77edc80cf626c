//! The ledger of claims: what people say, from inside the binary, from a run, and from folders `claims/` beside the
//! brief or in the current directory. A file of the user's own adds to the ledger and replaces a claim of the same id.
//! The core reads and settles claims.

use super::entry::Entry;
use super::folders::{listing, read_text};
use crate::exit::Failure;
use bakeoff_core::brief::Brief;
use bakeoff_core::claim::{self, Answer, Claim, Names, settle};
use bakeoff_core::contender::LANGUAGES;
use bakeoff_core::evidence::{OwnClaim, Run};
use bakeoff_core::judgement::Judgement;
use rust_embed::RustEmbed;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(RustEmbed)]
#[folder = "../../claims"]
struct EmbeddedClaims;

/// The files that ship, each with its text; the folder's README is none of them.
fn shipped() -> impl Iterator<Item = (String, String)> {
    let files = EmbeddedClaims::iter().filter(|path| path.ends_with(".toml"));
    files.filter_map(|path| {
        let file = EmbeddedClaims::get(&path)?;
        Some((
            format!("claims/{path}"),
            String::from_utf8_lossy(&file.data).into_owned(),
        ))
    })
}

/// The order in which a reader meets the claims that ship; those of a user follow.
const ORDER: [&str; 11] = [
    "python-slower",
    "node-loads-fast",
    "v8-machine-code",
    "python-step-by-step",
    "slower-than-java",
    "python-no-threads",
    "node-never-blocked",
    "node-processes",
    "one-language",
    "python-app-engine",
    "javascript-browser",
];

/// The names that a claim may use, of these contenders and of those that cannot be read.
pub(super) fn names(contenders: &BTreeMap<String, Entry>, broken: &BTreeMap<String, String>) -> Names {
    let families = contenders.values().map(|entry| entry.contender.family.clone());
    let languages = LANGUAGES.iter().map(|language| language.id.to_owned());
    let families: BTreeSet<String> = families.chain(languages).collect();
    Names {
        contenders: contenders.keys().chain(broken.keys()).cloned().collect(),
        families: families.into_iter().collect(),
    }
}

/// The claims in the folders `claims/` below these, each checked.
///
/// # Errors
/// A claim that cannot be read, with file, line and the nearest right word.
pub(super) fn own(folders: &[PathBuf], names: &Names) -> Result<Vec<OwnClaim>, Failure> {
    let mut own = Vec::new();
    for folder in folders {
        let paths = listing(&folder.join("claims")).into_iter();
        for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
            let (file, text) = (path.display().to_string(), read_text(&path)?);
            claim::parse(&text, &file, Some(names))?;
            // In a clone of this repository the ledger that ships is such a folder.
            if !is_embedded(&text) {
                own.push(OwnClaim { file, text });
            }
        }
    }
    Ok(own)
}

/// Whether the ledger that ships has a file of the same text.
fn is_embedded(text: &str) -> bool {
    shipped().any(|(_, shipped)| shipped == text)
}

/// The ledger that ships, then `own`, which were checked when they were read first.
///
/// # Errors
/// A claim that this version cannot read, with its line.
pub(crate) fn ledger(own: &[OwnClaim]) -> Result<Vec<Claim>, Failure> {
    let mut ledger: Vec<Claim> = Vec::new();
    let mut add = |text: &str, file: &str| -> Result<(), Failure> {
        let claim = claim::parse(text, file, None)?;
        match ledger.iter_mut().find(|other| other.id == claim.id) {
            Some(other) => *other = claim,
            None => ledger.push(claim),
        }
        Ok(())
    };
    for (file, text) in shipped() {
        add(&text, &file)?;
    }
    for claim in own {
        add(&claim.text, &claim.file)?;
    }
    let place = |claim: &Claim| {
        let place = ORDER.iter().position(|id| *id == claim.id);
        place.unwrap_or(ORDER.len())
    };
    ledger.sort_by_key(place);
    Ok(ledger)
}

/// What a run answers to the ledger as it stood when the run was measured: the same run gives the same answers,
/// wherever it is reported.
///
/// # Errors
/// A stored claim that this version cannot read.
pub(crate) fn answers(run: &Run, brief: &Brief, judgement: &Judgement) -> Result<Vec<Answer>, Failure> {
    let ledger = ledger(&run.claims)?;
    Ok(ledger
        .iter()
        .map(|claim| settle(claim, run, brief, judgement))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{ORDER, ledger, names, shipped};
    use crate::domain::Domain;
    use bakeoff_core::claim;
    use std::path::Path;

    #[test]
    fn every_claim_that_ships_names_what_exists_and_has_its_place() {
        let domain = Domain::open(Path::new(".")).unwrap();
        let names = names(&domain.contenders, &domain.broken);
        for (file, text) in shipped() {
            let claim = claim::parse(&text, &file, Some(&names)).unwrap_or_else(|wrong| panic!("{wrong}"));
            assert_eq!(
                format!("claims/{}.toml", claim.id),
                file,
                "a file has the name of its claim"
            );
        }
        let ids: Vec<String> = ledger(&[]).unwrap().into_iter().map(|claim| claim.id).collect();
        assert_eq!(ids, ORDER);
    }
}
