//! The results folder: `.bakeoff/` with the store, and one folder per run with its documents. The report crate makes
//! the documents.

use crate::domain::claims;
use crate::exit::Failure;
use crate::judging::Judged;
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::Run;
use bakeoff_core::judgement::Judgement;
use bakeoff_core::lookup::Lookup;
use bakeoff_core::serverless::simulate::Effort;
use bakeoff_core::serverless::table::{self, Serverless};
use bakeoff_core::words::{Words, words};
use bakeoff_report::{Document, FORMATS, RenderError};
use clap::Args;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The word of the format that is a folder: a text with its figures.
pub(crate) const ARTICLE: &str = "article";

/// The results folder.
#[derive(Debug, Clone, Args)]
pub(crate) struct ResultsFolder {
    /// Folder of the store and the reports
    #[arg(long = "results", value_name = "FOLDER", default_value = ".bakeoff")]
    pub(crate) path: PathBuf,
}

impl ResultsFolder {
    /// The folder of a run.
    #[must_use]
    pub(crate) fn of_run(&self, run: &str) -> PathBuf {
        self.path.join("runs").join(run)
    }

    /// Writes the documents of a run and points `latest` at it.
    ///
    /// # Errors
    /// A document that cannot be rendered or written.
    pub(crate) fn write(&self, run: &Run, judgement: &Judgement, brief: &Brief) -> Result<PathBuf, Failure> {
        let folder = self.of_run(&run.id);
        fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        let words = words(run, brief, judgement);
        let serverless = serverless(run, judgement, brief, Effort::REPORT);
        let claims = claims::answers(run, brief, judgement)?;
        let document = self
            .document(run, judgement, &words, brief)
            .with_serverless(serverless.as_ref())
            .with_claims(&claims);
        for format in FORMATS {
            let path = folder.join(format.file);
            let text = (format.render)(&document).map_err(|error| cannot_make(format.id, &error))?;
            replace(&path, &text).map_err(|error| unwritable(&path, &error))?;
        }
        self.point_latest(&run.id)
            .map_err(|error| unwritable(&self.path.join("runs/latest"), &error))?;
        Ok(folder)
    }

    /// Writes the article of a run with its figures, into `folder` or into `article` in the folder of the run, and
    /// returns where.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write_article(&self, judged: &Judged, folder: Option<&Path>) -> Result<PathBuf, Failure> {
        let Judged {
            run,
            brief,
            judgement,
        } = judged;
        let words = words(run, brief, judgement);
        let claims = claims::answers(run, brief, judgement)?;
        let document = self.document(run, judgement, &words, brief).with_claims(&claims);
        let article = bakeoff_report::article(&document);
        let folder = folder.map_or_else(|| self.of_run(&run.id).join(ARTICLE), Path::to_owned);
        let figures = folder.join(bakeoff_report::FIGURES);
        fs::create_dir_all(&figures).map_err(|error| unwritable(&figures, &error))?;
        let text = (bakeoff_report::ARTICLE_FILE.to_owned(), article.text);
        for (name, content) in article.figures.into_iter().chain([text]) {
            let path = folder.join(name);
            replace(&path, &content).map_err(|error| unwritable(&path, &error))?;
        }
        Ok(folder)
    }

    /// A document of a run in a format of the report crate.
    ///
    /// # Errors
    /// An unknown format, or a document that cannot be rendered.
    pub(crate) fn render(
        &self,
        format: &str,
        run: &Run,
        judgement: &Judgement,
        brief: &Brief,
    ) -> Result<String, Failure> {
        let known = bakeoff_report::format(format).ok_or_else(|| {
            let ids = FORMATS.iter().map(|known| known.id);
            let ids: Vec<&str> = ids.chain([ARTICLE]).collect();
            Failure::usage(
                format!("unknown format `{format}`"),
                format!("one of {}", ids.join(", ")),
            )
        })?;
        let words = words(run, brief, judgement);
        let effort = if known.shows_knobs {
            Effort::REPORT
        } else {
            Effort::SUMMARY
        };
        let serverless = serverless(run, judgement, brief, effort);
        let claims = claims::answers(run, brief, judgement)?;
        let document = self
            .document(run, judgement, &words, brief)
            .with_serverless(serverless.as_ref())
            .with_claims(&claims);
        (known.render)(&document).map_err(|error| cannot_make(format, &error))
    }

    /// A judged run as reports see it.
    pub(crate) fn document<'d>(
        &'d self,
        run: &'d Run,
        judgement: &'d Judgement,
        words: &'d Words,
        brief: &'d Brief,
    ) -> Document<'d> {
        Document::new(run, judgement, words, brief, &self.path)
    }

    /// `runs/latest` is a link to the newest run, swapped in one step.
    fn point_latest(&self, run: &str) -> io::Result<()> {
        let latest = self.path.join("runs").join("latest");
        let fresh = self
            .path
            .join("runs")
            .join(format!(".latest-{}", std::process::id()));
        let _ = fs::remove_file(&fresh);
        std::os::unix::fs::symlink(run, &fresh)?;
        fs::rename(&fresh, &latest)
    }
}

/// App Engine and Cloud Run, simulated from a judged run; none where the brief's target is another.
pub(crate) fn serverless(
    run: &Run,
    judgement: &Judgement,
    brief: &Brief,
    effort: Effort,
) -> Option<Serverless> {
    let facts = Lookup {
        run,
        judgement,
        brief,
    };
    table::of_run(&facts, effort)
}

/// Writes a file beside and renames it, so that no reader sees half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let fresh = path.with_extension("partial");
    fs::write(&fresh, text)?;
    fs::rename(&fresh, path)
}

/// A document that cannot be made.
pub(crate) fn cannot_make(format: &str, error: &RenderError) -> Failure {
    Failure::lab(
        format!("cannot make the {format} report: {error}"),
        "the evidence is kept; report this with the run's id",
    )
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::lab(
        format!("cannot write `{}`: {error}", path.display()),
        "the evidence is kept; `bakeoff report` writes it again",
    )
}
