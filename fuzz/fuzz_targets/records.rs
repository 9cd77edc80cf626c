//! Folders of decision records with any names: the next number is free.

#![no_main]

#[path = "../../crates/bakeoff/src/records/numbering.rs"]
mod numbering;

use libfuzzer_sys::fuzz_target;
use numbering::Next;

fuzz_target!(|text: &str| {
    let names: Vec<String> = text.lines().map(str::to_owned).collect();
    let next = numbering::next(&names);
    let begins = next.beginning("2026-11-30");
    assert!(!begins.contains('/') && !begins.is_empty(), "{begins}");
    if let Next::Number { number, .. } = next {
        let mut more = names.clone();
        more.push(format!("{begins}-new.md"));
        // With the new record in the folder, the one after it has a greater number.
        if let Next::Number { number: after, .. } = numbering::next(&more) {
            // The last number that six digits hold has none after it.
            assert!(after > number || number == 999_999, "{names:?}: {begins}, then {after}");
        }
    }
});
