//! The parser of URLs on any text: it never panics, and what it accepts can stand in a request.

#![no_main]

use bakeoff_load::url::{Url, inline_variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = inline_variables(&[text]);
    let Ok(url) = Url::parse(text) else {
        return;
    };
    assert!(url.path.starts_with('/') && !url.path.contains('#'), "{url:?}");
    assert!(!url.origin.host.is_empty() && url.origin.port > 0, "{url:?}");
    assert!(
        !url.origin.host.contains(['\r', '\n', ' ', '/', '?', '@']),
        "{url:?}"
    );
    if let Some(authorization) = &url.authorization {
        assert!(authorization.is_ascii() && authorization.starts_with("Basic "));
    }
    // White space around a URL changes nothing.
    assert_eq!(Url::parse(&format!(" {text}\n")), Ok(url));
});
