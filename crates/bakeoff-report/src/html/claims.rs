//! What people say: each claim with its verdict, the numbers that settle it, how it is read and where it is said.

use super::prose::Prose;
use crate::claims;
use crate::document::Document;
use askama::Template;
use bakeoff_core::words::claims::ClaimWords;

#[derive(Template)]
#[template(path = "claims.html")]
pub(super) struct Claims {
    rows: Vec<Row>,
}

impl askama::filters::HtmlSafe for Claims {}

struct Row {
    id: String,
    sentence: Prose,
    verdict: String,
    because: Vec<Prose>,
    beside: Vec<Prose>,
    values: Vec<Prose>,
    reading: Prose,
    limits: Prose,
    settle: Prose,
    said: Vec<String>,
}

impl Claims {
    pub(super) fn of(document: &Document<'_>) -> Self {
        Claims {
            rows: claims::words(document).into_iter().map(row).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn row(words: ClaimWords) -> Row {
    let prose = |all: &[String]| all.iter().map(|text| Prose::of(text)).collect();
    Row {
        sentence: Prose::of(&words.sentence),
        because: prose(&words.because),
        beside: prose(&words.beside),
        values: prose(&words.values),
        reading: Prose::of(&words.reading),
        limits: Prose::of(&words.limits),
        settle: Prose::of(&words.settle),
        id: words.id,
        verdict: words.verdict,
        said: words.said,
    }
}
