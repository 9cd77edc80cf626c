//! Applies a patch of several files, as `git diff --relative` prints it, to the files of a contender. All or nothing:
//! a hunk that has moved is found, one whose lines differ is an error.

use crate::prepare::{ContenderSource, SourceFile};
use diffy::Patch;
use diffy::patch_set::{FileOperation, FilePatch, ParseOptions, PatchKind, PatchSet};
use std::collections::BTreeMap;

/// How the right paths come about.
const RELATIVE: &str = "`git diff --relative`, run in the contender's folder, prints the right paths";

/// The files after the patch `text`, which a reader finds at `file`. An empty patch changes nothing.
///
/// # Errors
/// Why it does not apply: its file, the line of the hunk, and the reason.
pub(super) fn apply(text: &str, file: &str, source: &ContenderSource) -> Result<ContenderSource, String> {
    if text.trim().is_empty() {
        return Ok(source.clone());
    }
    let all = source.files().iter();
    let mut files: BTreeMap<String, Vec<u8>> =
        all.map(|file| (file.path.clone(), file.bytes.clone())).collect();
    let mut hunks = 0;
    for part in PatchSet::parse(text, ParseOptions::gitdiff()) {
        let part = part.map_err(|error| format!("`{file}` is no patch as `git diff` prints it: {error}"))?;
        hunks += apply_part(&part, text, file, &mut files)?;
    }
    // The crate passes over lines behind a hunk whose head counts too few.
    let heads = text.lines().filter(|line| line.starts_with("@@ ")).count();
    if hunks != heads {
        return Err(format!(
            "`{file}` has {heads} hunks, of which {hunks} can be read: the head of one counts its lines wrongly"
        ));
    }
    let files = files.into_iter();
    Ok(ContenderSource::new(
        files.map(|(path, bytes)| SourceFile { path, bytes }),
    ))
}

/// Applies the part about one file; returns the number of its hunks.
fn apply_part(
    part: &FilePatch<'_, str>,
    text: &str,
    file: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<usize, String> {
    let (from, to) = paths(part.operation());
    let shown = from.as_deref().or(to.as_deref()).unwrap_or_default();
    if part.operation().is_copy() {
        return Err(format!(
            "`{file}` copies `{shown}`: `git diff --no-renames` prints the copy as a new file"
        ));
    }
    let PatchKind::Text(patch) = part.patch() else {
        return Err(format!(
            "`{file}` changes `{shown}`, which is no text: a patch changes texts only"
        ));
    };
    let before = match &from {
        Some(path) => files.remove(path).ok_or_else(|| {
            format!("`{file}` changes `{path}`, which the contender does not have: {RELATIVE}")
        })?,
        None => Vec::new(),
    };
    let before = String::from_utf8(before).map_err(|_| format!("`{file}`: `{shown}` is no UTF-8 text"))?;
    let after = diffy::apply(&before, patch)
        .map_err(|error| refused(&error.to_string(), patch, text, file, shown))?;
    if let Some(path) = to {
        if files.contains_key(&path) {
            return Err(format!("`{file}` adds `{path}`, which the contender has already"));
        }
        files.insert(path, after.into_bytes());
    }
    Ok(patch.hunks().len())
}

/// The paths before and after, without the `a/` and `b/` of a diff; none where there is no file.
fn paths(operation: &FileOperation<'_, str>) -> (Option<String>, Option<String>) {
    let below = |path: &str| path.split_once('/').map_or(path, |(_, rest)| rest).to_owned();
    match operation {
        FileOperation::Create(path) => (None, Some(below(path))),
        FileOperation::Delete(path) => (Some(below(path)), None),
        FileOperation::Modify { original, modified } => (Some(below(original)), Some(below(modified))),
        // In a rename's own lines the paths have no such beginning.
        FileOperation::Rename { from, to } => (Some(from.to_string()), Some(to.to_string())),
        FileOperation::Copy { from, to } => (Some(from.to_string()), Some(to.to_string())),
    }
}

/// The hunk that does not apply, with its line in the patch.
fn refused(error: &str, patch: &Patch<'_, str>, text: &str, file: &str, path: &str) -> String {
    // The error's only content is the hunk's number, at its end.
    let number = error.rsplit('#').next().and_then(|number| number.parse().ok());
    let number: usize = number.unwrap_or(1);
    let line = line_of_hunk(text, path, number).map_or_else(String::new, |line| format!(":{line}"));
    let hunks = patch.hunks().len();
    format!(
        "`{file}{line}`: hunk {number} of {hunks} of `{path}` does not apply: the contender's file has no such lines"
    )
}

/// The line of a file's hunk in a patch, counted from 1.
fn line_of_hunk(text: &str, path: &str, number: usize) -> Option<usize> {
    let ending = format!("/{path}");
    let is_head = |line: &str| line.starts_with("diff --git ") && line.ends_with(&ending);
    let head = text.lines().position(is_head)?;
    let lines = text.lines().enumerate().skip(head);
    let mut hunks = lines.filter(|(_, line)| line.starts_with("@@ "));
    hunks.nth(number.checked_sub(1)?).map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests;
