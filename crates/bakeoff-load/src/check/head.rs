//! Checks of a response's head and of the length of its body. Bodies are checked in [`crate::check::body`].

use crate::failure::FailureKind;
use crate::request::expect::Expect;

/// Checks status, media type and headers. `header` finds the value of a header by its name.
pub(crate) fn check_head<'h>(
    expect: &Expect,
    status: u16,
    header: impl Fn(&str) -> Option<&'h [u8]>,
) -> Result<(), (FailureKind, String)> {
    check_status(expect, status).map_err(|reason| (FailureKind::Status, reason))?;
    if let Some(expected) = &expect.content_type {
        let got = header("content-type");
        if !got.is_some_and(|value| is_media_type(value, expected)) {
            return Err((
                FailureKind::Check,
                format!("expected `content-type: {expected}`, got {}", shown(got)),
            ));
        }
    }
    for (name, expected) in &expect.headers {
        let got = header(name);
        if got != Some(expected.as_bytes()) {
            return Err((
                FailureKind::Check,
                format!("expected `{name}: {expected}`, got {}", shown(got)),
            ));
        }
    }
    Ok(())
}

/// Checks a status.
pub(crate) fn check_status(expect: &Expect, status: u16) -> Result<(), String> {
    match is_expected(&expect.status, status) {
        true => Ok(()),
        false => Err(format!("expected {}, got {status}", statuses(&expect.status))),
    }
}

/// Checks the length of a body.
pub(crate) fn check_length(expect: &Expect, length: u64) -> Result<(), String> {
    match expect.length {
        Some(expected) if expected != length => {
            Err(format!("expected {expected} bytes of body, got {length}"))
        }
        _ => Ok(()),
    }
}

/// Whether a header's value names this media type; its parameters are ignored.
pub(crate) fn is_media_type(value: &[u8], expected: &str) -> bool {
    let media = value.split(|&b| b == b';').next().unwrap_or_default();
    media.trim_ascii().eq_ignore_ascii_case(expected.as_bytes())
}

fn is_expected(expected: &[u16], status: u16) -> bool {
    if expected.is_empty() {
        (200..300).contains(&status)
    } else {
        expected.contains(&status)
    }
}

fn statuses(expected: &[u16]) -> String {
    match expected {
        [] => "a status of the 200s".to_owned(),
        [one] => format!("status {one}"),
        many => format!(
            "status {}",
            many.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
        ),
    }
}

fn shown(value: Option<&[u8]>) -> String {
    value.map_or_else(
        || "none".to_owned(),
        |value| format!("`{}`", String::from_utf8_lossy(value)),
    )
}
