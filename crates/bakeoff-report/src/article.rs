//! The article: what the founding question promised, from one run: what each stack is, the six criteria with what was
//! measured, what people say, and how to choose depending on the specification. Markdown with SVG figures beside it.
//! Pure: the same run gives the same bytes. It judges nothing: sentences, scores and comparisons come from the core.

mod choosing;
mod comparing;
mod criteria;
mod figure;
mod lanes;
mod opening;
mod stacks;
mod story;
mod telling;

pub use figure::FIGURES;

use crate::document::Document;
use crate::field::field;
use crate::html::palette::Palette;
use figure::Figures;
use story::Story;

/// The name of the article's file.
pub const FILE: &str = "article.md";

/// An article and its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The text, Markdown, which refers to the figures by their paths.
    pub text: String,
    /// Path from the article, and SVG.
    pub figures: Vec<(String, String)>,
}

/// The article of a document.
#[must_use]
pub fn article(document: &Document<'_>) -> Article {
    let rows = field(document);
    let story = Story {
        document,
        palette: &Palette::of(document, &rows),
        field: &rows,
    };
    let mut figures = Figures::default();
    let parts = [
        opening::head(&story),
        opening::question(&story),
        opening::answer(&story, &mut figures),
        stacks::stacks(&story),
        criteria::criteria(&story, &mut figures),
        telling::claims(&story),
        choosing::choosing(&story),
        telling::method(&story),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Article {
        text: parts.concat().trim_end().to_owned() + "\n",
        figures: figures.into_files(),
    }
}
