//! What the types of `[[variant]]` cannot express. The rules of a contender hold for each variant; those of variants
//! alone are here.

use super::Contender;
use super::browser_check;
use super::check::{Check, Checked};
use super::language::Tool;
use super::variant::Variant;
use crate::toml_document::Document;
use crate::toml_document::Step::Key;

/// Checks every variant of a contender.
pub(super) fn all<'d>(document: &'d Document<'d>, contender: &Contender) -> Checked {
    let variants = contender.variants.iter().zip(contender.varied());
    for (place, (variant, varied)) in variants.enumerate() {
        let check = Check::of_variant(document, place);
        own(&check, contender, place, variant)?;
        check.build(&varied.prepare)?;
        check.version(&varied)?;
        check.start(&varied)?;
        check.source(&varied)?;
        browser_check::browser(&check, &varied)?;
    }
    Ok(())
}

/// What only a variant can have wrong.
fn own(check: &Check<'_>, contender: &Contender, place: usize, variant: &Variant) -> Checked {
    check.word("name", &variant.name)?;
    let name = &variant.name;
    if contender.variants[..place]
        .iter()
        .any(|earlier| earlier.name == *name)
    {
        return check.wrong(
            &[Key("name")],
            format!("the variant `{name}` is listed twice"),
            None,
        );
    }
    if let Some(title) = &variant.title {
        check.title(title)?;
    }
    if let Some(language) = &variant.language {
        check.word("language", language)?;
    }
    if variant.changes_nothing() {
        let hint = "it may have `runtime`, `start`, `prepare`, `source`, `folder`, `server`, `model`, `language`, \
                    `class`, `data`, `http`, `browser`";
        return check.wrong(
            &[],
            format!("the variant `{name}` changes nothing"),
            Some(hint.to_owned()),
        );
    }
    flags(check, contender, variant)?;
    packages(check, contender, variant)?;
    folder(check, variant)
}

/// Flags need the runtime in the argument list, to stand behind it.
fn flags(check: &Check<'_>, contender: &Contender, variant: &Variant) -> Checked {
    let start = &variant.start;
    let command = start.command.as_ref().unwrap_or(&contender.start.command);
    let runtime = contender.runtime.placeholder();
    if start.flags.is_empty() || command.contains(&runtime) {
        return Ok(());
    }
    check.wrong(
        &[Key("start"), Key("flags")],
        format!("the start command has no `{runtime}` for flags to stand behind"),
        Some("write the whole `start.command`, or set the flags by `start.env`".to_owned()),
    )
}

/// A lock file of the variant's own needs an installer that can be given one.
fn packages(check: &Check<'_>, contender: &Contender, variant: &Variant) -> Checked {
    let Some(lock) = variant.prepare.as_ref().and_then(|prepare| prepare.lock.as_ref()) else {
        return Ok(());
    };
    let way = [Key("prepare"), Key("lock")];
    match contender.prepare.tool {
        Some(Tool::Python | Tool::Maven) => check.inside(lock, &way),
        Some(Tool::Npm) => check.wrong(
            &way,
            "npm reads `package-lock.json` and no other lock file",
            Some("put the variant's `package.json` and `package-lock.json` into its `folder`".to_owned()),
        ),
        None => check.wrong(
            &way,
            "the contender's own commands install it, so no lock file is read",
            Some("put the variant's files into its `folder`".to_owned()),
        ),
    }
}

fn folder(check: &Check<'_>, variant: &Variant) -> Checked {
    let Some(folder) = &variant.folder else {
        return Ok(());
    };
    let way = [Key("folder")];
    check.inside(folder, &way)?;
    if folder.split('/').any(|part| part == "." || part.is_empty()) {
        return check.wrong(
            &way,
            format!("`folder` must be the plain path of a folder, not `{folder}`"),
            Some("write for example `folder = \"variants/typescript\"`".to_owned()),
        );
    }
    Ok(())
}
