//! Explains what a brief states itself: its measures and the criteria of its own. Deliberately with the brief's numbers only.

use crate::brief::{Brief, OwnMeasure};
use crate::metric::{Better, Scale};
use crate::sentences::number::{list, stated};

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
    let with_unit = |value| format!("{} {}", stated(value), own.unit).trim_end().to_owned();
    let known: Vec<&str> = own.values.keys().map(String::as_str).collect();
    format!(
        "{} (measure of {}, stated by `{}`): {}\n{better}. Value 0 stands at {}, value 1 at {}; between them {scale}.\n\
         How it is had: the brief states it for {}; any other contender has no evidence of it.",
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
