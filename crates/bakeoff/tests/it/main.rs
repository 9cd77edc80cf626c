//! The program from outside, in one binary: its words, its documents, real contenders from brief to report, and the
//! rules of the house.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod decide_cases;
mod documents;
mod faulty;
mod full_disk;
mod generator;
mod init;
mod interrupted;
mod journey;
mod killed;
mod load_cases;
mod look;
mod misbehaving;
mod own_service;
mod program;
mod running;
mod runtimes;
mod sent_cases;
mod statements;
mod store_cases;
mod stored;
mod tidy;
mod truth;
mod words;
