//! `[verdict]`: what it takes to be chosen, as `separated = 0.99`. Only probabilities that a leader can have are
//! allowed: at one half or below, every leader would pass.

use super::reader::{Reader, Section, Within};
use crate::brief::Thresholds;

const BEST: Within = Within {
    holds: |v| (0.0..1.0).contains(&v),
    words: "a probability from 0 to below 1",
};
const AHEAD: Within = Within {
    holds: |v| (0.5..1.0).contains(&v),
    words: "a probability from 0.5 to below 1",
};

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Thresholds {
    let otherwise = Thresholds::default();
    let Some(section) = reader.section(root, "verdict") else {
        return otherwise;
    };
    reader.keys(&section, &["p_best", "pairwise", "separated"]);
    let mut read = |key: &str, within: &Within, otherwise: f64| {
        let number = reader.number(&section, key, within);
        number.map_or(otherwise, toml::Spanned::into_inner)
    };
    Thresholds {
        p_best: read("p_best", &BEST, otherwise.p_best),
        pairwise: read("pairwise", &AHEAD, otherwise.pairwise),
        separated: read("separated", &AHEAD, otherwise.separated),
    }
}
