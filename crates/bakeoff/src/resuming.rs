//! Which run `--resume` goes on with: the last unfinished one of a brief, or of any, with the brief that it was begun
//! for. It measures nothing, and it refuses to mix evidence of two briefs, or of two ways of measuring.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::store::Store;
use bakeoff_core::evidence::Run;
use std::path::Path;

/// An unfinished run and its brief.
pub(crate) struct Unfinished {
    /// The run as it is stored.
    pub(crate) run: Run,
    /// The brief that it was begun for.
    pub(crate) file: BriefFile,
}

/// The last unfinished run in this results folder: of the brief at `brief`, or of any brief where none is named.
///
/// # Errors
/// There is none, its brief has changed since, or a version began it that measured in another way.
pub(crate) fn unfinished(results: &Path, brief: Option<&Path>) -> Result<Unfinished, Failure> {
    let named = brief.map(|path| BriefFile::open(Some(path))).transpose()?;
    let name = named.as_ref().map(|file| file.brief.name.as_str());
    let store = Store::existing(results)?;
    let id = store.unfinished(name)?.ok_or_else(|| nothing_to_continue(name))?;
    let run = store.load(&id)?.run;
    if run.plan.rounds.is_empty() {
        return Err(Failure::usage(
            format!("the run `{id}` was begun by a version that measured in another way; begin a new run"),
            format!("`bakeoff run BRIEF` begins one; `bakeoff report {id}` shows what the old one measured"),
        ));
    }
    if !run.plan.services.is_empty() {
        return Err(Failure::usage(
            format!(
                "the run `{id}` was of services that ran already, and they may be others by now; begin a new run"
            ),
            format!("`bakeoff report {id}` shows what it measured, with the command that measures it again"),
        ));
    }
    let file = match named {
        Some(file) => file,
        None => brief_of(&run)?,
    };
    if run.brief_sha256 != file.sha256 {
        return Err(Failure::usage(
            format!("`{}` has changed since the run `{id}` began", file.shown),
            "evidence of two briefs must not mix: run without --resume, or restore the brief",
        ));
    }
    Ok(Unfinished { run, file })
}

/// The brief at the path that the run was begun with; its stored text where there is no such file any more. Contenders
/// and scenarios beside that path count in both cases.
fn brief_of(run: &Run) -> Result<BriefFile, Failure> {
    let path = Path::new(&run.brief_path);
    if path.is_file() {
        return BriefFile::open(Some(path));
    }
    let beside = path.parent().unwrap_or(Path::new("."));
    BriefFile::of(run.brief_path.clone(), run.brief_text.clone(), beside)
}

fn nothing_to_continue(brief: Option<&str>) -> Failure {
    let of_brief = brief.map_or_else(String::new, |name| format!(" of `{name}`"));
    Failure::usage(
        format!("no run{of_brief} to continue: each that was begun here has finished"),
        "run without --resume to begin one; `bakeoff list runs` shows all",
    )
}

#[cfg(test)]
mod tests;
