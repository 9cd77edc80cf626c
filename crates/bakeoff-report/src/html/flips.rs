//! What would change the answer: the smallest changes of weights and of measurements; and how often each contender
//! beats each other one. It lists changes and advises none.

use super::axis::{Axis, percent};
use super::palette::{Named, Palette};
use super::prose::Prose;
use crate::document::Document;
use crate::field::field;
use askama::Template;
use bakeoff_core::range::Range;
use bakeoff_core::verdict::Flip;
use bakeoff_core::words::number::{self, Quantity};

/// How many changes of weights, and of measurements, stand in the first table.
const WEIGHTS_SHOWN: usize = 4;
const MEASUREMENTS_SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "flips.html")]
pub(super) struct Flips {
    rows: Vec<Change>,
    further: Vec<Change>,
    reasons: Vec<Prose>,
    heads: Vec<Named>,
    pairs: Vec<Pairs>,
}

impl askama::filters::HtmlSafe for Flips {}

/// One change: of what, from where to where, and who wins then.
struct Change {
    of: String,
    whose: Option<Named>,
    link: String,
    from: String,
    to: String,
    way: Way,
    winner: Named,
}

/// Where a change begins and ends on its scale, in percent.
struct Way {
    now: String,
    then: String,
    start: String,
    width: String,
}

struct Pairs {
    named: Named,
    cells: Vec<(String, String)>,
    loss: String,
}

impl Flips {
    pub(super) fn of(document: &Document<'_>, palette: &Palette) -> Self {
        let verdict = &document.judgement.verdict;
        let field = field(document);
        let ranked: Vec<&str> = field.iter().filter(|e| e.is_ranked()).map(|e| e.name).collect();
        let (near, far) = nearest(&verdict.flips);
        let drawn = |flips: Vec<&Flip>| {
            flips
                .into_iter()
                .map(|flip| change(document, palette, flip))
                .collect()
        };
        let (rows, further) = (drawn(near), drawn(far));
        Flips {
            rows,
            further,
            reasons: document
                .words
                .reasons
                .iter()
                .map(|reason| Prose::of(reason))
                .collect(),
            heads: ranked.iter().map(|name| Named::of(palette, name)).collect(),
            pairs: ranked
                .iter()
                .map(|name| pairs(document, palette, name, &ranked))
                .collect(),
        }
    }
}

/// The first of each kind, the judgement's order kept, and the others.
fn nearest(flips: &[Flip]) -> (Vec<&Flip>, Vec<&Flip>) {
    let (mut weights, mut measurements) = (WEIGHTS_SHOWN, MEASUREMENTS_SHOWN);
    flips.iter().partition(|flip| {
        let left = match flip {
            Flip::Weight { .. } => &mut weights,
            Flip::Measurement { .. } => &mut measurements,
        };
        let shown = *left > 0;
        *left = left.saturating_sub(1);
        shown
    })
}

fn change(document: &Document<'_>, palette: &Palette, flip: &Flip) -> Change {
    match flip {
        Flip::Weight {
            criterion,
            from,
            to,
            winner,
        } => {
            let words = document.criterion_words(criterion);
            Change {
                of: format!("weight of {words}"),
                whose: None,
                link: criterion.clone(),
                from: number::share(*from),
                to: number::share(*to),
                way: Way::between(&Axis::UNIT, *from, *to),
                winner: Named::of(palette, winner),
            }
        }
        Flip::Measurement {
            contender,
            metric: id,
            from,
            to,
            winner,
        } => {
            let unit = document.brief.unit_of(id);
            let ends = [*from, *to].map(|value| Range {
                value,
                low: value,
                high: value,
            });
            let axis = Axis::around(&ends, &[], document.scale(id));
            Change {
                of: document.brief.title_of(id).to_owned(),
                whose: Some(Named::of(palette, contender)),
                link: super::estimates::link(palette, contender, id),
                from: Quantity::new(*from, unit).in_table(),
                to: Quantity::new(*to, unit).in_table(),
                way: Way::between(&axis, *from, *to),
                winner: Named::of(palette, winner),
            }
        }
    }
}

impl Way {
    fn between(axis: &Axis, from: f64, to: f64) -> Self {
        let (now, then) = (axis.percent(from), axis.percent(to));
        Way {
            now: percent(now),
            then: percent(then),
            start: percent(now.min(then)),
            width: percent((now - then).abs()),
        }
    }
}

fn pairs(document: &Document<'_>, palette: &Palette, name: &str, ranked: &[&str]) -> Pairs {
    let verdict = &document.judgement.verdict;
    let cell = |other: &&str| {
        if *other == name {
            return (String::new(), "0".to_owned());
        }
        match verdict.pairwise.get(name).and_then(|row| row.get(*other)) {
            Some(p) => (
                number::probability(*p),
                format!("{:.2}", ((p - 0.5).max(0.0) * 0.6).min(0.3)),
            ),
            None => ("–".to_owned(), "0".to_owned()),
        }
    };
    Pairs {
        named: Named::of(palette, name),
        cells: ranked.iter().map(cell).collect(),
        loss: verdict
            .expected_loss
            .get(name)
            .map_or("–".to_owned(), |loss| number::score_difference(*loss)),
    }
}
