//! `needs_covered`: how far the brief's needs are covered by what this contender can use, the mean of 1, 0.5 and 0; for
//! each `must` whether anything covers it, which can be a veto; and what installing for the needs adds to the packages
//! of the contract. From dated snapshots that ship with the program: it installs nothing.

mod closure;
mod snapshot;
#[cfg(test)]
mod tests;

use super::subject::{Subject, counted};
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{NeedCover, Observation};
use closure::Added;
use snapshot::{Cover, Level};

/// The needs that a brief may name.
#[must_use]
pub fn known() -> Vec<String> {
    snapshot::SHIPPED
        .need
        .iter()
        .map(|need| need.id.clone())
        .collect()
}

pub(super) fn observe(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let covers = covers(subject.brief, subject.contender)?;
    if covers.is_empty() {
        return Err("the brief names no need".to_owned());
    }
    Ok(vec![counted("needs_covered", mean_level(&covers), note(&covers))])
}

/// What the brief's needs add to a contender whose lock installs the packages `locked`, or why that is unknown.
pub(super) fn added(subject: &Subject<'_>, locked: &[String]) -> Result<Added, String> {
    let covers = covers(subject.brief, subject.contender)?;
    closure::SHIPPED.added(&covers, subject.contender, locked)
}

/// Whether a contender covers each need that the brief says must be covered, without those of which the snapshot knows
/// nothing for it: who looked nothing up removes nobody.
#[must_use]
pub fn must(brief: &Brief, contender: &Contender) -> Vec<NeedCover> {
    if !snapshot::SHIPPED.knows(&contender.family) {
        return Vec::new();
    }
    let of_need = |need: &String| {
        let cover = snapshot::SHIPPED.cover(need, contender).ok()?;
        Some(NeedCover {
            need: need.clone(),
            covered: cover.level() > Level::Nothing,
            note: Some(cover.with_source()),
        })
    };
    brief.needs.must.iter().filter_map(of_need).collect()
}

/// What the contender has for every need of the brief, the required ones first; or why one is unknown.
fn covers(brief: &Brief, contender: &Contender) -> Result<Vec<Cover<'static>>, String> {
    let needs: Vec<&String> = brief.needs.must.iter().chain(&brief.needs.want).collect();
    let snapshot: &'static snapshot::Snapshot = &snapshot::SHIPPED;
    if !needs.is_empty() && !snapshot.knows(&contender.family) {
        let family = &contender.family;
        return Err(format!("the snapshot of needs has nothing about `{family}`"));
    }
    needs
        .into_iter()
        .map(|need| snapshot.cover(need, contender))
        .collect()
}

fn mean_level(covers: &[Cover<'_>]) -> f64 {
    let sum: f64 = covers.iter().map(|cover| cover.level().value()).sum();
    sum / covers.len() as f64
}

fn note(covers: &[Cover<'_>]) -> String {
    let each: Vec<String> = covers.iter().map(Cover::in_words).collect();
    format!("{} (as of {})", each.join("; "), snapshot::SHIPPED.date)
}
