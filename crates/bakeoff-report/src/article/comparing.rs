//! Comparisons that the article makes besides the claims: one family with another on a metric, one contender with
//! another. They go through the core's claims, so that the article has no statistic of its own.

use super::story::Story;
use bakeoff_core::claim::{Against, Answer, Claim, Fits, Relation, Role, Rule, Side, Test, Verdict, settle};
use bakeoff_core::contender::family_title;
use bakeoff_core::metric::{Better, Metric};
use bakeoff_core::words::claims::claim as in_words;

/// Whether one side is the better one on a metric.
pub(super) fn better(story: &Story<'_, '_>, metric: &Metric, one: Side, other: Side) -> Answer {
    let claim = Claim {
        id: String::new(),
        sentence: String::new(),
        said: Vec::new(),
        reading: String::new(),
        limits: String::new(),
        settle: String::new(),
        tests: vec![Test {
            about: metric.title.to_owned(),
            role: Role::Decides,
            rule: Rule::Compare {
                metric: metric.id.to_owned(),
                of: one,
                is: match metric.better {
                    Better::Lower => Relation::Lower,
                    Better::Higher => Relation::Higher,
                },
                than: Against::Side(other),
            },
        }],
    };
    let document = story.document;
    settle(&claim, document.run, document.brief, document.judgement)
}

/// Who leads of two families on a metric, and the sentence with the numbers, told from the side that leads; none where
/// it was not tested.
pub(super) fn families(
    story: &Story<'_, '_>,
    metric: &Metric,
    one: &str,
    other: &str,
) -> Option<(String, String)> {
    let side = |family: &str| Side::Family(family.to_owned());
    let of = |one: &str, other: &str| better(story, metric, side(one), side(other));
    let count = |answer: &Answer, fits: Fits| {
        let pairs = answer.tests.iter().flat_map(|tested| &tested.pairs);
        pairs.filter(|pair| pair.fits == fits).count()
    };
    let (first, second) = (of(one, other), of(other, one));
    let (ahead, mut answer) = if count(&second, Fits::Holds) > count(&first, Fits::Holds) {
        (other, second)
    } else {
        (one, first)
    };
    let head = match (answer.verdict, count(&answer, Fits::Holds)) {
        (Verdict::NotTested, _) => return None,
        (Verdict::Supported, _) => format!("{} leads", family_title(ahead)),
        (Verdict::Refuted, _) => "It depends on the stack".to_owned(),
        (Verdict::NotSeparable, 0) => "No difference beyond the noise".to_owned(),
        (Verdict::NotSeparable, _) => format!("{} leads in part", family_title(ahead)),
    };
    // Why values are absent stands once, at the end of the article.
    answer.tests.iter_mut().for_each(|tested| tested.lacks.clear());
    Some((head, in_words(&answer, story.document).because.join(" ")))
}

/// Whether one contender is beyond doubt better than another one.
pub(super) fn is_better(story: &Story<'_, '_>, metric: &Metric, one: &str, other: &str) -> bool {
    let side = |name: &str| Side::Contenders(vec![name.to_owned()]);
    better(story, metric, side(one), side(other)).verdict == Verdict::Supported
}
