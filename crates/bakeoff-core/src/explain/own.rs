//! Explains the measures and criteria that a brief itself states, with the brief's numbers.

use crate::brief::{Brief, OwnMeasure};
use crate::metric::{Better, Scale};
use crate::words::number::{Quantity, list};

/// The paragraph of the brief's own measure or criterion that `is` means, if there is one.
pub(super) fn paragraph(brief: &Brief, is: impl Fn(&str) -> bool) -> Option<String> {
    if let Some(own) = brief.measures.iter().find(|own| is(&own.id)) {
        return Some(measure(brief, own));
    }
    let criteria = brief.criteria();
    let own = criteria.iter().filter(|criterion| criterion.founding.is_none());
    let criterion = own.into_iter().find(|criterion| is(&criterion.id))?;
    Some(format!(
        "{} (criterion of `{}`): {}\nIts measures: {}.",
        criterion.id,
        brief.name,
        criterion.sentence,
        list(&quoted(&brief.metrics_of(&criterion.id)))
    ))
}

fn measure(brief: &Brief, own: &OwnMeasure) -> String {
    let better = match own.better {
        Better::Lower => "Less is better",
        Better::Higher => "More is better",
    };
    let scale = match own.scale {
        Scale::Log => "ratios count",
        Scale::Linear => "differences count",
    };
    let with_unit = |value| Quantity::new(value, &own.unit).as_set();
    let known: Vec<&str> = own.values.keys().map(String::as_str).collect();
    format!(
        "{} (measure of {}, stated by `{}`): {}\n{better}. Score 0 is at {}, score 1 at {}; between them {scale}.\n\
         Where it comes from: the brief states it for {}; other contenders have no evidence of it.",
        own.id,
        own.criterion,
        brief.name,
        own.title,
        with_unit(own.worst),
        with_unit(own.best),
        list(&quoted(&known))
    )
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
}
