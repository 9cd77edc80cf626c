//! A contender with its variants, each with the files that are its own. It reads no file.

use crate::exit::Failure;
use bakeoff_core::contender::{Contender, Variant};
use bakeoff_lab::{ContenderSource, Patches};

/// A contender or a variant, with its files.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The manifest; of a variant with the variant's keys laid over it.
    pub(crate) contender: Contender,
    /// Every file of the folder but the patches; of a variant with its own folder laid over it.
    pub(crate) source: ContenderSource,
    /// Its patches for the standard changes; of a variant with those of its own folder laid over them.
    pub(crate) patches: Patches,
}

/// A contender and its variants. What is laid over the files for a variant is not the contender's own. A variant
/// without a folder has the very same files, so one install serves both.
///
/// # Errors
/// A variant's folder without files.
pub(super) fn with_variants(
    shown: &str,
    contender: Contender,
    whole: &ContenderSource,
) -> Result<Vec<Entry>, Failure> {
    let folders: Vec<&str> = contender
        .variants
        .iter()
        .filter_map(|variant| variant.folder.as_deref())
        .collect();
    let own = whole.without(&folders);
    let mut entries = Vec::new();
    for (variant, varied) in contender.variants.iter().zip(contender.varied()) {
        entries.push(entry(shown, varied, &files_of(shown, variant, &own, whole)?));
    }
    entries.push(entry(shown, contender, &own));
    Ok(entries)
}

/// A contender with these files, of which its patches are no part.
fn entry(shown: &str, contender: Contender, files: &ContenderSource) -> Entry {
    Entry {
        contender,
        source: files.without(&[Patches::FOLDER]),
        patches: Patches::among(files, shown),
    }
}

fn files_of(
    shown: &str,
    variant: &Variant,
    own: &ContenderSource,
    whole: &ContenderSource,
) -> Result<ContenderSource, Failure> {
    let Some(folder) = &variant.folder else {
        return Ok(own.clone());
    };
    let over = whole.below(folder);
    if over.files().is_empty() {
        return Err(Failure::usage(
            format!(
                "`{shown}/contender.toml`: the variant `{}` has the folder `{folder}`, which has no files",
                variant.name
            ),
            "put the files of the variant there, or remove the line `folder`",
        ));
    }
    Ok(own.with(&over))
}
