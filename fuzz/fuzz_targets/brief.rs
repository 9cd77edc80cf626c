//! The reader of briefs on any text: a brief, or errors that each have a place in the text.

#![no_main]

use bakeoff_core::brief::{Vocabulary, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let vocabulary = Vocabulary {
        scenarios: words(&["read-item", "list-items", "update-item"]),
        contenders: words(&[
            "node-http",
            "node-fastify",
            "node-fastify@jitless",
            "python-flask",
        ]),
        needs: words(&["postgres", "auth"]),
    };
    if let Err(errors) = parse(text, "brief.toml", &vocabulary) {
        assert!(!errors.is_empty());
        for error in errors {
            assert!(!error.message.is_empty() && !error.to_string().is_empty());
        }
    }
});
