//! What the types of `[browser]` cannot express: it has a module or a reason, and its paths stay inside the folder. It
//! opens no file.

use super::check::{Check, Checked};
use super::{Browser, Contender};
use crate::toml_document::Step::{At, Key};

/// Checks the table, where the manifest has one.
pub(super) fn browser(check: &Check<'_>, contender: &Contender) -> Checked {
    let Some(Browser {
        module,
        files,
        packages,
        cannot,
    }) = &contender.browser
    else {
        return Ok(());
    };
    match (module, cannot) {
        (Some(module), None) => check.inside(module, &[Key("browser"), Key("module")])?,
        (None, Some(reason)) if reason.trim().is_empty() => {
            return check.wrong(&[Key("browser"), Key("cannot")], "`cannot` is empty", None);
        }
        (None, Some(_)) if files.is_empty() && packages.is_empty() => return Ok(()),
        (None, Some(_)) => {
            return check.wrong(
                &[Key("browser"), Key("cannot")],
                "what no page can run needs neither `files` nor `packages`",
                Some("remove them, or write `module` in place of `cannot`".to_owned()),
            );
        }
        (Some(_), Some(_)) => {
            return check.wrong(
                &[Key("browser"), Key("cannot")],
                "[browser] has either `module` or `cannot`",
                Some("remove one of them".to_owned()),
            );
        }
        (None, None) => {
            return check.wrong(
                &[Key("browser")],
                "[browser] needs `module` or `cannot`",
                Some(
                    "write `module = \"browser.js\"`, which exports `check(scenario, body)`, or `cannot = \"the reason\"`"
                        .to_owned(),
                ),
            );
        }
    }
    let mut paths = files.iter().enumerate();
    paths.try_for_each(|(at, path)| check.inside(path, &[Key("browser"), Key("files"), At(at)]))
}
